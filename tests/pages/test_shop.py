"""The shopper's road, screen by screen: what is shown is what the records say, and a reload loses nothing."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk.words import Words
from pos.catalogue.showcase import places
from pos.models import Boutique, Bundle, Extra, OrderState, PickupSlot
from pos.selling import basket, bundles, orders, pickup
from pos.selling.views import Choice
from tests.pages.conftest import Tablet


def hold(tablet: Tablet, sku: str, number: int | None = None) -> int:
    held = basket.hold(tablet.shop, basket_id=tablet.basket_id, choice=Choice(sku, number=number))
    return held.number


def test_attract_shows_every_capsule_of_the_boutique(tablet: Tablet) -> None:
    assert tablet.headings == ["Notebook corner", "Owner and pet"]
    assert tablet.screen.exception == []


def test_whoever_touches_attract_starts_with_nothing(tablet: Tablet) -> None:
    hold(tablet, "NC-VM", 7)
    before = tablet.basket_id
    tablet.touch("explore_notebook-corner")
    assert tablet.says("The corner that takes the knocks")
    assert tablet.basket_id != before
    assert hold(tablet, "NC-VM", 7) == 7


def test_an_empty_basket_forgets_the_last_shopper_s_pickup_too(tablet: Tablet) -> None:
    hold(tablet, "NC-VM", 7)
    choose_first_slot(tablet)
    left = basket.view(tablet.shop, basket_id=tablet.basket_id)
    basket.release(tablet.shop, basket_id=tablet.basket_id, item_id=left.lines[0].item_id)
    tablet.touch("explore_notebook-corner")
    held = basket.view(tablet.shop, basket_id=tablet.basket_id)
    assert held.pickup_start is None


def test_the_story_names_its_sources_its_prices_and_what_is_left(tablet: Tablet) -> None:
    hold(tablet, "NC-PT", 1)
    tablet.open("shop/story", capsule="notebook-corner")
    for words in (
        "Lanternhouse Gazette, photograph",
        "£540",
        "49 places left",
        "Hallmark 950",
        "Fineness 925",
    ):
        assert tablet.says(words), words
    assert tablet.says("Charm and chain")


def test_what_was_written_by_somebody_is_never_markup(tablet: Tablet) -> None:
    words = ("<b>A&M</b>",)
    basket.hold(tablet.shop, basket_id=tablet.basket_id, choice=Choice("NC-PT", number=3, engraving=("A&M<b>",)))
    tablet.open("shop/basket")
    assert tablet.says("A&amp;M&lt;b&gt;")
    assert not tablet.says(words[0])


def test_a_number_touched_is_kept_and_a_second_touch_changes_it(tablet: Tablet) -> None:
    screen = tablet.open("shop/piece", sku="NC-PT")
    screen.selectbox(key="number_NC-PT_picked").set_value(12).run()
    assert tablet.says("Nº 12")
    tablet.screen.selectbox(key="number_NC-PT_picked").set_value(13).run()
    held = basket.view(tablet.shop, basket_id=tablet.basket_id)
    assert [line.number for line in held.lines] == [13]


def test_a_number_somebody_else_took_is_refused_in_one_sentence(tablet: Tablet, another: Callable[[], Tablet]) -> None:
    screen = tablet.open("shop/piece", sku="NC-PT")
    basket.hold(tablet.shop, basket_id=another().basket_id, choice=Choice("NC-PT", number=12))
    screen.selectbox(key="number_NC-PT_picked").set_value(12).run()
    assert tablet.says("Number 12 has just been taken. Choose another.")
    assert basket.view(tablet.shop, basket_id=tablet.basket_id).lines == ()


def test_letters_that_nobody_has_are_named_in_one_sentence(tablet: Tablet) -> None:
    """A box for each would push the drawing of the piece out of sight."""
    tablet.open("shop/piece", sku="NC-PT")
    tablet.screen.text_area(key="NC-PT_words_typed").set_value("שלום").run()
    assert tablet.says("Our engraver has no letters for these: ש")
    assert not tablet.says("is not a letter our engraver has")
    tablet.screen.text_area(key="NC-PT_words_typed").set_value("Aש").run()
    assert tablet.says("“ש” is not a letter our engraver has")


def test_words_that_cannot_be_cut_are_refused_before_and_after_the_piece_is_kept(tablet: Tablet) -> None:
    screen = tablet.open("shop/piece", sku="NC-PT")
    screen.text_area(key="NC-PT_words_typed").set_value("SMILE 😀").run()
    assert tablet.says("is a picture, and only letters can be cut.")
    tablet.screen.text_area(key="NC-PT_words_typed").set_value("FORTITER").run()
    tablet.touch("go_keep")
    held = basket.view(tablet.shop, basket_id=tablet.basket_id)
    assert held.lines[0].engraving == ("FORTITER",)
    tablet.open("shop/piece", sku="NC-PT")
    tablet.screen.text_area(key="NC-PT_words_typed").set_value("MUCH TOO LONG").run()
    assert tablet.says("It takes 9 letters at most.")
    tablet.touch("go_keep")  # not on to the basket as if nothing had been typed
    assert tablet.says("It takes 9 letters at most.")


def test_a_ring_is_not_kept_without_its_size(tablet: Tablet) -> None:
    tablet.open("shop/piece", sku="OP-RING")
    tablet.touch("go_keep")
    assert tablet.says("Choose a size first.")
    tablet.touch("OP-RING_size=55")
    tablet.touch("go_keep")
    assert basket.view(tablet.shop, basket_id=tablet.basket_id).lines[0].size == "55"


def test_a_reload_shows_the_same_basket(tablet: Tablet) -> None:
    hold(tablet, "NC-VM", 7)
    tablet.new_browser()
    tablet.open("shop/basket")
    assert tablet.says("Nº 7 of 60")


def test_a_lapsed_piece_says_so_and_can_be_kept_again(tablet: Tablet) -> None:
    hold(tablet, "NC-VM", 7)
    tablet.shop.clock.move(timedelta(minutes=16))
    tablet.open("shop/basket")
    assert tablet.says("No longer kept for you")
    line = basket.view(tablet.shop, basket_id=tablet.basket_id).lapsed[0]
    tablet.touch(f"again_{line.item_id}")
    assert [kept.number for kept in basket.view(tablet.shop, basket_id=tablet.basket_id).lines] == [7]


def test_a_lapsed_piece_is_taken_off_the_list_and_not_put_back_a_second_time(tablet: Tablet) -> None:
    hold(tablet, "NC-VM", 7)
    tablet.open("shop/basket")
    assert tablet.says("Put back")
    tablet.shop.clock.move(timedelta(minutes=16))
    tablet.open("shop/basket")
    assert tablet.says("these went back to the shop")
    assert not tablet.says("Put back")
    line = basket.view(tablet.shop, basket_id=tablet.basket_id).lapsed[0]
    assert tablet.screen.button(key=f"link_forget_{line.item_id}").label == "Take off the list"
    tablet.touch(f"link_forget_{line.item_id}")
    held = basket.view(tablet.shop, basket_id=tablet.basket_id)
    assert (held.lines, held.lapsed) == ((), ())


def test_a_bundle_is_kept_whole_or_not_at_all(tablet: Tablet, another: Callable[[], Tablet]) -> None:
    screen = tablet.open("shop/bundle", bundle="charm-and-chain")
    screen.selectbox(key="charm-and-chain_charm_NC-VM_number_picked").set_value(5).run()
    basket.hold(tablet.shop, basket_id=another().basket_id, choice=Choice("NC-VM", number=5))
    tablet.touch("go_keep")
    assert tablet.says("Number 5 has just been taken.")
    assert basket.view(tablet.shop, basket_id=tablet.basket_id).lines == ()
    tablet.screen.selectbox(key="charm-and-chain_charm_NC-VM_number_picked").set_value(6).run()
    tablet.touch("go_keep")
    held = basket.view(tablet.shop, basket_id=tablet.basket_id)
    assert {line.sku for line in held.lines} == {"NC-VM", "NC-CH"}
    assert tablet.says("Bundle saving")


def test_a_number_of_a_bundle_that_was_lost_is_said_and_not_shown_as_mine(
    tablet: Tablet, another: Callable[[], Tablet]
) -> None:
    screen = tablet.open("shop/bundle", bundle="charm-and-chain")
    screen.selectbox(key="charm-and-chain_charm_NC-VM_number_picked").set_value(5).run()
    assert tablet.says("Nº 5")
    basket.hold(tablet.shop, basket_id=another().basket_id, choice=Choice("NC-VM", number=5))
    tablet.screen.run()
    assert not tablet.says("Nº 5")
    assert tablet.says("Number 5 has just been taken.")
    tablet.touch("go_keep")  # the next free one
    held = basket.view(tablet.shop, basket_id=tablet.basket_id)
    assert {line.sku for line in held.lines} == {"NC-VM", "NC-CH"}


def test_what_is_withdrawn_stays_on_the_screen_and_says_what_to_put_back(tablet: Tablet) -> None:
    both = {"charm": Choice("NC-VM", number=5), "chain": Choice("NC-CH", number=3)}
    bundles.hold_bundle(tablet.shop, basket_id=tablet.basket_id, bundle_id="charm-and-chain", choices=both)
    assayed = Choice("OP-OWNER", number=9, extras=("assay-certificate",))
    held = basket.hold(tablet.shop, basket_id=tablet.basket_id, choice=assayed)
    choose_first_slot(tablet)
    with tablet.shop.jot() as tx:
        tx.get_one(Bundle, "charm-and-chain").retired = tx.get_one(Extra, "assay-certificate").retired = True
    tablet.open("shop/story", capsule="owner-and-pet")
    assert tablet.says("3 pieces")
    tablet.open("shop/piece", sku="OP-OWNER", item=held.item_id)
    assert tablet.says("Nº 9")
    tablet.open("shop/basket")
    assert tablet.says("Assay certificate, £60")
    assert tablet.says("Bundle saving")
    tablet.tick("terms")
    tablet.touch("go_pay")
    assert tablet.says("“Charm and chain” is no longer offered together. Put it back")


def test_paying_asks_for_a_time_and_the_terms_and_opens_one_order(tablet: Tablet) -> None:
    hold(tablet, "NC-PT", 12)
    tablet.open("shop/basket")
    assert tablet.says("Choose a day and a time first")
    assert tablet.screen.button(key="go_pay").disabled
    choose_first_slot(tablet)
    tablet.open("shop/basket")
    assert tablet.says("Accept the terms first")
    tablet.tick("terms")
    assert tablet.says("£108.00")
    assert tablet.says("£432.00")
    tablet.touch("go_pay")
    order_id = orders.live_order(tablet.shop, device_id=tablet.device_id)
    assert order_id
    assert orders.view(tablet.shop, order_id=order_id).state == OrderState.OPEN
    assert tablet.says("One moment")


def test_a_price_that_moved_stops_the_sale_with_a_sentence(tablet: Tablet) -> None:
    from pos.models import Variant

    hold(tablet, "NC-VM", 3)
    choose_first_slot(tablet)
    tablet.open("shop/basket")
    tablet.tick("terms")
    with tablet.shop.jot() as tx:
        tx.get_one(Variant, "NC-VM").price_minor = 31000
    tablet.touch("go_pay")
    assert tablet.says("The price has changed from £300.00 to £310.00.")
    assert orders.live_order(tablet.shop, device_id=tablet.device_id) is None


def test_the_other_language_is_one_touch_away_and_is_the_order_s_too(tablet: Tablet) -> None:
    hold(tablet, "NC-PT", 12)
    tablet.open("shop/piece", sku="NC-PT")
    tablet.touch("link_tongue")
    assert tablet.says("Breloque coin, platine")
    assert basket.view(tablet.shop, basket_id=tablet.basket_id).language == "fr"


def test_a_part_of_a_page_never_stays_behind_in_the_other_language(tablet: Tablet) -> None:
    tablet.open("shop/piece", sku="NC-PT")
    tablet.screen.query_params["lang"] = "fr"
    tablet.parts_again()
    assert "Breloque coin, platine" in tablet.headings


def test_the_marks_are_explained_and_the_official_notice_is_not_imitated(tablet: Tablet) -> None:
    tablet.open("shop/notice", from_="story", capsule="notebook-corner")
    assert tablet.says("stands on the counter, whole and unaltered")
    tablet.touch("go_back")
    assert tablet.says("The corner that takes the knocks")


def choose_first_slot(tablet: Tablet) -> None:
    held = basket.view(tablet.shop, basket_id=tablet.basket_id)
    slot = pickup.slots(tablet.shop, boutique_id="demo", not_before=held.ready_on)[0]
    basket.choose_pickup(tablet.shop, basket_id=tablet.basket_id, boutique_id="demo", start=slot.start)


def ready_to_pay(tablet: Tablet) -> str:
    """Two tags for owner and pet, a time in this boutique, the terms; says the key of the time's control."""
    basket.hold(tablet.shop, basket_id=tablet.basket_id, choice=Choice("OP-OWNER", number=3))
    choose_first_slot(tablet)
    tablet.open("shop/basket")
    tablet.tick("terms")
    assert tablet.pays
    start = basket.view(tablet.shop, basket_id=tablet.basket_id).pickup_start
    assert start
    return f"pickup_time_demo_{start.date()}"


