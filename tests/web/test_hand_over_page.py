"""On the public page a piece is passed on by two codes, without a login, a cookie or a script."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from pos.books import audit
from pos.models import HandOver
from pos.proof import certificate
from pos.web.hand_over_page import WORDS


@pytest.fixture
def issued(sale):
    return sale.certify()


@pytest.fixture
def address(shop, issued):
    return certificate.link(shop, issued) + "&do=hand-over"


def mark(web, address):
    return re.search(r'name="mark" value="(\w+)"', web.get(address).text)[1]


def send(web, address, *, headers=None, **said):
    return web.post(address, data={"mark": mark(web, address), **said}, headers=headers or {})


def the_code(answer):
    return re.search(r'class="code">([^<]+)<', answer.text)[1]


def test_the_page_of_a_certificate_in_force_leads_there(web, address):
    page = web.get(address.replace("&do=hand-over", "")).text
    led = re.search(r'href="(\?[^"]*do=hand-over[^"]*)"', page)[1].replace("&amp;", "&")
    assert WORDS["en"]["short_line"] in web.get(address.split("?")[0] + led).text.replace("&#x27;", "'")


def test_the_owner_gets_a_code_and_the_new_one_confirms(web, shop, address, issued):
    told = send(web, address, short=issued.short_code.lower())
    assert told.status_code == 200
    assert "7 December 2026, 10:00 UTC" in told.text
    done = send(web, address, code=the_code(told))
    assert done.status_code == 303
    page = web.get(done.headers["location"], headers={"Accept": "text/html"})
    page = web.get(address.split("?")[0] + done.headers["location"])
    assert 'data-state="transferred"' in page.text
    assert "<b>Valid, and passed on</b>" in page.text
    assert "23 November 2026, 10:00 UTC" in page.text


def test_in_french_too(web, address, issued):
    told = send(web, address + "&lang=fr", short=issued.short_code)
    assert "jusqu’au 7 décembre 2026" in told.text


@pytest.mark.parametrize(
    ("said", "words"), [({"code": "3333-3333-3333"}, "wrong_code"), ({"short": "x"}, "wrong_short")]
)
def test_a_wrong_code_is_refused_and_the_next_one_waits(web, address, said, words):
    refused = send(web, address, **said)
    assert refused.status_code == 422
    assert WORDS["en"][words] in refused.text
    waits = send(web, address, **said)
    assert waits.status_code == 429
    assert "try again in 1 s" in waits.text


@pytest.mark.parametrize(
    "way",
    [
        {"headers": {"Sec-Fetch-Site": "cross-site"}},
        {"headers": {"Sec-Fetch-Site": "same-site"}},
        {"mark": "0" * 64},
        {"mark": ""},
        {"mark": "é"},
    ],
)
def test_a_form_that_is_not_from_our_page_changes_nothing(web, shop, address, issued, way):
    refused = send(web, address, short=issued.short_code, **way)
    assert refused.status_code == 403
    with shop.read() as look:
        assert look.exec(select(HandOver)).all() == []


def test_a_form_of_another_certificate_or_of_yesterday_is_refused(web, shop, clock, address, issued):
    old = mark(web, address)
    clock.move(timedelta(hours=1))
    assert web.post(address, data={"mark": old, "short": "x"}).status_code == 422
    clock.move(timedelta(hours=1))
    assert web.post(address, data={"mark": old, "short": issued.short_code}).status_code == 403


def test_a_flood_is_not_read(web, address):
    flood = web.post(address, content=b"short=" + b"x" * 5000)
    assert flood.status_code == 403
    assert web.post(address, content=b"&".join([b"a=1"] * 50)).status_code == 403


def test_a_piece_that_came_back_is_not_passed_on(web, shop, sale, address, issued):
    with shop.write() as tx:
        audit.record(tx, "refund", sale.order.code, by="test")
        certificate.returned(tx, piece_ids=[sale.piece.id], order_id=sale.order.id)
    assert web.get(address).status_code == 409
    assert "do=hand-over" not in web.get(address.replace("&do=hand-over", "")).text


def test_without_the_houses_signature_there_is_no_form(web, address):
    for bad in (address.replace("-012", "-013"), re.sub(r"s=[^&]*&", "", address)):
        answer = web.post(bad, data={"short": "x"})
        assert answer.status_code in (404, 422)
        assert "<form" not in answer.text


def test_the_form_may_be_sent_to_ourselves_alone_and_leaves_no_cookie(web, address, issued):
    for answer in (web.get(address), send(web, address, short=issued.short_code)):
        policy = answer.headers["content-security-policy"]
        assert "form-action 'self'" in policy
        assert "unsafe" not in policy + answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers
        assert "<script" not in answer.text
