"""Done: the number, the receipt, the certificate, the collect code, and the paper as it was drawn."""

from collections.abc import Callable
from datetime import date

import streamlit as st

from kiosk import basket_bar, by_mail, draw, keeping, notices, proving, session, slips, theme
from kiosk.diagrams.codes import qr
from kiosk.words import Words
from pos.catalogue import showcase
from pos.errors import Unknown
from pos.models import OrderState, Role
from pos.payments import gift_cards
from pos.selling import mailing, orders, proofs, receipt_links
from pos.selling.mailing import MailView
from pos.selling.views import OrderView, PickupView, SlipView

PAPER_COMES = 1.0  # seconds between looks at the printer, while paper is still coming

here = session.require(Role.SHOPPER)
at_the_counter = here.at_the_counter


def the_order() -> OrderView:
    """The order this tablet has just finished, or one of their boutique for staff; no other, whatever is asked."""
    asked, live = here.param("order"), orders.live_order(here.shop, device_id=here.device.device_id)
    order = orders.view(here.shop, order_id=asked)
    if asked != live and not (at_the_counter and here.serves(order)):
        raise Unknown("order", asked)
    return order


def finish(order: OrderView) -> None:
    """The next one starts with nothing; but a ticket that was begun beside this order is somebody else's, and stays."""
    with notices.on_screen():
        held = here.held()
        if held.basket_id == order.basket_id or not (held.lines or held.lapsed):
            here.wipe()
    session.go("counter" if at_the_counter else "")


def pieces(order: OrderView, say: Words) -> None:
    certificates = {(one.sku, one.number): one for one in order.certificates}
    cut = any(line.engraving for line in order.lines)
    proved = {(p.sku, p.number): p for p in proofs.ordered(here.shop, order_id=order.order_id).values()} if cut else {}
    numbered = [line.sku for line in order.lines if line.number is not None]
    known = showcase.named(here.shop, skus=numbered, language=here.language) if numbered else {}
    for line in order.lines:
        if line.sku == gift_cards.SOLD_AS:
            draw.html(
                f'<div class="vt-certificate"><b>{draw.safe(line.name)}</b>'
                f'<span class="vt-big">{draw.safe(say.exact(line.gross_minor))}</span>'
                f'<span class="vt-quiet">{draw.safe(say("gift.on_paper"))}</span></div>'
            )
        if line.number is None:
            continue
        issued = certificates.get((line.sku, line.number))
        words = draw.cut(line.engraving)
        below = say("done.certificate", code=issued.short_code) if issued else say("done.certificate_later")
        picture = draw.img(known[line.sku].hero, thumb=True, initials=line.sku)
        draw.html(
            f'<div class="vt-handover"><div class="vt-frame">{picture}</div>'
            f'<div class="vt-certificate"><b>{draw.safe(line.name)}</b>'
            f'<span class="vt-big">{draw.safe(say("shop.number", n=line.number))}</span>{words}'
            f'<span class="vt-quiet">{draw.safe(line.detail)}</span>'
            f'<span class="vt-quiet">{draw.safe(below)}</span></div></div>'
        )
        confirmed = proved.get((line.sku, line.number))
        if confirmed is not None:
            proving.confirmed(confirmed, say)


def codes(order: OrderView, say: Words) -> None:
    """What to keep: the collect code, the receipt for one's own phone, and the certificate's address."""
    with draw.together("vt-body"):
        if order.pickup:
            collect(order.pickup, say)
        receipt = receipt_links.latest(here.shop, order_id=order.order_id)
        if receipt:
            last = say.last_day(receipt.until, zone=here.device.zone)
            alt, line = say("done.on_phone_alt", number=receipt.number), say("done.on_phone_line", date=last)
            keepsake(qr(receipt.url), say("done.on_phone"), receipt.number, line, alt=alt)
        for issued in order.certificates[:2]:
            name = say("done.certificate", code="").strip()
            keepsake(qr(issued.url), name, issued.short_code, say("done.certificate_line"))