@pytest.mark.parametrize(
    ("capsule", "words", "pictures"),
    [
        ("notebook-corner", "The L of a notebook’s corner guard, with its one rivet.", ("nc-lifestyle", "nc-vm-hero")),
        ("owner-and-pet", "A small plate with the companion’s letters.", ("op-lifestyle", "op-owner-hero")),
    ],
)
def test_the_detail_is_shown_on_what_it_comes_from_and_on_the_piece(
    tablet: Tablet, capsule: str, words: str, pictures: tuple[str, str]
) -> None:
    tablet.open("shop/story", capsule=capsule)
    _, shown = tablet.words.split("The detail it is known by", 1)
    shown = shown.split("The pieces", 1)[0]
    assert words in shown
    assert re.findall(r"media/([\w-]+)\.webp", shown) == list(pictures)


def test_the_dealers_notice_is_shown_whole_or_it_is_said_where_to_get_it(tablet: Tablet) -> None:
    tablet.open("shop/notice")
    assert tablet.says("stands on the counter, whole and unaltered")
    assert not tablet.says("/dealers-notice/")
    with tablet.shop.jot() as tx:
        boutique = tx.get_one(Boutique, "demo")
        boutique.notice = {"file": "n.png", "width": 900, "height": 1270, "version": "B", "dated": "2021-10-01"}
    tablet.open("shop/notice")
    assert tablet.says('src="/dealers-notice/demo?2021-10-01"')
    assert tablet.says("Dealer’s Notice of the British Hallmarking Council, version B, of 1 October 2021")


