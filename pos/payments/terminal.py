"""The line to Stripe Terminal: the only module that imports stripe."""

import stripe

from pos.settings import Settings

API_VERSION = "2026-10-28.endive"  # pinned: a newer library must not move it unseen
CONNECT_SECONDS, READ_SECONDS = 5, 75  # a reader command answers only when the reader has it
RETRIES = 2  # of the library: connection errors, 409 and 5xx, with the same idempotency key


class Terminal:
    """Stripe as this shop speaks to it."""

    def __init__(self, settings: Settings) -> None:
        stripe.enable_telemetry = False
        self.client = stripe.StripeClient(
            settings.stripe_api_key,
            stripe_version=API_VERSION,
            base_addresses={"api": str(settings.stripe_api_base).rstrip("/")},
            max_network_retries=RETRIES,
            http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, READ_SECONDS)),
        )
