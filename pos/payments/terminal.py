"""The line to Stripe Terminal: the only module that imports stripe. It speaks in answers and refusals (answers.py)."""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import stripe

from pos.errors import NotAllowed
from pos.payments.answers import (
    Answer,
    CustomerAnswer,
    EventAnswer,
    IntentAnswer,
    Journal,
    Kind,
    LinkAnswer,
    MethodAnswer,
    ReaderAnswer,
    RefundAnswer,
    Refusal,
    customer_answer,
    event_answer,
    intent_answer,
    link_answer,
    method_answer,
    reader_answer,
    refund_answer,
)
from pos.payments.statement import (
    BalanceLine,
    ChargeLine,
    RefundLine,
    balance_line,
    between,
    charge_line,
    page_of,
    refund_line,
)
from pos.settings import Settings

API_VERSION = "2026-10-28.endive"  # pinned: a newer library must not move it unseen
CONNECT_SECONDS, READ_SECONDS = 5, 75  # a reader command answers only when the reader has it
RETRIES = 2  # of the library: connection errors, 409 and 5xx, with the same idempotency key
LOOK_SECONDS, LOOK_RETRIES = 10, 1  # a look is repeated by whoever looks; it must not keep a screen waiting
SIGNATURE_SECONDS = 300  # a webhook signed earlier than this is refused (Stripe's own default)
LONGEST_PAGE = 100  # Stripe's most
LARGEST_EVENT = 256 * 1024  # bytes; a Stripe event is a few kilobytes

A = TypeVar("A", bound=Answer)
Row = TypeVar("Row", ChargeLine, RefundLine, BalanceLine)
Plain = Mapping[str, Any]


