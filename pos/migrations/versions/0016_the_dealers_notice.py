"""a boutique shows the official dealer's notice it was given"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not by `batch_alter_table`: on SQLite it makes the table anew, without the triggers of 0014.
    op.add_column("boutique", sa.Column("notice", sa.JSON(), nullable=True))
