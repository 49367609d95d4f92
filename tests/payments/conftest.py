"""A till with a card reader: the shop's own verbs on one side, the stand-in for Stripe over HTTP on the other."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import stripe
from sqlalchemy import update
from sqlmodel import col, select

from pos.books import audit
from pos.models import Attempt, Device, GatewayCall, Order, OrderState, Payment, PaymentState, Piece, Receipt
from pos.payments import readers
from pos.sandbox import stripe as stand_in
from pos.sandbox.stripe import presenting
from pos.sandbox.stripe import readers as sandbox_readers
from pos.sandbox.stripe.presenting import Gesture
from pos.selling import finish
from pos.shop import Shop
from tests.conftest import settings_for
from tests.sandbox import openapi
from tests.selling.shelf import CHARM, Tablet, stand_up

VISA, DECLINED, NO_FUNDS, STOLEN = "4242424242424242", "4000000000000002", "4000000000009995", "4000000000009979"
AUTHORISING = 60.0  # seconds of the stand-in's time: a test pushes it forward when the card is through
CREATE, PRESENT, CAPTURE = "/v1/payment_intents", "/process_payment_intent", "/capture"


@pytest.fixture(scope="session")
def world() -> Iterator[stand_in.RunningStripe]:
    """The stand-in for Stripe, one for all tests; each test has a reader of its own in it."""
    settings = stand_in.Settings(screen_authorising=AUTHORISING, transcript_length=100_000)
    with stand_in.start(readers=(), settings=settings) as running:
        yield running


@dataclass
class Till:
    """A tablet with its reader."""

    shop: Shop
    stripe: stand_in.RunningStripe
    reader_id: str
    tablet: Tablet

    def sale(self, *, number: int | None = None) -> str:
        """An order that waits for its payment; says the payment's id."""
        self.tablet.hold(CHARM, number=number)
        self.tablet.book()
        order_id = self.tablet.open()
        with self.shop.read() as look:
            return look.exec(select(Payment.id).where(Payment.order_id == order_id)).one()

    def neighbour(self) -> "Till":
        """Another tablet that shares this reader."""
        return Till(self.shop, self.stripe, self.reader_id, tablet_beside(self.shop, self.reader_id))

    def carry_on(self, payment_id: str) -> PaymentState:
        return finish.carry_on(self.shop, payment_id=payment_id)

    def card(self, number: str = VISA) -> None:
        """A card held to the reader, and its answer."""
        self.begin_card(number)
        self.end_card()

    def begin_card(self, number: str = VISA) -> None:
        with self.stripe.world.acting() as world:
            presenting.by_hand(world, self.reader_id, Gesture(number))

    def end_card(self) -> None:
        self.stripe.advance(seconds=AUTHORISING)

    def walk_away(self) -> None:
        """The shopper presses cancel on the reader."""
        with self.stripe.world.acting() as world:
            presenting.cancel_by_hand(world, self.reader_id)

    @property
    def stranger(self) -> stripe.StripeClient:
        """Another system that shares the Stripe account, or a hand in its Dashboard."""
        return stripe.StripeClient(self.stripe.api_key, base_addresses={"api": self.stripe.url})

    def take_over_the_reader(self) -> None:
        """Another system that shares the Stripe account shows its own payment."""
        theirs = self.stranger.v1.payment_intents.create(
            {"amount": 500, "currency": "gbp", "allowed_payment_method_types": ["card_present"]}
        )
        self.stranger.v1.terminal.readers.process_payment_intent(self.reader_id, {"payment_intent": theirs.id})

    def fault(self, name: str, on: str = "process_payment_intent", **more: object) -> None:
        self.stripe.fault(name, on=f"POST /v1/terminal/readers/{self.reader_id}/{on}", **more)  # type: ignore[arg-type]

    def payment(self, payment_id: str) -> Payment:
        with self.shop.read() as look:
            return look.get_one(Payment, payment_id)

    def order(self, payment_id: str) -> Order:
        with self.shop.read() as look:
            return look.get_one(Order, self.payment(payment_id).order_id)

    def attempts(self, payment_id: str) -> list[Attempt]:
        with self.shop.read() as look:
            tries = select(Attempt).where(Attempt.payment_id == payment_id).order_by(col(Attempt.number))
            return list(look.exec(tries))

    def calls(self, payment_id: str, verb: str) -> list[GatewayCall]:
        with self.shop.read() as look:
            said = select(GatewayCall).where(GatewayCall.payment_id == payment_id, GatewayCall.verb == verb)
            return list(look.exec(said.order_by(col(GatewayCall.asked_at), col(GatewayCall.id))))

    def piece(self, number: int) -> Piece:
        with self.shop.read() as look:
            return look.exec(select(Piece).where(Piece.sku == CHARM, Piece.number == number)).one()

    def receipts(self, payment_id: str) -> int:
        with self.shop.read() as look:
            return len(look.exec(select(Receipt).join(Payment).where(Payment.id == payment_id)).all())

    def intents(self, payment_id: str) -> list[dict[str, object]]:
        """What Stripe has for a payment."""
        with self.stripe.world.lock:
            kept = [dict(intent) for _, intent in self.stripe.world.shelf.items("payment_intent")]
        return [intent for intent in kept if intent["metadata"].get("payment_id") == payment_id]

    def charges(self, payment_id: str, status: str = "succeeded") -> int:
        ours = {intent["id"] for intent in self.intents(payment_id)}
        with self.stripe.world.lock:
            kept = [dict(charge) for _, charge in self.stripe.world.shelf.items("charge")]
        return sum(charge["payment_intent"] in ours and charge["status"] == status for charge in kept)

    def sends(self) -> int:
        """How often the reader was asked to show a payment."""
        return len(self.stripe.transcript.exchanges(f"{self.reader_id}{PRESENT}"))

    def assert_sold_once(self, payment_id: str) -> None:
        """Money, piece and receipt agree: taken once, for a piece that is the order's."""
        (intent,) = self.intents(payment_id)
        assert (intent["status"], intent["amount_received"]) == ("succeeded", self.payment(payment_id).amount_minor)
        assert self.charges(payment_id) == 1
        assert self.payment(payment_id).state == PaymentState.CAPTURED
        assert self.payment(payment_id).finished_at is not None
        assert self.order(payment_id).state == OrderState.PAID
        assert self.receipts(payment_id) == 1

    def assert_undone(self, payment_id: str) -> None:
        """Nothing was taken and nothing can be: the intent is closed, the order too."""
        assert all(intent["status"] == "canceled" for intent in self.intents(payment_id))
        assert self.payment(payment_id).state == PaymentState.CANCELLED
        assert self.payment(payment_id).finished_at is not None
        assert self.order(payment_id).state == OrderState.CANCELLED
        assert self.receipts(payment_id) == 0


