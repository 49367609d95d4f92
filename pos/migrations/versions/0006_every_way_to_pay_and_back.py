"""every way to pay, and back"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reconciliation",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("compared", sa.Integer(), nullable=False),
        sa.Column("differences", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation")),
    )
    with op.batch_alter_table("reconciliation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reconciliation_ran_at"), ["ran_at"], unique=False)

    op.create_table(
        "difference",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=True),
        sa.Column("boutique_id", sa.String(), nullable=True),
        sa.Column("ours", sa.String(), nullable=False),
        sa.Column("theirs", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["boutique_id"], ["boutique.id"], name=op.f("fk_difference_boutique_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_difference_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_difference")),
        sa.UniqueConstraint("kind", "subject", name=op.f("uq_difference_kind_subject")),
    )
    with op.batch_alter_table("difference", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_difference_boutique_id"), ["boutique_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_difference_gone_at"), ["gone_at"], unique=False)

    op.create_table(
        "refund",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("number", sa.String(length=48), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("boutique_id", sa.String(), nullable=False),
        sa.Column("device_id", sa.String(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("manager_id", sa.String(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("gross_minor", sa.Integer(), nullable=False),
        sa.Column("vat_minor", sa.Integer(), nullable=False),
        sa.Column("vat_rows", sa.JSON(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("gross_minor > 0", name=op.f("ck_refund_amount")),
        sa.CheckConstraint("vat_minor >= 0 AND vat_minor <= gross_minor", name=op.f("ck_refund_vat")),
        sa.ForeignKeyConstraint(["boutique_id"], ["boutique.id"], name=op.f("fk_refund_boutique_id")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_refund_device_id")),
        sa.ForeignKeyConstraint(["manager_id"], ["staff.id"], name=op.f("fk_refund_manager_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_refund_order_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_refund_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("key", name=op.f("uq_refund_key")),
        sa.UniqueConstraint("number", name=op.f("uq_refund_number")),
    )
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refund_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_refund_boutique_id"), ["boutique_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_refund_order_id"), ["order_id"], unique=False)

    op.create_table(
        "saved_card",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "kept",
                "not_kept",
                "forgotten",
                name="savedcardstate",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("customer_id", sa.String(length=80), nullable=True),
        sa.Column("method_id", sa.String(length=80), nullable=True),
        sa.Column("brand", sa.String(length=24), nullable=True),
        sa.Column("last4", sa.String(length=4), nullable=True),
        sa.Column("consent_version", sa.String(length=24), nullable=False),
        sa.Column("consent_text", sa.String(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("forget_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_saved_card_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_card")),
        sa.UniqueConstraint("order_id", name=op.f("uq_saved_card_order_id")),
    )
    op.create_table(
        "gift_card",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("last4", sa.String(length=4), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("gift", "credit", name="giftcardkind", native_enum=False, create_constraint=True, length=16),
            nullable=False,
        ),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("issued_minor", sa.Integer(), nullable=False),
        sa.Column("balance_minor", sa.Integer(), nullable=False),
        sa.Column("boutique_id", sa.String(), nullable=False),
        sa.Column("order_line_id", sa.String(length=32), nullable=True),
        sa.Column("issued_by", sa.String(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.String(length=10), nullable=True),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("balance_minor >= 0 AND balance_minor <= issued_minor", name=op.f("ck_gift_card_balance")),
        sa.CheckConstraint("issued_minor > 0", name=op.f("ck_gift_card_issued")),
        sa.ForeignKeyConstraint(["boutique_id"], ["boutique.id"], name=op.f("fk_gift_card_boutique_id")),
        sa.ForeignKeyConstraint(["issued_by"], ["staff.id"], name=op.f("fk_gift_card_issued_by")),
        sa.ForeignKeyConstraint(["order_line_id"], ["order_line.id"], name=op.f("fk_gift_card_order_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_card")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_gift_card_code_hash")),
        sa.UniqueConstraint("order_line_id", name=op.f("uq_gift_card_order_line_id")),
    )
    with op.batch_alter_table("gift_card", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gift_card_boutique_id"), ["boutique_id"], unique=False)

    op.create_table(
        "refund_line",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("refund_id", sa.String(length=32), nullable=False),
        sa.Column("order_line_id", sa.String(length=32), nullable=False),
        sa.Column("gross_minor", sa.Integer(), nullable=False),
        sa.Column("vat_minor", sa.Integer(), nullable=False),
        sa.Column(
            "fate",
            sa.Enum(
                "stock", "inspection", "kept", "none", name="fate", native_enum=False, create_constraint=True, length=16
            ),
            nullable=False,
        ),
        sa.CheckConstraint("gross_minor > 0", name=op.f("ck_refund_line_amount")),
        sa.ForeignKeyConstraint(["order_line_id"], ["order_line.id"], name=op.f("fk_refund_line_order_line_id")),
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name=op.f("fk_refund_line_refund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_line")),
        sa.UniqueConstraint("refund_id", "order_line_id", name=op.f("uq_refund_line_refund_id_order_line_id")),
    )
    with op.batch_alter_table("refund_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refund_line_order_line_id"), ["order_line_id"], unique=False)

    op.create_table(
        "refund_part",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("refund_id", sa.String(length=32), nullable=False),
        sa.Column("payment_id", sa.String(length=32), nullable=False),
        sa.Column(
            "road",
            sa.Enum(
                "card",
                "release",
                "cash",
                "gift_card",
                "credit",
                name="road",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "pending",
                "refunded",
                "failed",
                "unknown",
                name="refundstate",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=80), nullable=True),
        sa.Column("stripe_refund_id", sa.String(length=80), nullable=True),
        sa.Column("gift_card_id", sa.String(length=32), nullable=True),
        sa.Column("replaces", sa.String(length=32), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.String(length=32), nullable=True),
        sa.Column("worker_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_refund_part_amount")),
        sa.ForeignKeyConstraint(["gift_card_id"], ["gift_card.id"], name=op.f("fk_refund_part_gift_card_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_refund_part_payment_id")),
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name=op.f("fk_refund_part_refund_id")),
        sa.ForeignKeyConstraint(["replaces"], ["refund_part.id"], name=op.f("fk_refund_part_replaces")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_part")),
        sa.UniqueConstraint("replaces", name=op.f("uq_refund_part_replaces")),
        sa.UniqueConstraint("stripe_refund_id", name=op.f("uq_refund_part_stripe_refund_id")),
    )
    with op.batch_alter_table("refund_part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refund_part_finished_at"), ["finished_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_refund_part_payment_id"), ["payment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_refund_part_refund_id"), ["refund_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_refund_part_state"), ["state"], unique=False)

    op.create_table(
        "gift_movement",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("gift_card_id", sa.String(length=32), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=24), nullable=False),
        sa.Column("payment_id", sa.String(length=32), nullable=True),
        sa.Column("refund_part_id", sa.String(length=32), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["gift_card_id"], ["gift_card.id"], name=op.f("fk_gift_movement_gift_card_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_gift_movement_payment_id")),
        sa.ForeignKeyConstraint(["refund_part_id"], ["refund_part.id"], name=op.f("fk_gift_movement_refund_part_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_movement")),
        sa.UniqueConstraint("payment_id", "why", name=op.f("uq_gift_movement_payment_id_why")),
        sa.UniqueConstraint("refund_part_id", "why", name=op.f("uq_gift_movement_refund_part_id_why")),
    )
    with op.batch_alter_table("gift_movement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gift_movement_gift_card_id"), ["gift_card_id"], unique=False)

    op.create_table(
        "order_link",
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("other_id", sa.String(length=32), nullable=False),
        sa.Column("linked_by", sa.String(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("order_id < other_id", name=op.f("ck_order_link_once")),
        sa.ForeignKeyConstraint(["linked_by"], ["staff.id"], name=op.f("fk_order_link_linked_by")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_link_order_id")),
        sa.ForeignKeyConstraint(["other_id"], ["orders.id"], name=op.f("fk_order_link_other_id")),
        sa.PrimaryKeyConstraint("order_id", "other_id", name=op.f("pk_order_link")),
    )
    with op.batch_alter_table("order_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_link_other_id"), ["other_id"], unique=False)

    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_certificate_piece_id"), type_="unique")
        batch_op.create_index(batch_op.f("ix_certificate_piece_id"), ["piece_id"], unique=False)
        batch_op.create_index(
            "uq_certificate_valid",
            ["piece_id"],
            unique=True,
            sqlite_where=sa.text("state = 'valid'"),
            postgresql_where=sa.text("state = 'valid'"),
        )

    with op.batch_alter_table("gateway_call", schema=None) as batch_op:
        batch_op.add_column(sa.Column("refund_part_id", sa.String(length=32), nullable=True))
        batch_op.create_index(batch_op.f("ix_gateway_call_refund_part_id"), ["refund_part_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_gateway_call_refund_part_id"), "refund_part", ["refund_part_id"], ["id"]
        )

    with op.batch_alter_table("reader", schema=None) as batch_op:
        batch_op.add_column(sa.Column("look_asked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("clear_asked_by", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("clear_expected", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("shown", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("clear_result", sa.String(length=60), nullable=True))

    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.add_column(sa.Column("gift_failures", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("gift_locked_until", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("piece", schema=None) as batch_op:
        batch_op.drop_constraint("piecestate", type_="check")
        batch_op.create_check_constraint(
            "piecestate", "state IN ('free', 'held', 'committed', 'promised', 'sold', 'inspection')"
        )

    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("refunded_minor", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("vat_refunded_minor", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_check_constraint("refunded", "refunded_minor >= 0 AND refunded_minor <= gross_minor")

    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_minor", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("refunded_minor", sa.Integer(), nullable=False, server_default="0"))
        batch_op.drop_constraint("orderstate", type_="check")
        batch_op.create_check_constraint("orderstate", "state IN ('open', 'deposit', 'paid', 'cancelled', 'refunded')")
        batch_op.create_check_constraint("asked", "asked_minor >= 0 AND asked_minor <= total_minor")
        batch_op.create_check_constraint("refunded", "refunded_minor >= 0 AND refunded_minor <= paid_minor")

    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "method",
                sa.Enum(
                    "card",
                    "cash",
                    "gift_card",
                    "saved_card",
                    "link",
                    name="method",
                    native_enum=False,
                    create_constraint=True,
                    length=16,
                ),
                nullable=False,
                server_default="card",
            )
        )
        batch_op.add_column(sa.Column("refunded_minor", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("tendered_minor", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("gift_card_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("saved_card_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("receipt_no", sa.String(length=48), nullable=True))
        batch_op.add_column(sa.Column("link_id", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("link_url", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("key", sa.String(length=120), nullable=True))
        batch_op.alter_column("reader_id", existing_type=sa.VARCHAR(), nullable=True)
        batch_op.drop_index("uq_payment_live")
        batch_op.create_check_constraint("refunded", "refunded_minor >= 0 AND refunded_minor <= amount_minor")
        batch_op.create_check_constraint("reader", "method != 'card' OR reader_id IS NOT NULL")
        batch_op.create_check_constraint("gift_card", "method != 'gift_card' OR gift_card_id IS NOT NULL")
        batch_op.create_check_constraint("saved_card", "method != 'saved_card' OR saved_card_id IS NOT NULL")
        batch_op.create_check_constraint("tendered", "tendered_minor IS NULL OR tendered_minor >= amount_minor")
        batch_op.create_unique_constraint(batch_op.f("uq_payment_link_id"), ["link_id"])
        batch_op.create_unique_constraint(batch_op.f("uq_payment_key"), ["key"])
        batch_op.create_foreign_key(batch_op.f("fk_payment_receipt_no"), "receipt", ["receipt_no"], ["number"])
        batch_op.create_foreign_key(batch_op.f("fk_payment_gift_card_id"), "gift_card", ["gift_card_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_payment_saved_card_id"), "saved_card", ["saved_card_id"], ["id"])
    op.create_index(op.f("ix_payment_receipt_no"), "payment", ["receipt_no"], unique=False)
    undecided = sa.text("state IN ('queued', 'dispatched', 'declined', 'unknown')")
    op.create_index(
        "uq_payment_undecided",
        "payment",
        ["order_id", "part"],
        unique=True,
        sqlite_where=undecided,
        postgresql_where=undecided,
    )

    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "part",
                sa.Enum("now", "balance", name="part", native_enum=False, create_constraint=True, length=16),
                nullable=False,
                server_default="now",
            )
        )
    # What was sold before: a receipt had one payment, and everything that was not cancelled was asked for.
    op.execute("UPDATE receipt SET part = (SELECT part FROM payment WHERE payment.id = receipt.payment_id)")
    op.execute("UPDATE payment SET receipt_no = (SELECT number FROM receipt WHERE receipt.payment_id = payment.id)")
    op.execute(
        "UPDATE orders SET asked_minor = COALESCE((SELECT SUM(amount_minor) FROM payment"
        " WHERE payment.order_id = orders.id AND payment.state != 'cancelled'), 0)"
    )
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_receipt_payment_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_receipt_payment_id"), type_="unique")
        batch_op.drop_column("payment_id")
        batch_op.create_unique_constraint(batch_op.f("uq_receipt_order_id_part"), ["order_id", "part"])
        batch_op.alter_column("part", server_default=None)
    for table, columns in (
        ("device", ("gift_failures",)),
        ("reader", ("shown",)),
        ("order_line", ("refunded_minor", "vat_refunded_minor")),
        ("orders", ("asked_minor", "refunded_minor")),
        ("payment", ("method", "refunded_minor")),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.alter_column(column, server_default=None)
