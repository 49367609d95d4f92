"""Collect: who is expected; scan or type the code, compare the piece, take what is still due, hand it over once.

An order's own code finds it too, with its paper; only the collect code, which the shopper has, hands it over.
"""

from datetime import date
from typing import Literal

import streamlit as st

from kiosk import by_mail, draw, keeping, more_paper, notices, session, slips, staff_bar, state, theme
from kiosk.paying import refused
from kiosk.words import Words
from pos.catalogue import showcase
from pos.catalogue.views import VariantView
from pos.errors import Unknown
from pos.ids import plain_code
from pos.models import JobState, Method, OrderState, PaymentState, PickupState, Role, SavedCardState
from pos.paper import answers
from pos.payments import saved_cards
from pos.selling import checkout, orders, pickup, ready
from pos.selling.views import ExpectedView, OrderView, PickupView, SlipView

LOOK_EVERY = 2.0  # seconds between looks at the printer, while paper is still coming, and at an open link
LOOK_AGAIN = 20.0  # seconds between looks at who is expected

here = session.require(Role.STAFF)


def look_up() -> None:
    """A scanner types the code and Enter; so does a person."""
    typed = str(state.get("code") or "").strip()
    state.put("collecting", None)
    state.put("charging", None)
    state.put("just_given", None)  # whoever scans it again reads that it has left, in another voice
    if not typed:
        return
    with notices.on_screen():
        state.put("collecting", order_of(plain_code(typed)))


def order_of(code: str) -> tuple[str, bool]:
    """The order of a collect code, or of an order's own code in this boutique; and which it was. Raises Unknown."""
    try:
        return pickup.find(here.shop, code=code), True
    except Unknown:
        try:
            order_id = orders.by_code(here.shop, code=code)
        except Unknown:
            order_id = ""
        if not order_id or not here.serves(orders.view(here.shop, order_id=order_id)):
            raise
        return order_id, False


def answer(job_id: str, *, yes: bool) -> None:
    """Somebody has looked whether a slip came out."""
    with notices.on_screen():
        device_id = here.device.device_id
        answers.came_out(here.shop, job_id=job_id, staff_id=here.staff_id or "", device_id=device_id, yes=yes)


def take_balance(order: OrderView, by: Method = Method.CARD) -> None:
    with notices.on_screen():
        checkout.open_balance(
            here.shop, order_id=order.order_id, device_id=here.device.device_id, staff_id=here.staff_id or "", by=by
        )
        state.put("charging", None)
        session.go("pay", order=order.order_id, by="counter")


def other_ways(order: OrderView) -> None:
    session.go("take", order=order.order_id, part="balance")


def forget_card(order_id: str) -> None:
    """The shopper does not want the card to be kept any more."""
    with notices.on_screen():
        saved_cards.forget_card(
            here.shop, order_id=order_id, device_id=here.device.device_id, staff_id=here.staff_id or ""
        )


def hand_over(code: str) -> None:
    with notices.on_screen():
        pickup.hand_over(here.shop, code=code, staff_id=here.staff_id or "", device_id=here.device.device_id)
        state.put("just_given", code)


def in_the_safe(order_id: str, yes: bool) -> None:
    """Somebody of this boutique has it in the safe; or has it not, after all."""
    say_so = ready.mark_ready if yes else ready.mark_unready
    with notices.on_screen():
        say_so(here.shop, order_id=order_id, staff_id=here.staff_id or "", device_id=here.device.device_id)


def open_expected(order_id: str) -> None:
    state.put("collecting", (order_id, False))
    session.go("collect")  # the list is a part of its own: the page around it is drawn anew


def next_code() -> None:
    state.put("code", "")
    state.put("collecting", None)


