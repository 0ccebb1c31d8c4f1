"""Every error that the harness raises on purpose, in one tree.

What is wrong with the partner system is never an error here: that is a *finding* (:mod:`harness.verdict.finding`).

::

    HarnessError                    the harness could not do its work
    ├── ConfigurationError          an option, file or address that the user must change
    │   ├── UnknownName             a criterion, area, marketplace, defect ... that does not exist
    │   ├── OutputUnusable          the output directory cannot be written, or holds something else
    │   ├── PortTaken               another program listens there already
    │   └── NotAllowed              a request that could touch what nobody allowed; it was not sent
    ├── PartnerError                the partner system could not be driven
    │   ├── PartnerUnreachable      no answer: nothing is known of what happened
    │   ├── ContractBroken          an answer that the partner control contract does not allow
    │   └── PartnerRefused          an answer that refuses, in the contract's own words
    │       └── Unsupported         the system says that it lacks the capability (501)
    ├── DocplannerError             the Docplanner side could not be driven
    │   ├── DocplannerUnreachable   no answer
    │   ├── DocplannerRefused       the arrangement was refused
    │   └── LimitSpent              the calls that an API client has are used up
    ├── PersonError                 a person who was asked did not do it, or did not see it
    │   ├── PersonSkipped           they would not do it now
    │   ├── PersonCouldNotTell      they do not know
    │   ├── EffectNotShown          they said done, and Docplanner shows nothing of it
    │   └── OperatorGone            nobody answers any more
    ├── NeedsSandbox                only the embedded sandbox can do that
    └── BrokenHarness               a defect of the harness itself
"""

from __future__ import annotations

__all__ = [
    "BrokenHarness",
    "ConfigurationError",
    "ContractBroken",
    "DocplannerError",
    "DocplannerRefused",
    "DocplannerUnreachable",
    "EffectNotShown",
    "HarnessError",
    "LimitSpent",
    "NeedsSandbox",
    "NotAllowed",
    "OperatorGone",
    "OutputUnusable",
    "PartnerError",
    "PartnerRefused",
    "PartnerUnreachable",
    "PersonCouldNotTell",
    "PersonError",
    "PersonSkipped",
    "PortTaken",
    "UnknownName",
    "Unsupported",
]


class HarnessError(Exception):
    """The harness could not do its work; ``hint`` says what to do about it."""

    hint: str = ""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        if hint:
            self.hint = hint

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message} {self.hint}" if self.hint else message


class ConfigurationError(HarnessError):
    """An option, a file or an address that the user must change."""


class UnknownName(ConfigurationError):
    """A criterion, area, marketplace, defect or other name that does not exist."""


class OutputUnusable(ConfigurationError):
    """The output directory cannot be written, or holds something that is not ours."""


class PortTaken(ConfigurationError):
    """Another program listens on the port already."""


class NotAllowed(ConfigurationError):
    """A request that could touch what nobody allowed. It was not sent."""


class PartnerError(HarnessError):
    """The partner system could not be driven."""


class PartnerUnreachable(PartnerError):
    """The partner system gave no answer: nothing is known of what happened."""

    hint = "Is the partner system running, and does it listen on the address given with --partner?"


class ContractBroken(PartnerError):
    """The partner system gave an answer that the partner control contract does not allow."""

    hint = "Compare the answer with harness/contract/partner-control.yaml."


class PartnerRefused(PartnerError):
    """The partner system refused, in the contract's own words.

    ``status`` is the HTTP status; ``error`` the word of the contract, such as ``conflict``.
    """

    def __init__(self, message: str, *, status: int, error: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = error


class Unsupported(PartnerRefused):
    """The partner system says that it lacks the capability (501)."""


class DocplannerError(HarnessError):
    """The Docplanner side could not be driven."""


class DocplannerUnreachable(DocplannerError):
    """The Docplanner side gave no answer."""


class DocplannerRefused(DocplannerError):
    """The Docplanner side refused what the run wanted to arrange.

    ``status`` is the HTTP status; ``error`` the word of the sandbox control contract.
    """

    def __init__(self, message: str, *, status: int, error: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = error


class LimitSpent(DocplannerError):
    """The calls that the API client has are used up, by whoever: nobody is blamed for it."""


class PersonError(HarnessError):
    """A person who was asked did not do it, or did not see it. Nobody is blamed for it."""


class PersonSkipped(PersonError):
    """The person would not do it now."""


class PersonCouldNotTell(PersonError):
    """The person does not know."""


class EffectNotShown(PersonError):
    """The person said done, and Docplanner shows nothing of it."""


class OperatorGone(PersonError):
    """Nobody answers any more."""


class NeedsSandbox(HarnessError):
    """No person can do that, and no real Docplanner offers it: only the embedded sandbox can."""


class BrokenHarness(HarnessError):
    """A defect of the harness itself, never the partner's."""

    hint = "This is a defect of the harness: please report it with the run's journal.jsonl."
