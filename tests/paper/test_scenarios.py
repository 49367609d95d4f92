"""The eighteen ways a receipt printer fails (escpos.md §7), on the virtual printer; docs/printing.md tells of each."""

# ruff: noqa: F811 (fixtures of another room are asked for by their names)

import io
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import select

from pos.errors import NotAllowed, WrongState
from pos.models import AuditEntry, JobState, Method, OrderState, Payment, PaymentState, Printer
from pos.paper import answers, connection, desk, lasting, slips, spool, trying
from pos.paper import document as d
from pos.paper.connection import Sent
from pos.paper.escpos import render
from pos.paper.models import MODELS, PrinterModel
from pos.paper.preview import preview
from pos.paper.status import SENTENCES, Cause, process_id
from pos.paper.wire import Address
from pos.sandbox import printer as outside
from pos.selling import checkout, finish, orders
from pos.selling.tenders import Tender
from pos.shop import Shop
from tests.paper.conftest import QUICK
from tests.paper.house import SALE
from tests.paper.test_connection import same
from tests.paper.test_spool import (
    HASTY,
    PATIENT,
    counter,  # noqa: F401 (a fixture)
    job,
    printer,  # noqa: F401 (a fixture)
    queue,
    send,
)
from tests.selling.shelf import CHARM, Tablet, later

SHAPES = {576: "80mm", 384: "58mm", 512: "80mm-180dpi"}
DONE = JobState.CONFIRMED


@pytest.fixture
def ada(counter: Shop) -> Tablet:
    """Somebody at the counter."""
    return Tablet(counter).enrol().unlock()


def by(ada: Tablet) -> dict[str, str]:
    return {"staff_id": ada.staff_id or "", "device_id": ada.device_id}


def body(shop: Shop, job_id: str) -> bytes:
    """What stands on paper of a slip, whatever makes the printer ready before it."""
    return (job(shop, job_id).payload or b"").removeprefix(connection.RESET)


def on_paper(shop: Shop, job_id: str, printer: outside.RunningPrinter) -> int:
    """How often a slip lies in the tray, whole and alone on its strip."""
    found = [slip.bin.read_bytes() for slip in printer.slips()]
    return sum(raw.count(body(shop, job_id)) for raw in found)


@contextmanager
def being_sent(shop: Shop, *, until: str | None, job_id: str) -> Iterator[list[JobState | None]]:
    """A slip on its way in another thread; the block begins when the printer has told this cause of it."""
    said: list[JobState | None] = []
    thread = threading.Thread(target=lambda: said.append(send(shop)))
    thread.start()
    for _ in range(2000):
        now = job(shop, job_id)
        if now.state == JobState.SENDING and now.cause == until:
            break
        thread.join(0.005)
        assert thread.is_alive(), f"it is over before: {now.state} {now.cause}"
    yield said
    thread.join(30)
    assert not thread.is_alive()


def another_printer(shop: Shop, running: outside.RunningPrinter, model: str = "generic-80") -> None:
    with shop.jot() as tx:
        tx.add(
            Printer(id="demo-2", boutique_id="demo", label="Other", host=running.host, port=running.port, model=model)
        )


def told(shop: Shop) -> list[str]:
    """What the audit chain says that people did."""
    with shop.read() as look:
        return list(look.exec(select(AuditEntry.act).where(AuditEntry.by == "ada")))


def test_scenario_1_a_late_answer_and_an_impatient_hand_print_once(
    counter: Shop,
    printer: outside.RunningPrinter,
    ada: Tablet,
) -> None:
    printer.set(proof_after=0.4)
    page = {"printer_id": "demo-1", "language": "en", "tap": "one tap", **by(ada)}
    job_id = trying.try_out(counter, **page)
    with being_sent(counter, until=None, job_id=job_id) as said:
        assert trying.try_out(counter, **page) == job_id
        with pytest.raises(WrongState):
            answers.came_out(counter, job_id=job_id, yes=False, **by(ada))
        with pytest.raises(WrongState):
            answers.release(counter, job_id=job_id, **by(ada))
    assert said == [DONE]
    assert send(counter) is None
    assert len(printer.wait_for_slips(1, timeout=10)) == 1