def nothing_is_booked(tablet: Tablet) -> bool:
    held = basket.view(tablet.shop, basket_id=tablet.basket_id)
    return (held.pickup_boutique_id, held.pickup_start) == (None, None) and not tablet.pays


def test_another_place_another_day_or_a_time_touched_off_undoes_the_pickup(tablet: Tablet) -> None:
    time = ready_to_pay(tablet)
    for what_stands_chosen in ("pickup_where=demo", f"day_demo_{time[-10:]}"):
        tablet.touch(what_stands_chosen)
        assert tablet.pays
    tablet.touch("pickup_where=demo-pets")
    assert nothing_is_booked(tablet)
    assert tablet.says("Choose a day and a time first")
    tablet.touch("pickup_where=demo")
    assert nothing_is_booked(tablet)
    first = next(str(one.key) for one in tablet.screen.button if str(one.key).startswith(f"{time}="))
    tablet.touch(first)
    assert tablet.pays
    tablet.touch(f"{time}=")
    assert nothing_is_booked(tablet)
    tablet.touch(first)
    assert tablet.pays
    days = [one.key for one in tablet.screen.button if str(one.key).startswith("day_demo_") and not one.disabled]
    tablet.touch(str(days[1]))
    assert nothing_is_booked(tablet)


def test_another_day_after_a_reload_is_another_day_in_the_same_place(tablet: Tablet) -> None:
    ready_to_pay(tablet)
    tablet.touch("pickup_where=demo-pets")
    times = [str(one.key) for one in tablet.screen.button if str(one.key).startswith("pickup_time_demo-pets_")]
    tablet.touch(times[0])
    tablet.new_browser()
    tablet.open("shop/basket")
    assert tablet.chosen("pickup_where") == "demo-pets"
    days = [one.key for one in tablet.screen.button if str(one.key).startswith("day_demo-pets_") and not one.disabled]
    tablet.touch(str(days[1]))
    assert nothing_is_booked(tablet)
    assert tablet.chosen("pickup_where") == "demo-pets"


