"""Keeping a card for the balance: what the shopper is asked, and what there is to say of a card that is kept."""

from kiosk import ask, draw, state
from kiosk.words import Words
from pos.paper.slips.words import brand
from pos.payments.saved_cards import Consent
from pos.selling.views import KeptCardView, PaymentView, Quote

OWN_WORDS = ("authentication_required", "expired_card", "insufficient_funds")  # refusals that have a sentence each


def offer(quote: Quote, say: Words) -> None:
    """A box of its own, never ticked beforehand; another balance is another question."""
    if not quote.due_later_minor:
        return
    amount = say.exact(quote.due_later_minor)
    with draw.laid("keep_card", "vt-block"):
        ask.tick(say("keep_card.ask", amount=amount), key=_key(quote))
        draw.html(f'<p class="vt-quiet vt-terms">{draw.safe(say("keep_card.text", amount=amount))}</p>')


def consent(quote: Quote, say: Words) -> Consent | None:
    """What the shopper agreed to, in the words that stood beside the box; None where it is not ticked."""
    if not quote.due_later_minor or not state.get(_key(quote)):
        return None
    text = say("keep_card.text", amount=say.exact(quote.due_later_minor))
    return Consent(text=text, version=say("keep_card.version"), language=say.language)


def name(card: KeptCardView, say: Words) -> str:
    """A kept card as people call it: `Visa ···· 4242`."""
    return say("keep_card.card", brand=brand(card.brand or ""), last4=card.last4 or "")


def refusal(payment: PaymentView, say: Words) -> str:
    """Why a kept card was not charged, in one sentence."""
    reason = payment.reason or ""
    if reason in OWN_WORDS:
        return say(f"keep_card.refused_{reason}")
    return say("keep_card.refused_stripe" if reason.startswith("stripe_") else "keep_card.refused_card")


def link_ended(payment: PaymentView, say: Words) -> str:
    """Why a pay link is over that nobody withdrew, in one sentence."""
    return say("pay_link.expired" if payment.reason == "link_expired" else "pay_link.refused")


def _key(quote: Quote) -> str:
    return f"keep_card_{quote.due_later_minor}"
