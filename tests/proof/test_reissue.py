"""A certificate is voided, issued again in another's place, or its paper is copied; the log and the page say so."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import select

from pos.books import audit
from pos.errors import CannotEngrave, NotAllowed, SizeNeeded, Unknown, WrongPin, WrongState
from pos.models import (
    AuditEntry,
    Certificate,
    CertificateState,
    Device,
    JobState,
    LogAct,
    LogEntry,
    PrintJob,
    Role,
    Staff,
    StaffSession,
)
from pos.paper import printers, spool
from pos.people import pins
from pos.proof import certificate, log_check, register, reissue
from pos.proof.log_check import Whole
from pos.proof.register import Standing


@pytest.fixture
def manager(shop, sale, clock):
    """A manager is unlocked at the counter."""
    with shop.write() as tx:
        audit.record(tx, "unlocked", "rhys", by="test")
        tx.add(Staff(id="rhys", boutique_id="demo", name="Rhys", role=Role.MANAGER, pin_hash="x"))
        tx.flush()
        tx.add(StaffSession(id="s", device_id="tablet", staff_id="rhys", began_at=clock.now(), seen_at=clock.now()))
    return {"staff_id": "rhys", "device_id": "tablet", "why": "resized"}


@pytest.fixture
def issued(sale, shop, clock):
    """Sold, with its slip on paper."""
    sold = sale.certify()
    with shop.jot() as tx:
        facts = {
            "serial": sold.serial,
            "short_code": sold.short_code,
            "name": "Corner charm",
            "size": "M",
            "engraving": ["ZOË & NOX", "2026"],
        }
        original = f"authenticity:{sold.gtin}:{sold.serial}"
        row = spool.job(
            kind="authenticity", facts=facts, printer_id=None, language="en", order_id="order", at=clock.now(),
            original_of=original,
        )  # fmt: skip
        spool.enqueue(tx, [row])
    return sold


def acts(shop):
    with shop.read() as look:
        return list(look.exec(select(LogEntry.act).order_by(LogEntry.leaf)))


def standing(shop, address):
    return register.look_up(shop, address=address, language="en").standing


def test_a_resized_piece_has_another_certificate_and_the_first_is_void(shop, issued, manager):
    new = reissue.reissue(shop, certificate_id=issued.id, size="N", **manager)
    assert new.serial == "NC-PT950-012-2"
    assert standing(shop, certificate.link(shop, issued)) is Standing.VOIDED
    assert standing(shop, new.url) is Standing.VALID
    assert acts(shop) == [LogAct.ISSUED, LogAct.VOIDED, LogAct.REISSUED]
    assert isinstance(log_check.look_through(shop), Whole)
    with shop.read() as look:
        kept = look.exec(select(Certificate).where(Certificate.serial == new.serial)).one()
        assert (kept.statement["size"], kept.statement["replaces"]) == ("N", "NC-PT950-012")
        assert kept.statement["metal"] == issued.statement["metal"]
        slip = look.exec(select(PrintJob).where(PrintJob.original_of == f"authenticity:{kept.gtin}:{new.serial}")).one()
        assert (slip.facts["serial"], slip.facts["verify_url"], slip.facts["size"]) == (new.serial, new.url, "Size N")


def test_the_paper_of_a_new_engraving_proves_its_words(shop, issued, manager):
    new = reissue.reissue(shop, certificate_id=issued.id, engraving=["NOX"], **manager)
    with shop.read() as look:
        said = look.exec(select(Certificate).where(Certificate.serial == new.serial)).one().statement
    assert said["engraving_sha256"] == certificate.engraving_digest(["NOX"], short_code=new.short_code)
    assert said["engraved_lines"] == 1


def test_a_certificate_is_voided_once(shop, issued, manager):
    reissue.void(shop, certificate_id=issued.id, **manager)
    with pytest.raises(WrongState):
        reissue.void(shop, certificate_id=issued.id, **manager)
    with pytest.raises(WrongState):
        reissue.reissue(shop, certificate_id=issued.id, **manager)
    assert acts(shop) == [LogAct.ISSUED, LogAct.VOIDED]
    assert isinstance(log_check.look_through(shop), Whole)


def test_the_slip_of_a_voided_certificate_that_still_waits_is_not_printed(shop, issued, manager):
    its = PrintJob.original_of == f"authenticity:{issued.gtin}:{issued.serial}"
    with shop.jot() as tx:
        tx.exec(update(PrintJob).where(its).values(state=JobState.BLOCKED))
    reissue.void(shop, certificate_id=issued.id, **manager)
    with shop.read() as look:
        left = look.exec(select(PrintJob).where(its)).one()
    assert (left.state, left.cause) == (JobState.DROPPED, "replaced")


def test_only_a_manager_does(shop, issued, manager):
    with shop.write() as tx:
        audit.record(tx, "another role", "rhys", by="test")
        tx.get(Staff, "rhys").role = Role.STAFF
    for verb in (reissue.void, reissue.reissue):
        with pytest.raises(NotAllowed):
            verb(shop, certificate_id=issued.id, **manager)
    with shop.read() as look:
        assert look.get(Certificate, issued.id).state == CertificateState.VALID


@pytest.fixture
def staffed(shop, sale, clock):
    """Somebody of the counter is unlocked; the manager is somewhere in the shop, with a PIN."""
    with shop.write() as tx:
        audit.record(tx, "unlocked", "alba", by="test")
        for name, role in (("rhys", Role.MANAGER), ("alba", Role.STAFF)):
            tx.add(Staff(id=name, boutique_id="demo", name=name.title(), role=role, pin_hash="x"))
        tx.flush()
        tx.add(StaffSession(id="s", device_id="tablet", staff_id="alba", began_at=clock.now(), seen_at=clock.now()))
    return {"staff_id": "alba", "device_id": "tablet", "why": "resized"}


def test_a_manager_allows_it_with_a_pin_and_the_books_name_both(shop, issued, staffed, clock):
    pin = pins.new_pin(shop, staff_id="rhys")
    with pytest.raises(WrongPin):
        reissue.void(shop, certificate_id=issued.id, manager_id="rhys", manager_pin="0" * 6, **staffed)
    clock.move(timedelta(seconds=5))
    reissue.void(shop, certificate_id=issued.id, manager_id="rhys", manager_pin=pin, **staffed)
    with shop.read() as look:
        said = look.exec(select(AuditEntry).where(AuditEntry.act == "certificate voided")).one()
    assert (said.by, said.facts["manager"], said.facts["why"]) == ("alba", "rhys", "resized")


def test_who_is_no_manager_allows_nothing_with_a_pin(shop, issued, staffed):
    pin = pins.new_pin(shop, staff_id="alba")
    for verb in (reissue.void, reissue.reissue):
        with pytest.raises(NotAllowed):
            verb(shop, certificate_id=issued.id, manager_id="alba", manager_pin=pin, **staffed)
    assert acts(shop) == [LogAct.ISSUED]


def test_it_is_not_done_without_a_reason(shop, issued, manager):
    for verb in (reissue.void, reissue.reissue):
        with pytest.raises(Unknown):
            verb(shop, certificate_id=issued.id, **{**manager, "why": "  "})


def test_what_cannot_be_cut_and_no_size_of_it_is_not_certified(shop, issued, manager):
    with pytest.raises(CannotEngrave):
        reissue.reissue(shop, certificate_id=issued.id, engraving=["A LINE FAR TOO LONG"], **manager)
    with pytest.raises(SizeNeeded):
        reissue.reissue(shop, certificate_id=issued.id, size="Q", **manager)
    with shop.read() as look:
        assert look.get(Certificate, issued.id).state == CertificateState.VALID


def test_words_that_were_cut_later_stand_when_it_is_resized_after_that(shop, issued, manager):
    cut = reissue.reissue(shop, certificate_id=issued.id, engraving=["NOX"], **manager)
    resized = reissue.reissue(shop, certificate_id=cut.certificate_id, size="N", **manager)
    with shop.read() as look:
        kept = look.get_one(Certificate, resized.certificate_id)
        assert reissue.engraved(look, kept) == ["NOX"]
        assert kept.statement["engraving_sha256"] == certificate.engraving_digest(["NOX"], short_code=kept.short_code)


def test_the_new_paper_comes_out_where_it_was_asked_for(shop, issued, manager):
    printers.register(shop, printer_id="bar", boutique_id="demo", label="At the bar", host="127.0.0.1", port=9)
    with shop.jot() as tx:
        tx.get_one(Device, "tablet").printer_id = "bar"
    new = reissue.reissue(shop, certificate_id=issued.id, **manager)
    with shop.read() as look:
        slips = select(PrintJob.printer_id).where(PrintJob.original_of == f"authenticity:{issued.gtin}:{new.serial}")
        assert look.exec(slips).one() == "bar"


def test_a_copy_of_its_paper_is_entered_and_that_of_another_slip_is_not(shop, issued):
    for original_of in (f"authenticity:{issued.gtin}:{issued.serial}", None, "receipt", "authenticity:x:y"):
        with shop.write() as tx:
            audit.record(tx, "slip copied", None, by="test")
            certificate.copied(tx, original_of=original_of)
    assert acts(shop) == [LogAct.ISSUED, LogAct.COPIED]
