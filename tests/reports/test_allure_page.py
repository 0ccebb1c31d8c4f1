"""Fetching Allure, and making its page quiet. Node.js and npm are played by small scripts; no network is asked."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reports.allure_page import AllurePage, AllureUnavailable, build_allure_page, without_analytics
from reports.allure_tool import ALLURE, ToolUnavailable, allure_tool

ANALYTICS = (
    '<script async src="https://www.googletagmanager.com/gtag/js?id=G-X"></script>\n'
    "<script>\n window.dataLayer = [];\n function gtag(){dataLayer.push(arguments);}\n"
    " gtag('js', new Date());\n</script>"
)
PAGE = f"<!DOCTYPE html><html><head><title>x</title></head><body><script>app()</script>{ANALYTICS}%s</body></html>"

NODE = """#!/bin/sh
if [ "$1" = --version ]; then echo v24.1.0; exit 0; fi
while [ $# -gt 0 ]; do [ "$1" = --config ] && config="$2"; shift; done
here=$(dirname "$config"); mkdir -p "$here/report"; cp "$ALLURE_PAGE_OF_THE_TEST" "$here/report/index.html"
"""
NPM_WITHOUT_NETWORK = "#!/bin/sh\necho 'npm error code ENOTFOUND' >&2\nexit 1\n"
NPM = """#!/bin/sh
env > "$NPM_ENVIRONMENT_OF_THE_TEST"
if [ "$1" = view ]; then echo 3.18.0; exit 0; fi
mkdir -p "$3/node_modules/allure"; echo program > "$3/node_modules/allure/cli.js"
"""
NPM_THAT_DIES = """#!/bin/sh
if [ "$1" = view ]; then exit 0; fi
mkdir -p "$3/node_modules/allure"; echo half > "$3/node_modules/allure/cli.js"
exit 1
"""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Node.js is played by shell scripts")

Machine = Callable[..., Path]


def silent(_: str) -> None:
    """Nobody watches."""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine with the programs given, and none else but the shell's; its cache directory."""

    def with_programs(**programs: str) -> Path:
        for name, text in programs.items():
            program = tmp_path / "bin" / name
            program.parent.mkdir(exist_ok=True)
            program.write_text(text)
            program.chmod(0o755)
        tools = tmp_path / "tools"
        tools.mkdir()
        for name in ("sh", "cp", "mkdir", "dirname", "env"):
            (tools / name).symlink_to(next(Path(d) / name for d in ("/usr/bin", "/bin") if (Path(d) / name).exists()))
        monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{tools}")
        monkeypatch.setenv("NPM_ENVIRONMENT_OF_THE_TEST", str(tmp_path / "npm.env"))
        monkeypatch.setenv("ALLURE_PAGE_OF_THE_TEST", str(tmp_path / "page.html"))
        monkeypatch.delenv("UV", raising=False)
        monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
        return tmp_path / "cache"

    return with_programs


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Two results."""
    directory = tmp_path / "allure-results"
    directory.mkdir()
    for name in ("a", "b"):
        (directory / f"{name}-result.json").write_text(json.dumps({"uuid": name, "name": name, "status": "passed"}))
    return directory


def shown(count: int) -> str:
    """A page of Allure's with so many results in it."""
    return PAGE % "".join(f'<script>d("data/test-results/{n}.json","e30=")</script>' for n in range(count))


def test_the_analytics_script_is_taken_out() -> None:
    """Nothing of it is left, and what the page needs is."""
    page = without_analytics(shown(2))

    assert "googletagmanager" not in page
    assert "gtag" not in page
    assert "app()" in page
    assert page.index("Content-Security-Policy") < page.index("<title>")


@pytest.mark.parametrize(
    "page",
    [
        "<html><head></head></html>",
        PAGE % ANALYTICS,
        PAGE % '<script src="//cdn.example/x.js"></script>',
        PAGE % "<link rel=stylesheet href=https://fonts.example/x.css>",
    ],
)
def test_a_page_that_might_talk_is_refused(page: str) -> None:
    """Where Allure's page is not as the pinned version makes it, none is shown."""
    with pytest.raises(ToolUnavailable, match=r"reports/allure_page\.py"):
        without_analytics(page)


def test_the_page_is_counted(machine: Machine, results: Path, tmp_path: Path) -> None:
    """As many results in the page as in the directory: the page is made."""
    cache = machine(node=NODE, npm=NPM)
    (tmp_path / "page.html").write_text(shown(2))

    made = build_allure_page(results, tmp_path / "report.html", cache=cache, on_progress=silent)

    assert isinstance(made, AllurePage)
    assert made.results == 2
    assert "test-results/1.json" in made.path.read_text()


def test_an_empty_page_is_no_page(machine: Machine, results: Path, tmp_path: Path) -> None:
    """Allure ends with 0 and an empty page when its settings are wrong; that is an error here."""
    cache = machine(node=NODE, npm=NPM)
    (tmp_path / "page.html").write_text(shown(0))

    made = build_allure_page(results, tmp_path / "report.html", cache=cache, on_progress=silent)

    assert isinstance(made, AllureUnavailable)
    assert "0 results from 2" in made.reason
    assert not (tmp_path / "report.html").exists()


def test_no_results_need_no_node(tmp_path: Path) -> None:
    """Where there is nothing to show, nothing is fetched."""
    made = build_allure_page(tmp_path, tmp_path / "report.html", cache=tmp_path / "cache", on_progress=silent)

    assert isinstance(made, AllureUnavailable)
    assert not (tmp_path / "cache").exists()


def test_a_missing_network_is_said_and_leaves_nothing_half_done(machine: Machine) -> None:
    """The reason names the npm registry and what npm said."""
    cache = machine(node=NODE, npm=NPM_WITHOUT_NETWORK)

    with pytest.raises(ToolUnavailable, match=r"npm registry.*ENOTFOUND.*Connect to the network"):
        allure_tool(cache, on_progress=silent)

    assert not list(cache.glob("allure-3*"))


def test_a_broken_off_download_is_not_taken_for_a_whole_one(machine: Machine) -> None:
    """What npm left behind when it died is removed."""
    cache = machine(node=NODE, npm=NPM_THAT_DIES)

    with pytest.raises(ToolUnavailable):
        allure_tool(cache, on_progress=silent)

    assert not list(cache.glob("allure-3*"))


def test_a_machine_without_node_and_installers_is_told_what_to_install(machine: Machine) -> None:
    """The remedy is one that works."""
    with pytest.raises(ToolUnavailable, match=r"Install Node\.js 22 or newer"):
        allure_tool(machine(), on_progress=silent)


def test_an_old_node_does_not_serve(machine: Machine) -> None:
    """Node.js 20 is passed over."""
    with pytest.raises(ToolUnavailable, match=r"No Node\.js 22 or newer"):
        allure_tool(machine(node=NODE.replace("v24", "v20"), npm=NPM), on_progress=silent)


def test_allure_is_fetched_once(machine: Machine) -> None:
    """The second time npm is not asked."""
    cache = machine(node=NODE, npm=NPM)
    said: list[str] = []

    first = allure_tool(cache, on_progress=said.append)
    second = allure_tool(cache, on_progress=said.append)

    assert first == second
    assert said == [f"fetching Allure ({ALLURE}, once)"]


def test_no_secret_of_a_run_is_in_the_environment_of_npm(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What npm runs cannot read the client secret, and sends no statistics."""
    cache = machine(node=NODE, npm=NPM)
    monkeypatch.setenv("ACCEPTANCE_CLIENT_SECRET", "canary-secret-0123456789")

    allure_tool(cache, on_progress=silent)

    environment = (tmp_path / "npm.env").read_text()
    assert "canary-secret" not in environment
    assert "DO_NOT_TRACK=1" in environment
    assert f"npm_config_cache={cache / 'npm'}" in environment
