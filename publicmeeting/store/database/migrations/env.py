"""Alembic environment, on the connection that `publicmeeting.store.database.migrate` passes."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
