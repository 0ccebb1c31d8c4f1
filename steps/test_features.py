"""Binds every feature file to pytest: the one module that a run collects."""

from __future__ import annotations

from pytest_bdd import scenarios

from harness.scenarios import FEATURES

scenarios(str(FEATURES))
