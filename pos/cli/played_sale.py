"""One complete sale, played from the first tap to the last slip: the shop's own verbs, nothing behind its back."""

import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import URLError

from sqlmodel import col, select

from pos.catalogue import showcase
from pos.catalogue.views import VariantView
from pos.cli import stage
from pos.cli.demonstration import BOUTIQUE
from pos.cli.stage import Stage
from pos.errors import PaymentTrouble
from pos.models import JobState, OrderState, PaymentState, PrintJob
from pos.paper.connection import RESET
from pos.paper.pulse import DRAWER
from pos.people import staff
from pos.proof import verify
from pos.selling import basket, bundles, checkout, orders, pickup, proofs, ready
from pos.selling.views import Choice, OrderView

V = TypeVar("V")
PIECE, BUNDLE, PREORDER = "NC-VM", "charm-and-chain", "NC-PT"
INITIALS = ("AM",)
MONEY_SECONDS, PAPER_SECONDS, LOOK_SECONDS = 30, 60, 0.1
PERSON = "counter"


@dataclass(frozen=True)
class Played:
    """What came of it: the order, its facts for a machine, and what is not as it should be."""

    order: OrderView
    facts: dict[str, Any]
    untrue: tuple[str, ...]


def play(on: Stage, *, what: str) -> Played:
    """Sell `piece`, `bundle` or `preorder`, deposit and balance; waits for the money and the paper.

    Raises what the verbs raise, and PaymentTrouble where the reader shows nothing in time.
    """
    shop = on.shop
    basket_id = basket.live(shop, device_id=on.device_id, language="en")
    _choose(on, basket_id, what=what)
    first_day = basket.view(shop, basket_id=basket_id).ready_on
    slot = pickup.slots(shop, boutique_id=BOUTIQUE, not_before=first_day)[0]
    basket.choose_pickup(shop, basket_id=basket_id, boutique_id=BOUTIQUE, start=slot.start)
    shown = checkout.quote(shop, basket_id=basket_id)
    order_id = checkout.open(shop, quote=shown, device_id=on.device_id, terms_version="demonstration")
    _pay(on, order_id)
    if what == "preorder":
        staff.unlock(shop, device_id=on.device_id, staff_id=PERSON, pin=on.pins[PERSON])
        ready.mark_ready(shop, order_id=order_id, staff_id=PERSON, device_id=on.device_id)
        checkout.open_balance(shop, order_id=order_id, device_id=on.device_id, staff_id=PERSON)
        _pay(on, order_id)
    order = _until(lambda: orders.view(shop, order_id=order_id), _printed, seconds=PAPER_SECONDS)
    return _told(on, order)


def _choose(on: Stage, basket_id: str, *, what: str) -> None:
    if what == "bundle":
        offered = showcase.bundle(on.shop, bundle_id=BUNDLE, boutique_id=BOUTIQUE, language="en")
        choices = {slot.slot_id: _choice(slot.variants[0]) for slot in offered.slots}
        bundles.hold_bundle(on.shop, basket_id=basket_id, bundle_id=BUNDLE, choices=choices)
        return
    sku = PREORDER if what == "preorder" else PIECE
    wanted = showcase.variant(on.shop, sku=sku, boutique_id=BOUTIQUE, language="en")[0]
    held = basket.hold(on.shop, basket_id=basket_id, choice=_choice(wanted, engraving=INITIALS))
    proofs.confirm(on.shop, basket_id=basket_id, item_id=held.item_id, lines=INITIALS)


def _choice(variant: VariantView, *, engraving: tuple[str, ...] = ()) -> Choice:
    return Choice(variant.sku, size=variant.sizes[0].code if variant.sizes else None, engraving=engraving)


def _pay(on: Stage, order_id: str) -> None:
    def payment() -> PaymentState:
        return orders.view(on.shop, order_id=order_id).payment.state

    shown = _until(payment, lambda state: state is PaymentState.DISPATCHED, seconds=MONEY_SECONDS)
    if shown is not PaymentState.DISPATCHED:
        raise PaymentTrouble(f"the reader shows nothing after {MONEY_SECONDS} s, the payment is {shown}")
    on.outside.present_card()
    _until(payment, lambda state: state is PaymentState.CAPTURED, seconds=MONEY_SECONDS)


