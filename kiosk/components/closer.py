"""Closer: a picture of marks, each of which can be touched, is then shown large, and says what it means."""

from kiosk.components import kit
from kiosk.words import Words
from pos.catalogue.views import HallmarkView, PictureView

MARKUP = """<div class="frame"><div class="box"><img alt=""></div>
<div class="foot"><p class="told" role="status" aria-atomic="true"><b></b> <span></span></p>
<span class="note"></span></div>
</div>
"""
_closer = kit.component("closer", html=MARKUP)


def show(picture: PictureView, *, hallmark: HallmarkView, note: str, say: Words, key: str) -> None:
    """The picture in the frame it stands in, cut round its focus; note is what the picture says of itself."""
    struck = {"sponsor": hallmark.sponsor, "fineness": hallmark.fineness, "date": hallmark.date_letter}
    data = {
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
    _closer(data=data, key=key)
