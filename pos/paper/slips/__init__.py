"""The shop's slips: each a pure function from facts to a document, in English and French.

`document(kind, facts=…, language=…)` is the one door: facts come from the records as plain JSON and are checked here.
"""

from pos.paper.slips.copies import CopyFacts, as_copy
from pos.paper.slips.facts import (
    AgreedFacts,
    GiftFacts,
    LineFacts,
    PickupFacts,
    PieceFacts,
    RefundFacts,
    RoadFacts,
    SaleFacts,
    SavingFacts,
    SupplierFacts,
    TenderFacts,
    TestFacts,
    VatFacts,
    plain,
)
from pos.paper.slips.facts_asked import (
    BuyerFacts,
    CardFacts,
    ExchangeFacts,
    GiftLineFacts,
    GiftReceiptFacts,
    InvoiceFacts,
    InvoiceLineFacts,
)
from pos.paper.slips.facts_house import (
    CashMoveFacts,
    DrawerFacts,
    JobFacts,
    LabelFacts,
    NoticeFacts,
    PackedFacts,
    PackingFacts,
    ReportFacts,
    TakingFacts,
)
from pos.paper.slips.kinds import CARDS, Kind, document, tongue

__all__ = [
    "CARDS",
    "AgreedFacts",
    "BuyerFacts",
    "CardFacts",
    "CashMoveFacts",
    "CopyFacts",
    "DrawerFacts",
    "ExchangeFacts",
    "GiftFacts",
    "GiftLineFacts",
    "GiftReceiptFacts",
    "InvoiceFacts",
    "InvoiceLineFacts",
    "JobFacts",
    "Kind",
    "LabelFacts",
    "LineFacts",
    "NoticeFacts",
    "PackedFacts",
    "PackingFacts",
    "PickupFacts",
    "PieceFacts",
    "RefundFacts",
    "ReportFacts",
    "RoadFacts",
    "SaleFacts",
    "SavingFacts",
    "SupplierFacts",
    "TakingFacts",
    "TenderFacts",
    "TestFacts",
    "VatFacts",
    "as_copy",
    "document",
    "plain",
    "tongue",
]
