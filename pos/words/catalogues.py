"""One catalogue of words: `<home>/<language>/LC_MESSAGES/<domain>.po`, its entries named by keys like `basket.pay`."""

from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

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
    with (home / language / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        written = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, written)
    compiled.seek(0)
    words = Translations(compiled, domain=domain)
    words.add_fallback(Unwritten() if language == SOURCE else catalogue(home, domain, SOURCE))
    return words