class Terminal:
    """Stripe as this shop speaks to it. Every verb gives an answer or a Refusal; none raises for what Stripe said."""

    def __init__(self, settings: Settings) -> None:
        stripe.enable_telemetry = False
        logging.getLogger("stripe").setLevel(logging.WARNING)  # at INFO it writes paths and bodies
        self._settings = settings
        self._commands = self._client(READ_SECONDS, RETRIES)
        self._looks = self._client(LOOK_SECONDS, LOOK_RETRIES)

    def create_intent(
        self,
        journal: Journal,
        *,
        key: str,
        amount_minor: int,
        currency: str,
        description: str,
        metadata: dict[str, str],
        customer_id: str | None = None,
    ) -> IntentAnswer | Refusal:
        """Ask for an amount, to be shown at a reader and captured by us; the same key is the same intent (24 h).

        customer_id: the card is to be kept for this customer, for a charge when nobody stands at a reader.
        """
        keep: Any = {"customer": customer_id, "setup_future_usage": "off_session"} if customer_id else {}
        params: Any = {
            **keep,
            "amount": amount_minor,
            "currency": currency,
            "allowed_payment_method_types": ["card_present"],
            "capture_method": "manual",
            "description": description,
            "metadata": metadata,
            "expand": ["latest_charge"],
        }
        make = self._commands.v1.payment_intents.create
        return self._ask(journal, "create_intent", key, lambda: make(params, {"idempotency_key": key}), intent_answer)

    def charge_kept_card(
        self,
        journal: Journal,
        *,
        key: str,
        amount_minor: int,
        currency: str,
        description: str,
        metadata: dict[str, str],
        customer_id: str,
        method_id: str,
    ) -> IntentAnswer | Refusal:
        """Charge a card that was kept, without its holder, and hold the amount; we capture it.

        A bank that wants its holder is a refusal, not a question; a refusal names the intent it was made with.
        """
        params: Any = {
            "amount": amount_minor,
            "currency": currency,
            "customer": customer_id,
            "payment_method": method_id,
            "off_session": True,
            "confirm": True,
            "error_on_requires_action": True,
            "allowed_payment_method_types": ["card"],
            "capture_method": "manual",
            "description": description,
            "metadata": metadata,
            "expand": ["latest_charge"],
        }
        charge = self._commands.v1.payment_intents.create
        options: Any = {"idempotency_key": key}
        return self._ask(journal, "charge_kept_card", key, lambda: charge(params, options), intent_answer)

    def intents_of_customer(self, journal: Journal, *, customer_id: str) -> tuple[IntentAnswer, ...] | Refusal:
        """The latest hundred intents of a customer, as they are now: a list lags behind nothing, a search may."""
        query: Any = {"customer": customer_id, "limit": 100, "expand": ["data.latest_charge"]}
        listing = self._looks.v1.payment_intents.list
        return self._ask(journal, "intents_of_customer", None, lambda: listing(query), _each(intent_answer))

    def create_customer(self, journal: Journal, *, key: str, metadata: dict[str, str]) -> CustomerAnswer | Refusal:
        """A customer without a name, to keep a card for."""
        params: Any = {"metadata": metadata}
        make = self._commands.v1.customers.create
        options: Any = {"idempotency_key": key}
        return self._ask(journal, "create_customer", key, lambda: make(params, options), customer_answer)

    def forget_card(self, journal: Journal, *, method_id: str, key: str) -> MethodAnswer | Refusal:
        """Take a kept card from its customer: it can never be charged again."""
        detach = self._commands.v1.payment_methods.detach
        options: Any = {"idempotency_key": key}
        return self._ask(journal, "forget_card", key, lambda: detach(method_id, {}, options), method_answer)

    def fetch_card(self, journal: Journal, *, method_id: str) -> MethodAnswer | Refusal:
        """Whose a kept card is now."""
        look = self._looks.v1.payment_methods.retrieve
        return self._ask(journal, "fetch_card", None, lambda: look(method_id), method_answer)

    def open_link(
        self,
        journal: Journal,
        *,
        key: str,
        amount_minor: int,
        currency: str,
        name: str,
        metadata: dict[str, str],
        locale: str,
        paid_url: str,
        later_url: str,
    ) -> LinkAnswer | Refusal:
        """A page on which an amount can be paid by card within 24 hours; what is paid is held, and captured by us."""
        params: Any = {
            "mode": "payment",
            "allowed_payment_method_types": ["card"],
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": currency,
                        "unit_amount": amount_minor,
                        "product_data": {"name": name},
                    },
                }
            ],
            "payment_intent_data": {"capture_method": "manual", "description": name, "metadata": metadata},
            "metadata": metadata,
            "locale": locale,
            "success_url": paid_url,
            "cancel_url": later_url,
        }
        make = self._commands.v1.checkout.sessions.create
        return self._ask(journal, "open_link", key, lambda: make(params, {"idempotency_key": key}), link_answer)

    def fetch_link(self, journal: Journal, *, link_id: str) -> LinkAnswer | Refusal:
        """Whether a page is still open, or somebody has paid on it."""
        look = self._looks.v1.checkout.sessions.retrieve
        return self._ask(journal, "fetch_link", None, lambda: look(link_id), link_answer)

    def expire_link(self, journal: Journal, *, link_id: str, key: str) -> LinkAnswer | Refusal:
        """Shut a page, so that nobody can pay on it any more."""
        expire = self._commands.v1.checkout.sessions.expire
        options: Any = {"idempotency_key": key}
        return self._ask(journal, "expire_link", key, lambda: expire(link_id, {}, options), link_answer)

    def fetch_intent(self, journal: Journal | None, *, intent_id: str) -> IntentAnswer | Refusal:
        """How an intent stands now, with its latest charge."""
        look = self._looks.v1.payment_intents.retrieve
        return self._ask(
            journal, "fetch_intent", None, lambda: look(intent_id, {"expand": ["latest_charge"]}), intent_answer
        )

    def find_intents(self, journal: Journal, *, payment_id: str) -> tuple[IntentAnswer, ...] | Refusal:
        """The intents made for a payment, where the answer to their making was lost."""
        query: Any = {"query": f"metadata['payment_id']:'{payment_id}'", "expand": ["data.latest_charge"]}
        search = self._looks.v1.payment_intents.search
        return self._ask(journal, "find_intents", None, lambda: search(query), _each(intent_answer))

    def capture_intent(self, journal: Journal, *, intent_id: str, key: str) -> IntentAnswer | Refusal:
        """Take the whole authorised amount."""
        params: Any = {"expand": ["latest_charge"]}
        take = self._commands.v1.payment_intents.capture
        options: Any = {"idempotency_key": key}
        return self._ask(journal, "capture_intent", key, lambda: take(intent_id, params, options), intent_answer)

    def cancel_intent(self, journal: Journal, *, intent_id: str, key: str) -> IntentAnswer | Refusal:
        """Close an intent so that no card can pay it; an authorisation is released."""
        params: Any = {"expand": ["latest_charge"]}
        cancel = self._commands.v1.payment_intents.cancel
        options: Any = {"idempotency_key": key}
        return self._ask(journal, "cancel_intent", key, lambda: cancel(intent_id, params, options), intent_answer)

    def create_refund(
        self, journal: Journal, *, key: str, intent_id: str, amount_minor: int, metadata: dict[str, str]
    ) -> RefundAnswer | Refusal:
        """Give an amount of what an intent took back to its card; the same key is the same refund (24 h)."""
        params: Any = {
            "payment_intent": intent_id,
            "amount": amount_minor,
            "reason": "requested_by_customer",
            "metadata": metadata,
        }
        make = self._commands.v1.refunds.create
        return self._ask(journal, "create_refund", key, lambda: make(params, {"idempotency_key": key}), refund_answer)

    def fetch_refund(self, journal: Journal, *, refund_id: str) -> RefundAnswer | Refusal:
        """How a refund stands now."""
        look = self._looks.v1.refunds.retrieve
        return self._ask(journal, "fetch_refund", None, lambda: look(refund_id), refund_answer)

    def list_refunds(self, journal: Journal, *, intent_id: str) -> tuple[RefundAnswer, ...] | Refusal:
        """The last hundred refunds of an intent, where the answer to the making of one was lost."""
        query: Any = {"payment_intent": intent_id, "limit": 100}
        listing = self._looks.v1.refunds.list
        return self._ask(journal, "list_refunds", None, lambda: listing(query), _each(refund_answer))

    def present(
        self, journal: Journal, *, reader_id: str, intent_id: str, key: str, keeps_card: bool = False
    ) -> ReaderAnswer | Refusal:
        """Show an intent at a reader: no tip, and the shopper may cancel there. Answers once the reader has it.

        keeps_card: the shopper agreed that it is kept, for this house's own later charge and for nothing else.
        """
        shown: dict[str, Any] = {"skip_tipping": True, "enable_customer_cancellation": True}
        if keeps_card:
            shown["allow_redisplay"] = "limited"
        params: Any = {"payment_intent": intent_id, "process_config": shown}
        show = self._commands.v1.terminal.readers.process_payment_intent
        options: Any = {"idempotency_key": key}
        return self._ask(journal, "present", key, lambda: show(reader_id, params, options), reader_answer)

    def cancel_action(self, journal: Journal, *, reader_id: str, key: str) -> ReaderAnswer | Refusal:
        """Take whatever a reader shows off it; refused with terminal_reader_busy while a card is being authorised."""
        clear = self._commands.v1.terminal.readers.cancel_action
        options: Any = {"idempotency_key": key}
        return self._ask(journal, "cancel_action", key, lambda: clear(reader_id, {}, options), reader_answer)

    def fetch_reader(self, journal: Journal | None, *, reader_id: str) -> ReaderAnswer | Refusal:
        """What a reader shows now, or showed last."""
        look = self._looks.v1.terminal.readers.retrieve
        return self._ask(journal, "fetch_reader", None, lambda: look(reader_id), reader_answer)

    def readers(self) -> tuple[ReaderAnswer, ...] | Refusal:
        """The first hundred readers of this account."""
        listing = self._looks.v1.terminal.readers.list
        return self._ask(None, "readers", None, lambda: listing({"limit": 100}), _each(reader_answer))

    def charges_between(self, start: datetime, end: datetime) -> tuple[ChargeLine, ...] | Refusal:
        """Every charge of the account made from start to before end, newest first."""
        wanted = {**between(start, end), "expand": ["data.balance_transaction"]}
        return self._pages("list_charges", self._looks.v1.charges.list, wanted, charge_line)

    def charges_of(self, *, intent_id: str) -> tuple[ChargeLine, ...] | Refusal:
        """Every charge of one intent, newest first: each card that was tried."""
        wanted = {"payment_intent": intent_id, "expand": ["data.balance_transaction"]}
        return self._pages("list_charges", self._looks.v1.charges.list, wanted, charge_line)

    def charge_by_id(self, *, charge_id: str) -> ChargeLine | Refusal:
        """One charge, whenever it was made."""
        look, more = self._looks.v1.charges.retrieve, {"expand": ["balance_transaction"]}
        return self._ask(None, "fetch_charge", None, lambda: look(charge_id, more), charge_line)  # type: ignore[arg-type]

    def refunds_between(self, start: datetime, end: datetime) -> tuple[RefundLine, ...] | Refusal:
        """Every refund of the account asked for from start to before end, newest first."""
        more = ["data.balance_transaction", "data.failure_balance_transaction"]
        wanted = {**between(start, end), "expand": more}
        return self._pages("list_refunds", self._looks.v1.refunds.list, wanted, refund_line)

    def refund_by_id(self, *, refund_id: str) -> RefundLine | Refusal:
        """One refund, whenever it was asked for."""
        more = {"expand": ["balance_transaction", "failure_balance_transaction"]}
        look = self._looks.v1.refunds.retrieve
        return self._ask(None, "fetch_refund", None, lambda: look(refund_id, more), refund_line)  # type: ignore[arg-type]

    def balance_between(self, start: datetime, end: datetime) -> tuple[BalanceLine, ...] | Refusal:
        """Every line of the account's balance from start to before end, newest first, with what it is for."""
        wanted = {**between(start, end), "expand": ["data.source"]}
        return self._pages("list_balance_transactions", self._looks.v1.balance_transactions.list, wanted, balance_line)

    def event(self, *, raw: bytes, signature: str) -> EventAnswer:
        """A webhook's event, when it was signed with one of the shop's secrets. Raises NotAllowed."""
        if len(raw) > LARGEST_EVENT:
            raise NotAllowed("webhook", "too large")
        if not any(_signed(raw, signature, secret) for secret in self._settings.stripe_webhook_secrets):
            raise NotAllowed("webhook", "not signed by Stripe")
        try:
            return event_answer(json.loads(raw))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise NotAllowed("webhook", "not an event") from None

    def _ask(
        self, journal: Journal | None, verb: str, key: str | None, call: Callable[[], Any], read: Callable[[Plain], A]
    ) -> A | Refusal:
        """The one place where Stripe is asked: a command is in the journal before it goes out, its answer after."""
        row = journal.asked(verb, key) if journal and key else None
        try:
            answer: A | Refusal = read(call().to_dict())
        except stripe.StripeError as trouble:
            answer = refusal_of(trouble)
        if journal and row:
            journal.answered(row, answer)
        elif journal:
            journal.looked(verb, answer)
        return answer

    def _pages(
        self, verb: str, listing: Callable[[Any], Any], wanted: Plain, read: Callable[[Plain], Row]
    ) -> tuple[Row, ...] | Refusal:
        """A whole list, page by page; a page that does not come is a Refusal of all."""
        found: list[Row] = []
        asked: dict[str, Any] = {**wanted, "limit": LONGEST_PAGE}
        while True:
            page = self._ask(None, verb, None, partial(listing, asked), page_of(read))
            if isinstance(page, Refusal):
                return page
            found += page.rows
            if page.after is None:
                return tuple(found)
            asked["starting_after"] = page.after

    def _client(self, seconds: int, retries: int) -> stripe.StripeClient:
        return stripe.StripeClient(
            self._settings.stripe_api_key or "sk_none",  # Stripe then answers 401, which the doctor explains
            stripe_version=API_VERSION,
            base_addresses={"api": str(self._settings.stripe_api_base).rstrip("/")},
            max_network_retries=retries,
            http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, seconds)),
        )


