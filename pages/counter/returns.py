"""Returns: find what was bought, choose what comes back and what becomes of it, see the sums, give back once.

Below it, while no sale is open: the pieces that came back and wait to be looked at.
"""

import streamlit as st

from kiosk import draw, giving_back, notices, session, slips, staff_bar, state, theme, who
from kiosk.giving_back import Chosen
from kiosk.words import Words
from pos.catalogue import showcase
from pos.catalogue.views import VariantView
from pos.errors import CannotGiveBack
from pos.models import Road, Role
from pos.people import staff
from pos.selling import orders, return_desk, returns
from pos.selling.views import GiveBack, RefundPartView, RefundView, ReturnView, SlipView
from pos.stock import inspection
from pos.stock.inspection import InInspection

LOOK_EVERY = 2.0  # seconds between looks, while money or paper is on its way
SLIPS = ("refund", "credit")
ANOTHER_ROAD = (Road.CARD, Road.CREDIT, Road.CASH)

here = session.require(Role.STAFF)
by_me = {"staff_id": here.staff_id or "", "device_id": here.device.device_id}


def look_up() -> None:
    """A scanner types the code and Enter; so does a person."""
    typed = str(state.get("return_code") or "").strip()
    leave()
    if typed:
        with notices.on_screen():
            state.put("returning", return_desk.find(here.shop, words=typed))


def leave() -> None:
    state.put("returning", None)
    state.put("return_done", None)
    giving_back.forget()


def next_one() -> None:
    state.put("return_code", "")
    leave()


def more() -> None:
    """The rest of the same sale."""
    state.put("return_done", None)


def give_back(seen: ReturnView, lines: tuple[GiveBack, ...], way: Road | None, why: str, **manager: str) -> None:
    with notices.on_screen():
        key = return_desk.key(seen, lines, road=way)
        done = returns.refund(
            here.shop, order_id=seen.order_id, key=key, lines=lines, reason=why, road=way, **by_me, **manager
        )
        state.put("return_done", done)
        giving_back.forget()


def exchange(seen: ReturnView, lines: tuple[GiveBack, ...], why: str) -> None:
    """All of it as store credit, and on to the sale that is offered it."""
    with notices.on_screen():
        key = return_desk.key(seen, lines, road=Road.CREDIT)
        returns.refund(here.shop, order_id=seen.order_id, key=key, lines=lines, reason=why, road=Road.CREDIT, **by_me)
        next_one()
        session.go("counter")


def by_another_road(part_id: str, way: Road, **manager: str) -> None:
    with notices.on_screen():
        returns.another_road(here.shop, part_id=part_id, road=way, **by_me, **manager)
        state.put("vouching", None)


def look_well(one: InInspection) -> None:
    gone = bool(state.get(f"gone_{one.sku}_{one.number}"))
    with notices.on_screen():
        inspection.passed(here.shop, sku=one.sku, number=one.number, words_gone=gone, **by_me)


def not_well(one: InInspection) -> None:
    why = str(state.get(f"why_{one.sku}_{one.number}") or "")
    with notices.on_screen():
        inspection.keep_out(here.shop, sku=one.sku, number=one.number, why=why, **by_me)
        state.put("finding_fault", None)


def form(seen: ReturnView, say: Words) -> None:
    with st.grid(2, min_column_width=380, gap="large"):
        with st.container(gap="medium"):
            draw.heading_row(say("returns.what"), "")
            if seen.whole_only:
                draw.lead(say("returns.whole_only"))
            chosen = giving_back.choose(seen, say)
        with st.container(gap="medium"):
            draw.heading_row(say("returns.how"), "")
            way = giving_back.road(say)
            why = giving_back.why(say)
            button(seen, chosen, way, why, say)


def button(seen: ReturnView, chosen: Chosen, way: Road | None, why: str, say: Words) -> None:
    """The sums, then the green button, and exchange below it; a manager's PIN takes their place where one is needed."""
    planned = return_desk.shares(seen, amount_minor=chosen.amount_minor, road=way) if chosen.whole else ()
    if planned:
        giving_back.sums(planned, say)
    ready = bool(planned and why)
    if not ready:
        draw.quiet(say("returns.say_why" if planned else "returns.choose"))
    manager = return_desk.needs_manager(here.shop, seen, planned) and not is_manager()
    if ready and manager and state.get("vouching") == seen.order_id:
        who.vouch(here, lambda **vouched: give_back(seen, chosen.lines, way, why, **vouched))
        return
    if manager:
        draw.quiet(say("returns.needs_manager", limit=say.exact(here.shop.settings.cash_refund_limit)))
    words = say("returns.give", amount=say.exact(chosen.amount_minor)) if planned else say("returns.give_nothing")
    tap = (state.put, ("vouching", seen.order_id)) if manager else (give_back, (seen, chosen.lines, way, why))
    st.button(
        words, key="go_give_back", type="primary", width="stretch", disabled=not ready, on_click=tap[0], args=tap[1]
    )
    st.button(
        say("returns.exchange"),
        key="exchange",
        width="stretch",
        disabled=not ready,
        on_click=exchange,
        args=(seen, chosen.lines, why),
    )


def is_manager() -> bool:
    return staff.allowed(here.staff, needed=Role.MANAGER)


