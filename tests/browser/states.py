"""Every screen in every state worth looking at, and the road there. Each road begins where the one before it ended.

What looks at all of them walks once (`walk`): the check of accessibility, and `make shots`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from playwright.sync_api import Locator, expect
from sqlmodel import col, select, update

from pos.ids import new_id
from pos.models import Basket, BasketItem, Certificate, Device, Order, Piece, PieceState, Receipt
from pos.people import devices
from pos.proof.certificate import link
from pos.selling import receipt_links
from pos.shop import Shop
from tests.browser.conftest import IDLE_SECONDS
from tests.browser.pictures import all_painted
from tests.browser.tablet import Reader, Till
from tests.house import House

GONE = "OP-RING-X"  # in the state of that name
NUMBERS = {"en": 61, "fr": 63}  # of the chain, for each walk its own


@dataclass
class Walk:
    """One tablet on its way through every screen, in one language."""

    tablet: Till
    house: House
    shop: Shop
    remembered: dict[str, str] = field(default_factory=dict)

    def go(self, path: str) -> None:
        """Type an address, in the language of this walk."""
        self.tablet.go(f"{path}{'&' if '?' in path else '?'}lang={self.tablet.language}")

    def at(self, key: str) -> Locator:
        """What can be touched under a key of ours."""
        within = self.tablet.page.locator(f"[class*='st-key-{key}']").locator("button, label, [role=radio]")
        return within.or_(self.tablet.page.locator(f"[data-tap^='{key}']")).first

    def tap(self, key: str) -> None:
        """Touch it."""
        self.at(key).tap()

    def there(self, selector: str) -> None:
        """Wait until this is on the screen."""
        expect(self.tablet.page.locator(selector).first).to_be_visible()

    def radio(self, words: str) -> None:
        """Touch this choice."""
        self.tablet.page.get_by_role("radio", name=self.tablet.say(words), exact=True).tap()

    def field(self, words: str) -> Locator:
        """The field of this name."""
        return self.tablet.page.get_by_role("textbox", name=self.tablet.say(words), exact=True)

    def settle(self) -> None:
        """Wait until all that is in sight is drawn and nothing runs."""
        page = self.tablet.page
        if page.locator("#root").count():
            page.locator('[data-test-script-state="notRunning"]').wait_for(state="attached")
            expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
        page.evaluate("document.fonts.ready.then(() => document.activeElement?.blur())")
        all_painted(page)


@dataclass(frozen=True)
class State:
    """Its name, the page it is of (an address of the registry, or `door`, `public`), and the road to it."""

    name: str
    page: str
    road: Callable[[Walk], None]

    @property
    def is_staffs(self) -> bool:
        """Whether somebody of the boutique looks at it, on a phone perhaps."""
        return self.page in STAFFS


def at(path: str, shows: str) -> Callable[[Walk], None]:
    """The road that is an address."""

    def road(w: Walk) -> None:
        w.go(path)
        w.there(shows)

    return road


def touched(key: str, shows: str) -> Callable[[Walk], None]:
    """The road that is one touch."""

    def road(w: Walk) -> None:
        w.tap(key)
        w.there(shows)

    return road


def a_number_and_words(w: Walk) -> None:
    w.go("/piece?sku=NC-VM")
    n = {"en": 21, "fr": 22}[w.tablet.language]
    w.tablet.number(n, "free").tap()
    expect(w.tablet.number(n, "mine")).to_be_visible()
    w.tablet.engrave("ANE")
    w.there(".st-key-held")


def words_that_cannot_be_cut(w: Walk) -> None:
    w.field("piece.engraving").fill("LONGER")
    w.tablet.says(w.tablet.say("notices.CannotEngrave_line_long_only", most=3))


def a_dog_with_a_neck(w: Walk) -> None:
    for label, value in (("pets.weight", "7.5"), ("pets.girth", "31")):
        number = w.tablet.page.get_by_role("textbox", name=w.tablet.say(label))
        number.fill(value)
        number.press("Enter")
    w.there(".st-key-page_fit .vt-scale")
    w.there(".st-key-page_fit .vt-measures")


def into_the_basket(w: Walk) -> None:
    w.field("piece.engraving").fill("ANE")
    w.tablet.keep()
    w.there(".st-key-page_basket .vt-proof")


def ready_to_pay(w: Walk) -> None:
    w.tablet.prove()
    w.tablet.book()
    w.tablet.accept()
    expect(w.tablet.pay_button).to_be_enabled()


def at_the_reader(w: Walk) -> None:
    w.tablet.to_the_reader()
    reader = Reader(w.tablet)
    reader.frame.get_by_role("button", name=reader.words["card"], exact=True).wait_for()


def declined(w: Walk) -> None:
    Reader(w.tablet).tap_declined_card()
    w.tablet.shows(w.tablet.say("pay.declined"))


def cancelled(w: Walk) -> None:
    w.tap("go_cancel")
    w.tablet.shows(w.tablet.say("pay.cancelled"))


def bought(w: Walk) -> None:
    w.tap("go_back")
    w.tablet.shows(w.tablet.say("basket.title"))
    if not w.tablet.page.get_by_role("checkbox", name=w.tablet.say("basket.terms")).is_checked():
        w.tablet.accept()
    w.tablet.to_the_reader().tap_card()
    w.there(".st-key-page_done")
    w.tablet.paper_is_out(3)
    order_id = w.tablet.param("order")
    w.remembered["collect"] = w.tablet.page.locator(".vt-keep .vt-code").first.text_content() or ""
    with w.shop.read() as look:
        w.remembered["order"] = look.get_one(Order, order_id).code
        certificate = look.exec(select(Certificate).where(Certificate.order_id == order_id)).one()
        parts = urlsplit(link(w.shop, certificate))
        receipt = look.exec(select(Receipt.link).where(Receipt.order_id == order_id)).one()
    w.remembered["certificate"] = f"{parts.path}?{parts.query}"
    w.remembered["receipt"] = f"{receipt_links.PATH}{receipt}"


def nothing_kept(w: Walk) -> None:
    w.tap("go_finish")
    w.there(".st-key-page_attract")
    w.go("/basket")
    w.there(".st-key-page_calm")


def time_is_over(w: Walk) -> None:
    n = NUMBERS[w.tablet.language]
    w.go("/piece?sku=NC-CH")
    w.tablet.number(n, "free").tap()
    w.there(".st-key-held")
    with w.shop.jot() as tx:
        mine = select(BasketItem.piece_id).where(BasketItem.sku == "NC-CH")
        lapsed = tx.now() - timedelta(minutes=1)
        kept = (col(Piece.number) == n, col(Piece.sku) == "NC-CH", col(Piece.id).in_(mine))
        tx.exec(update(Piece).where(*kept).values(held_until=lapsed))
    w.go("/basket")
    w.tablet.says(w.tablet.say("basket.lapsed"))


def all_gone(w: Walk) -> None:
    with w.shop.jot() as tx:
        device_id, now = tx.exec(select(Device.id)).first() or "", tx.now()
        others = Basket(id=new_id(), device_id=device_id, began_at=now, closed_at=now)
        tx.add(others)
        tx.flush()
        held = {"state": PieceState.HELD, "basket_id": others.id, "held_until": now + timedelta(hours=1)}
        tx.exec(update(Piece).where(col(Piece.sku) == GONE, col(Piece.state) == PieceState.FREE).values(**held))
        w.remembered["others"] = others.id
    w.go(f"/piece?sku={GONE}")
    w.there(".st-key-go_wait")


def on_the_list(w: Walk) -> None:
    w.field("waiting.name").fill("Zoë")
    w.field("waiting.contact").fill("zoe@example.co")
    w.tap("waiting_agreed")
    expect(w.at("go_wait")).to_be_enabled()
    w.tap("go_wait")
    w.there(".st-key-waiting [role=status]")
    with w.shop.jot() as tx:
        theirs = col(Piece.basket_id) == w.remembered["others"]
        tx.exec(update(Piece).where(theirs).values(state=PieceState.FREE, basket_id=None, held_until=None))


def left_alone(w: Walk) -> None:
    w.go("/materials")
    w.there(".st-key-page_materials")
    w.settle()
    w.tablet.page.evaluate(f"window.__vitrine.seen = Date.now() - {(IDLE_SECONDS - 15) * 1000}")
    expect(w.tablet.page.get_by_role("dialog")).to_be_visible()


def guessed_wrong(w: Walk) -> None:
    pin = w.house.pins["Manager"]
    w.tablet.unlock(f"/counter?lang={w.tablet.language}", person="Manager", pin="000000" if pin[0] != "0" else "111111")
    w.there(".st-key-pad_notice .vt-notice, .st-key-pad_notice [role=alert]")


def unlocked(w: Walk) -> None:
    w.tablet.page.wait_for_timeout(1_100)  # as long as a wrong PIN makes everyone wait
    w.tablet.type_pin(w.house.pins["Manager"])
    w.tablet.is_open()
    empty = w.tablet.page.get_by_text(w.tablet.say("counter.empty"))
    expect(w.at("link_wipe").or_(empty).first).to_be_visible()
    if w.at("link_wipe").is_visible():
        w.tap("link_wipe")
    w.tablet.says(w.tablet.say("counter.empty"))


def on_the_ticket(w: Walk) -> None:
    w.tap("open_NC-VM")
    w.there("[class*=st-key-sale_]")
    w.tap("link_edit_")
    w.there("[class*=st-key-swap_]")
    w.radio("counter.pickup")
    expect(w.tablet.page.get_by_role("radiogroup", name=w.tablet.say("basket.pickup_time"))).to_be_visible()


def other_ways(w: Walk) -> None:
    w.radio("counter.take_away")
    expect(w.at("other_ways")).to_be_enabled()
    w.tap("other_ways")
    w.there(".st-key-take_ways")


def part_in_cash(w: Walk) -> None:
    for digits in ("5", "00", "0"):
        w.tablet.tap(digits, exact=True)
    expect(w.at("go_cash")).to_have_text(re.compile("50"))
    w.tap("go_cash")
    w.there("[class*=st-key-tender_]")


def given_up(w: Walk) -> None:
    w.tap("link_give_up")
    w.there(".st-key-give_up")


def all_back(w: Walk) -> None:
    w.tap("give_up")
    w.there("[class*=st-key-tender_] button")


def looked_up(page: str, words: str, what: str, shows: str) -> Callable[[Walk], None]:
    """What comes out when a code is typed."""

    def road(w: Walk) -> None:
        w.go(f"/{page}")
        w.tablet.is_open()
        code = w.field(words)
        code.fill(w.remembered[what])
        code.press("Enter")
        w.there(shows)

    return road


def certified(w: Walk) -> None:
    w.go(w.remembered["certificate"])
    w.there("h1")


def on_a_phone(w: Walk) -> None:
    w.go(w.remembered["receipt"])
    w.there(".receipt h1")


def forged(w: Walk) -> None:
    address = w.remembered["certificate"]
    w.go(address[:-1] + ("A" if address[-1] != "A" else "B"))
    w.there("h1")


def handed_over(w: Walk) -> None:
    w.go(w.remembered["certificate"] + "&do=hand-over")
    w.there("h1")


def revoked(w: Walk) -> None:
    w.go("/notice")
    w.there(".st-key-page_notice")
    device = devices.known(w.shop, cookie=w.tablet.cookie)
    assert device is not None
    devices.revoke(w.shop, device_id=device.device_id, by="shots")
    w.tap("go_back")
    w.there(".st-key-page_calm")


STATES = (
    State("attract", "", at("/", ".st-key-page_attract img:visible")),
    State("story", "story", at("/story?capsule=notebook-corner", ".st-key-page_story .vt-card")),
    State("story_owner_and_pet", "story", at("/story?capsule=owner-and-pet", ".st-key-page_story .vt-card")),
    State("piece", "piece", at("/piece?sku=NC-VM", ".st-key-go_keep")),
    State("piece_preorder", "piece", at("/piece?sku=NC-PT", ".st-key-go_keep")),
    State("piece_ring", "piece", at("/piece?sku=OP-RING", ".st-key-go_keep")),
    State("bundle", "bundle", at("/bundle?bundle=charm-and-chain", ".st-key-go_keep")),
    State("bundle_owner_and_pet", "bundle", at("/bundle?bundle=owner-and-pet", ".st-key-go_keep")),
    State("fit_ring", "fit", at("/fit?sku=OP-RING", ".st-key-fit_sizer")),
    State("fit_chain", "fit", at("/fit?sku=NC-CH", ".st-key-page_fit .vt-scale")),
    State("fit_coin", "fit", at("/fit?sku=NC-VM", ".st-key-page_fit .vt-scale")),
    State("fit_companion", "fit", at("/fit?sku=OP-PET", ".st-key-pet_girth")),
    State("fit_companion_found", "fit", a_dog_with_a_neck),
    State("notice", "notice", at("/notice", ".st-key-page_notice .vt-shields")),
    State("materials", "materials", at("/materials", ".st-key-page_materials .vt-metal")),
    State("delivery", "delivery", at("/delivery", ".st-key-page_delivery h1")),
    State("missing", "door", at("/story?capsule=nothing", ".st-key-page_calm h2")),
    State("pay_nothing", "pay", at("/pay", ".st-key-page_calm h2")),
    State("piece_kept", "piece", a_number_and_words),
    State("piece_refused", "piece", words_that_cannot_be_cut),
    State("basket", "basket", into_the_basket),
    State("basket_ready", "basket", ready_to_pay),
    State("pay", "pay", at_the_reader),
    State("pay_declined", "pay", declined),
    State("pay_cancelled", "pay", cancelled),
    State("done", "done", bought),
    State("basket_empty", "basket", nothing_kept),
    State("basket_lapsed", "basket", time_is_over),
    State("piece_gone", "piece", all_gone),
    State("piece_waited_for", "piece", on_the_list),
    State("idle_warning", "materials", left_alone),
    State("certificate", "public", certified),
    State("certificate_forged", "public", forged),
    State("certificate_hand_over", "public", handed_over),
    State("receipt", "public", on_a_phone),
    State("receipt_unknown", "public", at("/receipts/guess", "h1")),
    State("enrolment_spent", "public", at("/enrol/spent", "h1")),
    State("link_paid", "public", at("/link-paid", "h1")),
    State("unlock", "counter", at("/counter", ".st-key-page_unlock")),
    State("unlock_wrong", "counter", guessed_wrong),
    State("counter", "counter", unlocked),
    State("counter_ticket", "counter", on_the_ticket),
    State("take", "take", other_ways),
    State("take_in_part", "take", part_in_cash),
    State("take_give_up", "take", given_up),
    State("take_back", "take", all_back),
    State("collect", "collect", at("/collect", ".st-key-page_collect h1, .st-key-page_collect input")),
    State("collect_found", "collect", looked_up("collect", "collect.code", "collect", ".vt-handover")),
    State("returns", "returns", at("/returns", ".st-key-return_code")),
    State("returns_found", "returns", looked_up("returns", "returns.code", "order", ".st-key-go_give_back")),
    State("gift", "gift", at("/gift", ".st-key-gift_typed")),
    State("payments", "payments", at("/payments", ".st-key-payments_body")),
    State("printers", "printers", at("/printers", ".st-key-printers_body")),
    State("waiting", "waiting", at("/waiting", ".st-key-waiting_body")),
    State("certificates", "certificates", at("/certificates", ".st-key-certificates_body")),
    State(
        "certificates_found",
        "certificates",
        looked_up("certificates", "certificates.code", "order", ".st-key-link_next"),
    ),
    State("board", "board", at("/board", ".st-key-page_board .vt-figures")),
    State("unknown_tablet", "door", revoked),
)
STAFFS = ("counter", "take", "collect", "returns", "gift", "payments", "printers", "waiting", "certificates", "board")


def walk(on: Walk) -> Iterator[State]:
    """Every state, one after another; it is on the screen, and still, while the loop's body runs."""
    for state in STATES:
        try:
            state.road(on)
            on.settle()
        except Exception as lost:
            raise AssertionError(f"the road to {state.name} led nowhere: {on.tablet.page.url}") from lost
        yield state
