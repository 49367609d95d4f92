"""Whatever the shop refuses, an operator reads one sentence."""

from collections.abc import Iterator

import pytest

from pos import errors
from pos.cli.sentences import sentence
from pos.errors import ShopError

# Never raised themselves; and the one that names every mistake, a line each, below.
BRANCHES = {errors.Gone, errors.TooLate, errors.NotThis, errors.Outside, errors.CapsuleMistakes}


def _kinds(of: type[ShopError]) -> Iterator[type[ShopError]]:
    for kind in of.__subclasses__():
        yield kind
        yield from _kinds(kind)


@pytest.mark.parametrize("kind", [kind for kind in _kinds(ShopError) if kind not in BRANCHES])
def test_every_refusal_has_a_sentence_with_all_its_facts(kind: type[ShopError]) -> None:
    said = sentence(kind(**{fact: f"<{fact}>" for fact in kind.facts}))
    assert said.endswith((".", ")."))
    assert "\n" not in said
    assert kind.__name__ not in said, "it has no sentence of its own"


def test_every_mistake_of_a_capsule_is_named_at_once() -> None:
    said = sentence(errors.CapsuleMistakes(("capsule.toml: a", "media.toml: b")))
    assert said.splitlines() == ["The capsule was not loaded:", "  capsule.toml: a", "  media.toml: b"]


def test_facts_that_are_missing_do_not_break_a_sentence() -> None:
    assert sentence(errors.SlotFull()) == "The pickup time None at None is full; choose another."
