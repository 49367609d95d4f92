"""A slip keeps its words in the records and comes back the same, or not at all."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.paper import document as d
from pos.paper import slips
from tests.paper.house import SLIPS

words = st.text(max_size=60)
blocks = st.one_of(
    st.builds(d.Heading, text=words, level=st.sampled_from([1, 2, 3])),
    st.builds(
        d.Text,
        text=words,
        align=st.sampled_from(d.Align),
        weight=st.sampled_from(d.Weight),
        size=st.sampled_from(d.Size),
    ),
    st.builds(d.Row, left=words, right=words, size=st.sampled_from(d.Size)),
    st.builds(d.Fact, label=words, fact=words),
    st.builds(d.Rule, line=st.sampled_from(d.Line)),
    st.builds(d.Table, head=st.just(("a", "b")), rows=st.lists(st.tuples(words, words), max_size=3).map(tuple)),
    st.builds(d.QR, payload=words, align=st.sampled_from(d.Align)),
    st.builds(d.Space, mm=st.integers(1, 100)),
    st.just(d.Picture(width=3, height=2, bits="e0a0")),
    st.just(d.Fold()),
    st.just(d.Cut()),
)


@settings(deadline=None)
@given(st.lists(blocks, max_size=8).map(tuple), words)
def test_what_is_written_is_read_back(blocks: tuple[d.Block, ...], title: str) -> None:
    slip = d.Document(title=title, language="fr", blocks=blocks)
    assert d.from_json(d.to_json(slip)) == slip


@pytest.mark.parametrize("kind", SLIPS)
def test_every_slip_survives_the_records(kind: slips.Kind) -> None:
    kept = json.loads(json.dumps(slips.plain(SLIPS[kind])))
    slip = slips.document(kind, facts=kept, language="en")
    assert d.from_json(d.to_json(slip)) == slip


def slip_with(**changes: object) -> str:
    block = {"kind": "text", "text": "x", "align": "left", "weight": "bold", "size": "small"} | changes
    return json.dumps({"version": 1, "title": "t", "language": "en", "blocks": [block]})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "JSON"),
        ("{}", "blocks"),
        (slip_with(text=5), "blocks.0.text.text"),
        (slip_with(kind="poem"), "kind"),
        (slip_with(size="huge"), "blocks.0.text.size"),
        (slip_with(colour="red"), "colour"),
        (slip_with().replace('"version": 1', '"version": 2'), "version"),
        (slip_with().replace('"en"', '"de"'), "language"),
    ],
)
def test_a_strange_slip_is_refused_with_the_place_and_the_reason(text: str, reason: str) -> None:
    with pytest.raises(d.NotADocument, match=reason):
        d.from_json(text)


def test_a_picture_has_as_many_bits_as_it_says() -> None:
    with pytest.raises(ValueError, match="bits"):
        d.Picture(width=9, height=1, bits="ff")
    good = d.to_json(d.Document(title="t", language="en", blocks=(d.Picture(width=8, height=1, bits="ff"),)))
    with pytest.raises(d.NotADocument, match="hex"):
        d.from_json(good.replace('"ff"', '"fg"'))


def test_a_table_is_whole() -> None:
    with pytest.raises(ValueError, match="head"):
        d.Table(head=("a", "b"), rows=(("1",),))
