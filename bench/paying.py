"""How long a shopper waits beside the reader: from the tap on “pay” to the reader, from the card to the screen, at one
till and at twenty; and what a sweep costs where nothing is left to do.

Stripe is the stand-in. In the first two measures it runs in this process, so that every moment at its door is known;
the twenty tills meet one in a process of its own, which answers each question after 300 ms.
"""

import contextlib
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import stripe as library
from sqlmodel import col, func, select
from starlette.requests import Request
from starlette.responses import Response

from bench import house
from bench.figure import Figure, Measure, at_most, percentile, shown
from bench.printing import Now, _served, _until
from kiosk.paying import LOOK_EVERY, Phase, phase
from pos.backoffice import BackOffice
from pos.cli import stand_ins
from pos.ids import new_id
from pos.models import Device, GatewayCall, Order, OrderState, Part, Payment, PaymentState, Table, put_all
from pos.payments import intents, readers
from pos.payments.recover import recover
from pos.sandbox import stripe as stand_in
from pos.sandbox.stripe.door import Door
from pos.selling import finish, orders
from pos.selling.views import Quote
from pos.shop import Shop
from tests.conftest import settings_for
from tests.selling.rush import make_room
from tests.selling.shelf import CHARM, Tablet, stand_up

SALES, WARM = 30, 3
TILLS, ANSWER_SECONDS, ANSWERS = 20, 0.3, 3  # an intent, a look at the reader, the reader's own
OLD = 10_000
SEEN = (Phase.AUTHORISED, Phase.DONE)
COMMAND = "/process_payment_intent"


@dataclass
class Doorman:
    """Notes when each question came to Stripe and when its answer left; monotonic seconds."""

    visits: list[tuple[str, float, float]] = field(default_factory=list)

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """While the block lasts."""
        answer, visits = Door.answer, self.visits

        async def noted(door: Door, request: Request) -> Response:
            came = time.perf_counter()
            said = await answer(door, request)
            visits.append((f"{request.method} {request.url.path}", came, time.perf_counter()))
            return said

        Door.answer = noted  # type: ignore[method-assign]
        try:
            yield
        finally:
            Door.answer = answer  # type: ignore[method-assign]

    def ours(self, *, since: float) -> float:
        """Seconds from a moment to the first command at a reader after it, less what Stripe took to answer before."""
        sent = min(came for what, came, _ in self.visits if what.endswith(COMMAND) and came > since)
        theirs, until = 0.0, since
        for _, came, left in sorted(self.visits, key=lambda visit: visit[1]):
            if since < came < sent and left > until:  # answers side by side count once
                theirs += min(left, sent) - max(came, until)
                until = left
        return sent - since - theirs


@contextlib.contextmanager
def _open(*, events: bool) -> Iterator[tuple[Shop, stand_in.RunningStripe, Tablet, str]]:
    """A shop with one till beside a Stripe whose cards decide at once; events: webhooks come, too."""
    quick = stand_in.Settings(screen_authorising=0.0, transcript_length=10)
    with (
        tempfile.TemporaryDirectory() as folder,
        stand_in.start(readers=("Counter",), settings=quick) as stripe,
        _shop(Path(folder), stripe.url, stripe.api_key, stripe.webhook_secret) as shop,
        contextlib.ExitStack() as more,
    ):
        if events:
            stripe.listen(f"{more.enter_context(_served(shop))}/stripe/webhook")
        reader_id = stripe.readers[0].id
        yield shop, stripe, _till(shop, reader_id), reader_id


@contextlib.contextmanager
def _shop(folder: Path, base: str, key: str, secret: str) -> Iterator[Shop]:
    told = {"stripe_api_base": base, "stripe_api_key": key, "stripe_webhook_secrets": (secret,)}
    shop = Shop(settings_for(folder, **told), clock=Now())
    Table.metadata.create_all(shop.records.engine)
    with shop.jot() as tx:
        stand_up(tx, charms=SALES * 4)
    make_room(shop)
    office = BackOffice(shop)
    office.start()
    try:
        yield shop
    finally:
        office.stop()
        shop.close()


def _till(shop: Shop, reader_id: str) -> Tablet:
    """A tablet beside this reader; no paper comes out of it, for its printing is measured elsewhere."""
    readers.register(shop, reader_id=reader_id, boutique_id="demo", label="Counter")
    tablet = Tablet(shop).enrol()
    with shop.jot() as tx:
        mine = tx.get_one(Device, tablet.device_id)
        mine.reader_id, mine.printer_id = reader_id, None
    return tablet


