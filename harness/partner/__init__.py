"""The partner system under test, as a run drives it: a port, and the adapter for the partner control contract."""
