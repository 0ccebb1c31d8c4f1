"""``acceptance report build``: the pages of an earlier run again."""

from __future__ import annotations

import json
from pathlib import Path

from tests.runs import acceptance, run


def test_the_files_are_named_as_json(tmp_path: Path) -> None:
    """And are there; without a browser and without Node.js."""
    made = run(tmp_path / "run", "--criterion", "DP-ACC-01")
    (made.directory / "verdict.html").unlink()
    done = acceptance("report", "build", str(made.directory), "--no-html", "--json")
    told = json.loads(done.stdout)

    assert done.returncode == 0, done.stderr
    assert told["without"] is None
    assert set(told["files"]) == {"verdict_page", "junit"}
    assert all(Path(one).is_file() for one in told["files"].values())


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    """With the remedy."""
    done = acceptance("report", "build", str(tmp_path))

    assert done.returncode == 64
    assert "acceptance run" in done.stderr
