"""A tray under a finger and under the keyboard."""

from playwright.sync_api import expect

from tests.browser.tablet import Shopper

PICTURES = "[...document.querySelectorAll('.vt-thumbs img')]"
DAYS = "[...document.querySelectorAll('.vt-day')]"
LATE = """() => {
  const line = document.querySelector("input[name=mail_before_address]"), now = Date.now;
  line.value = "zoe@vitrine.example";
  line.dispatchEvent(new Event("change", { bubbles: true }));
  Date.now = () => now() + 4000;
  document.querySelector(".vt-day:enabled:not(.on)").click();
}"""
TYPED_AND_TOUCHED = """() => {
  const field = document.activeElement.shadowRoot.activeElement;
  field.value = "ZOE";
  field.dispatchEvent(new Event("input"));
  document.querySelector("[data-tap=go_keep]").click();
}"""
FOCUS = "document.activeElement?.dataset.tap ?? ''"


def basket_of_two(shopper: Shopper, *, number: int) -> None:
    shopper.explore()
    for sku in ("NC-CH", "NC-VM"):
        shopper.go(f"/piece?sku={sku}")
        shopper.choose_number(number)
    shopper.keep()
    expect(shopper.page.locator(".vt-kept")).to_have_count(2)


def test_whoever_chooses_a_day_with_the_keyboard_stays_on_that_day(shopper: Shopper) -> None:
    """The calendar is laid anew with its chosen day: the focus must not fall back to the top of the page, nor a finger
    that is just being lifted meet another button than it was laid on."""
    page = shopper.page
    shopper.explore()
    shopper.look_at("Slim chain, vermeil")
    shopper.choose_number(9)
    shopper.keep()
    shopper.settles()
    free = page.locator(".vt-day:enabled:not(.on)").first
    name = str(free.get_attribute("data-tap"))
    many = page.evaluate(f"{DAYS}.map((day) => (day.seen = true)).length")
    free.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".vt-day.on")).to_have_attribute("data-tap", name)
    assert page.evaluate(FOCUS) == name
    assert page.evaluate(f"{DAYS}.filter((day) => day.seen).length") == many
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS) not in ("", name)


def test_two_impatient_touches_put_one_piece_back_and_leave_the_other(shopper: Shopper) -> None:
    """The second touch was meant for the piece that is gone, and lies where the other one has come to stand."""
    page = shopper.page
    basket_of_two(shopper, number=10)
    shopper.rush(page.locator("[data-tap^=link_remove_]").first, times=2)
    expect(page.locator(".vt-kept")).to_have_count(1)
    shopper.settles()
    expect(page.locator(".vt-kept")).to_have_count(1)


def test_two_quick_touches_on_two_things_do_both(shopper: Shopper) -> None:
    """Both lie on one tray, and the second comes while the screen still answers the first."""
    page = shopper.page
    basket_of_two(shopper, number=11)
    shopper.settles()
    page.evaluate("document.querySelectorAll('[data-tap^=link_remove_]').forEach((one) => one.click())")
    shopper.shows(shopper.say("basket.empty"))


def test_pictures_and_the_focus_stay_where_they_were(shopper: Shopper) -> None:
    page = shopper.page
    shopper.explore()
    shopper.look_at("Corner charm, vermeil")
    first, second = (page.locator(f"[data-tap=open_thumb{i}]") for i in (0, 1))
    expect(first).to_have_attribute("aria-pressed", "true")
    shopper.settles()
    many = page.evaluate(f"{PICTURES}.map((img) => (img.seen = true)).length")
    assert many > 1
    second.focus()
    page.keyboard.press("Enter")
    expect(second).to_have_attribute("aria-pressed", "true")
    expect(first).to_have_attribute("aria-pressed", "false")
    assert page.evaluate(f"{PICTURES}.filter((img) => img.seen).length") == many, "made anew, it flickers"
    expect(second).to_be_focused()


def test_what_is_being_typed_stays_while_the_screen_is_drawn_again(shopper: Shopper) -> None:
    """A basket looks at its clock by itself, whoever types; and a tick answers the finger before the server does."""
    page = shopper.page
    shopper.explore()
    shopper.look_at("Slim chain, vermeil")
    shopper.choose_number(8)
    shopper.keep()
    shopper.settles()
    offered = page.get_by_role("checkbox", name=shopper.say("mail.offer"))
    assert offered.evaluate("tick => (tick.click(), tick.getAttribute('aria-checked'))") == "true"
    address = page.get_by_role("textbox", name=shopper.say("mail.address"))
    address.tap()
    page.keyboard.type("zoe@vitrine.ex")
    page.locator(".vt-day:enabled:not(.on)").first.evaluate("day => day.click()")  # the screen is drawn again
    expect(page.locator(".vt-day.on")).to_have_count(1)
    shopper.settles()
    expect(address).to_be_focused()
    expect(address).to_have_attribute("value", "zoe@vitrine.ex")  # and is heard before the day
    page.keyboard.type("ample")
    expect(address).to_have_value("zoe@vitrine.example")
    shopper.accept()
    expect(address).to_have_value("zoe@vitrine.example")


def test_words_are_heard_before_a_touch_that_leaves_the_hand_in_their_field(shopper: Shopper) -> None:
    """So a screen reader touches; the words would come half a second after the piece was kept without them."""
    page = shopper.page
    shopper.explore()
    shopper.go("/piece?sku=OP-OWNER")
    shopper.choose_number(19)
    shopper.settles()
    page.get_by_role("textbox", name=shopper.say("piece.engraving")).first.focus()
    page.evaluate(TYPED_AND_TOUCHED)
    expect(page.locator(".vt-kept")).to_have_count(1)
    expect(page.locator(".vt-held .vt-cut")).to_have_text("ZOE")


def test_what_was_typed_is_heard_however_long_a_slow_server_takes(shopper: Shopper) -> None:
    """A touch is not meant any more after three seconds; an address is."""
    page = shopper.page
    basket_of_two(shopper, number=37)
    page.get_by_role("checkbox", name=shopper.say("mail.offer")).click()
    address = page.get_by_role("textbox", name=shopper.say("mail.address"))
    address.wait_for()
    shopper.settles()
    page.evaluate(LATE)
    expect(page.locator(".vt-day.on")).to_have_count(1)
    shopper.settles()
    expect(address).to_have_value("zoe@vitrine.example")


def test_arrows_lead_through_a_choice_and_space_chooses(shopper: Shopper) -> None:
    page = shopper.page
    shopper.go("/piece?sku=OP-RING")
    sizes = page.get_by_role("radiogroup", name=shopper.say("piece.size"), exact=True).get_by_role("radio")
    shopper.settles()
    sizes.first.focus()
    page.keyboard.press("ArrowRight")
    expect(sizes.nth(1)).to_be_focused()
    page.keyboard.press("Space")
    expect(sizes.nth(1)).to_be_checked()
    shopper.settles()
    expect(sizes.nth(1)).to_be_focused()
    expect(sizes.first).not_to_be_checked()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(sizes.last).to_be_focused()
    page.keyboard.press("Shift+Tab")
    stands_in = page.evaluate("document.activeElement.parentElement.ariaLabel")
    assert stands_in != shopper.say("piece.size"), "out of the choice, not to what is chosen in it"
