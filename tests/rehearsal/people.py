"""The people of a rehearsal: patient and doctor at the second sandbox, and staff at the system where that is asked."""

from __future__ import annotations

import os
from dataclasses import replace

import httpx
from clerk import Clerk
from hands import Hands

from harness.marketplace.embedded import EmbeddedMarketplace
from harness.operator.port import Answer, Question, Task, Who
from harness.vocabulary import Calendar


class People:
    """Answers by who is asked; what stands in a task about the system's connection is completed by its owner."""

    def __init__(self, control_url: str, token: str, client_id: str, facility: str, system: str | None) -> None:
        self._docplanner = EmbeddedMarketplace(
            control_url, token=token, client_id=client_id, transport=httpx.HTTPTransport()
        )
        self._facility = facility
        self._hands = Hands(self._docplanner, self._calendar)
        self._clerk = Clerk(system) if system else None

    def answer(self, asked: Task | Question) -> Answer:
        """What whoever is asked would say."""
        if asked.who is Who.STAFF:
            assert self._clerk is not None, asked.words
            if asked.verb == "connect" and isinstance(asked, Task):
                secret = os.environ["ACCEPTANCE_CLIENT_SECRET"]
                asked = replace(asked, details={**asked.details, "client_secret": secret})
            return self._clerk.answer(asked)
        assert isinstance(asked, Task), asked.words
        return self._hands.do(asked)

    def _calendar(self, address: str) -> Calendar:
        clinics = [clinic for clinic, _ in self._docplanner.estate() if clinic.id == self._facility]
        return next(
            one for clinic in clinics for doctor in clinic.doctors for one in doctor.calendars if str(one.id) == address
        )
