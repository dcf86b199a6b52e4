"""Triggers: a published version and the history of ratings never change and never go, whoever tries."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("rubric_versions", "levels", "domain_texts", "descriptors", "rating_changes")
REFUSAL = "rows of {table} never change"


def upgrade() -> None:
    """Refuses UPDATE and DELETE on each of the tables, and on PostgreSQL TRUNCATE too."""
    if _is_postgresql():
        op.execute(_refusing_function())
    for table in TABLES:
        refuse_change(table)


def refuse_change(table: str) -> None:
    """Closes one table."""
    for statement in _postgresql(table) if _is_postgresql() else _sqlite(table):
        op.execute(statement)


def allow_change(table: str) -> None:
    """Opens one table again, for a migration that closes it before it ends."""
    if _is_postgresql():
        for trigger in ("never_change", "never_emptied"):
            op.execute(f"DROP TRIGGER {table}_{trigger} ON {table}")
    else:
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{verb}")


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _refusing_function() -> str:
    return """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'rows of % never change', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$
    """


def _postgresql(table: str) -> tuple[str, ...]:
    return (
        f"CREATE TRIGGER {table}_never_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    )


def _sqlite(table: str) -> tuple[str, ...]:
    refusal = REFUSAL.format(table=table)
    return tuple(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        for verb in ("UPDATE", "DELETE")
    )
