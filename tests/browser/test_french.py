"""The whole road in French: what is read, what is touched, what the reader says."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import NewTablet
from tests.browser.tablet import Shopper
from tools.words import DOMAINS, entries, forms, read

KIOSK = DOMAINS[0]
LEAST = 4  # letters: shorter words are too often the same in both


def test_the_road_is_french_from_the_story_to_the_reader(tablets: NewTablet) -> None:
    french: Shopper = tablets(language="fr")
    french.go("/")
    french.page.get_by_role("radio", name="FR", exact=True).tap()
    expect(
        french.button(french.say("attract.explore", name="Coin de carnet"))
    ).to_be_visible()  # its only words of ours
    french.page.locator("[data-tap=explore_notebook-corner]").tap()
    french.shows("Les pièces")
    expect(french.page.locator("html")).to_have_attribute("lang", "fr")  # as it is read aloud
    expect(french.page.get_by_role("link", name="Aller au contenu")).to_have_count(1)
    speaks_french(french)
    french.look_at("Breloque coin, vermeil")
    french.choose_number(50)
    french.engrave("ÉLO")
    speaks_french(french)
    french.keep()
    french.shows("Votre panier")
    french.prove()
    french.book()
    french.says("300,00\u00a0£")
    french.accept()
    speaks_french(french)
    reader = french.to_the_reader()
    speaks_french(french)
    reader.tap_declined_card()
    french.shows(french.say("pay.declined"))
    speaks_french(french)
    french.tap(french.say("pay.cancel"), exact=True)
    french.shows(french.say("pay.cancelled"))


def speaks_french(tablet: Shopper) -> None:
    """No line in sight is one of the English catalogue's own."""
    seen = {line.strip() for line in tablet.page.locator("body").inner_text().splitlines()}
    assert seen & sentences("fr"), "nothing of the French catalogue is in sight"
    english = sentences("en") - sentences("fr")
    assert sorted(seen & english) == []


def sentences(language: str) -> set[str]:
    """Every word of a catalogue that stands on a screen as it is."""
    said = (form for entry in entries(read(KIOSK, language)).values() for form in forms(entry))
    return {words for words in said if len(words) >= LEAST and not re.search(r"[{}]", words)}


def test_a_comma_is_a_comma_in_a_browser_that_was_set_up_in_english(tablets: NewTablet) -> None:
    shopper: Shopper = tablets(language="fr")
    shopper.go("/fit?sku=OP-PET&lang=fr")
    girth = shopper.page.get_by_role("textbox", name=shopper.say("pets.girth"))
    girth.tap()
    shopper.page.keyboard.type("32,5")
    shopper.page.keyboard.press("Enter")
    shopper.says("32,5 cm de tour")
    expect(girth).to_have_value("32,5")
