"""a pickup says whether it is ready"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("pickup", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("ready_by", sa.String(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_pickup_ready_by"), "staff", ["ready_by"], ["id"])
