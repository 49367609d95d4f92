"""What a printer says: its replies told apart, and its state in words.

Bits as in Epson's ESC/POS reference for DLE EOT n (real-time status) and GS a (automatic status back, ASB).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pos.words import part_of

XON, XOFF = 0x11, 0x13
BLOCK_HEADS = (0x35, 0x37, 0x3B, 0x3D, 0x5F)
PROCESS_ID_HEAD = b"\x37\x22"  # reply of GS ( H function 48: these two, the four characters, and 00
PROCESS_ID_FIRST, PROCESS_ID_LETTERS, PROCESS_ID_LENGTH = 0x21, 94, 4  # "!" to "~"


class Cause(StrEnum):
    """Why a printer does not print."""

    COVER_OPEN = "cover_open"
    PAPER_OUT = "paper_out"
    CUTTER = "cutter"
    ERROR = "error"
    OFFLINE = "offline"
    UNREACHABLE = "unreachable"
    SILENT = "silent"


_WORDS = part_of("paper", "printer")
SENTENCES: dict[str, dict[Cause | None, str]] = {
    language: {None: words["ready"]} | {cause: words[cause] for cause in Cause} for language, words in _WORDS.items()
}


@dataclass(frozen=True, kw_only=True)
class PrinterStatus:
    """A printer's state at one moment; cause is what to mend first, None if it can print."""

    online: bool
    paper_out: bool = False
    cover_open: bool = False
    cutter_jammed: bool = False
    error: bool = False
    near_end: bool = False
    cause: Cause | None = None

    @property
    def ready(self) -> bool:
        """It can print now."""
        return self.cause is None

    def sentence(self, language: str) -> str:
        """The state in one sentence for staff, in `en` or `fr`."""
        return SENTENCES[language][self.cause]


def absent(cause: Cause) -> PrinterStatus:
    """The state of a printer that gave no answer."""
    return PrinterStatus(online=False, cause=cause)


def from_real_time(answers: Sequence[int]) -> PrinterStatus:
    """The state told by the four answers to DLE EOT 1, 2, 3 and 4."""
    printer, offline, error, paper = answers
    return _status(
        online=not printer & 0x08,
        cover_open=bool(offline & 0x04),
        paper_out=bool(offline & 0x20) or paper & 0x60 == 0x60,
        cutter_jammed=bool(error & 0x08),
        error=bool(offline & 0x40) or bool(error & 0x20),
        near_end=paper & 0x0C == 0x0C,
    )


def from_asb(block: bytes) -> PrinterStatus:
    """The state told by the four bytes of automatic status back."""
    return _status(
        online=not block[0] & 0x08,
        cover_open=bool(block[0] & 0x20),
        paper_out=block[2] & 0x0C == 0x0C,
        cutter_jammed=bool(block[1] & 0x08),
        error=bool(block[1] & 0x20),
        near_end=block[2] & 0x03 == 0x03,
    )


def _status(
    *, online: bool, cover_open: bool, paper_out: bool, cutter_jammed: bool, error: bool, near_end: bool
) -> PrinterStatus:
    # The cover first: while it is open, some printers keep the old value of the paper-end bit.
    causes = {
        Cause.COVER_OPEN: cover_open,
        Cause.PAPER_OUT: paper_out,
        Cause.CUTTER: cutter_jammed,
        Cause.ERROR: error,
        Cause.OFFLINE: not online,
    }
    return PrinterStatus(
        online=online,
        paper_out=paper_out,
        cover_open=cover_open,
        cutter_jammed=cutter_jammed,
        error=error,
        near_end=near_end,
        cause=next((cause for cause, so in causes.items() if so), None),
    )


@dataclass(frozen=True)
class Flow:
    """XON or XOFF: go on, or wait."""

    go: bool


@dataclass(frozen=True)
class RealTime:
    """One answer to DLE EOT."""

    value: int


@dataclass(frozen=True)
class Asb:
    """Four bytes of automatic status."""

    block: bytes


@dataclass(frozen=True)
class Block:
    """A reply from head to its closing zero, such as the process id."""

    data: bytes

    @property
    def process_id(self) -> str | None:
        """The four characters of a process-id reply; None for any other block."""
        if len(self.data) == 7 and self.data.startswith(PROCESS_ID_HEAD):
            return self.data[2:6].decode("ascii", "replace")
        return None


@dataclass(frozen=True)
class Other:
    """A reply that nobody asked for: a GS r answer, or noise."""

    value: int


Reply = Flow | RealTime | Asb | Block | Other


class Replies:
    """Tells a printer's replies apart by their fixed bits; a reply cut in two by the network waits for its rest."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def feed(self, data: bytes) -> list[Reply]:
        """Take in what came; give back every reply that is whole."""
        self._waiting += data
        found = []
        while self._waiting:
            length = self._length()
            if length > len(self._waiting) or length == 0:
                break
            found.append(_reply(bytes(self._waiting[:length])))
            del self._waiting[:length]
        return found

    def _length(self) -> int:
        """How many bytes the first reply has; 0 if its end has not come yet."""
        first = self._waiting[0]
        if first in BLOCK_HEADS:
            return self._waiting.find(0) + 1
        return 4 if first & 0x93 == 0x10 else 1


def _reply(data: bytes) -> Reply:
    first = data[0]
    if first in (XON, XOFF):
        return Flow(first == XON)
    if first in BLOCK_HEADS:
        return Block(data)
    if first & 0x93 == 0x10:
        return Asb(data)
    return RealTime(first) if first & 0x93 == 0x12 else Other(first)


def process_id(number: int) -> str:
    """The four characters that name a job to the printer, from a counter that is never used twice (0 to 94^4 - 1).

    Raises ValueError beyond, after 78 million slips.
    """
    if not 0 <= number < PROCESS_ID_LETTERS**PROCESS_ID_LENGTH:
        raise ValueError(f"no process id for {number}")
    letters = ""
    for _ in range(PROCESS_ID_LENGTH):
        number, letter = divmod(number, PROCESS_ID_LETTERS)
        letters = chr(PROCESS_ID_FIRST + letter) + letters
    return letters
