"""The tables of peers: sets that staff define, and what a partnership shares with the others."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from progressions.store.column_types import UtcDateTime, Words
from progressions.store.tables import domains, metadata, networks, partnerships

# Whom a set holds never changes (see peer_set_members); a set that is taken away keeps its row.
peer_sets = Table(
    "peer_sets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("network_id", ForeignKey(networks.c.id), nullable=False, index=True),
    Column("title", Words, nullable=False),
    Column("is_shown", Boolean, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", Words, nullable=False),
    Column("removed_at", UtcDateTime),
    Column("removed_by", Words, nullable=False),
    UniqueConstraint("id", "network_id"),
)

peer_set_members = Table(
    "peer_set_members",
    metadata,
    Column("set_id", Integer, nullable=False),
    Column("partnership_id", Integer, nullable=False),
    Column("network_id", Integer, nullable=False),
    PrimaryKeyConstraint("set_id", "partnership_id"),
    ForeignKeyConstraint(["set_id", "network_id"], [peer_sets.c.id, peer_sets.c.network_id]),
    ForeignKeyConstraint(["partnership_id", "network_id"], [partnerships.c.id, partnerships.c.network_id]),
)

# What a partnership says of its way in one domain. "asked_at" is when it agreed to be asked, NULL where it does not;
# "first_asked_at" stays when it agrees no more, because it may have been read by then.
shared_notes = Table(
    "shared_notes",
    metadata,
    Column("network_id", ForeignKey(networks.c.id), nullable=False),
    Column("partnership_id", Integer, nullable=False),
    Column("domain_id", ForeignKey(domains.c.id), nullable=False),
    Column("note", Words, nullable=False),
    Column("contact", Words, nullable=False),
    Column("asked_at", UtcDateTime),
    Column("first_asked_at", UtcDateTime),
    Column("row_version", Integer, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    Column("saved_by", Words, nullable=False),
    PrimaryKeyConstraint("network_id", "partnership_id", "domain_id"),
    ForeignKeyConstraint(["partnership_id", "network_id"], [partnerships.c.id, partnerships.c.network_id]),
    CheckConstraint("asked_at IS NULL OR first_asked_at IS NOT NULL", name="asked"),
    CheckConstraint("row_version >= 1", name="row_version"),
)

IMMUTABLE_OF_PEERS = (peer_set_members,)
"""As ``tables.IMMUTABLE``."""
