"""Gift cards: look one up, sell one, give a credit, block or replace what is lost. No code is ever shown here."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from kiosk import draw, notices, session, slips, staff_bar, state, theme
from kiosk.words import Words
from pos.ids import new_id, plain_code
from pos.models import JobState, Role
from pos.paper import answers
from pos.payments import gift_cards
from pos.payments.gift_cards import GiftCardView
from pos.people import staff
from pos.selling import gift_desk

QUICK = (50, 100, 250, 500)  # pounds
MOST_SHOWN = 20  # movements of a card
LOOK_EVERY = 2.0  # seconds between looks at the printer, while paper is still coming
FULL_CODE = len(plain_code("X" * gift_cards.CODE_LENGTH))

here = session.require(Role.STAFF)
is_manager = staff.allowed(here.staff, needed=Role.MANAGER)
by_whom = {"device_id": here.device.device_id, "manager_id": here.staff_id or ""}


def forget() -> None:
    for key in ("gift_card", "gift_found", "gift_sure", "gift_said"):
        state.put(key, None)


def look_up() -> None:
    """A scanner types the code and Enter; what was typed is not kept."""
    typed = str(state.get("gift_typed") or "").strip()
    state.put("gift_typed", "")
    forget()
    if not typed:
        return
    with notices.on_screen():
        if len(plain_code(typed)) < FULL_CODE:
            cards = gift_desk.found(here.shop, words=typed, boutique_id=here.device.boutique_id)
            state.put("gift_found", [card.card_id for card in cards])
            return
        at = here.device.device_id
        state.put("gift_card", gift_cards.balance(here.shop, code=typed, device_id=at, staff_id=here.staff_id).card_id)


def open_card(card_id: str) -> None:
    state.put("gift_card", card_id)


def set_blocked(card_id: str, blocked: bool) -> None:
    state.put("gift_said", None)
    with notices.on_screen():
        (gift_desk.block if blocked else gift_desk.unblock)(here.shop, card_id=card_id, **by_whom)


def replace(card_id: str, last4: str) -> None:
    state.put("gift_sure", None)
    with notices.on_screen():
        gift_desk.replace(here.shop, card_id=card_id, last4=last4, language=here.language, **by_whom)
        state.put("gift_said", "replaced")


def sell(amount_minor: int) -> None:
    with notices.on_screen():
        order_id = gift_desk.sell(
            here.shop,
            amount_minor=amount_minor,
            device_id=here.device.device_id,
            staff_id=here.staff_id or "",
            language=here.language,
        )
        session.go("pay", order=order_id, by="counter")


def give(amount_minor: int, tap: str) -> None:
    forget()
    with notices.on_screen():
        reason = str(state.get("give_reason") or "")
        card = gift_desk.issue(
            here.shop, amount_minor=amount_minor, reason=reason, tap=tap, language=here.language, **by_whom
        )
        state.put("give_reason", "")
        state.put("gift_card", card.card_id)
        state.put("give_amount", 0.0)
        state.put("give_tap", new_id())
        state.put("gift_said", "given")


def answer(job_id: str, *, yes: bool) -> None:
    """Somebody has looked whether a card came out."""
    with notices.on_screen():
        at = here.device.device_id
        answers.came_out(here.shop, job_id=job_id, staff_id=here.staff_id or "", device_id=at, yes=yes)


def day(at: datetime, say: Words) -> str:
    """The boutique's own date of a moment."""
    return say.on(at.astimezone(ZoneInfo(here.device.zone)).date(), year=True)


def named(card: GiftCardView, say: Words) -> str:
    return say(f"gift.kind_{card.kind}", last4=card.last4)


def stands(card: GiftCardView, say: Words) -> str:
    """Why it pays for nothing; empty where it pays."""
    if card.blocked:
        return say("gift.stands_blocked")
    if card.expired and card.expires_on:
        return say("gift.stands_expired", date=say.on(card.expires_on, year=True))
    return "" if card.balance_minor else say("gift.stands_empty")


def one_card(card: GiftCardView, say: Words) -> None:
    issued = say("gift.issued_on", date=day(card.issued_at, say))
    until = say("gift.until", date=say.on(card.expires_on, year=True)) if card.expires_on else say("gift.for_ever")
    draw.eyebrow(named(card, say))
    draw.due(
        [
            (say("gift.left"), say.exact(card.balance_minor), ""),
            (say("gift.issued"), say.exact(card.issued_minor), issued),
        ]
    )
    trouble = stands(card, say)
    if trouble:
        draw.html(f'<p class="vt-trouble" role="status">{draw.safe(trouble)}</p>')
    elif not card.expired:
        draw.quiet(until)
    if state.get("gift_said"):
        draw.lead(say(f"gift.{state.get('gift_said')}"), role="status")
    if is_manager:
        managing(card, say)
    history(card, say)
    st.button(say("gift.another"), key="link_another", type="tertiary", on_click=forget)


def managing(card: GiftCardView, say: Words) -> None:
    """A lost card is stopped, then printed anew; the second is asked about first."""
    if state.get("gift_sure") == card.card_id:
        draw.lead(say("gift.replace_sure", amount=say.exact(card.balance_minor)))
        with st.container(horizontal=True, gap="small"):
            words = say("gift.replace_yes")
            st.button(words, key="go_replace", type="primary", on_click=replace, args=(card.card_id, card.last4))
            st.button(say("gift.keep"), key="keep_card", on_click=state.put, args=("gift_sure", None))
        return
    with st.container(horizontal=True, gap="small"):
        words = say("gift.unblock" if card.blocked else "gift.block")
        st.button(words, key="block", on_click=set_blocked, args=(card.card_id, not card.blocked))
        st.button(say("gift.replace"), key="replace", on_click=state.put, args=("gift_sure", card.card_id))