def test_where_there_are_two_places_the_bar_names_the_one_and_its_own_time(tablet: Tablet) -> None:
    with tablet.shop.jot() as tx:
        tx.get_one(Boutique, "demo-pets").zone = "Europe/Paris"
    basket.hold(tablet.shop, basket_id=tablet.basket_id, choice=Choice("OP-OWNER", number=3))
    ready = basket.view(tablet.shop, basket_id=tablet.basket_id).ready_on
    slot = pickup.slots(tablet.shop, boutique_id="demo-pets", not_before=ready)[0]
    basket.choose_pickup(tablet.shop, basket_id=tablet.basket_id, boutique_id="demo-pets", start=slot.start)
    tablet.open("shop/basket")
    tablet.tick("terms")
    there = places(tablet.shop, capsule_ids=["owner-and-pet"], boutique_id="demo-pets")[0].name
    local = slot.start.astimezone(ZoneInfo("Europe/Paris"))
    assert tablet.says(f"{there}, {Words('en').local_day(slot.start, zone='Europe/Paris')}, {local:%H:%M}")
    assert tablet.words.count("When will you collect it?") == 1


def test_a_piece_that_is_not_shown_there_undoes_a_pickup_elsewhere(tablet: Tablet) -> None:
    basket.hold(tablet.shop, basket_id=tablet.basket_id, choice=Choice("OP-OWNER", number=3))
    ready = basket.view(tablet.shop, basket_id=tablet.basket_id).ready_on
    slot = pickup.slots(tablet.shop, boutique_id="demo-pets", not_before=ready)[0]
    basket.choose_pickup(tablet.shop, basket_id=tablet.basket_id, boutique_id="demo-pets", start=slot.start)
    hold(tablet, "NC-VM", 7)
    tablet.open("shop/basket")
    tablet.tick("terms")
    assert tablet.says("Choose a day and a time first")
    assert not tablet.pays


