"""Closer: a picture of marks, each of which can be touched, is then shown large, and says what it means."""

from kiosk import draw
from kiosk.words import Words
from pos.catalogue.views import HallmarkView, PictureView


def show(picture: PictureView, *, hallmark: HallmarkView, note: str, say: Words, key: str) -> None:
    """The picture in the frame it stands in, cut round its focus; note is what the picture says of itself."""
    struck = {"sponsor": hallmark.sponsor, "fineness": hallmark.fineness, "date": hallmark.date_letter}
    told = {
        "src": picture.src,
        "alt": picture.alt,
        "focus": picture.focus,
        "note": note,
        "hint": say("closer.hint"),
        "marks": [
            {
                "left": mark.left,
                "top": mark.top,
                "name": " · ".join(str(part) for part in (say(f"marks.{mark.name}"), struck.get(mark.name)) if part),
                "means": say(f"marks.{mark.name}_line"),
            }
            for mark in picture.marks
        ],
    }
    draw.part("closer", key=key, told=told, css="vt-closer")
