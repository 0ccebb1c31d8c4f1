"""A minimal bridge between a clinic's program and an acceptance run: to read, copy and fill in."""