def test_more_time_is_offered_once_and_is_all_of_it_more(tablet: Tablet) -> None:
    hold(tablet, "NC-VM", 7)
    until = basket.view(tablet.shop, basket_id=tablet.basket_id).held_until
    tablet.open("shop/basket")
    tablet.touch("link_extend")
    held = basket.view(tablet.shop, basket_id=tablet.basket_id)
    assert until
    assert held.held_until == until + timedelta(minutes=10)
    assert not tablet.says("10 more minutes")


def test_a_window_that_closes_at_midnight_names_the_day_before(tablet: Tablet) -> None:
    from pos.models import Capsule

    midnight = datetime(2026, 12, 13, tzinfo=ZoneInfo("Europe/Paris"))  # in UTC it is still the 12th
    with tablet.shop.jot() as tx:
        tx.get_one(Boutique, "demo").zone = "Europe/Paris"
        tx.get_one(Capsule, "notebook-corner").closes_at = midnight.astimezone(UTC)
    tablet.open("shop/story", capsule="notebook-corner")
    assert tablet.says("until 12 December")
    with tablet.shop.jot() as tx:
        tx.get_one(Capsule, "notebook-corner").closes_at = midnight.astimezone(UTC) + timedelta(minutes=30)
    tablet.open("shop/story", capsule="notebook-corner")
    assert tablet.says("until 13 December")


def test_the_coming_days_say_in_words_whether_they_are_free_full_or_closed(tablet: Tablet) -> None:
    hold(tablet, "NC-VM", 7)
    with tablet.shop.jot() as tx:
        boutique = tx.get_one(Boutique, "demo")
        boutique.closed_days = ["2026-11-24"]
        full = pickup.slots(tablet.shop, boutique_id="demo", not_before=date(2026, 11, 25))
        for slot in full:
            if slot.start.date() == date(2026, 11, 25):
                room = {"starts_at": slot.start, "ends_at": slot.end, "capacity": slot.free, "booked": slot.free}
                tx.add(PickupSlot(boutique_id="demo", **room))
    days = {one.day: one for one in pickup.days(tablet.shop, boutique_id="demo")}
    assert (days[date(2026, 11, 24)].is_closed, days[date(2026, 11, 24)].slots) == (True, ())
    assert (days[date(2026, 11, 25)].is_closed, days[date(2026, 11, 25)].slots) == (False, ())
    tablet.open("shop/basket")
    tiles = {str(one.key): (one.label, one.disabled) for one in tablet.screen.button}
    assert tiles["day_demo_2026-11-24"] == ("Tue 24 closed", True)
    assert tiles["day_demo_2026-11-25"] == ("Wed 25 full", True)
    assert tiles["day_demo_2026-11-27"] == ("Fri 27 free", False)
    assert tiles["day_demo_2026-12-01"] == ("Tue 1 Dec free", False)
    tablet.touch("link_tongue")
    assert tablet.screen.button(key="day_demo_2026-12-01").label == "mar. 1 déc. libre"


def test_the_later_days_fill_whole_weeks(tablet: Tablet) -> None:
    hold(tablet, "NC-VM", 7)
    tablet.open("shop/basket")
    assert len(tiles(tablet)) == 14
    tablet.touch("link_pickup_more")
    assert len(tiles(tablet)) == 42


def tiles(tablet: Tablet) -> list[str]:
    return [str(one.key) for one in tablet.screen.button if str(one.key).startswith("day_demo_")]


def test_an_empty_week_and_an_empty_calendar_are_told(tablet: Tablet) -> None:
    hold(tablet, "NC-VM", 7)
    with tablet.shop.jot() as tx:
        tx.get_one(Boutique, "demo").closed_days = [f"2026-11-{day}" for day in range(23, 31)]
    tablet.open("shop/basket")
    assert tablet.says("Nothing is free in the first seven days. The next is Tuesday 1 December.")
    with tablet.shop.jot() as tx:
        tx.get_one(Boutique, "demo").hours = {}
    tablet.open("shop/basket")
    assert tablet.says("No half hour is free in the coming days.")
