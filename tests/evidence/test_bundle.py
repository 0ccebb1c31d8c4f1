"""A bundle is made of a run, and whatever is changed in it is refused with the file named."""

from __future__ import annotations

import email
import email.policy
import io
import json
import os
import shutil
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from evidence.runs import NOON, call, run_in
from hypothesis import given
from hypothesis import strategies as st
from runs import LONG
from typer.testing import CliRunner

from harness.cli.app import app
from harness.errors import ConfigurationError
from harness.evidence import wrapper
from harness.evidence.bundle import bundle_of
from harness.evidence.contents import Manifest
from harness.evidence.signing import PublicKey, SigningKey
from harness.evidence.verification import Proof, Verification, verify
from reports.protocol import Meeting, Participant, Protocol
from reports.trend import Night
from reports.verdict_page import write_verdict_page

EVERY = 1 if LONG else 23
"""Of which bytes of a bundle is each changed in turn."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run's directory."""
    calls = [call("getFacilities", answer={"_items": [{"id": "1"}]}), call("getSlots", 404, {"message": "no"})]
    return run_in(tmp_path_factory.mktemp("run"), calls)


@pytest.fixture(scope="module")
def bundle(run: Path) -> bytes:
    """Its bundle."""
    return bundle_of(run)[0]


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A new key, and its public half beside it with ``.pub``."""
    path, made = tmp_path / "key", Ed25519PrivateKey.generate()
    path.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    public = made.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    Path(f"{path}.pub").write_bytes(public)
    path.chmod(0o600)
    return path


def said(found: Verification) -> str:
    """Everything that does not hold."""
    return "; ".join(f"{one.name}: {one.said}" for one in found.checks if one.proof is not Proof.HOLDS)


def test_a_bundle_as_it_was_made_holds(bundle: bytes, run: Path) -> None:
    """And the same run gives the same bytes again."""
    found = verify(bundle)

    assert (found.proof, said(found)) == (Proof.HOLDS, "")
    assert len(found.checks) == 6
    assert bundle_of(run)[0] == bundle


def test_it_holds_what_a_specialist_needs(bundle: bytes) -> None:
    """Pages, verdict, journal, traffic, versions, configuration, sums; and opens with any zip program."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        names = set(archive.namelist())
        har = json.loads(archive.read("traffic.har"))
        configuration = json.loads(archive.read("configuration.json"))

    needed = {"MANIFEST.json", "verdict.html", "verdict.json", "journal.jsonl", "versions.json", "configuration.json"}
    assert needed < names
    assert [one["response"]["status"] for one in har["log"]["entries"]] == [200, 404]
    assert har["log"]["entries"][0]["request"]["queryString"] == [
        {"name": "start", "value": "2026-11-24"},
        {"name": "end", "value": ""},
    ]
    assert configuration["seed"] == 7


def test_whatever_byte_is_altered_it_is_refused(bundle: bytes) -> None:
    """Wherever it stands: in a file, in a name, in a date, in what the zip says of itself."""
    for place in range(0, len(bundle), EVERY):
        altered = bytearray(bundle)
        altered[place] ^= 0x41
        assert verify(bytes(altered)).proof is Proof.BROKEN, f"byte {place}"


@given(data=st.data())
def test_whatever_is_cut_out_or_put_in_it_is_refused(bundle: bytes, data: st.DataObject) -> None:
    """Truncated, spliced, doubled: it is never taken for a bundle, and never an error of ours."""
    start = data.draw(st.integers(0, len(bundle)))
    end = data.draw(st.integers(start, min(len(bundle), start + 300)))
    other = data.draw(st.binary(max_size=60))
    altered = bundle[:start] + other + bundle[end:]

    assert (verify(altered).proof is Proof.HOLDS) == (altered == bundle)


