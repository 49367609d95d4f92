"""The reader on the screen: a person taps, inserts, is refused, cancels; and the moment in which a cancel can race."""

import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import stripe

from pos.sandbox.stripe import Settings, start
from pos.sandbox.stripe.screen import PAGE
from tests.sandbox.stripe_shop import Till, checked_till, soon

MOMENT = 600.0


@pytest.fixture
def slow_till() -> Iterator[Till]:
    """A till at a stand-in whose authorising moment lasts until the test lets it pass."""
    settings = Settings(screen_authorising=MOMENT, helper_authorising=MOMENT, lock_wait=0.02)
    with start(settings=settings) as running, checked_till(running) as till:
        yield till


def sent(till: Till, amount: int = 43200, **config: Any) -> stripe.PaymentIntent:
    intent = till.intent(amount)
    till.send(intent, **config)
    return intent


def shows(till: Till) -> str:
    return str(till.at_reader("state").json()["shows"])


def test_the_screen_follows_a_payment(till: Till) -> None:
    assert shows(till) == "idle"
    intent = sent(till)
    state = till.at_reader("state").json()
    assert (state["shows"], state["amount"], state["currency"], state["can_cancel"]) == ("waiting", 43200, "gbp", True)
    assert till.at_reader("present", card="visa", how="tap").json()["shows"] == "approved"
    shown = till.now(intent, "latest_charge").latest_charge.payment_method_details.card_present
    assert (shown.read_method, shown.receipt.cardholder_verification_method) == ("contactless_emv", "none")


def test_an_inserted_card_is_verified_by_pin(till: Till) -> None:
    intent = sent(till)
    till.at_reader("present", card="visa", how="insert", pin=True)
    shown = till.now(intent, "latest_charge").latest_charge.payment_method_details.card_present
    assert (shown.read_method, shown.receipt.cardholder_verification_method) == ("contact_emv", "offline_pin")


@pytest.mark.parametrize("card", ["declined", "no_funds"])
def test_a_refused_card_shows_why(till: Till, card: str) -> None:
    intent = sent(till)
    state = till.at_reader("present", card=card, how="tap").json()
    assert state["shows"] == "declined"
    assert state["message"] == till.now(intent).last_payment_error.message


def test_a_tap_that_needs_a_pin_asks_for_the_chip(till: Till) -> None:
    intent = sent(till, 105502)
    assert till.at_reader("present", how="tap").json()["shows"] == "chip"
    assert till.action().status == "in_progress"
    assert till.at_reader("present", how="insert", pin=True).json()["shows"] == "approved"
    assert till.now(intent).status == "requires_capture"


def test_the_shopper_cancels_on_the_reader(till: Till) -> None:
    intent = sent(till)
    assert till.at_reader("cancel").json()["shows"] == "cancelled"
    action = till.action()
    assert (action.status, action.failure_code) == ("failed", "customer_canceled")
    assert action.failure_message == "This action could not be completed due to an error on the card reader."
    assert till.now(intent).status == "requires_payment_method"
    assert till.events()[-1] == "terminal.reader.action_failed"


def test_a_test_may_stand_in_for_the_person(till: Till) -> None:
    first = sent(till)
    till.running.cancel_on_reader(till.reader)
    assert till.action().failure_code == "customer_canceled"
    second = sent(till)
    till.running.present(till.reader, card="5555555555554444", how="insert", pin=True)
    assert (till.now(first).status, till.now(second).status) == ("requires_payment_method", "requires_capture")


def test_without_permission_there_is_no_cancel(till: Till) -> None:
    sent(till, enable_customer_cancellation=False)
    assert till.at_reader("state").json()["can_cancel"] is False
    assert till.at_reader("cancel").status_code == 409
    assert shows(till) == "waiting"


def test_a_card_at_an_idle_reader_does_nothing(till: Till) -> None:
    assert till.at_reader("present").status_code == 409
    assert shows(till) == "idle"


@pytest.mark.parametrize("wish", [{"card": "1234"}, {"how": "throw"}])
def test_a_gesture_nobody_knows_is_refused(till: Till, wish: dict[str, str]) -> None:
    sent(till)
    assert till.at_reader("present", **wish).status_code == 400


def test_an_unknown_reader_has_no_screen(till: Till) -> None:
    for path in ("", "/state"):
        assert httpx.get(till.running.screen_url("tmr_nobody") + path).status_code == 404
    assert httpx.post(till.running.screen_url("tmr_nobody") + "/present", json={}).status_code == 404


def test_the_screen_shows_offline_cart_and_armed_faults(till: Till) -> None:
    cart = {"currency": "gbp", "total": 43200, "line_items": [{"amount": 43200, "description": "Tag", "quantity": 1}]}
    till.client.v1.terminal.readers.set_reader_display(till.reader, {"type": "cart", "cart": cart})
    assert (shows(till), till.at_reader("state").json()["amount"]) == ("cart", 43200)
    till.running.fault("reader_offline", times=None)
    assert (shows(till), till.at_reader("state").json()["faults"]) == ("offline", ["reader_offline"])


# --- the authorising moment ---


def test_a_cancel_in_the_authorising_moment_is_too_late(slow_till: Till) -> None:
    till = slow_till
    intent = sent(till)
    assert till.at_reader("present").json()["shows"] == "authorising"
    for act in (till.cancel, lambda: till.send(intent)):
        with pytest.raises(stripe.InvalidRequestError) as busy:
            act()
        assert busy.value.code == "terminal_reader_busy"
    assert till.at_reader("cancel").status_code == till.at_reader("present").status_code == 409
    assert till.now(intent).status == "requires_payment_method"
    till.running.advance(seconds=MOMENT + 1)
    assert shows(till) == "approved"
    assert till.now(intent).status == "requires_capture"
    assert till.action().status == "succeeded"