@pytest.mark.parametrize("came", [True, False])
def test_scenario_2_a_printer_that_loses_its_power_is_asked_about(
    counter: Shop,
    printer: outside.RunningPrinter,
    ada: Tablet,
    came: bool,
) -> None:
    job_id = queue(counter, original_of="authenticity:1")
    printer.set(power_cut_after=150)
    assert send(counter) == JobState.UNKNOWN
    before = job(counter, job_id)
    answers.came_out(counter, job_id=job_id, yes=came, **by(ada))
    assert send(counter) == (None if came else DONE)
    after = job(counter, job_id)
    assert (after.state, after.original_of, after.payload) == (DONE, before.original_of, before.payload)
    assert told(counter)[-1] == ("slip came out" if came else "slip replaced")
    if not came:
        printer.wait_for_slips(2, timeout=10)  # what had been printed before, torn off, and the original
        assert on_paper(counter, job_id, printer) == 1


def test_scenario_3_a_roll_that_ends_inside_a_picture_spoils_nothing_after_it(
    counter: Shop,
    printer: outside.RunningPrinter,
    ada: Tablet,
) -> None:
    broken, following = queue(counter), receipt(counter)
    tall = Image.open(io.BytesIO(desk.picture(counter, job_id=broken))).height
    printer.set(paper_out_after=tall - 300)  # the code stands at the foot of the page
    assert send(counter, replace(PATIENT, patience=0.2)) == JobState.UNKNOWN
    assert job(counter, broken).cause == Cause.PAPER_OUT
    printer.power_cycle()  # as staff are told, before they say no
    printer.set(paper_out=False)
    answers.came_out(counter, job_id=broken, yes=False, **by(ada))
    assert [send(counter), send(counter)] == [DONE, DONE]
    printer.wait_for_slips(3, timeout=10)  # what was half printed lies cut off on a strip of its own
    assert [on_paper(counter, one, printer) for one in (broken, following)] == [1, 1]
    assert printer.unknown == []


def test_scenario_4_a_cover_that_is_opened_holds_the_slip_and_a_copy_is_offered(
    counter: Shop,
    printer: outside.RunningPrinter,
    ada: Tablet,
) -> None:
    job_id = receipt(counter)
    printer.set(cover_open_after=200)
    with being_sent(counter, until=Cause.COVER_OPEN, job_id=job_id) as said:
        printer.set(cover_open=False)
    assert said == [DONE]
    (lately,) = desk.look(counter, boutique_id="demo", device_id=ada.device_id).lately
    assert lately.copies
    answers.copy(counter, job_id=job_id, why="Torn", printer_id="demo-1", **by(ada))
    assert send(counter) == DONE


def receipt(shop: Shop) -> str:
    """A sales receipt, as a sale writes it down."""
    with shop.jot() as tx:
        facts = slips.plain(SALE)
        slip = spool.job(
            kind="sales", facts=facts, printer_id="demo-1", language="en", order_id=None, at=shop.clock.now()
        )
        spool.enqueue(tx, [slip])
        return str(slip["id"])


def test_scenario_5_a_printer_switched_on_in_the_morning_does_not_print_yesterday(
    counter: Shop,
    printer: outside.RunningPrinter,
    ada: Tablet,
) -> None:
    wanted, unwanted = receipt(counter), receipt(counter)
    printer.set(refuse=True)
    assert send(counter) == JobState.BLOCKED
    later(counter, hours=15)
    printer.set(refuse=False)
    ada.unlock()
    today = receipt(counter)
    assert send(counter) == DONE
    assert [job(counter, one).state for one in (wanted, unwanted, today)] == [JobState.HELD, JobState.HELD, DONE]
    assert send(counter) is None
    answers.release(counter, job_id=wanted, **by(ada))
    answers.leave(counter, job_id=unwanted, **by(ada))
    assert send(counter) == DONE
    assert send(counter) is None
    assert (job(counter, wanted).state, job(counter, unwanted).state) == (DONE, JobState.DROPPED)
    assert len(printer.wait_for_slips(2, timeout=10)) == 2


def test_scenario_5_what_waits_at_a_printer_nobody_asks_is_held_too(counter: Shop) -> None:
    with counter.jot() as tx:
        tx.get_one(Printer, "demo-1").paused = True
    job_id = receipt(counter)
    assert lasting.look_after(counter) == 0
    later(counter, seconds=lasting.lasts("sales").total_seconds() + 1)
    assert lasting.look_after(counter) == 1
    assert job(counter, job_id).state == JobState.HELD


