"""From the reader's yes to the printer's proof, through the real library, the back office and a quick printer."""

import contextlib
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from sqlmodel import col, select
from starlette.applications import Starlette

from bench.figure import Figure, Measure, at_most, percentile, shown
from pos.backoffice import BackOffice
from pos.cli import stand_ins
from pos.clock import SetClock
from pos.models import Device, JobState, Payment, PaymentState, Printer, PrintJob, Table
from pos.payments import readers
from pos.sandbox import stripe as stand_in
from pos.sandbox.stripe import presenting
from pos.sandbox.stripe.presenting import Gesture
from pos.shop import Shop
from pos.web import webhook
from tests.conftest import settings_for
from tests.selling.rush import make_room
from tests.selling.shelf import CHARM, Tablet, stand_up

SALES, WARM = 40, 3


class Now(SetClock):
    """A clock that goes, from a Monday morning on."""

    def __init__(self) -> None:
        super().__init__(datetime(2026, 11, 23, 10, 0, tzinfo=UTC))
        self._began = time.monotonic()

    def now(self) -> datetime:
        """The Monday morning and the time since."""
        return super().now().fromtimestamp(super().now().timestamp() + time.monotonic() - self._began, UTC)


@contextlib.contextmanager
def _open() -> Iterator[tuple[Shop, stand_in.RunningStripe, str]]:
    """A shop, Stripe in this process (so that the card's moment is known to the microsecond), and a printer outside it:
    as in any shop, its drawing takes none of the shop's time."""
    with (
        tempfile.TemporaryDirectory() as folder,
        stand_in.start(readers=("Counter",)) as stripe,
        stand_ins.running(Path(folder) / "sandbox") as outside,
    ):
        shop = Shop(
            settings_for(
                Path(folder),
                stripe_api_key=stripe.api_key,
                stripe_api_base=stripe.url,
                stripe_webhook_secrets=(stripe.webhook_secret,),
            ),
            clock=Now(),
        )
        Table.metadata.create_all(shop.records.engine)
        reader_id = stripe.readers[0].id
        with shop.jot() as tx:
            stand_up(tx, charms=SALES + WARM)
            tx.flush()
            mine = tx.get_one(Printer, "demo-1")
            mine.host, mine.port = outside.printer["host"], outside.printer["port"]
        make_room(shop)
        readers.register(shop, reader_id=reader_id, boutique_id="demo", label="Counter")
        office = BackOffice(shop)
        office.start()
        try:
            with _served(shop) as url:
                stripe.listen(f"{url}/stripe/webhook")
                yield shop, stripe, reader_id
        finally:
            office.stop()
            shop.close()


@contextlib.contextmanager
def _served(shop: Shop) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=webhook.routes(shop)), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(5)


def proof() -> Iterator[Figure]:
    """Authorised at the reader → the last byte of the last slip confirmed."""
    took: list[float] = []
    with _open() as (shop, stripe, reader_id):
        tablet = Tablet(shop).enrol()
        with shop.jot() as tx:
            tx.get_one(Device, tablet.device_id).reader_id = reader_id
        for i in range(SALES + WARM):
            tablet.hold(CHARM)
            tablet.book()
            order_id = tablet.open()
            _until(lambda o=order_id: _payment(shop, o).state == PaymentState.DISPATCHED)
            began = shop.clock.now()
            with stripe.world.acting() as world:
                presenting.by_hand(world, reader_id, Gesture("4242424242424242"))
                stripe.advance(seconds=60)
            _until(lambda o=order_id: _all_confirmed(shop, o))
            if i >= WARM:
                took.append((_last_proof(shop, order_id) - began).total_seconds() * 1000)
            _until(lambda o=order_id: _payment(shop, o).state == PaymentState.CAPTURED)
        yield at_most("print.authorised_to_proof_ms.p95", percentile(took, 0.95), "ms", 300)
        yield shown("print.authorised_to_proof_ms.p50", percentile(took, 0.5), "ms", "three slips")
        with shop.read() as look:
            sizes = [
                len(job.payload or b"") for job in look.exec(select(PrintJob).where(PrintJob.kind == "authenticity"))
            ]
        yield at_most("print.authenticity_bytes", float(max(sizes)), "bytes", 12 * 1024)


def _payment(shop: Shop, order_id: str) -> Payment:
    with shop.read() as look:
        return look.exec(select(Payment).where(Payment.order_id == order_id)).one()


def _all_confirmed(shop: Shop, order_id: str) -> bool:
    with shop.read() as look:
        states = look.exec(select(PrintJob.state).where(PrintJob.order_id == order_id).order_by(col(PrintJob.id))).all()
    return len(states) == 3 and set(states) == {JobState.CONFIRMED}


def _last_proof(shop: Shop, order_id: str) -> datetime:
    """When the last slip was proven, as the spool wrote it down: asking all the time would slow what is measured."""
    with shop.read() as look:
        ended = look.exec(select(PrintJob.ended_at).where(PrintJob.order_id == order_id)).all()
    return max(moment for moment in ended if moment is not None)


def _until(so: object, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not so():  # type: ignore[operator]
        if time.monotonic() > until:
            raise TimeoutError("it did not happen")
        time.sleep(0.02)


MEASURES: tuple[Measure, ...] = ((("print.authorised", "print.authenticity"), proof),)
