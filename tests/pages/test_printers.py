"""The printers' screen: how each stands, what waits, the slip in doubt and its question, in the tablet's own tongue."""

from datetime import timedelta

from sqlmodel import select

from pos.models import JobState, Printer, PrintJob
from pos.paper import printers, slips, spool
from tests.pages.conftest import Tablet
from tests.pages.test_counter import counter  # noqa: F401 (a fixture)
from tests.paper.house import SALE


def put(tablet: Tablet, state: JobState = JobState.QUEUED, *, printer_id: str | None = "bar", **more: object) -> str:
    now = tablet.shop.clock.now()
    with tablet.shop.jot() as tx:
        row = spool.job(
            kind="sales",
            facts=slips.plain(SALE),
            printer_id=printer_id,
            language="en",
            order_id=None,
            device_id=tablet.device_id,
            at=now,
        )
        made = {**row, "state": state, "sent_at": now, "ended_at": now, **more}
        tx.add(PrintJob(**made))
        return str(row["id"])


def add(tablet: Tablet, *names: str) -> None:
    for name in names:
        printers.register(
            tablet.shop, printer_id=name, boutique_id="demo", label=f"At the {name}", host="127.0.0.1", port=9
        )


def state_of(tablet: Tablet, job_id: str) -> tuple[JobState, str | None]:
    with tablet.shop.read() as look:
        return look.exec(select(PrintJob.state, PrintJob.printer_id).where(PrintJob.id == job_id)).one()


def without_any(tablet: Tablet) -> None:
    with tablet.shop.jot() as tx:
        for one in tx.exec(select(Printer)):
            one.retired = True


def test_a_boutique_without_a_printer_is_told_calmly(counter: Tablet) -> None:  # noqa: F811
    without_any(counter)
    put(counter, JobState.BLOCKED, printer_id=None)
    counter.open("counter/printers")
    assert counter.says("This boutique has no printer.")
    assert counter.says("Waiting for a printer")


def test_a_slip_in_doubt_is_asked_about_and_may_be_printed_elsewhere(counter: Tablet) -> None:  # noqa: F811
    without_any(counter)
    add(counter, "bar", "safe")
    job_id = put(counter, JobState.UNKNOWN)
    counter.open("counter/printers")
    assert counter.says("Did it come out?")
    counter.touch(f"there_{job_id}_safe")
    assert state_of(counter, job_id) == (JobState.QUEUED, "safe")


def badge(tablet: Tablet) -> bool:
    return "link_printers_wait" in [button.key for button in tablet.screen.button]


def test_a_printer_that_waits_for_a_person_is_on_every_staff_page_and_leads_there(counter: Tablet) -> None:  # noqa: F811
    without_any(counter)
    add(counter, "bar", "safe")
    counter.open("counter/sell")
    assert not badge(counter)
    job_id = put(counter, JobState.UNKNOWN)  # of no order: a test page, a label
    counter.open("counter/sell")
    assert counter.says("1 printer waits for somebody")
    held = put(counter, JobState.HELD, printer_id="safe")
    counter.open("counter/returns")
    assert counter.says("2 printers wait for somebody")
    counter.touch("link_printers_wait")
    assert counter.says("Did it come out?")
    assert not badge(counter), "one is there already"
    counter.open("counter/printers")
    counter.touch(f"came_out_{job_id}")
    counter.touch(f"leave_{held}")
    counter.open("counter/sell")
    assert not badge(counter)


def test_a_printer_that_cannot_print_what_waits_is_on_the_bar_and_an_old_word_of_it_is_not(
    counter: Tablet,  # noqa: F811
) -> None:
    without_any(counter)
    add(counter, "bar")
    put(counter, JobState.BLOCKED)
    with counter.shop.jot() as tx:
        bar = tx.get_one(Printer, "bar")
        bar.said, bar.said_at = "paper_end", counter.shop.clock.now()
    counter.open("counter/sell")
    assert badge(counter)
    with counter.shop.jot() as tx:
        tx.get_one(Printer, "bar").said_at = counter.shop.clock.now() - timedelta(minutes=5)
    counter.open("counter/sell")
    assert not badge(counter)


def test_a_slip_of_an_order_or_another_boutique_s_printer_is_no_business_of_the_badge(
    counter: Tablet,  # noqa: F811
) -> None:
    without_any(counter)
    add(counter, "bar")
    printers.register(
        counter.shop, printer_id="yard", boutique_id="demo-pets", label="Elsewhere", host="127.0.0.1", port=9
    )
    put(counter, JobState.UNKNOWN, printer_id="yard")
    put(counter, JobState.UNKNOWN, kind="gift")
    counter.open("counter/sell")
    assert not badge(counter)


def test_what_is_too_old_is_printed_or_left_by_a_person(counter: Tablet) -> None:  # noqa: F811
    without_any(counter)
    add(counter, "bar")
    one, other = put(counter, JobState.HELD), put(counter, JobState.HELD)
    counter.open("counter/printers")
    counter.touch(f"release_{one}")
    counter.touch(f"leave_{other}")
    assert [state_of(counter, job)[0] for job in (one, other)] == [JobState.QUEUED, JobState.DROPPED]


def test_a_printer_is_stopped_and_its_queue_moved(counter: Tablet) -> None:  # noqa: F811
    without_any(counter)
    add(counter, "bar", "safe")
    job_id = put(counter)
    counter.open("counter/printers")
    counter.touch("pause_bar")
    assert counter.says("Stopped by hand.")
    counter.touch("all_bar_safe")
    assert state_of(counter, job_id) == (JobState.QUEUED, "safe")


def test_how_a_printer_stands_is_said_and_old_news_is_not(counter: Tablet) -> None:  # noqa: F811
    without_any(counter)
    add(counter, "bar")
    with counter.shop.jot() as tx:
        bar = tx.get_one(Printer, "bar")
        bar.said, bar.said_at = "cover_open", counter.shop.clock.now()
    counter.open("counter/printers")
    assert counter.says("cover is open")
    with counter.shop.jot() as tx:
        tx.get_one(Printer, "bar").said_at = counter.shop.clock.now() - timedelta(minutes=5)
    counter.open("counter/printers")
    assert counter.says("No word from it lately.")


def test_a_copy_has_a_reason_and_a_test_page_one_tap(counter: Tablet) -> None:  # noqa: F811
    without_any(counter)
    add(counter, "bar")
    job_id = put(counter, JobState.CONFIRMED)
    counter.open("counter/printers")
    counter.touch(f"link_copy_{job_id}")
    counter.touch("go_copy")
    counter.touch("try_bar")
    with counter.shop.read() as look:
        kinds = sorted((job.kind, job.copy_number) for job in look.exec(select(PrintJob)))
        (copied,) = [job.copied for job in look.exec(select(PrintJob)) if job.copied]
    assert kinds == [("sales", 0), ("sales", 1), ("test", 0)]
    assert copied["why"] == "Torn or creased"