@pytest.mark.parametrize("name", ["journal.jsonl", "verdict.html", "traffic.har", "versions.json"])
def test_a_file_with_one_byte_altered_is_named(bundle: bytes, name: str) -> None:
    """Packed again properly, so that the sums alone can tell."""
    files = wrapper.unpack(bundle)
    files[name] = files[name][:-3] + b"#" + files[name][-2:]

    assert f"{name} was altered" in said(verify(wrapper.pack(files)))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda files: files.pop("traffic.har"), "traffic.har is missing"),
        (lambda files: files.__setitem__("extra.txt", b"x"), "extra.txt was added"),
        (lambda files: files.pop("MANIFEST.json"), "MANIFEST.json: it cannot be read"),
    ],
)
def test_files_that_are_missing_or_added_are_named(
    bundle: bytes, change: Callable[[dict[str, bytes]], object], told: str
) -> None:
    """Nothing is there that the manifest does not name, and all that it names."""
    files = wrapper.unpack(bundle)
    change(files)

    assert told in said(verify(wrapper.pack(files)))


def forged(bundle: bytes, change: Callable[[dict[str, bytes]], object]) -> Verification:
    """What comes of a bundle whose files were changed and whose sums were made to fit."""
    files = wrapper.unpack(bundle)
    del files["MANIFEST.json"]
    change(files)
    manifest = Manifest.of(json.loads(files["verdict.json"]), files).encoded()
    return verify(wrapper.pack({"MANIFEST.json": manifest} | dict(sorted(files.items()))))


def test_a_verdict_that_does_not_follow_from_the_journal_is_refused(bundle: bytes) -> None:
    """Though every sum fits: the checks are made again."""

    def brighten(files: dict[str, bytes]) -> None:
        files["verdict.json"] = files["verdict.json"].replace(b'"verdict": "not proven"', b'"verdict": "accepted"')

    found = forged(bundle, brighten)

    assert found.proof is Proof.BROKEN
    assert "verdict.json says 'accepted', the journal 'not proven'" in said(found)


def test_a_page_that_does_not_follow_from_the_verdict_is_refused(bundle: bytes) -> None:
    """Nor one on which somebody wrote something nicer."""

    def brighten(files: dict[str, bytes]) -> None:
        files["verdict.html"] = files["verdict.html"].replace(b"Not proven", b"Accepted").replace(b"NOT", b"")

    assert "verdict.html shows something else" in said(forged(bundle, brighten))


def test_a_protocol_goes_with_its_page(run: Path, tmp_path: Path) -> None:
    """Language, session and nights are made again too; told otherwise than on the page they are refused."""
    mine = shutil.copytree(run, tmp_path / "run")
    meeting = Meeting("1 December", "video call", (Participant("", "specialist", "Docplanner"),))
    protocol = Protocol("pl", meeting, (Night(NOON, "accepted", {"passed": 3}),), {"s": "1"})
    verdict = json.loads((mine / "verdict.json").read_text())
    (mine / "protocol.json").write_bytes(protocol.encoded())
    write_verdict_page(verdict, mine / "journal.jsonl", mine / "verdict.html", protocol=protocol)
    bundle, _ = bundle_of(mine)

    other = replace(protocol, meeting=replace(meeting, held="2 December")).encoded()
    found = forged(bundle, lambda files: files.update({"protocol.json": other}))

    assert verify(bundle).proof is Proof.HOLDS
    assert "the page follows from the verdict: verdict.html shows something else" in said(found)


def test_traffic_that_is_not_that_of_the_journal_is_refused(bundle: bytes) -> None:
    """The archive is made again too."""

    def hide(files: dict[str, bytes]) -> None:
        files["traffic.har"] = files["traffic.har"].replace(b'"status": 404', b'"status": 200')

    assert "traffic.har shows other traffic" in said(forged(bundle, hide))


def test_what_another_version_made_otherwise_is_not_called_forged(tmp_path: Path) -> None:
    """Its verdict may have other fields: nobody can tell, and the version to ask is named."""
    run = run_in(tmp_path / "run", harness={"version": "0.0.1", "python": "3.11.7"})
    verdict = run / "verdict.json"
    verdict.write_text(verdict.read_text(encoding="utf-8").replace('"counts"', '"older_counts"'), encoding="utf-8")
    found = verify(bundle_of(run)[0])

    assert found.proof is Proof.UNKNOWN
    assert "version 0.0.1 made it" in said(found)


