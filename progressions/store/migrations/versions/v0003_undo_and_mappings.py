"""Imports that can be undone, what each of them brought into the network, and mappings that are kept.

New tables only: the older ones stay as they are, so that no row is copied and no trigger is lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Adds the tables, and lets the changes of a batch be read in their order."""
    _undos()
    _brought("imported_partnerships", "partnership_id", "partnerships")
    _brought("imported_convenings", "convening_id", "convenings")
    _saved_mappings()
    op.drop_index("ix_rating_changes_batch_id", "rating_changes")
    op.create_index("ix_rating_changes_batch_id_id", "rating_changes", ["batch_id", "id"])


def _undos() -> None:
    op.create_table(
        "undos",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("undone_at", MOMENT, nullable=False),
        sa.Column("undone_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id", "network_id"], ["batches.id", "batches.network_id"]),
        sa.PrimaryKeyConstraint("batch_id"),
    )


def _brought(table: str, column: str, parent: str) -> None:
    op.create_table(
        table,
        sa.Column(column, sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("is_removed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint([column, "network_id"], [f"{parent}.id", f"{parent}.network_id"]),
        sa.ForeignKeyConstraint(["batch_id", "network_id"], ["batches.id", "batches.network_id"]),
        sa.PrimaryKeyConstraint(column),
    )
    op.create_index(f"ix_{table}_network_id", table, ["network_id"])


def _saved_mappings() -> None:
    op.create_table(
        "saved_mappings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("headings", sa.Text(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("network_id", "title"),
    )
