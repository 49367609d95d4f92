"""A capsule folder is right as a whole, or every mistake in it is named at once with file, line, key and reason."""

from pathlib import Path

import pytest

from pos.catalogue import reading
from pos.errors import CapsuleMistakes
from tests.catalogue.spoiling import DAY, mistakes, rewrite, said

BROKEN = Path(__file__).parent / "broken"

# Everything that is wrong in the two broken folders: file, line, key, rule.
ALL_OF_IT = [
    ("tattered/capsule.toml", 2, "colour", "form"),
    ("tattered/capsule.toml", 5, "capsule.slug", "file"),
    ("tattered/capsule.toml", 14, "capsule.opens_at", "form"),
    ("tattered/capsule.toml", 15, "capsule.closes_at", "file"),
    ("tattered/capsule.toml", 19, "signals[rumour].kind", "form"),
    ("tattered/capsule.toml", 22, "signals[rumour].strength", "form"),
    ("tattered/capsule.toml", 23, "signals[rumour].source.fr", "form"),
    ("tattered/capsule.toml", 39, "variants[TT-VM].name.en", "DESC-01"),
    ("tattered/capsule.toml", 41, "variants[TT-VM].line.en", "DESC-10"),
    ("tattered/capsule.toml", 43, "variants[TT-VM].facts", "file"),
    ("tattered/capsule.toml", 46, "variants[TT-VM].plating_um", "DESC-04"),
    ("tattered/capsule.toml", 48, "variants[TT-VM].metal_weight_mg", "file"),
    ("tattered/capsule.toml", 49, "variants[TT-VM].measures_mm.wingspan", "form"),
    ("tattered/capsule.toml", 51, "variants[TT-VM].price_minor", "form"),
    ("tattered/capsule.toml", 53, "variants[TT-VM].gtin", "form"),
    ("tattered/capsule.toml", 54, "variants[TT-VM].edition.size", "form"),
    ("tattered/capsule.toml", 55, "variants[TT-VM].hallmark.fineness", "HM-13"),
    ("tattered/capsule.toml", 55, "variants[TT-VM].hallmark.status", "HM-03"),
    ("tattered/capsule.toml", 59, "variants[TT-PT].design", "reference"),
    ("tattered/capsule.toml", 74, "variants[TT-PT].gtin", "GTIN"),
    ("tattered/capsule.toml", 77, "variants[TT-PT].engraving.keep_out_mm", "HM-18"),
    ("tattered/capsule.toml", 81, "variants[TT-PT].engraving.chars_per_line", "ENGRAVE"),
    ("tattered/capsule.toml", 81, "variants[TT-PT].engraving.chars_per_line[#1]", "ENGRAVE"),
    ("tattered/capsule.toml", 85, "variants[TT-PT].hallmark.picture", "HM-09"),
    ("tattered/capsule.toml", 85, "variants[TT-PT].hallmark.sponsor", "HM-09"),
    ("tattered/capsule.toml", 88, "variants[TT-PT].hallmark.office", "HM-09"),
    ("tattered/capsule.toml", 100, "variants[TT-XX].material_id", "reference"),
    ("tattered/capsule.toml", 109, "variants[TT-XX].colour", "form"),
    ("tattered/capsule.toml", 119, "bundles[both].saving_minor", "file"),
    ("tattered/capsule.toml", 120, "bundles[both].slots[one].id", "file"),
    ("tattered/capsule.toml", 120, "bundles[both].slots[one].skus[#2]", "reference"),
    ("tattered/capsule.toml", 125, "windows[early]", "file"),
    ("tattered/capsule.toml", 129, "windows[early].closes_at", "file"),
    ("tattered/capsule.toml", 130, "windows[early].cap", "file"),
    ("tattered/media.toml", 2, "picture[#1].file", "form"),
    ("tattered/story.en.md", 1, "", "form"),
    ("tattered/story.fr.md", None, "", "form"),
    ("torn/capsule.toml", 3, "", "form"),
]


