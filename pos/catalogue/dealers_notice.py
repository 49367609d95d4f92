"""The official dealer's notice: an image its publisher gave out, which a boutique shows whole and unaltered.

Section 11 of the Hallmarking Act 1973 asks for it where customers are; the British Hallmarking Council publishes it.
None ships with the shop: it is not ours to copy.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from pos.catalogue.standing import standing
from pos.shop import Shop

NARROWEST = 800  # pixels: an A4 page of it is then read on a tablet without coming nearer
HEAVIEST = 4_000_000  # bytes


@dataclass(frozen=True)
class NoticeView:
    """The notice of one boutique: its file, size in pixels, version and date, as its publisher names them."""

    file: str
    width: int
    height: int
    version: str
    dated: date


def notice_of(shop: Shop, *, boutique_id: str) -> NoticeView | None:
    """The notice this boutique shows; None where it was given none yet."""
    with shop.glance() as look:
        boutique = standing(shop, look).boutiques.get(boutique_id)
    if boutique is None or boutique.notice is None:
        return None
    return NoticeView(**{**boutique.notice, "dated": date.fromisoformat(boutique.notice["dated"])})


def size_of(path: Path) -> tuple[int, int]:
    """Width and height of a notice's image, in pixels. Raises ValueError with a reason for whoever named it."""
    try:
        with Image.open(path) as image:
            image.load()  # what breaks off in the middle would be shown in part
            size = image.size
        weight = path.stat().st_size
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        raise ValueError(f"{path.name} is no picture that can be read: is it there?") from None
    if size[0] < NARROWEST:
        raise ValueError(f"is {size[0]} pixels wide; to be read whole it needs {NARROWEST}")
    if weight > HEAVIEST:
        raise ValueError(f"has {weight:,} bytes; a tablet takes {HEAVIEST:,} at most")
    return size