def test_scenario_6_a_printer_that_another_till_holds_is_tried_calmly(
    counter: Shop,
    printer: outside.RunningPrinter,
) -> None:
    job_id, tries = queue(counter), 0
    with socket.create_connection((printer.host, printer.port)) as other:
        other.sendall(b"\x10\x04\x01")
        assert other.recv(1) == b"\x12"
        for _ in range(60):  # a minute
            said = send(counter, replace(HASTY, connect=0.2, answer=0.05))
            tries += said is not None
            assert said in (None, JobState.BLOCKED)
            later(counter, seconds=1)
        assert job(counter, job_id).bytes_sent == 0
    assert tries == 6  # after 1, 2, 5, 10 and 30 seconds
    later(counter, seconds=30)
    assert send(counter) == DONE
    assert len(printer.wait_for_slips(1, timeout=10)) == 1


def test_scenario_7_two_slips_at_once_come_out_one_after_the_other(
    counter: Shop,
    printer: outside.RunningPrinter,
) -> None:
    first, second = queue(counter), receipt(counter)
    neighbour = Shop(counter.settings, clock=counter.clock)
    printer.set(mm_per_s=400.0)
    workers = [threading.Thread(target=send, args=[one]) for one in (counter, neighbour) for _ in range(1)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    while send(counter) is not None or send(neighbour) is not None:
        pass
    neighbour.close()
    printer.wait_for_slips(2, timeout=20)
    assert [on_paper(counter, one, printer) for one in (first, second)] == [1, 1]
    assert len(printer.slips()) == 2


def test_scenario_8_a_printer_that_takes_nobody_any_more_holds_up_no_other(
    counter: Shop,
    printer: outside.RunningPrinter,
    tmp_path: Path,
) -> None:
    first, second = queue(counter), queue(counter)
    printer.set(stuck_after=1)
    assert send(counter) == DONE
    assert send(counter) == JobState.BLOCKED
    cause = job(counter, second).cause
    assert "switch it off and on" in SENTENCES["en"][Cause(str(cause))]
    with outside.start(directory=tmp_path / "other") as other:
        another_printer(counter, other)
        with counter.jot() as tx:
            slip = spool.job(
                kind="sales",
                facts=slips.plain(SALE),
                printer_id="demo-2",
                language="en",
                order_id=None,
                at=counter.clock.now(),
            )
            spool.enqueue(tx, [slip])
        assert spool.print_next(counter, printer_id="demo-2", limits=PATIENT) == DONE
    printer.power_cycle()
    later(counter, seconds=30)
    assert send(counter) == DONE
    assert [on_paper(counter, one, printer) for one in (first, second)] == [1, 1] or printer.wait_for_slips(2)


@pytest.mark.parametrize("cable", [False, True], ids=["network", "serial"])
def test_scenario_10_a_small_buffer_loses_no_byte(tmp_path: Path, cable: bool) -> None:
    slip = slips.document("sales", facts=slips.plain(SALE), language="en")
    payload = render(slip, model=MODELS["generic-80"])
    with outside.start(directory=tmp_path / "tray", buffer_bytes=512, mm_per_s=600) as small:
        small.set(says_wait=True)
        where = Address(small.host, small.port)
        if cable:
            where = Address(connection=connection.Connection.SERIAL, path=small.plug_in(), baud=115200)
        outcome = connection.send(
            where, payload=payload, process_id=process_id(1), before_first_byte=lambda: None, limits=QUICK
        )
        assert outcome.state is Sent.CONFIRMED
        assert same(preview(slip, model=MODELS["generic-80"]), small.wait_for_slips(1)[0].png.read_bytes())


LETTERS = "£ € é ç œ Ł ž “ ” – ½ Ж ♥"


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.name)
def test_scenario_11_pounds_euros_and_accents_are_right_on_every_model(tmp_path: Path, model: PrinterModel) -> None:
    slip = d.Document(title="t", language="en", blocks=(d.Text(text=LETTERS), d.Cut()))
    with outside.start(directory=tmp_path / "tray", model=SHAPES[model.dots]) as running:
        outcome = connection.send(
            Address(running.host, running.port),
            payload=render(slip, model=replace(model, cut=True)),
            process_id=process_id(1),
            before_first_byte=lambda: None,
            limits=QUICK,
        )
        assert outcome.state is Sent.CONFIRMED
        (paper,) = running.wait_for_slips(1)
        assert same(preview(slip, model=model), paper.png.read_bytes())
        assert running.unknown == []
    western = d.Document(title="t", language="en", blocks=(d.Text(text="£ € é Ł “”"), d.Cut()))
    assert b"?" not in render(western, model=model)  # the library's way with a letter it does not have


