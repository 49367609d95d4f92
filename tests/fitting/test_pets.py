"""A companion's collar and tag: what is measured wins, what is guessed says so, and a cat's collar opens."""

import pytest

from pos.catalogue.reference import table
from pos.errors import BreakawayNeeded, MeasureOutside, Unknown
from pos.fitting import breeds, pets
from pos.fitting.pets import Animal

WHIPPET = breeds.breed("Whippet")
PLATINUM = "PT950RU"


def fit(species: str = "dog", **known: object) -> pets.Fit:
    return pets.fit(Animal(species, **known), material_id=PLATINUM)  # type: ignore[arg-type]


def test_a_measure_wins_over_breed_and_weight() -> None:
    found = fit(breed=WHIPPET, weight_kg=13.0, girth_mm=290.0)
    assert (found.neck.girth_mm, found.neck.known_by) == (290.0, "measured")
    assert fit(breed=WHIPPET).neck.known_by == "breed"
    assert fit(weight_kg=13.0).neck.known_by == "weight"
    assert fit().neck.known_by == "species"


def test_a_breed_and_a_weight_are_one_guess_and_both_are_heard() -> None:
    light, heavy = fit(breed=WHIPPET, weight_kg=11.0), fit(breed=WHIPPET, weight_kg=16.0)
    assert light.neck.high_mm < heavy.neck.high_mm
    assert light.neck.confidence == "low"


@pytest.mark.parametrize(("girth", "doubtful"), [(310.0, False), (220.0, True), (450.0, False), (470.0, True)])
def test_a_measure_far_from_what_is_expected_is_asked_for_again_but_stands(girth: float, doubtful: bool) -> None:
    who = Animal("dog", breed=WHIPPET, girth_mm=girth)  # 30 to 37 cm are expected
    assert pets.is_doubtful(who) == doubtful
    assert pets.fit(who, material_id=PLATINUM).neck.girth_mm == girth


@pytest.mark.parametrize(
    ("species", "kg", "size"),
    [
        *[("dog", 2, "XS"), ("dog", 3, "XS"), ("dog", 4, "S"), ("dog", 9, "S"), ("dog", 20, "M"), ("dog", 40, "L")],
        *[("cat", 4, "XS"), ("cat", 6, "S")],
    ],
)
def test_the_tag_goes_by_weight(species: str, kg: float, size: str) -> None:
    assert fit(species, weight_kg=float(kg)).tag.size == size


def test_a_tag_is_never_heavier_than_the_house_allows_where_a_lighter_one_is_there() -> None:
    for tenths in range(20, 900, 7):
        tag = fit(weight_kg=tenths / 10).tag
        assert tag.is_light or tag.size == "XS"


def test_a_tag_weighs_what_the_table_says() -> None:
    weights = {row["tag_size"]: float(row["mass_pt950_g"]) for row in table("tag_sizes")}
    tag = fit(weight_kg=20.0).tag
    assert tag.mass_mg / 1000 == pytest.approx(weights[tag.size], abs=0.06)
    assert tag.share == pytest.approx((tag.mass_mg + pets.RING_MG) / 20_000_000)


@pytest.mark.parametrize(("kg", "more"), [(3.0, 25), (4.4, 25), (4.5, 50), (36.0, 50), (36.1, 75)])
def test_a_collar_is_longer_than_the_neck_by_the_rule(kg: float, more: float) -> None:
    assert fit(weight_kg=kg, girth_mm=300.0).collar_mm == 300 + more


def test_a_cat_s_collar_opens_by_itself_or_no_tag_is_hung() -> None:
    with pytest.raises(BreakawayNeeded):
        pets.refuse_collar("cat", collar="buckle")
    pets.refuse_collar("cat", collar="breakaway")
    pets.refuse_collar("dog", collar="buckle")
    assert fit("cat", weight_kg=4.0).advice[0] == "PET-06"


def test_what_must_be_said_goes_by_the_animal() -> None:
    assert "PET-08" in fit(breed=WHIPPET).advice
    assert "PET-07" in fit(breed=breeds.breed("Pug")).advice
    assert "PET-01" not in fit("cat").advice
    assert "PET-06-small" in fit("cat", weight_kg=2.0).advice
    assert "PET-10" in fit(weight_kg=1.5).advice


@pytest.mark.parametrize("known", [{"girth_mm": 20.0}, {"girth_mm": 2000.0}, {"weight_kg": 0.0}, {"weight_kg": 400.0}])
def test_no_companion_measures_so(known: dict[str, float]) -> None:
    with pytest.raises(MeasureOutside) as refusal:
        fit(**known)
    assert vars(refusal.value)["reason"] == next(iter(known)).partition("_")[0]


def test_a_cat_of_a_dog_s_breed_is_not_known() -> None:
    with pytest.raises(Unknown):
        fit("cat", breed=WHIPPET)
    with pytest.raises(Unknown):
        fit("horse")


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("whip", "Whippet"),
        ("bouledogue", "French Bulldog"),
        ("berger ALLEMAND", "German Shepherd Dog"),
        ("levrier", "Italian Greyhound"),
        ("maine", "Cat - Maine Coon"),
    ],
)
def test_a_breed_is_found_in_both_languages_without_accents(words: str, first: str) -> None:
    species = "cat" if first.startswith("Cat") else "dog"
    assert breeds.search(words, species=species)[0].name == first
    assert breeds.search("zebra", species="dog") == ()
    assert len(breeds.search("", species="dog")) == 46


def test_every_breed_has_a_name_in_both_languages_and_a_girth() -> None:
    for one in (*breeds.breeds("dog"), *breeds.breeds("cat")):
        assert one.called("en")
        assert one.called("fr")
        assert 0 < one.girth_mm[0] < one.girth_mm[1]