def test_every_mistake_of_every_folder_is_named_at_once():
    with pytest.raises(CapsuleMistakes) as found:
        reading.read_all(BROKEN, on=DAY)
    named = [(m.file.removeprefix(f"{BROKEN}/"), m.line, m.key, m.rule) for m in found.value.mistakes]
    assert named == ALL_OF_IT
    assert all(m.reason for m in found.value.mistakes)


def test_a_mistake_reads_as_one_line_for_a_person(notebook):
    rewrite(notebook, 'gtin = "9520000000059"', 'gtin = "9520000000058"')
    line = str(mistakes(notebook)[0])
    assert line.startswith(f"{notebook}/capsule.toml:")
    assert line.endswith("variants[NC-PT].gtin: 9520000000058 is no GTIN: the last digit should be 9")


def test_the_folders_as_they_are_have_no_mistake(capsules):
    assert [folder.slug for folder in reading.read_all(capsules, on=DAY)] == ["notebook-corner", "owner-and-pet"]


@pytest.mark.parametrize(
    ("before", "after", "key", "rule"),
    [
        ('sku = "NC-VM"', 'sku = "NC-VM"\nsparkle = true', "variants[NC-VM].sparkle", "form"),
        ("price_minor = 30000", "price_minor = 300.00", "variants[NC-VM].price_minor", "form"),
        ("price_minor = 30000", "price_minor = 0", "variants[NC-VM].price_minor", "form"),
        ("price_minor = 30000\n", "", "variants[NC-VM].price_minor", "form"),
        ('name.fr = "Coin de carnet"\n', "", "capsule.name.fr", "form"),
        ('name.fr = "Coin de carnet"', 'name.fr = " "', "capsule.name.fr", "form"),
        ('name.fr = "Coin de carnet"', r'name.fr = "Coin\u202Ede carnet"', "capsule.name.fr", "form"),
        ('name.fr = "Coin de carnet"', r'name.fr = "Coin\u0007"', "capsule.name.fr", "form"),
        ('slug = "notebook-corner"', 'slug = "notebook"', "capsule.slug", "file"),
        ("opens_at = { days_from_load = 0 }", "opens_at = 9999-01-01T00:00:00Z", "capsule.opens_at", "form"),
        ("closes_at = { days_from_load = 42 }", "closes_at = { days_from_load = 0 }", "capsule.closes_at", "file"),
        ("edition = { size = 60 }", "edition = { size = 0 }", "variants[NC-VM].edition.size", "form"),
        ("edition = { size = 60 }", "edition = { size = 201 }", "variants[NC-VM].edition.size", "form"),
        ('tier = "premium"', 'tier = "core"', "designs[corner-charm].id", "file"),
        ('gtin = "9520000000042"', 'gtin = "4006381333931"', "variants[NC-VM].gtin", "GTIN"),
        ('skus = ["NC-VM"]', 'skus = ["NC-GONE"]', "bundles[charm-and-chain].slots[charm].skus[#1]", "reference"),
        ("saving_minor = 4200", "saving_minor = 42000", "bundles[charm-and-chain].saving_minor", "file"),
        ("deposit_bp = 2000", "deposit_bp = 10000", "windows[platinum-corner].deposit_bp", "form"),
        ("promised_days_after_close = 21\n", "", "windows[platinum-corner]", "file"),
        ("cap = 50", "cap = 51", "windows[platinum-corner].cap", "file"),
        (
            'skus = ["NC-CH-PT"]\nopens',
            'skus = ["NC-CH-PT", "NC-PT"]\nopens',
            "windows[platinum-chain].skus[#2]",
            "file",
        ),
        (
            "edition = { size = 60 }",
            "edition = { size = 60 }\nsizes = { ring_mm = [50, 55] }",
            "variants[NC-VM].sizes",
            "SIZE",
        ),
        ("width_mm = 8.0", "width_mm = 6.0", "variants[NC-VM].engraving.chars_per_line[#1]", "ENGRAVE"),
        ("width_mm = 8.0\n", "", "variants[NC-VM].engraving.width_mm", "ENGRAVE"),
    ],
)
def test_one_mistake_is_named_by_its_key(notebook, before, after, key, rule):
    rewrite(notebook, before, after)
    assert (key, rule) in said(notebook)


