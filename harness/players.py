"""pytest's way into a run: loads all that plays scenarios, where this process plays any.

Who only hands scenarios out to workers (pytest-xdist) loads none of it, and so has its workers started the sooner.
"""

from __future__ import annotations

import os

__all__ = ["HANDS_OUT", "STEP_MODULES"]

HANDS_OUT = "ACCEPTANCE_HANDS_OUT"
"""Environment variable of a process whose workers play."""
WORKER = "PYTEST_XDIST_WORKER"
"""Environment variable of a worker, by pytest-xdist's documentation."""
STEP_MODULES = (
    "breaks",
    "clinics",
    "confirming",
    "endpoint",
    "histories",
    "hours",
    "news",
    "presence",
    "troubles",
    "visits",
    "whole_run",
    "working_time",
)
PLAYING = (
    "pytest_bdd.plugin",
    "reports.allure_bridge",
    "harness.pytest_plugin",
    *(f"steps.{name}" for name in STEP_MODULES),
)

pytest_plugins = () if HANDS_OUT in os.environ and WORKER not in os.environ else PLAYING
