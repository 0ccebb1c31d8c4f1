"""What the recording gateway adds to a call. Ratios within one sitting; these machines are noisy.

    uv run python tests/bench/bench_gateway.py [--calls 2000]

Asks the embedded sandbox for a facility list and for bookings by turns, straight and through a gateway in a process of
its own, over kept connections, and prints the medians and what the gateway adds, with and without callers beside it.
"""

from __future__ import annotations

import argparse
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from harness.clock import MovableClock, SystemClock
from harness.gateway.process import Told, started
from harness.gateway.settings import GatewaySettings
from harness.recorder.journal import JournalFile
from harness.recorder.redaction import Redactor
from harness.sandbox.http.server import RunningSandbox, serve
from harness.sandbox.settings import SandboxSettings

BESIDE = 3
"""Callers that keep the gateway busy in the second half."""


@contextmanager
def parts() -> Iterator[tuple[RunningSandbox, str]]:
    """A sandbox, and the address of its API through a gateway."""
    with TemporaryDirectory() as folder:
        clock, path = MovableClock(), Path(folder) / "journal.jsonl"
        redactor = Redactor((), patient_key=b"k" * 32, own_phone_block="500")
        journal = JournalFile(path, run="bench", process="sandbox", redactor=redactor, clock=SystemClock())
        with journal, serve(SandboxSettings(clinics=20), journal=journal, clock=clock, redactor=redactor) as sandbox:
            settings = GatewaySettings(docplanner=sandbox.base_url)
            told = Told(settings, path, "bench", (), "00" * 32, "500", beside_sandbox=True)
            with started(told) as gateway:
                yield sandbox, gateway.api_base_url


def token(sandbox: RunningSandbox) -> str:
    """An access token."""
    form = {"grant_type": "client_credentials", "scope": "integration"}
    answer = httpx.post(sandbox.token_url, data=form, auth=(sandbox.client_id, sandbox.client_secret), trust_env=False)
    return str(answer.raise_for_status().json()["access_token"])


def by_turns(ways: dict[str, Callable[[], object]], calls: int) -> dict[str, float]:
    """The median of each way in milliseconds, asked by turns."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(calls):
        for name, call in ways.items():
            began = time.perf_counter()
            call()
            taken[name].append((time.perf_counter() - began) * 1000)
    return {name: statistics.median(times) for name, times in taken.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=2000)
    calls = parser.parse_args().calls
    with parts() as (sandbox, through), httpx.Client(trust_env=False) as http:
        http.headers["Authorization"] = f"Bearer {token(sandbox)}"
        ways: dict[str, Callable[[], object]] = {
            "straight": lambda: http.get(f"{sandbox.api_base_url}/facilities").raise_for_status(),
            "through the gateway": lambda: http.get(f"{through}/facilities").raise_for_status(),
        }
        by_turns(ways, 50)
        tell("one caller", by_turns(ways, calls))
        stop = threading.Event()
        beside = [threading.Thread(target=keep_busy, args=(through, http.headers, stop)) for _ in range(BESIDE)]
        for thread in beside:
            thread.start()
        tell(f"with {BESIDE} more callers at the gateway", by_turns(ways, calls // 4))
        stop.set()
        for thread in beside:
            thread.join()


def keep_busy(through: str, headers: httpx.Headers, stop: threading.Event) -> None:
    """A call every 5 ms."""
    with httpx.Client(headers=headers, trust_env=False) as http:
        while not stop.wait(0.005):
            http.get(f"{through}/facilities").raise_for_status()


def tell(what: str, medians: dict[str, float]) -> None:
    """Print one comparison."""
    straight, through = medians["straight"], medians["through the gateway"]
    print(f"{what}: straight {straight:.2f} ms, through {through:.2f} ms: adds {through - straight:.2f} ms", end="")
    print(f", x {through / straight:.2f}")


if __name__ == "__main__":
    main()