def money(part: RefundPartView, seen: ReturnView, say: Words) -> None:
    """One part of a refund, how it is, and where it failed: by which road now."""
    payment = next((one for one in seen.payments if one.payment_id == part.payment_id), None)
    words = giving_back.stands(part, payment, say)
    css = "vt-trouble" if part.is_owed else "vt-quiet"
    draw.html(f'<p class="{css}">{draw.safe(say.exact(part.amount_minor))} · {draw.safe(words)}</p>')
    if not part.is_owed:
        return
    vouching = str(state.get("vouching") or "")
    if vouching == part.part_id:
        who.vouch(here, lambda **vouched: by_another_road(part.part_id, Road.CASH, **vouched))
        return
    much = return_desk.is_much_cash(here.shop, seen, amount_minor=part.amount_minor)
    with st.container(horizontal=True, gap="small"):
        for way in ANOTHER_ROAD:
            if way == Road.CARD and (payment is None or not payment.last4):
                continue
            asks = way == Road.CASH and much and not is_manager()
            tap = (state.put, ("vouching", part.part_id)) if asks else (by_another_road, (part.part_id, way))
            st.button(say(f"returns.instead_{way}"), key=f"{way}_{part.part_id}", on_click=tap[0], args=tap[1])


def history(order_id: str) -> None:
    """What was given back of this sale, how far it is, and its slips; the one just given stands first."""
    say, seen = here.say, returns.view(here.shop, order_id=order_id)
    for one in reversed(seen.refunds):
        with st.container(key=f"money_{one.refund_id}", gap="xsmall"):
            giving_back.heading(one, say, zone=here.device.zone)
            for part in one.parts:
                money(part, seen, say)
    papers = refund_slips(order_id)
    if papers:
        with st.grid(3, min_column_width=230, gap="large"):
            for paper in papers:
                draw.html(slips.figure(paper, say, cause=True))


def refund_slips(order_id: str) -> tuple[SlipView, ...]:
    return tuple(one for one in orders.view(here.shop, order_id=order_id).slips if one.kind in SLIPS)


def over(done: RefundView, say: Words) -> None:
    """It is given: its number, and the way on."""
    draw.html(
        f'<p class="vt-lead" role="status">'
        f"{draw.safe(say('returns.done', amount=say.exact(done.gross_minor), number=done.number))}</p>"
    )
    draw.quiet(say("returns.done_line"))


def sale(order_id: str, say: Words) -> None:
    seen = returns.view(here.shop, order_id=order_id)
    draw.eyebrow(say("collect.order", code=seen.code))
    draw.quiet(say("returns.paid_given", paid=say.exact(seen.paid_minor), given=say.exact(seen.refunded_minor)))
    done = next((one for one in seen.refunds if one.refund_id == state.get("return_done")), None)
    if done is not None:
        over(done, say)
    elif seen.owed_minor and seen.refusal is not None:
        draw.lead(say("returns.still_owed", amount=say.exact(seen.owed_minor)), role="status")
    elif seen.refusal is not None:
        draw.lead(notices.sentence(CannotGiveBack(seen.code, seen.refusal), say=say))
    else:
        form(seen, say)
    with st.container(horizontal=True, gap="medium"):
        if done is not None and seen.refusal is None:
            st.button(say("returns.more"), key="link_more", type="tertiary", on_click=more)
        st.button(say("returns.next"), key="link_next", type="tertiary", on_click=next_one)
    if seen.refunds:
        coming = slips.are_coming(refund_slips(order_id)) or giving_back.is_on_its_way(seen)
        st.subheader(say("returns.history"), anchor=False)
        session.part(here, run_every=LOOK_EVERY if coming else None)(history)(order_id)


def to_look_at(one: InInspection, known: dict[str, VariantView], say: Words) -> None:
    """One piece that came back: what is known of it, and what whoever holds it says."""
    name = known[one.sku].name if one.sku in known else one.sku
    title = f"{name} {say('shop.number', n=one.number)}"
    day = say.local_day(one.came_back_at, zone=here.device.zone)
    cut = say("returns.words_in_it", words=" / ".join(one.engraving)) if one.engraving else ""
    wrong = say("returns.not_well_since", why=one.kept_out) if one.kept_out else ""
    at = f"{one.sku}_{one.number}"
    with st.container(key=f"money_{at}", gap="xsmall"):
        draw.html(f"<b>{draw.safe(title)}</b>")
        why = giving_back.reason_words(one.reason, say)
        draw.quiet(" · ".join((day, one.boutique, one.refund_no, why)), *(line for line in (cut, wrong) if line))
        if one.engraving:
            st.checkbox(say("returns.words_gone"), key=f"gone_{at}")
        if state.get("finding_fault") == at:
            st.text_input(say("returns.what_is_wrong"), key=f"why_{at}", max_chars=inspection.LONGEST)
            st.button(say("returns.keep_out"), key=f"keep_out_{at}", on_click=not_well, args=(one,))
            return
        with st.container(horizontal=True, gap="small"):
            st.button(say("returns.well"), key=f"well_{at}", on_click=look_well, args=(one,))
            words = say("returns.not_well")
            st.button(words, key=f"link_fault_{at}", type="tertiary", on_click=state.put, args=("finding_fault", at))


def all_to_look_at(say: Words) -> None:
    waiting = inspection.waiting(here.shop, boutique_id=here.device.boutique_id)
    draw.heading_row(say("returns.inspection"), say("returns.inspection_many", n=len(waiting)) if waiting else "")
    if not waiting:
        draw.quiet(say("returns.inspection_none"))
        return
    known = showcase.named(here.shop, skus=[one.sku for one in waiting], language=here.language)
    for one in waiting:
        to_look_at(one, known, say)


with theme.page("returns"):
    staff_bar.show(here, on="returns")
    with st.container(key="returns_body", gap="medium"):
        st.header(here.say("returns.title"), anchor=False)
        st.text_input(
            here.say("returns.code"), key="return_code", placeholder=here.say("returns.code_hint"), on_change=look_up
        )
        notices.show()
        if state.get("returning"):
            sale(state.get("returning"), here.say)
        else:
            draw.quiet(here.say("returns.hint"))
            all_to_look_at(here.say)
