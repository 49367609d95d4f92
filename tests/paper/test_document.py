"""A slip is made from facts that live in the records, and is the same each time."""

import json
from dataclasses import replace

import pytest

from pos.paper import document as d
from pos.paper import slips
from tests.paper.house import PICKUP, SLIPS, SUPPLIER
from tests.paper.house_papers import PAPERS


@pytest.mark.parametrize("kind", SLIPS | PAPERS)
def test_every_slip_survives_the_records(kind: slips.Kind) -> None:
    told = slips.plain((SLIPS | PAPERS)[kind])
    kept = json.loads(json.dumps(told))
    assert slips.document(kind, facts=kept, language="en") == slips.document(kind, facts=told, language="en")


def test_a_logo_survives_the_records() -> None:
    logo = d.Picture(width=8, height=1, bits="ff")
    kept = json.loads(json.dumps(slips.plain(replace(PICKUP, supplier=replace(SUPPLIER, logo=logo)))))
    assert slips.document("pickup", facts=kept, language="en").blocks[0] == logo
    kept["supplier"]["logo"]["colour"] = "red"
    with pytest.raises(ValueError, match="colour"):
        slips.document("pickup", facts=kept, language="en")


@pytest.mark.parametrize(("bits", "reason"), [("ffff", "bits"), ("fg", "hex")])
def test_a_picture_has_as_many_bits_as_it_says(bits: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        d.Picture(width=8, height=1, bits=bits)


def test_a_table_is_whole() -> None:
    with pytest.raises(ValueError, match="head"):
        d.Table(head=("a", "b"), rows=(("1",),))
