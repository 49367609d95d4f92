"""A small shop for tests of selling: one boutique, one capsule, three editions, a bundle and a pre-order window."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session

from pos.ids import new_id
from pos.models import (
    Boutique,
    Bundle,
    Capsule,
    Design,
    Device,
    Edition,
    Extra,
    Piece,
    PreorderWindow,
    Printer,
    Reader,
    Role,
    Staff,
    StaffSession,
    Variant,
)
from pos.selling import basket, bundles, checkout, pickup, proofs, ready
from pos.selling.views import Choice, HeldPiece, Quote
from pos.shop import Shop

CHARM, CHAIN, TAG = "NC-VM", "NC-CH", "OP-TAG"
GTINS = ("09520000000011", "09520000000028", "09520000000035")  # GS1's demonstration prefix
OPENED = datetime(2026, 11, 1, tzinfo=UTC)
EVERY_DAY = {day: ["10:00", "18:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat")}


def words(text: str) -> dict[str, str]:
    return {"en": text, "fr": text}


def stand_up(tx: Session, *, charms: int = 50, chains: int = 20, tags: int = 10, cap: int = 4) -> None:
    """Put the shelf into empty records."""
    tx.add(
        Boutique(
            id="demo",
            name="Vitrine",
            address=["1 Lantern Arcade"],
            vat_number="GB 000 0000 00",
            hours=EVERY_DAY,
            slot_capacity=2,
        )
    )
    tx.add(Capsule(id="nc", name=words("Corner"), line=words(""), eyebrow=words(""), story=words(""), opens_at=OPENED))
    tx.flush()
    tx.add(Design(id="corner", capsule_id="nc", name=words("Corner"), iconic=words("L")))
    tx.add(Reader(id="tmr_1", boutique_id="demo", label="Reader"))
    tx.add(Printer(id="demo-1", boutique_id="demo", label="Printer", host="127.0.0.1", port=9))
    tx.add(Staff(id="ada", boutique_id="demo", name="Ada", role=Role.STAFF, pin_hash="-"))
    tx.flush()
    for position, (sku, price, size) in enumerate(((CHARM, 14000, charms), (CHAIN, 9500, chains), (TAG, 145000, tags))):
        tx.add(_variant(sku, position=position, price=price))
        tx.flush()
        tx.add(Edition(sku=sku, size=size))
        tx.flush()
        tx.add_all(Piece(sku=sku, number=number) for number in range(1, size + 1))
    tx.add(
        Bundle(
            id="pair",
            capsule_id="nc",
            name=words("Charm and chain"),
            line=words(""),
            occasion=words(""),
            saving_minor=2001,
            slots=[
                {"id": "charm", "name": words("Charm"), "skus": [CHARM]},
                {"id": "chain", "name": words("Chain"), "skus": [CHAIN]},
            ],
        )
    )
    tx.add(
        Extra(
            id="assay",
            capsule_id="nc",
            name=words("Assay"),
            line=words(""),
            price_minor=4500,
            skus=[CHARM],
            lead_days=3,
        )
    )
    tx.add(
        PreorderWindow(
            sku=TAG,
            opens_at=OPENED,
            closes_at=datetime(2026, 12, 1, tzinfo=UTC),
            cap=cap,
            deposit_bp=3000,
            promised_on=date(2026, 12, 12),
        )
    )


def _variant(sku: str, *, position: int, price: int) -> Variant:
    sizes = [{"code": code, "name": words(code), "mm": mm} for code, mm in (("40", 400), ("45", 450))]
    return Variant(
        sku=sku,
        design_id="corner",
        capsule_id="nc",
        position=position,
        tier="core",
        name=words(f"Piece {sku}"),
        line=words(""),
        material_id="PT950RU",
        metal=words("Platinum 950"),
        fineness=950,
        weight_mg=3200,
        cost_minor=price // 3,
        price_minor=price,
        gtin=GTINS[position],
        sizes=sizes if sku == CHAIN else [],
        engraving={"lines": 1, "chars_per_line": [9], "cap_height_mm": 2.5, "lead_days": 1} if sku != CHAIN else None,
        hallmark={"status": "hallmarked", "sponsor": "VTN", "fineness": 950, "office": "Demonstration"},
    )


@dataclass
class Tablet:
    """A tablet in a shopper's hand."""

    shop: Shop
    device_id: str = field(default_factory=new_id)
    staff_id: str | None = None

    def enrol(self) -> "Tablet":
        with self.shop.jot() as tx:
            tx.add(
                Device(
                    id=self.device_id,
                    boutique_id="demo",
                    label="Tablet",
                    token_hash=self.device_id,
                    reader_id="tmr_1",
                    printer_id="demo-1",
                    enrolled_at=self.shop.clock.now(),
                )
            )
        return self

    def unlock(self, staff_id: str = "ada") -> "Tablet":
        now = self.shop.clock.now()
        with self.shop.jot() as tx:
            tx.add(StaffSession(id=new_id(), device_id=self.device_id, staff_id=staff_id, began_at=now, seen_at=now))
        self.staff_id = staff_id
        return self

    @property
    def basket_id(self) -> str:
        return basket.live(self.shop, device_id=self.device_id, language="en")

    def hold(self, sku: str, *, number: int | None = None, tap: str | None = None, **wish: object) -> HeldPiece:
        choice = Choice(sku=sku, number=number, **wish)  # type: ignore[arg-type]
        return basket.hold(self.shop, basket_id=self.basket_id, choice=choice, tap=tap)

    def hold_pair(
        self, *, charm: int | None = None, chain: int | None = None, tap: str | None = None
    ) -> list[HeldPiece]:
        choices = {"charm": Choice(CHARM, charm), "chain": Choice(CHAIN, chain, size="45")}
        return bundles.hold_bundle(self.shop, basket_id=self.basket_id, bundle_id="pair", choices=choices, tap=tap)

    def tap(self, what: str) -> str:
        """A tap on what is on the screen now."""
        return basket.view(self.shop, basket_id=self.basket_id).tap(what)

    def prove(self) -> None:
        """Say yes to all words in the basket, as they will be cut."""
        confirmed = proofs.of_basket(self.shop, basket_id=self.basket_id)
        for line in basket.view(self.shop, basket_id=self.basket_id).lines:
            if line.engraving and line.item_id not in confirmed:
                proofs.confirm(self.shop, basket_id=self.basket_id, item_id=line.item_id, lines=line.engraving)

    def book(self, *, day: date | None = None) -> datetime:
        """Confirm what will be cut, and choose the first pickup that has room, from a day on."""
        self.prove()
        first = day or basket.view(self.shop, basket_id=self.basket_id).ready_on
        slot = pickup.slots(self.shop, boutique_id="demo", not_before=first)[0]
        basket.choose_pickup(self.shop, basket_id=self.basket_id, boutique_id="demo", start=slot.start)
        return slot.start

    def say_ready(self, order_id: str) -> None:
        """Whoever is unlocked here has the order in the safe."""
        ready.mark_ready(self.shop, order_id=order_id, staff_id=self.staff_id or "", device_id=self.device_id)

    def quote(self) -> Quote:
        return checkout.quote(self.shop, basket_id=self.basket_id)

    def open(self, quote: Quote | None = None) -> str:
        shown = quote or self.quote()
        return checkout.open(
            self.shop, quote=shown, device_id=self.device_id, terms_version="2026-11", staff_id=self.staff_id
        )


def later(shop: Shop, **by: float) -> None:
    """Let time pass."""
    shop.clock.move(timedelta(**by))  # type: ignore[attr-defined]


def numbers(pieces: Sequence[HeldPiece]) -> list[tuple[str, int]]:
    return [(piece.sku, piece.number) for piece in pieces]