def test_scenario_12_a_reprint_is_a_copy_and_says_so(
    counter: Shop,
    printer: outside.RunningPrinter,
    ada: Tablet,
) -> None:
    job_id = receipt(counter)
    send(counter)
    first = answers.copy(counter, job_id=job_id, why="  Torn  in two ", printer_id="demo-1", **by(ada))
    second = answers.copy(counter, job_id=first, why="Lost", printer_id="demo-1", **by(ada))
    assert [send(counter), send(counter)] == [DONE, DONE]
    one, two = job(counter, first), job(counter, second)
    assert [(c.copy_of, c.copy_number) for c in (one, two)] == [(job_id, 1), (job_id, 2)]
    assert one.copied is not None
    assert (one.copied["by"], one.copied["why"]) == ("Ada", "Torn in two")
    assert one.copied["original_at"] == counter.clock.now().isoformat()
    original, copy, _ = (slip.bin.read_bytes() for slip in printer.wait_for_slips(3, timeout=10))
    assert b"C O P Y" not in original
    assert b"Torn in two" in copy
    assert told(counter) == ["slip copied", "slip copied"]


def test_scenario_12_what_stands_on_one_paper_only_is_never_copied(
    counter: Shop,
    printer: outside.RunningPrinter,
    ada: Tablet,
) -> None:
    job_id = queue(counter)
    send(counter)
    with pytest.raises(NotAllowed):
        answers.copy(counter, job_id=job_id, why="Fun", printer_id="demo-1", **by(ada))


def test_scenario_13_a_print_server_is_given_a_slip_once_and_never_believed(
    counter: Shop,
    printer: outside.RunningPrinter,
) -> None:
    with outside.PrintServer((printer.host, printer.port)) as server:
        with counter.jot() as tx:
            mine = tx.get_one(Printer, "demo-1")
            mine.connection, mine.path, mine.port = connection.Connection.CUPS, server.queue, server.port
        job_id = queue(counter)
        assert send(counter) == JobState.SENT
        assert send(counter) is None
        assert len(server.jobs) == 1
    assert job(counter, job_id).state == JobState.SENT
    printer.wait_for_slips(1, timeout=10)


def test_scenario_14_paper_comes_out_without_the_internet(
    counter: Shop,
    printer: outside.RunningPrinter,
    ada: Tablet,
) -> None:
    """Stripe cannot be reached; cash needs nobody's leave, and the printer stands beside it."""
    ada.hold(CHARM)
    ada.book()
    quote = ada.quote()
    order_id = checkout.open(
        counter, quote=quote, terms_version="2026-11", first=Tender(Method.CASH, quote.due_now_minor), **by(ada)
    )
    with counter.read() as look:
        payment_id = look.exec(select(Payment.id).where(Payment.order_id == order_id)).one()
    assert finish.carry_on(counter, payment_id=payment_id) == PaymentState.CAPTURED
    said = []
    while (state := send(counter)) is not None:
        said.append(state)
    assert said == [DONE] * 4  # the drawer, the receipt, the certificate, the pickup slip
    assert len(printer.wait_for_slips(3, timeout=10)) == 3


def test_scenario_15_a_printer_that_falls_silent_keeps_nobody_waiting(
    counter: Shop,
    printer: outside.RunningPrinter,
    ada: Tablet,
    tmp_path: Path,
) -> None:
    job_id = receipt(counter)
    printer.set(silent_after=600)
    assert send(counter, HASTY) == JobState.UNKNOWN  # by the deadline, and never again by itself
    (mine,) = desk.look(counter, boutique_id="demo", device_id=ada.device_id).printers
    assert [one.job_id for one in mine.asked] == [job_id]
    with outside.start(directory=tmp_path / "other") as other:
        another_printer(counter, other)
        answers.came_out(counter, job_id=job_id, yes=False, printer_id="demo-2", **by(ada))
        assert spool.print_next(counter, printer_id="demo-2", limits=PATIENT) == DONE
        assert len(other.wait_for_slips(1, timeout=10)) == 1
    with counter.read() as look:
        assert look.get_one(Printer, "demo-1").left_inside  # what it still holds hangs on no other slip


def test_scenario_15_a_sale_is_sold_whatever_its_paper_does(
    counter: Shop,
    printer: outside.RunningPrinter,
    ada: Tablet,
) -> None:
    printer.set(refuse=True)
    ada.hold(CHARM)
    ada.book()
    quote = ada.quote()
    order_id = checkout.open(
        counter, quote=quote, terms_version="2026-11", first=Tender(Method.CASH, quote.due_now_minor), **by(ada)
    )
    with counter.read() as look:
        payment_id = look.exec(select(Payment.id).where(Payment.order_id == order_id)).one()
    finish.carry_on(counter, payment_id=payment_id)
    send(counter)
    seen = orders.view(counter, order_id=order_id)
    assert seen.state == OrderState.PAID
    assert {one.state for one in seen.slips} <= {JobState.BLOCKED, JobState.QUEUED}


