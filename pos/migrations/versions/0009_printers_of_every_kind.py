"""printers of every kind, and slips that wait for a person"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

CONNECTIONS = ("network", "usb", "serial", "cups")
STATES = ("queued", "blocked", "sending", "confirmed", "sent", "unknown", "held", "dropped")


def upgrade() -> None:
    with op.batch_alter_table("printer", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "connection",
                sa.Enum(*CONNECTIONS, name="connection", native_enum=False, create_constraint=True, length=16),
                nullable=False,
                server_default="network",
            )
        )
        batch_op.add_column(sa.Column("path", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("baud", sa.Integer(), nullable=False, server_default="0"))
        for name in ("station", "paused", "left_inside", "near_end"):
            batch_op.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("said", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("said_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("printer", schema=None) as batch_op:
        for name in ("connection", "path", "baud", "station", "paused", "left_inside", "near_end"):
            batch_op.alter_column(name, server_default=None)

    with op.batch_alter_table("print_job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("copy_of", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("copied", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_print_job_copy_of"), "print_job", ["copy_of"], ["id"])
        batch_op.create_unique_constraint(batch_op.f("uq_print_job_copy_of_copy_number"), ["copy_of", "copy_number"])
        batch_op.drop_constraint("jobstate", type_="check")
        states = ", ".join(f"'{state}'" for state in STATES)
        batch_op.create_check_constraint("jobstate", f"state IN ({states})")
