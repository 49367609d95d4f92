"""Taking money in several ways: what is left stands large; card, cash, a card of the house; each can be taken back."""

from typing import NamedTuple

import streamlit as st

from kiosk import draw, notices, session, staff_bar, state, theme
from kiosk.paying import Phase, at_the_reader, trouble_of
from kiosk.words import Words
from pos.errors import Unknown
from pos.models import Method, OrderState, PaymentState, Role
from pos.payments import gift_cards, intents
from pos.payments.reduce import OPEN
from pos.selling import cash, checkout, exchange, orders, tenders, unwinding
from pos.selling.tenders import Tender
from pos.selling.views import OrderView, PaymentView, Quote

LOOK_EVERY = 1.0  # seconds
KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "00", "0", "back")
LONGEST = 8  # digits, in pence: more than any till holds

here = session.require(Role.STAFF)
of_a_balance = st.query_params.get("part") == "balance"


class Paying(NamedTuple):
    """What is being paid: an order, or a basket of which none is made yet."""

    order: OrderView | None
    quote: Quote | None
    left: int  # pence
    due: int

    @property
    def tenders(self) -> tuple[PaymentView, ...]:
        return self.order.tenders if self.order else ()

    @property
    def at_reader(self) -> PaymentView | None:
        return next((one for one in self.tenders if one.state in OPEN), None)

    @property
    def not_in_yet(self) -> int:
        """What is still to come, in pence: also what a card is only asked for."""
        return self.left + (self.at_reader.amount_minor if self.at_reader else 0)


def what() -> Paying:
    """The order that is asked for, of this boutique; else the basket of this tablet. Raises Unknown."""
    asked = st.query_params.get("order") or orders.live_order(here.shop, device_id=here.device.device_id)
    order = orders.view(here.shop, order_id=asked) if asked else None
    if order is not None and (st.query_params.get("order") or order.state == OrderState.OPEN):
        if not here.serves(order):
            raise Unknown("order", asked)
        due = order.due_now_minor if order.state == OrderState.OPEN else order.due_later_minor
        return Paying(order, None, order.remaining_minor, due)
    quote = here.held().quote
    left = quote.due_now_minor if quote else 0
    return Paying(None, quote, left, left)


def begin(paying: Paying, tender: Tender) -> str:
    """Take a tender where none is in yet, or one more; says the order's id."""
    by = {"device_id": here.device.device_id, "staff_id": here.staff_id or ""}
    order = paying.order
    if order is None:
        if paying.quote is None:
            raise Unknown("basket", "")
        terms = here.say("basket.terms_version")
        return checkout.open(here.shop, quote=paying.quote, terms_version=terms, first=tender, **by)
    if order.state == OrderState.DEPOSIT and not paying.tenders:
        checkout.open_balance(here.shop, order_id=order.order_id, first=tender, **by)
    else:
        key = f"{here.device.device_id}:{len(order.payments)}"  # as this screen shows it: two touches are one tender
        tenders.add(here.shop, order_id=order.order_id, tender=tender, key=key, **by)
    return order.order_id


def take(paying: Paying, tender: Tender) -> None:
    with notices.on_screen():
        order_id = begin(paying, tender)
        state.put("typed", "")
        if paying.order is None:
            session.go("take", order=order_id)


def in_cash(paying: Paying, laid_down: int) -> None:
    """Cash as it lies on the counter: what is more than is left goes back as change."""
    take(paying, Tender(Method.CASH, min(laid_down, paying.left), tendered_minor=laid_down))


def by_gift_card(paying: Paying, wanted: int) -> None:
    """As much of it as is on the card of this code."""
    code = str(state.get("gift_code") or "")
    state.put("gift_code", "")
    if not code.strip():
        return
    with notices.on_screen():
        card = gift_cards.balance(here.shop, code=code, device_id=here.device.device_id, staff_id=here.staff_id or "")
        take(paying, tenders.of_card(card, wanted_minor=wanted))


