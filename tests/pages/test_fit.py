"""The fit page by its own roads: a finger, a neck, a companion; what is found is used, and goes with the shopper."""

import pytest

from pos.errors import NotAllowed
from pos.fitting import glass
from pos.people import staff
from pos.selling import basket
from pos.selling.views import Choice
from tests.pages.conftest import Tablet

LONG, SHORT = glass.CARD_MM
ROW = "</th><td>"


def measure_the_glass(tablet: Tablet, points: float = 5.0, off: float = 1.0, dots: float = 2.0) -> None:
    edges = f"{LONG * points} {SHORT * points * off} {dots}"
    tablet.screen.text_input(key="fit_sizer_card").set_value(edges).run()


def lay_a_ring(tablet: Tablet, diameter: float) -> None:
    tablet.screen.number_input(key="fit_sizer_ring").set_value(diameter).run()


def test_a_card_a_ring_and_the_size_is_chosen_on_the_piece(tablet: Tablet) -> None:
    tablet.open("shop/piece", sku="OP-RING")
    tablet.touch("link_fit_OP-RING")
    assert tablet.says("Does it fit?")
    tablet.open("shop/fit", sku="OP-RING")
    measure_the_glass(tablet, off=1.02)
    assert tablet.says("The two measures of the card do not agree.")
    assert glass.of(tablet.shop, device_id=tablet.device_id) is None
    measure_the_glass(tablet)
    assert glass.of(tablet.shop, device_id=tablet.device_id) is not None
    lay_a_ring(tablet, 17.15)  # 53.9 mm round, N; the band is 4.6 mm wide, so half a millimetre more
    for words in ("Your size", "54.4\u00a0mm".replace("\u00a0", " "), "N½", "sits tighter", "An estimate"):
        assert tablet.says(words), words
    tablet.touch("go_fit")
    tablet.open("shop/piece", sku="OP-RING")
    assert tablet.chosen("OP-RING_size") == "54.375"
    tablet.touch("go_keep")
    (line,) = basket.view(tablet.shop, basket_id=tablet.basket_id).lines
    assert line.size == "54.375"


@pytest.mark.parametrize(("said", "mm"), [(0.001, "11.9"), (99_999.0, "24.3")])
def test_no_circle_is_larger_or_smaller_than_the_glass_shows_one(tablet: Tablet, said: float, mm: str) -> None:
    tablet.open("shop/fit")
    measure_the_glass(tablet)
    lay_a_ring(tablet, said)
    assert tablet.says(f"A ring from the side, {mm}\u00a0mm wide inside.")


def test_a_piece_that_is_kept_already_is_kept_in_the_size_found(tablet: Tablet) -> None:
    basket.hold(tablet.shop, basket_id=tablet.basket_id, choice=Choice("OP-RING", number=4, size="50"))
    measure(tablet)
    tablet.touch("go_fit")
    (line,) = basket.view(tablet.shop, basket_id=tablet.basket_id).lines
    assert line.size != "50"


def measure(tablet: Tablet) -> None:
    tablet.open("shop/fit", sku="OP-RING")
    measure_the_glass(tablet)
    lay_a_ring(tablet, 17.15)


def test_the_next_shopper_finds_the_glass_measured_but_nobody_s_finger(tablet: Tablet) -> None:
    measure(tablet)
    tablet.open("shop/attract")
    tablet.touch("explore_owner-and-pet")
    tablet.open("shop/fit", sku="OP-RING")
    assert tablet.says("Three things to know")
    assert not tablet.says("Your size")
    assert tablet.screen.number_input(key="fit_sizer_ring") is not None


def test_a_coarse_screen_says_so(tablet: Tablet) -> None:
    tablet.open("shop/fit", sku="OP-RING")
    measure_the_glass(tablet, points=3.78, dots=1.0)
    assert tablet.says("too coarse for half a letter")


def test_paper_measures_too_and_a_strip_is_printed_once(tablet: Tablet) -> None:
    tablet.open("shop/fit")
    tablet.touch("fit_how=paper")
    tablet.touch("fit_print")
    assert tablet.says("on its way to the printer")
    tablet.screen.text_input(key="fit_paper_mm").set_value("54.5").run()
    assert tablet.says("N½")
    assert tablet.says("An estimate by paper")
    assert tablet.says(f"Europe (ISO 8653){ROW}55<")
    tablet.screen.text_input(key="fit_paper_mm").set_value("40.0").run()
    assert tablet.says(f"Europe (ISO 8653){ROW}–<")  # its scale begins at 41


