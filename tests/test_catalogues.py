"""Every language says everything: no entry is missing, empty, fuzzy, left over, said by nobody, or short of a fact."""

import ast
import re
import string
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from pos.settings import HOUSE
from pos.words import LANGUAGES, catalogue
from tools import words
from tools.words import DOMAINS, SOURCE, TRANSLATED, Domain, entries, forms

every_domain = pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: domain.name)
every_language = pytest.mark.parametrize("language", LANGUAGES)
every_translation = pytest.mark.parametrize("language", TRANSLATED)


# Stripe's words for why a bank refuses, how a card was read and its holder verified: no line of ours writes them.
STRIPE_S = {
    "do_not_honor", "contactless_magstripe_mode", "magnetic_stripe_fallback", "magnetic_stripe_track2",
    "approval", "offline_pin", "online_pin", "failure",
}  # fmt: skip


def holes(sentence: str) -> set[str]:
    """The facts a sentence waits for."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@every_domain
@every_translation
def test_each_translation_has_the_entries_of_english_in_its_order(domain: Domain, language: str) -> None:
    ours, english = list(entries(words.read(domain, language))), list(entries(words.read(domain, SOURCE)))
    assert {"missing": set(english) - set(ours), "left over": set(ours) - set(english)} == {
        "missing": set(),
        "left over": set(),
    }
    assert ours == english


@every_domain
@every_language
def test_no_entry_is_empty_fuzzy_or_obsolete(domain: Domain, language: str) -> None:
    written = words.read(domain, language)
    assert unsaid(written) == []
    assert [key for key, entry in entries(written).items() if entry.fuzzy] == []
    assert list(written.obsolete) == []


def unsaid(catalogue: Catalog) -> list[str]:
    """Entries with no words, or not as many forms as the language has for numbers."""
    return [
        key
        for key, entry in entries(catalogue).items()
        if not all(forms(entry)) or len(forms(entry)) != (catalogue.num_plurals if entry.pluralizable else 1)
    ]


@every_domain
@every_translation
def test_a_sentence_waits_for_the_same_facts_in_every_language(domain: Domain, language: str) -> None:
    english, ours = entries(words.read(domain, SOURCE)), entries(words.read(domain, language))
    assert {
        key: (said, theirs) for key in english if (said := facts(english[key])) != (theirs := facts(ours[key]))
    } == {}


def facts(entry: Message) -> set[str]:
    return set().union(*map(holes, forms(entry)))


@every_domain
@every_language
def test_a_form_for_a_number_waits_for_no_fact_that_its_last_form_does_not(domain: Domain, language: str) -> None:
    for key, entry in entries(words.read(domain, language)).items():
        assert facts(entry) == holes(forms(entry)[-1]), key


@every_domain
@every_language
def test_the_files_are_as_make_words_writes_them(domain: Domain, language: str) -> None:
    source = words.with_new(domain, words.read(domain, SOURCE))
    kept = source if language == SOURCE else words.translated(domain, language, source)
    written = BytesIO()
    words.write(written, kept)
    assert domain.file(language).read_bytes() == written.getvalue(), "make words"


@every_domain
def test_whatever_the_code_says_is_written(domain: Domain) -> None:
    asked, written = words.asked(domain), entries(words.read(domain, SOURCE))
    assert sorted(key for key in asked if key not in written and f"{key}.1" not in written) == []
    assert len(asked) > 20


@every_domain
def test_whatever_is_written_is_said_somewhere(domain: Domain) -> None:
    assert [key for key in entries(words.read(domain, SOURCE)) if not is_said(key, domain)] == []


@every_domain
@pytest.mark.parametrize("key", ["shop.nobody_says_this", "certificate.nobody_says_it_line", "slips.nobody_says_this"])
def test_what_nobody_says_is_noticed(domain: Domain, key: str) -> None:
    assert not is_said(key, domain)


def is_said(key: str, domain: Domain) -> bool:
    """Whether the code says it: a screen by its whole key, a page or slip by the short name in its part."""
    whole, patterns = said(domain)
    name = re.sub(r"\.[1-9]$", "", key)
    if name in whole or domain.name == "kiosk":
        return name in whole or any(fits(pattern, name) for pattern in patterns)
    short = name.partition(".")[2]
    return short in known() or any(fits(pattern, short) for pattern in patterns)


@cache
def said(domain: Domain) -> tuple[set[str], list[re.Pattern[str]]]:
    """What stands in the code as it is, and the shapes of keys put together there."""
    whole, patterns = set(), set()
    for room in domain.rooms:
        for path in (HOUSE / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    whole.add(node.value)
                elif isinstance(node, ast.JoinedStr):
                    patterns.add(shape(node))
    ours = r"[a-z]\w*\\\." if domain.name == "kiosk" else r"[][\w()\\+?-]*_[][\w()\\+?-]*$"
    return whole, [re.compile(one) for one in patterns if re.match(ours, one)]


def shape(node: ast.JoinedStr) -> str:
    return "".join(re.escape(part.value) if isinstance(part, ast.Constant) else r"([\w-]+?)" for part in node.values)


def fits(pattern: re.Pattern[str], key: str) -> bool:
    """Whether a key is of this shape, and what fills its holes are words the code knows."""
    found = pattern.fullmatch(key)
    return bool(found) and known().issuperset(found.groups())


@cache
def known() -> set[str]:
    """Every short word that can come into a key: names of classes, what stands in quotes, what the tables hold."""
    code = (path.read_text() for room in ("pos", "kiosk", "pages") for path in (HOUSE / room).rglob("*.py"))
    tables = (path.read_text() for path in (HOUSE / "data" / "reference").rglob("*.csv"))
    found = {word for text in code for word in re.findall(r"(?<=class )\w+|(?<=[\"'])[\w -]{1,40}(?=[\"'])", text)}
    found |= {word for text in tables for word in re.findall(r"[\w-]+", text)}
    return (
        found
        | {word.replace(" ", "_") for word in found}
        | {word.replace("-", "_").lower() for word in found}
        | STRIPE_S
    )


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Domain:
    """A little shop with one page and its words in both languages."""
    monkeypatch.setattr(words, "HOUSE", tmp_path)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "till.py").write_text('say("till.pay")')
    domain = Domain("kiosk", tmp_path / "words", ("pages",), "What the till says")
    for language, said in (("en", "Pay"), ("fr", "Payer")):
        catalogue = words.start(domain, language)
        catalogue.add("till.pay", said, auto_comments=["Pay"] if language == "fr" else [])
        words.save(domain, language, catalogue)
    return domain


def test_a_new_word_in_the_code_waits_empty_in_every_file(small: Domain) -> None:
    (words.HOUSE / "pages" / "till.py").write_text('say("till.pay"); say("till.left" if n else f"till.{now}", n=n)')
    words.update(small)
    for language in LANGUAGES:
        catalogue = words.read(small, language)
        assert list(entries(catalogue)) == ["till.pay", "till.left"]
        assert unsaid(catalogue) == ["till.left"]
        assert not any(entry.fuzzy for entry in entries(catalogue).values())


def test_what_changed_in_english_is_fuzzy_until_somebody_read_it_again(small: Domain) -> None:
    english = words.read(small, SOURCE)
    english["till.pay"].string = "Pay now"
    words.save(small, SOURCE, english)
    words.update(small)
    ours = entries(words.read(small, "fr"))["till.pay"]
    assert (ours.fuzzy, ours.string, ours.auto_comments) == (True, "Payer", ["Pay now"])
    words.update(small)
    assert entries(words.read(small, "fr"))["till.pay"].fuzzy, "nobody has read it yet"


def test_what_english_no_longer_says_leaves_the_other_files(small: Domain) -> None:
    (words.HOUSE / "pages" / "till.py").write_text("")
    words.save(small, SOURCE, words.start(small, SOURCE))
    words.update(small)
    assert entries(words.read(small, "fr")) == {}


def test_a_shopper_reads_english_where_a_translation_waits(small: Domain) -> None:
    (words.HOUSE / "pages" / "till.py").write_text('say("till.pay"); say("till.left")')
    english, french = words.read(small, "en"), words.read(small, "fr")
    english.add("till.left", "Left")
    french["till.pay"].flags.add("fuzzy")
    words.save(small, "en", english)
    words.save(small, "fr", french)
    assert catalogue(small.home, "kiosk", "fr").gettext("till.left") == "Left"
    assert catalogue(small.home, "kiosk", "fr").gettext("till.pay") == "Pay"


# The slips are held to the byte by their golden files, plain spaces and all.
@pytest.mark.parametrize("domain", DOMAINS[:2], ids=lambda domain: domain.name)
def test_no_french_line_begins_with_a_mark(domain: Domain) -> None:
    """French sets a space before : ; ! ? and inside « », and it must not break; an apostrophe is a typographic one."""
    wrong = re.compile(r" [:;!?»]|« |\w'|\} (mm|cm|g|kg|%)(?!\w)")
    said = [(key, form) for key, entry in entries(words.read(domain, "fr")).items() for form in forms(entry)]
    assert [key for key, form in said if wrong.search(form)] == []


LABEL = re.compile(r"[^.!?…]+")  # no sentence: what stands on a bar, a button or a chip
PARTED = re.compile(r"\{(?:n|total|cap|fineness)\} (?!(?:sur|de|et|à|en|plus|sont) )[a-zà-ÿœ]")


@pytest.mark.parametrize("domain", DOMAINS[:2], ids=lambda domain: domain.name)
def test_no_french_label_parts_a_number_from_its_noun(domain: Domain) -> None:
    """A narrow bar breaks where it can: `2` must not end one line and `pièces` begin the next."""
    said = [(key, form) for key, entry in entries(words.read(domain, "fr")).items() for form in forms(entry)]
    assert [key for key, form in said if LABEL.fullmatch(form) and PARTED.search(form)] == []


def test_a_parted_number_is_noticed() -> None:
    assert PARTED.search("{n} pièces")
    assert not PARTED.search("{n}\u00a0pièces")
    assert not PARTED.search("Nº {n} sur {total}")
    assert not LABEL.fullmatch("Gravée en {n} jours.")
