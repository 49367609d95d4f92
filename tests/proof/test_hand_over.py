"""A piece passes to a new owner by a code that is good once; only the fact and its moment are known to anyone."""

import threading
from datetime import timedelta

import pytest
from sqlmodel import select

from pos.books import audit
from pos.errors import NotAllowed, TooManyTries, Unknown, WrongState
from pos.models import AuditEntry, Certificate, HandOver, LogAct, LogEntry, Role, Staff, StaffSession
from pos.proof import certificate, hand_over, log_check
from pos.proof.log_check import Broken, Whole


@pytest.fixture
def owned(sale):
    return sale.certify()


@pytest.fixture
def person(shop, sale, clock):
    """Somebody is unlocked at the counter."""
    with shop.write() as tx:
        audit.record(tx, "unlocked", "alba", by="test")
        tx.add(Staff(id="alba", boutique_id="demo", name="Alba", role=Role.STAFF, pin_hash="x"))
        tx.flush()
        tx.add(StaffSession(id="s", device_id="tablet", staff_id="alba", began_at=clock.now(), seen_at=clock.now()))
    return {"staff_id": "alba", "device_id": "tablet"}


def offered(shop, owned):
    return hand_over.offer(shop, certificate_id=owned.id, short_code=owned.short_code)[0]


def confirm(shop, owned, code):
    return hand_over.confirm(shop, certificate_id=owned.id, code=code)


def acts(shop):
    with shop.read() as look:
        return list(look.exec(select(LogEntry.act).order_by(LogEntry.leaf)))


def test_who_holds_the_paper_gets_a_code_and_who_has_the_code_the_piece(shop, owned, clock):
    code, until = hand_over.offer(shop, certificate_id=owned.id, short_code=owned.short_code.lower().replace("-", " "))
    assert until == clock.now() + timedelta(days=14)
    assert confirm(shop, owned, code.lower().replace("-", "")) == clock.now()
    assert acts(shop) == [LogAct.ISSUED, LogAct.TRANSFERRED]
    assert isinstance(log_check.look_through(shop), Whole)


def test_the_code_is_kept_nowhere(shop, owned):
    code = offered(shop, owned)
    with shop.read() as look:
        kept = look.exec(select(HandOver)).one().model_dump_json()
        told = "".join(one.model_dump_json() for one in look.exec(select(AuditEntry)))
    for words in (code, code.replace("-", "")):
        assert words not in kept + told


def test_a_code_is_good_once(shop, owned, clock):
    code = offered(shop, owned)
    confirm(shop, owned, code)
    with pytest.raises(Unknown):
        confirm(shop, owned, code)
    assert acts(shop).count(LogAct.TRANSFERRED) == 1


def test_a_code_that_nobody_used_is_over(shop, owned, clock):
    code = offered(shop, owned)
    clock.move(timedelta(days=14))
    with pytest.raises(Unknown):
        confirm(shop, owned, code)


def test_a_new_code_takes_the_place_of_the_one_before(shop, owned, clock):
    first = offered(shop, owned)
    second = offered(shop, owned)
    with pytest.raises(Unknown):
        confirm(shop, owned, first)
    clock.move(timedelta(seconds=2))
    confirm(shop, owned, second)


def test_whoever_guesses_waits_longer_each_time(shop, owned, clock):
    code = offered(shop, owned)
    for wait in (1, 2, 4, 8):
        with pytest.raises(Unknown):
            confirm(shop, owned, "3333-3333-3333")
        with pytest.raises(TooManyTries) as refusal:
            confirm(shop, owned, code)
        assert refusal.value.wait == wait
        clock.move(timedelta(seconds=wait))
    confirm(shop, owned, code)


def test_a_guessed_short_code_opens_nothing_and_what_was_typed_is_not_told(shop, owned):
    with pytest.raises(Unknown) as refusal:
        hand_over.offer(shop, certificate_id=owned.id, short_code="3333-3333")
    assert "3333" not in str(refusal.value)
    with shop.read() as look:
        assert look.exec(select(HandOver)).all() == []


