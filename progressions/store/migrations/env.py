"""Run by Alembic, always inside a transaction that somebody else has begun and will commit."""

from alembic import context

from progressions.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
