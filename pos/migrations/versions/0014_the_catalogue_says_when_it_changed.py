"""the catalogue says when it changed"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# A later migration that makes one of these anew (`batch_alter_table` on SQLite) takes its triggers with it, and must
# make them again: tests/catalogue/test_standing.py asks every table of them.
COUNTED = ("boutique", "capsule", "signal", "design", "variant", "edition", "bundle", "extra", "preorder_window")
COUNT = "UPDATE catalogue_state SET changes = changes + 1"


def upgrade() -> None:
    op.create_table(
        "catalogue_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_catalogue_state_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_state")),
    )
    op.execute("INSERT INTO catalogue_state (id, changes) VALUES (1, 0)")
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    if not on_sqlite:
        op.execute(
            "CREATE OR REPLACE FUNCTION count_catalogue_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {COUNT}; RETURN NULL; END $$"
        )
    for table in COUNTED:
        if on_sqlite:
            for what in ("INSERT", "UPDATE", "DELETE"):
                op.execute(f"CREATE TRIGGER count_{table}_{what.lower()} AFTER {what} ON {table} BEGIN {COUNT}; END")
        else:
            op.execute(
                f"CREATE TRIGGER count_{table} AFTER INSERT OR UPDATE OR DELETE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION count_catalogue_change()"
            )
