"""``python -m harness.cli``: the command line without its script, as child processes call it."""

from __future__ import annotations

from harness.cli import main

if __name__ == "__main__":
    main()
