"""a tablet's latest order is found at once, however many the others have"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_orders_device", "orders", ["device_id", "opened_at"], unique=False)
