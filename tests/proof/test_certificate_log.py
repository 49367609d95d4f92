"""What becomes of a certificate is entered in a log with the act itself, and nobody changes it unseen afterwards."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from pos.books import audit
from pos.errors import Unknown
from pos.models import Certificate, JobState, LogAct, LogEntry, LogHead, Piece, PieceState, PrintJob
from pos.proof import certificate, certificate_log, log_check, merkle_log, signed_note
from pos.proof.log_check import Broken, Whole
from tests.proof.sold import SOLD_AT


def sell(sale, number=12):
    """One more numbered piece of the same variant is sold."""
    if number != sale.piece.number:
        with sale.shop.write() as tx:
            audit.record(tx, "another piece", None, by="test")
            sale.piece = Piece(sku="NC-PT950", number=number, state=PieceState.COMMITTED, order_id="order")
            tx.add(sale.piece)
    return sale.certify()


def give_back(sale):
    with sale.shop.write() as tx:
        certificate.returned(tx, piece_ids=[sale.piece.id], order_id=sale.order.id)
        audit.record(tx, "refund", sale.order.code, by="test")


@pytest.fixture
def log(sale, shop):
    """Five pieces sold, the third of them returned: six entries."""
    for number in (12, 13, 14):
        sell(sale, number)
    give_back(sale)
    for number in (15, 16):
        sell(sale, number)
    return shop


def entries(shop):
    with shop.read() as look:
        return certificate_log.entries(look, first=0, past=100)


def head(shop):
    with shop.read() as look:
        return certificate_log.head_of(look)


def test_a_sale_and_a_return_are_entered_with_the_act(log):
    assert [(one.leaf, one.act) for one in entries(log)] == [
        (0, "issued"),
        (1, "issued"),
        (2, "issued"),
        (3, "returned"),
        (4, "issued"),
        (5, "issued"),
    ]
    assert entries(log)[2].seal == entries(log)[3].seal != entries(log)[1].seal


def test_what_fails_enters_nothing(log, sale):
    with pytest.raises(RuntimeError, match="power cut"), log.write() as tx:
        audit.record(tx, "refund", None, by="test")
        certificate.returned(tx, piece_ids=[sale.piece.id], order_id=sale.order.id)
        raise RuntimeError("power cut")
    assert len(entries(log)) == 6
    assert log_check.look_through(log) == whole(log)


def whole(shop):
    return Whole(
        head(shop).size, head(shop).origin, merkle_log.root_of([certificate_log.leaf_of(e) for e in entries(shop)])
    )


def test_a_queue_may_not_enter_anything(log, sale):
    with pytest.raises(AssertionError), log.jot() as tx:
        certificate.returned(tx, piece_ids=[sale.piece.id], order_id=sale.order.id)
    assert len(entries(log)) == 6


def test_an_entry_names_no_piece_and_no_person(log, sale):
    said = [certificate_log.published(one) for one in entries(log)]
    assert said[0].keys() == {"v", "act", "at", "certificate"}
    assert said[0]["at"] == "2026-11-22T23:30:00Z"
    for private in ("NC-PT950", "012", "09521234543213", "ZOË", sale.order.code, "order", "demo"):
        assert private not in json.dumps([{**one, "certificate": ""} for one in said], ensure_ascii=False)


def test_whoever_holds_the_address_finds_the_entries(log, sale):
    with log.read() as look:
        issued = look.exec(select(Certificate).where(Certificate.serial == "NC-PT950-014")).one()
        seal = certificate_log.seal_of(issued).hex()
        assert [one.act for one in certificate_log.entries_of(look, seal=seal)] == [LogAct.ISSUED, LogAct.RETURNED]


def test_the_head_is_a_checkpoint_the_house_signed(log):
    note = certificate_log.note_of(head(log), log.keys)
    checkpoint = signed_note.verified(note, key=log.keys.public[log.keys.key_id])
    assert (checkpoint.size, checkpoint.root) == (6, whole(log).root)
    assert checkpoint.origin.startswith("vitrine.log/")


def test_every_entry_is_proven_from_the_records(log):
    with log.read() as look:
        for size in range(1, 7):
            root = merkle_log.root_of([certificate_log.leaf_of(e) for e in entries(log)[:size]])
            for one in entries(log)[:size]:
                path = certificate_log.inclusion(look, leaf=one.leaf, size=size)
                leaf = certificate_log.leaf_of(one)
                assert merkle_log.is_included(leaf, leaf=one.leaf, size=size, root=root, path=path)


def test_the_log_is_proven_to_continue_every_checkpoint_that_was_kept(log):
    roots = [merkle_log.root_of([certificate_log.leaf_of(e) for e in entries(log)[:size]]) for size in range(7)]
    with log.read() as look:
        for old in range(1, 7):
            path = certificate_log.consistency(look, old=old, new=6)
            assert merkle_log.is_continued(old=old, old_root=roots[old], new=6, new_root=roots[6], path=path)


@pytest.mark.parametrize(("leaf", "size"), [(6, 6), (0, 7), (-1, 6), (0, 0), (5, 1 << 40)])
def test_there_is_no_proof_of_what_was_not_entered(log, leaf, size):
    with log.read() as look, pytest.raises(Unknown):
        certificate_log.inclusion(look, leaf=leaf, size=size)


def test_a_log_without_a_fault_is_whole(log):
    heard = []
    found = log_check.look_through(log, told=lambda done, of: heard.append((done, of)))
    assert found == whole(log)
    assert heard[-1] == (6, 6)


def test_a_shop_that_sold_nothing_has_a_whole_log(shop):
    assert log_check.look_through(shop) == Whole(0)


def break_in(shop, *statements):
    """Somebody with the records before them and no key changes what stands there."""
    with shop.records.engine.connect() as line:
        line.exec_driver_sql("COMMIT")
        line.exec_driver_sql("PRAGMA foreign_keys=OFF")
        line.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        for statement in statements:
            assert line.execute(text(statement)).rowcount > 0, statement
        line.exec_driver_sql("PRAGMA ignore_check_constraints=OFF")
        line.exec_driver_sql("PRAGMA foreign_keys=ON")
        line.exec_driver_sql("BEGIN")


def broken(shop, **kept):
    found = log_check.look_through(shop, **kept)
    assert isinstance(found, Broken), "nobody saw it"
    return found.where


ALTERED = {
    "leaf": ("leaf = 60 WHERE leaf = 3", "entry 3"),
    "leaf, beyond the end": ("leaf = 6 WHERE leaf = 5", "entry 5"),
    "leaf, before the first": ("leaf = -1 WHERE leaf = 3", "entry 0"),
    "act": ("act = 'voided' WHERE leaf = 3", "entry 3"),
    "act, nobody's": ("act = 'lost' WHERE leaf = 3", "entry 3"),
    "at, no moment": ("at = 'soon' WHERE leaf = 3", "entry 3"),
    "at": ("at = '2026-11-23 10:00:01.000000' WHERE leaf = 3", "entry 3"),
    "at, a part of a second": ("at = '2026-11-23 10:00:00.000001' WHERE leaf = 3", "entry 3"),
    "certificate_id": ("certificate_id = (SELECT certificate_id FROM log_entry WHERE leaf = 0) WHERE leaf = 3", None),
    "certificate_id, of nobody": ("certificate_id = 'nobody' WHERE leaf = 3", "entry 3"),
    "seal": ("seal = (SELECT seal FROM log_entry WHERE leaf = 0) WHERE leaf = 3", "entry 3"),
    "nodes, the leaf's own": ("nodes = zeroblob(length(nodes)) WHERE leaf = 4", "entry 4"),
    "nodes, one more": ("nodes = nodes || nodes WHERE leaf = 4", "entry 4"),
}


@pytest.mark.parametrize("column", ALTERED)
def test_an_entry_that_is_altered_is_noticed(log, column):
    change, where = ALTERED[column]
    break_in(log, f"UPDATE log_entry SET {change}")
    assert broken(log) == (where or "entry 3")


def test_every_column_of_the_log_has_its_test():
    assert {column.partition(",")[0] for column in ALTERED} == set(LogEntry.model_fields)
    assert {column.partition(",")[0] for column in HEADS} == set(LogHead.model_fields) - {"id"}


HEADS = {
    "origin": "origin = 'vitrine.log/another'",
    "size": "size = 5",
    "peaks": "peaks = zeroblob(64)",
    "key_id": "key_id = '00000000'",
    "signature": "signature = 'A' || substr(signature, 2)",
}


@pytest.mark.parametrize("column", HEADS)
def test_a_head_that_is_altered_is_noticed(log, column):
    break_in(log, f"UPDATE log_head SET {HEADS[column]}")
    assert broken(log) in ("the head", "entry 5")


@pytest.mark.parametrize("leaf", range(6))
def test_an_entry_that_is_taken_out_is_noticed(log, leaf):
    break_in(log, f"DELETE FROM log_entry WHERE leaf = {leaf}")
    assert broken(log) == f"entry {leaf}"


def test_a_head_that_is_taken_out_is_noticed(log):
    break_in(log, "DELETE FROM log_head")
    assert broken(log) == "the head"


def test_a_log_that_is_taken_out_whole_is_noticed(log):
    break_in(log, "DELETE FROM log_head", "DELETE FROM log_entry")
    assert broken(log) == "certificate NC-PT950-012"


def test_a_log_that_is_rewritten_whole_lacks_the_houses_signature(log):
    """The most somebody without the key can do: a log in which every hash fits."""
    break_in(log, "DELETE FROM log_head", "DELETE FROM log_entry WHERE leaf > 1", "DELETE FROM log_entry")
    leaves, peaks = [], []
    kept = log.keys
    with log.read() as look:
        certificates = list(look.exec(select(Certificate).order_by(Certificate.serial)))
    rows = []
    for i, one in enumerate(certificates):
        row = {"leaf": i, "act": LogAct.ISSUED, "at": one.issued_at, "certificate_id": one.id}
        row |= {"seal": certificate_log.seal_of(one).hex()}
        nodes, peaks = merkle_log.grown(peaks, i, certificate_log.leaf_of(row))
        rows.append({**row, "nodes": b"".join(nodes)})
        leaves.append(nodes[0])
    with log.jot() as tx:
        tx.add_all(LogEntry(**row) for row in rows)
        signature = kept.sign(b"something the house did sign")
        tx.add(LogHead(id=1, origin="o", size=5, peaks=b"".join(peaks), key_id=kept.key_id, signature=signature))
    assert broken(log) == "the head"


def altered_certificate(change):
    return f"UPDATE certificate SET {change} WHERE serial = 'NC-PT950-014'"


BOOKS = {
    "gtin": ("gtin = '09521234543220'", "entry 2"),
    "serial": ("serial = 'NC-PT950-049'", "entry 2"),
    "statement": ("statement = replace(statement, '5800', '5900')", "entry 2"),
    "statement, no words": ("statement = 'x'", "entry 2"),
    "signature": ("signature = 'A' || substr(signature, 2)", "entry 2"),
    "key_id": ("key_id = '00000000'", "entry 2"),
    "issued_at": ("issued_at = '2026-11-22 23:31:00.000000'", "entry 2"),
    "state": ("state = 'valid'", "certificate NC-PT950-014"),
    "id": ("id = 'another'", "entry 2"),
    "piece_id": ("piece_id = (SELECT min(id) FROM piece)", "entry 2"),
}


@pytest.mark.parametrize("column", BOOKS)
def test_books_that_say_something_else_than_the_log_are_noticed(log, column):
    change, where = BOOKS[column]
    break_in(log, altered_certificate(change))
    assert broken(log) == where


def printed_again(sale, issued, *, entered):
    """The certificate's slip, and a copy of it: entered in the log, or only in the books."""
    its = f"authenticity:{issued.gtin}:{issued.serial}"
    slip = {"kind": "authenticity", "facts": {}, "state": JobState.CONFIRMED, "queued_at": SOLD_AT}
    with sale.shop.write() as tx:
        if tx.get(PrintJob, "first") is None:
            tx.add(PrintJob(id="first", original_of=its, **slip))
            tx.flush()
        tx.add(PrintJob(id=f"copy {entered}", copy_of="first", copy_number=2 - entered, **slip))
        if entered:
            certificate.copied(tx, original_of=its)
        audit.record(tx, "slip copied", "first", by="test")