def to_the_reader() -> Iterator[Figure]:
    """Tap on “pay” → the command at the reader's door, less Stripe's own answers on the way."""
    took, doorman = [], Doorman()
    with doorman.watching(), _open(events=False) as (shop, stripe, tablet, reader_id):
        for i in range(SALES + WARM):
            quote = _ready(tablet)
            began = time.perf_counter()
            order_id = tablet.open(quote)
            _until(lambda o=order_id: _payment(shop, o).state == PaymentState.DISPATCHED)
            if i >= WARM:
                took.append(doorman.ours(since=began) * 1000)
            stripe.present(reader_id)
            _until(lambda o=order_id: _payment(shop, o).finished_at is not None)
    yield at_most("pay.tap_to_reader_ms.p95", percentile(took, 0.95), "ms", 150)
    yield shown("pay.tap_to_reader_ms.p50", percentile(took, 0.5), "ms", "less Stripe's own answers")


def to_the_screen() -> Iterator[Figure]:
    """The card's yes at the reader → the screen that looks every LOOK_EVERY seconds has read it."""
    for events, bar in ((False, 700), (True, 300)):
        took, unseen = [], []
        with _open(events=events) as (shop, stripe, tablet, reader_id):
            phases = [LOOK_EVERY * (i + 0.5) / SALES for i in range(SALES)]  # when a screen happens to look first
            random.shuffle(phases)
            for first_look in [0.0] * WARM + phases:
                order_id = tablet.open(_ready(tablet))
                _until(lambda o=order_id: _payment(shop, o).state == PaymentState.DISPATCHED)
                time.sleep(random.uniform(0.3, 0.9))
                drawn, yes = orders.signs(shop, order_id=order_id), time.perf_counter()
                stripe.present(reader_id)
                seen = _seen(shop, order_id, drawn=drawn, looks_at=yes + first_look)
                _until(lambda o=order_id: _payment(shop, o).finished_at is not None)
                took.append((seen - yes) * 1000)
                unseen.append(_authorised_after(shop, order_id, yes) * 1000)
        name = "pay.card_to_screen_ms.webhook" if events else "pay.card_to_screen_ms.polling"
        yield at_most(f"{name}.p95", percentile(took[WARM:], 0.95), "ms", bar)
        yield shown(f"{name}.p50", percentile(took[WARM:], 0.5), "ms", f"a screen looks every {LOOK_EVERY:g} s")
        yield shown(f"{name}.known.p95", percentile(unseen[WARM:], 0.95), "ms", "written down, before a screen looks")


def _seen(shop: Shop, order_id: str, *, drawn: tuple[object, ...], looks_at: float) -> float:
    """When a screen that first looks at this moment, and then by its clock, has read that the card said yes.

    It looks as the pay page does: one small question each time, and the whole order where there is news.
    """
    while True:
        time.sleep(max(0.0, looks_at - time.perf_counter()))
        drawn, before = orders.signs(shop, order_id=order_id), drawn
        if drawn != before and phase(orders.view(shop, order_id=order_id)) in SEEN:
            return time.perf_counter()
        looks_at += LOOK_EVERY


def _authorised_after(shop: Shop, order_id: str, yes: float) -> float:
    """Seconds from a moment to the one at which the card's yes was written down."""
    authorised = _payment(shop, order_id).authorised_at
    assert authorised is not None
    return (time.perf_counter() - yes) - (shop.clock.now() - authorised).total_seconds()


def twenty() -> Iterator[Figure]:
    """Twenty tills tap at the same moment, at a Stripe that takes 300 ms for each answer; and one till alone."""
    with tempfile.TemporaryDirectory() as folder, stand_ins.running(Path(folder) / "sandbox") as outside:
        told = outside.told["stripe"]
        with _shop(Path(folder), told["url"], told["api_key"], told["webhook_secret"]) as shop:
            tills = [_till(shop, reader_id) for reader_id in _readers(told, TILLS)]
            at_once = max(_all_at_once(shop, tills))
            for till in tills:
                _leave(shop, till)
            outside.arm(
                {"fault": "slow_answer", "on": "* /v1/*", "times": None, "settings": {"seconds": ANSWER_SECONDS}}
            )
            alone = percentile([_all_at_once(shop, [till])[0] for till in tills[:5]], 0.5)
            for till in tills[:5]:
                _leave(shop, till)
            took = _all_at_once(shop, tills)
    yield shown("pay.twenty.alone_ms", alone * 1000, "ms", "tap to shown at the reader, three answers of 300 ms")
    yield shown("pay.twenty.longest_ms", max(took) * 1000, "ms", "")
    yield shown("pay.twenty.longest_of_alone", max(took) / alone, "times", "")
    yield shown("pay.twenty.at_once_ms", at_once * 1000, "ms", "the longest where Stripe answers at once: our own work")
    # A second wave of tills, which waited for the answers of the first, would be 900 ms later than this.
    waited = max(0.0, max(took) - at_once - ANSWERS * ANSWER_SECONDS)
    yield at_most("pay.twenty.waited_ms", waited * 1000, "ms", 150)


