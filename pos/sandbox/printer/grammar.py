"""How long each ESC/POS command is: enough grammar to read what the shop sends, and to step over what it does not.

Lengths as in Epson's ESC/POS reference. A command here is its two or more leading bytes and its parameters; a picture's
dots stay in the queue, because a printer takes them row by row.
"""

from collections.abc import Callable
from dataclasses import dataclass

DLE, ESC, FS, GS = 0x10, 0x1B, 0x1C, 0x1D
PREFIXES = {DLE: "DLE", ESC: "ESC", FS: "FS", GS: "GS"}
Take = Callable[[int], bytes]

FIXED = {  # parameters after the two leading bytes
    ESC: {
        **dict.fromkeys(b"@2", 0),
        **dict.fromkeys(b"!-aEGMRrtdJ3 {VUTc=%?", 1),
        **dict.fromkeys(b"$\\B", 2),
        **dict.fromkeys(b"p*", 3),
        **dict.fromkeys(b"i", 0),
    },
    FS: {**dict.fromkeys(b"&.", 0), **dict.fromkeys(b"!CW-", 1), **dict.fromkeys(b"Sp", 2)},
    GS: {
        **dict.fromkeys(b"!BarIhwHfb/:", 1),
        **dict.fromkeys(b"PLW$\\^", 2),
    },
}
DLE_PARAMETERS = {0x04: 1, 0x05: 1}
DC4_PARAMETERS = {1: 2, 2: 2, 3: 5, 7: 1, 8: 7}


@dataclass(frozen=True)
class Command:
    """One command, such as `GS v`, its parameters, and whether the grammar knows it."""

    name: str
    parameters: bytes = b""
    known: bool = True


def read_command(take: Take, prefix: int) -> Command:
    """Read the rest of a command whose first byte is DLE, ESC, FS or GS; it waits for bytes that are still to come."""
    letter = take(1)[0]
    name = f"{PREFIXES[prefix]} {chr(letter) if 0x20 < letter < 0x7F else f'{letter:02X}'}"
    if prefix == DLE:
        return _real_time(take, letter, name)
    reader = {(GS, ord("V")): _cut, (GS, ord("v")): _raster, (GS, ord("k")): _barcode, (ESC, ord("D")): _tabs}.get(
        (prefix, letter)
    )
    if reader:
        return Command(name, reader(take))
    if letter == ord("("):
        return _counted(take, name)
    count = FIXED[prefix].get(letter)
    return Command(name, known=False) if count is None else Command(name, take(count))


def _real_time(take: Take, letter: int, name: str) -> Command:
    if letter in DLE_PARAMETERS:
        return Command(name, take(DLE_PARAMETERS[letter]))
    if letter == 0x14:
        function = take(1)
        count = DC4_PARAMETERS.get(function[0])
        return Command(name, function + take(count or 0), known=count is not None)
    return Command(name, known=False)


def _counted(take: Take, name: str) -> Command:
    """`GS ( k` and its kin: a letter, a length, and so many bytes."""
    letter, low, high = take(3)
    return Command(f"{name} {chr(letter)}", _much(take, low + 256 * high))


def _cut(take: Take) -> bytes:
    mode = take(1)
    return mode + take(1) if mode[0] in (65, 66, 97, 98, 103, 104) else mode


def _raster(take: Take) -> bytes:
    """`GS v 0 m xL xH yL yH`: the head only."""
    return take(6)


def _barcode(take: Take) -> bytes:
    kind = take(1)
    if kind[0] >= 65:
        length = take(1)
        return kind + length + take(length[0])
    return kind + _until_zero(take)


def _tabs(take: Take) -> bytes:
    return _until_zero(take)


def _until_zero(take: Take) -> bytes:
    data = b""
    while (byte := take(1)) != b"\0":
        data += byte
    return data + b"\0"


def _much(take: Take, count: int) -> bytes:
    """Data longer than the printer's buffer, in bites."""
    data = bytearray()
    while len(data) < count:
        data += take(min(1024, count - len(data)))
    return bytes(data)
