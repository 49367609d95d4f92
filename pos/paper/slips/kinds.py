"""Which slips there are, and the facts and the layout of each."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from pos.paper.document import Document
from pos.paper.slips.authenticity import authenticity
from pos.paper.slips.card import card
from pos.paper.slips.exchange import exchange
from pos.paper.slips.facts import GiftFacts, Language, PickupFacts, PieceFacts, RefundFacts, SaleFacts, TestFacts, read
from pos.paper.slips.facts_asked import CardFacts, ExchangeFacts, GiftReceiptFacts, InvoiceFacts
from pos.paper.slips.facts_house import JobFacts, LabelFacts, NoticeFacts, PackingFacts, ReportFacts
from pos.paper.slips.gift import credit, gift
from pos.paper.slips.gift_receipt import gift_receipt
from pos.paper.slips.invoice import invoice
from pos.paper.slips.job import bench, customer
from pos.paper.slips.label import label
from pos.paper.slips.notice import notice
from pos.paper.slips.packing import packing
from pos.paper.slips.pickup import pickup
from pos.paper.slips.refund import refund
from pos.paper.slips.report import x_report, z_report
from pos.paper.slips.ring_strip import ring_strip
from pos.paper.slips.sales import balance, deposit, sales
from pos.paper.slips.trial import trial


class Kind(StrEnum):
    """A slip's kind, as print jobs name it."""

    SALES = "sales"
    DEPOSIT = "deposit"
    BALANCE = "balance"
    AUTHENTICITY = "authenticity"
    PICKUP = "pickup"
    GIFT = "gift"
    CREDIT = "credit"
    REFUND = "refund"
    CARD = "card"
    GIFT_RECEIPT = "gift_receipt"
    INVOICE = "invoice"
    EXCHANGE = "exchange"
    JOB_BENCH = "job_bench"
    JOB_CUSTOMER = "job_customer"
    X_REPORT = "x_report"
    Z_REPORT = "z_report"
    LABEL = "label"
    PACKING = "packing"
    NOTICE = "notice"
    TEST = "test"
    RING_STRIP = "ring_strip"


CARDS = (Kind.GIFT, Kind.CREDIT)  # the slips that bear a code which is money
RECEIPTS = (Kind.SALES, Kind.DEPOSIT, Kind.BALANCE)  # the slips that tell of money that was paid
_DRAWN: dict[Kind, Callable[[dict[str, Any], Language], Document]] = {
    Kind.SALES: lambda kept, language: sales(read(SaleFacts, kept), language),
    Kind.DEPOSIT: lambda kept, language: deposit(read(SaleFacts, kept), language),
    Kind.BALANCE: lambda kept, language: balance(read(SaleFacts, kept), language),
    Kind.AUTHENTICITY: lambda kept, language: authenticity(read(PieceFacts, kept), language),
    Kind.PICKUP: lambda kept, language: pickup(read(PickupFacts, kept), language),
    Kind.GIFT: lambda kept, language: gift(read(GiftFacts, kept), language),
    Kind.CREDIT: lambda kept, language: credit(read(GiftFacts, kept), language),
    Kind.REFUND: lambda kept, language: refund(read(RefundFacts, kept), language),
    Kind.RING_STRIP: ring_strip,
    Kind.CARD: lambda kept, language: card(read(CardFacts, kept), language),
    Kind.GIFT_RECEIPT: lambda kept, language: gift_receipt(read(GiftReceiptFacts, kept), language),
    Kind.INVOICE: lambda kept, language: invoice(read(InvoiceFacts, kept), language),
    Kind.EXCHANGE: lambda kept, language: exchange(read(ExchangeFacts, kept), language),
    Kind.JOB_BENCH: lambda kept, language: bench(read(JobFacts, kept), language),
    Kind.JOB_CUSTOMER: lambda kept, language: customer(read(JobFacts, kept), language),
    Kind.X_REPORT: lambda kept, language: x_report(read(ReportFacts, kept), language),
    Kind.Z_REPORT: lambda kept, language: z_report(read(ReportFacts, kept), language),
    Kind.LABEL: lambda kept, language: label(read(LabelFacts, kept), language),
    Kind.PACKING: lambda kept, language: packing(read(PackingFacts, kept), language),
    Kind.NOTICE: lambda kept, language: notice(read(NoticeFacts, kept), language),
    Kind.TEST: lambda kept, language: trial(read(TestFacts, kept), language),
}


def document(kind: str, *, facts: Mapping[str, Any], language: str) -> Document:
    """The slip of a kind, in `en` or `fr`, from its facts as the records keep them (`plain`).

    Raises ValueError for a kind or a language that does not exist, and for facts that do not fit or add up.
    """
    return _DRAWN[Kind(kind)](dict(facts), tongue(language))


def tongue(language: str) -> Language:
    """One of the languages that slips are written in. Raises ValueError for any other."""
    if language not in ("en", "fr"):
        raise ValueError(f"no slips in {language!r}")
    return "fr" if language == "fr" else "en"