def pieces(order: OrderView, say: Words) -> None:
    """Each piece as it must be in the hand: its picture, its number, its words."""
    known = showcase.named(here.shop, skus=[line.sku for line in order.lines if line.number], language=here.language)
    certificates = {(one.sku, one.number): one.short_code for one in order.certificates}
    for line in order.lines:
        if line.number is None:
            continue
        piece, certificate = known.get(line.sku), certificates.get((line.sku, line.number))
        picture = draw.img(piece.hero if piece else None, initials=line.sku)
        cut = draw.cut(line.engraving)
        below = [line.detail, say("collect.certificate", code=certificate) if certificate else ""]
        quiet = "".join(f'<span class="vt-quiet">{draw.safe(words)}</span>' for words in below if words)
        number = say("shop.number", n=line.number)
        draw.html(
            f'<div class="vt-handover"><div class="vt-frame">{picture}</div>'
            f'<div class="vt-certificate"><span class="vt-big">{draw.safe(number)}</span>'
            f"<b>{draw.safe(piece.name if piece else line.name)}</b>{cut}{quiet}</div></div>"
        )


def paper(order_id: str) -> None:
    """The slips of an order, where they are and why; what nobody knows is asked where it should have come out."""
    say = here.say
    st.subheader(say("collect.paper"), anchor=False)
    with st.grid(3, min_column_width=230, gap="large"):
        for one in of_this_boutique(orders.view(here.shop, order_id=order_id)):
            with st.container(key=f"paper_{one.job_id}", gap="small"):
                draw.html(slips.figure(one, say, cause=True))
                if one.state == JobState.UNKNOWN and one.boutique_id == here.device.boutique_id:
                    slips.ask(one, say, answer=answer)


def of_this_boutique(order: OrderView) -> tuple[SlipView, ...]:
    """All slips of an order that was sold here; of another's, those that are printed here (a balance)."""
    mine = here.device.boutique_id
    return tuple(one for one in order.slips if mine in (order.boutique_id, one.boutique_id))


def next_step(order: OrderView, booked: PickupView | None, say: Words, *, has_code: bool) -> None:
    """What comes now, and nothing else: what was done stands there, what is to be done is one button."""
    balance = order.total_minor - order.paid_minor
    amounts = [(say("collect.paid"), say.exact(order.paid_minor), "")]
    if balance:
        amounts.append((say("collect.balance"), say.exact(balance), ""))
    draw.due(amounts)
    if booked is None:
        return
    if booked.state != PickupState.BOOKED:
        look = "vt-lead" if state.get("just_given") == booked.code else "vt-trouble"
        draw.html(f'<p class="{look}" role="status">{draw.safe(over(booked, say))}</p>')
    elif booked.boutique_id != here.device.boutique_id:
        return  # what to do stands above: send the shopper there
    elif booked.ready_at is None:
        to_be_made(order, say)
    elif order.state == OrderState.DEPOSIT:
        ways_to_pay(order, say, has_code=has_code)
    elif not has_code:
        draw.lead(say("collect.needs_code"))
    else:
        cut = any(line.engraving for line in order.lines)
        draw.lead(say("collect.compare_engraved" if cut else "collect.compare"))
        st.button(say("collect.hand_over"), key="go_hand_over", type="primary", on_click=hand_over, args=(booked.code,))


def watch(drawn: OrderView) -> None:
    """Draws nothing: somebody may pay at home while this page stands open."""
    now = orders.view(here.shop, order_id=drawn.order_id)
    if (now.state, now.payment.state) != (drawn.state, drawn.payment.state):
        st.rerun()