@pytest.mark.parametrize(("sku", "promise"), [("OP-RING", "two sizes larger"), ("OP-RING-X", "half a size larger")])
def test_a_size_it_does_not_come_in_is_promised_as_far_as_this_ring_can_be_made(
    tablet: Tablet, sku: str, promise: str
) -> None:
    tablet.open("shop/fit", sku=sku)
    tablet.touch("fit_how=paper")
    tablet.screen.text_input(key="fit_paper_mm").set_value("75.0").run()
    assert tablet.says("This ring does not come in this size.")
    assert tablet.says(promise)


def test_a_chain_lies_on_a_neck_of_its_own_girth(tablet: Tablet) -> None:
    tablet.open("shop/fit", sku="NC-CH")
    assert tablet.says("Drawn on a neck of 34")
    tablet.screen.text_input(key="fit_neck").set_value("58.0").run()
    assert tablet.says("does not go round this neck")
    tablet.screen.text_input(key="fit_neck").set_value("36,0").run()
    assert tablet.says("An estimate from two lengths")


@pytest.mark.parametrize("girth", [0.0, 25.5, 60.5])
def test_a_neck_that_nobody_has_is_said_in_a_sentence(tablet: Tablet, girth: float) -> None:
    tablet.open("shop/fit", sku="NC-CH")
    tablet.screen.text_input(key="fit_neck").set_value(str(girth)).run()
    assert tablet.says("A neck measures from 26 to 60\u00a0cm.")
    for drawn in ("Drawn on", "An estimate from two lengths"):
        assert not tablet.says(drawn)
    tablet.screen.text_input(key="fit_neck").set_value("60.0").run()
    assert not tablet.says("A neck measures")
    assert tablet.says("Drawn on your neck’s measure.")


@pytest.mark.parametrize("mark", [0.0, 37.0, 76.5])
def test_a_strip_no_ring_is_made_for_is_said_in_a_sentence_and_is_nobody_s_size(tablet: Tablet, mark: float) -> None:
    tablet.open("shop/fit", sku="OP-RING")
    tablet.touch("fit_how=paper")
    tablet.screen.text_input(key="fit_paper_mm").set_value("54.5").run()
    assert tablet.says("Your size")
    tablet.screen.text_input(key="fit_paper_mm").set_value(str(mark)).run()
    assert tablet.says("Rings are made from 37.5 to 76.25\u00a0mm round.")
    for found in ("Your size", "Paper may err"):
        assert not tablet.says(found)
    tablet.touch("link_tongue")
    assert tablet.says("Les bagues se font de 37,5 à 76,25\u00a0mm de tour.")


def test_a_companion_by_breed_by_weight_and_by_measure(tablet: Tablet) -> None:
    tablet.open("shop/fit", sku="OP-PET")
    assert tablet.says("A guess until you tell us more")
    tablet.screen.text_input(key="pet_words").set_value("whip").run()
    tablet.touch("pet_breed=Whippet")
    assert tablet.says("An estimate from the breed.")
    assert tablet.says("A sighthound")
    tablet.touch("pet_species=dog")
    assert tablet.says("A sighthound"), "it was a dog before it was touched again"
    tablet.screen.text_input(key="pet_girth").set_value("22.0").run()
    assert tablet.says("Reckoned from your measure.")
    assert tablet.says("Please measure once more")
    tablet.tick("pet_more")
    assert tablet.says("our own rule")
    tablet.screen.text_input(key="pet_weight").set_value("6.0").run()
    tablet.touch("go_fit")
    assert tablet.says("Companion’s tag, platinum, small")


def test_a_tag_promises_the_letters_the_piece_on_sale_takes_and_no_others(tablet: Tablet) -> None:
    tablet.open("shop/fit", sku="OP-PET")
    tablet.screen.text_input(key="pet_weight").set_value("20.0").run()
    assert tablet.says(f"Letters a line, 2.5\u00a0mm high{ROW}11 + 12</td>")  # as its own page takes them, two lines
    tablet.screen.text_input(key="pet_weight").set_value("6.0").run()
    assert tablet.says(f"Letters a line, 2.5\u00a0mm high{ROW}8 + 8</td>")
    tablet.screen.text_input(key="pet_weight").set_value("60.0").run()
    assert tablet.says("This capsule has no tag in this size.")
    assert not tablet.says("Letters a line")