def collect(pickup: PickupView, say: Words) -> None:
    when = say(
        "done.collect_line",
        boutique=pickup.boutique_name,
        day=say.local_day(pickup.start, zone=pickup.zone),
        **{"from": say.clock(pickup.start, zone=pickup.zone), "to": say.clock(pickup.end, zone=pickup.zone)},
    )
    keepsake(qr(pickup.code), say("done.collect"), pickup.code, when)


def keepsake(code: str, name: str, words: str, note: str, *, alt: str = "") -> None:
    """A code to scan, and the same to read; alt says what it opens, where it is more than the words."""
    draw.html(
        f'<div class="vt-keep">{draw.drawing(code, alt=alt or words, css="vt-qr")}'
        f'<div><p class="vt-quiet">{draw.safe(name)}</p>'
        f'<p class="vt-code">{draw.safe(words)}</p><p class="vt-quiet">{draw.safe(note)}</p></div></div>'
    )


def paper(of: tuple[SlipView, ...], say: Words) -> None:
    if not of:
        return
    draw.heading(say("done.slips"), level=2)
    figures = "".join(slips.figure(one, say, cause=at_the_counter) for one in of)
    draw.html(f'<div class="vt-slips">{figures}</div>')


def the_mail() -> MailView | None:
    return mailing.view(here.shop, order_id=here.param("order"))


def screen(look: Callable[[], OrderView], mail: Callable[[], MailView | None], watched: bool) -> None:
    order, mailed, say = look(), mail(), here.say
    if by_mail.is_coming(mailed) and not watched:
        st.rerun()  # it was asked for in this part: from now on the part looks again by itself
    with draw.laid("done", "vt-block"):
        with draw.together("vt-body vt-column vt-done"):
            head(order, say)
            with draw.together("vt-pair"):
                with draw.together("vt-body"):
                    pieces(order, say)
                with draw.together("vt-body"):
                    codes(order, say)
                    if order.receipts:
                        by_mail.show(here, order, mailed, staff_id=here.staff_id if at_the_counter else None)
            paper(order.slips, say)
            basket_bar.footer(
                here, back=("done", {"order": order.order_id, **({"by": "counter"} if at_the_counter else {})})
            )
        with draw.together("vt-bar vt-right"):
            notices.show_awhile("done")
            words = "done.next_customer" if at_the_counter else "done.finish"
            draw.primary(say(words), key="go_finish", act=finish, args=(order,))


def head(order: OrderView, say: Words) -> None:
    """That it is theirs, what was paid, and what is still to be paid and when."""
    promised = sorted(line.promised_on for line in order.lines if line.promised_on)
    with draw.together():
        receipt = [say("done.receipt", number=number) for number in order.receipts]
        draw.eyebrow(" · ".join([say("done.order", code=order.code), *receipt]))
        title = "done.title_preorder" if order.state == OrderState.DEPOSIT else "done.title"
        draw.title(say.counted(title, max(1, len([line for line in order.lines if line.number]))))
        draw.lead(say("done.paid", amount=say.exact(order.paid_minor)))
        change = sum(one.change_minor for one in order.payments if one.settled)
        if change:
            draw.due([(say("take.change"), say.exact(change), "")])
        if order.state == OrderState.DEPOSIT and promised:
            amount, day = say.exact(order.due_later_minor), say.on(date.fromisoformat(promised[-1]))
            draw.quiet(say("done.balance", amount=amount, date=day))
            if order.kept_card and order.kept_card.can_be_charged:
                draw.quiet(say("keep_card.kept", card=keeping.name(order.kept_card, say)))


seen, sent = the_order(), the_mail()
news = slips.are_coming(seen.slips) or by_mail.is_coming(sent)
part = session.part(here, run_every=PAPER_COMES if news else None)
with theme.page("done"):
    part(screen)(session.seen_first(seen, the_order), session.seen_first(sent, the_mail), news)
