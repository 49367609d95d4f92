"""Requests and answers that Stripe's OpenAPI file does not reach, against the types of its own library."""

import inspect
import json
import typing
from typing import Any

from stripe.checkout import Session
from stripe.params.checkout import SessionCreateParams
from typing_extensions import is_typeddict

from pos.sandbox.stripe.transcript import Exchange

PREFIX = "/v1/checkout/sessions"
OF_THE_LIBRARY = {"StripeContext": Any, "Mapping": dict}  # names its own annotations lean on
TAKES = {("POST", PREFIX): SessionCreateParams}


def is_its(route: str | None) -> bool:
    """Whether a path is one of those the file does not describe."""
    return route is not None and route.startswith(PREFIX)


def mistakes(exchange: Exchange, given: dict[str, Any]) -> list[str]:
    """What was sent that the library does not know, and what was answered that it would not read."""
    where = f"{exchange.verb} {exchange.path}"
    wanted = TAKES.get((exchange.verb, exchange.route or ""))
    found = _unknown(given, wanted, where) if wanted else [f"{where}: {key}" for key in given if key != "expand"]
    if exchange.status == 200:
        found += session_mistakes(json.loads(exchange.answer or "{}"), where)
    return found


def session_mistakes(session: dict[str, Any], where: str) -> list[str]:
    """What in a session is not the library's: fields it has not, and fields that must not be null or missing."""
    known = {name: kind for name, kind in inspect.get_annotations(Session).items() if name != "OBJECT_NAME"}
    found = [f"{where}: {name} is not Stripe's" for name in session if name not in known]
    found += [f"{where}: {name} is missing" for name in known if name not in session and name != "line_items"]
    never_null = [name for name, kind in known.items() if type(None) not in typing.get_args(kind)]
    return found + [f"{where}: {name} is null" for name in never_null if session.get(name) is None]


def _unknown(given: Any, wanted: Any, where: str) -> list[str]:
    wanted = _plain(wanted)
    if isinstance(given, dict) and is_typeddict(wanted):
        known = typing.get_type_hints(wanted, localns=OF_THE_LIBRARY)
        found = [f"{where}: {name} is not Stripe's" for name in given if name not in known]
        return found + [
            more for name, value in given.items() if name in known for more in _unknown(value, known[name], name)
        ]
    if isinstance(given, dict) and typing.get_origin(wanted) is list:
        (inner,) = typing.get_args(wanted)
        return [more for value in given.values() for more in _unknown(value, inner, where)]
    return []


def _plain(wanted: Any) -> Any:
    """A type without its Optional."""
    if typing.get_origin(wanted) is typing.Union:
        return next((one for one in typing.get_args(wanted) if is_typeddict(one)), wanted)
    return wanted
