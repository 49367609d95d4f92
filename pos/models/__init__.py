"""Tables only: what the shop remembers. Rules live with their verbs."""

from pos.models.books import AuditEntry, Counter, Difference, Receipt, Reconciliation
from pos.models.catalogue import (
    Boutique,
    Bundle,
    Capsule,
    Design,
    Edition,
    Extra,
    PreorderWindow,
    Signal,
    Variant,
)
from pos.models.columns import Table
from pos.models.engraving import EngravingProof
from pos.models.gift_cards import GiftCard, GiftCardKind, GiftMovement
from pos.models.mail import Letter, LetterState, MailConsent
from pos.models.orders import (
    Basket,
    BasketItem,
    Order,
    OrderLine,
    OrderLink,
    OrderState,
    Pickup,
    PickupSlot,
    PickupState,
)
from pos.models.paper import JobState, Printer, PrintJob
from pos.models.payments import (
    Attempt,
    AttemptState,
    GatewayCall,
    Method,
    Part,
    Payment,
    PaymentState,
    Reader,
    SavedCard,
    SavedCardState,
    StripeEvent,
)
from pos.models.people import Device, EnrolToken, Role, Staff, StaffSession
from pos.models.proof import Certificate, CertificateState
from pos.models.returns import Fate, Refund, RefundLine, RefundPart, RefundState, Road
from pos.models.rows import not_needed, put, put_all
from pos.models.stock import Piece, PieceState

__all__ = [
    "Attempt",
    "AttemptState",
    "AuditEntry",
    "Basket",
    "BasketItem",
    "Boutique",
    "Bundle",
    "Capsule",
    "Certificate",
    "CertificateState",
    "Counter",
    "Design",
    "Device",
    "Difference",
    "Edition",
    "EngravingProof",
    "EnrolToken",
    "Extra",
    "Fate",
    "GatewayCall",
    "GiftCard",
    "GiftCardKind",
    "GiftMovement",
    "JobState",
    "Letter",
    "LetterState",
    "MailConsent",
    "Method",
    "Order",
    "OrderLine",
    "OrderLink",
    "OrderState",
    "Part",
    "Payment",
    "PaymentState",
    "Pickup",
    "PickupSlot",
    "PickupState",
    "Piece",
    "PieceState",
    "PreorderWindow",
    "PrintJob",
    "Printer",
    "Reader",
    "Receipt",
    "Reconciliation",
    "Refund",
    "RefundLine",
    "RefundPart",
    "RefundState",
    "Road",
    "Role",
    "SavedCard",
    "SavedCardState",
    "Signal",
    "Staff",
    "StaffSession",
    "StripeEvent",
    "Table",
    "Variant",
    "not_needed",
    "put",
    "put_all",
]
