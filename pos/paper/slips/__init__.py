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
from pos.paper.slips.kinds import CARDS, Kind, document

__all__ = [
    "CARDS",
    "AgreedFacts",
    "CopyFacts",
    "GiftFacts",
    "Kind",
    "LineFacts",
    "PickupFacts",
    "PieceFacts",
    "RefundFacts",
    "RoadFacts",
    "SaleFacts",
    "SavingFacts",
    "SupplierFacts",
    "TenderFacts",
    "TestFacts",
    "VatFacts",
    "as_copy",
    "document",
    "plain",
]
