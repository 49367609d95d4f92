"""The loops that run beside the screens: payments at each reader, the sweep, and whatever else is added.

Each loop has a thread of its own, so that a reader or a printer that hangs stops nobody else. A loop rests until its
bell rings or something is due; an idle shop does next to nothing. Several processes may each run a back office on the
same records: who does what is settled there (leases), and a bell only saves a wait.
"""

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from sqlmodel import col, select

from pos.books.nightly import nightly
from pos.brand import funnel
from pos.models import JobState, LetterState, Payment, PaymentState
from pos.paper import lasting, mail, printers, spool, waiting
from pos.payments import intents, lease, reader_wishes, record, refund_parts, refunds, roads, saved_cards
from pos.payments.recover import recover
from pos.selling import finish, mailing, offers, proofs
from pos.selling import waiting as waiting_list
from pos.shop import Shop

log = logging.getLogger(__name__)

SWEEP_SECONDS = 60
FORGET_SECONDS = 3600  # how often it is looked what is to be forgotten by now
COUNT_SECONDS = 10  # how often steps that were counted are written down
NIGHT_SECONDS = 300  # how often it is asked whether the books are to be compared
ELSEWHERE_SECONDS = 2  # how soon work is seen that another process wrote down: its bell does not ring here
POST_SECONDS = 10  # how soon a letter is seen that another process wrote
LOOK_SECONDS = 20  # between two looks at an idle printer
IDLE_SECONDS = 60
AFTER_TROUBLE_SECONDS = 5
QUICKEST, SLOWEST = 0.3, 2.0  # seconds between two looks at a payment
EAGER_SECONDS = 60  # so long after its last change a payment is looked at as often as can be
STALE_SECONDS, STALE_PAUSE = 900, 30.0  # what has not moved for so long needs a person, not a look
FULL_LOOK_EVERY = 10  # a reader that died in the middle shows only in its intent


