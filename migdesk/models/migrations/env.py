"""Alembic runs migrations on the connection that the store hands over."""

from alembic import context

from migdesk.models.declare import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
