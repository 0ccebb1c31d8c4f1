"""``acceptance prove`` with real runs, its page and its JSON."""

from __future__ import annotations

import json
from pathlib import Path

from runs import acceptance

EXIT_USAGE = 64


def test_a_defect_is_tried_against_its_criterion(tmp_path: Path) -> None:
    """The honest run beside it; the page names both, the JSON says what was red."""
    done = acceptance("prove", "--defect", "any-key-accepted", "--output", str(tmp_path / "out"), "--json", "--verbose")

    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert record == json.loads((tmp_path / "out" / "matrix.json").read_text())
    assert record["proven"] is True
    assert record["accused"] == []
    assert record["counts"]["caught"] == 1
    assert record["defects"][0]["cells"]["DP-NOT-01"] == "meant and red"
    assert "any-key-accepted" in done.stderr
    page = (tmp_path / "out" / "matrix.html").read_text()
    assert "<h1>Proven</h1>" in page
    assert 'href="trials/any-key-accepted/verdict.html"' in page
    assert (tmp_path / "out" / "trials" / "any-key-accepted" / "verdict.html").is_file()


def test_names_that_do_not_exist_are_told_together() -> None:
    """With the nearest ones."""
    done = acceptance("prove", "--defect", "any-key-acepted", "--criterion", "DP-NOT-1")

    assert done.returncode == EXIT_USAGE
    assert "any-key-accepted" in done.stderr
    assert "DP-NOT-01" in done.stderr


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    """Nothing is overwritten, nothing is played."""
    (tmp_path / "diary.txt").write_text("mine")

    done = acceptance("prove", "--defect", "any-key-accepted", "--output", str(tmp_path))

    assert done.returncode == EXIT_USAGE
    assert "diary.txt" in done.stderr
    assert (tmp_path / "diary.txt").read_text() == "mine"