def history(card: GiftCardView, say: Words) -> None:
    moved, zone = gift_desk.history(here.shop, card_id=card.card_id), here.device.zone
    head = "".join(
        f'<th scope="col">{draw.safe(say(f"gift.{name}"))}</th>' for name in ("when", "what", "amount", "number")
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td>{draw.safe(cell)}</td>"
            for cell in (
                f"{day(one.at, say)}, {say.clock(one.at, zone=zone)}",
                say(f"gift.why_{one.why}"),
                say.exact(one.amount_minor),
                one.number,
            )
        )
        + "</tr>"
        for one in moved[:MOST_SHOWN]
    )
    st.subheader(say("gift.history"), anchor=False)
    draw.html(
        f'<div class="vt-wide"><table class="vt-journal"><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
    if len(moved) > MOST_SHOWN:
        draw.quiet(say("gift.earlier", n=len(moved) - MOST_SHOWN))


def found(card_ids: list[str], say: Words) -> None:
    """Cards to choose from, where there is no code."""
    draw.quiet(say.counted("gift.found", len(card_ids)) if card_ids else say("gift.found_none"))
    for card in gift_cards.views(here.shop, card_ids=card_ids):
        issued = say("gift.issued_on", date=day(card.issued_at, say))
        label = f"{named(card, say)} · {say.exact(card.balance_minor)} · {issued}"
        st.button(label, key=f"card_{card.card_id}", width="stretch", on_click=open_card, args=(card.card_id,))


def looking_up(say: Words) -> None:
    st.subheader(say("gift.look_up"), anchor=False)
    st.text_input(say("gift.code"), key="gift_typed", placeholder=say("gift.code_hint"), on_change=look_up)
    chosen, ids = state.get("gift_card"), state.get("gift_found")
    if chosen:
        one_card(gift_cards.view(here.shop, card_id=chosen), say)
    elif ids is not None:
        found(ids, say)
    else:
        draw.quiet(say("gift.hint"))


def selling(say: Words) -> None:
    least, most = here.shop.settings.gift_card_least_minor, here.shop.settings.gift_card_most_minor
    quick = [str(pounds) for pounds in QUICK if least <= pounds * 100 <= most]
    st.subheader(say("gift.sell"), anchor=False)
    chosen = st.segmented_control(
        say("gift.how_much"),
        [*quick, "other"],
        format_func=lambda one: say("gift.other") if one == "other" else say.money(int(one) * 100),
        default=quick[0] if quick else "other",
        required=True,
        key="quick",
        width="stretch",
        label_visibility="collapsed",
    )
    amount_minor = pounds("other_amount", "gift.other_amount", say) if chosen == "other" else int(chosen) * 100
    words = say("gift.take", amount=say.exact(amount_minor))
    st.button(words, key="go_sell", type="primary", on_click=sell, args=(amount_minor,))
    draw.quiet(say("gift.sell_line"))


def pounds(key: str, label: str, say: Words) -> int:
    """A typed amount, in pence; what is too little or too much is refused by the verb, in words."""
    # No limits of the field's own: it would keep what it refuses to itself, and the button the amount before it.
    typed = st.number_input(say(label), value=0.0, step=5.0, format="%.2f", key=key)
    return round(typed * 100)


def giving(say: Words) -> None:
    st.subheader(say("gift.give"), anchor=False)
    amount_minor = pounds("give_amount", "gift.give_amount", say)
    st.text_input(say("gift.give_reason"), key="give_reason", placeholder=say("gift.give_reason_hint"), max_chars=200)
    words, tap = say("gift.give_yes", amount=say.exact(amount_minor)), state.first("give_tap", new_id())
    # The next credit is another button: a second tap that was meant for this one does not reach it.
    st.button(words, key=f"go_give_{tap}", disabled=amount_minor <= 0, on_click=give, args=(amount_minor, tap))


def paper() -> None:
    """Cards that are on their way to paper and belong to no order; what nobody knows is asked."""
    say, coming = here.say, gift_desk.paper(here.shop, boutique_id=here.device.boutique_id)
    if not coming:
        return
    st.subheader(say("gift.paper"), anchor=False)
    with st.grid(3, min_column_width=230, gap="large"):
        for one in coming:
            with st.container(key=f"paper_{one.job_id}", gap="small"):
                draw.html(slips.figure(one, say, cause=True))
                if one.state == JobState.UNKNOWN:
                    slips.ask(one, say, answer=answer)


with theme.page("gift"):
    staff_bar.show(here, on="gift")
    with st.container(key="gift_body", gap="medium"):
        st.header(here.say("gift.title"), anchor=False)
        notices.show()
        with st.grid(2, min_column_width=380, gap="large"):
            with st.container(gap="medium"):
                looking_up(here.say)
            with st.container(gap="medium"):
                selling(here.say)
                if is_manager:
                    giving(here.say)
                else:
                    draw.quiet(here.say("gift.manager"))
        coming = slips.are_coming(gift_desk.paper(here.shop, boutique_id=here.device.boutique_id))
        session.part(here, run_every=LOOK_EVERY if coming else None)(paper)()