@pytest.mark.parametrize(
    ("before", "after", "key", "rule"),
    [
        (
            "chars_per_line = [8, 8]",
            "chars_per_line = [9, 8]",
            "variants[OP-PET-S].engraving.chars_per_line[#1]",
            "ENGRAVE",
        ),
        ("metal_weight_mg = 5800", "metal_weight_mg = 5200", "variants[OP-PET-S].metal_weight_mg", "WEIGHT"),
        ('"S", diameter = 20.0', '"S", diameter = 21.0', "variants[OP-PET-S].measures_mm.diameter", "TAG"),
        ("ring_mm = [46.25,", "ring_mm = [12.0,", "variants[OP-RING].sizes.ring_mm[#1]", "SIZE"),
        (
            "sizes = { ring_mm = [46.25, 47.5,",
            "sizes = { ring_mm = [46.25, 46.25,",
            "variants[OP-RING].sizes.ring_mm",
            "SIZE",
        ),
        ('"OP-PET", "OP-PET-S", "OP-RING"]', '"OP-PET", "OP-RING"]', "variants[OP-PET-S].sku", "none"),
    ],
)
def test_tags_and_rings_keep_to_their_tables(pair, before, after, key, rule):
    rewrite(pair, before, after)
    assert ((key, rule) in said(pair)) == (rule != "none")


def test_sku_gtin_and_number_exist_once_among_all_capsules(capsules, pair):
    rewrite(pair, 'sku = "OP-OWNER"', 'sku = "NC-VM"')
    rewrite(pair, 'gtin = "9520000000103"', 'gtin = "09520000000059"')
    rewrite(pair, "number = 2", "number = 1")
    with pytest.raises(CapsuleMistakes) as found:
        reading.read_all(capsules, on=DAY)
    keys = {mistake.key for mistake in found.value.mistakes if "stands in" in mistake.reason}
    assert keys == {"variants[NC-VM].sku", "variants[OP-OWNER-X].gtin", "capsule.number"}


def test_a_sku_stands_once_in_its_file(notebook):
    rewrite(notebook, 'sku = "NC-CH"\n', 'sku = "NC-VM"\n')
    assert ("variants[NC-VM].sku", "file") in said(notebook)


@pytest.mark.parametrize(
    "spoiled",
    [
        b"",
        b"\xff\xfe",
        b"[capsule",
        b"a = " + b"[" * 5000,
        b"a = " + b"9" * 5000,
        b"[capsule]\nslug = 3\n[[variants]]\n",
        b"variants = 3",
    ],
    ids=["empty", "not text", "not TOML", "a list without end", "a number without end", "half", "no list"],
)
def test_no_file_breaks_the_reader(notebook, spoiled):
    (notebook / "capsule.toml").write_bytes(spoiled)
    found = mistakes(notebook)
    assert found
    assert all(mistake.file.endswith("capsule.toml") for mistake in found)


def test_the_line_of_a_syntax_mistake_is_named(notebook):
    rewrite(notebook, 'currency = "gbp"', "currency = gbp")
    found = mistakes(notebook)
    expected = (notebook / "capsule.toml").read_text().splitlines().index("currency = gbp") + 1
    assert [(mistake.line, mistake.key) for mistake in found] == [(expected, "")]


def test_a_missing_folder_is_one_mistake(tmp_path):
    with pytest.raises(CapsuleMistakes):
        reading.read_all(tmp_path / "nowhere")
    assert {Path(mistake.file).name for mistake in mistakes(tmp_path / "nowhere")} == {
        "capsule.toml",
        "story.en.md",
        "story.fr.md",
    }


def test_the_digest_follows_the_words_and_nothing_else(notebook):
    before = reading.read(notebook, on=DAY).digest
    (notebook / "capsule.toml").touch()
    (notebook / "notes.txt").write_text("a note")
    assert reading.read(notebook, on=DAY).digest == before
    rewrite(notebook, "takes the knocks", "takes the blows", file="story.en.md")
    assert reading.read(notebook, on=DAY).digest != before


