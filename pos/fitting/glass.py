"""How large a tablet's glass draws a millimetre: measured twice with a bank card, and kept for that tablet.

Nothing a browser says of its screen can be trusted with this: it knows points, not millimetres.
"""

from dataclasses import dataclass

from sqlmodel import Session

from pos.books import audit
from pos.errors import MeasuresDisagree, Unknown
from pos.models import Device, Role
from pos.people import rights
from pos.shop import Shop

CARD_MM = (85.60, 53.98)  # a bank card's long and short edge (ISO/IEC 7810, ID-1)
MAY_DIFFER = 0.01  # the two measures, or one of them was not taken with care
LEAST_DOTS_PER_MM = 8.0  # a UK half letter is 0.199 mm across: coarser glass cannot show it
POINTS_PER_MM = (2.0, 20.0)  # of any tablet there is; outside of it something else than a card was measured


@dataclass(frozen=True)
class Glass:
    """One tablet's glass: CSS pixels a millimetre, and how many of the screen's own dots make a CSS pixel."""

    points_per_mm: float
    dots_per_point: float

    @property
    def dots_per_mm(self) -> float:
        """The screen's own dots a millimetre."""
        return self.points_per_mm * self.dots_per_point

    @property
    def is_fine(self) -> bool:
        """Whether it can show half a letter of the UK's ring sizes."""
        return self.dots_per_mm >= LEAST_DOTS_PER_MM


def measured(*, long_points: float, short_points: float, dots_per_point: float) -> Glass:
    """The glass, from a card's two edges in CSS pixels. Raises MeasuresDisagree (apart, in percent; reason)."""
    along, across = long_points / CARD_MM[0], short_points / CARD_MM[1]
    mean = (along + across) / 2
    apart = abs(along - across) / mean if mean > 0 else 1.0
    low, high = POINTS_PER_MM
    if not apart <= MAY_DIFFER:
        raise MeasuresDisagree(round(apart * 100, 1))
    if not low <= mean <= high or not 0.5 <= dots_per_point <= 8:  # both measures are of something else than a card
        raise MeasuresDisagree(round(apart * 100, 1), "scale")
    return Glass(points_per_mm=mean, dots_per_point=dots_per_point)


def calibrate(
    shop: Shop,
    *,
    device_id: str,
    long_points: float,
    short_points: float,
    dots_per_point: float,
    staff_id: str | None = None,
) -> Glass:
    """Keep for this tablet how large it draws a millimetre: first by anybody, anew by whoever is at the counter.

    Every later shopper's ring rests on it. Raises MeasuresDisagree, NotAllowed or Unknown.
    """
    glass = measured(long_points=long_points, short_points=short_points, dots_per_point=dots_per_point)
    with shop.write() as tx:
        device = _device(tx, device_id)
        if device.calibrated_at is not None:
            by = staff_id or ""
            rights.demand(tx, shop, staff_id=by, device_id=device_id, needed=Role.STAFF, act="measure a glass anew")
        device.points_per_mm, device.dots_per_point = glass.points_per_mm, glass.dots_per_point
        device.calibrated_at = tx.now()
        audit.record(tx, "glass calibrated", device_id, by=staff_id or device_id, points=f"{glass.points_per_mm:.4f}")
    return glass


def of(shop: Shop, *, device_id: str) -> Glass | None:
    """What was measured for this tablet; None where nobody has yet. Raises Unknown."""
    with shop.read() as look:
        device = _device(look, device_id)
        if device.points_per_mm is None or device.dots_per_point is None:
            return None
        return Glass(points_per_mm=device.points_per_mm, dots_per_point=device.dots_per_point)


def _device(look: Session, device_id: str) -> Device:
    device = look.get(Device, device_id)
    if device is None:
        raise Unknown("tablet", device_id)
    return device
