"""The receipt by e-mail: asked for once the sale is done, with what is sent said before it is asked for."""

import logging

from kiosk import ask, draw, notices, state
from kiosk.session import Here
from kiosk.words import Words
from pos.errors import AddressWrong, ShopError
from pos.models import LetterState
from pos.paper import letters
from pos.selling import mailing
from pos.selling.mailing import LetterView, MailView
from pos.selling.views import BasketView, OrderView

ON_THE_WAY = (LetterState.QUEUED, LetterState.SENDING)
WANTED, BEFORE = "mail_wanted", "mail_before_address"

log = logging.getLogger(__name__)


def is_coming(seen: MailView | None) -> bool:
    """Whether there will be news of a letter in a moment."""
    return seen is not None and any(one.state in ON_THE_WAY and not one.waits for one in seen.letters)


def show(here: Here, order: OrderView, seen: MailView | None, *, staff_id: str | None) -> None:
    """Ask for the address, or say what became of the mail."""
    with draw.laid(f"by_mail_{order.order_id}", "vt-together"):
        if seen is None or seen.bounced or state.get("mail_again") == order.order_id:
            _ask(here, order, seen, staff_id=staff_id)
        else:
            _tell(here, order, seen, staff_id=staff_id)


def offer(held: BasketView, say: Words) -> None:
    """Before paying: whether the receipt shall come by e-mail too. Nobody must; nothing is ticked for anybody."""
    ask.tick(say("mail.offer"), key=WANTED)
    if not state.get(WANTED):
        return
    draw.quiet(_words(say, collected=held.pickup_start is not None))
    ask.line(say("mail.address"), key=BEFORE, most=letters.LONGEST)
    typed = str(state.get(BEFORE) or "").strip()
    try:
        letters.checked(typed or "nobody@vitrine.example")
    except AddressWrong as wrong:
        draw.html(f'<p class="vt-trouble" role="status">{draw.safe(notices.sentence(wrong, say=say))}</p>')


def agree_before(here: Here, held: BasketView, *, order_id: str) -> None:
    """Keep what was agreed to with the order; what is wrong with it is in no sale's way, and is asked again after."""
    address = str(state.get(BEFORE) or "").strip()
    if not state.get(WANTED) or not address:
        return
    words = _words(here.say, collected=held.pickup_start is not None)
    try:
        mailing.agree(here.shop, order_id=order_id, address=address, words=words, device_id=here.device.device_id)
    except ShopError as refusal:
        log.info("no mail was agreed to before paying: %s", type(refusal).__name__)
        state.put(_typed(order_id), address)
        state.put("mail_refused", (order_id, notices.sentence(refusal, say=here.say)))
    for key in (WANTED, BEFORE):
        state.take(key)


def came_back(here: Here, order: OrderView) -> None:
    """For the counter: mail that the address did not take, and room for another; nothing where all is well."""
    seen = mailing.view(here.shop, order_id=order.order_id)
    if seen is not None and seen.bounced:
        show(here, order, seen, staff_id=here.staff_id)


def _ask(here: Here, order: OrderView, seen: MailView | None, *, staff_id: str | None) -> None:
    say = here.say
    with draw.together():
        draw.heading(say("mail.title"), level=2)
        if seen is not None and seen.bounced:
            words = say("mail.bounced", address=seen.address)
            draw.html(f'<p class="vt-trouble" role="status">{draw.safe(words)}</p>')
        of, refused = state.get("mail_refused") or ("", "")
        if of == order.order_id:
            draw.html(f'<p class="vt-trouble" role="status">{draw.safe(refused)}</p>')
        draw.quiet(_consent(order, say))
    ask.line(say("mail.address"), key=_typed(order.order_id), most=letters.LONGEST)
    draw.plain(say("mail.send"), key="go_mail", act=_agree, args=(here, order), kwargs={"staff_id": staff_id})


def _typed(order_id: str) -> str:
    """Where what is typed for an order is kept: the counter goes from one order to another on the same page."""
    return f"mail_address_{order_id}"


def _tell(here: Here, order: OrderView, seen: MailView, *, staff_id: str | None) -> None:
    say = here.say
    with draw.together():
        draw.heading(say("mail.title"), level=2)
        draw.quiet(*(_line(one, seen, say) for one in seen.letters))
        with draw.together("vt-beside"):
            again, who = ("mail_again", order.order_id), {"staff_id": staff_id}
            draw.button(say("mail.other"), key="link_mail_other", act=state.put, args=again)
            draw.button(say("mail.take_back"), key="link_mail_back", act=_take_back, args=(here, order), kwargs=who)


def _line(one: LetterView, seen: MailView, say: Words) -> str:
    what = say(f"mail.{one.about}", subject=one.subject)
    stands = "waits" if one.waits else one.state
    return say(f"mail.{stands}", what=what, address=seen.address, file=one.file)


def _consent(order: OrderView, say: Words) -> str:
    return _words(say, collected=order.pickup is not None)


def _words(say: Words, *, collected: bool) -> str:
    """What is agreed to, word for word."""
    return say("mail.consent_collect" if collected else "mail.consent")


def _agree(here: Here, order: OrderView, *, staff_id: str | None) -> None:
    """What is agreed to is what stands above the button, in the language it was read in."""
    with notices.on_screen():
        mailing.agree(
            here.shop,
            order_id=order.order_id,
            address=str(state.get(_typed(order.order_id)) or ""),
            words=_consent(order, here.say),
            device_id=here.device.device_id,
            staff_id=staff_id,
        )
        state.put(_typed(order.order_id), "")
        state.put("mail_refused", None)
        state.put("mail_again", None)


def _take_back(here: Here, order: OrderView, *, staff_id: str | None) -> None:
    with notices.on_screen():
        mailing.take_back(here.shop, order_id=order.order_id, device_id=here.device.device_id, staff_id=staff_id)