def refusal_of(trouble: stripe.StripeError) -> Refusal:
    """An exception of the library as a refusal of ours; its text may name parameters, never a key."""
    error = trouble.error
    code = (getattr(error, "code", None) or getattr(error, "type", None)) if error else None
    status = trouble.http_status
    if isinstance(trouble, stripe.APIConnectionError) or status is None or status < 400:
        kind, code = Kind.NO_ANSWER, "no_answer"
    elif status >= 500:
        kind = Kind.FAULT
    elif status in (409, 429):
        kind = Kind.BUSY
    else:
        kind = Kind.REFUSED
    made = getattr(error, "payment_intent", None) if error else None
    intent_id = str(made["id"]) if made else None
    said = trouble.user_message if status != 401 else "the key was refused"  # Stripe repeats part of a wrong key
    return Refusal(kind, str(code or f"http_{status}"), status, said, trouble.request_id, intent_id)


def _signed(raw: bytes, signature: str, secret: str) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(raw, signature, secret, SIGNATURE_SECONDS))
    except (stripe.SignatureVerificationError, ValueError, TypeError):  # the last two: bytes that are no text
        return False


def _each(read: Callable[[Plain], Any]) -> Callable[[Plain], tuple[Any, ...]]:
    return lambda page: tuple(read(one) for one in page["data"])
