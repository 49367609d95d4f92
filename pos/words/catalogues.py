"""Catalogues of words: `<home>/<language>/LC_MESSAGES/<domain>.po`, their entries named by keys like `basket.pay`."""

from collections.abc import Mapping
from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

HOME = Path(__file__).parent  # of what the shop itself says: `web` its public pages, `paper` its slips and letters
SOURCE = "en"
LANGUAGES = (SOURCE, "fr")


class Unwritten(NullTranslations):
    """Behind every catalogue: what nobody wrote is a KeyError, never a key on somebody's screen."""

    def gettext(self, message: str) -> str:
        raise KeyError(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        raise KeyError(msgid1)


@cache
def catalogue(home: Path, domain: str, language: str) -> Translations:
    """The words of one language, compiled in memory; what is empty or fuzzy is said in English until it is written."""
    compiled = BytesIO()
    write_mo(compiled, _read(home, domain, language))
    compiled.seek(0)
    words = Translations(compiled, domain=domain)
    words.add_fallback(Unwritten() if language == SOURCE else catalogue(home, domain, SOURCE))
    return words


@cache
def _read(home: Path, domain: str, language: str) -> Catalog:
    with (home / language / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        return read_po(file, locale=language)


def part_of(domain: str, part: str) -> dict[str, dict[str, str]]:
    """What one page or slip says, in each language: the entries `part.name` by their short names."""
    keys = [str(entry.id) for entry in _read(HOME, domain, SOURCE) if str(entry.id).startswith(f"{part}.")]
    return {
        language: {key.removeprefix(f"{part}."): catalogue(HOME, domain, language).gettext(key) for key in keys}
        for language in LANGUAGES
    }


def counted(domain: str, key: str, n: int, language: str) -> str:
    """The words for so many of something, in the form the language has for that number."""
    return catalogue(HOME, domain, language).ngettext(key, key, n)


def lines(words: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Sentences that belong together: `name.1`, `name.2` and on."""
    return tuple(said for key, said in words.items() if key.rpartition(".")[0] == name)
