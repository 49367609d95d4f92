"""What the shop refuses, said once in one sentence; every error of pos/errors.py has its words."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from kiosk import draw, state
from kiosk.words import Words
from pos.errors import (
    AlreadyHandedOver,
    BalanceDue,
    CannotEngrave,
    CashLimit,
    CashShort,
    GiftAmount,
    GiftCardEmpty,
    GiftCardExpired,
    HoldLapsed,
    ManagerNeeded,
    MeasureOutside,
    PriceMoved,
    RefundTooMuch,
    ShopError,
    SlotClosed,
    TenderTooMuch,
    TenderWaits,
    WrongPin,
    WrongState,
)

log = logging.getLogger(__name__)

LINGERS = 12.0  # seconds a sentence stays where the screen draws itself anew: long enough to be read to a shopper

ONLY_LINE = {"line_long": "line_long_only", "line_wide": "line_wide_only"}  # of a piece with one: it has no number

AMOUNTS: dict[type[ShopError], tuple[str, ...]] = {  # facts in pence, which a sentence writes as money
    PriceMoved: ("shown", "now"),
    BalanceDue: ("amount",),
    GiftCardEmpty: ("left",),
    GiftAmount: ("least", "most"),
    TenderTooMuch: ("left",),
    TenderWaits: ("amount",),
    CashShort: ("amount", "tendered"),
    CashLimit: ("limit", "already"),
    RefundTooMuch: ("left",),
    ManagerNeeded: ("limit",),
}


def sentence(refusal: ShopError, *, say: Words, zone: str = "UTC") -> str:
    """The sentence of a refusal: the finest one that has words, else that of the kind it belongs to."""
    facts = _facts(refusal, say=say, zone=zone)
    for kind in type(refusal).__mro__:
        for key in (f"notices.{kind.__name__}_{_finer(refusal)}", f"notices.{kind.__name__}"):
            if say.has(key):
                return say(key, **facts)
    return say("notices.unforeseen")


def tell(refusal: ShopError, *, at: str = "") -> None:
    """Keep a refusal for the next `show` of that place, and its cause for the log."""
    log.info("refused: %s", refusal, exc_info=refusal)
    state.put(_kept(at), sentence(refusal, say=Words(state.language()), zone=str(state.get("zone", "UTC"))))


@contextmanager
def on_screen(*, at: str = "") -> Iterator[None]:
    """What is refused in here becomes a sentence on the screen; what nobody foresaw becomes a calm one, and a log.

    at: a place of its own on a long page, whose `show` says it; the page's own may be out of sight.
    """
    state.take("notice_said")  # somebody touched: what was said before is over
    try:
        yield
    except ShopError as refusal:
        tell(refusal, at=at)
    except Exception:
        log.exception("a verb failed on a screen")
        state.put(_kept(at), Words(state.language())("notices.unforeseen"))


def show(*, at: str = "") -> None:
    """Draw what was refused since the last time, once."""
    words = state.take(_kept(at))
    if words:
        _draw(words)


def show_awhile(part: str) -> None:
    """The same in a part that is drawn anew by a clock, which would wipe it before anybody could read it."""
    words = state.take(_kept(""))
    if words:
        state.put("notice_said", (part, words, time.monotonic() + LINGERS))
    of, said, until = state.get("notice_said") or ("", "", 0.0)
    if of == part and time.monotonic() < until:
        _draw(said)


def _kept(at: str) -> str:
    return f"notice_{at}" if at else "notice"


def _draw(words: str) -> None:
    draw.html(f'<p class="vt-notice" role="alert">{draw.safe(words)}</p>')


def _finer(refusal: ShopError) -> str:
    """What tells two refusals of one kind apart: a reason, a code, a cause, or that a fact is missing."""
    if isinstance(refusal, WrongPin):
        return "wait" if refusal.wait else ""
    if isinstance(refusal, HoldLapsed) and refusal.number is None:
        return "basket"
    if isinstance(refusal, SlotClosed) and refusal.start is None:
        return "none"
    if isinstance(refusal, WrongState) and refusal.state == "cancelled":
        return ""  # nothing is on its way any more
    if isinstance(refusal, CannotEngrave) and getattr(refusal, "line", None) is None and refusal.reason in ONLY_LINE:
        return ONLY_LINE[refusal.reason]
    for name in ("reason", "code", "kind", "cause"):
        if name in refusal.facts and isinstance(getattr(refusal, name), str):
            return str(getattr(refusal, name)).replace(" ", "_")
    return ""


def _facts(refusal: ShopError, *, say: Words, zone: str) -> dict[str, Any]:
    facts = {name: value for name, value in vars(refusal).items() if not name.startswith("_")}
    for kind, names in AMOUNTS.items():
        if isinstance(refusal, kind):
            facts |= {name: say.exact(facts[name] or 0) for name in names}
    if isinstance(refusal, GiftCardExpired) and refusal.on is not None:
        facts["on"] = say.on(date.fromisoformat(refusal.on), year=True)
    if isinstance(refusal, AlreadyHandedOver) and refusal.at is not None:
        local = refusal.at.astimezone(ZoneInfo(zone))
        facts |= {"day": say.day(local.date()), "time": say.clock(refusal.at, zone=zone)}
    if isinstance(refusal, MeasureOutside) and refusal.least is not None:
        facts |= {name: say.decimal(facts[name]) for name in ("least", "most")}
    if isinstance(refusal, CannotEngrave):
        facts["over"] = say.decimal(max(facts.get("over_mm") or 0, 0.1))
    return {"day": "", "time": "", "glyph": "", **facts}
