"""Triggers: what never changes cannot be put in its own place, as SQLite's REPLACE would without a word."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

UNIQUE = {
    "rubric_versions": ("rubric_id, number",),
    "levels": ("version_id, position",),
    "domain_texts": ("version_id, domain_id", "version_id, place"),
    "descriptors": ("version_id, domain_id, position",),
    "rating_changes": ("rating_id, row_version",),
    "record": (),
    "vote_changes": ("vote_id, row_version",),
    "revealed_rounds": ("session_id, domain_id, round",),
}
"""What no two rows of a table share, beside the number that SQLite gives every row (where a table has an id, that)."""


def upgrade() -> None:
    """Refuses a row whose place is taken. PostgreSQL has no REPLACE, and what it has is an UPDATE, refused already."""
    for table, keys in UNIQUE.items():
        refuse_replacement(table, keys)


def refuse_replacement(table: str, keys: tuple[str, ...]) -> None:
    """Closes one table; ``keys`` as in ``UNIQUE``."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_refusal(table, keys))


def _refusal(table: str, keys: tuple[str, ...]) -> str:
    # Before a row has its number it says -1: looking for that one would cost every row of an import a search.
    own_number = f"NEW.rowid <> -1 AND {_is_taken(table, 'rowid')}"
    taken = " OR ".join([own_number, *(_is_taken(table, key) for key in keys)])
    return (
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} "
        f"BEGIN SELECT RAISE(ABORT, 'rows of {table} never change'); END"
    )


def _is_taken(table: str, key: str) -> str:
    same = " AND ".join(f"{column} = NEW.{column}" for column in key.split(", "))
    return f"EXISTS (SELECT 1 FROM {table} WHERE {same})"
