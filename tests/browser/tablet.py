"""A tablet in somebody's hands: it is tapped, never clicked, and it remembers what its browser complained of."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    FrameLocator,
    Locator,
    Page,
    Response,
    ViewportSize,
    expect,
)
from playwright.sync_api import TimeoutError as Late

from kiosk.words import Words
from pos.people.devices import COOKIE

LANDSCAPE: ViewportSize = {"width": 1366, "height": 1024}
PORTRAIT: ViewportSize = {"width": 1024, "height": 1366}
AGAIN = 15_000  # ms after which somebody at the counter touches again
READER = {  # what stands on the reader's buttons, which belong to the world outside
    "en": {"card": "Tap card", "declined": "Declined card", "cancel": "Cancel"},
    "fr": {"card": "Sans contact", "declined": "Carte refusée", "cancel": "Annuler"},
}


class Tablet:
    """One browser with one cookie; `page` is what is in sight."""

    def __init__(self, context: BrowserContext, *, language: str = "en") -> None:
        self.context, self.language, self.say = context, language, Words(language)
        self.complaints: list[str] = []
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(f"uncaught: {error.error}"))
        context.on("response", self._refused)
        self.page: Page = context.new_page()

    def go(self, path: str) -> None:
        """Type an address: a load of its own."""
        self.page.goto(path, wait_until="domcontentloaded")

    def button(self, words: str, *, exact: bool = False) -> Locator:
        """The button of this name, or of a name that begins with it."""
        name = words if exact else re.compile("^" + re.escape(words))
        return self.page.get_by_role("button", name=name, exact=exact)

    def tap(self, words: str, *, exact: bool = False) -> None:
        """Touch the button of this name; while a page is redrawn, what it was stands beside what it becomes."""
        button = self.button(words, exact=exact)
        expect(button).to_have_count(1)
        button.first.tap()

    def rush(self, button: Locator, *, times: int) -> None:
        """An impatient finger: the same spot several times, asking nobody between."""
        expect(button).to_be_enabled()
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        assert box is not None
        for _ in range(times):
            self.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def shows(self, heading: str) -> None:
        """Wait until this heading is on the screen."""
        expect(self.page.get_by_role("heading", name=heading, exact=True).first).to_be_visible()

    def says(self, words: str) -> None:
        """Wait until these words are on the screen."""
        expect(self.page.get_by_text(words).first).to_be_visible()

    def settles(self) -> None:
        """Wait until the screen is whole: nothing of it is still on its way."""
        self.page.locator('[data-test-script-state="notRunning"]').wait_for(state="attached")

    def mark(self) -> None:
        """Put a mark into this load of the page, to tell whether it is still the same one."""
        self.page.evaluate("window.sameLoad = true")

    def is_marked(self) -> bool:
        """Whether the page was not loaded anew since."""
        return bool(self.page.evaluate("window.sameLoad === true"))

    def comes_back(self) -> None:
        """Wait until the page has loaded itself again, untouched."""
        self.page.wait_for_function("() => window.sameLoad === undefined")

    def param(self, name: str) -> str:
        """A word of the address line."""
        found = re.search(rf"[?&]{name}=([^&]+)", self.page.url)
        assert found, self.page.url
        return found[1]

    @property
    def cookie(self) -> str:
        """What the shop knows this tablet by."""
        return next(str(one["value"]) for one in self.context.cookies() if one["name"] == COOKIE)

    @contextmanager
    def forgiving(self) -> Iterator[None]:
        """What the browser complains of while the shop is away is no fault of the shop's screens."""
        before = len(self.complaints)
        yield
        del self.complaints[before:]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location.get('url')})")

    def _refused(self, answer: Response) -> None:
        if answer.status >= 400:
            self.complaints.append(f"{answer.status} {answer.url}")


class Reader:
    """The drawn card reader beside the pay page, in its own frame."""

    def __init__(self, tablet: Tablet, *, within: str = ".st-key-reader_screen") -> None:
        self.words = READER[tablet.language]
        self.frame: FrameLocator = tablet.page.frame_locator(f"{within} iframe")

    def tap_card(self) -> None:
        """A good card."""
        self._touch("card")

    def tap_declined_card(self) -> None:
        """A card the bank refuses."""
        self._touch("declined")

    def cancel(self) -> None:
        """The red key."""
        self._touch("cancel")

    def _touch(self, what: str) -> None:
        self.frame.get_by_role("button", name=self.words[what], exact=True).tap()


