"""What the papers say that are asked for after a sale, and those of the house; and what they refuse to say."""

import io
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image

from pos.catalogue.engraving import Limits
from pos.cutting import proof
from pos.cutting.ground import ground_of
from pos.cutting.setting import set_words
from pos.paper import document as d
from pos.paper import slips
from pos.paper.models import GENERIC_58, GENERIC_80, PrinterModel
from pos.paper.preview import preview
from pos.paper.slips import words
from pos.paper.slips.drawn_proof import drawn_proof
from pos.paper.slips.engraving_proof import engraving_proof
from tests.paper.house import SALE, vat
from tests.paper.house_papers import CARE, CLOSED, DAY, EXCHANGE, INVOICE, JOB, LABEL, PAPERS, PARCEL, PRESENT
from tests.paper.test_slips import LANGUAGES, said, slip

BOTH_WIDTHS = pytest.mark.parametrize("model", [GENERIC_80, GENERIC_58], ids=lambda model: model.name)


@LANGUAGES
@pytest.mark.parametrize("kind", ["gift_receipt", "card"])
def test_a_present_s_papers_never_say_what_it_cost(kind: str, language: str) -> None:
    assert not any("£" in line or "€" in line for line in said(slip(kind, PAPERS[slips.Kind(kind)], language)))


def test_a_gift_receipt_says_what_it_is_and_until_when_its_code_exchanges_it() -> None:
    lines = said(slip("gift_receipt", PRESENT))
    for line in ("Owner’s tag, platinum", "K7QF-3HWD", "Exchange until | 6 December 2026", "Exchange code"):
        assert line in lines


def test_the_card_is_folded_between_the_piece_and_its_code_and_is_no_second_certificate() -> None:
    blocks = slip("card", CARE).blocks
    fold = blocks.index(d.Fold())
    assert d.Text(text="No. 12 of 50", align=d.Align.CENTRE, size=d.Size.LARGE) in blocks[:fold]
    assert d.QR(payload=CARE.piece.verify_url) in blocks[fold:]
    assert "This card goes with the certificate NC-PT-012 and does not replace it." in said(slip("card", CARE))


def test_a_full_invoice_says_what_the_law_asks_for() -> None:
    lines = said(slip("invoice", INVOICE))
    for line in (
        "VAT No. GB 000 0000 00",
        "Invoice | LA-I000004",
        "Date of issue | 25 November 2026",
        "Time of supply | 22 November 2026",
        "Quayside Studios Ltd",
        "Unit 4, Rope Walk",
        "Corner charm, platinum | £245.00",
        "1 × £245.00 · VAT 20% · No. 7 of 50",
        "2 × £12.50 · VAT 20%",
        "Total without VAT | £270.00",
        "VAT | £54.00",
        "20% | £270.00 | £54.00 | £324.00",
    ):
        assert line in lines


def test_an_invoice_whose_lines_are_not_its_vat_is_not_printed() -> None:
    with pytest.raises(ValueError, match="VAT rows"):
        replace(INVOICE, lines=INVOICE.lines[:1])
    with pytest.raises(ValueError, match="total"):
        replace(INVOICE, total_minor=1)


def test_a_receipt_above_the_simplified_limit_says_that_a_full_invoice_is_written_on_request() -> None:
    on_request = words.say("en", "full_invoice")
    assert on_request in said(slip("sales", SALE))
    small = replace(
        SALE, lines=(slips.LineFacts(name="Cord", gross_minor=25000),), savings=(), vat=(vat(25000),),
        tenders=(replace(SALE.tenders[0], amount_minor=25000),), total_minor=25000, paid_minor=25000,
    )  # fmt: skip
    assert on_request not in said(slip("sales", small))


def test_an_exchange_shows_both_sides_and_what_was_paid_on_top() -> None:
    lines = said(slip("exchange", EXCHANGE))
    assert {"Paid with what came back | -£95.00", "Paid on top | £10.00", "Refund | LA-R000017"} <= set(lines)
    even = said(slip("exchange", replace(EXCHANGE, out_minor=9500, left_minor=1500)))
    assert {"Nothing on top", "Left on the store credit | £15.00"} <= set(even)


def test_the_bench_is_told_what_the_customer_is_not_and_the_customer_signs_the_words() -> None:
    bench, customer = said(slip("job_bench", JOB)), said(slip("job_customer", JOB))
    assert f"Note | {JOB.note}" in bench
    assert not any(JOB.note in line for line in customer)
    assert "Line 1: 11 letters" in bench
    assert "I have read every letter: the customer’s signature" in customer
    uncut = replace(JOB, engraving=(), work=("Polish",))
    assert not any("signature" in line for line in said(slip("job_customer", uncut)))


