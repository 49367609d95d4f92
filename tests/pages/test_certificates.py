"""The certificates screen: found by whatever stands on paper, copied, passed on, voided, issued again; each once."""

from datetime import timedelta

import pytest
from sqlmodel import select

from pos.ids import new_id
from pos.models import (
    Certificate,
    CertificateState,
    Device,
    Fate,
    HandOver,
    JobState,
    LogAct,
    LogEntry,
    Order,
    PrintJob,
)
from pos.paper import answers, printers
from pos.people import pins
from pos.proof import certificate, hand_over
from pos.selling import orders, returns
from pos.selling.views import Choice
from tests.pages.conftest import Tablet
from tests.pages.test_counter import counter  # noqa: F401 (a fixture)
from tests.pages.test_pay import open_order
from tests.pages.test_returns import line_of, rows, sell

CUT = Choice("NC-VM", number=12, engraving=("ZOË",))


def issued(tablet: Tablet, *choices: Choice) -> Certificate:
    """A piece that was sold, its paper on the printer's way out."""
    order_id = sell(tablet, *choices)
    with tablet.shop.read() as look:
        return look.exec(select(Certificate).where(Certificate.order_id == order_id)).one()


def find(tablet: Tablet, words: str) -> None:
    tablet.open("counter/certificates")
    tablet.screen.text_input(key="certificate_words").set_value(words).run()


def came_out(tablet: Tablet, one: Certificate) -> str:
    """Its slip is printed, and this tablet has a printer."""
    printers.register(tablet.shop, printer_id="bar", boutique_id="demo", label="Bar", host="127.0.0.1", port=9)
    with tablet.shop.jot() as tx:
        tx.get_one(Device, tablet.device_id).printer_id = "bar"
        slip = tx.exec(select(PrintJob).where(PrintJob.original_of == f"authenticity:{one.gtin}:{one.serial}")).one()
        slip.state, slip.ended_at = JobState.CONFIRMED, tablet.shop.clock.now()
        return slip.id


def acts(tablet: Tablet, certificate_id: str) -> list[LogAct]:
    with tablet.shop.read() as look:
        asked = select(LogEntry.act).where(LogEntry.certificate_id == certificate_id).order_by(LogEntry.leaf)
        return list(look.exec(asked))


def state_of(tablet: Tablet, certificate_id: str) -> CertificateState:
    with tablet.shop.read() as look:
        return look.get_one(Certificate, certificate_id).state


def keys(tablet: Tablet) -> set[str]:
    return {str(button.key) for button in tablet.screen.button}


def type_pin(tablet: Tablet, pin: str | None = None) -> None:
    pin = pin or pins.new_pin(tablet.shop, staff_id="manager")
    tablet.screen.text_input(key="vouch_typed").set_value(pin).run()


@pytest.mark.parametrize("by", ["address", "serial", "small letters", "short code", "order", "receipt", "piece"])
def test_a_certificate_is_found_by_whatever_stands_on_paper(counter: Tablet, by: str) -> None:  # noqa: F811
    one = issued(counter)
    order = orders.view(counter.shop, order_id=one.order_id)
    words = {
        "address": certificate.link(counter.shop, one),
        "serial": one.serial,
        "small letters": f" {one.serial.lower()} ",
        "short code": one.short_code.lower().replace("-", " "),
        "order": order.code,
        "receipt": order.receipts[0],
        "piece": "nc-vm no. 12",
    }
    find(counter, words[by])
    assert counter.says(f"Serial {one.serial}")
    assert counter.says("It stands for this piece.")
    assert counter.says(f"order {order.code}")


def test_a_number_alone_may_mean_several_and_leads_back_to_them(counter: Tablet) -> None:  # noqa: F811
    first, second = issued(counter, Choice("NC-VM", number=12)), issued(counter, Choice("NC-CH", number=12))
    find(counter, "12")
    assert counter.says("2 certificates fit.")
    counter.touch(f"open_{second.id}")
    assert counter.says(f"Serial {second.serial}")
    counter.touch("link_found")
    assert f"open_{first.id}" in keys(counter)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("AAAA-AAAA", "No certificate has this code"),
        ("x" * 700, "No certificate has this code"),
        ("'; --", "No certificate has this code"),
        ("999999", "No certificate has this code"),
        ("é", "No certificate has this code"),
        ("https://id.example.co/01/09520000000042", "the code on a shelf label"),
        ("https://id.example.co/01/09520000000042/21/NC-VM-012", "No certificate has this code"),
        ("https://example.org/a page", "This certificate is not as we signed it."),
    ],
)
def test_what_is_no_certificate_is_said_in_one_sentence(counter: Tablet, words: str, said: str) -> None:  # noqa: F811
    issued(counter)
    find(counter, words)
    assert counter.says(said)
    assert "act_void" not in keys(counter)


