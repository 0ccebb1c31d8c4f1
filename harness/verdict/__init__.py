"""Criteria, outcomes, findings, checks and the judge. Pure: no I/O, no waiting, no clock."""
