"""Invented slips: one house, one sale, one piece, told as the records tell them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pos.paper import slips

AT = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
ZONE = "Europe/London"
SUPPLIER = slips.SupplierFacts(
    name="Vitrine, Lantern Arcade",
    address=("14 Lantern Arcade", "London ZZ99 1AA"),
    vat_number="GB 000 0000 00",
    phone="020 7946 0142",
)
CARD = slips.TenderFacts(
    brand="visa", last4="4242", amount_minor=145000, aid="A0000000031010", application_name="VISA CREDIT",
    auth_code="123456", cvm="none", read_method="contactless_emv",
)  # fmt: skip
VERIFY_URL = (
    "https://id.vitrine.example/01/09520000000011/21/NC-PT-012"
    "?s=4D7C01AB.ABCDEFGHIJKLMNOPQRSTUVWXYZ." + "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" * 3 + "ABCDEFG"
)


def vat(gross: int) -> slips.VatFacts:
    inside = round(gross / 6)
    return slips.VatFacts(rate_bp=2000, net_minor=gross - inside, vat_minor=inside, gross_minor=gross)


SALE = slips.SaleFacts(
    supplier=SUPPLIER,
    receipt_no="LA-000123",
    order_no="K7QF-3HWD",
    issued_at=AT,
    zone=ZONE,
    cashier="Counter",
    till="Tablet 2",
    lines=(
        slips.LineFacts(name="Owner’s tag, platinum", detail="No. 12 of 50 · engraved “ZOË”", gross_minor=88000),
        slips.LineFacts(
            name="Companion’s tag, platinum", detail="No. 12 of 50 · engraved “BISCUIT”", gross_minor=62000
        ),
    ),
    savings=(slips.SavingFacts(name="Owner and pet, together", amount_minor=5000),),
    vat=(vat(145000),),
    tenders=(CARD,),
    total_minor=145000,
    paid_minor=145000,
)
DEPOSIT = replace(
    SALE,
    receipt_no="LA-000124",
    lines=(slips.LineFacts(name="Corner charm, platinum", detail="No. 7 of 50", gross_minor=98000),),
    savings=(),
    vat=(vat(29400),),
    tenders=(replace(CARD, amount_minor=29400, cvm="signature", read_method="contact_emv"),),
    total_minor=98000,
    paid_minor=29400,
    due_later_minor=68600,
    promised="Ready to collect from 14 January 2027.",
    agreed=slips.AgreedFacts(version="2026-11", at=AT - timedelta(minutes=2)),
    keep_card=slips.AgreedFacts(
        text=(
            "We keep this card with Stripe, our payment service, and charge it once: £686.00, the balance of this "
            "order and no more, when your piece is ready to collect."
        ),
        version="2026-11",
        at=AT - timedelta(minutes=2),
    ),
)
BALANCE = replace(
    DEPOSIT,
    receipt_no="LA-000198",
    vat=(vat(68600),),
    tenders=(
        replace(
            CARD,
            amount_minor=68600,
            brand="mastercard",
            cvm="online_pin",
            read_method="contact_emv",
            aid="A0000000041010",
            application_name="MASTERCARD",
        ),
    ),
    paid_minor=68600,
    paid_before_minor=29400,
    due_later_minor=0,
    promised="",
    agreed=None,
    keep_card=None,
)
MIXED = replace(
    SALE,
    receipt_no="LA-000131",
    tenders=(
        slips.TenderFacts(brand="store_credit", last4="92QD", amount_minor=30000, left_minor=1550),
        replace(CARD, amount_minor=80000),
        replace(
            CARD,
            amount_minor=20000,
            brand="mastercard",
            last4="4444",
            aid="A0000000041010",
            application_name="MASTERCARD",
            auth_code="654321",
        ),
        slips.TenderFacts(brand="", last4="", amount_minor=15000, tendered_minor=20000),
    ),
)
PIECE = slips.PieceFacts(
    supplier=SUPPLIER,
    capsule="Notebook corner",
    design="Corner charm",
    name="Corner charm, platinum",
    sku="NC-PT",
    number=12,
    edition_size=50,
    metal="Platinum 950",
    fineness=950,
    weight_mg=6200,
    marks=("VTN", "950", "Demonstration"),
    engraving=("ZOË & BISCUIT",),
    serial="NC-PT-012",
    short_code="7F3K-92QD",
    verify_url=VERIFY_URL,
    issued_at=AT,
    zone=ZONE,
)
PICKUP = slips.PickupFacts(
    supplier=SUPPLIER,
    order_no="K7QF-3HWD",
    code="9HXM-4TRC",
    payload="https://id.vitrine.example/collect/9HXM-4TRC",
    starts_at=datetime(2026, 11, 24, 14, 30, tzinfo=UTC),
    ends_at=datetime(2026, 11, 24, 15, 0, tzinfo=UTC),
    zone=ZONE,
    pieces=("Corner charm, platinum · No. 7 of 50 · “ZOË”", "Slim chain, vermeil · No. 31 of 60"),
    balance_due_minor=68600,
)
GIFT = slips.GiftFacts(
    supplier=SUPPLIER,
    last4="92QD",
    code="7F3K-4TRC-9HXM-K7QF-92QD",
    amount_minor=25000,
    issued_at=AT,
    zone=ZONE,
    expires_on="2028-11-22",
    order_no="K7QF-3HWD",
)
CREDIT = replace(GIFT, replaced=True, expires_on="", order_no="")
REFUND = slips.RefundFacts(
    supplier=SUPPLIER,
    refund_no="LA-R000017",
    receipts=("LA-000124", "LA-000198"),
    order_no="K7QF-3HWD",
    issued_at=AT,
    zone=ZONE,
    cashier="Counter",
    till="Tablet 2",
    manager="House manager",
    lines=(
        slips.LineFacts(name="Corner charm, platinum", detail="No. 7 of 50 · “ZOË”", gross_minor=98000),
        slips.LineFacts(name="Slim chain, vermeil", detail="No. 31 of 60", gross_minor=9500),
    ),
    vat=(vat(107500),),
    roads=(
        slips.RoadFacts(road="card", amount_minor=68600, brand="mastercard", last4="4444"),
        slips.RoadFacts(road="release", amount_minor=9500, brand="visa", last4="4242"),
        slips.RoadFacts(road="cash", amount_minor=19400),
        slips.RoadFacts(road="gift_card", amount_minor=4000, last4="7QDX"),
        slips.RoadFacts(road="credit", amount_minor=6000, last4="3HWD"),
    ),
    total_minor=107500,
    reason="wrong_size · comes in 45 only",
    certificates=("NC-PT-007", "NC-CH-031-2"),
)
TEST = slips.TestFacts(
    supplier=SUPPLIER, printer="Counter printer", address="127.0.0.1:9100", model="generic-80", issued_at=AT, zone=ZONE
)
SLIPS = {
    slips.Kind.SALES: SALE,
    slips.Kind.DEPOSIT: DEPOSIT,
    slips.Kind.BALANCE: BALANCE,
    slips.Kind.AUTHENTICITY: PIECE,
    slips.Kind.PICKUP: PICKUP,
    slips.Kind.GIFT: GIFT,
    slips.Kind.CREDIT: CREDIT,
    slips.Kind.REFUND: REFUND,
    slips.Kind.TEST: TEST,
}
