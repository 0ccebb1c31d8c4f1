"""A Docplanner that is not embedded: read through its API, written to by the partner system and by people alone."""
