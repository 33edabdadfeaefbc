"""What alembic runs to change tables: uses the connection, and the transaction, it is given."""

from __future__ import annotations

from alembic import context

from syncserver.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
)
context.run_migrations()
