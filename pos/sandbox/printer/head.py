"""The print head: reads the queue, command by command, and does what the manual says."""

from collections.abc import Callable
from dataclasses import replace

import qrcode
from PIL import Image

from pos.sandbox.printer.body import Body, Cleared, PowerCut, Stopped
from pos.sandbox.printer.grammar import PREFIXES, Command, read_command
from pos.sandbox.printer.page import ALIGN, Page, Style, dots_mark

PAGES = {
    0: "cp437",
    2: "cp850",
    3: "cp860",
    4: "cp863",
    5: "cp865",
    16: "cp1252",
    17: "cp866",
    18: "cp852",
    19: "cp858",
}
LEVELS = {
    48: qrcode.constants.ERROR_CORRECT_L,
    49: qrcode.constants.ERROR_CORRECT_M,
    50: qrcode.constants.ERROR_CORRECT_Q,
    51: qrcode.constants.ERROR_CORRECT_H,
}
PAUSE = 0.05  # a slip is finished with the process-id request behind its cut, or with silence
Finish = Callable[[Page, bytes], None]


class Head:
    """Works off the body's queue until it is stopped; hands each cut slip, its strip and its bytes, to `finish`."""

    def __init__(self, body: Body, finish: Finish) -> None:
        self.unknown: list[str] = []  # commands it stepped over
        self.process_ids: list[str] = []  # what it was asked to confirm, and did
        self._body = body
        self._finish = finish
        self._page = Page(body.shape.dots)
        self._raw = bytearray()
        self._cut_off: tuple[Page, bytes] | None = None
        self._reset()
        self._default_units()
        self._obey = self._commands()

    def _commands(self) -> dict[str, Callable[[bytes], None]]:
        return {
            "ESC @": lambda _: self._initialise(),
            "ESC !": self._print_mode,
            "ESC E": lambda p: self._restyle(bold=bool(p[0] & 1)),
            "ESC G": lambda p: self._restyle(bold=bool(p[0] & 1)),
            "ESC M": lambda p: self._restyle(face="b" if p[0] in (1, 49) else "a"),
            "ESC a": lambda p: self._restyle(align=ALIGN.get(p[0], 0.0)),
            "ESC $": lambda p: self._page.move_to(self._across(p[0] + 256 * p[1])),
            "ESC p": lambda _: self._body.kick(),
            "ESC 20": lambda p: self._restyle(tracking=self._across(p[0])),
            "ESC 2": lambda _: self._restyle(leading=round(self._body.shape.dpi / 6)),
            "ESC 3": lambda p: self._restyle(leading=self._down(p[0])),
            "ESC t": lambda p: self._code_page(p[0]),
            "ESC d": self._feed_lines,
            "ESC J": lambda p: self._feed_units(p[0]),
            "ESC *": self._columns_of_dots,
            "GS !": lambda p: self._restyle(wide=(p[0] >> 4 & 7) + 1, tall=(p[0] & 7) + 1),
            "GS P": self._motion_units,
            "GS V": self._cut,
            "GS v": self._raster,
            "GS a": lambda p: self._body.automatic_status(p[0]),
            "GS r": self._transmit_status,
            "GS ( H": self._process_id,
            "GS ( k": self._two_dimensional,
        }

    def run(self) -> None:
        """Print what comes. Ends when the sandbox is closed."""
        while True:
            try:
                self._next()
            except PowerCut:
                self._body.begin_afresh()
                self._reset()
                self._default_units()
                self._page.drop_line()
            except Cleared:
                self._body.begin_afresh()
                self._page.drop_line()
                self._hand_over()
            except Stopped:
                self._hand_over()
                return

    def _next(self) -> None:
        if self._cut_off and self._body.nothing_comes(PAUSE):
            self._hand_over()
        byte = self._take(1)[0]
        command = read_command(self._take, byte) if byte in PREFIXES else None
        if command is None or command.name != "GS ( H":
            self._hand_over()
        if command:
            self._do(command)
        else:
            self._print(byte)

    def _print(self, byte: int) -> None:
        if byte == 0x0A:
            self._move(self._page.feed_line(self._style))
        elif byte >= 0x20:
            letter = bytes([byte]).decode(self._page_name, "replace")
            self._move(self._page.write(letter, self._style))
        elif byte not in (0x00, 0x0D):
            self.unknown.append(f"{byte:02X}")

    def _do(self, command: Command) -> None:
        obey = self._obey.get(command.name)
        if obey:
            obey(command.parameters)
        elif not command.known or not command.name.startswith("DLE"):  # DLE was obeyed when it came in
            self.unknown.append(command.name)

    def _take(self, count: int) -> bytes:
        data = self._body.take(count)
        self._raw += data
        return data

    def _move(self, dots: int) -> None:
        if dots:
            self._body.advance(dots)

    # Settings

    def _reset(self) -> None:
        self._style, self._page_name, self._qr = Style(), "cp437", _Qr()

    def _default_units(self) -> None:
        self._unit_across = self._unit_down = (1, 2)  # dots a unit, as a fraction: half a dot until GS P says otherwise

    def _initialise(self) -> None:
        """ESC @: settings as at power-on, the unfinished line forgotten; received bytes and printed paper stay."""
        self._body.automatic_status(0)
        self._page.drop_line()
        self._reset()
        self._default_units()
        if not self._page.marks:
            del self._raw[:-2]  # what came before printed nothing: the slip begins here

    def _restyle(self, **changes: object) -> None:
        self._style = replace(self._style, **changes)  # type: ignore[arg-type]

    def _print_mode(self, parameters: bytes) -> None:
        mode = parameters[0]
        self._restyle(
            face="b" if mode & 1 else "a", bold=bool(mode & 8), tall=2 if mode & 16 else 1, wide=2 if mode & 32 else 1
        )

    def _code_page(self, slot: int) -> None:
        if slot not in PAGES:
            self.unknown.append(f"ESC t {slot}")
        self._page_name = PAGES.get(slot, "cp437")

    def _motion_units(self, parameters: bytes) -> None:
        dpi = self._body.shape.dpi
        self._unit_across = (dpi, parameters[0]) if parameters[0] else (1, 2)
        self._unit_down = (dpi, parameters[1]) if parameters[1] else (1, 2)

    def _across(self, units: int) -> int:
        return units * self._unit_across[0] // self._unit_across[1]

    def _down(self, units: int) -> int:
        return units * self._unit_down[0] // self._unit_down[1]

    # Paper

    def _feed_lines(self, parameters: bytes) -> None:
        for _ in range(parameters[0]):
            self._move(self._page.feed_line(self._style))

    def _feed_units(self, units: int) -> None:
        self._finish_line()
        self._move(self._page.feed(self._down(units)))

    def _finish_line(self) -> None:
        if self._page.line:
            self._move(self._page.feed_line(self._style))

    def _cut(self, parameters: bytes) -> None:
        self._finish_line()
        if len(parameters) > 1:
            self._move(self._page.feed(self._down(parameters[1])))
        self._body.cut()
        if self._page.marks:
            self._cut_off = self._page, bytes(self._raw)
        self._page = Page(self._body.shape.dots)
        self._raw.clear()

    def _hand_over(self) -> None:
        """Let the cut slip fall into the tray."""
        if self._cut_off:
            page, raw = self._cut_off
            self._cut_off = None
            self._finish(page, raw)

    # Pictures

    def _raster(self, parameters: bytes) -> None:
        _, mode, xl, xh, yl, yh = parameters
        row_bytes, rows = xl + 256 * xh, yl + 256 * yh
        scale = (2 if mode & 1 else 1, 2 if mode & 2 else 1)
        self._finish_line()
        data = bytearray()
        at = self._page.place(row_bytes * 8 * scale[0], self._style)
        self._page.put(dots_mark(data, row_bytes=row_bytes, at=at, scale=scale))
        for _ in range(rows):
            data += self._take(row_bytes)
            self._move(self._page.feed(scale[1]))

    def _columns_of_dots(self, parameters: bytes) -> None:
        mode, low, high = parameters
        deep = 3 if mode in (32, 33) else 1
        for _ in range(low + 256 * high):
            self._take(deep)
        self.unknown.append("ESC *")  # read past, not drawn: the shop sends rows, never columns

    def _two_dimensional(self, parameters: bytes) -> None:
        kind, function = parameters[0], parameters[1]
        if kind != 49:
            self.unknown.append(f"GS ( k {kind}")
        elif function == 67:
            self._qr.module_dots = parameters[2]
        elif function == 69:
            self._qr.level = parameters[2]
        elif function == 80:
            self._qr.payload = parameters[3:]
        elif function == 81:
            self._finish_line()
            image = self._qr.draw()
            at = self._page.place(image.width, self._style)
            self._page.put(lambda strip: strip.paste(1, at, image))
            self._move(self._page.feed(image.height))

    # Replies

    def _transmit_status(self, parameters: bytes) -> None:
        if parameters[0] in (1, 49) and not self._body.faults.no_fence:
            self._body.say(self._body.paper_sensor())

    def _process_id(self, parameters: bytes) -> None:
        """GS ( H function 48: told when everything before it is on paper."""
        if len(parameters) != 6 or parameters[0] != 0x30:
            self.unknown.append("GS ( H")
            return
        if self._body.faults.proof_after is not None:
            self._body.pause(self._body.faults.proof_after)
        if not self._body.faults.no_process_id:
            self.process_ids.append(parameters[2:].decode("ascii", "replace"))
            self._body.say(b"\x37\x22" + parameters[2:] + b"\0")
        if self._cut_off:
            page, raw = self._cut_off
            self._cut_off = page, raw + bytes(self._raw)
            self._raw.clear()
        self._hand_over()


class _Qr:
    """The QR code that the printer is told about bit by bit."""

    def __init__(self) -> None:
        self.module_dots, self.level, self.payload = 3, 48, b""

    def draw(self) -> Image.Image:
        code = qrcode.QRCode(error_correction=LEVELS.get(self.level, LEVELS[48]), border=0)
        code.add_data(self.payload)
        code.make(fit=True)
        matrix = code.get_matrix()
        image = Image.new("1", (len(matrix), len(matrix)))
        image.putdata([255 * bool(module) for row in matrix for module in row])
        side = len(matrix) * self.module_dots
        return image.resize((side, side), Image.Resampling.NEAREST)
