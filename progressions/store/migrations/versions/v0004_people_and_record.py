"""People with codes and identities, what members see of peers, the record of what was done, other codes of domains.

Stored rows name a person by number from now on, so that a name can be taken away: names that belong to exactly one
person become that person's mark, also in the history, whose triggers are lifted for this one step.
"""

import sqlalchemy as sa
from alembic import op

from progressions.store.migrations.versions.v0002_never_changed import allow_change, refuse_change

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
SIGNED = {
    "rubric_versions": "published_by",
    "rating_changes": "changed_by",
    "ratings": "saved_by",
    "batches": "imported_by",
    "undos": "undone_by",
    "saved_mappings": "saved_by",
}
IMMUTABLE = ("rubric_versions", "rating_changes")


def upgrade() -> None:
    """Adds columns and tables, turns names into marks, and closes the history again."""
    _settings_of_networks()
    op.execute("ALTER TABLE rating_changes ADD COLUMN came_from TEXT DEFAULT '' NOT NULL")
    op.add_column("people", sa.Column("email", sa.Text()))
    op.add_column("people", sa.Column("name_removed_at", MOMENT))
    op.create_index("uq_people_email", "people", ["email"], unique=True)
    _codes_and_identities()
    _aliases()
    _record()
    for table in IMMUTABLE:
        allow_change(table)
    for table, column in SIGNED.items():
        _sign(table, column)
    for table in (*IMMUTABLE, "record"):
        refuse_change(table)


def _settings_of_networks() -> None:
    # Written out, because SQLite takes a constraint with the column that it is of, and not afterwards.
    op.execute(
        "ALTER TABLE networks ADD COLUMN peer_view TEXT DEFAULT 'counts' NOT NULL "
        "CONSTRAINT ck_networks_peer_view CHECK (peer_view IN ('names', 'counts', 'bands', 'nothing'))"
    )
    op.execute(
        "ALTER TABLE networks ADD COLUMN least_others INTEGER DEFAULT 5 NOT NULL "
        "CONSTRAINT ck_networks_least_others CHECK (least_others >= 5)"
    )


def _codes_and_identities() -> None:
    op.create_table(
        "person_codes",
        sa.Column("selector", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
        sa.PrimaryKeyConstraint("selector"),
        sa.UniqueConstraint("person_id"),
    )
    op.create_table(
        "identities",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
        sa.PrimaryKeyConstraint("issuer", "subject"),
    )
    op.create_index("ix_identities_person_id", "identities", ["person_id"])


def _aliases() -> None:
    op.create_table(
        "domain_aliases",
        sa.Column("rubric_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("domain_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["rubric_id"], ["rubrics.id"]),
        sa.ForeignKeyConstraint(["domain_id"], ["domains.id"]),
        sa.PrimaryKeyConstraint("rubric_id", "code"),
    )


def _record() -> None:
    texts = ("who", "came_from", "action", "about", "old", "new")
    op.create_table(
        "record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer()),
        sa.Column("at", MOMENT, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_record_network_id_id", "record", ["network_id", "id"])


def _sign(table: str, column: str) -> None:
    named = f"people.name = {table}.{column}"
    op.execute(
        f"UPDATE {table} SET {column} = (SELECT '#' || people.id FROM people WHERE {named}) "
        f"WHERE (SELECT count(*) FROM people WHERE {named}) = 1"
    )
