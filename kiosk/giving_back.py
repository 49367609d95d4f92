"""Giving money back, as the counter chooses and reads it: lines, amounts, what becomes of a piece, roads and sums."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from kiosk import draw, state
from kiosk.words import Words
from pos.models import Fate, RefundState, Road
from pos.money import read_money
from pos.paper.slips.facts import Language
from pos.paper.slips.words import brand, reason
from pos.selling import reasons, return_desk
from pos.selling.return_desk import Share
from pos.selling.views import GiveBack, RefundPartView, RefundView, ReturnLine, ReturnPayment, ReturnView

AS_PAID = "as_paid"
COMING = (RefundState.QUEUED, RefundState.PENDING, RefundState.UNKNOWN)


@dataclass(frozen=True)
class Chosen:
    """What is chosen on the screen; whole: nothing on it is missing or wrong."""

    lines: tuple[GiveBack, ...]
    whole: bool

    @property
    def amount_minor(self) -> int:
        """What it comes to, in pence."""
        return sum(one.gross_minor for one in self.lines)


def choose(seen: ReturnView, say: Words) -> Chosen:
    """Every line with what is left of it: whether, how much, and where its piece goes."""
    left = [line for line in seen.lines if line.refundable_minor > 0]
    picked = [_line(line, seen, say, alone=len(left) == 1) for line in left]
    lines = tuple(one for one in picked if one is not None)
    return Chosen(lines, whole=bool(lines) and all(one.gross_minor > 0 for one in lines))


def _line(line: ReturnLine, seen: ReturnView, say: Words, *, alone: bool) -> GiveBack | None:
    with st.container(key=f"sale_{line.line_id}", gap="small"):
        _name(line, say)
        if not seen.whole_only:
            words = say("returns.this_one")
            if not st.checkbox(words, value=alone, key=f"back_{line.line_id}"):
                return None
        amount = line.refundable_minor if seen.whole_only else _amount(line, say)
        return GiveBack(line.line_id, amount, _fate(line, say, whole=amount == line.refundable_minor))


def _name(line: ReturnLine, say: Words) -> None:
    number = say("shop.number", n=line.number) if line.number else ""
    gone = say("returns.given_before", amount=say.exact(line.refunded_minor)) if line.refunded_minor else ""
    cut = say("returns.engraved") if line.engraved else ""
    below = " · ".join(draw.safe(words) for words in (number, line.detail, cut, gone) if words)
    draw.html(
        f'<table class="vt-lines"><tr><td>{draw.safe(line.name)}<small>{below}</small></td>'
        f"<td>{draw.safe(say.exact(line.refundable_minor))}</td></tr></table>"
    )


def _amount(line: ReturnLine, say: Words) -> int:
    """The whole of it, or less; 0 while what is typed is no amount, or too much, which is said at once."""
    most = line.refundable_minor
    typed = st.text_input(say("returns.amount"), value=say.exact(most), key=f"amount_{line.line_id}", max_chars=20)
    amount = read_money(typed) or 0
    if 0 < amount <= most:
        return amount
    draw.html(f'<p class="vt-trouble">{draw.safe(say("returns.amount_wrong", most=say.exact(most)))}</p>')
    return 0


def _fate(line: ReturnLine, say: Words, *, whole: bool) -> Fate:
    """Where the piece goes; a part of the price alone usually leaves it with the shopper."""
    ways = return_desk.fates(line)
    if len(ways) == 1:
        if line.is_promised:
            draw.quiet(say("returns.never_made"))
        return ways[0]
    chosen = st.segmented_control(
        say("returns.fate"),
        ways,
        format_func=lambda way: say(f"returns.fate_{way}"),
        default=Fate.KEPT if not whole and Fate.KEPT in ways else ways[0],
        required=True,
        key=f"fate_{line.line_id}_{whole}",
        width="stretch",
        label_visibility="collapsed",
    )
    return Fate(chosen)


def road(say: Words) -> Road | None:
    """As it was paid (None), or all of it by another road."""
    ways = (AS_PAID, *return_desk.INSTEAD)
    chosen = st.segmented_control(
        say("returns.road"),
        ways,
        format_func=lambda way: say(f"returns.road_{way}"),
        default=AS_PAID,
        required=True,
        key=_key("road"),
        width="stretch",
    )
    return None if chosen == AS_PAID else Road(chosen)


def why(say: Words) -> str:
    """One of the short list, words of one's own, or both; empty while there is neither."""
    short = st.selectbox(
        say("returns.reason"),
        reasons.REASONS,
        index=None,
        format_func=lambda one: reason(_language(say), one),
        placeholder=say("returns.reason_choose"),
        key=_key("reason"),
    )
    own = st.text_input(say("returns.reason_own"), key=_key("words"), max_chars=reasons.LONGEST - 20)
    return reasons.written(short, own)


def sums(planned: Sequence[Share], say: Words) -> None:
    """What goes back by which road, before anybody touches the green button."""
    rows = [("sum", to(one.road, one.payment, say), one.amount_minor) for one in planned]
    rows.append(("total", say("returns.total"), sum(one.amount_minor for one in planned)))
    cells = "".join(
        f'<tr class="{css}"><td>{draw.safe(name)}</td><td>{draw.safe(say.exact(minor))}</td></tr>'
        for css, name, minor in rows
    )
    draw.html(f'<table class="vt-lines">{cells}</table>')


def to(way: Road, payment: ReturnPayment | None, say: Words) -> str:
    """Where an amount goes: `To Visa •••• 4242`, `In cash`."""
    if way not in (Road.CARD, Road.RELEASE):
        return say(f"returns.to_{way}")
    return say(f"returns.to_{'hold' if payment and not payment.is_taken else way}", card=_card(payment, say))


def stands(part: RefundPartView, payment: ReturnPayment | None, say: Words) -> str:
    """How one part of a refund is, in words."""
    if part.state == RefundState.FAILED:
        return say("returns.owed" if part.is_owed else "returns.replaced")
    if part.state == RefundState.REFUNDED:
        return say(f"returns.given_{part.road}", card=_card(payment, say))
    return say("returns.on_its_way", card=_card(payment, say))


def heading(one: RefundView, say: Words, *, zone: str) -> None:
    """A refund: its number, when, by whom, why, and what it came to."""
    when = f"{say.local_day(one.at, zone=zone)}, {say.clock(one.at, zone=zone)}"
    draw.price(say.exact(one.gross_minor), one.number)
    draw.quiet(" · ".join(words for words in (when, one.by, reason(_language(say), one.reason)) if words))


def is_on_its_way(seen: ReturnView) -> bool:
    """Whether anything that was given back is not there yet."""
    return any(part.state in COMING for one in seen.refunds for part in one.parts)


def reason_words(kept: str, say: Words) -> str:
    """Why something came back, in the language of the screen."""
    return reason(_language(say), kept)


def forget() -> None:
    """Nothing is chosen any more: a tablet goes on showing what was chosen in a widget whose key stays the same."""
    state.take("vouching")
    state.put("return_form", state.get("return_form", 0) + 1)


def _key(name: str) -> str:
    """The key of a widget of this form, and of no form before it."""
    return f"return_{name}_{state.first('return_form', 0)}"


def _card(payment: ReturnPayment | None, say: Words) -> str:
    if payment is None or not payment.last4:
        return say("returns.a_card")
    return f"{brand(payment.brand)} ···· {payment.last4}"


def _language(say: Words) -> Language:
    return "fr" if say.language == "fr" else "en"
