"""Receipt printers as data: how wide, how fine, which letters, what they can do, how far they can be believed.

The library's profiles know neither the newer printers nor the process id (GS ( H), so the shop keeps its own list:
data/reference/printers.toml, a row a model, each with its source.
"""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pos.settings import HOUSE

FILE = HOUSE / "data" / "reference" / "printers.toml"
EPSON_PAGES = (("CP858", 19), ("CP1252", 16), ("CP852", 18))  # ESC t slots; western with €, quotes and dashes, central


class Proof(StrEnum):
    """How a printer shows what became of a slip; only the first shows that it is printed."""

    PROCESS_ID = "process_id"  # GS ( H: answered when the paper is printed
    FENCE = "fence"  # GS r: answered when everything before it is worked off
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class PrinterModel:
    """What the shop must know of a printer to set a slip for it.

    dots is the printable width; paper_dots the strip's; columns_a and columns_b the letters on a line of font A and B;
    native_qr prints QR codes by the printer's own command; proof says how it shows that a slip is printed, tells
    whether it says how it stands; clears whether it forgets what it holds on DLE DC4 8 (Epson's ESC/POS reference names
    those that do; a generic one may not). called is its name for people; source and tried say how far to trust the row.
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
    proof: Proof = Proof.PROCESS_ID
    tells: bool = True
    clears: bool = False
    called: str = ""
    source: str = ""
    tried: str = ""

    def __post_init__(self) -> None:
        # Letters are 12 and 9 dots wide; a printer with other letters needs its own faces (glyphs.FACES).
        if self.columns_a != self.dots // 12 or self.columns_b != self.dots // 9:
            raise ValueError(f"{self.name}: {self.dots} dots are not {self.columns_a} and {self.columns_b} letters")
        if self.proof is not Proof.NONE and not self.tells:
            raise ValueError(f"{self.name}: a printer that says nothing proves nothing")

    def dots_of(self, mm: float) -> int:
        """Millimetres in dots."""
        return round(mm * self.dpi / 25.4)


def read(file: Path) -> dict[str, PrinterModel]:
    """The printers of a file like data/reference/printers.toml. Raises ValueError or TypeError for a wrong row."""
    return {name: _model(name, dict(row)) for name, row in tomllib.loads(file.read_text("utf-8")).items()}


def _model(name: str, row: dict[str, object]) -> PrinterModel:
    pages = tuple((str(page), int(slot)) for page, slot in row.pop("code_pages"))  # type: ignore[attr-defined]
    proof, called = Proof(str(row.pop("proof"))), row.pop("name")
    return PrinterModel(name=name, called=called, code_pages=pages, proof=proof, **row)  # type: ignore[arg-type]


MODELS = read(FILE)
GENERIC_80, GENERIC_58, T88_80 = (MODELS[name] for name in ("generic-80", "generic-58", "t88-80"))
