"""Whoever walks away leaves nothing in the browser: no name, no size, no companion, no address, wherever one looks."""

import json
from base64 import b64encode
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kiosk.diagrams.codes import qr
from pos.selling import receipt_links
from tests.browser.conftest import IDLE_SECONDS
from tests.browser.outside import Books
from tests.browser.tablet import Shopper

NAME, BREED, WEIGHT, GIRTH, ADDRESS = "WREN", "Whippet", "7.7", "31.3", "wren.marlow@example.com"
TRACES = (NAME, BREED, WEIGHT, GIRTH, ADDRESS)

# Everything a page of this address can read back: what stands on it (inside components too) and what it was told to
# keep. A database, a store of answers or a worker of ours there is none, and none may be there.
LEFT = """async () => {
  const words = [], look = (root) => {
    for (const one of root.querySelectorAll("*")) {
      if (one.shadowRoot) look(one.shadowRoot);
      words.push(one.value ?? "", ...[...one.attributes].map((each) => each.value));
    }
    words.push(root.textContent);
  };
  look(document);
  return {
    page: words.join("\\n"), address: location.href, title: document.title, state: JSON.stringify(history.state) ?? "",
    window: window.name, cookies: document.cookie, local: JSON.stringify({...localStorage}),
    session: JSON.stringify({...sessionStorage}), caches: await caches.keys(),
    databases: (await indexedDB.databases()).map((one) => one.name),
    workers: (await navigator.serviceWorker.getRegistrations()).map((one) => one.scope),
  };
}"""


def left_behind(page: Page, *more: str) -> dict[str, Any]:
    """Where a trace of the last shopper can be read, by the place; more are those of this shopper alone."""
    left: dict[str, Any] = page.evaluate(LEFT)
    found = {
        place: [trace for trace in (*TRACES, *more) if trace.lower() in json.dumps(what, ensure_ascii=False).lower()]
        for place, what in left.items()
    }
    kept = {place: left[place] for place in ("caches", "databases", "workers") if left[place]}
    return {place: traces for place, traces in found.items() if traces} | kept


def fit_a_companion(shopper: Shopper) -> None:
    say, page = shopper.say, shopper.page
    page.locator("[data-tap^=link_fit_]").first.tap()
    breed = page.get_by_role("textbox", name=say("pets.breed"))
    breed.fill(BREED)
    breed.press("Enter")
    page.get_by_role("radio", name=BREED).or_(page.get_by_role("button", name=BREED)).first.tap()
    for label, value in (("pets.weight", WEIGHT), ("pets.girth", GIRTH)):
        number = page.get_by_role("textbox", name=say(label))
        number.fill(value)
        number.press("Enter")
    expect(page.locator(".st-key-page_fit .vt-measures")).to_be_visible()
    page.locator(".st-key-go_fit button").tap()
    expect(page.locator(".st-key-page_piece")).to_be_visible()


def name_it_and_buy_it(shopper: Shopper) -> None:
    page = shopper.page
    page.get_by_role("textbox", name=shopper.say("piece.engraving")).first.fill(NAME)
    expect(page.locator(".shape .cut").first).to_have_text(NAME)
    shopper.keep()
    shopper.says(NAME)
    shopper.prove()
    shopper.book()
    shopper.accept()
    shopper.to_the_reader().tap_card()
    expect(page.locator(".st-key-page_done")).to_be_visible()
    field = page.get_by_role("textbox", name=shopper.say("mail.address"))
    field.fill(ADDRESS)  # typed, and left there


@pytest.mark.parametrize("left_by", ["silence", "finish"])
def test_nothing_of_a_shopper_is_left_in_the_browser(shopper: Shopper, books: Books, left_by: str) -> None:
    page = shopper.page
    page.clock.install()
    shopper.explore("owner-and-pet")
    page.locator("[data-tap=open_OP-PET]").tap()
    expect(page.locator(".st-key-page_piece")).to_be_visible()
    fit_a_companion(shopper)
    name_it_and_buy_it(shopper)
    receipt = receipt_links.latest(books.shop, order_id=shopper.param("order"))
    assert receipt is not None
    secret, code = receipt.url.rpartition("/")[2], b64encode(qr(receipt.url).encode()).decode()
    traces = {trace for traces in left_behind(page, secret, code).values() for trace in traces}
    assert {NAME, ADDRESS, code} <= traces  # it can be found
    assert secret not in traces, "its address stands in the picture of the code alone"
    shopper.mark()
    if left_by == "finish":
        page.locator(".st-key-go_finish button").tap()
    else:
        page.clock.fast_forward((IDLE_SECONDS + 1) * 1000)
    expect(page.locator("[data-tap=explore_owner-and-pet]")).to_be_visible()
    assert shopper.is_marked() == (left_by == "finish"), "Finish stays in the same session"
    shopper.settles()
    assert left_behind(page, secret, code) == {}
    for _ in range(int(page.evaluate("history.length"))):  # a swipe over the edge of the screen, again and again
        if page.go_back(wait_until="domcontentloaded") is None:
            break
        if page.url == "about:blank":
            break
        expect(page.locator("[class*=st-key-page_]").first).to_be_visible()
        assert left_behind(page, secret, code) == {}, page.url
    for path in ("/fit?sku=OP-PET", "/piece?sku=OP-PET", "/basket"):  # where the next shopper might meet it
        shopper.go(path)
        expect(page.locator("[class*=st-key-page_]").first).to_be_visible()
        shopper.settles()
        left = left_behind(page, secret, code)
        left.pop("page", None) if path.startswith("/fit") else None  # its list of breeds names every breed to anyone
        assert left == {}, path
    fields = page.locator("input[type=text], input[type=number]")
    shopper.go("/fit?sku=OP-PET")
    expect(page.get_by_role("textbox").first).to_have_value("")
    assert {one.input_value() for one in fields.all()} <= {""}
