"""What can be known before a run, each line with its remedy. It only reads, and judges no partner system."""
