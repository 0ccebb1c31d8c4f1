"""Renders the pages: one frame around all, everything escaped, a policy that lets nothing in from elsewhere."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from harness.desk.asking import Asking, Problem
from harness.desk.guard import FORM_TOKEN, HEADERS, POLICY
from harness.desk.local_time import field_value
from harness.desk.words import (
    DONE,
    apart,
    clock_time,
    day_and_time,
    day_name,
    duration,
    path_only,
    span_words,
    time_of_day,
)
from harness.sandbox.http.server import Inside

__all__ = ["Paper"]

SECTIONS = (
    ("", "Start"),
    ("clinics", "Clinics"),
    ("notifications", "Notifications"),
    ("exchanges", "Exchanges"),
    ("clients", "API clients"),
    ("clock", "Clock"),
    ("settings", "Settings"),
    ("faults", "Faults"),
)


class Paper:
    """Makes answers of templates."""

    def __init__(self, inside: Inside) -> None:
        self._inside = inside
        self._templates = Environment(
            loader=PackageLoader("harness.desk"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(
            day_name=day_name,
            duration=duration,
            apart=apart,
            path_only=path_only,
            zip=zip,
            clock_time=self._local(clock_time),
            time_of_day=self._local(time_of_day),
            day_and_time=self._local(day_and_time),
            span_words=lambda span: span_words(span[0].astimezone(self._zone), span[1].astimezone(self._zone)),
            field_value=lambda instant: field_value(instant, self._zone),
            as_json=lambda value: orjson.dumps(value, option=orjson.OPT_INDENT_2).decode(),
        )

    def page(
        self, asking: Asking, template: str, *, section: str, problem: Problem | None = None, **values: object
    ) -> Response:
        """A page for somebody who is logged in; with a problem, its status, and what was typed."""
        return self._written(
            template,
            problem.status if problem else 200,
            section=section,
            sections=SECTIONS,
            form_token_name=FORM_TOKEN,
            form_token=asking.form_token,
            typed=asking.typed,
            problem=problem,
            done=DONE.get(asking.query.get("done", ""), ""),
            now=self._inside.state.clock.now(),
            marketplace=self._inside.state.marketplace,
            news=self._inside.news.last,
            **values,
        )

    def bare(self, template: str, status: int, **values: object) -> Response:
        """A page for somebody who is not: without anything of the sandbox."""
        return self._written(template, status, **values)

    @property
    def _zone(self) -> ZoneInfo:
        return self._inside.state.zone

    def _local(self, words: Callable[[datetime], str]) -> Callable[[datetime], str]:
        return lambda instant: words(instant.astimezone(self._zone))

    def _written(self, template: str, status: int, **values: object) -> Response:
        nonce = secrets.token_urlsafe(16)
        content = self._templates.get_template(template).render(nonce=nonce, **values)
        headers = {**HEADERS, "Content-Security-Policy": POLICY.format(nonce=nonce)}
        return HTMLResponse(content, status, headers)