def link(order_id: str) -> None:
    code = str(state.get("link_code") or "")
    state.put("link_code", "")
    if not code.strip():
        return
    with notices.on_screen():
        cash.link(
            here.shop, order_id=order_id, code=code, staff_id=here.staff_id or "", device_id=here.device.device_id
        )
        state.put("linked", code.strip().upper()[:16])


def take_back(payment_id: str) -> None:
    with notices.on_screen():
        unwinding.take_back(
            here.shop, payment_id=payment_id, staff_id=here.staff_id or "", device_id=here.device.device_id
        )


def handed_back(payment_id: str) -> None:
    with notices.on_screen():
        unwinding.cash_returned(
            here.shop, payment_id=payment_id, staff_id=here.staff_id or "", device_id=here.device.device_id
        )


def give_up(order_id: str) -> None:
    state.put("sure", None)
    with notices.on_screen():
        unwinding.give_up(here.shop, order_id=order_id, staff_id=here.staff_id or "", device_id=here.device.device_id)


def again(payment_id: str) -> None:
    with notices.on_screen():
        intents.retry(here.shop, payment_id=payment_id, by=here.staff_id or "")


def touch(key: str) -> None:
    typed = str(state.get("typed") or "")
    state.put("typed", typed[:-1] if key == "back" else (typed + key).lstrip("0")[:LONGEST])


def leave(order: OrderView) -> None:
    """Where it leads when all of it is paid, or all of it has gone back."""
    state.put("typed", "")
    if of_a_balance:
        session.go("collect")  # which still has the code that was scanned
    elif order.state == OrderState.CANCELLED:
        session.go("counter")
    else:
        session.go("done", order=order.order_id, by="counter")


def label(one: PaymentView, say: Words) -> str:
    """What a tender is, in words."""
    name = say(f"take.method_{one.method}")
    if one.card.get("last4"):
        brand = str(one.card.get("brand", ""))
        name = say(f"take.{brand}") if say.has(f"take.{brand}") else brand.replace("_", " ").title()
        name = f"{name} ···· {one.card['last4']}"
    return name


def stands(one: PaymentView, say: Words) -> str:
    """How a tender stands, in words."""
    if one.given_up:
        return say("take.hand_back" if one.method == Method.CASH else "take.going_back")
    if one.change_minor:
        return say("take.change_of", given=say.exact(one.tendered_minor or 0), change=say.exact(one.change_minor))
    if one.state in (PaymentState.AUTHORISED, PaymentState.CAPTURED):
        return say("take.in_cash" if one.method == Method.CASH else "take.held")
    if one.state == PaymentState.DECLINED and not one.cancel_asked:
        return say("take.refused")
    return say("take.going_back" if one.cancel_asked else "take.asked")


def row(one: PaymentView, say: Words) -> None:
    with st.container(
        key=f"tender_{one.payment_id}",
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
    ):
        with st.container(gap=None, width="content"):
            draw.price(say.exact(one.amount_minor), label(one, say))
            draw.quiet(stands(one, say))
        if one.given_up and one.method == Method.CASH:
            key = f"handed_{one.payment_id}"
            st.button(say("take.handed_back"), key=key, type="primary", on_click=handed_back, args=(one.payment_id,))
        elif not one.given_up and not one.settled and not (one.cancel_asked and one.state in OPEN):
            key = f"back_{one.payment_id}"
            st.button(say("take.take_back"), key=key, on_click=take_back, args=(one.payment_id,))


