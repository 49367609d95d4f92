"""A slip as an e-mail: nothing in it can be anything but words, and what it shows lies in it."""

import io
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from pos.paper import document as d
from pos.paper import slips
from pos.paper.html import mailed
from pos.paper.plain_text import COLUMNS, plain_text
from tests.paper.house import PICKUP, PIECE, SALE, SLIPS, SUPPLIER
from tests.paper.house_papers import HARD, PAPERS
from tests.paper.test_golden import UPDATE
from tests.paper.test_slips import LANGUAGES, slip

GOLDEN = Path(__file__).parent / "golden_mail"
TOLD = SLIPS | PAPERS
VOID = {"meta", "img", "br", "hr"}


class Reader(HTMLParser):
    """Reads a page as a mail program does: its words, its tags, and whether every tag is shut in its turn."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize("kind", TOLD)
@LANGUAGES
def test_the_mail_is_as_it_was(kind: slips.Kind, language: str) -> None:
    """Looked at and found good; renewed as the printed slips are (test_golden.py)."""
    made = mailed(slips.document(kind, facts=slips.plain(TOLD[kind]), language=language))
    for ending, words in (("html", made.html), ("txt", made.text)):
        kept = GOLDEN / f"{kind}-{language}.{ending}"
        if UPDATE:
            GOLDEN.mkdir(exist_ok=True)
            kept.write_text(words, encoding="utf-8")
        assert words == kept.read_text(encoding="utf-8"), kept.name


@pytest.mark.parametrize("kind", TOLD)
def test_every_page_is_whole_and_asks_nobody_for_anything(kind: slips.Kind) -> None:
    made = mailed(slips.document(kind, facts=slips.plain(TOLD[kind]), language="en"))
    page = Reader(made.html)
    sources = [attrs["src"] for tag, attrs in page.tags if tag == "img"]
    assert sources == [f"cid:{picture.cid}" for picture in made.pictures]
    assert not {tag for tag, _ in page.tags} & {"script", "link", "iframe", "object", "form", "style"}


def test_what_a_person_typed_stays_words() -> None:
    typed = '</td><script>alert(1)</script><img src=x onerror=y>"&amp;\u202e\x1b[31m\x00'
    piece = replace(PIECE, name=typed, engraving=(typed, "second line"), supplier=replace(SUPPLIER, name=typed))
    made = mailed(slip("authenticity", piece), above=[typed])
    page = Reader(made.html)
    assert [tag for tag, _ in page.tags if tag in ("script", "img")] == ["img"]
    assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)
    shown = "".join(page.words)
    assert '</td><script>alert(1)</script><img src=x onerror=y>"&amp;' in shown
    assert not any(character in made.html + made.text for character in "\u202e\x1b\x00")


def test_the_code_lies_in_the_mail_and_can_be_read() -> None:
    made = mailed(slip("pickup", PICKUP))
    code = Image.open(io.BytesIO(made.pictures[0].png)).convert("L")
    assert [one.text for one in zxingcpp.read_barcodes(code)] == [PICKUP.payload]
    assert PICKUP.payload in made.text, "letters only: the code is told"


def test_an_address_of_the_world_is_a_link_and_another_code_is_none() -> None:
    links = [attrs["href"] for tag, attrs in Reader(mailed(slip("authenticity", PIECE)).html).tags if tag == "a"]
    assert links == [PIECE.verify_url]
    code = replace(PICKUP, payload="javascript:alert(1)")
    assert [tag for tag, _ in Reader(mailed(slip("pickup", code)).html).tags if tag == "a"] == []


def test_a_logo_lies_in_the_mail_too() -> None:
    logo = d.Picture(width=12, height=2, bits="fff00ff0")
    made = mailed(slip("sales", replace(SALE, supplier=replace(SUPPLIER, logo=logo))))
    with Image.open(io.BytesIO(made.pictures[0].png)) as drawn:
        assert drawn.size == (12, 2)
        assert [drawn.getpixel((x, 1)) for x in (0, 4, 11)] == [255, 0, 0]


@LANGUAGES
def test_plain_text_says_all_of_it_in_short_lines(language: str) -> None:
    text = plain_text(slips.document("sales", facts=slips.plain(HARD), language=language))
    assert max(map(len, text.splitlines())) <= COLUMNS
    for words in ("鳳凰のペンダント", "Łańcuszek z Łodzi", "Zoé’s tag, êtched", "Visa ···· 4242"):
        assert words in text
