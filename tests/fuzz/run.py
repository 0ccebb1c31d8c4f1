"""Schemathesis against the sandbox and the stub, from our contracts, in a process of its own.

``uv run --group fuzz python tests/fuzz/run.py`` plays the whole figure, with ``--short`` the one of CI. Schemathesis is
a dependency group of this command alone: its pytest plugin spoils other tests' counterexamples, and nobody else waits
for it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from sandbox.served import Place, Served, breaches, served  # noqa: E402 - once it can be found

from harness.recorder.line import Kind  # noqa: E402
from harness.stub.server import serve as serve_stub  # noqa: E402
from harness.stub.settings import StubSettings  # noqa: E402

CLINICS = 6
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
SHORTEST_REQUESTS = 200
LEAST_SHARE = 0.6
"""Of the requests, how many must reach something that exists: any answer but 404."""
SUITES = ("api", "control", "partner")


@dataclass(frozen=True)
class Suite:
    """One contract, whoever serves it, and what the hooks are told."""

    contract: str
    url: str
    token: str | None
    told: dict[str, object]
    docplanner: Served


def furnished(docplanner: Served) -> None:
    """Clinics with work, visits and breaks on some days."""
    for _ in range(CLINICS):
        clinic = docplanner.place().clinic
        for doctor in clinic["doctors"]:
            calendar = doctor["calendars"][0]
            services = tuple(one["id"] for one in calendar["services"])
            place = Place(clinic["facility_id"], doctor["doctor_id"], calendar["address_id"], services, "fuzz", clinic)
            for ahead in (1, 2, 3, 4):
                docplanner.fill(place, ahead, "08:00", "18:00")
                docplanner.book(place, docplanner.at(ahead, "08:00"))
            docplanner.book(place, docplanner.at(-1, "09:00"), by="doctor")
            blocked = {"since": docplanner.at(2, "12:00"), "till": docplanner.at(2, "13:00")}
            docplanner.done("POST", f"{place.calendar}/breaks", blocked)


@contextmanager
def served_suite(name: str, seed: int) -> Iterator[Suite]:
    """A sandbox with realistic data, and the stub where its contract is asked for."""
    with served() as docplanner:
        furnished(docplanner)
        sandbox = docplanner.sandbox
        told: dict[str, object] = {
            "control_url": sandbox.control_url,
            "control_token": sandbox.control_token,
            "client_id": sandbox.client_id,
            "granted_to": [sandbox.client_id],
            "zone": str(sandbox.state.zone),
            "today": str(docplanner.day(0)),
            "callback_url": f"{sandbox.base_url}/nobody",
            "seed": seed,
        }
        if name == "api":
            yield Suite("openapi.yaml", sandbox.api_base_url, docplanner.authorise(), told, docplanner)
        elif name == "control":
            docplanner.done("PUT", f"/clients/{sandbox.client_id}", {"callback_url": told["callback_url"]})
            yield Suite("sandbox-control.yaml", sandbox.control_url, sandbox.control_token, told, docplanner)
        else:
            with serve_stub(StubSettings()) as stub:
                connection: dict[str, object] = {
                    "api_base_url": sandbox.api_base_url,
                    "token_url": sandbox.token_url,
                    "client_id": sandbox.client_id,
                    "client_secret": sandbox.client_secret,
                    "delivery": "pull",
                }
                docplanner.http.put(f"{stub.control_url}/connection", json=connection).raise_for_status()
                docplanner.http.post(f"{stub.control_url}/mapping/import").raise_for_status()
                docplanner.http.post(f"{stub.control_url}/sync", json={}).raise_for_status()
                yield Suite("partner-control.yaml", stub.control_url, None, {**told, **connection}, docplanner)


def played(name: str, examples: int, seed: int, scratch: Path) -> bool:
    """One contract against whoever serves it; prints what came of it, and tells whether all is well."""
    tally, contract = scratch / f"{name}.jsonl", scratch / f"{name}.yaml"
    with served_suite(name, seed) as suite:
        whole = yaml.safe_load((ROOT / "harness" / "contract" / suite.contract).read_text(encoding="utf-8"))
        whole["servers"] = [{"url": suite.url}]
        contract.write_text(yaml.safe_dump(whole), encoding="utf-8")
        command = [sys.executable, "-m", "schemathesis.cli", "run", str(contract), "--url", suite.url]
        command += ["--phases", "fuzzing,stateful", "--checks", ",".join(CHECKS), "--max-examples", str(examples)]
        command += ["--seed", str(seed), "--generation-database", "none", "--workers", "1", "--no-color"]
        command += ["--request-timeout", "20", "--warnings", "off", "--continue-on-failure"]
        command += ["-H", f"Authorization: Bearer {suite.token}"] if suite.token else []
        paths = os.pathsep.join((str(ROOT / "tests"), str(ROOT)))
        environment = {**os.environ, "PYTHONPATH": paths, "SCHEMATHESIS_HOOKS": "fuzz.hooks"}
        environment |= {
            "FUZZ_TARGET": json.dumps(suite.told),
            "FUZZ_TALLY": str(tally),
            "HYPOTHESIS_STORAGE_DIRECTORY": str(scratch),
        }
        done = subprocess.run(command, cwd=scratch, env=environment, capture_output=True, text=True, check=False)
        odd = [
            one
            for line in suite.docplanner.lines(Kind.EXCHANGE)
            for one in breaches(line)
            if one.startswith(("resp", "status"))
        ]
    sent = [json.loads(line) for line in tally.read_text(encoding="utf-8").splitlines()]
    statuses = Counter(one["status"] for one in sent)
    share = 1 - statuses[404] / max(1, len(sent))
    succeeded = {one["operation"] for one in sent if one["status"] < 400}
    listed = {one["operationId"] for path in whole["paths"].values() for one in path.values() if "operationId" in one}
    print(f"{name}: {len(sent)} requests, {dict(Counter(one['phase'] for one in sent))}, {share:.0%} beyond 404")
    print(f"  statuses {dict(sorted(statuses.items()))}; {len(odd)} breaches by our own checks")
    print(f"  {len(succeeded)} of {len(listed)} operations succeeded; not so {', '.join(sorted(listed - succeeded))}")
    well = done.returncode == 0 and not odd and share >= LEAST_SHARE
    if not well:
        print(done.stdout[-12_000:], done.stderr[-3000:], *odd[:10], sep="\n")
    return well and len(sent) >= SHORTEST_REQUESTS


def main() -> int:
    """0 where every answer was by its contract."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"some of {', '.join(SUITES)}; all by default")
    parser.add_argument("--short", action="store_true", help="a tenth of the whole figure, as in CI")
    parser.add_argument("--examples", type=int, help="requests for each operation")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    examples = asked.examples or (10 if asked.short else 150)
    with tempfile.TemporaryDirectory() as scratch:
        well = [played(name, examples, asked.seed, Path(scratch)) for name in asked.suites or SUITES]
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(main())
