"""Places where a secret stands, known or not: credentials in headers, fields of JSON, forms and addresses."""

from __future__ import annotations

import re
from functools import lru_cache

from harness.recorder.secret_text import MASK

__all__ = ["OWN_TOKEN_PREFIX", "is_secret_field", "is_secret_header", "masked_header", "without_secret_fields"]

FIELDS = ("client_secret", "access_token", "refresh_token", "id_token", "callback_api_key", "api_key", "password")
"""Names of fields, however they are cased, with or without a ``_``."""
HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})
HEADER_PARTS = ("apikey", "token", "secret", "password")
"""Parts of the names of headers, once ``-`` and ``_`` are left out."""
HINTS = ("secret", "token", "api", "password", "bearer", "basic", "://")
"""One of them stands, in lower case, in every text that has a place for a secret."""
OWN_TOKEN_PREFIX = "dptoken-"  # noqa: S105 - how tokens begin, no token
"""How every access token of the embedded sandbox begins: it is made in one process and may come up in any other."""
SHORTEST_PLACE = 9
"""Characters of the shortest text with a place for a secret: ``api_key=x``, and some that leave the ``_`` out."""

_SQUEEZED = frozenset(name.replace("_", "") for name in FIELDS)
_NAMES = "|".join(name.replace("_", "[_-]?") for name in FIELDS)
_PLACES = (
    # JSON that could not be read as JSON, also as text within JSON: the quotes may be escaped, all alike.
    (
        '"',
        re.compile(
            rf'(?P<before>(?P<escape>\\{{0,15}})"(?:{_NAMES})(?P=escape)"[ \t]*:\s*)'
            rf'(?:(?P=escape)".*?(?:(?<!\\)(?P=escape)"|\Z)|[^\s",}}\]\\]+)',
            re.IGNORECASE | re.DOTALL,
        ),
    ),
    ("=", re.compile(rf"(?P<before>(?<!\w)(?:{_NAMES})=)[^&\s\"'<>]+", re.IGNORECASE)),
    (
        "\n",  # a part of a multipart form
        re.compile(
            rf'(?P<before>\bname="?(?:{_NAMES})"?[^\n]*\n(?:[^\r\n]+\r?\n)*\r?\n).+?(?=\r?\n--|\Z)',
            re.IGNORECASE | re.DOTALL,
        ),
    ),
    # Words of a sentence are shorter than credentials: "Basic authentication" stays.
    (" ", re.compile(r"(?P<before>\b(?:Bearer|Basic)[ \t]+)[A-Za-z0-9+/=._~-]{16,}", re.IGNORECASE)),
    ("@", re.compile(r"(?P<before>://)[^/?#\s]+(?=@)")),
)
"""What each pattern cannot do without, and the pattern."""
_OWN_TOKEN = re.compile(rf"{OWN_TOKEN_PREFIX}[\w-]+")
_SCHEME = re.compile(r"(basic|bearer|digest)\s+\S", re.IGNORECASE)


@lru_cache(maxsize=4096)
def is_secret_field(name: str) -> bool:
    """Whether a field of that name holds a secret."""
    return name.replace("_", "").replace("-", "").lower() in _SQUEEZED


@lru_cache(maxsize=1024)
def is_secret_header(name: str) -> bool:
    """Whether a header of that name holds credentials."""
    lowered = name.strip().lower()
    squeezed = lowered.replace("-", "").replace("_", "")
    return lowered in HEADERS or any(part in squeezed for part in HEADER_PARTS)


def masked_header(name: str, value: str) -> str:
    """A header's value without credentials; their scheme stays."""
    if not is_secret_header(name):
        return without_secret_fields(value)
    scheme = _SCHEME.match(value.strip())
    if scheme:
        return f"{scheme[1]} {MASK}"
    return MASK if value else value


def without_secret_fields(text: str) -> str:
    """``text`` with a mask wherever a form, an address, JSON or a sentence has a place for a secret."""
    if OWN_TOKEN_PREFIX in text:
        text = _OWN_TOKEN.sub(MASK, text)
    if len(text) < SHORTEST_PLACE or not ("=" in text or '"' in text or " " in text or "@" in text):
        return text  # as most values of JSON are: every pattern wants one of these
    lowered = text.lower()
    for hint in HINTS:
        if hint in lowered:
            break
    else:
        return text
    for needed, place in _PLACES:
        if needed in text:
            text = place.sub(rf"\g<before>{MASK}", text)
    return text
