"""Known secrets taken out of texts, however they are spelled there.

A secret is found as it is, percent-encoded (once or more), escaped as in JSON or HTML, and inside base64 at any
alignment. Where a mixture of spellings defeats the exact replacement, the whole text goes: nothing secret stays.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from urllib.parse import unquote, unquote_plus

from harness.errors import ConfigurationError

__all__ = ["MASK", "SHORTEST", "SecretText"]

MASK = "***"
"""Stands in the place of a secret."""
SHORTEST = 6
"""Characters; anything shorter occurs by chance, and masking it would mask everything."""
DEEPEST = 3
"""Layers of encoding that are looked through."""
ESCAPED_IN_JSON = frozenset('"\\/\b\f\n\r\t')
ESCAPED_IN_HTML = frozenset("&<>\"'")
JSON_LETTERS = {"\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t"}
JSON_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
BASE64 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=")


class SecretText:
    """A set of secrets, ready to be looked for. Never changes: another set is another object."""

    def __init__(self, secrets: Iterable[str]) -> None:
        """Take ``secrets``; spaces around one do not belong to it.

        Raises:
            ConfigurationError: one is too short to be told from other text.
        """
        self.secrets = tuple(sorted({secret.strip() for secret in secrets}, key=lambda one: (-len(one), one)))
        if self.secrets and len(self.secrets[-1]) < SHORTEST:
            message = (
                f"A secret of {len(self.secrets[-1])} characters cannot be kept out of the report: "
                f"text like it occurs by chance."
            )
            raise ConfigurationError(message, hint=f"Use a token, secret or key of at least {SHORTEST} characters.")
        self._cores = tuple(sorted({core for secret in self.secrets for core in _base64_cores(secret)}))
        self._needles = (*self.secrets, *self._cores)
        self._decoders = tuple(self._needed_decoders())

    def __repr__(self) -> str:
        return f"SecretText({len(self.secrets)} secrets)"

    def occur_in(self, text: str) -> bool:
        """Whether a secret occurs in ``text``, in any spelling."""
        needles = self._needles
        for form in self._forms(text):
            for needle in needles:  # a plain loop: every journal line is searched
                if needle in form:
                    return True
        return False

    def replaced(self, text: str) -> str:
        """``text`` with a mask in the place of each secret."""
        if not self.occur_in(text):
            return text
        for secret in self.secrets:
            text = text.replace(secret, MASK)
        for core in self._cores:
            text = _without_base64(text, core)
        text = self._spelled.sub(MASK, text)
        return MASK if self.occur_in(text) else text

    def _forms(self, text: str) -> Iterator[str]:
        """``text``, and what it says once the encodings in it are undone."""
        known = {text}
        layer = [text]
        yield text
        for _ in range(DEEPEST):
            deeper: list[str] = []
            for form in layer:
                for mark, decode in self._decoders:
                    if mark in form and (plain := decode(form)) not in known:
                        known.add(plain)
                        deeper.append(plain)
                        yield plain
            if not deeper:
                return
            layer = deeper

    def _needed_decoders(self) -> Iterator[tuple[str, Callable[[str], str]]]:
        """How encodings are undone, with what gives them away; left out what no secret could be hidden by."""
        characters = frozenset().union(*self.secrets)
        yield "%", unquote
        yield (
            (r"\u", _without_json_escapes) if characters.isdisjoint(ESCAPED_IN_JSON) else ("\\", _without_json_escapes)
        )
        yield ("&#", html.unescape) if characters.isdisjoint(ESCAPED_IN_HTML) else ("&", html.unescape)
        if any(character.isspace() for character in characters):
            yield "+", unquote_plus

    @cached_property
    def _spelled(self) -> re.Pattern[str]:
        return re.compile("|".join("".join(map(_spellings, secret)) for secret in self.secrets))


def _spellings(character: str) -> str:
    """A pattern for one character: itself, or as percent-encoding, JSON or HTML write it."""
    octets = character.encode("utf-8", "surrogatepass")
    percent = "".join(f"%(?:25)*(?i:{octet:02x})" for octet in octets)
    units = character.encode("utf-16-be", "surrogatepass")
    json_escape = "".join(rf"\\{{1,8}}u(?i:{units[at : at + 2].hex()})" for at in range(0, len(units), 2))
    ways = [re.escape(character), percent, json_escape]
    ways += [f"&(?:amp;)?#0{{0,8}}{ord(character)};?", f"&(?:amp;)?#[xX]0{{0,8}}(?i:{ord(character):x});?"]
    if character in ESCAPED_IN_JSON:
        ways.append(r"\\{1,8}" + re.escape(JSON_LETTERS.get(character, character)))
    if character in ESCAPED_IN_HTML:
        ways.append(re.escape(html.escape(character)))
    if character == " ":
        ways.append(r"\+")
    return f"(?:{'|'.join(ways)})"


def _without_json_escapes(text: str) -> str:
    letters = {letter: character for character, letter in JSON_LETTERS.items()}
    plain = JSON_ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else letters.get(found[2], found[2]), text)
    # Two escapes may be the halves of one character.
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _without_base64(text: str, core: str) -> str:
    """``text`` with a mask for each run of base64 that holds ``core``."""
    kept: list[str] = []
    begin = 0
    while (found := text.find(core, begin)) >= 0:
        first, last = found, found + len(core)
        while first > begin and text[first - 1] in BASE64:
            first -= 1
        while last < len(text) and text[last] in BASE64:
            last += 1
        kept += [text[begin:first], MASK]
        begin = last
    return "".join([*kept, text[begin:]])


def _base64_cores(secret: str) -> Iterator[str]:
    """What base64 makes of ``secret`` whatever stands before and after it: one text for each of three alignments."""
    octets = secret.encode("utf-8", "surrogatepass")
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + octets).decode("ascii")
        first = -(-before * 8 // 6)
        last = (before + len(octets)) * 8 // 6
        yield encoded[first:last]
        yield encoded[first:last].replace("+", "-").replace("/", "_")
