"""What a shopper saw and said yes to before it is cut."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from pos.models.columns import Facts, Table, UtcTime


class EngravingProof(Table, table=True):
    """The words of one piece as they will be cut, drawn, and confirmed letter by letter; the last yes stands.

    It holds for these very lines: once other words are in the basket or in the order, nobody has confirmed those.
    """

    __tablename__ = "engraving_proof"
    __table_args__ = (UniqueConstraint("basket_id", "piece_id"),)

    id: str = Field(primary_key=True, max_length=32)
    basket_id: str = Field(foreign_key="basket.id", max_length=32)
    piece_id: int = Field(foreign_key="piece.id", index=True)
    lines: list[str] = Field(sa_type=Facts)
    svg: str  # in millimetres, letters as outlines: no font is needed to read it; empty once it is erased
    svg_sha256: str = Field(max_length=64)  # salted by the drawing itself; stays when that is erased
    cap_height_mm: float
    confirmed_at: datetime = Field(sa_type=UtcTime)
    erased_at: datetime | None = Field(default=None, sa_type=UtcTime)
