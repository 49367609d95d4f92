"""The words of the house in each language, from gettext catalogues, and dates, numbers and money beside them."""

from pos.words.catalogues import LANGUAGES, catalogue, counted, lines, part_of

__all__ = ["LANGUAGES", "catalogue", "counted", "lines", "part_of"]