def test_a_cat_s_tag_is_shown_only_with_a_collar_that_opens(tablet: Tablet) -> None:
    tablet.open("shop/fit", sku="OP-PET")
    tablet.touch("pet_species=cat")
    tablet.screen.text_input(key="pet_weight").set_value("6.0").run()
    tablet.touch("go_fit")
    assert tablet.says("A cat wears a tag only on a breakaway collar, which")
    tablet.tick("pet_breakaway")
    tablet.touch("go_fit")
    assert tablet.says("Companion’s tag, platinum, small")


def test_no_breed_and_no_such_tag_are_said(tablet: Tablet) -> None:
    tablet.open("shop/fit", sku="OP-PET")
    tablet.screen.text_input(key="pet_words").set_value("zebra").run()
    assert tablet.says("No breed of our table has this name.")
    tablet.screen.text_input(key="pet_weight").set_value("60.0").run()
    assert tablet.says("This capsule has no tag in this size.")


@pytest.mark.parametrize("girth", ["0", "-3", "999", "a lot"])
def test_a_neck_that_no_companion_has_is_said_in_a_sentence(tablet: Tablet, girth: str) -> None:
    tablet.open("shop/fit", sku="OP-PET")
    tablet.screen.text_input(key="pet_girth").set_value(girth).run()
    assert tablet.says("No companion’s neck measures so: from 12 to 90\u00a0cm round is looked for.")
    assert tablet.says("Back")


def test_a_tag_that_is_not_right_for_a_companion_says_why_on_every_screen(tablet: Tablet) -> None:
    tablet.open("shop/piece", sku="OP-PET")
    tablet.touch("OP-PET_species=dog")
    assert not tablet.says("This tag is 25\u00a0mm wide")
    tablet.touch("OP-PET_species=cat")
    assert tablet.says("This tag is 25\u00a0mm wide; for this companion 16–20\u00a0mm is right.")
    assert tablet.says("Choose Companion’s tag, platinum, small.")
    tablet.open("shop/fit", sku="OP-PET")
    tablet.touch("pet_species=cat")
    tablet.screen.text_input(key="pet_weight").set_value("4.0").run()
    for screen in ("fit", "piece", "bundle"):
        if screen != "fit":
            tablet.open(f"shop/{screen}", sku="OP-PET", bundle="owner-and-pet")
        wide = 20 if screen == "bundle" else 25  # the one that fills its part
        assert tablet.says(f"This tag is {wide}\u00a0mm wide; for this companion 16\u00a0mm is right."), screen
        assert tablet.says("This capsule has no tag in this size."), screen


def test_the_tag_that_is_right_is_offered_first(tablet: Tablet) -> None:
    tablet.open("shop/fit", sku="OP-PET")
    tablet.screen.text_input(key="pet_weight").set_value("6.0").run()
    tablet.open("shop/bundle", bundle="owner-and-pet")
    assert tablet.says("Companion’s tag, platinum, small")
    choice = "owner-and-pet_pet_version="
    first, *others = [one.label for one in tablet.screen.button if str(one.key).startswith(choice)]
    assert "small" in first.lower()
    assert len(others) == 2
    assert not tablet.says("This tag is")


@pytest.mark.parametrize("sku", ["NC-VM", "OP-OWNER", "OP-RING", "OP-PET"])
def test_a_piece_lies_beside_a_coin(tablet: Tablet, sku: str) -> None:
    tablet.open("shop/fit", sku=sku)
    tablet.touch("fit_kind=coin")
    assert tablet.says("The coin is £1")


