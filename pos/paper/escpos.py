"""A document as the bytes of an ESC/POS printer.

The bytes stand alone: they begin with the printer's reset and end with the cut. Proof of print (GS ( H) is asked for by
`connection`, which sends them.
"""

from PIL import ImageOps

from pos.paper import document as d
from pos.paper.dots import Bitmap
from pos.paper.layout import Feed, Knife, NativeQr, Set, set_for
from pos.paper.library import Dummy, Encoder
from pos.paper.lines import Letters, Style
from pos.paper.models import PrinterModel

ALIGN = {d.Align.LEFT: "left", d.Align.CENTRE: "center", d.Align.RIGHT: "right"}


def render(document: d.Document, *, model: PrinterModel) -> bytes:
    """Set a document for a printer and write it in the printer's language.

    Raises dots.DoesNotFit if a QR code is wider than the paper.
    """
    pen = _Pen(model)
    for item in set_for(document, model=model):
        pen.write(item)
    return pen.bytes()


def drawer_pulse(*, model: PrinterModel) -> bytes:
    """The bytes that open the cash drawer at a printer: a tenth of a second on pin 2, where drawers hang (ESC p)."""
    printer = Dummy(profile=model.profile)
    printer.hw("INIT")
    printer.cashdraw(2)
    return bytes(printer.output)


class _Pen:
    """One slip being written. A fresh one each time: after a reset the library does not choose its code page again."""

    def __init__(self, model: PrinterModel) -> None:
        pages = Encoder({page: str(slot) for page, slot in model.code_pages})
        self._model = model
        self._printer = Dummy(profile=model.profile, magic_encode_args={"encoder": pages})
        self._printer.hw("INIT")
        # GS P: from here all distances are dots; printers differ in what they assume.
        self._printer._raw(bytes((0x1D, 0x50, model.dpi, model.dpi)))
        self._printer.charcode(model.code_pages[0][0])
        self._printer.charcode("AUTO")
        self._style: dict[str, object] = {}

    def bytes(self) -> bytes:
        return bytes(self._printer.output)

    def write(self, item: Set) -> None:
        match item:
            case Letters():
                self._letters(item)
            case Bitmap():
                self._aligned(item.align)
                self._printer.image(ImageOps.invert(item.image()))
            case NativeQr():
                self._aligned(item.align)
                self._printer.qr(item.payload, native=True, ec=1, size=item.module_dots)
            case Feed():
                self._feed(item.dots)
            case Knife():
                self._cut()

    def _letters(self, line: Letters) -> None:
        self._aligned(line.align)
        if self._new("leading", line.leading):
            self._printer.line_spacing(line.leading)
        reached = 0
        for run in line.runs:
            if run.x != reached:
                self._printer._raw(b"\x1b$" + run.x.to_bytes(2, "little"))  # ESC $: so many dots from the left edge
            self._styled(run.style)
            self._text(run.text)
            reached = run.x + run.style.advance(run.text)
        self._printer.ln()

    def _text(self, text: str) -> None:
        """The library looks each letter up in its code pages; plain letters have the same code in all of them."""
        if text.isascii() and self._printer.magic.encoding:
            self._printer._raw(text.encode("ascii"))
        else:
            self._printer.text(text)

    def _styled(self, style: Style) -> None:
        if self._new("face", style.face):
            self._printer.set(font=style.face)
        if self._new("bold", style.bold):
            self._printer.set(bold=style.bold)
        if self._new("size", (style.wide, style.tall)):
            self._printer.set(custom_size=True, width=style.wide, height=style.tall)
        if self._new("tracking", style.tracking):
            self._printer._raw(bytes((0x1B, 0x20, style.tracking)))  # ESC SP: white at the right of each letter

    def _aligned(self, align: d.Align) -> None:
        if self._new("align", align):
            self._printer.set(align=ALIGN[align])

    def _feed(self, dots: int) -> None:
        while dots > 0:
            step = min(dots, 255)
            self._printer._raw(bytes((0x1B, 0x4A, step)))  # ESC J
            dots -= step

    def _cut(self) -> None:
        if self._model.cut:
            self._printer.cut(feed=False)  # GS V B 0: to the knife, and all but a bridge
        else:
            self._feed(self._model.dots_of(20))  # to the tear bar

    def _new(self, what: str, value: object) -> bool:
        if self._style.get(what) == value:
            return False
        self._style[what] = value
        return True
