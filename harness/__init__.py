"""The acceptance harness; ARCHITECTURE.md is its map."""

from __future__ import annotations

import sys

# httpx loads its own command line where its parts are installed, as they are here: a tenth of a second in each process
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