@pytest.mark.parametrize("model", ["generic-58", "generic-80", "t88-80"])
def test_scenario_16_a_picture_wider_than_the_paper_is_drawn_to_fit(tmp_path: Path, model: str) -> None:
    wide = d.Picture(width=900, height=40, bits="f0" * (113 * 40))
    slip = d.Document(title="t", language="en", blocks=(wide, d.Cut()))
    with outside.start(directory=tmp_path / "tray", model=SHAPES[MODELS[model].dots]) as running:
        outcome = connection.send(
            Address(running.host, running.port),
            payload=render(slip, model=MODELS[model]),
            process_id=process_id(1),
            before_first_byte=lambda: None,
            limits=QUICK,
        )
        assert outcome.state is Sent.CONFIRMED
        assert same(preview(slip, model=MODELS[model]), running.wait_for_slips(1)[0].png.read_bytes())


@pytest.mark.parametrize("columns", [44, 12])
def test_scenario_16_a_model_whose_columns_do_not_fit_its_dots_is_refused(columns: int) -> None:
    with pytest.raises(ValueError, match="letters"):
        replace(MODELS["generic-80"], columns_a=columns)


def test_scenario_17_a_receipt_of_three_hundred_lines_is_printed_to_its_end(tmp_path: Path) -> None:
    line = replace(SALE.lines[0], gross_minor=500)
    many = replace(SALE, lines=(line,) * 290, savings=())
    slip = slips.document("sales", facts=slips.plain(many), language="en")
    payload = render(slip, model=MODELS["generic-80"])
    with outside.start(directory=tmp_path / "tray", buffer_bytes=4096) as running:
        outcome = connection.send(
            Address(running.host, running.port),
            payload=payload,
            process_id=process_id(1),
            before_first_byte=lambda: None,
            limits=QUICK,
        )
        assert outcome.state is Sent.CONFIRMED
        (paper,) = running.wait_for_slips(1, timeout=20)
        assert payload.removeprefix(connection.RESET) in paper.bin.read_bytes()


def test_scenario_18_a_jammed_knife_is_named_and_off_and_on_leaves_a_question(
    counter: Shop,
    printer: outside.RunningPrinter,
    ada: Tablet,
) -> None:
    job_id = queue(counter)
    printer.set(cutter_error=True)
    with being_sent(counter, until=Cause.CUTTER, job_id=job_id) as said:
        printer.set(cutter_error=False, offline=True)  # the jam is cleared by hand, the switch turned
        printer.power_cycle()
        printer.set(offline=False)
    assert said[0] in (JobState.UNKNOWN, DONE)
    if said == [JobState.UNKNOWN]:  # all of it is printed: it lies there, or hangs from the knife
        answers.came_out(counter, job_id=job_id, yes=True, **by(ada))
    assert job(counter, job_id).state == DONE
    following = receipt(counter)
    assert send(counter) == DONE
    printer.wait_for_slips(1, timeout=10)
    assert on_paper(counter, job_id, printer) <= 1
    assert on_paper(counter, following, printer) == 1


SMALL = d.Document(title="t", language="en", blocks=(d.Text(text="Zoë"), d.Cut()))


def test_a_small_slip_reset_at_every_byte_has_one_original(
    counter: Shop,
    printer: outside.RunningPrinter,
    ada: Tablet,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Never confirmed unless the printer said so, and never two whole ones: a person says what lies there."""
    monkeypatch.setattr(desk, "document", lambda job, *, facts: SMALL)
    whole = render(SMALL, model=MODELS["generic-80"]).removeprefix(connection.RESET)
    last, cut_off = 12 + 5 + len(whole) + 11, 0
    for broken_at in range(1, last):
        job_id = queue(counter, original_of=f"authenticity:{broken_at}")
        before = len(printer.process_ids)
        printer.set(reset_after=broken_at)
        said = send(counter)
        assert said in (JobState.BLOCKED, JobState.UNKNOWN), broken_at
        assert len(printer.process_ids) == before
        if said == JobState.UNKNOWN:
            cut_off += 1
            printer.power_cycle()  # as staff are told
            answers.came_out(counter, job_id=job_id, yes=False, **by(ada))
        later(counter, seconds=2)
        assert send(counter) == DONE
        assert len(printer.process_ids) == before + 1
    assert cut_off > len(whole)