def till_at(shop: Shop, stripe: stand_in.RunningStripe) -> Till:
    """A tablet and a reader nobody else uses."""
    with stripe.world.acting() as world:
        made = sandbox_readers.make(world, code="simulated-wpe", label=None, location=None)
    readers.register(shop, reader_id=made["id"], boutique_id="demo", label="Counter")
    return Till(shop, stripe, made["id"], tablet_beside(shop, made["id"]))


def tablet_beside(shop: Shop, reader_id: str) -> Tablet:
    """A tablet that stands beside this reader."""
    tablet = Tablet(shop).enrol()
    with shop.jot() as tx:
        tx.exec(update(Device).where(col(Device.id) == tablet.device_id).values(reader_id=reader_id))
    return tablet


@pytest.fixture
def settings(tmp_path, world):  # type: ignore[no-untyped-def]
    """The shop speaks to the stand-in: only address and key differ from the real one."""
    return settings_for(
        tmp_path,
        stripe_api_base=world.url,
        stripe_api_key=world.api_key,
        stripe_webhook_secrets=f"whsec_old,{world.webhook_secret}",
    )


@pytest.fixture
def till(shop: Shop, world: stand_in.RunningStripe) -> Iterator[Till]:
    """One till in a shop with a small shelf; at the end its whole conversation is held against Stripe's shapes."""
    world.transcript.clear()
    with shop.jot() as tx:
        stand_up(tx)
    yield till_at(shop, world)
    world.clear_faults()
    with shop.read() as look:
        assert audit.broken_at(look) is None
    book = openapi.book_if_here()
    assert book is None or book.mistakes(world.transcript, ours=True) == []
