"""The desk as a whole: who is let in, which page answers, and what is said where none does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.resources import files

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from harness.desk.asking import SEE_OTHER, Asking, Endpoint, Problem
from harness.desk.calendar_pages import CalendarPages
from harness.desk.exchange_pages import ExchangePages
from harness.desk.guard import FORM_TOKEN, HEADERS, Guard
from harness.desk.message_pages import MessagePages
from harness.desk.paper import Paper
from harness.desk.profile_pages import ProfilePages
from harness.desk.room import Room
from harness.desk.sandbox_pages import SandboxPages
from harness.desk.settings_pages import SettingsPages
from harness.desk.start_pages import StartPages
from harness.desk.visit_pages import VisitPages
from harness.recorder.line import Line
from harness.sandbox.http.server import DESK_PATH, Inside

__all__ = ["Desk"]

LOGIN = "/login"
STATIC = {
    "desk.css": "text/css; charset=utf-8",
    "desk.js": "text/javascript; charset=utf-8",
    "desk.svg": "image/svg+xml",
}
LONGEST_FORM = 256 * 1024
"""Bytes of what may be typed at once."""
PLACE = re.compile(r"\{(\w+)\}")


class Desk:
    """Made before the sandbox is served, so that its link can be printed; :meth:`open` is given to the server."""

    def __init__(self, lines: Callable[[], Iterable[Line]]) -> None:
        """``lines`` gives what the sandbox's journal still has, oldest first."""
        self._guard = Guard()
        self._lines = lines
        self._routes: list[tuple[str, re.Pattern[str], Endpoint]] = []
        self._paper: Paper

    def __repr__(self) -> str:
        return "Desk()"

    @property
    def link_path(self) -> str:
        """Path and query by which a browser logs in. It holds a secret."""
        return f"{DESK_PATH}{LOGIN}?token={self._guard.token}"

    def open(self, inside: Inside) -> Desk:
        """Ready to answer for that sandbox."""
        self._paper = Paper(inside)
        kinds = (StartPages, CalendarPages, VisitPages, ProfilePages, MessagePages, SandboxPages, SettingsPages)
        rooms: Sequence[Room] = [
            *(kind(inside, self._paper) for kind in kinds),
            ExchangePages(inside, self._paper, self._lines),
        ]
        self._routes = [
            (method, re.compile(PLACE.sub(r"(?P<\1>[^/]+)", path)), getattr(room, name))
            for room in rooms
            for (method, path), name in room.PATHS.items()
        ]
        return self

    async def __call__(self, request: Request) -> Response:
        """The answer to one request."""
        if objection := self._guard.objection(request):
            return self._paper.bare("refused.html.j2", 403, words=objection)
        path = str(request.scope["path"]).removeprefix(DESK_PATH)
        name = path.removeprefix("/static/")
        if name in STATIC and name != path:
            content = files("harness.desk").joinpath("static", name).read_bytes()
            return Response(content, headers={**HEADERS, "Content-Type": STATIC[name]})
        if path == LOGIN:
            return await self._log_in(request)
        session = self._guard.session(request)
        if session is None:
            return self._paper.bare("login.html.j2", 401, wrong=False)
        form_token = self._guard.form_token(session)
        typed: Mapping[str, str] = {}
        if request.method == "POST":
            typed = await _typed(request)
            if not self._guard.is_own_form(session, typed.get(FORM_TOKEN, "")):
                return self._paper.bare("refused.html.j2", 403, words="The form is of another start of the sandbox.")
        return await self._page(request, path, form_token, typed)

    async def _page(self, request: Request, path: str, form_token: str, typed: Mapping[str, str]) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        allowed: set[str] = set()
        for known, pattern, endpoint in self._routes:
            if found := pattern.fullmatch(path):
                allowed.add(known)
                if known == method:
                    asking = Asking(request, form_token, found.groupdict(), typed)
                    try:
                        return await endpoint(asking)
                    except Problem as trouble:
                        return self._paper.page(asking, "problem.html.j2", section="", problem=trouble)
        if path == "" or (allowed and method == "GET"):
            # a form that failed was loaded again by its address: its page stands above it
            return RedirectResponse(f"{DESK_PATH}{path.rpartition('/')[0]}" if path else f"{DESK_PATH}/", SEE_OTHER)
        asking = Asking(request, form_token, {}, typed)
        problem = Problem("There is no such page.", status=405 if allowed else 404)
        return self._paper.page(asking, "problem.html.j2", section="", problem=problem)

    async def _log_in(self, request: Request) -> Response:
        told = request.query_params.get("token", "")
        if request.method == "POST":
            told = (await _typed(request)).get("token", "")
        if not self._guard.admits(told):
            return self._paper.bare("login.html.j2", 401 if told else 200, wrong=bool(told))
        response = RedirectResponse(f"{DESK_PATH}/", SEE_OTHER, HEADERS)
        self._guard.begin(request, response)
        return response


async def _typed(request: Request) -> dict[str, str]:
    """The fields of the form; of one that comes twice all, with a blank between them."""
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > LONGEST_FORM:
        return {}
    form: FormData = await request.form()
    names = dict.fromkeys(form.keys())
    return {name: " ".join(one for one in form.getlist(name) if isinstance(one, str)) for name in names}