def test_a_piece_that_came_back_is_passed_on_no_more(shop, sale, owned):
    code = offered(shop, owned)
    with shop.write() as tx:
        certificate.returned(tx, piece_ids=[sale.piece.id], order_id=sale.order.id)
        audit.record(tx, "refund", sale.order.code, by="test")
    with pytest.raises(WrongState):
        confirm(shop, owned, code)
    with pytest.raises(WrongState):
        offered(shop, owned)


def test_a_code_opens_its_own_certificate_only(shop, sale, owned):
    code = offered(shop, owned)
    with shop.write() as tx:
        certificate.returned(tx, piece_ids=[sale.piece.id], order_id=sale.order.id)
        audit.record(tx, "refund", sale.order.code, by="test")
    with pytest.raises(Unknown):
        confirm(shop, sale.certify(), code)


def test_staff_do_it_at_the_counter(shop, owned, person, clock):
    code, _ = hand_over.offer_at_counter(shop, certificate_id=owned.id, tap="a touch", **person)
    hand_over.confirm_at_counter(shop, certificate_id=owned.id, code=code, **person)
    with shop.read() as look:
        done = look.exec(select(HandOver)).one()
        assert (done.made_by, done.confirmed_by, done.confirmed_at) == ("alba", "alba", clock.now())


def test_nobody_does_it_from_a_counter_that_is_locked(shop, owned):
    nobody = {"staff_id": "alba", "device_id": "tablet"}
    with pytest.raises(NotAllowed):
        hand_over.offer_at_counter(shop, certificate_id=owned.id, tap="a touch", **nobody)
    with pytest.raises(NotAllowed):
        hand_over.confirm_at_counter(shop, certificate_id=owned.id, code="3333-3333-3333", **nobody)


def test_a_finger_that_touches_twice_gets_one_code_and_the_records_cannot_make_it(shop, owned, person):
    asked = {"certificate_id": owned.id, **person}
    first = hand_over.offer_at_counter(shop, tap="one touch", **asked)
    assert hand_over.offer_at_counter(shop, tap="one touch", **asked) == first
    with shop.read() as look:
        (kept,) = look.exec(select(HandOver))
        assert "one touch" not in kept.model_dump_json()
    another, _ = hand_over.offer_at_counter(shop, tap="another touch", **asked)
    assert another != first[0]
    with pytest.raises(Unknown):
        hand_over.confirm_at_counter(shop, code=first[0], **asked)
    hand_over.confirm_at_counter(shop, code=another, **asked)


def say_at_once(shop, owned, code, many=8):
    """Many who have overheard the code say it at the same moment."""
    start, went = threading.Barrier(many), []

    def say():
        start.wait()
        try:
            hand_over._confirmed(shop, owned.id, hand_over._hash(code))
            went.append("passed on")
        except Unknown:
            went.append("refused")

    crowd = [threading.Thread(target=say) for _ in range(many)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    return went


def test_of_many_who_say_the_code_at_once_one_is_first(shop, owned):
    went = say_at_once(shop, owned, offered(shop, owned))
    assert went.count("passed on") == 1
    assert acts(shop).count(LogAct.TRANSFERRED) == 1


def test_without_the_guard_in_the_statement_several_would_be(shop, owned, monkeypatch):
    monkeypatch.setattr(hand_over, "_open", lambda of: (HandOver.certificate_id == of,))
    assert say_at_once(shop, owned, offered(shop, owned)).count("passed on") > 1


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM hand_over",
        "UPDATE hand_over SET confirmed_at = NULL",
        "UPDATE hand_over SET confirmed_at = '2026-11-23 00:00:00.000000'",
        "UPDATE hand_over SET certificate_id = 'another'",
    ],
)
def test_a_transfer_that_only_the_log_knows_is_noticed(shop, owned, change):
    confirm(shop, owned, offered(shop, owned))
    with shop.records.engine.connect() as line:
        line.exec_driver_sql("COMMIT")
        line.exec_driver_sql("PRAGMA foreign_keys=OFF")
        line.exec_driver_sql(change)
        line.exec_driver_sql("PRAGMA foreign_keys=ON")
        line.exec_driver_sql("BEGIN")
    assert isinstance(log_check.look_through(shop), Broken)


def test_no_owner_is_in_the_records():
    assert {"name", "email", "phone", "owner"} & set(HandOver.model_fields) == set()
    assert {"name", "email", "phone", "owner"} & set(Certificate.model_fields) == set()
