"""How fast, how patient and how forgetful the stand-in is."""

from dataclasses import dataclass
from typing import Final

API_VERSION: Final = "2026-10-28.endive"
"""The version the shop's library pins (stripe 16.1.0)."""


@dataclass(frozen=True)
class Settings:
    """Times are seconds; counts are counts.

    screen_authorising is the moment between a card on the drawn reader and its outcome, in which cancel_action
    answers terminal_reader_busy. helper_authorising is the same for the test helper present_payment_method, which
    holds its answer until the outcome has landed, as Stripe's does. lock_wait is how long a request waits for an
    object another request holds before 429 lock_timeout.
    """

    screen_authorising: float = 0.9
    helper_authorising: float = 0.0
    outcome_shown: float = 5.0
    lock_wait: float = 0.25
    capture_within: float = 2 * 24 * 3600
    refund_fails_after: float = 1.0
    webhook_timeout: float = 10.0
    webhook_first_retry: float = 0.5
    webhook_longest_retry: float = 60.0
    webhook_tries: int = 16
    transcript_length: int = 5000
