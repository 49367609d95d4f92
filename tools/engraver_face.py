"""Cuts the engraver's face out of Source Serif (SIL OFL 1.1), which comes with Streamlit: data/fonts/engraver.ttf.

    python tools/engraver_face.py <SourceSerifVariable-Roman…woff2> data/fonts/engraver.ttf

Needs fonttools and brotli; run once, its result is in the repository. The optical size is a small one, whose hairlines
are strong enough to be cut; letters are Latin-1 and Latin Extended-A. A changed OFL font may not bear its reserved
name, so this one has its own.
"""

import sys

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

LETTERS = [*range(0x20, 0x7F), *range(0xA0, 0x180), 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D]
NAME = "Vitrine Engraver"


def cut(source: str, target: str) -> None:
    """Write the face."""
    face = instantiateVariableFont(TTFont(source), {"wght": 400, "opsz": 14})
    options = Options(layout_features=[], hinting=False, name_IDs=[0, 1, 2, 3, 4, 6, 13, 14], notdef_outline=True)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(face)
    for record in face["name"].names:
        if record.nameID in (1, 3, 4, 6):
            record.string = NAME.replace(" ", "") if record.nameID == 6 else NAME
    face.flavor = None
    face["head"].modified = face["head"].created
    face.save(target, reorderTables=True)


if __name__ == "__main__":
    cut(sys.argv[1], sys.argv[2])