def _printed(order: OrderView) -> bool:
    return bool(order.slips) and all(slip.state == JobState.CONFIRMED for slip in order.slips)


def _told(on: Stage, order: OrderView) -> Played:
    known = showcase.named(on.shop, skus=[line.sku for line in order.lines], language="en")
    pieces = [
        {"sku": one.sku, "number": one.number, "edition_size": known[one.sku].edition_size}
        for one in order.lines
        if one.number is not None
    ]
    payments = [
        {
            "id": one.intent_id,
            "status": str(one.state),
            "brand": one.card.get("brand"),
            "last4": one.card.get("last4"),
            "amount_minor": one.amount_minor,
            "part": str(one.part),
        }
        for one in order.payments
    ]
    certificates = [{"url": one.url, "valid": _proven(on, one.url)} for one in order.certificates]
    booked = order.pickup
    facts = {
        "order": order.code,
        "receipt_no": order.receipts[0] if order.receipts else None,
        "receipts": list(order.receipts),
        "piece": pieces[0],
        "pieces": pieces,
        "total_minor": order.total_minor,
        "currency": order.currency,
        "payment": payments[-1],
        "payments": payments,
        "slips": _slips(on, order),
        "certificate": certificates[0] if certificates else None,
        "certificates": certificates,
        "pickup": {"code": booked.code, "slot": booked.start.isoformat()} if booked else None,
    }
    return Played(order, facts, tuple(_untrue(order, facts)))


def _untrue(order: OrderView, facts: dict[str, Any]) -> list[str]:
    truths = {
        "the order is paid": order.state is OrderState.PAID and order.paid_minor == order.total_minor,
        "every payment is captured": all(one.state is PaymentState.CAPTURED for one in order.payments),
        "every payment has its receipt": len(order.receipts) == len(order.payments),
        "every slip is confirmed and drawn": _printed(order) and all(slip["png"] for slip in facts["slips"]),
        "every piece has a valid certificate": len(facts["certificates"]) == len(facts["pieces"])
        and all(one["valid"] for one in facts["certificates"]),
        "the pickup is booked": facts["pickup"] is not None,
    }
    return [truth for truth, so in truths.items() if not so]


def _proven(on: Stage, url: str) -> bool:
    """Valid offline, by the public key alone, and on the public page."""
    offline = verify.check(url, on.shop.keys.public).valid
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 (our own public address)
            return offline and b'data-verdict="valid"' in answer.read()
    except URLError:
        return False


def _slips(on: Stage, order: OrderView) -> list[dict[str, Any]]:
    with on.shop.read() as look:
        ours = select(PrintJob).where(PrintJob.order_id == order.order_id, PrintJob.kind != DRAWER)
        jobs = list(look.exec(ours.order_by(col(PrintJob.queued_at), col(PrintJob.id))))
    tray = Path(on.outside.printer["dir"])
    told = []
    for position, job in enumerate(jobs, start=1):
        drawn = _until(lambda job=job: _drawn(tray, job.payload), bool, seconds=5) if job.payload else None  # type: ignore[misc]
        png = stage.keep(drawn, order_code=order.code, name=f"{position}-{job.kind}") if drawn else None
        told.append({"kind": job.kind, "state": str(job.state), "png": str(png) if png else None})
    return told


def _drawn(tray: Path, payload: bytes) -> Path | None:
    """The slip in the printer's tray that was made from these bytes; the printer draws it in its own time."""
    body = payload.removeprefix(RESET)  # the line is reset before the slip, with the printer's status in between
    made = (path for path in sorted(tray.glob("slip-*.bin"), reverse=True) if body in path.read_bytes())
    return next((path for path in made if path.with_suffix(".png").exists()), None)


def _until(look: Callable[[], V], is_so: Callable[[V], bool], *, seconds: float) -> V:
    """Look again and again until it is so, or the time is over; says what was seen last."""
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while not is_so(seen := look()) and time.monotonic() < deadline:
        pause.wait(LOOK_SECONDS)
    return seen
