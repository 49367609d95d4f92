"""What lies outside the tablet: the shop's books, Stripe's side of a payment, the paper in the printer's tray."""

import fcntl
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx
import zxingcpp
from PIL import Image
from sqlmodel import col, select

from pos.models import Order, OrderLine, Payment, Receipt
from pos.payments.terminal import API_VERSION
from pos.shop import Shop
from tests.house import House

SECONDS = 60
V = TypeVar("V")


def until(look: Callable[[], V], *, what: str, seconds: float = SECONDS) -> V:
    """Look until there is something to see; the world outside rings no bell."""
    end = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < end, f"not after {seconds} s: {what}"
        time.sleep(0.05)
    return seen


class Books:
    """The shop's records, read beside the open shop."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def orders_of(self, sku: str, number: int) -> list[Order]:
        """Every order that ever stood for this numbered piece."""
        with self.shop.read() as look:
            lines = select(OrderLine.order_id).where(OrderLine.sku == sku, OrderLine.number == number)
            return list(look.exec(select(Order).where(col(Order.id).in_(lines))))

    def payments_of(self, order_id: str) -> list[Payment]:
        """Its payments, deposit and balance."""
        with self.shop.read() as look:
            return list(look.exec(select(Payment).where(Payment.order_id == order_id)))

    def receipts_of(self, order_id: str) -> list[str]:
        """Its receipt numbers."""
        with self.shop.read() as look:
            return list(look.exec(select(Receipt.number).where(Receipt.order_id == order_id)))


class StripeSide:
    """What Stripe would say, were it asked."""

    def __init__(self, house: House) -> None:
        self._house = house

    def intents_of(self, order_id: str) -> list[dict[str, Any]]:
        """The payment intents of an order."""
        every = self._list("payment_intents")
        return [intent for intent in every if intent["metadata"].get("order_id") == order_id]

    def charges_of(self, intent_id: str) -> list[dict[str, Any]]:
        """The charges of a payment intent, oldest first."""
        return self._list("charges", payment_intent=intent_id)[::-1]

    def put_the_reader_to_rest(self) -> None:
        """Nobody's payment is left at the reader for the next to meet."""
        screen = self._stripe["readers"][0]["screen"]
        if httpx.get(f"{screen}/state").json()["can_cancel"]:
            httpx.post(f"{screen}/cancel", json={})

    @property
    def _stripe(self) -> dict[str, Any]:
        return dict(self._house.outside.told["stripe"])

    def _list(self, what: str, **params: str) -> list[dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self._stripe['api_key']}", "Stripe-Version": API_VERSION}
        url = f"{self._stripe['url']}/v1/{what}"
        answer = httpx.get(url, params={"limit": "100", **params}, headers=headers).raise_for_status()
        return list(answer.json()["data"])


class Tray:
    """The paper that fell out of the printer since somebody last looked."""

    def __init__(self, house: House) -> None:
        self._folder = Path(house.outside.printer["dir"])
        self._seen = set(self._slips())

    def new(self, count: int) -> list[Path]:
        """Wait for so many slips more; their pictures in the order in which they fell."""
        return until(lambda: found if len(found := self._unseen()) >= count else None, what=f"{count} slips") or []

    def _unseen(self) -> list[Path]:
        return [slip for slip in self._slips() if slip not in self._seen]

    def _slips(self) -> list[Path]:
        return sorted(self._folder.glob("slip-*.png"))


def codes_on(slip: Path) -> list[str]:
    """What a scanner reads on a slip."""
    with Image.open(slip) as picture:
        return [code.text for code in zxingcpp.read_barcodes(picture.convert("L"))]


def words_of(page: str) -> str:
    """The words of an HTML page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def kill(house: House) -> None:
    """Kill the server in the middle of whatever it does; its stand-ins, which live and die with it, are awaited."""
    house.kill()
    lock = house.folder / "sandbox" / "lock"
    until(lambda: _is_free(lock), what="the stand-ins to be gone")


def _is_free(lock: Path) -> bool:
    with lock.open("w") as door:
        try:
            fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