class Shopper(Tablet):
    """Somebody alone with the tablet."""

    def explore(self, capsule: str = "notebook-corner") -> None:
        """From attract into a capsule's story."""
        self.go("/")
        self.page.locator(f"[data-tap=explore_{capsule}]").tap()
        self.shows(self.say("story.pieces"))

    def look_at(self, piece: str) -> None:
        """From the story to a piece."""
        self.tap(piece)
        self.shows(piece)

    def number(self, n: int, state: str) -> Locator:
        """A number in the chooser, while it is `free`, `mine`, `taken` or `reserved`."""
        return self.page.get_by_role("radio", name=f"{n}, {self.say(f'piece.{state}')}", exact=True)

    def choose_number(self, n: int) -> None:
        """Touch a free number; it is this shopper's when its mark comes back from the records."""
        self.number(n, "free").tap()
        expect(self.number(n, "mine")).to_be_visible()
        self.says(self.say("shop.held"))

    def engrave(self, words: str) -> None:
        """Type what is to be cut; it stands on the piece while it is typed."""
        field = self.page.get_by_role("textbox", name=self.say("piece.engraving"))
        field.tap()
        self.page.keyboard.type(words)
        expect(self.page.locator(".shape .cut").first).to_have_text(words)

    def prove(self) -> None:
        """In the basket: read the engraving and say that every letter is right."""
        self.tap(self.say("basket.proof"), exact=True)
        self.says(self.say("basket.proof_yes"))

    def keep(self) -> None:
        """The green button of a piece: on to the basket."""
        self.page.locator(".st-key-go_keep button").tap()
        self.shows(self.say("basket.title"))

    def book(self) -> str:
        """The first half hour that has room; says which."""
        times = self.page.get_by_role("radiogroup", name=self.say("basket.pickup_time"), exact=True)
        first = times.get_by_role("radio").first
        first.tap()
        expect(times.get_by_role("radio", checked=True)).to_be_visible()
        self.says(self.say("basket.pay_first_terms"))
        return first.inner_text()

    def accept(self) -> None:
        """The terms."""
        self.page.locator(".st-key-terms button").tap()
        expect(self.page.get_by_role("checkbox", name=self.say("basket.terms"))).to_be_checked()

    @property
    def pay_button(self) -> Locator:
        """The green button of the basket."""
        return self.page.locator(".st-key-go_pay button")

    def basket_of(self, piece: str, number: int, *, capsule: str = "notebook-corner") -> None:
        """All the way to a basket that only wants paying."""
        self.explore(capsule)
        self.look_at(piece)
        self.choose_number(number)
        self.keep()
        self.book()
        self.accept()

    def to_the_reader(self) -> Reader:
        """Pay, and wait until the reader asks for a card."""
        self.pay_button.tap()
        return self.at_the_reader()

    def at_the_reader(self) -> Reader:
        """The reader, once it asks for a card."""
        self.shows(self.say("pay.dispatched"))
        return Reader(self)

    def paper_is_out(self, slips: int) -> None:
        """Wait until so many slips of the order are printed, one as well as the other."""
        expect(self.page.locator(".vt-slip", has_text=self.say("slips.confirmed"))).to_have_count(slips)


class Till(Shopper):
    """The same tablet with one of the boutique's people at it."""

    def unlock(self, url: str, *, person: str, pin: str) -> None:
        """Say who is there, type the PIN; where the shop makes guessers wait, wait with them."""
        self.go(url)
        self.page.get_by_role("radio", name=person, exact=True).or_(self.button("1", exact=True)).first.wait_for()
        who = self.page.get_by_role("radio", name=person, exact=True)
        asks = self.page.get_by_text(self.say("unlock.pin_of", name=person)).first
        if who.count():
            who.tap()
            with suppress(Late):  # seen once: a busy browser took the touch back
                asks.wait_for(timeout=AGAIN)
            if not asks.is_visible():
                who.tap()
        expect(asks).to_be_visible()
        self.type_pin(pin)

    def type_pin(self, pin: str) -> None:
        """Digit by digit, then the key that means it."""
        for digit in pin:
            self.tap(digit, exact=True)
        self.tap(self.say("unlock.ok"), exact=True)

    def is_open(self) -> None:
        """Wait until the staff's bar is on the screen."""
        expect(self.button(self.say("counter.lock"), exact=True)).to_be_visible()

    def enter_code(self, code: str) -> None:
        """A collect code, as a scanner types it."""
        field = self.page.get_by_role("textbox", name=self.say("collect.code"))
        field.tap()
        field.fill(code)
        field.press("Enter")
