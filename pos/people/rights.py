"""What each role may do, asked inside the verb itself: a page that forgot to ask changes nothing."""

from datetime import datetime

from sqlmodel import Session, col, select

from pos.errors import NotAllowed
from pos.models import Role, Staff, StaffSession

STANDS_FOR = {
    Role.SHOPPER: {Role.SHOPPER, Role.STAFF, Role.MANAGER},
    Role.STAFF: {Role.STAFF, Role.MANAGER},
    Role.MANAGER: {Role.MANAGER},
    Role.BRAND: {Role.BRAND, Role.MANAGER},
}


def allows(role: Role, *, needed: Role) -> bool:
    """Whether a person of this role may do what needs that role."""
    return role in STANDS_FOR[needed]


def demand(tx: Session, *, staff_id: str, device_id: str, needed: Role, act: str, at: datetime) -> Staff:
    """The person who does this, unlocked at this tablet now. Raises NotAllowed (who, act)."""
    staff = tx.exec(
        select(Staff)
        .join(StaffSession, col(StaffSession.staff_id) == col(Staff.id))
        .where(
            Staff.id == staff_id,
            StaffSession.device_id == device_id,
            col(StaffSession.ended_at).is_(None),
            col(StaffSession.began_at) <= at,
            col(Staff.retired).is_(False),
        )
    ).first()
    if staff is None or not allows(staff.role, needed=needed):
        raise NotAllowed(staff_id, act)
    return staff
