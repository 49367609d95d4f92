"""One engraved piece, sold: everything a certificate is made from."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pos.books import audit
from pos.models import (
    Basket,
    Boutique,
    Capsule,
    Certificate,
    Design,
    Device,
    Edition,
    Order,
    OrderLine,
    OrderState,
    Piece,
    PieceState,
    Variant,
)
from pos.proof import certificate
from pos.shop import Shop

SOLD_AT = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
HALLMARK = {
    "status": "hallmarked",
    "sponsor": "V&T",
    "fineness": "950",
    "office": "london",
    "date_letter": None,
    "marks": {"en": "sponsor, fineness, leopard's head", "fr": "poinçons"},
}


@dataclass
class Sale:
    """Everything `issue` is told of one sold piece."""

    shop: Shop
    piece: Piece
    variant: Variant
    capsule: Capsule
    design: Design
    line: OrderLine
    order: Order

    def certify(self) -> Certificate:
        """Issue the certificate as a settlement does."""
        with self.shop.write() as tx:
            audit.record(tx, "order settled", self.order.id, by="test")
            issued = certificate.issue(
                tx,
                self.shop,
                piece=self.piece,
                variant=self.variant,
                capsule=self.capsule,
                design=self.design,
                line=self.line,
                order=self.order,
                at=SOLD_AT,
                proof_sha256=PROOF,
            )
        return issued


PROOF = "5eed" * 16  # of the drawing its buyer confirmed


def sold_piece(shop: Shop) -> Sale:
    """Number 12 of 50, sold in London at half past eleven at night; not yet certified."""
    boutique = Boutique(id="demo", name="Lantern Arcade", address=[], vat_number="GB 0", hours={})
    device = Device(id="tablet", boutique_id="demo", label="Till", token_hash="0" * 64, enrolled_at=SOLD_AT)
    capsule = Capsule(
        id="notebook",
        name={"en": "Notebook corner", "fr": "Coin de carnet"},
        line={},
        eyebrow={},
        story={},
        opens_at=SOLD_AT,
        media=[],
    )
    design = Design(id="corner", capsule_id="notebook", name={"en": "Corner", "fr": "Coin"}, iconic={})
    variant = Variant(
        sku="NC-PT950",
        design_id="corner",
        capsule_id="notebook",
        tier="premium",
        name={"en": "Corner charm", "fr": "Pendentif coin"},
        line={},
        material_id="PT950_RU",
        metal={"en": "Platinum 950", "fr": "Platine 950"},
        fineness=950,
        weight_mg=5800,
        cost_minor=40_000,
        price_minor=145_000,
        gtin="09521234543213",
        hallmark=HALLMARK,
        kind="charm",
        sizes=[
            {"code": code, "name": {"en": f"Size {code}", "fr": f"Taille {code}"}, "mm": 1.0} for code in ("M", "N")
        ],
        engraving={"chars_per_line": [12, 12], "cap_height_mm": 2.0},
    )
    basket = Basket(id="basket", device_id="tablet", began_at=SOLD_AT)
    order = Order(
        id="order",
        key="basket:1",
        code="7F3K-92QD",
        boutique_id="demo",
        device_id="tablet",
        basket_id="basket",
        language="en",
        state=OrderState.OPEN,
        currency="gbp",
        total_minor=145_000,
        vat_minor=24_167,
        due_now_minor=145_000,
        due_later_minor=0,
        opened_at=SOLD_AT - timedelta(minutes=3),
    )
    piece = Piece(sku="NC-PT950", number=12, state=PieceState.COMMITTED, order_id="order")
    line = OrderLine(
        id="line",
        order_id="order",
        position=0,
        sku="NC-PT950",
        number=12,
        name="Corner charm",
        engraving=["ZOË & NOX", "2026"],
        list_minor=145_000,
        gross_minor=145_000,
        vat_rate_bp=2000,
        vat_minor=24_167,
        due_now_minor=145_000,
        due_later_minor=0,
        vat_now_minor=24_167,
    )
    with shop.write() as tx:
        audit.record(tx, "set up", None, by="test")
        for rows in (
            [boutique, capsule],
            [device, design],
            [variant, basket],
            [Edition(sku="NC-PT950", size=50), order],
            [piece],
            [line],
        ):
            tx.add_all(rows)
            tx.flush()
    return Sale(shop, piece, variant, capsule, design, line, order)
