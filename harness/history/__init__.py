"""Runs over nights: what each night showed, what was accepted as the baseline, and what changed since."""
