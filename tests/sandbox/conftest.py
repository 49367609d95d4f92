"""The Stripe stand-in for the tests of this folder: one for the session, a till with its own reader for each test."""

from collections.abc import Iterator

import pytest

from pos.sandbox.stripe import RunningStripe, Settings, start
from tests.sandbox.stripe_shop import Inbox, Till, checked_till, inbox

QUICK = Settings(
    screen_authorising=0.0, refund_fails_after=0.0, lock_wait=0.05, webhook_first_retry=0.02, webhook_tries=4
)


@pytest.fixture(scope="session")
def stand_in() -> Iterator[RunningStripe]:
    """One stand-in, in memory, for every test that does not restart it."""
    with start(settings=QUICK) as running:
        yield running


@pytest.fixture
def till(stand_in: RunningStripe) -> Iterator[Till]:
    """A till with a reader of its own, whose whole traffic is checked against Stripe's shapes at the end."""
    with checked_till(stand_in) as till:
        yield till


@pytest.fixture
def letters(stand_in: RunningStripe) -> Iterator[Inbox]:
    """An address the stand-in's events are delivered to."""
    with inbox() as box:
        stand_in.listen(box.url)
        yield box
        stand_in.world.post.remove(box.url)
