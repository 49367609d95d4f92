"""a tap keeps once; two columns that nobody ever read go"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("basket_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tap", sa.String(length=100), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_basket_item_basket_id_tap"), ["basket_id", "tap"])
    with op.batch_alter_table("basket", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_basket_staff_id"), type_="foreignkey")
        batch_op.drop_column("staff_id")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_column("quote_digest")
