"""A slip that bears a code: the printer reads it, the records never do."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from pos.errors import WrongState
from pos.models import Boutique, Device, JobState, Printer, PrintJob
from pos.paper import answers, escpos, sealed, slips, spool
from pos.paper import desk as desk_
from pos.paper.models import MODELS
from pos.payments import gift_cards
from pos.proof.keys import KeyRing
from pos.sandbox import printer as outside
from pos.selling import gift_slips
from pos.shop import Shop
from tests.paper.test_spool import HASTY, PATIENT
from tests.selling.shelf import Tablet, stand_up


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[outside.RunningPrinter]:
    running = outside.start(directory=tmp_path / "outside" / "slips")
    yield running
    running.stop()


@pytest.fixture
def desk(shop: Shop, printer: outside.RunningPrinter) -> Tablet:
    with shop.jot() as tx:
        stand_up(tx)
        tx.flush()
        mine = tx.get_one(Printer, "demo-1")
        mine.host, mine.port = printer.host, printer.port
    return Tablet(shop).enrol().unlock()


def credit(desk: Tablet) -> str:
    """A store credit whose slip is on its way; says its code."""
    with desk.shop.jot() as tx:
        boutique, device = tx.get_one(Boutique, "demo"), tx.get_one(Device, desk.device_id)
        now = tx.now()
        card, code = gift_cards.issue_credit(tx, amount_minor=4_200, boutique_id="demo", staff_id="ada", at=now)
        told = {"boutique": boutique, "device": device, "language": "en", "at": now}
        gift_slips.write_down(tx, desk.shop, card=card, code=code, **told)  # type: ignore[arg-type]
        return code


def the_job(desk: Tablet) -> PrintJob:
    with desk.shop.read() as look:
        return look.exec(select(PrintJob)).one()


def as_printed(desk: Tablet, code: str) -> bytes:
    """What a slip with this code is, to the byte, after the printer's own beginning."""
    document = slips.document("credit", facts=sealed.veiled(the_job(desk).facts) | {"code": code}, language="en")
    return escpos.render(document, model=MODELS["generic-80"]).removeprefix(b"\x1b@")


def test_the_printer_gets_the_code_and_the_records_never_had_it(
    desk: Tablet, printer: outside.RunningPrinter, tmp_path: Path
) -> None:
    code = credit(desk)
    assert the_job(desk).facts["code"] == ""
    assert sealed.opened(desk.shop, the_job(desk).facts)["code"] == code
    assert spool.print_next(desk.shop, printer_id="demo-1", limits=PATIENT) == JobState.CONFIRMED
    (slip,) = printer.wait_for_slips(1, timeout=10)
    assert as_printed(desk, code) in slip.bin.read_bytes()
    printed = the_job(desk)
    assert (printed.payload, sealed.holds_secret(printed.facts)) == (None, False)
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("vitrine.db*"))
    assert b"4200" in kept
    assert [word for word in (code, code.replace("-", "")) if word.encode() in kept] == []


def test_a_card_that_may_not_have_come_out_is_printed_anew_with_the_same_code(
    desk: Tablet, printer: outside.RunningPrinter
) -> None:
    code = credit(desk)
    printer.set(no_process_id=True)
    assert spool.print_next(desk.shop, printer_id="demo-1", limits=HASTY) == JobState.UNKNOWN
    assert sealed.holds_secret(the_job(desk).facts)
    told = {"job_id": the_job(desk).id, "staff_id": "ada", "device_id": desk.device_id}
    answers.came_out(desk.shop, yes=False, **told)
    printer.set(no_process_id=False)
    assert spool.print_next(desk.shop, printer_id="demo-1", limits=PATIENT) == JobState.CONFIRMED
    assert as_printed(desk, code) in printer.wait_for_slips(2, timeout=10)[-1].bin.read_bytes()
    assert not sealed.holds_secret(the_job(desk).facts)


def test_the_picture_is_the_one_without_the_code(desk: Tablet) -> None:
    code = credit(desk)
    shown = desk_.picture(desk.shop, job_id=the_job(desk).id)
    with desk.shop.jot() as tx:
        job = tx.exec(select(PrintJob)).one()
        job.facts = sealed.veiled(job.facts)
    assert desk_.picture(desk.shop, job_id=the_job(desk).id) == shown
    assert code[:4] not in repr(slips.document("credit", facts=the_job(desk).facts, language="en"))


def test_another_key_opens_nothing(desk: Tablet, tmp_path: Path) -> None:
    credit(desk)
    desk.shop.__dict__["keys"] = KeyRing.open(tmp_path / "other_keys")
    with pytest.raises(WrongState):
        sealed.opened(desk.shop, the_job(desk).facts)
    assert spool.print_next(desk.shop, printer_id="demo-1", limits=PATIENT) is None
    assert the_job(desk).cause == spool.UNPRINTABLE


def test_a_word_that_was_put_in_another_place_is_not_opened(desk: Tablet) -> None:
    credit(desk)
    facts = the_job(desk).facts
    moved = {**facts, sealed.SEALED: {"last4": facts[sealed.SEALED]["code"]}}
    with pytest.raises(WrongState):
        sealed.opened(desk.shop, moved)


def test_facts_without_a_secret_are_as_they_were(shop: Shop) -> None:
    facts = {"name": "Corner charm", "amount_minor": 4_200}
    assert sealed.opened(shop, facts) == sealed.veiled(facts) == facts
    assert not sealed.holds_secret(facts)