@BOTH_WIDTHS
@pytest.mark.parametrize("kind", ["job_bench", "job_customer"])
def test_both_copies_bear_the_same_drawing_of_the_words(kind: str, model: PrinterModel) -> None:
    drawn = engraving_proof(JOB.engraving)
    assert drawn in slip(kind, JOB).blocks
    assert drawn.width <= model.dots


CORNER = ground_of(kind="charm", measures={"width": 22, "height": 22}, engraving={})
PROOF = proof.svg(
    set_words(["ZOË"], limits=Limits((9,), 2.5), on=CORNER),
    on=CORNER,
    title="NC-PT 12",
    salt="0f" * 16,
)


@BOTH_WIDTHS
@pytest.mark.parametrize("kind", ["job_bench", "job_customer"])
def test_what_the_customer_confirmed_stands_on_both_copies_as_it_was_seen(kind: str, model: PrinterModel) -> None:
    drawn = drawn_proof(PROOF)
    job = replace(JOB, engraving=("ZOË",), proof_svg=PROOF, proof_sha256="ab" * 32)
    assert drawn.picture in slip(kind, job).blocks
    assert drawn.picture.width <= model.dots
    lines = said(slip(kind, job))
    assert "Drawing abababababababab" in lines
    assert any(line.startswith("Drawn 2 times its size") for line in lines)


def test_another_letter_is_another_drawing() -> None:
    other = proof.svg(set_words(["ZOE"], limits=Limits((9,), 2.5), on=CORNER), on=CORNER, title="", salt="")
    assert drawn_proof(other).picture != drawn_proof(PROOF).picture
    with pytest.raises(ValueError, match="not a proof"):
        drawn_proof("<svg/>")


def test_the_drawing_is_as_large_as_the_longest_line_allows() -> None:
    assert engraving_proof(("Z",)).height > engraving_proof(("Z" * 24,)).height
    assert engraving_proof(("ZOË",)) != engraving_proof(("ZOE",))


def test_a_z_report_says_what_is_short_and_bears_the_log_and_an_x_does_neither() -> None:
    closed, open_ = said(slip("z_report", CLOSED)), said(slip("x_report", DAY))
    assert {"Z report No. 41", "Should be in it | £286.50", "Counted | £286.00", "Short | £0.50"} <= set(closed)
    assert set(CLOSED.checkpoint) <= set(closed)
    assert "The till goes on: nothing is closed by this report." in open_
    assert not set(CLOSED.checkpoint) & set(open_)


def test_a_report_that_does_not_add_up_is_not_printed() -> None:
    with pytest.raises(ValueError, match="VAT rows"):
        replace(DAY, takings=DAY.takings[1:])
    with pytest.raises(ValueError, match="refunds"):
        replace(DAY, back=())
    with pytest.raises(ValueError, match="drawer"):
        replace(DAY.drawer, expected_minor=1)


def test_a_parcel_is_never_worth_more_than_the_carrier_covers() -> None:
    assert "Insured value | £1,075.00" in said(slip("packing", PARCEL))
    with pytest.raises(ValueError, match="covers"):
        replace(PARCEL, cover_minor=100000)


def test_a_label_says_the_price_with_its_vat_and_how_many_there_will_ever_be() -> None:
    assert {"£980", "VAT included", "An edition of 50, numbered", "NC-PT"} <= set(said(slip("label", LABEL)))


def test_the_hand_out_says_the_law_s_weights_and_that_it_is_not_the_notice() -> None:
    lines = said(slip("notice", PAPERS[slips.Kind.NOTICE]))
    assert "Silver | 7.78\u00a0g | 800 925 958 999" in lines
    assert any("The Dealer’s Notice of the British Hallmarking Council stands on the counter" in line for line in lines)


@BOTH_WIDTHS
@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("card", CARE.piece.verify_url),
        ("gift_receipt", PRESENT.code),
        ("job_bench", JOB.job_no),
        ("label", LABEL.payload),
    ],
)
def test_the_code_on_the_paper_can_be_read(kind: str, payload: str, model: PrinterModel) -> None:
    drawn = preview(slip(kind, PAPERS[slips.Kind(kind)]), model=model)
    picture = Image.open(io.BytesIO(drawn)).convert("L")
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [payload]


def test_no_french_slip_lets_a_line_end_before_its_punctuation() -> None:
    for kind, told in PAPERS.items():
        for line in said(slip(kind, told, "fr")):
            assert not any(f" {sign}" in line for sign in ":;!?»"), line
            assert "« " not in line, line
