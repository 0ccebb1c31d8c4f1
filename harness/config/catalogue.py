"""Every setting that ``acceptance.toml`` may hold: its kind, bounds, default, and the option that overrides it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from harness.config.told import Waits

__all__ = ["BY_NAME", "SECTIONS", "SETTINGS", "TOKEN_VARIABLE", "Kind", "Setting"]

TOKEN_VARIABLE = "ACCEPTANCE_PARTNER_TOKEN"  # noqa: S105 - a variable's name
PREFIX = "ACCEPTANCE_"


class Kind(StrEnum):
    """What a value may be."""

    TEXT = "text"
    CHOICE = "choice"
    ADDRESS = "address"
    PATH = "path"
    INSTANT = "instant"
    WHOLE = "whole"
    SECONDS = "seconds"
    SWITCH = "switch"
    TABLE = "table"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. ``least`` and ``most`` are inclusive; ``option`` is empty where no option overrides it."""

    name: str
    kind: Kind
    about: str
    example: object
    default: object = None
    least: float | None = None
    most: float | None = None
    option: str = ""
    columns: tuple[str, ...] = ()
    """What each row may have, where the value is rows."""

    @property
    def section(self) -> str:
        """The table of the file in which it stands."""
        return self.name.partition(".")[0]

    @property
    def key(self) -> str:
        """Its name within the table."""
        return self.name.partition(".")[2]

    @property
    def variable(self) -> str:
        """The environment variable that overrides the file."""
        return PREFIX + self.name.replace(".", "_").upper()

    @property
    def parameter(self) -> str:
        """The option as a parameter's name, such as ``partner_token_file``."""
        return self.option.removeprefix("--").replace("-", "_")


SECTIONS: Mapping[str, str] = {
    "partner": "The system to test. Without an address it is the reference stub.",
    "sandbox": "The embedded Docplanner sandbox.",
    "docplanner": "A Docplanner that is not embedded, for the assemblies api and live. Its secret stands elsewhere.",
    "run": "How a run plays.",
    "report": "The pages of a run.",
    "meeting": "The acceptance session: what the protocol says of it. What is left out is a line to write on.",
    "waits": "How long to wait, in seconds.",
}

WAITED: Mapping[str, str] = {
    "change_s": "Staff act, Docplanner shows it.",
    "news_push_s": "Something happens at Docplanner, the system shows it; by push.",
    "news_pull_extra_s": "The same by pull, on top of the system's own pull interval.",
    "recovery_s": "After a refusal for haste, an error, a cut connection or an outage.",
    "quiet_s": "A system that does not tell its activity counts as settled after so long without an exchange.",
    "settled_s": "A wait ends early where activity has said for so long that nothing is under way; 0 for never.",
}