def test_words_are_confirmed_before_they_are_paid_for(tablet: Tablet) -> None:
    wish = Choice("NC-PT", number=3, engraving=("MAX",))
    item = basket.hold(tablet.shop, basket_id=tablet.basket_id, choice=wish).item_id
    tablet.open("shop/basket")
    assert tablet.says("Look at the engraving first, letter by letter")
    tablet.touch(f"prove_{item}")
    assert tablet.says("you said that every letter is right")
    assert tablet.says("Choose a day and a time first")
    basket.change(tablet.shop, basket_id=tablet.basket_id, item_id=item, engraving=("MIA",))
    tablet.open("shop/basket")
    assert tablet.says("Look at the engraving first, letter by letter")


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("materials", ("Worn by the pieces on show", "parts in a thousand", "we do not call it hypoallergenic")),
        ("delivery", ("Vitrine at the Kennel Yard", "20:00", "closed", "Consumer Rights Act 2015", "fourteen days")),
        ("notice", ("What the marks say",)),
        ("fit", ("Does it fit?",)),
    ],
)
def test_one_tap_from_a_piece_and_one_tap_back(tablet: Tablet, page: str, words: tuple[str, ...]) -> None:
    tablet.open("shop/piece", sku="NC-PT")
    tablet.touch(f"link_{page}")
    for one in words:
        assert tablet.says(one), one
    tablet.touch("link_back" if page == "fit" else "go_back")
    assert tablet.says("Corner charm, platinum")


def test_a_cat_s_tag_is_kept_only_with_a_breakaway_collar(tablet: Tablet) -> None:
    tablet.open("shop/piece", sku="OP-PET")
    tablet.touch("OP-PET_species=cat")
    tablet.touch("go_keep")
    assert tablet.says("A cat wears a tag only on a breakaway collar")
    assert basket.view(tablet.shop, basket_id=tablet.basket_id).lines == ()
    tablet.tick("OP-PET_breakaway")
    tablet.touch("go_keep")
    tablet.open("shop/basket")
    assert tablet.says("For a cat, on a breakaway collar only")


def test_who_was_fitted_as_a_cat_is_not_sold_a_buckle_afterwards(tablet: Tablet) -> None:
    tablet.open("shop/fit", sku="OP-PET")
    tablet.touch("pet_species=cat")
    tablet.touch("link_back")
    tablet.touch("go_keep")
    assert tablet.says("A cat wears a tag only on a breakaway collar")


def fit_a_cat(tablet: Tablet) -> None:
    tablet.open("shop/fit", sku="OP-PET-S")
    tablet.touch("pet_species=cat")
    tablet.screen.text_input(key="pet_weight").set_value("6.0").run()
    tablet.tick("pet_breakaway")


def kept_for(tablet: Tablet) -> list[tuple[str | None, str | None]]:
    return [(line.species, line.collar) for line in basket.view(tablet.shop, basket_id=tablet.basket_id).lines]


def keep_for_a_dog(tablet: Tablet, number: int = 3) -> str:
    wish = Choice("OP-PET-S", number=number, species="dog", collar="buckle")
    return basket.hold(tablet.shop, basket_id=tablet.basket_id, choice=wish).item_id


def test_words_that_do_not_fit_hold_no_other_answer_back(tablet: Tablet) -> None:
    item = keep_for_a_dog(tablet)
    basket.change(
        tablet.shop,
        basket_id=tablet.basket_id,
        item_id=item,
        engraving=("REX",),
        species="dog",
        collar="buckle",
    )
    tablet.open("shop/piece", sku="OP-PET-S")
    tablet.screen.text_area(key="OP-PET-S_words_typed").set_value("FAR TOO LONG FOR IT").run()
    tablet.touch("OP-PET-S_species=cat")
    tablet.tick("OP-PET-S_breakaway")
    assert kept_for(tablet) == [("cat", "breakaway")]
    assert basket.view(tablet.shop, basket_id=tablet.basket_id).lines[0].engraving == ("REX",)


def test_another_companion_has_told_nothing_of_itself(tablet: Tablet) -> None:
    tablet.open("shop/fit", sku="OP-PET")
    tablet.screen.text_input(key="pet_words").set_value("whip").run()
    tablet.screen.text_input(key="pet_weight").set_value("17,5").run()
    tablet.touch("pet_species=dog")
    assert tablet.screen.text_input(key="pet_weight").value == "17,5"
    tablet.touch("pet_species=cat")
    assert [tablet.screen.text_input(key=f"pet_{one}").value for one in ("words", "weight", "girth")] == ["", "", ""]


def test_a_dog_s_tag_stays_the_dog_s_while_a_cat_is_only_looked_at(tablet: Tablet) -> None:
    keep_for_a_dog(tablet)
    fit_a_cat(tablet)
    tablet.open("shop/piece", sku="OP-PET-S")
    assert tablet.chosen("OP-PET-S_species") == "dog"
    tablet.screen.text_area(key="OP-PET-S_words_typed").set_value("REX").run()
    assert kept_for(tablet) == [("dog", "buckle")]
    tablet.touch("go_keep")
    assert kept_for(tablet) == [("dog", "buckle")]


