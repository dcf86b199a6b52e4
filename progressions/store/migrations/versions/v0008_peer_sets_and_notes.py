"""Peer sets, whose members never change, and what partnerships share of their way."""

import sqlalchemy as sa
from alembic import op

from progressions.store.migrations.versions.v0002_never_changed import refuse_change
from progressions.store.migrations.versions.v0007_never_replaced import refuse_replacement

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Adds the tables."""
    _peer_sets()
    _shared_notes()
    refuse_change("peer_set_members")
    refuse_replacement("peer_set_members", ("set_id, partnership_id",))


def _peer_sets() -> None:
    op.create_table(
        "peer_sets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("removed_at", MOMENT),
        sa.Column("removed_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("id", "network_id"),
    )
    op.create_index(op.f("ix_peer_sets_network_id"), "peer_sets", ["network_id"])
    op.create_table(
        "peer_set_members",
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("set_id", "partnership_id"),
        sa.ForeignKeyConstraint(["set_id", "network_id"], ["peer_sets.id", "peer_sets.network_id"]),
        sa.ForeignKeyConstraint(["partnership_id", "network_id"], ["partnerships.id", "partnerships.network_id"]),
    )


def _shared_notes() -> None:
    op.create_table(
        "shared_notes",
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("domain_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT),
        sa.Column("first_asked_at", MOMENT),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"]),
        sa.ForeignKeyConstraint(["domain_id"], ["domains.id"]),
        sa.ForeignKeyConstraint(["partnership_id", "network_id"], ["partnerships.id", "partnerships.network_id"]),
        sa.PrimaryKeyConstraint("network_id", "partnership_id", "domain_id"),
        sa.CheckConstraint("asked_at IS NULL OR first_asked_at IS NOT NULL", name="asked"),
        sa.CheckConstraint("row_version >= 1", name="row_version"),
    )
