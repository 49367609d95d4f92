"""The words of the house in each language, from gettext catalogues, and dates, numbers and money beside them."""

from pos.words.catalogues import LANGUAGES, catalogue

__all__ = ["LANGUAGES", "catalogue"]
