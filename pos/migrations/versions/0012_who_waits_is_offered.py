"""who waits is offered what comes back, and steps are counted"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

STILL, OPEN = sa.text("left_at IS NULL"), sa.text("state = 'open'")


def upgrade() -> None:
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.alter_column("order_id", existing_type=sa.String(length=32), nullable=True)
    op.create_table(
        "waiting",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("sku", sa.String(length=24), nullable=False),
        sa.Column("boutique_id", sa.String(), nullable=False),
        sa.Column("device_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("contact", sa.String(length=254), nullable=False),
        sa.Column("reached_by", sa.String(length=8), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("consent", sa.String(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("left_at IS NULL OR (name = '' AND contact = '')", name=op.f("ck_waiting_wiped")),
        sa.CheckConstraint("left_at IS NOT NULL OR contact != ''", name=op.f("ck_waiting_reached")),
        sa.CheckConstraint("reached_by IN ('mail', 'phone')", name=op.f("ck_waiting_road")),
        sa.ForeignKeyConstraint(["boutique_id"], ["boutique.id"], name=op.f("fk_waiting_boutique_id")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_waiting_device_id")),
        sa.ForeignKeyConstraint(["sku"], ["edition.sku"], name=op.f("fk_waiting_sku")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting")),
    )
    with op.batch_alter_table("waiting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_waiting_boutique_id"), ["boutique_id"], unique=False)
        batch_op.create_index("ix_waiting_order", ["sku", "left_at", "joined_at"], unique=False)
        batch_op.create_index(
            "uq_waiting_contact", ["sku", "contact"], unique=True, sqlite_where=STILL, postgresql_where=STILL
        )
    op.create_table(
        "offer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("waiting_id", sa.String(length=32), nullable=False),
        sa.Column("piece_id", sa.Integer(), nullable=False),
        sa.Column("basket_id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "taken", "lapsed", name="offerstate", native_enum=False, create_constraint=True, length=16),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["basket_id"], ["basket.id"], name=op.f("fk_offer_basket_id")),
        sa.ForeignKeyConstraint(["piece_id"], ["piece.id"], name=op.f("fk_offer_piece_id")),
        sa.ForeignKeyConstraint(["waiting_id"], ["waiting.id"], name=op.f("fk_offer_waiting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("code", name=op.f("uq_offer_code")),
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_until"), ["until"], unique=False)
        batch_op.create_index(batch_op.f("ix_offer_waiting_id"), ["waiting_id"], unique=False)
        batch_op.create_index("uq_offer_piece", ["piece_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
        batch_op.create_index("uq_offer_waiting", ["waiting_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table(
        "step_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("boutique_id", sa.String(), nullable=False),
        sa.Column("sku", sa.String(length=24), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "view",
                "size",
                "engraved",
                "hold",
                "drop",
                "sale",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_step_count_count")),
        sa.ForeignKeyConstraint(["boutique_id"], ["boutique.id"], name=op.f("fk_step_count_boutique_id")),
        sa.ForeignKeyConstraint(["sku"], ["variant.sku"], name=op.f("fk_step_count_sku")),
        sa.PrimaryKeyConstraint("day", "boutique_id", "sku", "step", name=op.f("pk_step_count")),
    )
