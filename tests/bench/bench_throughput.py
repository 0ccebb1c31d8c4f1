"""How many answers a second, against Prism serving the same one. Ratios within one sitting; these machines are noisy.

    uv run python tests/bench/bench_throughput.py [--seconds 5] [--rounds 2]

Both serve a week's getSlots of one calendar over loopback, by turns, each on the first core alone where the system can
say so; autocannon asks on keep-alive connections. Prism and autocannon are installed by npm into ``.cache/bench-node``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".cache" / "bench-node"
PACKAGES = ("@stoplight/prism-cli@5.14.2", "autocannon@8.0.0")
CONNECTIONS = 16
ONE_CORE = ["taskset", "-c", "0"] if shutil.which("taskset") else []


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    if not (TOOLS / "node_modules" / "autocannon").exists():
        TOOLS.mkdir(parents=True, exist_ok=True)
        npm = shutil.which("npm") or sys.exit("npm is missing: install Node.js")
        subprocess.run([npm, "install", "--silent", "--prefix", str(TOOLS), *PACKAGES], check=True)
    rates: dict[str, list[float]] = {"sandbox": [], "prism": []}
    with sandbox() as (url, token):
        headers = {"Authorization": f"Bearer {token}"}
        answer = httpx.get(url, headers=headers, trust_env=False).raise_for_status()
        print(f"an answer has {len(answer.json()['_items'])} slots and {len(answer.content)} bytes")
        with prism(url, answer) as same:
            for _ in range(options.rounds):
                rates["sandbox"].append(rate(url, token, options.seconds))
                rates["prism"].append(rate(same, token, options.seconds))
    medians = {name: statistics.median(each) for name, each in rates.items()}
    for name, median in medians.items():
        print(f"{name:<10} {median:8.0f} answers a second")
    print(f"ratio      {medians['sandbox'] / medians['prism']:8.1f}")


@contextmanager
def sandbox() -> Iterator[tuple[str, str]]:
    """The sandbox with a full week, as its command serves it: where to ask, with which token."""
    command = [sys.executable, "-c", "from harness.cli import main; main()", "sandbox", "--port", "0", "--json"]
    with subprocess.Popen([*ONE_CORE, *command], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            told = json.loads(process.stdout.readline() if process.stdout else "")
            form = {"grant_type": "client_credentials", "scope": "integration"}
            basic = (told["client_id"], told["client_secret"])
            token = httpx.post(told["token_url"], data=form, auth=basic, trust_env=False).json()["access_token"]
            control = httpx.Client(
                base_url=told["control_url"],
                headers={"Authorization": f"Bearer {told['control_token']}"},
                trust_env=False,
            )
            clinic = control.get("/estate").json()["clinics"][0]
            doctor = clinic["doctors"][0]
            calendar = doctor["calendars"][0]
            now = datetime.fromisoformat(control.get("/health").json()["now"]).replace(hour=0, minute=0, second=0)
            days = [now.replace(microsecond=0) + timedelta(days=1 + one) for one in range(7)]
            services = [{"address_service_id": calendar["services"][0]["id"], "duration": 30}]
            work = [
                {
                    "start": (day + timedelta(hours=8)).isoformat(),
                    "end": (day + timedelta(hours=16)).isoformat(),
                    "services": services,
                }
                for day in days
            ]
            filled = {"days": [str(day.date()) for day in days], "items": work}
            control.put(f"/calendars/{calendar['address_id']}/working-time", json=filled).raise_for_status()
            span = f"start={quote(days[0].isoformat())}&end={quote((days[-1] + timedelta(days=1)).isoformat())}"
            below = f"/facilities/{clinic['facility_id']}/doctors/{doctor['doctor_id']}"
            below += f"/addresses/{calendar['address_id']}/slots?{span}"
            yield f"{told['api_base_url']}{below}", token
        finally:
            process.terminate()


@contextmanager
def prism(url: str, answer: httpx.Response) -> Iterator[str]:
    """Prism with the same answer under the same path: where to ask."""
    parts = urlsplit(url)
    content: dict[str, Any] = {"application/vnd.docplanner+json; charset=UTF-8": {"example": answer.json()}}
    query = [{"name": name, "in": "query", "required": True, "schema": {"type": "string"}} for name in ("start", "end")]
    operation = {"parameters": query, "responses": {"200": {"description": "slots", "content": content}}}
    document = {
        "openapi": "3.0.3",
        "info": {"title": "slots", "version": "1"},
        "paths": {parts.path: {"get": operation}},
    }
    (TOOLS / "slots.json").write_text(json.dumps(document), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(TOOLS / "node_modules" / ".bin" / "prism"), "mock", "-p", str(port), "-v", "silent"]
    same = f"http://127.0.0.1:{port}{parts.path}?{parts.query}"
    with subprocess.Popen([*ONE_CORE, *command, str(TOOLS / "slots.json")], stdout=subprocess.DEVNULL) as process:
        try:
            until = time.monotonic() + 30
            while time.monotonic() < until:
                try:
                    served = httpx.get(same, headers={"Accept": "*/*"}, trust_env=False)
                except httpx.TransportError:
                    threading.Event().wait(0.1)  # it starts
                    continue
                if served.json() != answer.json():
                    sys.exit(f"Prism serves another answer: {served.text[:300]}")
                break
            yield same
        finally:
            process.terminate()


def rate(url: str, token: str, seconds: int) -> float:
    """Answers a second, on several connections; every one a 2xx."""
    command = [
        str(TOOLS / "node_modules" / ".bin" / "autocannon"),
        "--json",
        "-c",
        str(CONNECTIONS),
        "-d",
        str(seconds),
    ]
    command += ["-H", f"Authorization=Bearer {token}", url]
    other_core = ["taskset", "-c", "1"] if ONE_CORE and (os.cpu_count() or 1) > 1 else []
    done = subprocess.run([*other_core, *command], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    if told["non2xx"] or told["errors"]:
        sys.exit(f"{url}: {told['non2xx']} answers are no 2xx, {told['errors']} errors")
    return float(told["requests"]["average"])


if __name__ == "__main__":
    main()