class Loop:
    """A thread that does its turn, rests, and wakes when its bell rings.

    `turn` is told whether the bell rang, and says for how many seconds it may rest. `end` is called in the thread when
    the loop stops. Trouble in a turn is logged; the next turn comes after a rest.
    """

    def __init__(
        self, shop: Shop, *, name: str, topic: str, turn: Callable[[bool], float], end: Callable[[], None] | None = None
    ) -> None:
        self.name = name
        self._shop, self._topic, self._turn, self._end = shop, topic, turn, end
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin; once."""
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end after its turn; `join` waits for that."""
        if not self._stopping.is_set():
            self._stopping.set()
            self._shop.bell.ring(self._topic)

    @property
    def stopping(self) -> bool:
        """It has been asked to end."""
        return self._stopping.is_set()

    @property
    def ended(self) -> bool:
        """Its last turn is over."""
        return not self._thread.is_alive()

    def join(self, seconds: float) -> None:
        """Wait for the end of its turn, but not longer: a call to the outside may hang."""
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join(seconds)

    def _run(self) -> None:
        rung = True
        while not self._over():
            seen = self._shop.bell.count(self._topic)
            rest = self._one_turn(rung)
            if not self._over():
                rung = self._shop.bell.wait(self._topic, after=seen, seconds=rest) > seen
        if self._end is not None:
            self._quietly(self._end)

    def _one_turn(self, rung: bool) -> float:
        try:
            return self._turn(rung)
        except Exception:
            if not self._over():
                log.exception("%s: trouble, going on in %s s", self.name, AFTER_TROUBLE_SECONDS)
            return AFTER_TROUBLE_SECONDS

    def _quietly(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Exception:
            log.debug("%s: left in the middle", self.name, exc_info=True)  # a lease ends by the clock anyway

    def _over(self) -> bool:
        return self._stopping.is_set() or self._shop.closing.is_set()


@dataclass
class _Pace:
    """How often one payment is looked at; times on the monotonic clock, in seconds."""

    state: PaymentState | None = None
    since: float = field(default_factory=time.monotonic)
    due: float = 0.0
    pause: float = QUICKEST
    looks: int = 0

    def next(self, state: PaymentState | None, *, at: float) -> None:
        """Set the next look, by what this one found; None: it could not be carried on."""
        if state is not None and state is not self.state:
            self.state, self.since, self.pause = state, at, QUICKEST
        elif at - self.since > STALE_SECONDS:
            self.pause = STALE_PAUSE
        elif state is None:
            self.pause = min(self.pause * 2, STALE_PAUSE)
        elif state is not PaymentState.DISPATCHED or at - self.since > EAGER_SECONDS:
            self.pause = min(self.pause * 1.5, SLOWEST)
        # Tills that met one burst at Stripe shall not come back in step: a longer pause is a little shorter, by chance.
        chance = random.uniform(0.75, 1.0) if self.pause > QUICKEST else 1.0  # noqa: S311 (no secret)
        self.due = at + self.pause * chance


class Desk:
    """Looks after the payments of one reader, or of one tablet where no reader is needed, one at a time."""

    def __init__(self, shop: Shop, *, name: str) -> None:
        self.idle = False
        self._shop, self._name = shop, name
        self._paces: dict[str, _Pace] = {}

    def turn(self, rung: bool) -> float:
        """Carry on what is due; everything, if the bell rang."""
        waiting = intents.open_payments(self._shop, desk=self._name)
        self._paces = {payment_id: self._paces.get(payment_id) or _Pace() for payment_id in waiting}
        for payment_id, pace in self._paces.items():
            if rung or time.monotonic() >= pace.due:
                self._look_after(payment_id, pace, rung=rung)
        self.idle = not self._paces
        if self.idle:
            return IDLE_SECONDS
        return max(0.0, min(pace.due for pace in self._paces.values()) - time.monotonic())

    def _look_after(self, payment_id: str, pace: _Pace, *, rung: bool) -> None:
        if not lease.take(self._shop, payment_id=payment_id):
            pace.due = time.monotonic() + ELSEWHERE_SECONDS
            return
        pace.looks += 1
        glance = not rung and pace.looks % FULL_LOOK_EVERY != 0
        state = None
        try:
            state = finish.carry_on(self._shop, payment_id=payment_id, glance=glance)
        except Exception:  # this payment's trouble is not the next one's
            log.exception("payment %s could not be carried on", payment_id)
        pace.next(state, at=time.monotonic())

    def end(self) -> None:
        """Let others look after these payments."""
        for payment_id in self._paces:
            lease.leave(self._shop, payment_id=payment_id)


class Press:
    """Sends the slips of one printer, one after the other."""

    def __init__(self, shop: Shop, *, printer_id: str) -> None:
        self._shop, self._printer_id = shop, printer_id
        self._looked = -float(LOOK_SECONDS)

    def turn(self, rung: bool) -> float:
        """Send what waits, until nothing does or the printer cannot; then see how it is, every so often."""
        while not self._shop.closing.is_set():
            state = spool.print_next(self._shop, printer_id=self._printer_id, give_up=self._shop.closing)
            if state in (None, JobState.BLOCKED):
                break
        if time.monotonic() - self._looked > LOOK_SECONDS:
            spool.look(self._shop, printer_id=self._printer_id)
            self._looked = time.monotonic()
        # Never nothing: a slip that is due may be in the hands of another process, whose printer does not answer yet.
        return max(QUICKEST, spool.rest(self._shop, printer_id=self._printer_id, at_most=ELSEWHERE_SECONDS))


class BackOffice:
    """Everything that runs beside the screens of one process. `loops` is what runs: more may be added at any time.

    A print station looks after paper alone, that of the printers of one boutique which stand at it; the server leaves
    these to it, because it may not see them.
    """

    def __init__(self, shop: Shop, *, print_station_of: str | None = None) -> None:
        self.loops: list[Loop] = []
        self._station_of = print_station_of
        self._shop = shop
        self._desks: dict[str, Desk] = {}
        self._presses: dict[str, Loop] = {}
        self._readers: set[str] = set()
        self._running = False
        self._lock = threading.Lock()
        self.add(Loop(shop, name="printing", topic="printing", turn=self._open_presses))
        self.every(spool.LEASE.total_seconds() / 3, name="slips", do=self._look_after_slips)
        if print_station_of is not None:
            return
        self.add(Loop(shop, name="payments", topic="payments", turn=self._open_desks))
        self.add(Loop(shop, name="refunds", topic=roads.BELL, turn=self._refunds))
        self.add(Loop(shop, name="readers", topic=reader_wishes.TOPIC, turn=self._look_at_readers))
        self.add(Loop(shop, name="mail", topic=mail.TOPIC, turn=self._post))
        self.add(Loop(shop, name="waiting", topic=waiting_list.TOPIC, turn=self._offer))
        self.every(COUNT_SECONDS, name="funnel", do=lambda: funnel.write_down(shop))
        self.every(SWEEP_SECONDS, name="sweep", do=self._sweep)
        self.every(SWEEP_SECONDS, name="cards", do=lambda: saved_cards.look_after(shop))
        self.every(NIGHT_SECONDS, name="books", do=lambda: nightly(shop))
        self.every(FORGET_SECONDS, name="forgetting", do=self._forget)

    def add(self, loop: Loop) -> None:
        """One loop more; it starts with the others, or at once if they run."""
        with self._lock:
            self.loops.append(loop)
            if self._running:
                loop.start()

    def every(self, seconds: float, *, name: str, do: Callable[[], object]) -> None:
        """Do something at the start and then again and again, in a thread of its own."""

        def turn(rung: bool) -> float:
            do()
            return seconds

        self.add(Loop(self._shop, name=name, topic=f"chore {name}", turn=turn))

    def start(self) -> None:
        """Begin every loop; what a crash left in the middle is carried on first."""
        with self._lock:
            self._running = True
            for loop in self.loops:
                loop.start()

    def stop(self, *, seconds: float = 5) -> None:
        """End every loop after its turn; what hangs longer than these seconds is left to the end of the process."""
        with self._lock:
            self._running = False
            loops = list(self.loops)
        for loop in loops:
            loop.stop()
        until = time.monotonic() + seconds
        for loop in loops:
            loop.join(max(0.0, until - time.monotonic()))

    def _look_at_readers(self, rung: bool) -> float:
        """What the counter wants of a reader, here or by another process; one that hangs keeps no other waiting."""
        for reader_id in reader_wishes.wanted(self._shop):
            topic = reader_wishes.topic(reader_id)
            if reader_id in self._readers:
                self._shop.bell.ring(topic)
                continue
            self._readers.add(reader_id)
            turn = partial(self._at_reader, reader_id)
            self.add(Loop(self._shop, name=f"reader {reader_id}", topic=topic, turn=turn))
        return ELSEWHERE_SECONDS

    def _at_reader(self, reader_id: str, rung: bool) -> float:
        reader_wishes.carry_out(self._shop, reader_id=reader_id)
        return IDLE_SECONDS

    def _open_desks(self, rung: bool) -> float:
        """A desk for each reader with something to do; wake those that rest because another process wrote it down."""
        with self._shop.read() as look:
            names = list(look.exec(select(record.DESK).where(col(Payment.finished_at).is_(None)).distinct()))
        for name in names:
            desk = self._desks.get(name)
            if desk is None:
                self._open(name)
            elif desk.idle:
                self._shop.bell.ring(record.topic(name))
        return ELSEWHERE_SECONDS

    def _open(self, name: str) -> None:
        desk = self._desks[name] = Desk(self._shop, name=name)
        self.add(Loop(self._shop, name=f"desk {name}", topic=record.topic(name), turn=desk.turn, end=desk.end))

    def _open_presses(self, rung: bool) -> float:
        """A worker for each printer; one that was registered meanwhile gets its own, one out of use loses it."""
        with self._shop.read() as look:
            printer_ids = printers.to_print_at(look, station_of=self._station_of)
        for printer_id, press in list(self._presses.items()):
            if printer_id not in printer_ids:
                press.stop()
            if press.stopping and press.ended:  # not before: two workers must never share a printer
                self._drop(self._presses.pop(printer_id))
        for printer_id in printer_ids:
            if printer_id not in self._presses:
                turn = Press(self._shop, printer_id=printer_id).turn
                press = Loop(self._shop, name=f"printer {printer_id}", topic="printing", turn=turn)
                self._presses[printer_id] = press
                self.add(press)
        return ELSEWHERE_SECONDS if any(press.stopping for press in self._presses.values()) else IDLE_SECONDS

    def _refunds(self, rung: bool) -> float:
        """What goes back to a card, as far as it goes now."""
        troubles = refunds.recover(self._shop)
        due = refund_parts.next_look(self._shop)
        if troubles:  # it is due still: not at once again, whatever it is
            return ELSEWHERE_SECONDS
        left = (due - self._shop.clock.now()).total_seconds() if due else IDLE_SECONDS
        return min(max(left, QUICKEST), IDLE_SECONDS)

    def _post(self, rung: bool) -> float:
        """The letters that are due, one after the other: a slow mail server keeps nobody else waiting."""
        while not self._shop.closing.is_set() and mail.send_next(self._shop) not in (None, LetterState.SENDING):
            pass
        return mail.rest(self._shop, at_most=POST_SECONDS)

    def _offer(self, rung: bool) -> float:
        """What came back, to whoever waits for it: a hold that ends rings no bell, so it is looked for."""
        offers.look_after(self._shop)
        return POST_SECONDS

    def _forget(self) -> None:
        """What was kept about people, once its time is over."""
        proofs.erase_old(self._shop)
        waiting_list.forget_old(self._shop)
        mailing.forget_old(self._shop)

    def _drop(self, loop: Loop) -> None:
        with self._lock:
            self.loops.remove(loop)

    def _look_after_slips(self) -> None:
        spool.keep_alive(self._shop)
        spool.bury_the_dead(self._shop)
        waiting.look_after(self._shop)
        lasting.look_after(self._shop)

    def _sweep(self) -> None:
        refunds.recover(self._shop)
        done = recover(self._shop, carry_on=finish.carry_on)
        if done.moved or done.troubles:
            log.info("sweep: %s payments moved, %s in trouble", len(done.moved), len(done.troubles))