def test_an_address_with_another_number_in_it_is_not_believed(counter: Tablet) -> None:  # noqa: F811
    one = issued(counter)
    find(counter, certificate.link(counter.shop, one).replace("NC-VM-012", "NC-VM-013"))
    assert counter.says("This certificate is not as we signed it.")


def test_an_empty_field_is_no_mistake(counter: Tablet) -> None:  # noqa: F811
    find(counter, "   ")
    assert counter.says("The authenticity receipt shows the serial")


def test_a_copy_has_its_reason_and_its_entry_and_one_touch_makes_one(counter: Tablet) -> None:  # noqa: F811
    one = issued(counter)
    came_out(counter, one)
    find(counter, one.serial)
    counter.touch("act_copy")
    counter.screen.segmented_control(key="certificate_copy_why").set_value("lost").run()
    counter.touch("go_copy")
    assert counter.says("The copy is on its way to the printer.")
    assert counter.says("1 copy")
    assert acts(counter, one.id) == [LogAct.ISSUED, LogAct.COPIED]
    (copied,) = [job.copied for job in rows(counter, PrintJob) if job.copied]
    assert copied["why"] == "Lost"


def test_a_finger_that_touches_twice_prints_one_copy(counter: Tablet) -> None:  # noqa: F811
    one, tap = issued(counter), new_id()
    job_id = came_out(counter, one)
    by_me = {"staff_id": "counter", "device_id": counter.device_id}
    for _ in range(2):
        answers.copy(counter.shop, job_id=job_id, why="lost", printer_id="bar", tap=tap, **by_me)
    assert [job.id for job in rows(counter, PrintJob) if job.copied] == [tap]
    assert acts(counter, one.id) == [LogAct.ISSUED, LogAct.COPIED]


def test_a_paper_that_did_not_come_out_yet_is_not_copied(counter: Tablet) -> None:  # noqa: F811
    find(counter, issued(counter).serial)
    counter.touch("act_copy")
    assert counter.says("Its slip did not come out yet")
    assert "go_copy" not in keys(counter)


def code_on(tablet: Tablet) -> str:
    (shown,) = [str(part.value) for part in tablet.screen.get("html") if 'class="vt-big" role="status"' in part.value]
    return shown.split(">")[1].split("<")[0]


def test_a_hand_over_code_is_shown_once_and_is_the_one_that_is_good(counter: Tablet) -> None:  # noqa: F811
    one = issued(counter)
    find(counter, one.serial)
    counter.touch("act_pass")
    counter.touch("go_code")
    code = code_on(counter)
    assert counter.says("A hand-over code is out")
    counter.screen.run()
    assert code_on(counter) == code, "until somebody has written it down"
    counter.touch("go_written")
    assert not counter.says(code)
    find(counter, one.serial)
    counter.touch("act_pass")
    assert not counter.says(code), "nowhere any more"
    hand_over.confirm(counter.shop, certificate_id=one.id, code=code)
    counter.screen.run()
    assert counter.says("Valid, and passed on")


def test_a_code_is_not_left_on_the_screen_for_whoever_unlocks_it_next(counter: Tablet) -> None:  # noqa: F811
    find(counter, issued(counter).serial)
    counter.touch("act_pass")
    counter.touch("go_code")
    code = code_on(counter)
    counter.touch("lock")
    counter.open("counter/certificates")
    counter.unlock("manager")
    counter.open("counter/certificates")
    assert not counter.says(code)


@pytest.mark.parametrize("left_by", ["to_waiting", "to_counter", "lock", "the clock"])
def test_a_code_is_not_drawn_again_for_whoever_comes_back_to_it(counter: Tablet, left_by: str) -> None:  # noqa: F811
    find(counter, issued(counter).serial)
    counter.touch("act_pass")
    counter.touch("go_code")
    code = code_on(counter)
    if left_by == "the clock":
        clocks = counter.clocks()
        counter.shop.clock.move(timedelta(minutes=counter.shop.settings.staff_lock_minutes))
        counter.parts_again(clocks)
    else:
        counter.touch(left_by)
    assert not counter.says(code)
    if left_by.startswith("to_"):
        counter.touch("to_certificates")
    else:
        counter.unlock("counter")
    assert counter.says("A hand-over code is out"), "the same certificate"
    assert not counter.says(code)
    counter.touch("act_pass")
    assert not counter.says(code)
    assert {"go_code", "link_leave"} <= keys(counter)


