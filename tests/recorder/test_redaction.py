"""A secret never survives redaction, wherever it stands and however it is spelled; and what is no secret stays."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import parse_qsl, quote, quote_plus, urlencode

import httpx
import orjson
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from harness.errors import ConfigurationError
from harness.recorder.redaction import MASK, Redactor
from harness.recorder.secret_text import SHORTEST

KEY = b"a key of this run alone"
ANY = st.characters(codec="utf-8", exclude_characters="*", exclude_categories=["Cs"])
SECRETS = st.one_of(
    st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=SHORTEST, max_size=40),
    st.text("aZ09+/=-_.~%\\\"'&<> :;{}[]\u0142\U0001f600\n", min_size=SHORTEST + 4, max_size=30),
    st.text(ANY, min_size=SHORTEST + 4, max_size=30),
).filter(lambda secret: len(secret.strip()) >= SHORTEST and len(set(secret)) > 3)
AROUND = st.text(st.characters(codec="ascii", exclude_characters="*"), max_size=12)


def redactor(*secrets: str) -> Redactor:
    """A redactor that knows ``secrets``, in a run whose own phones start with 555."""
    return Redactor(secrets, patient_key=KEY, own_phone_block="555")


SPELLINGS = {
    "as it is": lambda secret: secret,
    "percent-encoded": lambda secret: quote(secret, safe=""),
    "percent-encoded but for slashes": quote,
    "as in a form": quote_plus,
    "percent-encoded in lower case": lambda secret: "".join(f"%{octet:02x}" for octet in secret.encode()),
    "percent-encoded twice": lambda secret: quote(quote(secret, safe=""), safe=""),
    "in JSON": json.dumps,
    "in JSON, characters as they are": lambda secret: json.dumps(secret, ensure_ascii=False),
    "in JSON as PHP writes it": lambda secret: json.dumps(secret).replace("/", "\\/"),
    "in JSON in JSON": lambda secret: json.dumps(json.dumps(secret)),
    "in HTML": html.escape,
    "in base64": lambda secret: base64.b64encode(secret.encode()).decode(),
    "in Basic credentials": lambda secret: base64.b64encode(f"client:{secret}".encode()).decode(),
    "in base64 for addresses": lambda secret: base64.urlsafe_b64encode(f"ab{secret}z".encode()).decode(),
}


def shows(text: str, secret: str) -> bool:
    """Whether ``secret``, without the spaces around it, can be read in ``text`` in one of the spellings."""
    bare = secret.strip()
    spellings = (
        spell(bare).strip('"') for name, spell in SPELLINGS.items() if "base64" not in name and "Basic" not in name
    )
    return any(spelling in text for spelling in spellings)


@pytest.mark.parametrize("spelling", sorted(SPELLINGS))
@given(secret=SECRETS, before=AROUND, after=AROUND)
def test_a_secret_does_not_survive_in_a_text(spelling: str, secret: str, before: str, after: str) -> None:
    """In any spelling, with anything before and after it, a known secret is gone."""
    assume(not shows(before, secret) and not shows(after, secret))
    # What goes before must not change what the spelling says: "%" or a backslash would.
    spelled = SPELLINGS[spelling](secret)
    cleaned = redactor(secret).text(f"{before} {spelled} {after}")
    assert not shows(cleaned, secret)
    assert spelled.strip('"') not in cleaned
    assert MASK in cleaned


@given(
    secret=SECRETS,
    user=st.text("abc:1", max_size=5),
    flavour=st.sampled_from([base64.b64encode, base64.urlsafe_b64encode]),
)
def test_base64_that_holds_a_secret_goes_as_a_whole(secret: str, user: str, flavour: object) -> None:
    """No part of the run of base64 stays: the characters at its edges belong to the secret too."""
    assert callable(flavour)
    run = flavour(f"{user}{secret.strip()}tail".encode()).decode()
    assert redactor(secret).text(f"seen ({run}) here") == f"seen ({MASK}) here"


@given(
    secret=SECRETS, name=st.sampled_from(["X-Note", "User-Agent", "Authorization", "Cookie", "X-Api-Key", "Set-Cookie"])
)
def test_a_secret_does_not_survive_in_headers(secret: str, name: str) -> None:
    """Whatever the header is called, in its name or its value."""
    pairs = redactor(secret).headers([(name, f"a {secret} b"), (f"X-{secret}", "1"), (name, quote(secret))])
    assert not any(shows(part, secret) for pair in pairs for part in pair)


@given(secret=SECRETS)
def test_a_secret_does_not_survive_in_an_address(secret: str) -> None:
    """In path, query, fragment and userinfo."""
    coded = quote(secret, safe="")
    url = f"https://client:{coded}@www.znanylekarz.pl/{coded}/x?{urlencode({'q': secret, 'with': 'a'})}#{coded}"
    cleaned = redactor(secret).text(url)
    assert not shows(cleaned, secret)
    assert "client" not in cleaned.partition("@")[0].removeprefix("https://")


@given(secret=SECRETS)
def test_a_secret_does_not_survive_in_a_form(secret: str) -> None:
    """Urlencoded or multipart, known or not."""
    fields = {"grant_type": "client_credentials", "client_secret": secret, "client_id": "seven"}
    assume(secret.strip() not in urlencode({**fields, "client_secret": ""}))  # else the names go as well
    multipart = httpx.Request("POST", "http://x", data={}, files={k: (None, v) for k, v in fields.items()}).read()
    for known in (redactor(secret), redactor()):
        cleaned = known.text(urlencode(fields))
        assert dict(parse_qsl(cleaned)) == {**fields, "client_secret": MASK}
        text = known.text(multipart.decode())
        # A multipart value is not encoded at all: line ends in it end up as line ends.
        assert secret.strip() not in text
        assert "client_credentials" in text
        assert "seven" in text


def json_of(texts: st.SearchStrategy[str]) -> st.SearchStrategy[object]:
    """JSON whose keys and texts are ``texts``."""
    return st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
        max_leaves=8,
    )


JSON = json_of(AROUND)


@st.composite
def planted(draw: st.DrawFn, secret: str) -> object:
    """JSON in which ``secret`` stands somewhere: as a value, part of a value, or a key."""
    value: object = draw(
        st.sampled_from([secret, f"x{secret}y", quote(secret, safe=""), {secret: 1}, {f"k{secret}": "v"}])
    )
    for _ in range(draw(st.integers(0, 4))):
        others = draw(JSON)
        value = draw(
            st.sampled_from([[value, others], {"k": value, "o": others}, {"patient": value}, {"headers": {"h": value}}])
        )
    return value


def leaves(value: object) -> list[str]:
    """Every key and every value of JSON, as text."""
    if isinstance(value, dict):
        return [*value, *(leaf for item in value.values() for leaf in leaves(item))]
    if isinstance(value, list):
        return [leaf for item in value for leaf in leaves(item)]
    return [str(value)]


@given(data=st.data(), secret=SECRETS)
def test_a_secret_does_not_survive_in_json(data: st.DataObject, secret: str) -> None:
    """In keys and values, at any depth; what is given is not changed, and cleaning again changes nothing."""
    value = data.draw(planted(secret))
    before = orjson.dumps(value)
    cleaned = redactor(secret).json(value)
    assert orjson.dumps(value) == before
    assert not any(shows(leaf, secret) for leaf in leaves(cleaned))
    assert redactor(secret).json(cleaned) == cleaned
    assert orjson.loads(redactor(secret).encoded({"in": value})) == {"in": cleaned}


@given(json_of(st.text("bdxyz0189 %\\\"'=&@:/+.<>{}[]?#\u0142\n", max_size=20)))
def test_what_holds_no_secret_stays(value: object) -> None:
    """JSON without secrets and patients comes back as it was, whatever it looks like."""
    assert redactor("a-secret-of-nobody").json(value) == value


@pytest.mark.parametrize(
    "name", ["client_secret", "access_token", "refresh_token", "callback_api_key", "Client-Secret", "accessToken"]
)
@given(value=st.one_of(SECRETS, st.integers(min_value=1), st.lists(SECRETS, min_size=1, max_size=2)))
def test_a_field_that_holds_secrets_is_masked_whatever_it_holds(name: str, value: object) -> None:
    """An unknown secret in such a field goes too: in JSON, in JSON that cannot be read, in JSON within JSON."""
    assume(not shows(f"{name} expires_in", str(value)))  # the names of the fields are shown
    cleaned = redactor().json({"a": [{name: value, "expires_in": 3600}]})
    assert cleaned == {"a": [{name: [MASK] * len(value) if isinstance(value, list) else MASK, "expires_in": 3600}]}
    if isinstance(value, str):
        whole = json.dumps({name: value, "expires_in": 3600})
        for text in (f"{whole},", json.dumps({"body": f"{whole}!"})[1:], whole[:-20]):
            assert not shows(redactor().text(text), value)


def test_nothing_is_masked_where_nothing_is_said() -> None:
    """Null, empty, yes and no tell no secret, and fields about secrets are none."""
    told = {
        "access_token": None,
        "client_secret": "",
        "api_key": False,
        "token_type": "bearer",
        "token_url": "http://x/t",
    }
    assert redactor().json(told) == told


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Authorization", "Bearer abc", f"Bearer {MASK}"),
        ("authorization", "Basic YTpi", f"Basic {MASK}"),
        ("Authorization", "abc", MASK),
        ("Proxy-Authorization", "Digest x", f"Digest {MASK}"),
        ("Cookie", "a=b", MASK),
        ("Set-Cookie", "a=b; Path=/", MASK),
        ("X-Api-Key", "k", MASK),
        ("X-ApiKey", "k", MASK),
        ("My-Token", "k", MASK),
        ("X-Client-Secret", "k", MASK),
        ("Authorization", "", ""),
        ("Content-Type", "application/json", "application/json"),
        ("X-RateLimit-Reset", "2026-11-24T09:00:00+01:00", "2026-11-24T09:00:00+01:00"),
    ],
)
def test_headers_with_credentials_are_masked_by_name(name: str, value: str, shown: str) -> None:
    """Their values go whether they are known or not, the scheme stays; also where headers stand in JSON."""
    assert redactor().headers([(name, value)]) == ((name, shown),)
    assert redactor().json({"request": {"headers": {name: value}}}) == {"request": {"headers": {name: shown}}}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://me:pa@ss@host/x", f"https://{MASK}@host/x"),
        ("https://host/a@b?c=d@e", "https://host/a@b?c=d@e"),
        ("sent Authorization: Bearer abcdefghij0123456789", f"sent Authorization: Bearer {MASK}"),
        ("Basic authentication is missing", "Basic authentication is missing"),
        ("client_secret=a%20b&x=1", f"client_secret={MASK}&x=1"),
        ("no_client_secret=x", "no_client_secret=x"),
        ('{"client_secret": "a\\"b", "x": 1', f'{{"client_secret": {MASK}, "x": 1'),
        ('{"client_secret": 12', f'{{"client_secret": {MASK}'),
    ],
)
def test_places_for_secrets_are_found_in_texts(text: str, shown: str) -> None:
    """Addresses with userinfo, credentials in sentences, fields of forms and of broken JSON."""
    assert redactor().text(text) == shown


def test_a_number_that_is_a_secret_goes_too() -> None:
    """A secret of digits may stand in JSON as a number."""
    assert redactor("12345678").json({"a": 12345678, "b": 912345678, "c": 1234567}) == {
        "a": MASK,
        "b": MASK,
        "c": 1234567,
    }


def test_a_secret_that_comes_later_is_known_from_then_on() -> None:
    """A token that the token service gives is added while others write."""
    known = redactor()
    assert known.text("it is canary-1234") == "it is canary-1234"
    known.add_secret("canary-1234")
    known.add_secret("canary-1234")
    assert known.text("it is canary-1234") == f"it is {MASK}"
    assert "canary" not in repr(known)


@given(st.text(ANY, max_size=SHORTEST - 1).map(lambda text: f" {text} "))
@example("")
def test_a_short_secret_is_refused(secret: str) -> None:
    """Masking it would mask everything; the message tells what to do and not the secret."""
    for attempt in (lambda: redactor(secret), lambda: redactor().add_secret(secret)):
        with pytest.raises(ConfigurationError, match="at least 6 characters"):
            attempt()


@pytest.mark.parametrize("secret", ["patient", "headers", "***abc"])
def test_a_secret_that_is_a_common_word_goes_without_harm(secret: str) -> None:
    """Even then the line is written, and again gives the same."""
    known = redactor(secret)
    once = known.json({"patient": {"name": "Anna"}, "headers": {"a": secret}, secret: secret})
    assert known.json(once) == once


def test_two_keys_that_differ_in_their_secrets_alone_both_stay() -> None:
    """No value is lost because its key was masked."""
    cleaned = redactor("canary-1", "canary-2").json({"canary-1": 1, "canary-2": 2})
    assert isinstance(cleaned, dict)
    assert sorted(cleaned.values()) == [1, 2]


def test_what_json_cannot_say_is_still_written() -> None:
    """Half a character and huge numbers cost no line."""
    assert b"?" in redactor().encoded({"a": "\ud800"})
    assert redactor().encoded({"a": 2**70}) == b'{"a": %d}' % 2**70


def test_a_long_run_of_base64_is_searched_in_good_time() -> None:
    """A megabyte of base64 with a secret in its middle is one run, and goes."""
    run = base64.b64encode(b"x" * 400_000 + b"canary-12345" + b"y" * 400_000).decode()
    assert redactor("canary-12345").text(f"<{run}>") == f"<{MASK}>"
    assert redactor("canary-12345").text("\\" * 200_000 + '"client_secret') == "\\" * 200_000 + '"client_secret'


def test_a_token_of_the_sandbox_is_known_by_its_beginning_wherever_it_comes_up() -> None:
    """Whoever made it, and though nobody has told this redactor."""
    redactor = Redactor((), patient_key=b"k", own_phone_block="5")
    token = "dptoken-Ab_9-xyz"

    told = [redactor.text(f"refused with {token}."), redactor.text(token), str(redactor.json({"message": token}))]
    told.append(redactor.encoded({"words": f"said {token}"}).decode())

    assert all("Ab_9" not in one and "***" in one for one in told)
