"""How Hypothesis works here: without a time limit for one example, since machines of tests are busy."""

from __future__ import annotations

import os

from hypothesis import settings

from harness.cache import keep_bytecode

keep_bytecode()  # for the many processes that tests start

settings.register_profile("default", deadline=None, max_examples=50, database=None, derandomize=True)
settings.register_profile("nightly", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
