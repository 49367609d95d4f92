"""Who may do what, on which tablet. Secrets are kept as hashes only."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field

from pos.models.columns import Table, UtcTime, one_of


class Role(StrEnum):
    """What a person is in the shop."""

    SHOPPER = "shopper"
    STAFF = "staff"
    MANAGER = "manager"
    BRAND = "brand"


class Staff(Table, table=True):
    """A person with a PIN."""

    id: str = Field(primary_key=True, max_length=40)
    boutique_id: str | None = Field(default=None, foreign_key="boutique.id")  # None: the brand, every boutique
    name: str
    role: Role = Field(sa_type=one_of(Role))
    pin_hash: str
    failures: int = 0
    locked_until: datetime | None = Field(default=None, sa_type=UtcTime)
    retired: bool = False


class Device(Table, table=True):
    """A tablet of a boutique, known by its cookie, with its reader and its printer."""

    id: str = Field(primary_key=True, max_length=32)
    boutique_id: str = Field(foreign_key="boutique.id", index=True)
    label: str
    token_hash: str = Field(unique=True, max_length=64)
    reader_id: str | None = Field(default=None, foreign_key="reader.id")
    printer_id: str | None = Field(default=None, foreign_key="printer.id")
    enrolled_at: datetime = Field(sa_type=UtcTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcTime)
    language: str = Field(default="en", max_length=2)
    points_per_mm: float | None = None  # CSS pixels a millimetre of its glass, measured with a card
    dots_per_point: float | None = None  # of the screen when that was measured: after a zoom it holds no longer
    calibrated_at: datetime | None = Field(default=None, sa_type=UtcTime)
    pin_failures: int = 0
    pin_locked_until: datetime | None = Field(default=None, sa_type=UtcTime)
    gift_failures: int = 0  # codes of gift cards that nobody knew, one after the other
    gift_locked_until: datetime | None = Field(default=None, sa_type=UtcTime)


class EnrolToken(Table, table=True):
    """A one-time address that makes a browser a tablet of a boutique."""

    __tablename__ = "enrol_token"

    token_hash: str = Field(primary_key=True, max_length=64)
    boutique_id: str = Field(foreign_key="boutique.id")
    label: str
    reader_id: str | None = Field(default=None, foreign_key="reader.id")
    printer_id: str | None = Field(default=None, foreign_key="printer.id")
    expires_at: datetime = Field(sa_type=UtcTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcTime)


class StaffSession(Table, table=True):
    """A person at a tablet, from PIN to lock."""

    __tablename__ = "staff_session"

    id: str = Field(primary_key=True, max_length=32)
    device_id: str = Field(foreign_key="device.id", index=True)
    staff_id: str = Field(foreign_key="staff.id")
    began_at: datetime = Field(sa_type=UtcTime)
    seen_at: datetime = Field(sa_type=UtcTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)
