"""a glass is measured, and a proof is kept"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.add_column(sa.Column("points_per_mm", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("dots_per_point", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("calibrated_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "engraving_proof",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("basket_id", sa.String(length=32), nullable=False),
        sa.Column("piece_id", sa.Integer(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("svg", sa.String(), nullable=False),
        sa.Column("svg_sha256", sa.String(length=64), nullable=False),
        sa.Column("cap_height_mm", sa.Float(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["basket_id"], ["basket.id"], name=op.f("fk_engraving_proof_basket_id")),
        sa.ForeignKeyConstraint(["piece_id"], ["piece.id"], name=op.f("fk_engraving_proof_piece_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engraving_proof")),
        sa.UniqueConstraint("basket_id", "piece_id", name=op.f("uq_engraving_proof_basket_id_piece_id")),
    )
    with op.batch_alter_table("engraving_proof", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_engraving_proof_piece_id"), ["piece_id"], unique=False)
