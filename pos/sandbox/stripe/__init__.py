"""A stand-in for Stripe on loopback: only its address and its key differ from the real one."""

from pos.sandbox.stripe.server import ReaderInfo, RunningStripe, start
from pos.sandbox.stripe.settings import API_VERSION, Settings

__all__ = ["API_VERSION", "ReaderInfo", "RunningStripe", "Settings", "start"]
