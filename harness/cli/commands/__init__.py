"""What each command takes and says of itself, one file a subject; the work of each stands in a module of its own."""