def test_a_tag_kept_for_nobody_yet_is_kept_for_the_cat_it_is_shown_for(tablet: Tablet) -> None:
    basket.hold(tablet.shop, basket_id=tablet.basket_id, choice=Choice("OP-PET-S", number=3))
    fit_a_cat(tablet)
    tablet.touch("link_back")
    assert tablet.chosen("OP-PET-S_species") == "cat"
    tablet.touch("go_keep")
    assert kept_for(tablet) == [("cat", "breakaway")]


def test_a_kept_tag_taken_for_a_cat_is_the_cat_s_in_the_basket_too(tablet: Tablet) -> None:
    keep_for_a_dog(tablet)
    keep_for_a_dog(tablet, number=4)
    fit_a_cat(tablet)
    tablet.touch("go_fit")
    assert tablet.chosen("OP-PET-S_species") == "cat"
    assert tablet.ticked("OP-PET-S_breakaway")
    assert kept_for(tablet) == [("cat", "breakaway"), ("dog", "buckle")]
    tablet.touch("go_keep")
    assert tablet.says("For a cat, on a breakaway collar only")


def test_a_dog_s_tag_is_given_to_a_cat_once_its_collar_is_said_to_open(tablet: Tablet) -> None:
    keep_for_a_dog(tablet)
    tablet.open("shop/piece", sku="OP-PET-S")
    tablet.touch("OP-PET-S_species=cat")
    assert not tablet.says("A cat wears a tag only on a breakaway collar, which")
    assert kept_for(tablet) == [("cat", None)]
    tablet.touch("go_keep")
    assert tablet.says("A cat wears a tag only on a breakaway collar, which")
    tablet.tick("OP-PET-S_breakaway")
    assert kept_for(tablet) == [("cat", "breakaway")]
    tablet.tick("OP-PET-S_breakaway", on=False)
    tablet.touch("go_keep")
    assert tablet.says("A cat wears a tag only on a breakaway collar, which")
    assert kept_for(tablet) == [("cat", None)]  # and nothing is sold before it is said


def test_the_counter_too_asks_for_the_collar_before_it_gives_a_dog_s_tag_to_a_cat(tablet: Tablet) -> None:
    item = keep_for_a_dog(tablet)
    tablet.open("counter/sell")
    tablet.unlock("counter")
    tablet.touch(f"link_edit_{item}")
    tablet.touch(f"{item}_species=cat")
    assert not tablet.says("A cat wears a tag only on a breakaway collar, which")
    assert kept_for(tablet) == [("cat", None)]
    tablet.tick(f"{item}_breakaway")
    assert kept_for(tablet) == [("cat", "breakaway")]


def test_a_glass_is_measured_anew_by_the_counter_alone(tablet: Tablet) -> None:
    tablet.open("shop/fit", sku="OP-RING")
    measure_the_glass(tablet)
    assert tablet.says("Ask at the counter")
    assert not [one for one in tablet.screen.button if one.key == "link_glass"]
    anew = {"long_points": LONG * 6, "short_points": SHORT * 6, "dots_per_point": 2.0}
    with pytest.raises(NotAllowed):
        glass.calibrate(tablet.shop, device_id=tablet.device_id, **anew)
    tablet.open("counter/sell")
    tablet.unlock("counter")
    tablet.open("shop/fit", sku="OP-RING")
    tablet.touch("link_glass")
    measure_the_glass(tablet, points=6.0)
    seen = glass.of(tablet.shop, device_id=tablet.device_id)
    assert seen is not None
    assert seen.points_per_mm == pytest.approx(6.0)


def test_a_glass_the_counter_left_half_measured_still_measures_the_next_shopper_s_ring(tablet: Tablet) -> None:
    tablet.open("shop/fit", sku="OP-RING")
    measure_the_glass(tablet)
    tablet.open("counter/sell")
    tablet.unlock("counter")
    tablet.open("shop/fit", sku="OP-RING")
    tablet.touch("link_glass")
    assert not [one for one in tablet.screen.number_input if one.key == "fit_sizer_ring"]
    staff.lock(tablet.shop, device_id=tablet.device_id)
    tablet.open("shop/fit", sku="OP-RING")
    lay_a_ring(tablet, 17.15)
    assert tablet.says("Your size")
