"""A QR code as SVG: one path, so that it stays sharp at any size."""

from functools import lru_cache

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
    dark = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, on in enumerate(row) if on)
    size = len(matrix)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="{TOKENS["white"]}" d="M0 0h{size}v{size}H0z"/><path fill="{TOKENS["ink"]}" d="{dark}"/></svg>'
    )
