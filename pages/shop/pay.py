"""At the reader: what it is doing, mirrored large. The page only reads; the back office does the asking."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from kiosk import draw, keeping, notices, session, state, theme
from kiosk.diagrams import codes
from kiosk.diagrams.reader import RESTING, WAITING
from kiosk.paying import LOOK_EVERY, Phase, phase, refused, trouble
from kiosk.words import Words
from pos.catalogue import showcase
from pos.models import Method, Part, Role
from pos.payments import intents
from pos.selling import orders
from pos.selling.views import OrderView

ASK_NO_CARD = (Phase.CHECKING, Phase.AUTHORISED, Phase.DONE)  # the same words whatever is charged

here = session.require(Role.SHOPPER)
at_the_counter = here.at_the_counter


def which() -> str | None:
    """The order of this tablet; staff may name another of their boutique, whose balance they take. Raises Unknown."""
    asked, live = st.query_params.get("order"), orders.live_order(here.shop, device_id=here.device.device_id)
    if asked and asked != live and at_the_counter and here.serves(orders.view(here.shop, order_id=asked)):
        return asked
    return live


def again(order: OrderView) -> None:
    with notices.on_screen():
        intents.retry(here.shop, payment_id=order.payment.payment_id, by=here.staff_id or here.device.device_id)


def cancel(order: OrderView) -> None:
    with notices.on_screen():
        intents.ask_cancel(here.shop, payment_id=order.payment.payment_id, by=here.staff_id or here.device.device_id)


def leave(order: OrderView) -> None:
    """Where a payment that is over leads; a balance is the counter's, paid or not, even if its lock fell meanwhile."""
    if order.payment.part == Part.BALANCE:
        session.go("collect")
    elif phase(order) == Phase.DONE:
        by = {"by": "counter"} if at_the_counter else {}
        session.go("done", order=order.order_id, **by)
    else:
        session.go("counter" if at_the_counter else "basket")


def sentences(order: OrderView, now: Phase, say: Words) -> tuple[str, str]:
    numbers = ", ".join(say("shop.number", n=line.number) for line in order.lines if line.number)
    if order.payment.method == Method.SAVED_CARD and now not in ASK_NO_CARD:
        return of_the_kept_card(order, now, say)
    if order.payment.method == Method.LINK and now not in ASK_NO_CARD:
        return of_the_link(order, now, say)
    name = f"pay.{now}_line"
    if now == Phase.TROUBLE:
        return say("pay.trouble"), say(trouble(order))
    if now == Phase.QUEUED and order.payment.reason == "reader_taken":
        return say("pay.queued"), say("pay.queued_taken_line")
    if now == Phase.CANCELLED and order.payment.part == Part.BALANCE:
        name = "pay.cancelled_balance_line"
    if now in (Phase.DISPATCHED, Phase.DECLINED):
        one = len([line for line in order.lines if line.number]) == 1
        return say(f"pay.{now}"), say(name, numbers=numbers) if one else say(f"{name}_none")
    return say(f"pay.{now}"), say(name)


def of_the_kept_card(order: OrderView, now: Phase, say: Words) -> tuple[str, str]:
    """A kept card is charged, or was refused: why, and which ways are left."""
    if now == Phase.CANCELLED:
        if not refused(order.payment):
            return say("pay.cancelled"), say("pay.cancelled_balance_line")
        return say("keep_card.refused"), f"{keeping.refusal(order.payment, say)} {say('keep_card.other_ways')}"
    card = keeping.name(order.kept_card, say) if order.kept_card else ""
    amount = say.exact(order.payment.amount_minor)
    return say("keep_card.charging"), say("keep_card.charging_line", amount=amount, card=card)


def of_the_link(order: OrderView, now: Phase, say: Words) -> tuple[str, str]:
    """A link is made, open at home, or over."""
    if now == Phase.CANCELLED:
        left = order.payment.reason in ("asked", "timed_out")
        return say("pay.cancelled"), say("pay.cancelled_balance_line") if left else keeping.link_ended(
            order.payment, say
        )
    if now == Phase.CANCELLING:
        return say("pay.cancelling"), say("pay_link.withdrawing")
    if now == Phase.QUEUED:
        return say("pay.queued"), say("pay_link.making")
    return say("pay_link.title", amount=say.exact(order.payment.amount_minor)), say("pay_link.line")


def sign(now: Phase, say: Words) -> None:
    """One slot of fixed height, so that nothing moves between states; low where the reader’s own screen stands."""
    low = "" if here.shop.settings.reader_screen_url is None else " vt-low"
    if now in (Phase.DISPATCHED, Phase.DECLINED, Phase.TROUBLE):
        shown = draw.drawing(WAITING if now == Phase.DISPATCHED else RESTING, alt=say("pay.reader"), css="vt-reader")
    elif now in (Phase.CANCELLED, Phase.DONE):
        shown = '<div class="vt-mark"></div>'
    else:
        shown = '<div class="vt-steps" aria-hidden="true"><i></i><i></i><i></i></div>'
    draw.html(f'<div class="vt-sign{low}">{shown}</div>')


