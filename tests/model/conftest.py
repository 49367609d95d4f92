"""The world of the payment tests: the stand-in for Stripe, one for all days."""

from tests.payments.conftest import world

__all__ = ["world"]
