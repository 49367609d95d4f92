"""How far shoppers come: counts, and nothing of anybody."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from pos.models.columns import Table, one_of


class Step(StrEnum):
    """How far a shopper alone at a tablet came with a piece; what the counter does is not counted."""

    VIEW = "view"  # its page was opened
    SIZE = "size"  # a size was found and taken
    ENGRAVED = "engraved"  # words were confirmed letter by letter
    HOLD = "hold"  # a number was kept
    DROP = "drop"  # what was kept was put back, or left behind
    SALE = "sale"  # paid, or its deposit


class StepCount(Table, table=True):
    """How often a step was taken with a piece, in a boutique, on one of its days. No session, no tablet, no person."""

    __tablename__ = "step_count"
    __table_args__ = (CheckConstraint("count > 0", name="count"),)

    day: date = Field(primary_key=True)  # of the boutique's own zone
    boutique_id: str = Field(primary_key=True, foreign_key="boutique.id")
    sku: str = Field(primary_key=True, foreign_key="variant.sku", max_length=24)
    step: Step = Field(primary_key=True, sa_type=one_of(Step))
    count: int
