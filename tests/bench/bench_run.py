"""What a run costs, and where the time goes. Ratios within one sitting; these machines are noisy.

    uv run python tests/bench/bench_run.py [--repeat 3]

Runs the whole suite in the ``self`` assembly one scenario at a time and four at a time, with and without the Allure
page, and prints medians, ratios, and what the parts of the last run took by its own journal.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harness.recorder.journal import read_journal
from harness.recorder.line import Kind

ROOT = Path(__file__).parents[2]
CASES = {
    "one at a time": ["--jobs", "1", "--no-html"],
    "four at a time": ["--jobs", "4", "--no-html"],
    "four at a time, with the Allure page": ["--jobs", "4"],
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=3)
    repeat = parser.parse_args().repeat
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        seconds: dict[str, list[float]] = {case: [] for case in CASES}
        for _ in range(repeat):
            for case, options in CASES.items():
                seconds[case].append(run(out, options))
        first = statistics.median(seconds["one at a time"])
        for case, taken in seconds.items():
            median = statistics.median(taken)
            print(f"{case:<40} {median:6.1f} s   x {median / first:.2f}   ({min(taken):.1f} to {max(taken):.1f})")
        print_parts(out / "journal.jsonl")


def run(out: Path, options: list[str]) -> float:
    """Seconds that one run takes."""
    command = [sys.executable, "-c", "from harness.cli import main; main()", "run", "--output", str(out), *options]
    started = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"the run ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return time.perf_counter() - started


def print_parts(journal: Path) -> None:
    """Where the time of the last run went, from its journal."""
    lines = list(read_journal(journal))
    scenarios = [one for one in lines if one.kind is Kind.SCENARIO]
    started = next(one.at for one in lines if one.kind is Kind.RUN)
    waits = [one.body for one in lines if one.kind is Kind.WAIT]
    played = [float(str(one.body["seconds"])) for one in scenarios if "seconds" in one.body]
    print()
    rows = {
        "from the run's first line to its first scenario": f"{(scenarios[0].at - started).total_seconds():.1f} s",
        "from the first scenario to the last": f"{(scenarios[-1].at - scenarios[0].at).total_seconds():.1f} s",
        f"sum over {len(played)} scenarios": f"{sum(played):.1f} s",
        "looks": str(sum(int(str(one["looks"])) for one in waits)),
        "journal": f"{len(lines)} lines, {journal.stat().st_size / 1e6:.1f} MB",
    }
    for name, value in rows.items():
        print(f"{name:<50} {value}")


if __name__ == "__main__":
    main()
