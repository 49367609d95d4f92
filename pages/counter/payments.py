"""Payments: what is open or went wrong, what it waits for and since when, and the one thing that is safe to do."""

from collections.abc import Callable

import streamlit as st

from kiosk import card_readers, draw, notices, session, staff_bar, state, theme
from kiosk.words import Words
from pos.books import standing
from pos.books.differences import parted
from pos.books.standing import Standing
from pos.models import Part, Role
from pos.models.payments import IN_THE_HOUSE
from pos.payments import overview, owed
from pos.payments.overview import Act, OpenPayment, Said, Waits
from pos.payments.owed import Owed
from pos.selling import unwinding

LOOK_EVERY = 3.0  # seconds

here = session.require(Role.STAFF)


def let_go(payment_id: str) -> None:
    with notices.on_screen():
        overview.let_go(here.shop, payment_id=payment_id, staff_id=here.staff_id or "", device_id=here.device.device_id)


def look_again(payment_id: str) -> None:
    with notices.on_screen():
        overview.look_again(here.shop, payment_id=payment_id)


def go_on(one: OpenPayment) -> None:
    part = {"part": "balance"} if one.part == Part.BALANCE else {}
    session.go("take", order=one.order_id, **part)


def go_back(payment_id: str, order_id: str, by: Callable[..., None]) -> None:
    """A half paid sale is given up, or its cash is in the shopper's hand again."""
    which = {"order_id": order_id} if by is unwinding.give_up else {"payment_id": payment_id}
    with notices.on_screen():
        by(here.shop, staff_id=here.staff_id or "", device_id=here.device.device_id, **which)


DOES: dict[Act, Callable[[OpenPayment], None]] = {
    Act.LET_GO: lambda one: let_go(one.payment_id),
    Act.LOOK_AGAIN: lambda one: look_again(one.payment_id),
    Act.GIVE_UP: lambda one: go_back(one.payment_id, one.order_id, unwinding.give_up),
    Act.CASH_RETURNED: lambda one: go_back(one.payment_id, one.order_id, unwinding.cash_returned),
}


def when(one: OpenPayment, say: Words) -> str:
    zone = here.device.zone
    words = say(
        "payments.since", day=say.local_day(one.since, zone=zone), time=say.clock(one.since, zone=zone, seconds=True)
    )
    if one.take_before is None:
        return words
    day, time = say.local_day(one.take_before, zone=zone), say.clock(one.take_before, zone=zone)
    return f"{words} · {say('payments.take_before', day=day, time=time)}"


def why(reason: str | None, say: Words) -> str:
    """Stripe's code for what went wrong in the counter's words; one that has none stands as it is."""
    key = f"payments.why_{reason}"
    return say(key) if reason and say.has(key) else reason or ""


