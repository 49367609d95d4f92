"""Pictures made of dots: hairlines, QR codes, logos. A dot is 1 where it burns; a row is a whole number of bytes."""

from dataclasses import dataclass
from functools import lru_cache

import qrcode
from PIL import Image
from qrcode.exceptions import DataOverflowError

from pos.paper import document as d

# DLE EOT, DLE ENQ, DLE DC4: a printer may obey these even inside a picture (status, recover, drawer kick).
REAL_TIME = (b"\x10\x04", b"\x10\x05", b"\x10\x14")
QR_DOTS = (5, 4, 3)  # dots a module: 5 reads best from thermal paper (30.6 mm for a signed address); less if it must


class DoesNotFit(ValueError):
    """A QR code is wider than the paper, even at the smallest size that a phone still reads, or cannot be at all."""


@dataclass(frozen=True, kw_only=True)
class Bitmap:
    """A picture ready for the print head; width is a multiple of 8 dots."""

    width: int
    height: int
    data: bytes
    align: d.Align

    def image(self) -> Image.Image:
        """The same as a Pillow picture, 1 where it burns."""
        return Image.frombytes("1", (self.width, self.height), self.data)


def pack(page: Image.Image, *, align: d.Align) -> Bitmap:
    """A Pillow picture (1 where it burns) as rows of bytes, harmless to printers that listen inside pictures."""
    width = (page.width + 7) // 8 * 8
    sheet = Image.new("1", (width, page.height))
    sheet.paste(page, (0, 0))
    return Bitmap(width=width, height=page.height, data=defused(sheet.tobytes()), align=align)


def defused(data: bytes) -> bytes:
    """The same dots, with one dot more wherever they would read as a real-time command."""
    for command in REAL_TIME:
        data = data.replace(command, bytes([0x18, command[1]]))
    return data


def hairline(dots: int, *, rows: int = 1, pattern: int = 0xFFFF) -> Bitmap:
    """A fine line in the middle of the paper; pattern is sixteen dots, repeated."""
    data = (pattern.to_bytes(2, "big") * (dots // 16 + 1))[: dots // 8]
    return Bitmap(width=len(data) * 8, height=rows, data=data * rows, align=d.Align.CENTRE)


def picture(block: d.Picture, *, most: int) -> Bitmap:
    """A document's picture; one that is wider than the paper is drawn smaller."""
    row = (block.width + 7) // 8 * 8
    page = Image.frombytes("1", (row, block.height), bytes.fromhex(block.bits)).crop((0, 0, block.width, block.height))
    if block.width > most:
        size = (most, max(1, round(block.height * most / block.width)))
        page = (
            page.convert("L").resize(size, Image.Resampling.LANCZOS).point(lambda grey: 255 * (grey >= 128), mode="1")
        )
    return pack(page, align=block.align)


@lru_cache(maxsize=64)
def qr_matrix(payload: str) -> tuple[tuple[bool, ...], ...]:
    """The modules of a QR code, error correction M, without its quiet zone."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(payload)
    try:
        code.make(fit=True)
    except (ValueError, DataOverflowError) as wrong:  # the library says either
        raise DoesNotFit("more letters than a QR code can hold") from wrong
    return tuple(tuple(map(bool, row)) for row in code.get_matrix())


def qr_modules(payload: str, *, most: int) -> tuple[int, int]:
    """How many modules wide, and how many dots a module, so that code and quiet zone fit on so many dots."""
    modules = len(qr_matrix(payload))
    for dots in QR_DOTS:
        if (modules + 8) * dots <= most:
            return modules, dots
    raise DoesNotFit(f"a QR code of {modules} modules does not fit on {most} dots")


def qr_picture(payload: str, *, module_dots: int, align: d.Align) -> Bitmap:
    """The code as dots. Its quiet zone is the white paper around it; only towards an edge is it part of the picture."""
    matrix = qr_matrix(payload)
    small = Image.new("1", (len(matrix), len(matrix)))
    small.putdata([255 * module for row in matrix for module in row])
    side, quiet = len(matrix) * module_dots, 0 if align is d.Align.CENTRE else 4 * module_dots
    page = Image.new("1", (side + quiet, side))
    page.paste(small.resize((side, side), Image.Resampling.NEAREST), (quiet if align is d.Align.LEFT else 0, 0))
    return pack(page, align=align)