def reader(one: PaymentView, say: Words) -> None:
    """What the reader does, mirrored."""
    now = at_the_reader(one)
    line = trouble_of(one) if now == Phase.TROUBLE else "pay.dispatched_line_none" if now == Phase.DISPATCHED else ""
    line = line or ("pay.declined_line_none" if now == Phase.DECLINED else f"pay.{now}_line")
    if now == Phase.QUEUED and one.reason == "reader_taken":
        line = "pay.queued_taken_line"
    with st.container(key="reader_now", gap="xsmall"):
        st.subheader(say(f"pay.{now}"), anchor=False)
        draw.lead(say(line), role="status")
        if now.can_retry:
            words = say("pay.again" if now == Phase.DECLINED else "pay.try_again")
            st.button(words, type="primary", key="go_again", on_click=again, args=(one.payment_id,))


def keypad(paying: Paying, say: Words) -> int:
    """The amount that is typed, in pence; all that is left where nothing is."""
    typed = str(state.get("typed") or "")
    amount = int(typed) if typed else paying.left
    draw.price(say.exact(amount), say("take.typed" if typed else "take.all_of_it"))
    with st.container(key="keypad"), st.grid(3, min_column_width=80, gap="small"):
        for key in KEYS:
            words = "⌫" if key == "back" else key
            help_ = say("take.erase") if key == "back" else None
            st.button(words, key=f"digit_{key}", width="stretch", on_click=touch, args=(key,), help=help_)
    return amount


def exchanged(paying: Paying, wanted: int, say: Words) -> None:
    """What was given back here for this sale: a touch for each credit, without its code."""
    given = exchange.credits(here.shop, device_id=here.device.device_id)
    if not given:
        return
    with st.container(key="exchanged", gap="xsmall"):
        draw.quiet(say("take.exchanged", amount=say.exact(sum(card.balance_minor for card in given))))
        with st.container(horizontal=True, gap="small"):
            for card in given:
                tender = tenders.of_card(card, wanted_minor=wanted)
                words = say("take.by_credit", last4=card.last4, amount=say.exact(tender.amount_minor))
                st.button(words, key=f"credit_{card.card_id}", on_click=take, args=(paying, tender))


def ways(paying: Paying, say: Words) -> None:
    """How the next amount is paid."""
    credit = st.container()
    amount = keypad(paying, say)
    with credit:
        exchanged(paying, min(amount, paying.left), say)
    with st.container(horizontal=True, gap="small"):
        if here.device.reader_id and paying.at_reader is None:
            tender = Tender(Method.CARD, amount)
            words = say("take.by_card", amount=say.exact(amount))
            st.button(words, key="go_card", type="primary", on_click=take, args=(paying, tender))
        st.button(say("take.by_cash", amount=say.exact(amount)), key="go_cash", on_click=in_cash, args=(paying, amount))
    if not here.device.reader_id:
        draw.quiet(say("take.no_reader"))
    draw.quiet(say("take.laid_down"))
    with st.container(key="notes", horizontal=True, gap="small"):
        for note in tenders.likely_notes(paying.left):
            words = say("take.exact") if note == paying.left else say.money(note)
            st.button(words, key=f"note_{note}", on_click=in_cash, args=(paying, note))
    st.text_input(
        say("take.gift_code"), key="gift_code", on_change=by_gift_card, args=(paying, min(amount, paying.left))
    )


def going_on(paying: Paying, say: Words) -> None:
    """What else can be done while it is half paid: link the buyer's other order, give all of it up."""
    order = paying.order
    if order is None or not any(not one.given_up for one in paying.tenders):
        return
    st.text_input(say("take.link"), key="link_code", help=say("take.link_help"), on_change=link, args=(order.order_id,))
    if state.get("linked"):
        draw.quiet(say("take.linked", code=state.get("linked")))
    if state.get("sure") != order.order_id:
        words = say("take.give_up")
        st.button(words, key="link_give_up", type="tertiary", on_click=state.put, args=("sure", order.order_id))
        return
    draw.lead(say("take.sure"))
    with st.container(horizontal=True, gap="small"):
        st.button(say("take.give_all_back"), key="give_up", on_click=give_up, args=(order.order_id,))
        st.button(say("take.go_on"), key="link_go_on", type="tertiary", on_click=state.put, args=("sure", None))


