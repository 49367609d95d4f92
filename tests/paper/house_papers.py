"""Invented papers that are asked for, and those of the house itself: told as the records will tell them."""

from dataclasses import replace
from datetime import timedelta

from pos.paper import slips
from pos.paper.slips.ring_strip import StripFacts
from tests.paper.house import AT, CARD, PIECE, SALE, SUPPLIER, ZONE, vat

CARE = slips.CardFacts(
    piece=PIECE,
    care=(
        "Wash it in lukewarm water with a mild soap and a soft brush, and dry it well.",
        "Keep it apart from other pieces: platinum scratches softer metals, and is scratched by diamonds.",
        "Bring it once a year: we look at links and clasp, and polish it.",
    ),
)
PRESENT = slips.GiftReceiptFacts(
    supplier=SUPPLIER,
    code="K7QF-3HWD",
    lines=(
        slips.GiftLineFacts(name="Owner’s tag, platinum", detail="No. 12 of 50 · engraved “ZOË”"),
        slips.GiftLineFacts(name="Companion’s tag, platinum", detail="No. 12 of 50 · engraved “BISCUIT”"),
    ),
    sold_at=AT,
    zone=ZONE,
    until="2026-12-06",
)
INVOICE = slips.InvoiceFacts(
    supplier=SUPPLIER,
    buyer=slips.BuyerFacts(
        name="Quayside Studios Ltd", address=("Unit 4, Rope Walk", "London ZZ99 4DD"), vat_number="GB 000 0000 01"
    ),
    invoice_no="LA-I000004",
    receipt_no="LA-000124",
    order_no="K7QF-3HWD",
    issued_at=AT + timedelta(days=3),
    supplied_at=AT,
    zone=ZONE,
    lines=(
        slips.InvoiceLineFacts(
            name="Corner charm, platinum", detail="No. 7 of 50", rate_bp=2000, net_minor=24500, vat_minor=4900
        ),
        slips.InvoiceLineFacts(name="Split ring", quantity=2, rate_bp=2000, net_minor=2500, vat_minor=500),
    ),
    vat=(slips.VatFacts(rate_bp=2000, net_minor=27000, vat_minor=5400, gross_minor=32400),),
    total_minor=32400,
    order_total_minor=101000,
)
EXCHANGE = slips.ExchangeFacts(
    supplier=SUPPLIER,
    refunds=("LA-R000017",),
    receipt_no="LA-000140",
    order_no="9HXM-4TRC",
    issued_at=AT,
    zone=ZONE,
    cashier="Counter",
    till="Tablet 2",
    back=(slips.LineFacts(name="Slim chain, vermeil", detail="No. 31 of 60 · 40 cm", gross_minor=9500),),
    out=(slips.LineFacts(name="Slim chain, vermeil", detail="No. 33 of 60 · 45 cm", gross_minor=10500),),
    out_minor=10500,
    credit_minor=9500,
)
JOB = slips.JobFacts(
    supplier=SUPPLIER,
    job_no="J-000031",
    order_no="K7QF-3HWD",
    piece="Corner charm, platinum",
    sku="NC-PT",
    number=12,
    edition_size=50,
    metal="Platinum 950",
    weight_mg=6200,
    size="",
    work=("Engrave the back, two lines", "Polish, and clean in the ultrasonic bath"),
    engraving=("ZOË & BISCUIT", "Łódź 2026"),
    cap_height_mm=2.5,
    condition="New, no marks of wear",
    note="Hallmark at 3 o’clock: keep 2 mm clear of it.",
    accepted_at=AT,
    accepted_by="Counter",
    promised_on="2026-11-27",
    zone=ZONE,
)
LABEL = slips.LabelFacts(
    supplier=SUPPLIER,
    name="Corner charm, platinum",
    metal="Platinum 950",
    capsule="Notebook corner",
    price_minor=98000,
    edition_size=50,
    sku="NC-PT",
    payload="https://id.vitrine.example/01/09520000000011",
)
PARCEL = slips.PackingFacts(
    supplier=SUPPLIER,
    order_no="K7QF-3HWD",
    parcel_no="P-000009",
    recipient=("A. Example", "2 Sample Row", "Leeds ZZ99 5EE"),
    things=(
        slips.PackedFacts(name="Corner charm, platinum", detail="No. 7 of 50 · “ZOË”", serial="NC-PT-007"),
        slips.PackedFacts(name="Slim chain, vermeil", detail="No. 31 of 60 · 45 cm", serial="NC-CH-031"),
        slips.PackedFacts(name="Box and ribbon"),
    ),
    insured_minor=107500,
    cover_minor=250000,
    carrier="Royal Mail",
    service="Special Delivery Guaranteed by 1pm",
    weight_g=240,
    sealed_at=AT,
    zone=ZONE,
    packed_by="Counter",
)
NOTICE = slips.NoticeFacts(supplier=SUPPLIER)
DAY = slips.ReportFacts(
    supplier=SUPPLIER,
    till="Tablet 2",
    number=0,
    opened_at=AT - timedelta(hours=4, minutes=10),
    opened_by="House manager",
    at=AT,
    by="Counter",
    zone=ZONE,
    sales=7,
    refunds=1,
    first_receipt="LA-000119",
    last_receipt="LA-000125",
    takings=(
        slips.TakingFacts(name="Visa", count=4, amount_minor=312000),
        slips.TakingFacts(name="Mastercard", count=2, amount_minor=68600),
        slips.TakingFacts(name="Cash", count=2, amount_minor=24400),
        slips.TakingFacts(name="Gift cards", count=1, amount_minor=5000),
    ),
    vat=(vat(385000), slips.VatFacts(rate_bp=0, net_minor=25000, vat_minor=0, gross_minor=25000)),
    back=(slips.TakingFacts(name="Cash", count=1, amount_minor=9500),),
    vat_back=(vat(9500),),
    drawer=slips.DrawerFacts(
        float_minor=15000,
        sales_minor=24400,
        back_minor=9500,
        moves=(slips.CashMoveFacts(why="Ribbon", by="Counter", amount_minor=-1250),),
        expected_minor=28650,
    ),
)
CLOSED = replace(
    DAY,
    number=41,
    drawer=replace(DAY.drawer, counted_minor=28600),
    checkpoint=(
        "id.vitrine.example/log",
        "1234",
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
        "— id.vitrine.example "
        "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=",
    ),
)
PAPERS = {
    slips.Kind.CARD: CARE,
    slips.Kind.GIFT_RECEIPT: PRESENT,
    slips.Kind.INVOICE: INVOICE,
    slips.Kind.EXCHANGE: EXCHANGE,
    slips.Kind.JOB_BENCH: JOB,
    slips.Kind.JOB_CUSTOMER: JOB,
    slips.Kind.X_REPORT: DAY,
    slips.Kind.Z_REPORT: CLOSED,
    slips.Kind.LABEL: LABEL,
    slips.Kind.PACKING: PARCEL,
    slips.Kind.NOTICE: NOTICE,
    slips.Kind.RING_STRIP: StripFacts(supplier=SUPPLIER),
}

