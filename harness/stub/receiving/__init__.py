"""What Docplanner tells comes into the clinic: once, whatever the order in which it is told."""
