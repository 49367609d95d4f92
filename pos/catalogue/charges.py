"""Every amount a shopper of a capsule could be charged, and which of them Stripe's test mode would decline.

In test mode the last two digits of an amount choose the outcome (docs.stripe.com/terminal/references/testing). A real
price may end as it likes; a demonstration keeps clear of them, or a sale would fail for no reason anybody sees.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement, product

from pos.catalogue.schema import Bundle, CapsuleFile
from pos.money import share_bp, split

TEST_ENDINGS = frozenset({1, 2, 3, 5, 55, 60, 65, 75})


@dataclass(frozen=True)
class Charge:
    """What somebody may buy in one go: due now, and later with the balance, in pence."""

    what: str
    now_minor: int
    later_minor: int

    @property
    def amounts(self) -> tuple[int, int, int]:
        """What may be taken: now, later, and the whole."""
        return self.now_minor, self.later_minor, self.now_minor + self.later_minor

    def __add__(self, other: "Charge") -> "Charge":
        """Both bought together."""
        return Charge(
            f"{self.what} + {other.what}", self.now_minor + other.now_minor, self.later_minor + other.later_minor
        )


def singles(file: CapsuleFile) -> Iterator[Charge]:
    """Each piece, service and filled bundle by itself."""
    prices = {variant.sku: variant.price_minor for variant in file.variants}
    for sku, price in prices.items():
        yield _charge(sku, [(sku, price)], file)
    for extra in file.extras:
        yield Charge(extra.id, extra.price_minor, 0)
    for bundle in file.bundles:
        for skus in product(*(slot.skus for slot in bundle.slots)):
            yield _charge(f"{bundle.id} ({', '.join(skus)})", _parts(bundle, skus, prices), file)


def _parts(bundle: Bundle, skus: tuple[str, ...], prices: dict[str, int]) -> list[tuple[str, int]]:
    listed = [prices[sku] for sku in skus]
    return list(zip(skus, split(sum(listed) - bundle.saving_minor, weights=listed), strict=True))


def _charge(what: str, parts: Iterable[tuple[str, int]], file: CapsuleFile) -> Charge:
    now = later = 0
    for sku, price in parts:
        window = file.window_of(sku)
        due = share_bp(price, bp=window.deposit_bp) if window else price
        now, later = now + due, later + price - due
    return Charge(what, now, later)


def with_test_endings(files: Iterable[CapsuleFile]) -> tuple[Charge, ...]:
    """Each single purchase and each pair, among all capsules, of which Stripe's test mode would decline an amount."""
    alone = [charge for file in files for charge in singles(file)]
    pairs = [one + other for one, other in combinations_with_replacement(alone, 2)]
    return tuple(charge for charge in [*alone, *pairs] if any(n % 100 in TEST_ENDINGS for n in charge.amounts))