def is_over(paying: Paying) -> bool:
    """Whether nothing is to be paid here any more."""
    order = paying.order
    if order is None:
        return False
    if order.state == OrderState.DEPOSIT:
        return not of_a_balance
    return order.state != OrderState.OPEN


def ended(order: OrderView, say: Words) -> None:
    """All paid, with what is to be given back of the cash; or all given back."""
    change = sum(one.change_minor for one in order.payments if one.settled and one.part == order.payment.part)
    with st.container(key="take_over", gap="medium"):
        if order.state == OrderState.CANCELLED:
            st.header(say("take.given_up"), anchor=False)
            draw.lead(say("take.given_up_line"))
        else:
            st.header(say("take.paid"), anchor=False)
            if change:
                draw.due([(say("take.change"), say.exact(change), "")])
        words = "take.back_to_counter" if order.state == OrderState.CANCELLED else "take.on"
        st.button(say(words), key="go_on", type="primary", on_click=leave, args=(order,))


def ticket(paying: Paying, say: Words) -> None:
    """What is being paid for, piece by piece: the customer reads it along."""
    bought = paying.order or paying.quote
    rows = ""
    for line in bought.lines if bought else ():
        number = say("shop.number", n=line.number) if line.number else ""
        below = " · ".join(draw.safe(words) for words in (number, line.detail, *line.engraving) if words)
        rows += (
            f"<tr><td>{draw.safe(line.name)}<small>{below}</small></td>"
            f"<td>{draw.safe(say.exact(line.gross_minor))}</td></tr>"
        )
    draw.html(f'<table class="vt-lines">{rows}</table>')


def head(paying: Paying, say: Words) -> None:
    code = say("done.order", code=paying.order.code) if paying.order else say("take.not_opened")
    draw.eyebrow(code)
    ticket(paying, say)
    parts = [(say("take.left"), say.exact(paying.not_in_yet), "")]
    if paying.tenders:
        parts.insert(0, (say("pay.balance" if of_a_balance else "pay.due_now"), say.exact(paying.due), ""))
    draw.due(parts)
    changes = [one.change_minor for one in paying.tenders if one.change_minor and not one.given_up]
    if changes:
        draw.due([(say("take.change"), say.exact(changes[-1]), "")])


def panels(paying: Paying, say: Words) -> None:
    """What is in at the left, what can be added at the right."""
    left, right = st.columns(2, gap="large")
    with left, st.container(key="take_in", gap="medium"):
        head(paying, say)
        notices.show_awhile("take")
        for one in paying.tenders:
            row(one, say)
        if paying.at_reader:
            reader(paying.at_reader, say)
        going_on(paying, say)
    with right, st.container(key="take_ways", gap="medium"):
        if paying.tenders and all(one.given_up for one in paying.tenders):
            draw.lead(say("take.waiting"))
        elif paying.left:
            ways(paying, say)
        elif not paying.at_reader:
            draw.lead(say("take.settling"))
        if paying.at_reader and here.shop.settings.reader_screen_url is not None:
            address = f"/reader-screen/{paying.at_reader.reader_id}?lang={here.language}"
            st.iframe(address, height=520, alt=say("pay.reader_screen"))


@session.part(here, run_every=LOOK_EVERY)
def screen() -> None:
    paying, say = what(), here.say
    if paying.order and is_over(paying):
        notices.show_awhile("take")
        if not of_a_balance and paying.order.state != OrderState.CANCELLED:
            leave(paying.order)
            session.follow()
        ended(paying.order, say)
    elif paying.order is None and not paying.left:
        draw.lead(say("pay.nothing"))
        st.button(say("take.back_to_counter"), key="go_home", on_click=session.go, args=("counter",))
    else:
        panels(paying, say)


with theme.page("take"):
    staff_bar.show(here, on="counter")
    with st.container(key="take_body"):
        screen()
