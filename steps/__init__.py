"""Thin step definitions, one file a noun. A step parses words and makes one call on the stage."""
