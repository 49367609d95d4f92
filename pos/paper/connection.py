"""One slip sent over one fresh connection, and what is known of it afterwards.

    connect ─▶ real-time status ─▶ reset, automatic status ─▶ before_first_byte() ─▶ slip, process id ─▶ echo
       └──────── NOT_STARTED: no byte of the slip was sent ────────┘                  └─ UNKNOWN ─┘       └─ CONFIRMED

A printer may print what it holds long after the line is lost. So UNKNOWN is not failed: a person must look. One that
cannot say that it has printed (models.Proof) makes it SENT at best: all of it left, and nothing went wrong to be seen.
"""

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from enum import StrEnum

from pos.models import Connection
from pos.paper import cups
from pos.paper.models import Proof
from pos.paper.status import (
    Asb,
    Block,
    Cause,
    Flow,
    Other,
    PrinterStatus,
    RealTime,
    Reply,
    absent,
    from_asb,
    from_real_time,
)
from pos.paper.wire import CHUNK, TROUBLE, Address, Limits, Wire, open_wire

RESET = b"\x1b@"
ASB_ON, ASB_OFF = b"\x1da\x0f", b"\x1da\x00"
CUT = b"\x1dV\x42\x00"
CLEAR, CLEARED = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08", b"\x37\x25\x00"  # DLE DC4 function 8, and its answer
# A slip broken off inside a picture leaves the printer waiting for dots: white ones complete it. The library sends a
# picture in parts of at most 960 rows; the widest paper has 72 bytes a row.
WHITE = bytes(72 * 960)
PULSE_NOW = b"\x10\x14\x01\x00\x02"  # DLE DC4 function 1: the drawer at pin 2, for 0.2 s, also without paper
NOBODY_THERE = (Cause.UNREACHABLE, Cause.SILENT)
TICK = 0.25  # seconds between two looks at the clock and at give_up


class Sent(StrEnum):
    """What is known of a slip that was sent."""

    CONFIRMED = "confirmed"  # the printer itself said that it was printed
    SENT = "sent"  # all of it left, to a printer that cannot say so
    NOT_STARTED = "not_started"  # no byte of it left the shop: it may be sent again
    UNKNOWN = "unknown"  # some of it did, and no proof came: never sent again by itself


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one slip; cause and status are the printer's last word, seconds the whole time it took."""

    state: Sent
    bytes_sent: int = 0
    cause: Cause | None = None
    status: PrinterStatus
    seconds: float


def status(address: Address, *, limits: Limits | None = None, tells: bool = True) -> PrinterStatus:
    """Ask a printer how it is, without printing. Never raises: a printer that is not there has a cause too.

    tells: whether it answers at all; of one that does not is only known whether it is there.
    """
    limits = limits or Limits()
    if address.connection == Connection.CUPS:
        return cups.status(address, timeout=limits.connect)
    try:
        with open_wire(address, limits=limits) as wire:
            return _ask(wire, limits) if tells else PrinterStatus(online=True)
    except TROUBLE:
        return absent(Cause.UNREACHABLE)


def send(
    address: Address,
    *,
    payload: bytes,
    process_id: str,
    before_first_byte: Callable[[], None],
    limits: Limits | None = None,
    on_status: Callable[[PrinterStatus], None] | None = None,
    give_up: threading.Event | None = None,
    leftovers: bool = False,
    clear: bool = False,
    else_now: bytes = b"",
    proof: Proof = Proof.PROCESS_ID,
    tells: bool = True,
) -> Outcome:
    """Send one slip and wait for the printer's proof that it was printed (GS ( H, with our own four characters).

    proof and tells are what its model can do: without the process id it is SENT at best, and of a printer that tells
    nothing only the line is known. A queue of CUPS is such a one, whatever stands behind it.

    before_first_byte must have recorded that the slip is being sent when it returns; if it raises, nothing was sent and
    the error goes to the caller. on_status hears each change of the printer's state while it prints. give_up ends the
    waiting, at shutdown. leftovers says that the last slip to this printer was broken off: its rest is cut off first.
    clear says that it is to be printed anew: a printer that knows how forgets the rest, also while it cannot print, or
    it would print the rest with the next roll and then this slip too. That cannot be promised of a printer that had its
    roll before we came, that takes no second line while it is full, or that does not do as its manual says: its answer
    is waited for, and not insisted on. else_now is what a printer that answers but cannot print is given instead, in
    real time: nothing proves that, so it is UNKNOWN. No other error is raised: the outcome says it.
    """
    started = time.monotonic()
    if address.connection == Connection.CUPS:
        proof, tells = Proof.NONE, False
    job = _Job(
        body=payload.removeprefix(RESET) + _asked(proof, process_id),
        process_id=process_id,
        proof=proof,
        tells=tells,
        limits=limits or Limits(),
        on_status=on_status or (lambda _: None),
        give_up=give_up or threading.Event(),
        else_now=else_now,
    )
    if address.connection == Connection.CUPS:
        cause = _hand_over(address, job, before_first_byte)
    else:
        cause = _run(address, job, before_first_byte, leftovers, clear)
    return job.outcome(cause, seconds=time.monotonic() - started)


def _asked(proof: Proof, process_id: str) -> bytes:
    """What stands behind a slip, so that the printer says how far it has come."""
    return {
        Proof.PROCESS_ID: b"\x1d(H\x06\x0000" + process_id.encode("ascii"),
        Proof.FENCE: b"\x1dr\x01",
        Proof.NONE: b"",
    }[proof]


