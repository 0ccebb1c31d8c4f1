"""How exchanges stand in the journal, and how people read them there."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.recorder.exchange import LONGEST_TEXT, Exchange, clean_exchange, exchange_body
from harness.recorder.redaction import Redactor
from harness.recorder.rendering import as_curl, as_text

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
REDACTOR = Redactor(["canary-secret-1"], patient_key=b"key", own_phone_block="555")
URL = "https://www.znanylekarz.pl/api/v3/integration/facilities/1?with=facility.doctors"
SHELL = shutil.which("sh")


def exchange(**changed: Any) -> Exchange:  # noqa: ANN401 - any field of an exchange
    """A booking that went well, with fields changed."""
    fields: dict[str, Any] = {
        "method": "POST",
        "url": URL,
        "operation": "bookSlot",
        "request_headers": (("Content-Type", "application/json"), ("Authorization", "Bearer canary-secret-1")),
        "request_body": b'{"duration":30,"patient":{"name":"Ola","phone":"555222333"}}',
        "status": 200,
        "response_headers": (("Content-Type", "application/vnd.docplanner+json; charset=UTF-8"), ("X-Note", "1")),
        "response_body": b'{"id":"7","status":"booked"}',
        "started_at": NOON,
        "took_ms": 81.2345,
        "error": None,
        "breaches": (),
        "injected": False,
    }
    return Exchange(**(fields | changed))


def body_of(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of an exchange
    """The body of the journal line of such an exchange, as it comes back from the file."""
    kept = json.loads(json.dumps(exchange_body(exchange(**changed), REDACTOR)))
    assert isinstance(kept, dict)
    return kept


def content(media_type: str, body: bytes) -> dict[str, Any]:
    """What is kept of a response body of that type."""
    message = body_of(response_headers=(("Content-Type", media_type),), response_body=body)["response"]
    return {key: value for key, value in message.items() if key != "headers"}


def test_an_exchange_is_kept_with_all_that_a_check_reads() -> None:
    """Keys, order and values are those that everybody relies on."""
    assert body_of(breaches=("request body: is odd",), injected=True) == {
        "method": "POST",
        "url": URL,
        "operation": "bookSlot",
        "request": {
            "headers": {"content-type": "application/json", "authorization": "Bearer ***"},
            "json": {"duration": 30, "patient": {"name": "Ola", "phone": "555222333"}},
        },
        "status": 200,
        "response": {
            "headers": {"content-type": "application/vnd.docplanner+json; charset=UTF-8", "x-note": "1"},
            "json": {"id": "7", "status": "booked"},
        },
        "started_at": "2026-11-24T12:00:00+00:00",
        "took_ms": 81.2,
        "error": None,
        "breaches": ["request body: is odd"],
        "injected": True,
    }


def test_an_answer_that_never_came_is_kept_too() -> None:
    """No status, no content, and the error without its secrets."""
    kept = body_of(status=None, response_headers=(), response_body=None, error="no canary-secret-1 there")
    assert (kept["status"], kept["response"], kept["error"]) == (None, {"headers": {}}, "no *** there")


def test_a_header_that_comes_twice_is_kept_twice() -> None:
    """Names are in lower case, values joined."""
    kept = body_of(response_headers=(("Via", "a"), ("via", "b")))
    assert kept["response"]["headers"] == {"via": "a, b"}


def test_a_form_is_kept_as_text_without_its_secret() -> None:
    """A token request tells its grant, not its secret."""
    body = b"grant_type=client_credentials&client_secret=unknown-one&scope=integration"
    assert content("application/x-www-form-urlencoded", body) == {
        "text": "grant_type=client_credentials&client_secret=***&scope=integration"
    }


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("image/png", b"\x89PNG\r\n\x00\x01"),
        ("application/octet-stream", b"\xff\xfe\xfd"),
        ("application/json", gzip.compress(b'{"client_secret": "canary-secret-1"}', mtime=0)),
        ("text/plain", b"a\x00b"),
    ],
)
def test_what_is_not_text_is_noted_by_its_size(media_type: str, body: bytes) -> None:
    """Nothing of it is kept."""
    assert content(media_type, body) == {"text": f"[{len(body)} bytes that are not text]"}


def test_text_in_another_character_set_is_readable() -> None:
    """A page in Latin-1 is text all the same."""
    assert content("text/html", "caf\u00e9".encode("latin-1")) == {"text": "caf\u00e9"}


def test_json_is_known_by_its_look() -> None:
    """Whatever the media type says; what only looks like JSON stays text."""
    assert content("text/plain", b' {"a": 1}') == {"json": {"a": 1}}
    assert content("application/json", b"{oops") == {"text": "{oops"}
    assert content("application/json", b"true") == {"text": "true"}


@given(st.integers(-40, 40))
def test_long_text_is_cut_and_no_secret_with_it(shift: int) -> None:
    """A secret across the cut does not stay by half."""
    text = "x" * (LONGEST_TEXT + shift) + "canary-secret-1" + "y" * 500
    kept = content("text/plain", text.encode())["text"]
    assert "canary" not in kept
    assert len(kept) < LONGEST_TEXT + 60
    assert "more characters]" in kept


def test_a_huge_body_is_noted_by_its_size() -> None:
    """More than four megabytes are not looked into."""
    assert content("application/json", b" " * 5_000_000) == {"text": "[5000000 bytes, too long to be kept]"}


def test_an_exchange_does_not_show_in_a_repr() -> None:
    """A traceback that prints one tells no secret."""
    assert "canary" not in repr(exchange())


def test_a_trace_reads_like_the_wire() -> None:
    """Request, answer and breaches, with the headers that matter and JSON over lines."""
    shown = as_text(body_of(breaches=("request body: is odd",)))
    assert shown == (
        f"POST {URL}\n"
        "content-type: application/json\n"
        "authorization: Bearer ***\n\n"
        '{\n  "duration": 30,\n  "patient": {\n    "name": "Ola",\n    "phone": "555222333"\n  }\n}\n\n'
        "200 OK (81 ms)\n"
        "content-type: application/vnd.docplanner+json; charset=UTF-8\n"
        "x-note: 1\n\n"
        '{\n  "id": "7",\n  "status": "booked"\n}\n\n'
        "Against the contract:\n- request body: is odd\n"
    )


def test_a_trace_tells_what_is_missing() -> None:
    """No answer, an unknown status, an answer that the run made."""
    assert "No answer: ReadTimeout (81 ms)" in as_text(body_of(status=None, error="ReadTimeout"))
    assert "\n599 (81 ms), made so by the run\n" in as_text(body_of(status=599, injected=True))
    assert as_text({}).strip()
    assert as_curl({}).strip()


def test_a_command_has_variables_for_secrets() -> None:
    """The token, the client's credentials, a key and a form field are left for the reader to set."""
    token = as_curl(body_of())
    assert token == (
        f"curl -X 'POST' '{URL}' \\\n"
        "  -H 'content-type: application/json' \\\n"
        "  -H 'authorization: Bearer '\"$ACCESS_TOKEN\" \\\n"
        '  --data-raw \'{"duration": 30, "patient": {"name": "Ola", "phone": "555222333"}}\'\n'
    )
    headers = (("Authorization", "Basic YTpi"), ("X-Api-Key", "k"), ("Host", "x"), ("Content-Length", "3"))
    basic = as_curl(body_of(request_headers=headers, request_body=b"a=1&client_secret=abc&b=2"))
    assert '-u "$CLIENT_ID"\':\'"$CLIENT_SECRET"' in basic
    assert "-H 'x-api-key: '\"$X_API_KEY\"" in basic
    assert "--data-raw 'a=1&client_secret='\"$CLIENT_SECRET\"'&b=2'" in basic
    assert "host" not in basic
    assert "content-length" not in basic
    connect = as_curl(body_of(request_body=b'{"client_secret": "abc", "note": "canary-secret-1!"}'))
    assert '{"client_secret": "\'"$CLIENT_SECRET"\'", "note": "\'"$SECRET"\'!"}' in connect