def amounts(order: OrderView, say: Words) -> None:
    balance = order.payment.part == Part.BALANCE
    name = say("pay.balance" if balance else "pay.due_now")
    parts = [(name, say.exact(order.payment.amount_minor), "")]
    if order.due_later_minor and not balance:
        parts.append((say("pay.due_later"), say.exact(order.due_later_minor), ""))
    draw.due(parts)


def buttons(order: OrderView, now: Phase, say: Words) -> None:
    with draw.laid("pay_does", "vt-block"):
        notices.show()
        with draw.together("vt-beside"):
            if now == Phase.CANCELLED:
                balance = order.payment.part == Part.BALANCE
                back = "pay.back_to_counter" if at_the_counter or balance else "pay.back_to_basket"
                draw.primary(say(back), key="go_back", act=leave, args=(order,))
                return
            ends = {"key": "go_cancel", "rests": not now.can_cancel, "act": cancel, "args": (order,)}
            if order.payment.method == Method.LINK:
                draw.plain(say("pay_link.withdraw"), **ends)
                draw.primary(say("pay_link.leave_open"), key="go_back", act=leave, args=(order,))
                return
            if now.can_retry:
                words = say("pay.again" if now == Phase.DECLINED else "pay.try_again")
                draw.primary(words, key="go_again", act=again, args=(order,))
            draw.plain(say("pay.cancel"), **ends)


def what_for(order: OrderView, say: Words) -> None:
    """The first piece with its picture, and how many more; a gift card has no picture."""
    numbered = [line for line in order.lines if line.number]
    if not numbered:
        draw.eyebrow(order.lines[0].name)
        return
    first, *more = numbered
    piece = showcase.named(here.shop, skus=[first.sku], language=here.language)[first.sku]
    draw.html(f'<div class="vt-small">{draw.img(piece.hero, initials=piece.sku, eager=True)}</div>')
    what = f"{piece.name} · {say('shop.number', n=first.number)}"
    draw.eyebrow(say("pay.and_more", first=what, n=len(more)) if more else what)


def screen(look: Callable[[], OrderView], *, was_over: bool) -> None:
    order, say = look(), here.say
    now = phase(order)
    if now == Phase.DONE:
        leave(order)
        session.follow()
    if now == Phase.AT_COUNTER and at_the_counter:
        part = {"part": "balance"} if order.payment.part == Part.BALANCE else {}
        session.go("take", order=order_id, **part)
        session.follow()
    if now.is_over and not was_over:
        st.rerun()  # the whole page, once: it stops looking
    url = order.payment.link_url if now == Phase.DISPATCHED else None
    with st.container(key="calm", gap="medium") if url else draw.laid("pay", "vt-calm st-key-calm"):
        says(order, now, url, say)
        if url:
            st.code(url, language=None, wrap_lines=True)
        buttons(order, now, say)


def says(order: OrderView, now: Phase, url: str | None, say: Words) -> None:
    """What is paid for, what the reader or the link is doing, and how much it is."""
    title, line = sentences(order, now, say)
    with draw.together("vt-calm"):
        what_for(order, say)
        draw.heading(title, level=2)
        draw.lead(line, role="status")
        if url:
            code = draw.drawing(codes.qr(url), alt=say("pay_link.qr"), css="vt-qr")
            draw.html(f'<div class="vt-middle">{code}</div>')
            return
        sign(now, say)
        if now != Phase.CANCELLED:
            amounts(order, say)


def watch(look: Callable[[], tuple[object, ...]], *, drawn: tuple[object, ...]) -> None:
    """Draws nothing: looks often, with one small question, and has the page drawn anew when there is news."""
    if look() != drawn:
        st.rerun()


def companion(order: OrderView) -> None:
    """The screen of a reader that stands nowhere in sight."""
    elsewhere = not order.payment.reader_id
    if here.shop.settings.reader_screen_url is None or elsewhere or phase(order).is_over:
        return
    with st.container(key="reader_screen"):
        reader = order.payment.reader_id
        st.iframe(f"/reader-screen/{reader}?lang={here.language}", height=520, alt=here.say("pay.reader_screen"))


def nothing(say: Words) -> None:
    with theme.page("calm"), draw.laid("calm", "vt-calm st-key-calm"):
        draw.heading(say("pay.nothing"), level=2)
        draw.lead(say("pay.nothing_line"))
        draw.primary(say("shop.home"), key="go_home", act=session.go, args=("",))


def the_order(order_id: str) -> OrderView:
    return orders.view(here.shop, order_id=order_id)


order_id = which()
state.put("at_the_reader", False)
if order_id is None:
    nothing(here.say)
else:
    the_signs = partial(orders.signs, here.shop, order_id=order_id)
    signs = the_signs()  # before the view: what moves between the two is drawn again
    seen = the_order(order_id)
    is_over = phase(seen).is_over
    state.put("at_the_reader", not is_over)
    with theme.page("pay"):
        with st.container(key="pay_split", gap=None):
            session.part(here)(screen)(session.seen_first(seen, partial(the_order, order_id)), was_over=is_over)
            companion(seen)
        if not is_over:
            session.part(here, run_every=LOOK_EVERY)(watch)(session.seen_first(signs, the_signs), drawn=signs)