@dataclass
class _Job:
    """A slip on its way: how much has left, and what the printer said last."""

    body: bytes
    process_id: str
    limits: Limits
    on_status: Callable[[PrinterStatus], None]
    give_up: threading.Event
    else_now: bytes = b""
    proof: Proof = Proof.PROCESS_ID
    tells: bool = True
    sent: int = 0
    held_back: bool = False  # by XOFF
    status: PrinterStatus = field(default_factory=lambda: absent(Cause.UNREACHABLE))
    proven: bool = False
    arrived: bool = False  # all that such a printer can show
    waited: float = field(default=0.0)  # while the printer could print
    stood: float = field(default=0.0)  # while it said that it could not

    def next_chunk(self) -> bytes:
        return b"" if self.held_back else self.body[self.sent : self.sent + CHUNK]

    def hear(self, reply: Reply) -> None:
        match reply:
            case Asb(block):
                self.now(from_asb(block))
            case Block() if reply.process_id == self.process_id and self.sent == len(self.body):
                self.proven = self.proof is Proof.PROCESS_ID
            case Other(value) if self.proof is Proof.FENCE and not value & 0x90 and self.sent == len(self.body):
                self.arrived = True
            case Flow(go):
                self.held_back = not go

    def now(self, status: PrinterStatus) -> None:
        changed, self.status = status != self.status, status
        if changed:
            self.on_status(status)

    def spend(self, seconds: float) -> None:
        if not self.status.ready:
            self.stood += seconds
        else:
            self.waited += seconds

    def over(self) -> bool:
        return (
            self.proven
            or self.arrived
            or self.give_up.is_set()
            or self.waited > self.limits.deadline
            or self.stood > self.limits.patience
        )

    def outcome(self, cause: Cause | None, *, seconds: float) -> Outcome:
        state = Sent.UNKNOWN if self.sent else Sent.NOT_STARTED
        if self.proven or self.arrived:
            state = Sent.CONFIRMED if self.proven else Sent.SENT
        return Outcome(state=state, bytes_sent=self.sent, cause=cause, status=self.status, seconds=seconds)


def _run(
    address: Address, job: _Job, before_first_byte: Callable[[], None], leftovers: bool, clear: bool
) -> Cause | None:
    """Carry the job as far as it goes; what stopped it, or None."""
    with ExitStack() as line:
        try:
            wire = line.enter_context(open_wire(address, limits=job.limits))
            if clear:
                _clear(wire, job.limits)
            job.now(_make_ready(wire, job, leftovers))
        except TROUBLE:
            return Cause.UNREACHABLE
        if not job.status.ready and not (job.else_now and job.status.cause not in NOBODY_THERE):
            return job.status.cause
        before_first_byte()  # outside of any try: what fails here is the caller's own
        if not job.status.ready:
            job.sent += wire.exchange(job.else_now, seconds=TICK)[0]
            return job.status.cause
        try:
            return _transmit(wire, job)
        except TROUBLE:
            return None if job.proven or job.arrived else job.status.cause or Cause.UNREACHABLE


def _hand_over(address: Address, job: _Job, before_first_byte: Callable[[], None]) -> Cause | None:
    """Give the slip to a queue of CUPS, which sends it on in its own time and tells us no more than that it did."""
    job.now(cups.status(address, timeout=job.limits.connect))
    if not job.status.ready:
        return job.status.cause
    before_first_byte()
    job.sent = len(job.body)  # from here on nobody knows how far it came
    said = cups.send(
        address,
        RESET + job.body,
        name=job.process_id,
        timeout=job.limits.connect,
        deadline=job.limits.deadline,
        give_up=job.give_up,
    )
    job.arrived = said is cups.Said.COMPLETED
    if said is cups.Said.REFUSED:
        job.sent = 0
    return None if job.arrived else cups.CAUSES[said]


def _ask(wire: Wire, limits: Limits) -> PrinterStatus:
    """The printer's state by real-time status: answered at once, even by a printer that cannot print."""
    answers: list[int] = []
    for question in (1, 2, 3, 4):
        for reply in wire.put(bytes((0x10, 0x04, question)), seconds=limits.answer):
            if isinstance(reply, RealTime):
                answers.append(reply.value)
                break
        else:
            return absent(Cause.SILENT)
    return from_real_time(answers)


def _clear(wire: Wire, limits: Limits) -> None:
    """Have the printer forget what it holds; nothing may follow before it has answered, or it is forgotten too."""
    for reply in wire.put(CLEAR, seconds=limits.answer):
        if isinstance(reply, Block) and reply.data == CLEARED:
            return


def _make_ready(wire: Wire, job: _Job, leftovers: bool) -> PrinterStatus:
    """The printer's state, once it has worked off what it still held and listens to us."""
    commands = RESET
    if leftovers:  # what lies half printed in the printer is completed in white and goes off by itself
        commands = WHITE + RESET + CUT
    if not job.tells:  # it is there: more cannot be known
        job.body = commands + job.body
        return PrinterStatus(online=True)
    status = _ask(wire, job.limits)
    if not status.ready:
        return status
    return _reset(wire, commands + ASB_ON, job.limits) or absent(Cause.SILENT)


def _reset(wire: Wire, commands: bytes, limits: Limits) -> PrinterStatus | None:
    for reply in wire.put(commands, seconds=limits.ready):
        if isinstance(reply, Asb):
            return from_asb(reply.block)
    return None


def _transmit(wire: Wire, job: _Job) -> Cause | None:
    while not job.over():
        before = time.monotonic()
        taken, replies = wire.exchange(job.next_chunk(), seconds=TICK)
        job.sent += taken
        for reply in replies:
            job.hear(reply)
        job.spend(time.monotonic() - before)
        if job.proof is Proof.NONE and job.sent == len(job.body) and job.status.ready:
            job.arrived = wire.unsent() == 0
    wire.whole = job.proven or job.arrived
    if not wire.whole:
        return job.status.cause or Cause.SILENT
    if job.tells:
        wire.exchange(ASB_OFF, seconds=TICK)
    return None
