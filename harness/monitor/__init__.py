"""Pings PUSH endpoints as Docplanner does, keeps their history, and tells people before and when they fail."""
