"""What the stand-in refuses, in Stripe's words, statuses and codes.

Texts of the terminal_* and intent_invalid_state errors are those of Stripe's guide
(docs.stripe.com/terminal/payments/collect-card-payment, server-driven, “Handle errors”).
"""

from typing import Any

from pos.sandbox.stripe.known_differences import assumed

Thing = dict[str, Any]

_GUIDE = (
    "https://stripe.com/docs/terminal/payments/collect-card-payment?terminal-sdk-platform=server-driven#handle-errors"
)
_READER_WORDS = {
    "terminal_reader_busy": (
        "Reader is currently busy processing another request. Please reference the integration guide at "
        f"{_GUIDE} for details on how to handle this error."
    ),
    "terminal_reader_timeout": (
        "There was a timeout when sending this command to the reader. Please reference the integration guide at "
        f"{_GUIDE} for details on how to handle this error."
    ),
    "terminal_reader_offline": (
        "Reader is currently offline, please ensure the reader is powered on and connected to the internet before "
        "retrying your request. Reference the integration guide at https://docs.stripe.com/terminal/payments/"
        "collect-card-payment?terminal-sdk-platform=server-driven#reader-offline for details on how to handle this "
        "error."
    ),
    "terminal_reader_invalid_location_for_payment": assumed("invalid_location_words"),
    "terminal_reader_hardware_fault": "Reader can no longer accept payments as an internal hardware fault occurred.",
}


class Refused(Exception):
    """One answer that is not 200.

    stored says whether an idempotency key replays it: Stripe keeps what happened once execution had begun, never
    parameter validation, 401, 409 or 429 (docs.stripe.com/api/idempotent_requests).
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        wire_type: str = "invalid_request_error",
        stored: bool = True,
        should_retry: bool | None = None,
        facts: Thing | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.stored = stored
        self.should_retry = should_retry
        error: Thing = {"type": wire_type, "message": message, **(facts or {})}
        if code is not None:
            error["code"] = code
            error["doc_url"] = doc_url(code)
        if param is not None:
            error["param"] = param
        self.error = error

    def body(self, request_id: str) -> Thing:
        """The error envelope of one answer."""
        log = f"https://dashboard.stripe.com/test/workbench/logs?object={request_id}"
        return {"error": {**self.error, "request_log_url": log}}


def doc_url(code: str) -> str:
    """The page of Stripe's list that explains a code."""
    return f"https://docs.stripe.com/error-codes#{code.replace('_', '-')}"


def invalid(message: str, *, param: str | None = None, code: str | None = None) -> Refused:
    """A parameter that failed validation: never replayed by an idempotency key."""
    return Refused(400, message, code=code, param=param, stored=False)


def unexpected(message: str, *, code: str | None = None, param: str | None = None, **facts: Any) -> Refused:
    """A well-formed request that the object's state does not allow."""
    return Refused(400, message, code=code, param=param, facts=facts)


def missing(kind: str, wanted: str, *, param: str) -> Refused:
    """An id this account does not know."""
    return Refused(404, f"No such {kind}: '{wanted}'", code="resource_missing", param=param)


def unknown_url(verb: str, path: str) -> Refused:
    """A path outside the subset served here."""
    return Refused(404, f"Unrecognized request URL ({verb}: {path}). This stand-in serves a subset of Stripe's API.")


def unauthorised(message: str) -> Refused:
    """No key, or not ours."""
    return Refused(401, message, stored=False)


def reader_trouble(code: str) -> Refused:
    """A reader that is busy, offline, silent or broken (docs: “Handle errors”)."""
    status = assumed("hardware_fault_status" if code == "terminal_reader_hardware_fault" else "terminal_error_status")
    return Refused(status, _READER_WORDS[code], code=code, stored=assumed("reader_timeout_is_stored"))


def wrong_intent_state(**facts: Any) -> Refused:
    """A PaymentIntent a reader cannot take any more."""
    return unexpected(
        "Payment intent must be in the requires_payment_method state to be processed by a reader.",
        code="intent_invalid_state",
        **facts,
    )


def payment_method_types_gone() -> Refused:
    """The parameter that endive (2026-09-30) took away."""
    return invalid(
        "The `payment_method_types` parameter is no longer supported as of API version 2026-09-30.endive. "
        "Use `allowed_payment_method_types` instead.",
        param="payment_method_types",
        code="payment_method_types_no_longer_supported",
    )


def other_params(key: str) -> Refused:
    """An idempotency key used again with something else in the request."""
    return Refused(
        400,
        "Keys for idempotent requests can only be used with the same parameters they were first used with. "
        f"Try using a key other than '{key}' if you meant to execute a different request.",
        wire_type="idempotency_error",
        stored=False,
    )


def other_endpoint(key: str, path: str) -> Refused:
    """An idempotency key used again on another address."""
    return Refused(
        400,
        f"Keys for idempotent requests can only be used for the same endpoint they were first used for ('{path}'). "
        f"Try using a key other than '{key}' if you meant to execute a different request.",
        wire_type="idempotency_error",
        stored=False,
    )


def key_in_use(key: str) -> Refused:
    """The first request with this idempotency key has not been answered yet."""
    return Refused(
        409,
        "There is currently another in-progress request using this Idempotent Key (that probably means you submitted "
        f"twice, and the other request is still going through): {key}. Please try again later.",
        code="idempotency_key_in_use",
        wire_type=assumed("in_use_type"),
        stored=False,
    )


def locked() -> Refused:
    """Another request holds the object; the SDK tries again by itself."""
    return Refused(
        429,
        "This object cannot be accessed right now because another API request or Stripe process is currently "
        "accessing it. If you see this error intermittently, retry the request.",
        code="lock_timeout",
        stored=False,
        should_retry=True,
    )


def too_many() -> Refused:
    """More requests than the account may send; the SDK does not try again by itself."""
    return Refused(
        429,
        "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.",
        code="rate_limit",
        stored=False,
    )


def broken(*, stored: bool = True) -> Refused:
    """Stripe itself failed: what happened is not known from this answer."""
    return Refused(
        500,
        "Sorry! There was an error while talking to one of our backends. Support has been notified.",
        wire_type="api_error",
        stored=stored,
    )


def declined(card_error: Thing, **facts: Any) -> Refused:
    """A card refused in a direct confirmation (402)."""
    facts = {k: v for k, v in {**card_error, **facts}.items() if k not in ("type", "message", "code", "doc_url")}
    return Refused(402, card_error["message"], code=card_error["code"], wire_type="card_error", facts=facts)
