"""A drop opens and everybody wants one: many buyers, few pieces, through hold, open and settle.

Used by the race tests and by the measurements. The payment's answer is written down as the payments room does it; what
Stripe does in between is not part of the race.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

from sqlalchemy import update
from sqlmodel import col, func, select

from pos.clock import SetClock
from pos.errors import HoldLapsed, SoldOut, WrongState
from pos.models import Boutique, Order, OrderState, Payment, PaymentState, Piece, PieceState
from pos.selling import basket, pickup
from pos.selling.settle import settle
from pos.selling.views import Choice
from pos.settings import Settings
from pos.shop import Shop
from tests.selling.shelf import CHARM, Tablet

Buy = Callable[[Shop, Tablet], str]


@dataclass
class Rush:
    """What happened: how each buyer left, how long the longest purchase took, and how long it all took, in seconds."""

    left: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    seconds: float = 0.0

    def add(self, other: "Rush") -> "Rush":
        self.left += other.left
        self.slowest = max(self.slowest, other.slowest)
        return self


def make_room(shop: Shop) -> None:
    """Everybody may collect in the same half hour: the race is for the pieces."""
    with shop.jot() as tx:
        tx.get_one(Boutique, "demo").slot_capacity = 10_000


def buy(shop: Shop, tablet: Tablet) -> str:
    """One buyer takes the next free number, pays and has it; or is told that all are gone."""
    try:
        basket.hold(shop, basket_id=tablet.basket_id, choice=Choice(CHARM))
    except SoldOut:
        return "sold out"
    return pay(shop, tablet)


def pay(shop: Shop, tablet: Tablet) -> str:
    slot = pickup.slots(shop, boutique_id="demo")[0]
    basket.choose_pickup(shop, basket_id=tablet.basket_id, boutique_id="demo", start=slot.start)
    order_id = tablet.open()
    with shop.jot() as tx:
        said_yes = update(Payment).where(col(Payment.order_id) == order_id).values(state=PaymentState.AUTHORISED)
        tx.connection().execute(said_yes)
        payment_id = tx.exec(select(Payment.id).where(Payment.order_id == order_id)).one()
    settle(shop, payment_id=payment_id)
    return "bought"


def buy_without_guard(shop: Shop, tablet: Tablet) -> str:
    """The twin: look which number is free, then take it. Shows that the race is real."""
    with shop.read() as look:
        free = select(Piece.id).where(Piece.sku == CHARM, Piece.state == PieceState.FREE).order_by(col(Piece.number))
        seen = look.exec(free).first()
    if seen is None:
        return "sold out"
    with shop.jot() as tx:
        mine = {"state": PieceState.SOLD, "order_id": _order_of(tx, tablet, shop)}
        tx.connection().execute(update(Piece).where(col(Piece.id) == seen).values(**mine))
    return "bought"


def _order_of(tx: Any, tablet: Tablet, shop: Shop) -> str:
    order = Order(
        id=tablet.device_id,
        key=tablet.device_id,
        code=tablet.device_id[-16:],
        boutique_id="demo",
        device_id=tablet.device_id,
        basket_id=tablet.basket_id,
        language="en",
        currency="gbp",
        total_minor=1,
        vat_minor=0,
        due_now_minor=1,
        due_later_minor=0,
        opened_at=shop.clock.now(),
    )
    tx.add(order)
    tx.flush()
    return order.id


def rush(shop: Shop, *, buyers: int, threads: int, buy: Buy = buy) -> Rush:
    """Let buyers loose on a shop from so many threads at once."""
    tablets = [Tablet(shop).enrol() for _ in range(buyers)]
    for tablet in tablets:
        assert tablet.basket_id
    return run(shop, tablets, threads=threads, buy=buy)


def run(shop: Shop, tablets: list[Tablet], *, threads: int, buy: Buy = buy) -> Rush:
    went, gate = Rush(), threading.Barrier(threads + 1)
    mutex = threading.Lock()
    waiting = list(reversed(tablets))

    def worker() -> None:
        gate.wait()
        while True:
            with mutex:
                if not waiting:
                    return
                tablet = waiting.pop()
            began = time.monotonic()
            left = _how_left(shop, tablet, buy)
            with mutex:
                went.left[left] += 1
                went.slowest = max(went.slowest, time.monotonic() - began)

    with ThreadPoolExecutor(threads) as pool:
        for _ in range(threads):
            pool.submit(worker)
        gate.wait()
        began = time.monotonic()
    went.seconds = time.monotonic() - began
    return went


def _how_left(shop: Shop, tablet: Tablet, buy: Buy) -> str:
    try:
        return buy(shop, tablet)
    except (HoldLapsed, WrongState) as refused:
        return f"refused: {type(refused).__name__}"
    except Exception as trouble:  # a buyer told anything else was told that the shop is busy
        return f"busy: {type(trouble).__name__}: {trouble}"


def rush_of_processes(shop: Shop, *, buyers: int, processes: int, threads: int) -> Rush:
    """The same from several processes on one database, each with its own connections."""
    tablets = [Tablet(shop).enrol() for _ in range(buyers)]
    for tablet in tablets:
        assert tablet.basket_id
    context = get_context("spawn")
    gate, answers = context.Barrier(processes + 1), context.Queue()
    shares = [[tablet.device_id for tablet in tablets[i::processes]] for i in range(processes)]
    given = (shop.settings.model_dump(), shop.clock.now(), gate, answers)
    children = [context.Process(target=_child, args=(*given, share, threads)) for share in shares]
    for child in children:
        child.start()
    gate.wait(300)
    began = time.monotonic()
    whole = Rush()
    for _ in children:
        whole.add(answers.get(timeout=300))
    whole.seconds = time.monotonic() - began
    for child in children:
        child.join(30)
    return whole


def _child(given: dict[str, Any], now: Any, gate: Any, answers: Any, device_ids: list[str], threads: int) -> None:
    shop = Shop(Settings(_env_file=None, **given), clock=SetClock(now))  # type: ignore[call-arg]
    tablets = [Tablet(shop, device_id=device_id) for device_id in device_ids]
    with shop.read() as look:  # imports and the first connection are not part of the race
        look.exec(select(func.count()).select_from(Piece)).one()
    gate.wait(300)
    answers.put(run(shop, tablets, threads=threads))
    shop.close()


def sold_numbers(shop: Shop) -> list[int]:
    """The numbers that were sold, in order."""
    with shop.read() as look:
        sold = select(Piece.number).where(Piece.sku == CHARM, Piece.state == PieceState.SOLD)
        return sorted(look.exec(sold))


def accounts(shop: Shop) -> tuple[int, int, int]:
    """Paid orders, settled payments, and their difference in pence."""
    with shop.read() as look:
        orders = look.exec(select(Order).where(Order.state == OrderState.PAID)).all()
        payments = look.exec(select(Payment).where(Payment.state == PaymentState.AUTHORISED)).all()
    owed = sum(order.total_minor for order in orders) - sum(payment.amount_minor for payment in payments)
    return len(orders), len(payments), owed
