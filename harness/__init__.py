"""The acceptance harness; ARCHITECTURE.md is its map."""
