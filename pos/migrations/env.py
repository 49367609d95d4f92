"""What Alembic asks for each time it migrates or compares; the connection is handed in by `pos.migrations`."""

from alembic import context

from pos.migrations.shape import options

hand = context.config.attributes
context.configure(connection=hand["connection"], **options(batch=hand.get("batch", True)))
context.run_migrations()
