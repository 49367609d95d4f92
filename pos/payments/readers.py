"""The card readers of the boutiques: which the shop knows, and how they are."""

from dataclasses import dataclass

from pos.books import audit
from pos.errors import PaymentTrouble
from pos.models import Reader
from pos.payments.answers import ReaderAnswer, Refusal
from pos.shop import Shop


@dataclass(frozen=True)
class ReaderStatus:
    """How a reader is. reachable is Stripe's word and may lag two minutes; trouble is Stripe's code, or None."""

    reader_id: str
    label: str
    reachable: bool
    showing: str | None = None  # the PaymentIntent it waits for a card for
    trouble: str | None = None


def register(shop: Shop, *, reader_id: str, boutique_id: str, label: str) -> None:
    """Give a reader (Stripe's tmr_…) to a boutique, or change its boutique or label."""
    with shop.write() as tx:
        reader = tx.get(Reader, reader_id)
        if reader is None:
            tx.add(Reader(id=reader_id, boutique_id=boutique_id, label=label))
        elif (reader.boutique_id, reader.label, reader.retired) == (boutique_id, label, False):
            audit.unchanged(tx)
            return
        else:
            reader.boutique_id, reader.label, reader.retired = boutique_id, label, False
        audit.record(tx, "reader registered", reader_id, by="shop", boutique=boutique_id, label=label)


def status(shop: Shop, *, reader_id: str) -> ReaderStatus:
    """How a reader is, asked of Stripe now; for a person who looks, never to refuse a sale."""
    answer = shop.terminal.fetch_reader(None, reader_id=reader_id)
    if isinstance(answer, Refusal):
        return ReaderStatus(reader_id, reader_id, reachable=False, trouble=answer.code)
    return _status(answer)


def at_stripe(shop: Shop) -> tuple[ReaderStatus, ...]:
    """The readers of the Stripe account, known to the shop or not: at most 100. Raises PaymentTrouble."""
    answer = shop.terminal.readers()
    if isinstance(answer, Refusal):
        raise PaymentTrouble(answer.code)
    return tuple(_status(reader) for reader in answer)


def _status(reader: ReaderAnswer) -> ReaderStatus:
    act = reader.action
    showing = act.intent_id if act is not None and act.status == "in_progress" else None
    return ReaderStatus(reader.id, reader.label, reachable=reader.status != "offline", showing=showing)
