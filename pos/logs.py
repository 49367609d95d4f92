"""The shop's log: one format, levels in one place, and no secret, card number or gift card's code ever in it."""

import logging
import re
import sys
from typing import Any, TextIO

from pos.ids import PEOPLE_ALPHABET

FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
QUIET = (
    "watchdog",
    "urllib3",
    "httpx",
    "httpcore",
    "stripe",
    "asyncio",
    "alembic",
    "PIL",
    "streamlit",
    "uvicorn.access",
)

SECRET = re.compile(r"\b((?:sk|rk|pk)_(?:live|test)_|whsec_|tmr_secret_)[A-Za-z0-9+/=_-]+")
# A card number (ISO/IEC 7812): 13 to 19 digits that begin with 2 to 6, Luhn's check digit last.
CARD = re.compile(r"(?<![\w.])[2-6](?:[ -]?\d){12,18}(?![\w.])")
# A gift card's code: twenty letters of pos/ids.py, in groups of four or in one, as issued or as somebody types it.
GIFT = re.compile(rf"(?<![\w-])(?:[{PEOPLE_ALPHABET}]{{4}}[- ]?){{4}}[{PEOPLE_ALPHABET}]{{4}}(?![\w-])", re.IGNORECASE)


def redacted(words: str) -> str:
    """The same words with every key, signing secret, card number and gift card's code blacked out."""
    words = SECRET.sub(lambda found: found[1] + "…", words)
    words = GIFT.sub(lambda found: "[gift card]" if any(c.isdigit() for c in found[0]) else found[0], words)
    return CARD.sub(lambda found: "[card number]" if _luhn(found[0]) else found[0], words)


class Redacting(logging.Formatter):
    """Writes a line of the log, its trace too, without secrets; or in place of a trace its last line alone."""

    def __init__(self, *, traces: bool = True) -> None:
        super().__init__(FORMAT)
        self._traces = traces

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))

    def formatException(self, ei: Any) -> str:
        whole = super().formatException(ei)
        return whole if self._traces else f"  {whole.strip().splitlines()[-1]}"


def begin(level: int = logging.INFO, *, stream: TextIO | None = None, traces: bool = True) -> None:
    """Log from here on: the shop's rooms at this level, libraries from warnings up; replaces what was set.

    traces: whole ones, for whoever mends the shop; a person at a command line wants the cause alone.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Redacting(traces=traces))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("pos").setLevel(level)
    logging.getLogger("kiosk").setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _luhn(number: str) -> bool:
    digits = [int(c) for c in number if c.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
