"""Who is at a screen: the tablet, who is unlocked there, and the order it is paying. Every screen begins with it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, case
from sqlalchemy import select as columns
from sqlmodel import col

from pos.models import Boutique, Device, Order, OrderState, Staff, StaffSession
from pos.people import devices, staff
from pos.people.devices import DeviceView
from pos.people.staff import Unlocked
from pos.shop import Shop

PAYING = (
    columns(case((col(Order.state) == OrderState.OPEN, col(Order.id))))
    .where(col(Order.device_id) == col(Device.id))
    .order_by(col(Order.opened_at).desc())
    .limit(1)
    .scalar_subquery()
)
HERE = (  # made once, and one question for all three: docs/decisions/statements-made-once.md
    columns(PAYING, *devices.SEEN, *staff.SEEN)
    .select_from(Device)
    .join(Boutique, col(Boutique.id) == col(Device.boutique_id))
    .join(
        StaffSession,
        and_(col(StaffSession.device_id) == col(Device.id), col(StaffSession.ended_at).is_(None)),
        isouter=True,
    )
    .join(Staff, and_(col(Staff.id) == col(StaffSession.staff_id), col(Staff.retired).is_(False)), isouter=True)
    .where(col(Device.token_hash) == bindparam("token_hash"), col(Device.revoked_at).is_(None))
)


@dataclass(frozen=True)
class Arrival:
    """A tablet as a screen of it begins; whether unlocked still holds is asked of the clock (`staff.still_here`).

    paying: its latest order, while that is not decided.
    """

    tablet: DeviceView
    unlocked: Unlocked | None
    paying: str | None


def of(shop: Shop, *, cookie: str | None) -> Arrival | None:
    """The tablet with this cookie, and who and what is there; None for a stranger, or one that has been revoked."""
    if not cookie:
        return None
    with shop.glance() as look:
        found: Any = look.execute(HERE, {"token_hash": devices.hash_of(cookie)}).first()
    if found is None:
        return None
    paying, tablet, person = found[0], found[1 : 1 + len(devices.SEEN)], found[1 + len(devices.SEEN) :]
    is_staff = person[2] is not None  # a person who has left the shop opened nothing
    return Arrival(DeviceView(*tablet), staff.unlocked(*person) if is_staff else None, paying)
