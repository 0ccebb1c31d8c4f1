"""Docplanner's side as people use it: patients on the marketplace, doctors in their Docplanner calendar."""