def test_the_new_owner_s_code_is_confirmed_at_the_counter_and_a_wrong_one_is_not(counter: Tablet) -> None:  # noqa: F811
    one = issued(counter)
    code, _ = hand_over.offer(counter.shop, certificate_id=one.id, short_code=one.short_code)
    find(counter, one.serial)
    counter.touch("act_pass")
    for typed, said in (
        ("3333-3333-3333", "This hand-over code is not good for this piece"),
        (code.lower(), "The piece is passed on."),
    ):
        counter.screen.text_input(key="new_owner_code").set_value(typed).run()
        counter.touch("confirm_code")
        assert counter.says(said)
    assert acts(counter, one.id) == [LogAct.ISSUED, LogAct.TRANSFERRED]


def test_staff_void_only_with_a_manager_s_pin_and_a_reason(counter: Tablet) -> None:  # noqa: F811
    one = issued(counter)
    find(counter, one.serial)
    counter.touch("act_void")
    counter.touch("go_void")
    type_pin(counter)
    assert counter.says("Please say why.")
    counter.screen.text_input(key=f"void_why_{one.id}").set_value("found in a bin").run()
    counter.shop.clock.move(timedelta(seconds=2))
    type_pin(counter, "000000")
    assert counter.says("That is not the PIN.")
    assert state_of(counter, one.id) == CertificateState.VALID
    counter.shop.clock.move(timedelta(seconds=10))
    type_pin(counter)
    assert state_of(counter, one.id) == CertificateState.VOIDED
    assert counter.says("It was withdrawn, and stands for no piece.")
    assert counter.says("Nothing more can be done with it.")
    assert acts(counter, one.id) == [LogAct.ISSUED, LogAct.VOIDED]


def test_a_manager_issues_it_again_with_new_words_and_a_new_size(counter: Tablet) -> None:  # noqa: F811
    one = issued(counter, CUT)
    counter.touch("lock")
    counter.open("counter/certificates")
    counter.unlock("manager")
    find(counter, one.serial)
    assert counter.says("ZOË")
    counter.touch("act_again")
    counter.screen.text_area(key=f"again_words_{one.id}").set_value("NOX").run()
    counter.screen.text_input(key=f"again_why_{one.id}").set_value("another cat").run()
    counter.touch("go_again")
    assert counter.says("This is the new certificate")
    assert counter.says(f"Serial {one.serial}-2")
    assert counter.says("NOX")
    assert counter.says("Other certificates of this piece")
    assert state_of(counter, one.id) == CertificateState.VOIDED
    (slip,) = [job for job in rows(counter, PrintJob) if job.original_of == f"authenticity:{one.gtin}:{one.serial}-2"]
    assert slip.facts["engraving"] == ["NOX"]


def test_words_that_cannot_be_cut_void_nothing(counter: Tablet) -> None:  # noqa: F811
    one = issued(counter, CUT)
    find(counter, one.serial)
    counter.touch("act_again")
    counter.screen.text_area(key=f"again_words_{one.id}").set_value("A LINE FAR TOO LONG").run()
    counter.screen.text_input(key=f"again_why_{one.id}").set_value("another cat").run()
    counter.touch("go_again")
    type_pin(counter)
    assert counter.says("letters at most")
    assert state_of(counter, one.id) == CertificateState.VALID


def test_a_piece_that_came_back_has_nothing_to_do_any_more(counter: Tablet) -> None:  # noqa: F811
    one = issued(counter)
    back = [returns.GiveBack(line_of(counter, one.order_id), 30000, Fate.INSPECTION)]
    by_me = {"staff_id": "counter", "device_id": counter.device_id}
    returns.refund(counter.shop, order_id=one.order_id, key="k", lines=back, reason="price", **by_me)
    find(counter, one.serial)
    assert counter.says("The piece came back.")
    assert "act_void" not in keys(counter)
    assert acts(counter, one.id) == [LogAct.ISSUED, LogAct.RETURNED]


def test_a_record_that_was_changed_behind_the_shop_s_back_is_noticed(counter: Tablet) -> None:  # noqa: F811
    one = issued(counter)
    with counter.shop.jot() as tx:
        kept = tx.get_one(Certificate, one.id)
        kept.statement = {**kept.statement, "weight_mg": 99_000}
    find(counter, one.serial)
    assert counter.says("What the records say is no longer what was signed.")
    assert "act_void" not in keys(counter)


def test_a_sale_that_is_not_paid_has_none(counter: Tablet) -> None:  # noqa: F811
    order_id = open_order(counter)
    with counter.shop.read() as look:
        code = look.get_one(Order, order_id).code
    find(counter, code)
    assert counter.says("No certificate has this code")


def test_it_speaks_french(counter: Tablet) -> None:  # noqa: F811
    one = issued(counter)
    counter.touch("staff_tongue")
    find(counter, one.serial)
    assert counter.says("Il vaut pour cette pièce.")
    counter.touch("act_pass")
    counter.touch("go_code")
    assert counter.says("Valable une fois")
    assert len(rows(counter, HandOver)) == 1
