"""The journal of what was said to Stripe: a command is written down and committed before it goes out."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, update
from sqlmodel import col, select

from pos.ids import new_id
from pos.models import GatewayCall
from pos.payments.answers import Answer, Kind, OneAnswer, Refusal
from pos.shop import Shop


class Journal:
    """The journal of one payment, or of one part of a refund of it, whose refusals are counted apart. It holds ids,
    states and amounts; never card data, never a key of the account.

    None: of what a person asked of a reader that shows no payment of ours.
    """

    def __init__(self, shop: Shop, *, payment_id: str | None, part_id: str | None = None) -> None:
        self._shop = shop
        self._of: Any = {"payment_id": payment_id, "refund_part_id": part_id}
        mine: Any = GatewayCall.payment_id == payment_id if part_id is None else GatewayCall.refund_part_id == part_id
        self._mine: ColumnElement[bool] = mine

    def asked(self, verb: str, key: str) -> str:
        """Write a command down before it is sent; says the row's id."""
        row_id = new_id()
        with self._shop.jot(durable=True) as tx:
            tx.add(GatewayCall(id=row_id, **self._of, verb=verb, idempotency_key=key, asked_at=tx.now()))
        return row_id

    def answered(self, row_id: str, answer: Answer | Refusal) -> None:
        """Write down what came back."""
        with self._shop.jot() as tx:
            tx.exec(
                update(GatewayCall).where(col(GatewayCall.id) == row_id).values(answered_at=tx.now(), **_words(answer))
            )

    def looked(self, verb: str, answer: Answer | Refusal) -> None:
        """Write down what a look showed, where it is not what the look before showed.

        A look changes nothing at Stripe, so nothing is lost if we die before it is written; and a till looks three
        times a second.
        """
        words = _words(answer)
        with self._shop.read() as look:
            last = look.exec(
                select(GatewayCall.outcome, GatewayCall.said)
                .where(self._mine, col(GatewayCall.verb) == verb)
                .order_by(col(GatewayCall.asked_at).desc(), col(GatewayCall.id).desc())
                .limit(1)
            ).first()
        if last is not None and tuple(last) == (words["outcome"], words["said"]):
            return
        with self._shop.jot() as tx:
            at = tx.now()
            tx.add(GatewayCall(id=new_id(), **self._of, verb=verb, asked_at=at, answered_at=at, **words))

    def refusals(self, verb: str) -> int:
        """How often this command was answered with anything but yes; a question left open does not count."""
        return self._count(verb, col(GatewayCall.outcome).not_in(("ok", Kind.NO_ANSWER)))

    def stumbles(self, verb: str) -> int:
        """How often Stripe stumbled over this command (5xx)."""
        return self._count(verb, col(GatewayCall.status) >= 500)

    def first_asked(self, verb: str) -> datetime | None:
        """When this command was first sent and not surely refused; None: Stripe was never asked, or said no.

        A question left open, a stumble and a key that was used otherwise may all have done it; so may one that met
        another on its way (409, 429), for the library asks again by itself and tells of its last try only.
        """
        open_ended = (
            col(GatewayCall.answered_at).is_(None),
            col(GatewayCall.outcome).in_((Kind.NO_ANSWER, "idempotency_error")),
            col(GatewayCall.status).in_((409, 429)),
            col(GatewayCall.status) >= 500,
        )
        ours = (self._mine, col(GatewayCall.verb) == verb, or_(*open_ended))
        with self._shop.read() as look:
            return look.exec(select(func.min(GatewayCall.asked_at)).where(*ours)).one()

    def leaves_open(self, verb: str) -> bool:
        """Whether some answer to this command does not say what became of it: asking it again would not tell either."""
        return bool(
            self._count(verb, or_(col(GatewayCall.status) >= 500, col(GatewayCall.outcome) == "idempotency_error"))
        )

    def spent_keys(self, verb: str) -> int:
        """How many keys of this command Stripe remembers an answer for that was no yes: the next try needs a new one.

        A busy Stripe (409, 429) has done nothing with a key, and without an answer the same key is asked again.
        """
        answered = col(GatewayCall.outcome).not_in(("ok", Kind.NO_ANSWER))
        return self._count(verb, answered & col(GatewayCall.status).not_in((409, 429)))

    def _count(self, verb: str, which: ColumnElement[bool]) -> int:
        ours = (self._mine, col(GatewayCall.verb) == verb, which)
        with self._shop.read() as look:
            return look.exec(select(func.count()).select_from(GatewayCall).where(*ours)).one()


def _words(answer: Answer | Refusal) -> dict[str, Any]:
    if isinstance(answer, Refusal):
        return {
            "outcome": answer.code[:40],
            "status": answer.status,
            "request_id": answer.request_id,
            "said": answer.said(),
        }
    if isinstance(answer, tuple):
        return {"outcome": "ok", "said": {"found": [each.id for each in answer]}}
    said = answer.said() if isinstance(answer, OneAnswer) else {}  # lines of Stripe's own books are compared, not kept
    return {"outcome": "ok", "said": said}
