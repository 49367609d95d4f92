"""How quick a screen is: the server's time for each, twenty tablets at once, from a tap to the painted change, what a
visit loads, and what a tablet leaves in the server's memory.

Over real websockets, with three servers in one run: ours, an empty page served the same way, and our screens under
plain `streamlit run`. They are asked in turn, so that whatever else this machine does slows all three alike.
"""

import asyncio
import contextlib
import itertools
import random
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence

import psutil

from bench import servers
from bench.figure import Figure, Measure, at_least, at_most, percentile, shown
from bench.socket_tablet import Tablet, cookie_of_a_new_tablet
from kiosk.registry import SCREENS
from pos.catalogue import showcase
from pos.models import PaymentState, Role
from pos.people import devices
from pos.selling import basket, checkout, orders, pickup
from pos.selling.views import Choice
from pos.shop import Shop
from tests.house import House

RERUNS, WARM, PLAIN_EVERY = 40, 5, 4  # plain Streamlit takes so long that a quarter of the turns must do
TABLETS, EVERY_SECONDS, SECONDS = 20, 3.0, 60
IDLE_TABLETS = 60
USED_BEFORE, USED, AT_ONCE = 200, 500, 8  # Streamlit itself keeps the last 128 sessions that went, for two minutes
CHAIN, CAPSULE = "NC-CH", "notebook-corner"
ADDRESS = {  # what a screen needs to have something to show
    "story": f"capsule={CAPSULE}",
    "piece": "sku=NC-VM",
    "bundle": "bundle=charm-and-chain",
    "fit": f"sku={CHAIN}",
}
TIMES_EMPTY, TIMES_PLAIN = 4, 2.5


class Shopper:
    """A tablet the shop knows, and the shop's own verbs for it."""

    def __init__(self, house: House, shop: Shop) -> None:
        self.cookie, self._house, self._shop = cookie_of_a_new_tablet(house.address), house, shop
        device = devices.known(shop, cookie=self.cookie)
        assert device is not None
        self._device = device

    @property
    def _basket(self) -> str:
        return basket.live(self._shop, device_id=self._device.device_id, language="en")

    def keep(self, sku: str = CHAIN) -> None:
        """A piece in the basket, with a time to collect it."""
        piece = showcase.variant(self._shop, sku=sku, boutique_id=self._device.boutique_id, language="en")[0]
        choice = Choice(sku, size=piece.sizes[0].code if piece.sizes else None)
        basket.hold(self._shop, basket_id=self._basket, choice=choice)
        ready_on = basket.view(self._shop, basket_id=self._basket).ready_on
        slot = pickup.slots(self._shop, boutique_id=self._device.boutique_id, not_before=ready_on)[0]
        start = slot.start
        basket.choose_pickup(self._shop, basket_id=self._basket, boutique_id=self._device.boutique_id, start=start)

    def pay(self) -> str:
        """The basket's order, waiting at the reader; says which."""
        self.keep()
        quote = checkout.quote(self._shop, basket_id=self._basket)
        order_id = checkout.open(self._shop, quote=quote, device_id=self._device.device_id, terms_version="bench")
        self._wait(order_id, PaymentState.DISPATCHED)
        return order_id

    def buy(self) -> str:
        """A paid order with its slips; says which."""
        order_id = self.pay()
        self._house.outside.present_card()
        self._wait(order_id, PaymentState.CAPTURED)
        return order_id

    def _wait(self, order_id: str, state: PaymentState) -> None:
        until = time.monotonic() + 60
        while orders.view(self._shop, order_id=order_id).payment.state != state:
            assert time.monotonic() < until, f"the payment was never {state}"
            time.sleep(0.1)


@contextlib.contextmanager
def _open() -> Iterator[tuple[House, Shop]]:
    with servers.ours() as house:
        shop = Shop(house.settings)
        try:
            yield house, shop
        finally:
            shop.close()


def reruns() -> Iterator[Figure]:
    """Each shopper's screen drawn again as a whole, held against an empty page and against plain Streamlit."""
    with _open() as (house, shop), servers.empty() as empty, servers.plain(house) as plain:
        whose, done, pays = (Shopper(house, shop) for _ in range(3))
        whose.keep()
        asked = {**ADDRESS, "done": f"order={done.buy()}", "pay": f"order={pays.pay()}"}
        for screen in SCREENS:
            if screen.role != Role.SHOPPER:
                continue
            shopper = {"done": done, "pay": pays}.get(screen.url, whose)
            own, nothing, stock = (
                percentile(took, 0.5) * 1000
                for took in asyncio.run(
                    _in_turn(
                        Tablet(house.address, cookie=shopper.cookie),
                        Tablet(empty.address),
                        Tablet(plain.address, cookie=shopper.cookie),
                        page=screen.url,
                        query=asked.get(screen.url, ""),
                    )
                )
            )
            name = f"screen.rerun.{screen.url or 'attract'}"
            yield at_most(f"{name}.of_empty", own / nothing, "times", TIMES_EMPTY)
            yield at_least(f"{name}.under_plain", stock / own, "times", TIMES_PLAIN)
            yield shown(f"{name}_ms.p50", own, "ms", f"an empty page {nothing:.1f}, plain {stock:.1f}")


async def _in_turn(*tablets: Tablet, page: str, query: str) -> list[list[float]]:
    took: list[list[float]] = [[] for _ in tablets]
    for tablet in tablets:
        await tablet.open()
        await tablet.walk(page, query)
    for i in range(RERUNS + WARM):
        for tablet, times in zip(tablets, took, strict=True):
            if tablet is tablets[-1] and i % PLAIN_EVERY:
                continue
            seconds = await tablet.again()
            if i >= WARM:
                times.append(seconds)
    for tablet in tablets:
        await tablet.close()
    return took


