"""a log of certificates"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "log_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("peaks", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("signature", sa.String(length=86), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_log_head_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_head")),
    )
    op.create_table(
        "hand_over",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("certificate_id", sa.String(length=32), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("confirmed_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_hand_over_one_end")),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_hand_over_certificate_id")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["staff.id"], name=op.f("fk_hand_over_confirmed_by")),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_hand_over_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_hand_over_code_hash")),
    )
    with op.batch_alter_table("hand_over", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hand_over_certificate_id"), ["certificate_id"], unique=False)
        batch_op.create_index(
            "uq_hand_over_open",
            ["certificate_id"],
            unique=True,
            sqlite_where=sa.text("confirmed_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=sa.text("confirmed_at IS NULL AND withdrawn_at IS NULL"),
        )

    op.create_table(
        "log_entry",
        sa.Column("leaf", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "issued",
                "copied",
                "returned",
                "voided",
                "transferred",
                "reissued",
                name="logact",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("certificate_id", sa.String(length=32), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("nodes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_log_entry_certificate_id")),
        sa.PrimaryKeyConstraint("leaf", name=op.f("pk_log_entry")),
    )
    with op.batch_alter_table("log_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_log_entry_certificate_id"), ["certificate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_log_entry_seal"), ["seal"], unique=False)

    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hand_over_failures", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("hand_over_locked_until", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.alter_column("hand_over_failures", server_default=None)
