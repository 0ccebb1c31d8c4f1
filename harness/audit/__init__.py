"""A real clinic on both sides, compared by reading alone: whether an initial synchronisation succeeded."""