def test_a_command_without_its_body_says_so() -> None:
    """Bytes that were not kept cannot be sent again."""
    assert as_curl(body_of(request_body=b"\x00\x01")).startswith(
        "# without its body: [2 bytes that are not text]\ncurl "
    )


@pytest.mark.skipif(SHELL is None, reason="needs a POSIX shell")
@given(st.text(st.characters(exclude_categories=["Cs", "Co"], exclude_characters="\0*")), st.booleans())
def test_a_shell_reads_the_command_as_it_was_meant(text: str, in_json: bool) -> None:
    """Quotes, dollars, backticks and line ends arrive unchanged, and nothing of them is run."""
    sent = json.dumps({"comment": text}, ensure_ascii=False) if in_json else f"x{text}"
    kept = body_of(request_headers=(("X-Note", "it's $HOME `id`"),), request_body=sent.encode())
    script = f"curl() {{ for word do printf '%s\\0' \"$word\"; done; }}\n{as_curl(kept)}"
    ran = subprocess.run([str(SHELL)], input=script.encode(), capture_output=True, check=True, env={})
    words = ran.stdout.decode().split("\0")[:-1]
    assert words == ["-X", "POST", *words[2:3], "-H", "x-note: it's $HOME `id`", "--data-raw", words[-1]]
    assert words[2] == URL
    assert json.loads(words[-1]) == {"comment": text} if in_json else words[-1] == sent
    assert ran.stderr == b""


