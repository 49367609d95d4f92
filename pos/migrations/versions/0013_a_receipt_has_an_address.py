"""a receipt has an address of its own, by which it opens on a phone"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("link", sa.String(length=43), nullable=True))
        batch_op.create_index(batch_op.f("ix_receipt_link"), ["link"], unique=True)