def test_a_copy_the_log_or_the_books_do_not_know_is_noticed(sale, shop):
    issued = sell(sale)
    printed_again(sale, issued, entered=True)
    assert isinstance(log_check.look_through(shop), Whole)
    printed_again(sale, issued, entered=False)
    where = f"certificate {issued.serial}"
    assert log_check.look_through(shop) == Broken(where, "the books have 2 copies of its slips, the log 1")
    with shop.jot() as tx:
        tx.exec(text("DELETE FROM print_job WHERE copy_of IS NOT NULL"))
    assert log_check.look_through(shop) == Broken(where, "the books have 0 copies of its slips, the log 1")


def test_a_certificate_that_was_slipped_into_the_books_is_noticed(log):
    break_in(
        log,
        "INSERT INTO certificate SELECT 'x', piece_id, order_id, gtin, 'NC-PT950-050', 'x', statement, signature,"
        " key_id, 'returned', issued_at, 0, NULL FROM certificate WHERE serial = 'NC-PT950-012'",
    )
    assert broken(log) == "certificate NC-PT950-050"


def test_the_end_cut_off_with_its_head_is_shown_by_a_checkpoint_somebody_kept(log, sale):
    """Head, entry and books are all taken back to yesterday: within the records everything fits."""
    yesterday = head(log)
    sell(sale, 17)
    kept = certificate_log.note_of(head(log), log.keys)
    break_in(
        log,
        "DELETE FROM log_entry WHERE leaf = 6",
        "DELETE FROM certificate WHERE serial = 'NC-PT950-017'",
        f"UPDATE log_head SET size = 6, signature = '{yesterday.signature}', peaks = x'{yesterday.peaks.hex()}'",
    )
    assert log_check.look_through(log) == whole(log)
    assert broken(log, kept=kept) == "entry 6"


