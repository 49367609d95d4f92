"""What each slip says, and what it refuses to say."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import zxingcpp
from PIL import Image

from pos.paper import document as d
from pos.paper import slips
from pos.paper.escpos import render
from pos.paper.models import GENERIC_58, GENERIC_80, PrinterModel
from pos.paper.preview import preview
from pos.paper.slips import facts as kept_facts
from pos.paper.slips import words
from tests.paper.house import BALANCE, CARD, DEPOSIT, PICKUP, PIECE, REFUND, SALE, SLIPS, SUPPLIER, TEST, vat

LANGUAGES = pytest.mark.parametrize("language", ["en", "fr"])


def slip(kind: str, facts: kept_facts.AnyFacts, language: str = "en") -> d.Document:
    return slips.document(kind, facts=slips.plain(facts), language=language)


def said(document: d.Document) -> list[str]:
    lines: list[str] = []
    for block in document.blocks:
        match block:
            case d.Heading() | d.Text():
                lines.append(block.text)
            case d.Row():
                lines.append(f"{block.left} | {block.right}")
            case d.Fact():
                lines.append(f"{block.label} | {block.fact}")
            case d.Table():
                lines += [" | ".join(row) for row in (block.head, *block.rows)]
    return lines


def test_a_sales_receipt_says_what_vat_law_asks_for() -> None:
    lines = said(slip("sales", SALE))
    assert lines[:3] == ["Vitrine", "Lantern Arcade", "14 Lantern Arcade, London ZZ99 1AA"]
    assert lines[3:5] == [SUPPLIER.phone, "VAT No. GB 000 0000 00"]
    for line in (
        "Receipt | LA-000123",
        "Date | 22 November 2026, 14:05 GMT",
        "Owner’s tag, platinum | £880.00",
        "Owner and pet, together | -£50.00",
        "Total | £1,450.00",
        "20% | £1,208.33 | £241.67 | £1,450.00",
    ):
        assert line in lines


def test_it_says_what_the_card_schemes_ask_for() -> None:
    lines = said(slip("sales", SALE))
    for line in ("Visa ···· 4242 | £1,450.00", "Read | Contactless", "Application | VISA CREDIT",
                 "AID | A0000000031010", "Authorisation | 123456", "Verified by | Not required"):  # fmt: skip
        assert line in lines
    assert not any("signature" in line.lower() for line in lines)


@LANGUAGES
@pytest.mark.parametrize("cvm", ["signature", "offline_pin_and_signature"])
def test_a_card_that_wants_a_signature_gets_a_line_for_it(cvm: str, language: str) -> None:
    signed = replace(SALE, tenders=(replace(CARD, cvm=cvm),))
    assert words.say("fr" if language == "fr" else "en", "signature") in said(slip("sales", signed, language))


def test_a_deposit_shows_what_is_paid_and_what_is_due() -> None:
    lines = said(slip("deposit", DEPOSIT))
    for line in ("Order total | £980.00", "Paid now | £294.00", "Due later | £686.00",
                 "20% | £245.00 | £49.00 | £294.00", DEPOSIT.promised):  # fmt: skip
        assert line in lines


def test_a_deposit_says_what_was_agreed_word_for_word_and_when() -> None:
    lines = said(slip("deposit", DEPOSIT))
    consent = DEPOSIT.keep_card
    assert consent is not None
    for line in ("Terms of sale 2026-11, accepted 22 November 2026, 14:03 GMT.", "Your card for the balance",
                 consent.text, "You agreed to this (version 2026-11) on 22 November 2026, 14:03 GMT."):  # fmt: skip
        assert line in lines
    plain = said(slip("deposit", replace(DEPOSIT, keep_card=None, agreed=None), "fr"))
    assert not any("2026-11" in line or line == "Votre carte pour le solde" for line in plain)


def test_a_balance_shows_what_was_paid_before() -> None:
    lines = said(slip("balance", BALANCE, "fr"))
    for line in ("Déjà payé | 294,00\u00a0£", "Payé ce jour | 686,00\u00a0£", "Reste dû | 0,00\u00a0£"):
        assert line in lines


def test_the_authenticity_receipt_has_no_price() -> None:
    for language in ("en", "fr"):
        assert not any("£" in line or "€" in line for line in said(slip("authenticity", PIECE, language)))


def test_the_authenticity_receipt_says_what_is_known_and_no_more() -> None:
    lines = said(slip("authenticity", PIECE))
    for line in ("No. 12 of 50", "Metal | Platinum 950", "Fineness | 950 ‰", "Weight | 6.20\u00a0g",
                 "Hallmark | VTN\u00a0· 950\u00a0· Demonstration", "Engraving | ZOË & BISCUIT", "Serial | NC-PT-012",
                 "7F3K-92QD", "The Notebook corner capsule"):  # fmt: skip
        assert line in lines
    assert not any(line.startswith("Size") for line in lines)
    assert "It does not prove the metal: the hallmark does." in " ".join(lines)


@pytest.mark.parametrize(
    ("marks", "exemption", "line"),
    [
        ((), "under 7.78 g of silver", "Hallmark | Exempt: under 7.78 g of silver"),
        ((), "", "Hallmark | None recorded"),
        (("VTN", "925"), "", "Hallmark | VTN\u00a0· 925"),
    ],
)
def test_no_mark_is_printed_that_is_not_recorded(marks: tuple[str, ...], exemption: str, line: str) -> None:
    assert line in said(slip("authenticity", replace(PIECE, marks=marks, exemption=exemption)))


def test_a_pickup_says_when_and_what_is_due() -> None:
    lines = said(slip("pickup", PICKUP))
    for line in ("Tuesday 24 November 2026", "14:30–15:00", "GMT", "9HXM-4TRC", "Balance due at pickup | £686.00"):
        assert line in lines
    assert "Nothing left to pay" in said(slip("pickup", replace(PICKUP, balance_due_minor=0)))
    assert "Mardi 24 novembre 2026" in said(slip("pickup", PICKUP, "fr"))


def test_times_are_the_boutiques_own() -> None:
    summer = datetime(2027, 7, 1, 23, 30, tzinfo=UTC)
    assert words.moment(summer, "Europe/London", "en") == "2 July 2027, 00:30 BST"
    assert words.moment(summer, "Europe/Paris", "fr") == "2 juillet 2027, 01:30 CEST"
    assert words.moment(summer, "Asia/Dubai", "fr") == "2 juillet 2027, 03:30 UTC+04"
    assert words.day(datetime(2027, 3, 1, 12, tzinfo=UTC), "Europe/Paris", "fr") == "1er mars 2027"


def test_weights_and_rates_are_written_out() -> None:
    weighed = [words.grams(mg, "en").replace("\u00a0", " ") for mg in (6200, 494, 495, 7780)]
    assert weighed == ["6.20 g", "0.49 g", "0.50 g", "7.78 g"]
    assert [words.percent(bp, "en") for bp in (2000, 550, 525, 0)] == ["20%", "5.5%", "5.25%", "0%"]
    assert words.percent(550, "fr") == "5,5\u00a0%"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"total_minor": 150000}, "lines less savings"),
        ({"paid_minor": 145001}, "paid and due"),
        ({"vat": ()}, "VAT rows"),
        ({"tenders": ()}, "tenders"),
        ({"savings": ()}, "by 5000"),
    ],
)
def test_a_receipt_that_does_not_add_up_is_not_printed(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(SALE, **changes)  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        slips.document("sales", facts=slips.plain(SALE) | {"total_minor": 1}, language="en")


def test_facts_that_do_not_fit_are_refused() -> None:
    for wrong in ({"number": 51}, {"exemption": "small"}, {"issued_at": "2026-11-22T14:05:00"}, {"stones": "none"}):
        with pytest.raises(ValueError):
            slips.document("authenticity", facts=slips.plain(PIECE) | wrong, language="en")
    with pytest.raises(ValueError):
        slips.document("poem", facts={}, language="en")
    with pytest.raises(ValueError, match="de"):
        slips.document("sales", facts=slips.plain(SALE), language="de")


@pytest.mark.parametrize("model", [GENERIC_80, GENERIC_58], ids=lambda model: model.name)
@pytest.mark.parametrize(
    ("kind", "payload"),
    [("authenticity", PIECE.verify_url), ("pickup", PICKUP.payload), ("test", TEST.address)],
)
def test_the_code_on_the_picture_can_be_read(kind: str, payload: str, model: PrinterModel) -> None:
    import io

    picture = Image.open(io.BytesIO(preview(slip(kind, SLIPS[slips.Kind(kind)]), model=model))).convert("L")
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [payload]


def test_a_copy_says_so_at_its_head_and_beside_its_code() -> None:
    original = slip("authenticity", PIECE)
    copy = slips.CopyFacts(number=2, at=PIECE.issued_at, zone=PIECE.zone, by="Manager", why="Paper torn")
    copied = slips.as_copy(original, copy)
    assert said(copied)[:3] == [
        "Copy 2",
        "Copy 2 · printed 22 November 2026, 14:05 GMT · Manager",
        "Reason: Paper torn",
    ]
    after_code = copied.blocks[copied.blocks.index(d.QR(payload=PIECE.verify_url)) + 1]
    assert after_code == d.Text(text="Copy 2", align=d.Align.CENTRE, weight=d.Weight.BOLD)
    unmarked = [block for block in copied.blocks[5:] if block != after_code]
    assert unmarked == list(original.blocks)


def test_a_sale_of_three_hundred_lines_is_whole() -> None:
    line = kept_facts.LineFacts(name="Slim chain, vermeil", gross_minor=1, detail="No. 1 of 60")
    long = replace(
        SALE, lines=(line,) * 300, savings=(), vat=(), tenders=(), total_minor=300, paid_minor=0, due_later_minor=300
    )  # fmt: skip
    sent = render(slip("deposit", long), model=GENERIC_80)
    assert sent.count(b"Slim chain, vermeil") == 300


def test_an_order_line_of_several_pieces_says_the_price_of_each() -> None:
    pair = kept_facts.LineFacts(name="Split ring", quantity=2, gross_minor=3000, detail="steel")
    odd = kept_facts.LineFacts(name="Cord", quantity=3, gross_minor=1000)
    sale = replace(
        SALE, lines=(pair, odd), savings=(), total_minor=4000, paid_minor=4000, vat=(vat(4000),),
        tenders=(replace(CARD, amount_minor=4000),),
    )  # fmt: skip
    lines = said(slip("sales", sale))
    assert "2 × £15.00 · steel" in lines
    assert "× 3" in lines


def test_a_refund_slip_says_what_a_credit_note_must() -> None:
    lines = said(slip("refund", REFUND))
    for line in (
        "Refund | LA-R000017",
        "Of receipt | LA-000124",
        "Of receipt | LA-000198",
        "Allowed by | House manager",
        "Reason | Wrong size · comes in 45 only",
        "Corner charm, platinum | £980.00",
        "20% | £895.83 | £179.17 | £1,075.00",
        "To Mastercard ····\u00a04444 | £686.00",
        "In 5 to 10 days, as the card’s bank takes.",
        "Hold released: nothing was taken from the card.",
        "In cash | £194.00",
        "Store credit ····\u00a03HWD | £60.00",
    ):
        assert line in lines
    assert any("NC-PT-007, NC-CH-031-2 are no longer valid" in line for line in lines)


def test_only_cash_is_signed_for_and_only_a_returned_piece_ends_a_certificate() -> None:
    to_the_card = replace(
        REFUND, certificates=(), roads=(slips.RoadFacts(road="card", amount_minor=107500, brand="visa", last4="4242"),)
    )
    lines = said(slip("refund", to_the_card))
    assert not any("signature" in line or "certificate" in line for line in lines)
    assert any("signature" in line for line in said(slip("refund", REFUND)))


def test_a_refund_whose_roads_do_not_come_to_its_lines_is_not_printed() -> None:
    with pytest.raises(ValueError, match="roads"):
        replace(REFUND, roads=REFUND.roads[:1])
    with pytest.raises(ValueError, match="VAT rows"):
        replace(REFUND, vat=(vat(100),))
