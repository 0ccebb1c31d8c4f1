"""An exchange as people read it: a trace of what went to and fro, and a curl command that repeats it.

Both are made from the body of a journal line, which is redacted already. In the command a mask becomes the name of a
shell variable for the reader to set.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus

from harness.recorder.secret_places import is_secret_field, is_secret_header
from harness.recorder.secret_text import MASK

__all__ = ["as_curl", "as_text"]

SHOWN_HEADERS = frozenset(
    {"accept", "authorization", "content-type", "host", "location", "retry-after", "user-agent", "www-authenticate"}
)
SHOWN_PREFIXES = ("x-",)
CURL_LEAVES_OUT = frozenset(
    {"accept-encoding", "connection", "content-length", "host", "keep-alive", "transfer-encoding"}
)
"""Headers that curl makes by itself."""
OPENED, CLOSED = "\ue000", "\ue001"
"""Around the name of a shell variable until quotes are set; taken out of what was exchanged."""
VARIABLE = re.compile(f"{OPENED}([A-Z0-9_]+){CLOSED}")
NAMED_MASK = re.compile(rf"([A-Za-z][\w-]*)=(?:{re.escape(MASK)})")
GLOBBED = re.compile(r"[\[\]{}]")


def as_text(body: Mapping[str, object]) -> str:
    """The exchange of a journal line as a readable trace of both messages."""
    request, response = _side(body, "request"), _side(body, "response")
    parts = [
        "\n".join([f"{body.get('method')} {body.get('url')}", *_header_lines(request)]),
        *_content(request),
        "\n".join([_status_line(body), *_header_lines(response)]),
        *_content(response),
    ]
    breaches = body.get("breaches")
    if isinstance(breaches, list) and breaches:
        parts.append("\n".join(["Against the contract:", *(f"- {breach}" for breach in breaches)]))
    return "\n\n".join(parts) + "\n"


def as_curl(body: Mapping[str, object]) -> str:
    """A curl command that sends the request of a journal line again, for a POSIX shell."""
    request = _side(body, "request")
    url = _with_variables(str(body.get("url")))
    words = [f"-X {_quoted(str(body.get('method')))}"]
    if GLOBBED.search(url):
        words[0] += " --globoff"
    words[0] += f" {_quoted(url)}"
    for name, value in _headers(request):
        if name.lower() not in CURL_LEAVES_OUT:
            words.append(_curl_header(name, value))
    remark = ""
    if "json" in request:
        marked = _marked(request["json"])
        words.append(f"--data-raw {_quoted(json.dumps(marked, ensure_ascii=False))}")
    elif isinstance(text := request.get("text"), str):
        if text.startswith("[") and text.endswith("]"):
            remark = f"# without its body: {text}\n"
        else:
            words.append(f"--data-raw {_quoted(_with_variables(text))}")
    joined = " \\\n  ".join(words)
    return f"{remark}curl {joined}\n"


def _side(body: Mapping[str, object], side: str) -> Mapping[str, object]:
    message = body.get(side)
    return message if isinstance(message, dict) else {}


def _headers(message: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    headers = message.get("headers")
    if isinstance(headers, dict):
        yield from ((str(name), str(value)) for name, value in headers.items())


def _header_lines(message: Mapping[str, object]) -> list[str]:
    return [
        f"{name}: {value}"
        for name, value in _headers(message)
        if name.lower() in SHOWN_HEADERS or name.lower().startswith(SHOWN_PREFIXES)
    ]


def _status_line(body: Mapping[str, object]) -> str:
    status, took = body.get("status"), body.get("took_ms")
    if isinstance(status, int):
        phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
        said = f"{status} {phrase}".strip()
    else:
        said = f"No answer: {body.get('error') or 'nothing is known of why'}"
    timed = f"{said} ({took:.0f} ms)" if isinstance(took, int | float) else said
    return f"{timed}, made so by the run" if body.get("injected") is True else timed


def _content(message: Mapping[str, object]) -> list[str]:
    if "json" in message:
        return [json.dumps(message["json"], ensure_ascii=False, indent=2)]
    return [str(message["text"])] if "text" in message else []


def _curl_header(name: str, value: str) -> str:
    if not is_secret_header(name):
        return f"-H {_quoted(_with_variables(f'{name}: {value}'))}"
    if name.lower() == "authorization" and value.lower().startswith("basic"):
        return f"-u {_quoted(_variable('CLIENT_ID') + ':' + _variable('CLIENT_SECRET'))}"
    variable = _variable("ACCESS_TOKEN" if value.lower().startswith("bearer") else name)
    return f"-H {_quoted(f'{name}: ' + _plain(value).replace(MASK, variable))}"


def _marked(value: object, field: str = "SECRET") -> object:
    """JSON with the names of variables in the places of masks."""
    if isinstance(value, dict):
        return {
            _plain(str(key)): _marked(item, str(key) if is_secret_field(str(key)) else "SECRET")
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_marked(item, field) for item in value]
    return _plain(value).replace(MASK, _variable(field)) if isinstance(value, str) else value


def _with_variables(text: str) -> str:
    named = NAMED_MASK.sub(lambda found: f"{found[1]}={_variable(found[1])}", _plain(text))
    return named.replace(MASK, _variable("SECRET"))


def _variable(name: str) -> str:
    return OPENED + re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_") + CLOSED


def _plain(text: str) -> str:
    return text.replace(OPENED, "").replace(CLOSED, "")


def _quoted(text: str) -> str:
    """``text`` as one word of a POSIX shell in which nothing but our variables is expanded."""
    # Text and names of variables take turns in what the split gives.
    parts = (
        f'"${part}"' if place % 2 else "'" + part.replace("'", "'\\''") + "'"
        for place, part in enumerate(VARIABLE.split(text))
        if part
    )
    return "".join(parts) or "''"