def test_the_intent_is_locked_in_the_authorising_moment(slow_till: Till) -> None:
    till = slow_till
    intent = sent(till)
    till.at_reader("present")
    with pytest.raises(stripe.RateLimitError) as locked:
        till.client.v1.payment_intents.cancel(intent.id)
    assert locked.value.error.code == "lock_timeout"
    till.running.advance(seconds=MOMENT + 1)
    assert till.client.v1.payment_intents.cancel(intent.id).status == "canceled"


def test_an_intent_authorised_at_one_reader_is_not_sent_to_another(slow_till: Till) -> None:
    intent = sent(slow_till)
    slow_till.at_reader("present")
    with pytest.raises(stripe.RateLimitError):
        Till(slow_till.running).send(intent)


def test_the_helper_answers_when_the_outcome_has_landed(slow_till: Till) -> None:
    till = slow_till
    intent = sent(till)
    answers: list[str] = []
    presenting = threading.Thread(target=lambda: answers.append(till.card().action.status))
    presenting.start()
    assert soon(lambda: shows(till) == "authorising")
    with pytest.raises(stripe.InvalidRequestError, match="currently busy"):
        till.cancel()
    assert answers == []
    till.running.advance(seconds=MOMENT + 1)
    presenting.join()
    assert answers == ["succeeded"]
    assert till.now(intent).status == "requires_capture"


def test_the_outcome_lands_though_nobody_asks() -> None:
    with start(settings=Settings(screen_authorising=0.1)) as running:
        till = Till(running)
        sent(till)
        till.at_reader("present")
        assert soon(lambda: running.transcript.events("terminal.reader.action_succeeded"))


# --- the page ---


def test_the_page_is_whole_and_knows_no_address() -> None:
    for outside in ('src="http', 'href="http', "url(", "@import", 'src="/', 'href="/', 'fetch("/', "fetch('/"):
        assert outside not in PAGE


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A browser page as small as the reader is shown beside the pay screen."""
    context = browser.new_context(viewport={"width": 360, "height": 520}, has_touch=True)
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda trouble: troubles.append(str(trouble)))
    yield page
    context.close()
    assert troubles == []


@pytest.mark.browser
def test_a_person_pays_with_card_and_pin(till: Till, page: Any) -> None:
    page.goto(till.running.screen_url(till.reader))
    intent = sent(till)
    page.wait_for_selector("[data-shows=waiting]")
    assert page.inner_text("#amount") == "£432.00"
    page.get_by_role("button", name="Insert card", exact=True).tap()
    for figure in "1234":
        page.get_by_role("button", name=figure, exact=True).tap()
    page.get_by_role("button", name="Enter", exact=True).tap()
    page.wait_for_selector("[data-shows=approved]")
    shown = till.now(intent, "latest_charge").latest_charge.payment_method_details.card_present
    assert shown.receipt.cardholder_verification_method == "offline_pin"


@pytest.mark.browser
def test_a_person_is_refused_and_cancels_in_french(till: Till, page: Any) -> None:
    page.goto(till.running.screen_url(till.reader) + "?lang=fr")
    sent(till, 123400)
    page.wait_for_selector("[data-shows=waiting]")
    assert page.get_attribute("html", "lang") == "fr"
    page.get_by_role("button", name="Sans provision", exact=True).tap()
    page.wait_for_selector("[data-shows=declined]")
    assert "Provision insuffisante" in page.inner_text(".middle")
    sent(till, 123400)
    page.get_by_role("button", name="Annuler", exact=True).tap()
    page.wait_for_selector("[data-shows=cancelled]")


@pytest.mark.browser
def test_the_reader_names_the_faults_that_are_armed(till: Till, page: Any) -> None:
    page.goto(till.running.screen_url(till.reader))
    assert page.inner_text("#fault") == ""
    till.running.fault("reader_busy", times=2)
    till.running.fault("webhook_drop")
    page.wait_for_function("document.querySelector('#fault').textContent === 'Fault armed: reader busy, webhook drop'")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    till.running.clear_faults()
    page.wait_for_function("document.querySelector('#fault').textContent === ''")


@pytest.mark.browser
def test_every_target_is_large_enough_and_all_of_it_fits(till: Till, page: Any) -> None:
    page.goto(till.running.screen_url(till.reader))
    sent(till)
    page.wait_for_selector("[data-shows=waiting]")
    for opened in ("tray", "keys"):
        sizes = page.evaluate(
            "[...document.querySelectorAll('button')].filter(b => b.offsetParent)"
            ".map(b => [b.getBoundingClientRect().width, b.getBoundingClientRect().height])"
        )
        assert min(min(size) for size in sizes) >= 48, opened
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight && "
                             "document.documentElement.scrollWidth <= innerWidth")  # fmt: skip
        page.get_by_role("button", name="Insert card", exact=True).tap() if opened == "tray" else None


@pytest.mark.browser
def test_the_page_works_behind_a_path_prefix(till: Till, page: Any) -> None:
    """The shop shows the reader through a proxy of its own, under another path."""
    prefix = "http://shop.invalid/companion/7/reader"

    def forward(route: Any) -> None:
        rest = route.request.url.removeprefix(prefix).lstrip("/")
        url = till.running.screen_url(till.reader) + (f"/{rest}" if rest else "")
        answer = httpx.request(route.request.method, url, content=route.request.post_data)
        route.fulfill(status=answer.status_code, body=answer.text, content_type=answer.headers["content-type"])

    page.route("http://shop.invalid/**", forward)
    page.goto(prefix)
    sent(till)
    page.wait_for_selector("[data-shows=waiting]")
    page.get_by_role("button", name="Tap card", exact=True).tap()
    page.wait_for_selector("[data-shows=approved]")