def twenty() -> Iterator[Figure]:
    """Twenty shoppers, each touching something every three seconds: screens, numbers that are kept, the basket."""
    with _open() as (house, shop):
        shoppers = [Shopper(house, shop) for _ in range(TABLETS)]
        took = [seconds * 1000 for seconds in asyncio.run(_twenty(house.address, shoppers))]
    yield at_most("screen.twenty_ms.p95", percentile(took, 0.95), "ms", 250)
    yield shown("screen.twenty_ms.p50", percentile(took, 0.5), "ms", f"{len(took)} taps")


async def _twenty(address: str, shoppers: Sequence[Shopper]) -> list[float]:
    took: list[float] = []

    async def stand_there(i: int, shopper: Shopper) -> None:
        tablet = await Tablet(address, cookie=shopper.cookie).open()
        await tablet.walk("")
        began = time.perf_counter() + EVERY_SECONDS * (i + random.random()) / TABLETS
        taps = _road(tablet, first=i * 6 + 1)
        for turn in range(int(SECONDS / EVERY_SECONDS)):
            await asyncio.sleep(max(0.0, began + turn * EVERY_SECONDS - time.perf_counter()))
            took.append(await anext(taps))
        await tablet.close()

    await asyncio.gather(*(stand_there(i, shopper) for i, shopper in enumerate(shoppers)))
    return took


async def _road(tablet: Tablet, *, first: int) -> AsyncIterator[float]:
    """What a shopper touches, one after another, round and round; nobody else wants these six numbers."""
    for n in itertools.cycle(range(first, first + 6)):
        yield await tablet.walk("story", ADDRESS["story"])
        yield await tablet.walk("piece", f"sku={CHAIN}")
        yield await tablet.tap("piece", f"number_{CHAIN}", n)
        yield await tablet.tap("piece", "open_thumb1")
        yield await tablet.walk("fit", ADDRESS["fit"])
        yield await tablet.walk("piece", f"sku={CHAIN}")
        yield await tablet.tap("piece", "go_keep")
        yield await tablet.walk("materials")


def memory() -> Iterator[Figure]:
    """Tablets that look at a piece and are touched no more: what each takes, above what Streamlit's own takes."""
    with _open() as (house, shop), servers.empty() as empty:
        assert house.process is not None
        shoppers = [Shopper(house, shop) for _ in range(10)]
        cookies = [shopper.cookie for shopper, _ in zip(itertools.cycle(shoppers), range(IDLE_TABLETS), strict=False)]
        own = asyncio.run(_each_takes(house.address, house.process.pid, cookies, _look_around))
        theirs = asyncio.run(_each_takes(empty.address, empty.pid, [""] * IDLE_TABLETS, _look_at_nothing))
    yield at_most("screen.idle_tablet_mb", own - theirs, "MB", 2)
    yield shown("screen.idle_tablet_mb.streamlit", theirs, "MB", "a tablet on an empty page")


async def _each_takes(
    address: str, pid: int, cookies: Sequence[str], look: Callable[[Tablet], "asyncio.Future[None]"]
) -> float:
    """MB a tablet, once the first of them have filled whatever is filled once."""
    tablets, before = [], 0.0
    for i, cookie in enumerate([*cookies[:10], *cookies]):
        if i == 10:
            before = _mb(pid)
        tablets.append(await Tablet(address, cookie=cookie).open())
        await look(tablets[-1])
    after = _mb(pid)
    for tablet in tablets:
        await tablet.close()
    return (after - before) / len(cookies)


async def _look_around(tablet: Tablet) -> None:
    for page in ("", "story", "piece"):
        await tablet.walk(page, ADDRESS.get(page, ""))


async def _look_at_nothing(tablet: Tablet) -> None:
    for _ in range(3):
        await tablet.walk("")


def _mb(pid: int) -> float:
    return float(psutil.Process(pid).memory_info().rss) / 2**20


def leaks() -> Iterator[Figure]:
    """Shoppers who come, keep a piece and walk away: their sessions are wiped and leave nothing in the server."""
    with _open() as (house, shop):
        assert house.process is not None
        pid, shoppers = house.process.pid, [Shopper(house, shop) for _ in range(AT_ONCE)]
        asyncio.run(_come_and_go(house.address, shoppers, times=USED_BEFORE))
        before = _mb(pid)
        asyncio.run(_come_and_go(house.address, shoppers, times=USED))
        after = _mb(pid)
    yield at_most("screen.sessions_grow_percent", (after / before - 1) * 100, "%", 5)
    yield shown("screen.sessions_mb", after, "MB", f"{before:.1f} MB before {USED} sessions were opened, used, wiped")


async def _come_and_go(address: str, shoppers: Sequence[Shopper], *, times: int) -> None:
    turns = iter(range(times))

    async def one_after_another(shopper: Shopper, number: int) -> None:
        for _ in turns:
            tablet = await Tablet(address, cookie=shopper.cookie).open()
            await _look_around(tablet)
            await tablet.walk("piece", f"sku={CHAIN}")
            await tablet.tap("piece", f"number_{CHAIN}", number)
            await tablet.tap("piece", "go_keep")
            await tablet.trigger("idle_watch", "gone", True)
            await tablet.close()

    await asyncio.gather(*(one_after_another(shopper, i + 1) for i, shopper in enumerate(shoppers)))


MEASURES: tuple[Measure, ...] = (
    (("screen.rerun",), reruns),
    (("screen.twenty",), twenty),
    (("screen.idle_tablet",), memory),
    (("screen.sessions",), leaks),
)