def test_a_picture_must_be_there_and_show_a_piece_of_the_capsule(notebook):
    (notebook / "media.toml").write_text(
        '[[picture]]\nfile = "media/none.webp"\nsku = "OP-PET"\nrole = "hero"\nkind = "render"\norientation = "4:3"\n'
        'width = 4\nheight = 3\nalt.en = "A"\nalt.fr = "A"\n'
    )
    assert said(notebook) == [("picture[OP-PET].file", "reference"), ("picture[OP-PET].sku", "reference")]


def test_a_swatch_shows_a_known_metal_and_no_piece(notebook):
    picture = '[[picture]]\nfile = "media/s.webp"\nkind = "render"\norientation = "1:1"\nwidth = 4\nheight = 4\n'
    picture += 'alt.en = "A"\nalt.fr = "A"\n'
    (notebook / "media").mkdir(exist_ok=True)
    (notebook / "media" / "s.webp").write_bytes(b"")
    wrong = ['role = "swatch"\n', 'role = "swatch"\nmaterial = "BRASS"\n', 'role = "hero"\nmaterial = "VERMEIL"\n']
    right = ['role = "swatch"\nmaterial = "VERMEIL"\n', 'role = "hero"\n']
    (notebook / "media.toml").write_text("".join(picture + tail for tail in right + wrong))
    assert said(notebook) == [(f"picture[#{n}].material", "reference") for n in (3, 4, 5)]
    (notebook / "media.toml").write_text("".join(picture + tail for tail in right))
    assert [one.material for one in reading.read(notebook, on=DAY).pictures] == ["VERMEIL", None]
    (notebook / "media.toml").write_text(picture + right[0] + 'sku = "NC-VM"\n')
    assert said(notebook) == [("picture[NC-VM].sku", "reference")]


@pytest.mark.parametrize(
    ("role", "marks", "wrong"),
    [
        ("hallmark", '[["sponsor", 28, 46], ["fineness", 52, 53], ["office", 71, 58]]', []),
        ("hallmark", "[]", []),
        ("hero", '[["sponsor", 28, 46]]', [("marks", "reference")]),
        ("hallmark", '[["sponsor", 28, 46], ["sponsor", 52, 53]]', [("marks", "reference")]),
        ("hallmark", '[["maker", 28, 46]]', [("marks[#1][#1]", "form")]),
        ("hallmark", '[["sponsor", 28, 101]]', [("marks[#1][#3]", "form")]),
        ("hallmark", '[["sponsor", 28.5, 46]]', [("marks[#1][#2]", "form")]),
        ("hallmark", '[["sponsor", 28]]', [("marks[#1][#3]", "form")]),
        ("hallmark", '"sponsor"', [("marks", "form")]),
    ],
    ids=["three", "none", "no hallmark", "twice", "no mark", "outside", "half", "no height", "words"],
)
def test_a_hallmark_picture_may_say_where_each_mark_is(notebook, role, marks, wrong):
    (notebook / "media").mkdir(exist_ok=True)
    (notebook / "media" / "m.webp").write_bytes(b"")
    (notebook / "media.toml").write_text(
        f'[[picture]]\nfile = "media/m.webp"\nsku = "NC-VM"\nrole = "{role}"\nkind = "render"\norientation = "4:3"\n'
        f'marks = {marks}\nwidth = 4\nheight = 3\nalt.en = "A"\nalt.fr = "A"\n'
    )
    if wrong:
        assert said(notebook) == [(f"picture[NC-VM].{key}", rule) for key, rule in wrong]
    else:
        (picture,) = reading.read(notebook, on=DAY).pictures
        assert len(picture.marks) == marks.count("[") - 1


def test_a_picture_is_lent_only_within_one_design_and_one_metal(notebook, pair):
    rewrite(notebook, 'sku = "NC-PT"\n', 'sku = "NC-PT"\nlooks_like = "NC-VM"\n')
    assert said(notebook) == [("variants[NC-PT].looks_like", "reference")]
    rewrite(pair, 'looks_like = "OP-RING"', 'looks_like = "OP-RING-X"')
    assert said(pair) == [("variants[OP-RING-X].looks_like", "reference")]
