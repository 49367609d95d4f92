"""A document as an e-mail: HTML with its pictures inside, and the same in plain text. Every word is escaped here.

Styles stand on each element and the layout is made of tables: that is what mail programs draw alike. Codes and logos
are PNGs of the message itself (RFC 2392, `cid:`): nothing is fetched, so nobody learns that it was read.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from PIL import Image, ImageOps

from pos.paper import document as d
from pos.paper.dots import qr_matrix
from pos.paper.lettering import clean
from pos.paper.plain_text import plain_text

MODULE, QUIET = 6, 4  # pixels a module of a code, modules of white around it (ISO/IEC 18004)
PAPER, INK, MUTED, RULE = "#F7F4EF", "#1E1C1A", "#6B645C", "#9C7A4B"  # as on the screens
SERIF, SANS = "Georgia,'Times New Roman',serif", "Helvetica,Arial,sans-serif"
PIXELS = {d.Size.SMALL: 13, d.Size.NORMAL: 15, d.Size.TALL: 20, d.Size.LARGE: 26}
HEADINGS = {
    1: f"font:400 26px {SERIF};letter-spacing:.28em;text-transform:uppercase;text-align:center;margin:8px 0",
    2: f"font:600 15px {SANS};letter-spacing:.2em;text-transform:uppercase;text-align:center;margin:8px 0",
    3: f"font:600 12px {SANS};letter-spacing:.12em;text-transform:uppercase;margin:12px 0 4px;color:{MUTED}",
}
RULES = {
    d.Line.FULL: f"border-top:1px solid {RULE};margin:12px 0",
    d.Line.SHORT: f"border-top:1px solid {RULE};margin:14px auto;width:64px",
    d.Line.DOUBLE: f"border-top:3px double {RULE};margin:12px 0",
}
LOOSE, TIGHT = "padding:2px 0;vertical-align:baseline", "padding:2px 8px 2px 0;vertical-align:baseline"


@dataclass(frozen=True)
class Inline:
    """A picture that lies in the message; cid is its name there."""

    cid: str
    png: bytes


@dataclass(frozen=True)
class Mailed:
    """A document as a mail program gets it."""

    title: str
    html: str
    text: str
    pictures: tuple[Inline, ...]


def mailed(document: d.Document, *, above: Iterable[str] = ()) -> Mailed:
    """A document for an e-mail; above are sentences that stand before it. Raises dots.DoesNotFit for a long code."""
    pictures: list[Inline] = []
    body = "".join(_html(block, pictures) for block in document.blocks)
    greeting = "".join(f'<p style="font:400 16px/1.5 {SERIF};margin:0 0 14px">{safe(line)}</p>' for line in above)
    page = (
        f'<!doctype html><html lang="{document.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light">'
        f"<title>{safe(document.title)}</title></head>"
        f'<body style="margin:0;background:{PAPER};color:{INK}">'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" '
        'style="padding:24px 12px"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" '
        f'style="max-width:480px;text-align:left"><tr><td>{greeting}{body}</td></tr></table></td></tr></table>'
        "</body></html>\n"
    )
    return Mailed(document.title, page, plain_text(document, above=above), tuple(pictures))


def safe(words: str) -> str:
    """Words that may stand inside HTML: no mark-up, no control character, breaks kept."""
    return escape(clean(words), quote=True).replace("\n", "<br>")


def _html(block: d.Block, pictures: list[Inline]) -> str:
    match block:
        case d.Heading() | d.Text() | d.Row() | d.Fact() | d.Table():
            return _lettered(block)
        case d.QR():
            return _code(block, pictures)
        case d.Picture():
            return _inline(_drawn(block), alt="", align=block.align, pictures=pictures)
        case d.Ruler():  # a scale is true on paper only
            return ""
        case d.Rule() | d.Space() | d.Fold() | d.Cut():
            return _between(block)


def _between(block: d.Rule | d.Space | d.Fold | d.Cut) -> str:
    match block:
        case d.Rule():
            return f'<div style="{RULES[block.line]}"></div>'
        case d.Space():
            return f'<div style="height:{4 * block.mm}px;line-height:1px">&nbsp;</div>'
        case d.Fold():
            return f'<div style="border-top:1px dashed {MUTED};margin:14px 0"></div>'
        case d.Cut():
            return ""


def _lettered(block: d.Heading | d.Text | d.Row | d.Fact | d.Table) -> str:
    match block:
        case d.Heading():
            return f'<h{block.level} style="{HEADINGS[block.level]}">{safe(block.text)}</h{block.level}>'
        case d.Text():
            weight = 600 if block.weight is d.Weight.BOLD else 400
            style = f"font:{weight} {PIXELS[block.size]}px/1.45 {SANS};margin:2px 0;text-align:{_side(block.align)}"
            return f'<p style="{style}">{safe(block.text)}</p>'
        case d.Row():
            return _pair(block.left, block.right, size=block.size, bold=block.weight is d.Weight.BOLD)
        case d.Fact():
            return _pair(block.label, block.fact, size=d.Size.NORMAL, bold=False, quiet=True)
        case d.Table():
            return _table(block)


def _pair(left: str, right: str, *, size: d.Size, bold: bool, quiet: bool = False) -> str:
    font = f"font:{600 if bold else 400} {PIXELS[size]}px/1.45 {SANS}"
    label = f"{font};color:{MUTED}" if quiet else font
    return (
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr>'
        f'<td style="{label};{TIGHT}">{safe(left)}</td>'
        f'<td align="right" style="{font};{LOOSE};text-align:right">{safe(right)}</td></tr></table>'
    )


def _table(block: d.Table) -> str:
    font = f"{PIXELS[d.Size.SMALL]}px/1.45 {SANS}"
    sides = ["left"] + ["right"] * (len(block.head) - 1)
    head = "".join(
        f'<th scope="col" align="{side}" style="font:600 {font};{LOOSE}">{safe(name)}</th>'
        for name, side in zip(block.head, sides, strict=True)
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td align="{side}" style="font:400 {font};{LOOSE}">{safe(entry)}</td>'
            for entry, side in zip(row, sides, strict=True)
        )
        + "</tr>"
        for row in block.rows
    )
    return f'<table width="100%" cellpadding="0" cellspacing="0"><tr>{head}</tr>{rows}</table>'


def _code(block: d.QR, pictures: list[Inline]) -> str:
    """A code to scan from another screen; an address is a link too, for whoever reads it on the phone itself."""
    drawn = _inline(_qr(block.payload), alt=block.payload, align=block.align, pictures=pictures)
    if not block.payload.startswith("https://"):
        return drawn
    return f'<a href="{escape(clean(block.payload), quote=True)}" style="text-decoration:none">{drawn}</a>'


def _inline(picture: Image.Image, *, alt: str, align: d.Align, pictures: list[Inline]) -> str:
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    cid = f"picture{len(pictures) + 1}"
    pictures.append(Inline(cid, file.getvalue()))
    return (
        f'<div style="text-align:{_side(align)};margin:8px 0"><img src="cid:{cid}" alt="{safe(alt)}" '
        f'width="{min(picture.width, 320)}" style="max-width:100%;height:auto;border:0;background:#fff"></div>'
    )


def _side(align: d.Align) -> str:
    return {d.Align.LEFT: "left", d.Align.CENTRE: "center", d.Align.RIGHT: "right"}[align]


def _qr(payload: str) -> Image.Image:
    matrix = qr_matrix(payload)
    small = Image.new("1", (len(matrix), len(matrix)), 1)
    small.putdata([0 if module else 255 for row in matrix for module in row])
    small = ImageOps.expand(small, border=QUIET, fill=255)
    return small.resize((small.width * MODULE, small.height * MODULE), Image.Resampling.NEAREST)


def _drawn(block: d.Picture) -> Image.Image:
    row = (block.width + 7) // 8 * 8
    dots = Image.frombytes("1", (row, block.height), bytes.fromhex(block.bits))
    return ImageOps.invert(dots.crop((0, 0, block.width, block.height)))
