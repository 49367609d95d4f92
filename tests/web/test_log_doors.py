"""Anyone follows the log and checks it without us: its signed head, its entries, its proofs."""

import base64

import pytest
import rfc8785
from sqlmodel import select

from pos.models import Certificate
from pos.proof import certificate_log, log_beginning, merkle_log, signed_note
from pos.proof.keys import public_key
from tests.proof.test_certificate_log import break_in, give_back, sell


@pytest.fixture
def log(sale, shop):
    """Three pieces sold, the last returned."""
    for number in (12, 13, 14):
        sell(sale, number)
    give_back(sale)
    return shop


def head(web, log):
    key = public_key(web.get(f"/keys/{log.keys.key_id}.pub").text)
    return signed_note.verified(web.get("/log/checkpoint").text, key=key)


def unwritten(told):
    return [base64.b64decode(one) for one in told["proof"]]


def leaf(entry):
    return merkle_log.leaf_hash(rfc8785.dumps(entry))


def test_the_head_is_signed_and_is_that_of_the_entries(web, log):
    told = web.get("/log/entries").json()
    assert told["first"] == 0
    assert [one["act"] for one in told["entries"]] == ["issued", "issued", "issued", "returned"]
    checkpoint = head(web, log)
    assert checkpoint.size == 4
    assert checkpoint.root == merkle_log.root_of([leaf(one) for one in told["entries"]])


def test_an_entry_is_proven_by_number(web, log):
    checkpoint = head(web, log)
    for number in range(4):
        entry = web.get(f"/log/entries?first={number}&past={number + 1}").json()["entries"][0]
        path = unwritten(web.get(f"/log/proof/inclusion/{number}/{checkpoint.size}").json())
        assert merkle_log.is_included(leaf(entry), leaf=number, size=4, root=checkpoint.root, path=path)


def test_a_log_that_grew_is_proven_to_be_the_same(web, log, sale):
    before = head(web, log)
    sell(sale, 15)
    now = head(web, log)
    path = unwritten(web.get(f"/log/proof/consistency/{before.size}/{now.size}").json())
    assert merkle_log.is_continued(old=before.size, old_root=before.root, new=now.size, new_root=now.root, path=path)


def test_who_has_a_certificate_finds_what_the_log_says_of_it(web, log):
    with log.read() as look:
        issued = look.exec(select(Certificate).where(Certificate.serial == "NC-PT950-014")).one()
    told = web.get(f"/log/proof/certificate/{certificate_log.seal_of(issued).hex()}").json()
    checkpoint = signed_note.verified(told["checkpoint"], key=log.keys.public[log.keys.key_id])
    assert [one["entry"]["act"] for one in told["entries"]] == ["issued", "returned"]
    for one in told["entries"]:
        proven = {"leaf": one["leaf"], "size": checkpoint.size, "root": checkpoint.root, "path": unwritten(one)}
        assert merkle_log.is_included(leaf(one["entry"]), **proven)


def test_tools_that_check_notes_get_the_key(web, log):
    name, named, raw = web.get("/log/key").text.strip().split("+", 2)
    assert name == head(web, log).origin
    key = log.keys.public[log.keys.key_id]
    assert (named, base64.b64decode(raw)) == (signed_note.key_hash(name, key).hex(), b"\x01" + key.public_bytes_raw())


@pytest.mark.parametrize(
    "path",
    [
        "/log/proof/inclusion/4/4",
        "/log/proof/inclusion/0/5",
        "/log/proof/inclusion/-1/4",
        "/log/proof/inclusion/x/4",
        "/log/proof/inclusion/0/99999999999999999999",
        "/log/proof/consistency/0/4",
        "/log/proof/consistency/3/2",
        "/log/proof/certificate/" + "0" * 64,
        "/log/proof/certificate/NC-PT950-014",
        "/log/entries?first=x",
        "/log/entries?past=-1",
    ],
)
def test_there_is_no_proof_of_what_is_not_there(web, log, path):
    answer = web.get(path)
    assert (answer.status_code, answer.json()) == (404, {"error": "unknown"})


def test_a_log_in_which_nothing_is_yet_has_no_head(web, shop):
    assert web.get("/log/checkpoint").status_code == web.get("/log/key").status_code == 404
    assert web.get("/log/entries").json() == {"first": 0, "entries": []}


def test_a_stranger_learns_from_it_no_piece_and_no_person(web, log, sale):
    said = web.get("/log/entries").text + web.get("/log/checkpoint").text
    for private in ("NC-PT", "09521234543213", "Corner", sale.order.code, "tablet"):
        assert private not in said


def test_it_is_open_but_not_for_a_flood(web, log):
    assert {web.get("/log/entries?first=0&past=1").status_code for _ in range(120)} == {200}
    answer = web.get("/log/entries")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")


def test_records_that_cannot_be_reached_say_so(web, log):
    with log.records.writing.begin() as breaking:
        breaking.exec_driver_sql("ALTER TABLE log_entry RENAME TO lost")
    assert web.get("/log/entries").status_code == 503


def test_a_shop_that_sold_before_there_was_a_log_begins_one_at_its_start(web, log):
    break_in(log, "DELETE FROM log_entry", "DELETE FROM log_head")
    assert [log_beginning.begin(log) for _ in range(2)] == [3, 0]
    assert head(web, log).size == 4


def test_the_z_report_has_words_to_witness_it(log, web):
    with log.read() as look:
        name, size, root = certificate_log.witnessed(look)
    assert web.get("/log/checkpoint").text.startswith(f"{name}\n{size}\n{root}\n")


def test_a_shop_that_sold_nothing_has_nothing_to_witness(shop):
    with shop.read() as look:
        assert certificate_log.witnessed(look) == ()