def test_a_checkpoint_that_was_kept_agrees_with_the_log_that_grew_since(log, sale):
    kept = certificate_log.note_of(head(log), log.keys)
    sell(sale, 17)
    assert log_check.look_through(log, kept=kept) == whole(log)


def test_another_logs_checkpoint_is_not_ours(log, sale):
    kept = certificate_log.note_of(head(log), log.keys)
    break_in(log, "DELETE FROM log_entry", "DELETE FROM log_head", "DELETE FROM certificate")
    sell(sale, 17)
    assert broken(log, kept=kept) == "the head"


@pytest.mark.parametrize("kept", ["", "nonsense", "o\n1\nAAAA\n\n— o AAAA\n"])
def test_what_is_no_checkpoint_of_ours_compares_with_nothing(log, kept):
    with pytest.raises(Unknown):
        log_check.look_through(log, kept=kept)


def test_certificates_from_before_the_log_are_taken_in_once(log):
    break_in(log, "DELETE FROM log_entry", "DELETE FROM log_head")
    for taken in (5, 0):
        with log.write() as tx:
            audit.record(tx, "log begun", None, by="test")
            assert certificate_log.take_in(tx) == taken
    assert [one.act for one in entries(log)].count(LogAct.RETURNED) == 1
    assert log_check.look_through(log) == whole(log)


def test_the_moment_is_kept_to_the_second(sale, shop, clock):
    sell(sale)
    clock.move(timedelta(days=1, microseconds=999_999))
    give_back(sale)
    assert entries(shop)[1].at == datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