# Whatever makes a line difficult, on one receipt: the longest names, an accent that combines, spaces that do not break,
# letters of no western code page, a word longer than the paper, a script that no code page of the printer has.
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhaupt"[:40]
HARD = replace(
    SALE,
    supplier=replace(
        SUPPLIER,
        name="The Worshipful House of Ancaster-Featherstonehaugh & Daughters, Saint-Germain-des-Prés-sur-l’Île",
        address=("Flat 1204, The Old Cordwainers’ and Goldbeaters’ Hall", "Llanfairpwllgwyngyllgogerychwyrndrobwll"),
    ),
    cashier="Wilhelmina-Fredericka Abercrombie-Fitzwilliam",
    till="The tablet beside the window on the first floor",
    lines=(
        slips.LineFacts(name="Zoe\u0301’s tag, e\u0302tched", detail="No. 12 of 50 · “NOE\u0308L”", gross_minor=88000),
        slips.LineFacts(name="1\u202f450\u202f€ in the window, £\u202f1,450 here", detail="7\u00a0mm", gross_minor=1),
        slips.LineFacts(name="Łańcuszek z Łodzi", detail="Łódź · €\u00a0· Ő ű", gross_minor=61999),
        slips.LineFacts(name=LONG_WORD, detail=LONG_WORD.upper(), gross_minor=0),
        slips.LineFacts(name="鳳凰のペンダント", detail="Жар-птица · 彫刻「永遠」", gross_minor=0),
    ),
    tenders=(replace(CARD, application_name="CARTE BANCAIRE INTERNATIONALE DÉBIT"),),
)
LONG = replace(
    SALE,
    lines=tuple(
        slips.LineFacts(name="Slim chain, vermeil", detail=f"No. {i} of 300", gross_minor=500) for i in range(1, 301)
    ),
    savings=(slips.SavingFacts(name="Owner and pet, together", amount_minor=5000),),
)
