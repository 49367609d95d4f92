"""What each role may do, asked inside the verb itself: a page that forgot to ask changes nothing."""

from datetime import timedelta

from sqlmodel import col, select

from pos.db import Writing
from pos.errors import NotAllowed
from pos.models import Device, Role, Staff, StaffSession
from pos.shop import Shop

STANDS_FOR = {
    Role.SHOPPER: {Role.SHOPPER, Role.STAFF, Role.MANAGER},
    Role.STAFF: {Role.STAFF, Role.MANAGER},
    Role.MANAGER: {Role.MANAGER},
    Role.BRAND: {Role.BRAND, Role.MANAGER},
}


def allows(role: Role, *, needed: Role) -> bool:
    """Whether a person of this role may do what needs that role."""
    return role in STANDS_FOR[needed]


def demand_manager(
    tx: Writing, shop: Shop, *, staff_id: str, device_id: str, act: str, manager_id: str | None = None
) -> Staff:
    """Who allows what a manager alone may: whoever is unlocked here, or manager_id, who gave their PIN for it.

    Raises NotAllowed (who, act).
    """
    if manager_id is None:
        return demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.MANAGER, act=act)
    demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act=act)
    manager = tx.get(Staff, manager_id)
    if manager is None or manager.retired or not allows(manager.role, needed=Role.MANAGER):
        raise NotAllowed(manager_id, act)
    return manager


def demand(tx: Writing, shop: Shop, *, staff_id: str, device_id: str, needed: Role, act: str) -> Staff:
    """The person who does this, unlocked at this tablet and not gone from it; doing it is a sign of life.

    Asked in the verb, because a tap on a counter that somebody left comes before the screen has locked itself. Raises
    NotAllowed (who, act).
    """
    now = tx.now()
    found = tx.exec(
        select(Staff, StaffSession)
        .join(StaffSession, col(StaffSession.staff_id) == col(Staff.id))
        .join(Device, col(Device.id) == col(StaffSession.device_id))
        .where(
            Staff.id == staff_id,
            StaffSession.device_id == device_id,
            col(StaffSession.ended_at).is_(None),
            col(StaffSession.seen_at) > now - timedelta(minutes=shop.settings.staff_lock_minutes),
            col(Staff.retired).is_(False),
            col(Device.revoked_at).is_(None),
        )
    ).first()
    if found is None or not allows(found[0].role, needed=needed):
        raise NotAllowed(staff_id, act)
    found[1].seen_at = now
    return found[0]
