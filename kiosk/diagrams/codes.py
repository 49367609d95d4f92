"""A QR code as SVG: one path, so that it stays sharp at any size."""

from functools import lru_cache
from itertools import groupby

import qrcode

from kiosk.theme import TOKENS

QUIET = 2  # modules of paper round it; the frame it stands in gives the rest


@lru_cache(64)  # 14 ms each, and a screen that follows its paper is drawn anew every second
def qr(payload: str) -> str:
    """The code of some words, error correction M, dark ink on white."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=QUIET)
    code.add_data(payload)
    code.make(fit=True)
    matrix = code.get_matrix()
    dark = "".join(f"M0 {y}.5{_line(row)}" for y, row in enumerate(matrix))
    size = len(matrix)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="{TOKENS["white"]}" d="M0 0h{size}v{size}H0z"/><path stroke="{TOKENS["ink"]}" d="{dark}"/></svg>'
    )


def _line(row: list[bool]) -> str:
    """One row of modules, each run of dark ones a line, of light ones a step: a fifth of a box for each of them."""
    return "".join(f"{'h' if dark else 'm'}{len(list(run))}{'' if dark else ' 0'}" for dark, run in groupby(row))
