"""The rooms of ARCHITECTURE.md use only rooms below them."""

from __future__ import annotations

from pathlib import Path

from importlinter.application.use_cases import create_report, read_user_options
from importlinter.configuration import configure
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract
from importlinter.domain.contract import registry

ROOT = Path(__file__).parents[2]
CONTRACTS = {"layers": LayersContract, "forbidden": ForbiddenContract}


def test_every_room_uses_only_rooms_below_it() -> None:
    """The contracts in .importlinter are kept."""
    configure()
    for name, kind in CONTRACTS.items():
        registry.register(kind, name)
    report = create_report(read_user_options(str(ROOT / ".importlinter")), cache_dir=None)

    broken = [
        f"{contract.name}: {check.metadata}" for contract, check in report.get_contracts_and_checks() if not check.kept
    ]

    assert not report.could_not_run
    assert not broken
    assert report.contracts
