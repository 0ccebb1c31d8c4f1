"""What all rehearsals stand on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rehearsal.second import ROUNDS, Second, second


@pytest.fixture(scope="module", params=range(ROUNDS))
def another(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Second]:
    """One for the runs that are killed."""
    with second(tmp_path_factory.mktemp("killed")) as made:
        yield made
