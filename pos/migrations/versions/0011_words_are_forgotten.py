"""words that were cut are forgotten in time, and a sale knows who wears a tag"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("engraving_proof", schema=None) as batch_op:
        batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("basket_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("species", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("collar", sa.String(length=12), nullable=True))
        batch_op.create_check_constraint(
            "breakaway", "species IS NULL OR species != 'cat' OR collar IS NULL OR collar = 'breakaway'"
        )