def ways_to_pay(order: OrderView, say: Words, *, has_code: bool) -> None:
    """The balance: the kept card is charged with nobody here; at the reader whoever collects holds a card."""
    card, latest = order.kept_card, order.payment
    if latest.method == Method.LINK and latest.state != PaymentState.CANCELLED:
        draw.lead(say("pay_link.is_open"))
        show = {"order": order.order_id, "by": "counter"}
        st.button(say("pay_link.show"), key="go_link", type="primary", on_click=session.go, args=("pay",), kwargs=show)
        session.part(here, run_every=LOOK_EVERY)(watch)(order)
        return
    if latest.method == Method.LINK and latest.reason not in ("asked", "timed_out"):
        draw.html(f'<p class="vt-trouble" role="status">{draw.safe(keeping.link_ended(latest, say))}</p>')
    just_refused = latest.method == Method.SAVED_CARD and refused(latest)
    if just_refused:
        draw.html(f'<p class="vt-trouble" role="status">{draw.safe(keeping.refusal(latest, say))}</p>')
    if card and card.state == SavedCardState.NOT_KEPT:
        draw.quiet(say("keep_card.not_kept"))
    first: Literal["primary", "secondary"] = "primary"
    if card and card.can_be_charged:
        look: Literal["primary", "secondary"] = "secondary" if just_refused else "primary"
        first = "primary" if just_refused else "secondary"
        charge_kept_card(order, keeping.name(card, say), say, look=look)
    if has_code:
        words = say("collect.take_balance", amount=say.exact(order.total_minor - order.paid_minor))
        st.button(words, key="go_balance", type=first, on_click=take_balance, args=(order,))
        st.button(say("counter.other_ways"), key="other_ways", on_click=other_ways, args=(order,))
    st.button(say("pay_link.send"), key="go_link", on_click=take_balance, args=(order, Method.LINK))
    if not has_code:
        draw.lead(say("collect.needs_code"))


def charge_kept_card(order: OrderView, card: str, say: Words, *, look: Literal["primary", "secondary"]) -> None:
    """Nobody is here to take a card away again, so it is asked once more before anything is charged."""
    words = say("keep_card.charge", amount=say.exact(order.total_minor - order.paid_minor), card=card)
    if state.get("charging") != order.order_id:
        st.button(words, key="go_kept_card", type=look, on_click=state.put, args=("charging", order.order_id))
        return
    draw.lead(say("keep_card.sure", card=card))
    with st.container(horizontal=True, gap="medium"):
        st.button(
            words, key="go_kept_card_sure", type="primary", on_click=take_balance, args=(order, Method.SAVED_CARD)
        )
        st.button(
            say("keep_card.not_now"), key="link_not_now", type="tertiary", on_click=state.put, args=("charging", None)
        )


def over(booked: PickupView, say: Words) -> str:
    """When it left the shop and by whose hand; or that it was cancelled."""
    if booked.handed_over_at is None:
        return say("collect.cancelled")
    return say(
        "collect.handed_over",
        day=say.local_day(booked.handed_over_at, zone=booked.zone),
        time=say.clock(booked.handed_over_at, zone=booked.zone),
        who=booked.handed_over_by or "",
    )


def to_be_made(order: OrderView, say: Words) -> None:
    """It is still at the bench or at the assay office; whoever has it in the safe says so."""
    promised = max((line.promised_on for line in order.lines if line.promised_on), default=None)
    day = say.on(date.fromisoformat(promised)) if promised else ""
    draw.lead(say("collect.to_be_made", date=day) if promised else say("collect.at_the_bench"))
    st.button(say("collect.ready"), key="go_ready", type="primary", on_click=in_the_safe, args=(order.order_id, True))


def found(order_id: str, say: Words, *, by_collect_code: bool) -> None:
    order = orders.view(here.shop, order_id=order_id)
    booked = order.pickup
    if booked:
        appointment(order, booked, say)
    else:
        draw.eyebrow(say("collect.order", code=order.code))
    with st.grid(2, min_column_width=380, gap="large"):
        with st.container(gap="medium"):
            pieces(order, say)
        with st.container(gap="medium"):
            next_step(order, booked, say, has_code=by_collect_code)
            ways_out(order, booked, say)
    papers = of_this_boutique(order)
    if papers:
        coming = slips.are_coming(papers)
        session.part(here, run_every=LOOK_EVERY if coming else None)(paper)(order_id)
    if here.serves(order):
        by_mail.came_back(here, order)
        more_paper.show(here, order_id)


