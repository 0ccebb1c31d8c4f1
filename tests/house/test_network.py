"""Nothing of the harness reaches a real Docplanner but through the guard."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONNECTING = {"HTTPTransport", "AsyncHTTPTransport", "Client", "AsyncClient", "request", "stream", "get", "post", "put"}
ALLOWED = {
    "harness/assembly/embedded.py": "the embedded sandbox's control API, and the partner's control contract",
    "harness/assembly/real.py": "the partner's control contract",
    "harness/cli/audit.py": "handed to what lets GET through and nothing else",
    "harness/cli/call_guard.py": "handed to the guard",
    "harness/cli/check.py": "handed to the guard",
    "harness/cli/docplanner.py": "handed to the guard",
    "harness/cli/giving_back.py": "the partner's control contract",
    "harness/client/calls.py": "what it sends by is given to it; its own is for the reference stub",
    "harness/marketplace/control.py": "the embedded sandbox's control API",
    "harness/marketplace/news.py": "news of the embedded sandbox, and of the gateway",
    "harness/partner/http.py": "the partner's control contract",
    "harness/preflight/embedded.py": "the embedded sandbox's control API, and its first page",
    "harness/preflight/gateway.py": "our own gateway: a read without a token, and a ping of the partner's endpoint",
    "harness/monitor/letters.py": "the user's own webhook",
    "harness/monitor/watch.py": "the user's own endpoints",
    "harness/real/side.py": "handed to the guard; and our own gateway, to which a calendar belongs to a scenario",
    "harness/sandbox/http/push.py": "the embedded sandbox tells the partner",
    "harness/spending.py": "beneath the control APIs",
}
"""Where connections are opened, and to whom."""
GUARDING = ("harness/safety/", "harness/stub/")


def calls() -> Iterator[tuple[str, ast.Call, str]]:
    """Every call in the harness: the file, the call, and what is called."""
    for path in sorted((ROOT / "harness").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                yield str(path.relative_to(ROOT)), node, ast.unparse(node.func)


def test_connections_are_opened_where_they_are_meant_to_be() -> None:
    """A new place is a way round the guard until somebody has thought about it."""
    named = {*(f"httpx.{one}" for one in CONNECTING), "to_partner"}
    opening = {file for file, _, called in calls() if called in named}
    handed = {
        file
        for file, call, _ in calls()
        for one in [*call.args, *(word.value for word in call.keywords)]
        if ast.unparse(one) == "httpx.HTTPTransport"
    }

    assert {one for one in opening | handed if not one.startswith("harness/stub/")} == set(ALLOWED)


def test_whoever_speaks_to_docplanner_does_so_behind_the_guard() -> None:
    """The typed client is given a guarded transport, everywhere but in the stub, which is a partner system."""
    made = [(file, call) for file, call, called in calls() if called == "Calls" and not file.startswith(GUARDING)]
    unguarded = [
        f"{file}:{call.lineno}"
        for file, call in made
        if "Guard(" not in "".join(ast.unparse(one.value) for one in call.keywords if one.arg == "transport")
    ]

    assert made
    assert unguarded == []


def test_the_guards_own_room_makes_no_client_without_one() -> None:
    """Whatever it is given to send by goes into a guard first."""
    source = (ROOT / "harness" / "safety" / "session.py").read_text()

    assert source.count("transport()") == source.count("Guard(transport()") + source.count("guarded(transport()") > 0
