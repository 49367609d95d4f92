"""A house's mark for its slips: black and white, dot for dot, no wider than the paper. Looked at when it is named."""

from pathlib import Path

from PIL import Image, UnidentifiedImageError

from pos.paper.document import Picture
from pos.paper.models import GENERIC_80

WIDEST = GENERIC_80.dots  # narrower paper draws it smaller
TALLEST = 240  # dots, 30 mm: more than that is paper for its own sake


def read_logo(path: Path) -> Picture:
    """The mark in a picture file, ready for facts. Raises ValueError with a reason for whoever named it."""
    try:
        with Image.open(path) as file:
            if file.width > WIDEST or file.height > TALLEST:
                raise ValueError(
                    f"is {file.width} × {file.height} dots; a slip takes {WIDEST} × {TALLEST} at most: make it smaller"
                )
            dots = _black_and_white(file)
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        raise ValueError(f"{path.name} is no picture that can be read: is it there?") from None
    return Picture(width=dots.width, height=dots.height, bits=dots.tobytes().hex())


def _black_and_white(file: Image.Image) -> Image.Image:
    """1 where it burns; what is clear is paper. A grey would be guessed at, so it is refused."""
    whole = file.convert("RGBA")
    on_paper = Image.alpha_composite(Image.new("RGBA", whole.size, "white"), whole).convert("RGB")
    tones = {tone for _, tone in on_paper.getcolors(maxcolors=WIDEST * TALLEST) or []}
    if not tones <= {(0, 0, 0), (255, 255, 255)}:
        raise ValueError("has colours or greys: save it in black and white, 1 bit a dot")
    if len(tones) != 2:
        raise ValueError("is all of one colour")
    return on_paper.convert("L").point(lambda grey: 255 * (grey < 128), mode="1")