def test_a_signed_bundle_names_the_key(run: Path, key: Path) -> None:
    """Who has the public key sees that it was that one; who has none sees its fingerprint."""
    signing, public = SigningKey.read(key), PublicKey.read(Path(f"{key}.pub"))
    signed, _ = bundle_of(run, key=signing)

    assert signing.public == public
    assert verify(signed).proof is Proof.HOLDS
    assert public.fingerprint in verify(signed).checks[-1].said
    assert verify(signed, public_key=public).proof is Proof.HOLDS


def test_a_signature_of_another_or_of_something_else_is_refused(run: Path, bundle: bytes, key: Path) -> None:
    """So is a bundle that nobody signed, where a key was named."""
    public = PublicKey.read(Path(f"{key}.pub"))
    signed, _ = bundle_of(run, key=SigningKey.read(key))
    files = wrapper.unpack(signed)
    signature = json.loads(files["MANIFEST.sig.json"])
    made = bytearray(b64decode(signature["signature"]))
    made[0] ^= 1
    files["MANIFEST.sig.json"] = json.dumps(signature | {"signature": b64encode(made).decode()}).encode()

    assert "does not fit the manifest" in said(verify(wrapper.pack(files)))
    assert "nobody signed it" in said(verify(bundle, public_key=public))
    assert "expected SHA256:" in said(verify(signed, public_key=PublicKey(bytes(31) + b"\1")))


@pytest.mark.parametrize(
    ("content", "mode", "told"),
    [(None, 0o644, "others than you"), (b"nothing", 0o600, "no key that can be read")],
)
@pytest.mark.skipif(os.name != "posix", reason="who may read a file is told otherwise there")
def test_a_key_that_cannot_be_used_says_why(key: Path, content: bytes | None, mode: int, told: str) -> None:
    """One that others can read is no secret."""
    if content is not None:
        key.write_bytes(content)
    key.chmod(mode)

    with pytest.raises(ConfigurationError, match=told):
        SigningKey.read(key)


def test_the_letter_is_a_draft_with_the_bundle_attached(run: Path, tmp_path: Path) -> None:
    """Mail programs open it for editing; the required outcomes stand in its text."""
    made = tmp_path / "b.zip"
    told = CliRunner().invoke(app, ["bundle", str(run), "--output", str(made), "--mail", str(tmp_path / "l.eml")])
    letter = email.message_from_bytes((tmp_path / "l.eml").read_bytes(), policy=email.policy.default)
    attached = next(letter.iter_attachments())
    text = letter.get_body(("plain",))

    assert told.exit_code == 0
    assert (letter["To"], letter["X-Unsent"]) == ("integrations@docplanner.com", "1")
    assert letter["Subject"] == "Acceptance run of Clinic 1: not proven"
    assert attached.get_content() == made.read_bytes()
    assert text is not None
    assert "DP-MAP-01" in text.get_content()


def test_files_in_the_way_are_left_alone(run: Path, tmp_path: Path) -> None:
    """Unless they are to be replaced."""
    there = tmp_path / "b.zip"
    there.write_text("mine")
    refused = CliRunner().invoke(app, ["bundle", str(run), "--output", str(there)])
    kept = there.read_text()
    replaced = CliRunner().invoke(app, ["bundle", str(run), "--output", str(there), "--force"])

    assert "is there already" in str(refused.exception)
    assert kept == "mine"
    assert replaced.exit_code == 0


def test_verify_tells_in_words_and_for_machines(bundle: bytes, tmp_path: Path) -> None:
    """With the exit code of the worst check."""
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    good.write_bytes(bundle)
    bad.write_bytes(bundle[:-1])
    words = CliRunner().invoke(app, ["verify", str(good)])
    machine = CliRunner().invoke(app, ["verify", str(bad), "--json"])

    assert (words.exit_code, machine.exit_code) == (0, 1)
    assert "VERIFIED: run r-1, which says: not proven" in words.stdout
    assert json.loads(machine.stdout)["result"] == "does not hold"


@pytest.mark.parametrize("missing", ["journal.jsonl", "verdict.json", "verdict.html"])
def test_a_directory_that_is_no_run_is_refused(run: Path, tmp_path: Path, missing: str) -> None:
    """What is missing is named."""
    shutil.copytree(run, tmp_path / "run")
    (tmp_path / "run" / missing).unlink()

    with pytest.raises(ConfigurationError, match=missing):
        bundle_of(tmp_path / "run")
