"""Whether an answer says what the error catalogue has."""

from __future__ import annotations

import re
from typing import Any

from harness.contract.catalogue import ERRORS

DETAILED = {"SlotsTooFar", "SlotUnderOneMinute", "InvalidArguments", "InvalidDate"}
"""Refusals whose sentences stand in ``errors``, by field or one by one."""


def says(body: dict[str, Any], name: str) -> bool:
    """Its message is the catalogue's, but for words in capitals; where details are due, they are there."""
    pattern = re.sub(r"START|END|SINCE|TILL|IDS|\bID\b", "VALUE", ERRORS[name].message)
    words = ".+".join(re.escape(part) for part in pattern.split("VALUE"))
    return bool(re.fullmatch(words, body["message"])) and (bool(body["errors"]) or name not in DETAILED)
