"""The subset of Stripe's API the shop speaks: verb and path, what it takes, what it does, what it locks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pos.sandbox.stripe import (
    charges,
    customers,
    events,
    locations,
    params,
    payment_intents,
    payment_methods,
    presenting,
    readers,
    refunds,
    sessions,
)
from pos.sandbox.stripe.errors import Thing
from pos.sandbox.stripe.form import Form
from pos.sandbox.stripe.world import Call, World

Run = Callable[[World, Call], Thing]


@dataclass(frozen=True)
class Operation:
    """One verb on one path. locks name the ids a change holds, from the path or from the parameters."""

    verb: str
    path: str
    takes: Form
    run: Run
    shows: str
    locks: tuple[str, ...] = ()
    listed: bool = False


def _get(path: str, run: Run, shows: str, takes: Form = params.NOTHING) -> Operation:
    return Operation("GET", path, takes, run, shows)


def _list(path: str, run: Run, shows: str, takes: Form) -> Operation:
    return Operation("GET", path, takes, run, shows, listed=True)


def _post(path: str, run: Run, shows: str, takes: Form, *locks: str) -> Operation:
    return Operation("POST", path, takes, run, shows, locks)


_PI, _CH, _CU, _RE = "payment_intent", "charge", "customer", "refund"
_RD, _LO = "terminal.reader", "terminal.location"
_READER = "/v1/terminal/readers/{reader}"

OPERATIONS: Final = (
    _post("/v1/payment_intents", payment_intents.create, _PI, params.INTENT_CREATE),
    _list("/v1/payment_intents", payment_intents.listed, _PI, params.INTENT_LIST),
    _list("/v1/payment_intents/search", payment_intents.searched, _PI, params.SEARCH),
    _get("/v1/payment_intents/{intent}", payment_intents.retrieve, _PI, Form({"client_secret": "str"})),
    _post("/v1/payment_intents/{intent}", payment_intents.update, _PI, params.INTENT_UPDATE, "intent"),
    _post("/v1/payment_intents/{intent}/confirm", payment_intents.confirm, _PI, params.INTENT_CONFIRM, "intent"),
    _post("/v1/payment_intents/{intent}/capture", payment_intents.capture, _PI, params.INTENT_CAPTURE, "intent"),
    _post("/v1/payment_intents/{intent}/cancel", payment_intents.cancel, _PI, params.INTENT_CANCEL, "intent"),
    _list("/v1/charges", charges.listed, _CH, params.CHARGE_LIST),
    _list("/v1/charges/search", charges.searched, _CH, params.SEARCH),
    _get("/v1/charges/{charge}", charges.retrieve, _CH),
    _list("/v1/balance_transactions", charges.balance_lines, "balance_transaction", params.BALANCE_LIST),
    _get("/v1/balance_transactions/{id}", charges.balance_line, "balance_transaction"),
    _post("/v1/customers", customers.create, _CU, params.CUSTOMER_CREATE),
    _list("/v1/customers", customers.listed, _CU, params.CUSTOMER_LIST),
    _get("/v1/customers/{customer}", customers.retrieve, _CU),
    _post("/v1/customers/{customer}", customers.update, _CU, params.CUSTOMER_UPDATE, "customer"),
    _list(
        "/v1/customers/{customer}/payment_methods", payment_methods.of_customer, "payment_method", params.CUSTOMER_CARDS
    ),
    _get("/v1/payment_methods/{payment_method}", payment_methods.retrieve, "payment_method"),
    _post(
        "/v1/payment_methods/{payment_method}/detach",
        payment_methods.detach,
        "payment_method",
        params.NOTHING,
        "payment_method",
    ),
    _post("/v1/refunds", refunds.create, _RE, params.REFUND_CREATE, "charge", "payment_intent"),
    _list("/v1/refunds", refunds.listed, _RE, params.REFUND_LIST),
    _get("/v1/refunds/{refund}", refunds.retrieve, _RE),
    _post("/v1/refunds/{refund}", refunds.update, _RE, params.REFUND_UPDATE, "refund"),
    _post("/v1/checkout/sessions", sessions.create, sessions.KIND, params.SESSION_CREATE),
    _get("/v1/checkout/sessions/{session}", sessions.retrieve, sessions.KIND),
    _post("/v1/checkout/sessions/{session}/expire", sessions.expire, sessions.KIND, params.NOTHING, "session"),
    _post("/v1/terminal/readers", readers.create, _RD, params.READER_CREATE),
    _list("/v1/terminal/readers", readers.listed, _RD, params.READER_LIST),
    _get(_READER, readers.retrieve, _RD),
    _post(_READER, readers.update, _RD, params.READER_UPDATE, "reader"),
    Operation("DELETE", _READER, params.NOTHING, readers.delete, _RD, ("reader",)),
    _post(
        f"{_READER}/process_payment_intent",
        readers.process_payment_intent,
        _RD,
        params.PROCESS_INTENT,
        "reader",
    ),
    _post(f"{_READER}/cancel_action", readers.cancel_action, _RD, params.NOTHING, "reader"),
    _post(f"{_READER}/set_reader_display", readers.set_reader_display, _RD, params.READER_DISPLAY, "reader"),
    _post(f"{_READER}/refund_payment", readers.refund_payment, _RD, params.REFUND_AT_READER, "reader"),
    _post(
        "/v1/test_helpers/terminal/readers/{reader}/present_payment_method",
        presenting.by_helper,
        _RD,
        params.PRESENT,
        "reader",
    ),
    _post("/v1/terminal/locations", locations.create, _LO, params.LOCATION_CREATE),
    _list("/v1/terminal/locations", locations.listed, _LO, params.PAGE_ONLY),
    _get("/v1/terminal/locations/{location}", locations.retrieve, _LO),
    _post("/v1/terminal/locations/{location}", locations.update, _LO, params.LOCATION_UPDATE, "location"),
    _list("/v1/events", events.listed, "event", params.EVENT_LIST),
    _get("/v1/events/{id}", events.retrieve, "event"),
)

_BY_SHAPE: Final[dict[tuple[str, int], list[tuple[tuple[str, ...], Operation]]]] = {}
for _operation in OPERATIONS:
    _parts = tuple(_operation.path.split("/"))
    _BY_SHAPE.setdefault((_operation.verb, len(_parts)), []).append((_parts, _operation))


def find(verb: str, path: str) -> tuple[Operation, dict[str, str]] | None:
    """The operation behind a verb and a path, with the ids the path carries; None outside the subset."""
    given = path.rstrip("/").split("/")
    for parts, operation in _BY_SHAPE.get((verb, len(given)), ()):
        if all(p == g or (p.startswith("{") and g) for p, g in zip(parts, given, strict=True)):
            return operation, {p[1:-1]: g for p, g in zip(parts, given, strict=True) if p.startswith("{")}
    return None
