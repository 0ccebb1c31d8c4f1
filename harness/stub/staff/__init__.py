"""What staff do in the clinic: stored at once, and owed to Docplanner from that moment."""
