"""How many answers a second, against Prism serving the same one. Ratios within one sitting; these machines are noisy.

    uv run python tests/bench/bench_throughput.py [--seconds 5] [--rounds 2] [--bare]

Both serve a week's getSlots of one calendar over loopback, by turns, each on the first core alone where the system can
say so; autocannon asks on keep-alive connections, from the other core. Prism reads the whole contract of the API, as
the sandbox does, so both find the operation among all of them and compare the call with its schemas. Processor time is
the server's own, and cares less than answers a second who else is at work on the machine. "anew" is that cost where no
two calls ask for the same range, so that nothing told before can be told again. With ``--bare`` Prism knows this one
operation alone and nothing of its schemas: it repeats a text. Prism and autocannon are installed by npm into
``.cache/bench-node``.
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

from harness.contract.documents import API, document
from harness.contract.operations import OPERATIONS

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
    parser.add_argument("--bare", action="store_true")
    options = parser.parse_args()
    if not (TOOLS / "node_modules" / "autocannon").exists():
        TOOLS.mkdir(parents=True, exist_ok=True)
        npm = shutil.which("npm") or sys.exit("npm is missing: install Node.js")
        subprocess.run([npm, "install", "--silent", "--prefix", str(TOOLS), *PACKAGES], check=True)
    rates: dict[str, list[float]] = {"sandbox": [], "prism": []}
    costs: dict[str, list[float]] = {"sandbox": [], "prism": []}
    with sandbox() as (url, token, process):
        headers = {"Authorization": f"Bearer {token}"}
        answer = httpx.get(url, headers=headers, trust_env=False).raise_for_status()
        print(f"an answer has {len(answer.json()['_items'])} slots and {len(answer.content)} bytes")
        with prism(url, answer, token, bare=options.bare) as (same, other):
            servers = {"sandbox": (url, process), "prism": (same, other)}
            for asked, server in servers.values():
                rate(asked, token, 1, server)  # warm
            for _ in range(options.rounds):
                for name, (asked, server) in servers.items():
                    told, cost = rate(asked, token, options.seconds, server)
                    rates[name].append(told)
                    costs[name].append(cost)
            new = {name: anew(asked, token, server) for name, (asked, server) in servers.items()}
    told, cost = ({name: statistics.median(each) for name, each in of.items()} for of in (rates, costs))
    for name in rates:
        print(f"{name:<10} {told[name]:7.0f} answers a second; {cost[name]:7.1f} µs each, {new[name]:7.1f} µs anew")
    told_again, told_anew = (of["prism"] / of["sandbox"] for of in (cost, new))
    print(
        f"ratio      {told['sandbox'] / told['prism']:7.2f}; by processor time {told_again:.2f}, anew {told_anew:.2f}"
    )


@contextmanager
def sandbox() -> Iterator[tuple[str, str, int]]:
    """The sandbox with a full week, as its command serves it: where to ask, with which token, and its process."""
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
            yield f"{told['api_base_url']}{below}", token, process.pid
        finally:
            process.terminate()


@contextmanager
def prism(url: str, answer: httpx.Response, token: str, *, bare: bool) -> Iterator[tuple[str, int]]:
    """Prism, which reads the API's contract with the same answer as an example: where to ask, and its process."""
    parts = urlsplit(url)
    whole: dict[str, Any] = json.loads(json.dumps(document(API)))
    template = OPERATIONS["getSlots"].template
    (media,) = whole["paths"][template]["get"]["responses"]["200"]["content"].values()
    media.pop("examples", None)
    media["example"] = answer.json()
    whole["servers"] = [{"url": "/"}]
    if bare:
        content = {"application/vnd.docplanner+json; charset=UTF-8": {"example": answer.json()}}
        only = {"get": {"responses": {"200": {"description": "slots", "content": content}}}}
        below = parts.path.removeprefix("/api/v3/integration")
        whole = {"openapi": "3.0.3", "info": {"title": "slots", "version": "1"}, "paths": {below: only}}
    (TOOLS / "contract.json").write_text(json.dumps(whole), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(TOOLS / "node_modules" / ".bin" / "prism"), "mock", "-p", str(port), "-v", "silent"]
    below = parts.path.removeprefix("/api/v3/integration")
    same = f"http://127.0.0.1:{port}{below}?{parts.query}"
    headers = {"Authorization": f"Bearer {token}"}
    with subprocess.Popen([*ONE_CORE, *command, str(TOOLS / "contract.json")], stdout=subprocess.DEVNULL) as process:
        try:
            until = time.monotonic() + 60
            while time.monotonic() < until:
                try:
                    served = httpx.get(same, headers=headers, trust_env=False)
                except httpx.TransportError:
                    threading.Event().wait(0.1)  # it starts
                    continue
                if served.json() != answer.json():
                    sys.exit(f"Prism serves another answer: {served.text[:300]}")
                break
            yield same, process.pid
        finally:
            process.terminate()


def rate(url: str, token: str, seconds: int, server: int) -> tuple[float, float]:
    """Answers a second on several connections, every one a 2xx; and the server's microseconds for each."""
    command = [str(TOOLS / "node_modules" / ".bin" / "autocannon"), "--json", "-c", str(CONNECTIONS)]
    command += ["-d", str(seconds), "-H", f"Authorization=Bearer {token}", url]
    other_core = ["taskset", "-c", "1"] if ONE_CORE and (os.cpu_count() or 1) > 1 else []
    before = processor_s(server)
    done = subprocess.run([*other_core, *command], capture_output=True, text=True, check=True)
    spent = processor_s(server) - before
    told = json.loads(done.stdout)
    if told["non2xx"] or told["errors"]:
        sys.exit(f"{url}: {told['non2xx']} answers are no 2xx, {told['errors']} errors")
    return float(told["requests"]["average"]), spent / told["requests"]["total"] * 1e6


def anew(url: str, token: str, server: int, calls: int = 600) -> float:
    """The server's microseconds for an answer to a question that was never asked before."""
    parts = httpx.URL(url)
    since = datetime.fromisoformat(parts.params["start"])
    starts = [(since - timedelta(seconds=one + 1)).isoformat() for one in range(calls)]
    with httpx.Client(headers={"Authorization": f"Bearer {token}"}, trust_env=False) as client:
        client.get(url).raise_for_status()
        before = processor_s(server)
        for start in starts:
            client.get(parts.copy_set_param("start", start)).raise_for_status()
        return (processor_s(server) - before) / calls * 1e6


def processor_s(process: int) -> float:
    """Seconds of processor time, all threads of the process, user and system; needs Linux."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
