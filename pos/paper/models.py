"""Receipt printers as data: how wide, how fine, which letters, what they can do.

The library's profiles know neither the newer printers nor the process id (GS ( H), so the shop keeps its own list.
"""

from dataclasses import dataclass

EPSON_PAGES = (("CP858", 19), ("CP1252", 16), ("CP852", 18))  # ESC t slots; western with €, quotes and dashes, central


@dataclass(frozen=True, kw_only=True)
class PrinterModel:
    """What the shop must know of a printer to set a slip for it.

    dots is the printable width; paper_dots the strip's; columns_a and columns_b the letters on a line of font A and B;
    native_qr prints QR codes by the printer's own command; process_id says whether it answers GS ( H (proof of print);
    clears whether it forgets what it holds on DLE DC4 8 (Epson's ESC/POS reference names those that do; a generic one
    may not).
    """

    name: str
    dots: int
    paper_dots: int
    columns_a: int
    columns_b: int
    profile: str  # the library's nearest profile: only its width is used
    dpi: int = 203
    code_pages: tuple[tuple[str, int], ...] = EPSON_PAGES
    native_qr: bool = False
    cut: bool = True
    process_id: bool = True
    clears: bool = False

    def __post_init__(self) -> None:
        # Letters are 12 and 9 dots wide; a printer with other letters needs its own faces (glyphs.FACES).
        if self.columns_a != self.dots // 12 or self.columns_b != self.dots // 9:
            raise ValueError(f"{self.name}: {self.dots} dots are not {self.columns_a} and {self.columns_b} letters")

    def dots_of(self, mm: float) -> int:
        """Millimetres in dots."""
        return round(mm * self.dpi / 25.4)


GENERIC_80 = PrinterModel(
    name="generic-80", dots=576, paper_dots=640, columns_a=48, columns_b=64, profile="TM-T20II",
)  # fmt: skip
GENERIC_58 = PrinterModel(
    name="generic-58", dots=384, paper_dots=464, columns_a=32, columns_b=42, profile="POS-5890",
)  # fmt: skip
# 180 dpi and its own QR command: the long-lived workhorse of many counters.
T88_80 = PrinterModel(
    name="t88-80", dots=512, paper_dots=567, columns_a=42, columns_b=56, profile="TM-T88V", dpi=180, native_qr=True,
    clears=True,
)  # fmt: skip

MODELS = {model.name: model for model in (GENERIC_80, GENERIC_58, T88_80)}