SAID = st.sampled_from(["canary-secret-1", "access_token=abcdef123", "555222333", "111222333", "Zaneta", "7", "x y"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | SAID,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["patient", "phone", "name", "api_key", "comment", "slots"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
BODIES = st.one_of(
    st.none(), st.binary(max_size=20), VALUES.map(lambda value: json.dumps(value).encode()), SAID.map(str.encode)
)
HEADERS = st.lists(
    st.tuples(st.sampled_from(["Content-Type", "Authorization", "X-Note"]), SAID | st.just("application/json"))
).map(tuple)


@given(request=BODIES, response=BODIES, headers=HEADERS, url=SAID, error=st.none() | SAID)
def test_an_exchange_made_ready_at_once_is_the_one_made_in_steps(
    request: bytes | None, response: bytes | None, headers: tuple[tuple[str, str], ...], url: str, error: str | None
) -> None:
    """Whatever goes over the wire, the line has the same text; it is the same when it comes again."""
    one = exchange(
        request_body=request, response_body=response, request_headers=headers, url=f"http://a/?q={url}", error=error
    )
    in_steps = REDACTOR.encoded({**exchange_body(one, REDACTOR), "client_id": url})
    for _ in range(2):
        assert REDACTOR.encoded(clean_exchange(one, REDACTOR, client_id=url)) == in_steps


def test_a_secret_learnt_later_is_taken_out_of_what_was_ready() -> None:
    """Of what is remembered too, and by the journal of another redactor."""
    redactor = Redactor((), patient_key=b"key", own_phone_block="555")
    one = exchange(response_body=b'{"said":"learnt-later"}', url=f"{URL}&q=learnt-later")
    ready = clean_exchange(one, redactor, client_id=None)
    assert redactor.encoded(ready).count(b"learnt-later") == 2

    redactor.add_secret("learnt-later")

    other = Redactor(["learnt-later"], patient_key=b"key", own_phone_block="555")
    for written in (redactor.encoded(ready), redactor.encoded(clean_exchange(one, redactor)), other.encoded(ready)):
        assert b"learnt-later" not in written
