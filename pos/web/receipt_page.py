"""A receipt as a public page: block by block what the paper says, for a phone and for a printer at home."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from itertools import groupby
from zoneinfo import ZoneInfo

from starlette.responses import HTMLResponse

from pos.paper import document as d
from pos.paper.dots import qr_matrix
from pos.paper.html import safe
from pos.web.sheets import sheet
from pos.words import part_of, written

WORDS = part_of("web", "receipt")
QUIET = 4  # modules of white around a code (ISO/IEC 18004)


def page(slip: d.Document, *, until: datetime, zone: str) -> HTMLResponse:
    """The page of a receipt, in its own language; until is when its address opens it no more."""
    day = written.on(until.astimezone(ZoneInfo(zone)).date(), slip.language, f"{written.DATE} y")
    ends = escape(WORDS[slip.language]["until"].format(day=day))
    said = "".join(map(_html, slip.blocks))
    body = f'<article class="receipt">{said}<footer><p class="quiet">{ends}</p></footer></article>'
    return sheet(body, title=slip.title, language=slip.language)


def _html(block: d.Block) -> str:
    match block:
        case d.Heading():
            return f"<h{block.level}>{safe(block.text)}</h{block.level}>"
        case d.Text():
            return f'<p class="{block.size} {block.weight} {block.align}">{safe(block.text)}</p>'
        case d.Row():
            return _pair(block.left, block.right, looks=f"{block.size} {block.weight}")
        case d.Fact():
            return _pair(block.label, block.fact, looks=d.Size.NORMAL)
        case d.Table():
            return _table(block)
        case _:
            return _drawn(block)


def _drawn(block: d.Rule | d.Space | d.QR | d.Picture | d.Ruler | d.Fold | d.Cut) -> str:
    match block:
        case d.Rule():
            return f'<hr class="{block.line}">'
        case d.Space():
            return '<div class="mm"></div>' * block.mm
        case d.QR():
            return _dots(qr_matrix(block.payload), quiet=QUIET, alt=block.payload)
        case d.Picture():  # the house's mark above its name, which says it
            return _dots(_burnt(block))
        case d.Ruler() | d.Fold() | d.Cut():  # true on paper only
            return ""


def _pair(left: str, right: str, *, looks: str) -> str:
    return f'<p class="pair {looks}"><span>{safe(left)}</span> <span>{safe(right)}</span></p>'


def _table(block: d.Table) -> str:
    head = "".join(f'<th scope="col">{safe(name)}</th>' for name in block.head)
    rows = "".join(f"<tr>{''.join(f'<td>{safe(entry)}</td>' for entry in row)}</tr>" for row in block.rows)
    return f"<table><tr>{head}</tr>{rows}</table>"


def _dots(rows: Iterable[Sequence[bool]], *, quiet: int = 0, alt: str = "") -> str:
    """A picture of dots as one path, so that no image has to be let in; without words it is an ornament."""
    path, wide, high = "", 0, 0
    for y, row in enumerate(rows):
        x = 0
        for burns, run in groupby(row):
            dots = len(list(run))
            path += f"M{x} {y}h{dots}v1h-{dots}z" if burns else ""
            x += dots
        wide, high = x, y + 1
    box = f"{-quiet} {-quiet} {wide + 2 * quiet} {high + 2 * quiet}"
    says = f'role="img" aria-label="{safe(alt)}"' if alt else 'aria-hidden="true"'
    return f'<svg class="dots" viewBox="{box}" width="{wide + 2 * quiet}" {says}><path d="{path}"/></svg>'


def _burnt(block: d.Picture) -> Iterable[Sequence[bool]]:
    """The rows of a picture, dot by dot: whether it burns."""
    width, bits = (block.width + 7) // 8, bytes.fromhex(block.bits)
    for y in range(block.height):
        row = bits[y * width : (y + 1) * width]
        yield [bool(row[x // 8] & 0x80 >> x % 8) for x in range(block.width)]
