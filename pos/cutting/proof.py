"""The proof: the piece's outline with the words on it as they will be cut, as SVG in millimetres.

Letters are outlines, so that it reads the same on any machine and in any year, without a font.
"""

from html import escape

from pos.cutting.face import face
from pos.cutting.ground import Ground, outline
from pos.cutting.setting import Setting

MARGIN = 1.0
INK, QUIET = "#1E1C1A", "#8A8175"


def svg(found: Setting, *, on: Ground, title: str, salt: str = "") -> str:
    """A line drawing in true size: outline, hole, where the marks stand, and the words in solid ink.

    salt is written into it where its digest is to be shown: nobody then finds the words by trying names.
    """
    wide, tall = on.width + 2 * MARGIN, on.height + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:g}mm" height="{tall:g}mm" '
        f'viewBox="{-MARGIN:g} {-MARGIN:g} {wide:g} {tall:g}"><title>{escape(title)}</title>'
        f"{f'<metadata>{escape(salt)}</metadata>' if salt else ''}"
        f'<path fill="none" fill-rule="evenodd" stroke="{QUIET}" stroke-width=".12" d="{outline(on)}"/>'
        f'{_marks(on)}<path class="words" fill="{INK}" d="{letters(found)}"/></svg>'
    )


def letters(found: Setting, *, scale: float = 1.0) -> str:
    """The words as one path, in mm, or in other units of which `scale` make a millimetre."""
    return "".join(
        face().outline(line.words, x=line.x * scale, y=line.y * scale, cap_mm=found.cap_mm * scale)
        for line in found.lines
    )


def _marks(on: Ground) -> str:
    if on.marks is None:
        return ""
    box = on.marks
    return (
        f'<rect class="marks" x="{box.left:g}" y="{box.top:g}" width="{box.right - box.left:g}" '
        f'height="{box.bottom - box.top:g}" fill="none" stroke="{QUIET}" stroke-width=".1" stroke-dasharray=".6 .4"/>'
    )
