"""Papers of the house that belong to no sale: labels for the shelf, the hand-out about hallmarks."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from pos.books import audit
from pos.errors import Unknown
from pos.models import Boutique, Capsule, Edition, Printer, Variant
from pos.paper import spool
from pos.paper.slips.facts import AnyFacts, plain
from pos.paper.slips.facts_house import LabelFacts, NoticeFacts
from pos.paper.slips.kinds import Kind, tongue
from pos.selling.slips import supplier_of
from pos.shop import Shop

MOST = 50  # papers at once: a slip of the hand should not keep a printer busy for an afternoon


def print_labels(shop: Shop, *, skus: Sequence[str], printer_id: str, language: str = "en") -> int:
    """Print a shelf label for each of these variants at their prices of now; says how many. Raises Unknown."""
    language = tongue(language)
    with shop.write() as tx:
        boutique = _beside(tx, printer_id=printer_id)
        labels = [_label(tx, shop, sku=sku, boutique=boutique, language=language) for sku in skus[:MOST]]
        _queue(tx, kind=Kind.LABEL, told=labels, printer_id=printer_id, language=language)
        audit.record(tx, "labels printed", printer_id, by="shop", skus=list(skus[:MOST]))
        return len(labels)


def print_hand_outs(shop: Shop, *, printer_id: str, count: int = 1, language: str = "en") -> int:
    """Print the hand-out about hallmarks; says how many. Raises Unknown."""
    language = tongue(language)
    with shop.write() as tx:
        told = NoticeFacts(supplier=supplier_of(_beside(tx, printer_id=printer_id)))
        papers = [told] * min(count, MOST)
        _queue(tx, kind=Kind.NOTICE, told=papers, printer_id=printer_id, language=language)
        audit.record(tx, "hand-outs printed", printer_id, by="shop", count=len(papers))
        return len(papers)


def _beside(tx: Session, *, printer_id: str) -> Boutique:
    """The boutique of a printer in use."""
    printer = tx.get(Printer, printer_id)
    if printer is None or printer.retired:
        raise Unknown("printer", printer_id)
    return tx.get_one(Boutique, printer.boutique_id)


def _label(tx: Session, shop: Shop, *, sku: str, boutique: Boutique, language: str) -> LabelFacts:
    found: Any = tx.exec(
        select(Variant, Edition, Capsule)
        .join(Edition, col(Edition.sku) == col(Variant.sku))
        .join(Capsule, col(Capsule.id) == col(Variant.capsule_id))
        .where(Variant.sku == sku, col(Variant.retired).is_(False))
    ).first()
    if found is None:
        raise Unknown("variant", sku)
    variant, edition, capsule = found
    return LabelFacts(
        supplier=supplier_of(boutique),
        name=variant.name[language],
        metal=variant.metal[language],
        capsule=capsule.name[language],
        price_minor=variant.price_minor,
        edition_size=edition.size,
        sku=variant.sku,
        payload=f"{shop.settings.public}/01/{variant.gtin}",  # GS1 Digital Link: any scanner reads the GTIN in it
        currency=variant.currency,
    )


def _queue(tx: Any, *, kind: Kind, told: Sequence[AnyFacts], printer_id: str, language: str) -> None:
    words: dict[str, Any] = {"printer_id": printer_id, "language": language, "order_id": None, "at": tx.now()}
    spool.enqueue(tx, [spool.job(kind=kind, facts=plain(facts), **words) for facts in told])