SETTINGS: tuple[Setting, ...] = (
    Setting("partner.url", Kind.ADDRESS, "Where its control contract is.", "http://127.0.0.1:8400", option="--partner"),
    Setting(
        "partner.token_file",
        Kind.PATH,
        f"File with its token, readable by you alone. {TOKEN_VARIABLE} goes first.",
        "partner-token",
        option="--partner-token-file",
    ),
    Setting(
        "partner.token_keyring",
        Kind.TEXT,
        "Or the service under which the machine's keyring has the token, for user 'acceptance'.",
        "docplanner-acceptance",
    ),
    Setting(
        "sandbox.marketplace",
        Kind.CHOICE,
        "Whose language and time zone it has.",
        "znanylekarz.pl",
        "znanylekarz.pl",
        option="--marketplace",
    ),
    Setting(
        "sandbox.profile",
        Kind.CHOICE,
        "How it does what is open.",
        "documented",
        "documented",
        option="--profile",
    ),
    Setting("sandbox.port", Kind.WHOLE, "Its port; 0 for any.", 8300, 0, 0, 65535, "--sandbox-port"),
    Setting("sandbox.listen", Kind.TEXT, "The address it listens on.", "127.0.0.1", "127.0.0.1", option="--listen"),
    Setting(
        "sandbox.public_url",
        Kind.ADDRESS,
        "How a system on another host reaches it.",
        "http://testhost:8300",
        option="--public-url",
    ),
    Setting(
        "sandbox.gateway",
        Kind.SWITCH,
        "Whether the recording gateway stands in between.",
        example=False,
        default=False,
        option="--gateway",
    ),
    Setting(
        "docplanner.at",
        Kind.TEXT,
        "Its address, or the marketplace of which it is.",
        "znanylekarz.pl",
        option="--docplanner",
    ),
    Setting(
        "docplanner.credentials_file",
        Kind.PATH,
        "JSON with client_id, client_secret and, where needed, callback_api_key and tester_nin, readable by you alone. "
        "ACCEPTANCE_CLIENT_ID and _SECRET go first.",
        "docplanner.json",
        option="--credentials-file",
    ),
    Setting(
        "docplanner.credentials_keyring",
        Kind.TEXT,
        "Or the service under which the machine's keyring has them, each for a user of its name.",
        "docplanner-sandbox",
    ),
    Setting("docplanner.facilities", Kind.TEXT, "Ids of the clinics that may be written to, apart by blanks.", "17 18"),
    Setting("docplanner.tester_phone", Kind.TEXT, "The tester's own: all messages go there.", "+48500700700"),
    Setting("docplanner.tester_email", Kind.TEXT, "The tester's own.", "tester@clinic.example"),
    Setting(
        "docplanner.notification_port",
        Kind.WHOLE,
        "Port of the gateway to which it was told to push; left out: it pushes to the system directly.",
        8301,
        least=1,
        most=65535,
    ),
    Setting(
        "docplanner.callback_api_key_header",
        Kind.TEXT,
        "Header in which notifications carry their key, if one is agreed. The key stands with the credentials, or in "
        "ACCEPTANCE_CALLBACK_API_KEY.",
        "X-Api-Key",
        "X-Api-Key",
    ),
    Setting("docplanner.ca_file", Kind.PATH, "Certificates to trust beside the machine's own, in PEM.", "ca.pem"),
    Setting(
        "run.assembly",
        Kind.CHOICE,
        "Which systems meet on a Docplanner that is not embedded: live is your own there, api the reference stub.",
        "live",
        option="--assembly",
    ),
    Setting("run.delivery", Kind.CHOICE, "How news reaches the system.", "push", option="--delivery"),
    Setting(
        "run.jobs",
        Kind.WHOLE,
        "How many scenarios run at a time; with the reference clinic 8 where nothing is said.",
        4,
        4,
        1,
        32,
        "--jobs",
    ),
    Setting("run.pace", Kind.CHOICE, "Whether writes are spaced.", "free", "free", option="--pace"),
    Setting("run.seed", Kind.WHOLE, "Seed of names and orders; left out: drawn.", 7, option="--seed"),
    Setting(
        "run.begin",
        Kind.INSTANT,
        "What time it is when a run begins; the system must share the clock.",
        "2027-03-27T12:00:00+01:00",
        option="--begin",
    ),
    Setting(
        "run.most_writes",
        Kind.WHOLE,
        "How many writes may be made to a real Docplanner, but for undoing.",
        120,
        120,
        1,
        2400,
        "--most-writes",
    ),
    Setting("run.histories", Kind.WHOLE, "How many random histories are played.", 3, 3, 1, 500, "--histories"),
    Setting("run.history_length", Kind.WHOLE, "The most that happens in one.", 14, 14, 3, 60, "--history-length"),
    Setting("run.output", Kind.PATH, "Where the report goes.", "reports/out/mine", option="--output"),
    Setting(
        "report.language",
        Kind.CHOICE,
        "The language of the verdict page's headings and labels; auto: that of the marketplace.",
        "auto",
        "en",
        option="--language",
    ),
    Setting("meeting.held", Kind.TEXT, "When it is held, in your words.", "1 December 2026, 10:00", option="--held"),
    Setting("meeting.place", Kind.TEXT, "Where it is held.", "video call", option="--place"),
    Setting(
        "meeting.participants",
        Kind.ROWS,
        "Who takes part.",
        [{"role": "integration specialist", "organisation": "Docplanner"}],
        option="--participant",
        columns=("name", "role", "organisation"),
    ),
    *(
        Setting(f"waits.{one.name}", Kind.SECONDS, WAITED[one.name], one.default, one.default, 0)
        for one in fields(Waits)
    ),
    Setting("sandbox.settings", Kind.TABLE, "Its settings in place of the profile's.", {"replace_reach": "whole_day"}),
)
"""The order is that of the file within each section; the table of the sandbox's settings is last, as TOML wants it."""

BY_NAME: Mapping[str, Setting] = {one.name: one for one in SETTINGS}
