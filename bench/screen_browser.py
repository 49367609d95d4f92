"""What a browser sees of a screen's speed: from a tap to the painted change, and what a visit has to load."""

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from bench import servers
from bench.figure import Figure, Measure, at_most, percentile, shown
from tests import chromium
from tests.browser.tablet import Shopper
from tests.house import House

TAPS, WARM = 30, 3
CHAIN = "Slim chain, vermeil"
STREAMLITS_OWN = re.compile(r"https?://[^/]+/static/")  # its scripts, styles and faces, the same for every app
# From the finger on the glass to the frame after the one in which the words of this place are others.
PAINTED = """place => { window.painted = new Promise((resolve) => {
  const words = () => document.querySelector(place)?.innerText;
  addEventListener("pointerdown", (touch) => {
    const before = words();
    const look = () => words() === before || !words() ? requestAnimationFrame(look)
      : requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - touch.timeStamp)));
    look();
  }, { capture: true, once: true });
}); }"""


@contextlib.contextmanager
def _browser() -> Iterator[tuple[House, Browser]]:
    path = chromium.find()
    assert path is not None, "there is no Chromium on this machine: `make test` fetches one"
    with servers.ours() as house, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--disable-dev-shm-usage"])
        yield house, browser
        browser.close()


def _tablet(browser: Browser, house: House) -> BrowserContext:
    return browser.new_context(
        base_url=house.address,
        viewport={"width": 1180, "height": 820},
        device_scale_factor=2,
        has_touch=True,
        reduced_motion="reduce",
    )


def painting() -> Iterator[Figure]:
    """A number that becomes the shopper's; a half hour that is booked."""
    with _browser() as (house, browser):
        shopper = Shopper(_tablet(browser, house))
        shopper.explore()
        shopper.look_at(CHAIN)
        numbers = [
            _tap(shopper.page, shopper.number(n, "free"), ".vt-side .vt-row .vt-price, .vt-row .vt-quiet + p")
            for n in range(1, TAPS + WARM + 1)
        ]
        shopper.keep()
        # Late in the day today has hardly a half hour left.
        shopper.page.locator(".vt-day:enabled:not(.on)").first.tap()
        shopper.settles()
        shopper.book()
        shopper.accept()
        times = shopper.page.get_by_role("radiogroup", name=shopper.say("basket.pickup_time"), exact=True)
        booked = [_tap(shopper.page, times.get_by_role("radio").nth(1 + i % 2), ".vt-bar") for i in range(TAPS + WARM)]
    for screen, took in (("piece", numbers[WARM:]), ("basket", booked[WARM:])):
        yield at_most(f"screen.painted.{screen}_ms.p95", percentile(took, 0.95), "ms", 400)
        yield shown(f"screen.painted.{screen}_ms.p50", percentile(took, 0.5), "ms", "from the tap to the changed frame")


def _tap(page: Page, what: Any, place: str) -> float:
    page.evaluate(PAINTED, place)
    what.tap()
    return float(page.evaluate("window.painted"))


def visits() -> Iterator[Figure]:
    """The story looked through to its end by a new tablet, and by one that has been here before."""
    with _browser() as (house, browser):
        context = _tablet(browser, house)
        first, second = (_bytes_of_a_visit(context) for _ in range(2))
    yield at_most("screen.visit_kb.first", first["ours"] / 1024, "KB", 1.5 * 1024)
    yield shown("screen.visit_kb.streamlit", first["streamlit"] / 1024, "KB", "Streamlit's own bundle, apart")
    yield at_most("screen.visit_kb.second", second["ours"] / 1024, "KB", 50)


def _bytes_of_a_visit(context: BrowserContext) -> dict[str, int]:
    page = context.new_page()
    loaded = {"ours": 0, "streamlit": 0}
    _count(context.new_cdp_session(page), loaded)
    page.goto("/story?capsule=notebook-corner")
    page.locator(".vt-side .vt-card").first.wait_for()
    page.locator('[data-test-script-state="notRunning"]').wait_for(state="attached")
    for picture in page.locator("img").all():  # pictures below are loaded when they come into sight
        picture.evaluate("one => one.scrollIntoView()")
        page.wait_for_function("one => one.complete", arg=picture.element_handle())
    page.close()
    return loaded


def _count(wire: CDPSession, loaded: dict[str, int]) -> None:
    """What comes over the wire, headers and the socket's messages included (those as they are before compression)."""
    whose: dict[str, str] = {}

    def asked(event: dict[str, Any]) -> None:
        whose[event["requestId"]] = "streamlit" if STREAMLITS_OWN.match(event["request"]["url"]) else "ours"

    def came(event: dict[str, Any]) -> None:
        loaded[whose.get(event["requestId"], "ours")] += int(event["encodedDataLength"])

    def said(event: dict[str, Any]) -> None:
        frame = event["response"]
        loaded["ours"] += len(frame["payloadData"]) * 3 // 4 if frame["opcode"] == 2 else len(frame["payloadData"])

    wire.on("Network.requestWillBeSent", asked)
    wire.on("Network.loadingFinished", came)
    wire.on("Network.webSocketFrameReceived", said)
    wire.on("Network.webSocketFrameSent", said)
    wire.send("Network.enable")


MEASURES: tuple[Measure, ...] = ((("screen.painted",), painting), (("screen.visit",), visits))
