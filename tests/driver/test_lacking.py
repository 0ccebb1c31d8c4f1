"""A capability that is not declared: its refusal is seen, and nothing is believed without."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from driver.scenes import scene_of, settings

from harness.driver.outcomes import NotApplicable, NotProven
from harness.driver.scene import Scene
from harness.errors import ContractBroken, PartnerError, PartnerRefused, PartnerUnreachable, Unsupported
from harness.recorder.line import Actor


def asking(scene: Scene, answer: PartnerError | None) -> Callable[[], object]:
    """What asks the partner system, which answers so; None for a success."""

    def do(_: object) -> None:
        if answer is not None:
            raise answer

    return lambda: scene.act(Actor.STAFF, "Staff confirm", do)


def test_what_is_declared_is_not_asked_for() -> None:
    """The scenario itself shows what comes of it."""
    scene, _, lines = scene_of(settings(["confirm"]))

    scene.need("confirm", asking(scene, None))

    assert not lines


def test_a_refusal_with_501_is_not_applicable() -> None:
    """And stands in the journal."""
    scene, _, lines = scene_of(settings())

    with pytest.raises(NotApplicable, match="does not declare the capability confirm, and refuses it"):
        scene.need("confirm", asking(scene, Unsupported("no such thing", status=501, error="unsupported")))

    assert [one.body["state"] for one in lines] == ["intended", "refused"]


@pytest.mark.parametrize(
    ("answer", "reason", "told"),
    [
        (None, "precondition unmet", "does it when asked; declare it"),
        (PartnerRefused("404", status=404, error="not_found"), "arrangement refused", "answer 501, or declare it"),
        (PartnerRefused("409", status=409, error="conflict"), "arrangement refused", "answer 501, or declare it"),
        (ContractBroken("a page of HTML"), "could not tell", "answer 501, or declare it"),
        (PartnerUnreachable("silence"), "could not tell", "answer 501, or declare it"),
    ],
)
def test_anything_else_is_not_proven(answer: PartnerError | None, reason: str, told: str) -> None:
    """Done, or refused in another way: never passed, never not applicable, and what to do stands there."""
    scene, _, _ = scene_of(settings())

    with pytest.raises(NotProven, match=told) as caught:
        scene.need("confirm", asking(scene, answer))

    assert (caught.value.reason, caught.value.blame) == (reason, "partner")


def test_what_nothing_asks_for_is_believed() -> None:
    """The control contract has no call that could be refused for want of real-time checks."""
    scene, _, _ = scene_of(settings())

    with pytest.raises(NotApplicable, match="asks for nothing that it could refuse"):
        scene.need("realtime")
