"""Many tills enter something in the log of certificates at the same moment: one after the other, on each database."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import IntegrityError

from pos.books import audit
from pos.models import JobState, LogHead, PrintJob, Table
from pos.proof import certificate, certificate_log, log_check, merkle_log
from pos.proof.log_check import Whole
from pos.shop import Shop
from tests.proof.sold import SOLD_AT, sold_piece

TILLS, COPIES = 6, 4


@pytest.fixture
def sold(settings, clock, records_url):
    """A shop on each kind of database whose one certificate has its slip on paper; and the slip's name."""
    shop = Shop(settings.model_copy(update={"database_url": records_url}), clock=clock)
    Table.metadata.create_all(shop.records.engine)
    issued = sold_piece(shop).certify()
    name = f"authenticity:{issued.gtin}:{issued.serial}"
    with shop.jot() as tx:
        tx.add(PrintJob(id="original", original_of=name, **slip()))
    yield shop, name
    shop.close()


def slip():
    return {"kind": "authenticity", "facts": {}, "state": JobState.CONFIRMED, "queued_at": SOLD_AT}


def copy(shop, name, number):
    """One copy of the slip, as the counter makes it."""
    with shop.write() as tx:
        tx.add(PrintJob(id=f"copy {number}", copy_of="original", copy_number=number, **slip()))
        certificate.copied(tx, original_of=name)
        audit.record(tx, "slip copied", "original", by="test")


def test_every_till_gets_a_place_of_its_own(sold):
    shop, name = sold
    start = threading.Barrier(TILLS)

    def till(first):
        start.wait()
        for number in range(first, first + COPIES):
            copy(shop, name, number)

    with ThreadPoolExecutor(TILLS) as crew:
        for each in [crew.submit(till, 1 + COPIES * i) for i in range(TILLS)]:
            each.result()
    whole = log_check.look_through(shop)
    assert isinstance(whole, Whole)
    assert whole.size == 1 + TILLS * COPIES


@pytest.mark.postgres
@pytest.mark.parametrize("records_url", ["postgres"], indirect=True)
def test_without_the_lock_on_its_head_two_tills_meet_there(sold, monkeypatch):
    """The twin: both read the same head, and the schema or the head's own guard refuses the later one."""
    shop, name = sold
    unlocked = certificate_log.HEAD._clone()
    unlocked._for_update_arg = None
    monkeypatch.setattr(certificate_log, "HEAD", unlocked)
    met, grown = threading.Barrier(2), merkle_log.grown

    def after_both_have_read(*tree):
        met.wait(30)
        return grown(*tree)

    monkeypatch.setattr(merkle_log, "grown", after_both_have_read)
    with ThreadPoolExecutor(2) as crew:
        ends = [each.exception() for each in [crew.submit(copy, shop, name, number) for number in (1, 2)]]
    monkeypatch.undo()
    assert sum(end is None for end in ends) == 1
    assert any(isinstance(end, IntegrityError | AssertionError) for end in ends)
    whole = log_check.look_through(shop)
    assert isinstance(whole, Whole)  # what was refused left nothing behind
    assert whole.size == 2
    with shop.read() as look:
        assert look.get_one(LogHead, 1).size == 2