def ways_out(order: OrderView, booked: PickupView | None, say: Words) -> None:
    order_id, card = order.order_id, order.kept_card
    if card and card.to_be_forgotten and card.state != SavedCardState.FORGOTTEN:
        draw.quiet(say("keep_card.forgetting"))
    with st.container(horizontal=True, gap="medium"):
        if booked and booked.state == PickupState.BOOKED and booked.ready_at:
            words = say("collect.not_ready_after_all")
            st.button(words, key="link_unready", type="tertiary", on_click=in_the_safe, args=(order_id, False))
        if card and card.can_be_charged and order.state == OrderState.DEPOSIT:
            words = say("keep_card.forget")
            st.button(words, key="link_forget", type="tertiary", on_click=forget_card, args=(order_id,))
        st.button(say("collect.next"), key="link_next", type="tertiary", on_click=next_code)


def appointment(order: OrderView, booked: PickupView, say: Words) -> None:
    """When and where it is collected."""
    slot = say(
        "collect.slot",
        day=say.local_day(booked.start, zone=booked.zone),
        **{"from": say.clock(booked.start, zone=booked.zone), "to": say.clock(booked.end, zone=booked.zone)},
    )
    draw.eyebrow(f"{say('collect.order', code=order.code)} · {slot}")
    if booked.boutique_id != here.device.boutique_id:
        draw.lead(say("collect.elsewhere", boutique=booked.boutique_name))


def row(one: ExpectedView, known: dict[str, VariantView], say: Words) -> None:
    """One order that is going to be collected, to be touched."""
    when = f"{say.local_day(one.start, zone=one.zone)}, {say.clock(one.start, zone=one.zone)}"
    names = ", ".join(f"{known[sku].name} {say('shop.number', n=number)}" for sku, number in one.pieces)
    stands = say("collect.in_the_safe" if one.ready_at else "collect.not_yet")
    if one.balance_minor:
        stands += " · " + say("collect.due", amount=say.exact(one.balance_minor))
    with draw.together("vt-open"):
        draw.html(
            f'<div class="vt-expected"><b>{draw.safe(when)}</b><span>{draw.safe(names)}</span>'
            f'<span class="vt-quiet">{draw.safe(one.order_code)}</span>'
            f'<span class="{"vt-quiet" if one.ready_at else "vt-wait"}">{draw.safe(stands)}</span></div>'
        )
        label = f"{when}, {one.order_code}, {names}, {stands}"
        draw.over(label, key=f"open_expected_{one.order_id}", act=open_expected, args=(one.order_id,))


@session.part(here, run_every=LOOK_AGAIN)
def everyone_expected() -> None:
    """Who is going to come, and what is still to be made for them."""
    say, expected = here.say, ready.expected(here.shop, boutique_id=here.device.boutique_id)
    skus = [sku for one in expected for sku, _ in one.pieces]
    known = showcase.named(here.shop, skus=skus, language=here.language) if skus else {}
    draw.heading_row(say("collect.expected"), say("collect.expected_many", n=len(expected)) if expected else "")
    with draw.laid("expected", "vt-block"):
        if not expected:
            draw.quiet(say("collect.nobody"))
        for one in expected:
            row(one, known, say)


with theme.page("collect"):
    staff_bar.show(here, on="collect")
    with st.container(key="collect_body", gap="medium"):
        st.header(here.say("collect.title"), anchor=False)
        st.text_input(
            here.say("collect.code"), key="code", placeholder=here.say("collect.code_hint"), on_change=look_up
        )
        notices.show()
        collecting = state.get("collecting")
        if collecting:
            order_id, by_collect_code = collecting
            found(order_id, here.say, by_collect_code=by_collect_code)
        else:
            draw.quiet(here.say("collect.hint"))
            everyone_expected()
