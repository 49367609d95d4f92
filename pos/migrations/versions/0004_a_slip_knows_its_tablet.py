"""a slip knows its tablet"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("print_job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("device_id", sa.String(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_print_job_device_id"), "device", ["device_id"], ["id"])
    # Of slips written before, only the order's tablet is known: the one that took the deposit.
    op.execute("UPDATE print_job SET device_id = (SELECT device_id FROM orders WHERE orders.id = print_job.order_id)")