def _readers(told: dict[str, str], count: int) -> list[str]:
    client = library.StripeClient(told["api_key"], base_addresses={"api": told["url"]}).v1.terminal.readers
    return [client.create({"registration_code": "simulated-wpe"}).id for _ in range(count)]


def _all_at_once(shop: Shop, tills: list[Tablet]) -> list[float]:
    """Seconds from the common tap until each reader's answer was written down."""
    ready = [(till, _ready(till)) for till in tills]
    start = threading.Barrier(len(ready) + 1)
    opened: list[str] = []

    def tap(till: Tablet, quote: Quote) -> None:
        start.wait()
        opened.append(till.open(quote))

    threads = [threading.Thread(target=tap, args=one) for one in ready]
    for thread in threads:
        thread.start()
    start.wait()
    began = shop.clock.now()
    for thread in threads:
        thread.join()
    _wait_shown(shop, opened)
    with shop.read() as look:
        shown_at = look.exec(
            select(GatewayCall.answered_at)
            .join(Payment, col(Payment.id) == col(GatewayCall.payment_id))
            .where(GatewayCall.verb == "present", col(Payment.order_id).in_(opened))
        ).all()
    return [(moment - began).total_seconds() for moment in shown_at if moment is not None]


def _wait_shown(shop: Shop, order_ids: list[str]) -> None:
    """Look seldom, with one question: a look every few milliseconds for each till would slow what it waits for."""
    shown = select(func.count()).where(col(Payment.order_id).in_(order_ids), Payment.state == PaymentState.DISPATCHED)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        time.sleep(0.2)
        with shop.read() as look:
            if look.exec(shown).one() == len(order_ids):
                return
    raise AssertionError("a till was never shown at its reader")


def _leave(shop: Shop, till: Tablet) -> None:
    """The shopper of this till leaves; its reader is free again."""
    order_id = orders.live_order(shop, device_id=till.device_id)
    assert order_id is not None
    intents.ask_cancel(shop, payment_id=_payment(shop, order_id).id, by="bench")
    _until(lambda: _payment(shop, order_id).finished_at is not None)


def machine() -> Iterator[Figure]:
    """How many times longer than its work a piece of work takes here now: others share this machine's processors."""
    stretched = []
    for _ in range(20):
        began, worked = time.perf_counter(), time.thread_time()
        sum(range(2_000_000))
        stretched.append((time.perf_counter() - began) / (time.thread_time() - worked))
    yield shown("pay.machine_stretch", percentile(stretched, 0.5), "times", "1: this machine does nothing else")


def sweep() -> Iterator[Figure]:
    """A sweep over ten thousand old sales, with nothing to do for any of them."""
    with house.shop() as shop:
        tablet = Tablet(shop).enrol()
        tablet.hold(CHARM)
        tablet.book()
        order_id = tablet.open()
        _many_of(shop, order_id)
        took = []
        for _ in range(10):
            began = time.perf_counter()
            done = recover(shop, carry_on=finish.carry_on)
            took.append((time.perf_counter() - began) * 1000)
            assert done.looked_at == 0
    yield at_most("pay.sweep_ms", max(took), "ms", 200)
    yield shown("pay.sweep_ms.p50", percentile(took, 0.5), "ms", f"{OLD} old payments")


def _many_of(shop: Shop, order_id: str) -> None:
    """Ten thousand finished copies of an order and its payment; itself is finished, too."""
    with shop.jot() as tx:
        order, payment = tx.get_one(Order, order_id), _payment(shop, order_id)
        now = tx.now()
        tx.exec(Payment.__table__.update().values(state="captured", finished_at=now))  # type: ignore[attr-defined]
        ids = [new_id() for _ in range(OLD)]
        paid = {**order.model_dump(), "state": OrderState.PAID}
        put_all(tx, Order, [{**paid, "id": one, "key": one, "code": f"O{i}"} for i, one in enumerate(ids)])
        done = {**payment.model_dump(), "state": PaymentState.CAPTURED, "finished_at": now, "part": Part.NOW}
        put_all(tx, Payment, [{**done, "id": one, "order_id": one, "intent_id": f"pi_{one}"} for one in ids])


def _ready(tablet: Tablet) -> Quote:
    """A basket whose price is on the screen: the next tap is on “pay”."""
    tablet.hold(CHARM)
    tablet.book()
    return tablet.quote()


def _payment(shop: Shop, order_id: str) -> Payment:
    with shop.read() as look:
        return look.exec(select(Payment).where(Payment.order_id == order_id)).one()


MEASURES: tuple[Measure, ...] = (
    (("pay.machine",), machine),
    (("pay.tap_to_reader",), to_the_reader),
    (("pay.card_to_screen",), to_the_screen),
    (("pay.twenty",), twenty),
    (("pay.sweep",), sweep),
)
