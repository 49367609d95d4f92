"""What the code on a shelf label leads to: a sober page about the kind of piece, which says that it certifies nothing.

The label bears a GS1 Digital Link without a serial, `/01/{gtin}`: nothing in it is signed, so nothing in it is altered.
"""

from collections.abc import Iterator
from html import escape
from typing import Any

from starlette.responses import JSONResponse, Response

from pos.catalogue.articles import ArticleView
from pos.catalogue.gtin import is_demo
from pos.catalogue.views import PictureView
from pos.money import format_money
from pos.web.certificate_json import POLICY
from pos.web.certificate_page import WORDS as OF_CERTIFICATES
from pos.web.certificate_page import marks
from pos.web.sheets import STRICT, sentence, sheet
from pos.words import part_of

WORDS = part_of("web", "label")


def page(article: ArticleView, *, language: str, other: str, house: str) -> Response:
    """The page of a kind of piece; other is the same in the other language."""
    words, common = WORDS[language], OF_CERTIFICATES[language]
    facts = "".join(f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in _facts(article, language))
    demo = f'<p class="quiet">{escape(common["demo"])}</p>' if is_demo(article.gtin) else ""
    body = (
        f'<header><p class="eyebrow">{escape(words["title"])}</p><h1>{escape(article.name[language])}</h1>'
        f'<p class="number">{escape(words["edition"].format(size=article.edition_size))}</p></header>'
        f"{_figure(article.picture, words)}<dl>{facts}</dl>"
        f"<section><h2>{escape(words['label'])}</h2><p>{escape(words['label_line'])}</p>{demo}</section>"
        f'<footer><span></span><a href="{escape(other)}">{escape(common["other"])}</a></footer>'
    )
    title = f"{article.name[language]} – {words['title']}"
    return sheet(body, title=title, language=language, marks=' data-verdict="label"', house=house)


def facts(article: ArticleView, *, language: str, house: str) -> JSONResponse:
    """The same for programs, as docs/label.schema.json describes it; the picture's words in one language."""
    told: dict[str, Any] = {
        "verdict": "label",
        "house": house,
        "gtin": article.gtin,
        "sku": article.sku,
        "name": dict(article.name),
        "capsule": dict(article.capsule),
        "metal": dict(article.metal),
        "fineness": article.fineness,
        "price": {"minor": article.price_minor, "currency": article.currency, "vat_included": True},
        "edition_size": article.edition_size,
        "hallmark": {tongue: marks(dict(article.hallmark), tongue) for tongue in WORDS},
        "picture": _picture(article.picture, language),
        "certifies": False,
    }
    return JSONResponse(told, headers=STRICT | POLICY)


def unknown(*, language: str, house: str, json: bool) -> Response:
    """No such kind of piece: said in words, with 404; never that something was altered."""
    if json:
        return JSONResponse({"error": "unknown"}, 404, headers=STRICT | POLICY)
    words = WORDS[language]
    return sentence(words["unknown"], title=words["title"], language=language, status=404, house=house)


def _facts(article: ArticleView, language: str) -> Iterator[tuple[str, str]]:
    """The rows of the table: a name, and a value that is already escaped."""
    words, common = WORDS[language], OF_CERTIFICATES[language]
    price = format_money(article.price_minor, article.currency, language, whole=True)
    fineness = common["fineness"].format(fineness=article.fineness)
    yield words["price"], escape(words["price_vat"].format(price=price))
    yield common["capsule"], escape(article.capsule[language])
    yield common["metal"], f"{escape(article.metal[language])}<small>{escape(fineness)}</small>"
    yield common["hallmark"], escape(marks(dict(article.hallmark), language))
    yield "GTIN", f"{escape(article.gtin)}<small>{escape(article.sku)}</small>"


def _figure(picture: PictureView | None, words: dict[str, str]) -> str:
    if picture is None:
        return ""
    caption = f"<figcaption>{escape(words['render'])}</figcaption>" if picture.is_render else ""
    return f'<figure><img src="{escape(picture.src)}" alt="{escape(picture.alt)}">{caption}</figure>'


def _picture(picture: PictureView | None, language: str) -> dict[str, Any] | None:
    if picture is None:
        return None
    kind = "render" if picture.is_render else "photograph"
    return {"url": picture.src, "alt": picture.alt, "language": language, "kind": kind}