def item(one: OpenPayment, say: Words) -> None:
    part = say("payments.balance" if one.part == Part.BALANCE else "payments.now")
    method = say(f"take.method_{one.method}")
    tries = say("payments.tries", n=one.attempts) if one.attempts > 1 else ""
    quiet = " · ".join(
        words for words in (one.order_code, part, method, one.reader, tries, why(one.reason, say)) if words
    )
    with st.container(key=f"money_{one.payment_id}", gap="xsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            with st.container(gap=None, width="content"):
                waits = say(f"payments.waits_{one.waits_for}")
                if one.waits_for == Waits.REST:
                    waits = say("payments.left", amount=say.exact(one.left_minor)) if one.left_minor else waits
                draw.price(say.exact(one.amount_minor), waits)
                pieces = ", ".join(f"{name} {say('shop.number', n=number)}" for name, number in one.pieces)
                draw.quiet(pieces, quiet, when(one, say))
            if one.act is not None:
                words = say(f"payments.{one.act}")
                key = f"{one.act}_{one.payment_id}"
                st.button(words, key=key, on_click=DOES[one.act], args=(one,))
        if one.waits_for == Waits.REST:
            key = f"link_go_on_{one.payment_id}"
            st.button(say("take.go_on"), key=key, type="tertiary", on_click=go_on, args=(one,))
        if one.method in IN_THE_HOUSE:
            return  # nobody else has a word about it
        shown = state.get("said_of") == one.payment_id
        st.button(
            say("payments.hide_said" if shown else "payments.show_said"),
            key=f"link_said_{one.payment_id}",
            type="tertiary",
            on_click=state.put,
            args=("said_of", None if shown else one.payment_id),
        )
        if shown:
            said(overview.journal(here.shop, payment_id=one.payment_id), say)


def said(calls: tuple[Said, ...], say: Words) -> None:
    """The journal: what was asked of Stripe, and what it said."""
    if not calls:
        draw.quiet(say("payments.nothing_said"))
        return
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td>{draw.safe(cell)}</td>"
            for cell in (
                say.clock(call.at, zone=here.device.zone, seconds=True),
                say(f"payments.verb_{call.verb}"),
                call.outcome or say("payments.no_answer_yet"),
                call.words,
            )
        )
        + "</tr>"
        for call in calls
    )
    head = "".join(
        f'<th scope="col">{draw.safe(say(f"payments.{name}"))}</th>' for name in ("at", "asked", "got", "said")
    )
    draw.html(
        f'<div class="vt-wide"><table class="vt-journal"><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def back(one: Owed, say: Words) -> None:
    """Money on its way back to a shopper, or owed to them still."""
    zone, key = here.device.zone, "payments.owed" if one.needs_a_person else "payments.going_back"
    when = say("payments.since", day=say.local_day(one.since, zone=zone), time=say.clock(one.since, zone=zone))
    with st.container(key=f"owed_{one.part_id}", gap=None):
        draw.price(say.exact(one.amount_minor), say(key))
        draw.quiet(" · ".join(words for words in (one.order_code, one.number, why(one.reason, say)) if words), when)


def compared(say: Words) -> None:
    """The books beside Stripe's: what differs in this boutique, and when anybody last looked."""
    last, zone = standing.compared(here.shop), here.device.zone
    found = standing.standing(here.shop, boutique_id=here.device.boutique_id)
    told = [] if found or last.at is None else [say("books.agree")]
    if last.at is None:
        told.append(say("books.never"))
    else:
        told.append(say("books.compared", day=say.local_day(last.at, zone=zone), time=say.clock(last.at, zone=zone)))
    if last.stale:
        told.append(say("books.stale"))
    with st.container(key="money_compared", gap="xsmall"):
        st.subheader(say("books.title"), anchor=False)
        draw.quiet(*told)
    for one in found:
        difference(one, say)


def difference(one: Standing, say: Words) -> None:
    zone = here.device.zone
    since = say("books.since", day=say.local_day(one.since, zone=zone), time=say.clock(one.since, zone=zone))
    sides = say("books.sides", ours=side(one.ours, say), theirs=side(one.theirs, say))
    with st.container(key=f"money_{one.kind}_{one.subject}", gap="xsmall"):
        draw.price(say.exact(one.amount_minor, one.currency), say(f"books.{one.kind}"))
        draw.quiet(" · ".join((one.order_code or say("books.no_order"), one.subject, sides)), since)
        draw.text(say(f"books.{one.kind}_todo"))


def side(said: str, say: Words) -> str:
    """What our books or Stripe's say: a word, and an amount where there is one."""
    word, minor, currency = parted(said)
    words = say(f"books.said_{word}") if say.has(f"books.said_{word}") else word
    return words if minor is None else f"{words} {say.exact(minor, currency)}"


@session.part(here, run_every=LOOK_EVERY)
def everything() -> None:
    say, found = here.say, overview.unfinished(here.shop, boutique_id=here.device.boutique_id)
    owing = owed.waiting(here.shop, boutique_id=here.device.boutique_id)
    notices.show_awhile("payments")
    for debt in owing:
        back(debt, say)
    if not found and not owing:
        draw.lead(say("payments.none"))
        draw.quiet(say("payments.none_line"))
    for one in found:
        item(one, say)
    card_readers.show(here)
    compared(say)


with theme.page("payments"):
    staff_bar.show(here, on="payments")
    with st.container(key="payments_body", gap="medium"):
        st.header(here.say("payments.title"), anchor=False)
        everything()
