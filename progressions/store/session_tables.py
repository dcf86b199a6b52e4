"""The tables of team sessions: who has joined, what they vote, and what was done with it."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from progressions.store.column_types import UtcDateTime, Words
from progressions.store.tables import convenings, domain_texts, levels, metadata, networks, partnerships

# A partnership has one session at a convening; closing and opening again leaves the row.
team_sessions = Table(
    "team_sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("network_id", ForeignKey(networks.c.id), nullable=False),
    Column("partnership_id", Integer, nullable=False),
    Column("convening_id", Integer, nullable=False),
    Column("naming", Words, nullable=False),
    Column("has_votes", Boolean, nullable=False),
    Column("room_code", Words, unique=True),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("opened_by", Words, nullable=False),
    Column("led_by", Words, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("timer_ends_at", UtcDateTime),
    Column("revision", Integer, nullable=False),
    Column("progress", Integer, nullable=False),
    UniqueConstraint("convening_id", "partnership_id"),
    UniqueConstraint("id", "network_id"),
    ForeignKeyConstraint(["partnership_id", "network_id"], [partnerships.c.id, partnerships.c.network_id]),
    ForeignKeyConstraint(["convening_id", "network_id"], [convenings.c.id, convenings.c.network_id]),
    CheckConstraint("naming IN ('named', 'alias', 'anonymous')", name="naming"),
)

session_domains = Table(
    "session_domains",
    metadata,
    Column("session_id", ForeignKey(team_sessions.c.id), nullable=False),
    Column("domain_id", Integer, nullable=False),
    Column("version_id", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    PrimaryKeyConstraint("session_id", "domain_id"),
    ForeignKeyConstraint(["version_id", "domain_id"], [domain_texts.c.version_id, domain_texts.c.domain_id]),
    CheckConstraint("round >= 1", name="round"),
)

# When a round of a domain was revealed: a row is there as soon as everybody may see its votes, and never goes.
revealed_rounds = Table(
    "revealed_rounds",
    metadata,
    Column("session_id", Integer, nullable=False),
    Column("domain_id", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("revealed_at", UtcDateTime, nullable=False),
    Column("revealed_by", Words, nullable=False),
    PrimaryKeyConstraint("session_id", "domain_id", "round"),
    ForeignKeyConstraint(["session_id", "domain_id"], [session_domains.c.session_id, session_domains.c.domain_id]),
)

# Somebody who has joined on a phone: known by the hash of a token in the phone's cookie.
seats = Table(
    "seats",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("network_id", Integer, nullable=False),
    Column("session_id", Integer, nullable=False, index=True),
    Column("token_hash", Words, nullable=False, unique=True),
    Column("name", Words, nullable=False),
    Column("side", Words, nullable=False),
    Column("role", Words, nullable=False),
    Column("joined_at", UtcDateTime, nullable=False),
    Column("removed_at", UtcDateTime),
    Column("name_removed_at", UtcDateTime),
    UniqueConstraint("id", "session_id"),
    ForeignKeyConstraint(["session_id", "network_id"], [team_sessions.c.id, team_sessions.c.network_id]),
    CheckConstraint("side IN ('lea', 'ihe')", name="side"),
)

# A further device of somebody who has joined: first the one-time link and code that it is let in by, which only open a
# seat for minutes; then the token in its cookie, which is the seat's as much as the first one.
seat_devices = Table(
    "seat_devices",
    metadata,
    Column("link_hash", Words, primary_key=True),
    Column("seat_id", ForeignKey(seats.c.id), nullable=False, index=True),
    Column("code_hash", Words, nullable=False, unique=True),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("token_hash", Words, unique=True),
)

votes = Table(
    "votes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("session_id", Integer, nullable=False),
    Column("seat_id", Integer, nullable=False),
    Column("domain_id", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("version_id", Integer, nullable=False),
    Column("level", Integer),
    Column("cannot_judge", Boolean, nullable=False),
    Column("note", Words, nullable=False),
    Column("side", Words, nullable=False),
    Column("role", Words, nullable=False),
    Column("row_version", Integer, nullable=False),
    Column("pen", Words, nullable=False),
    Column("pen_base", Integer, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    # One vote a person, domain and round. Side and role are those under which it was shown.
    UniqueConstraint("seat_id", "domain_id", "round"),
    ForeignKeyConstraint(["seat_id", "session_id"], [seats.c.id, seats.c.session_id]),
    ForeignKeyConstraint(["session_id", "domain_id"], [session_domains.c.session_id, session_domains.c.domain_id]),
    ForeignKeyConstraint(["version_id", "level"], [levels.c.version_id, levels.c.position]),
    Index(None, "session_id", "domain_id", "round"),
    CheckConstraint("level IS NULL OR NOT cannot_judge", name="answer"),
    CheckConstraint("side IN ('lea', 'ihe')", name="side"),
    CheckConstraint("row_version >= 1", name="row_version"),
)

# The record of votes: every save with what it said before. Nobody is shown whose level it was.
vote_changes = Table(
    "vote_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("vote_id", ForeignKey(votes.c.id), nullable=False),
    Column("row_version", Integer, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("came_from", Words, nullable=False),
    Column("old_level", Integer),
    Column("new_level", Integer),
    Column("cannot_judge", Boolean, nullable=False),
    UniqueConstraint("vote_id", "row_version"),
)

# What a team that votes on paper counted, typed in by the facilitator.
paper_counts = Table(
    "paper_counts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("session_id", Integer, nullable=False),
    Column("domain_id", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("side", Words, nullable=False),
    Column("answer", Words, nullable=False),
    Column("sheets", Integer, nullable=False),
    Column("counted_by", Words, nullable=False),
    Column("counted_at", UtcDateTime, nullable=False),
    UniqueConstraint("session_id", "domain_id", "round", "side", "answer"),
    ForeignKeyConstraint(["session_id", "domain_id"], [session_domains.c.session_id, session_domains.c.domain_id]),
    CheckConstraint("side IN ('lea', 'ihe')", name="side"),
    CheckConstraint("answer IN ('1', '2', '3', '4', '5', '6', 'cannot judge')", name="answer"),
    CheckConstraint("sheets >= 0", name="sheets"),
)

IMMUTABLE_OF_SESSIONS = (vote_changes, revealed_rounds)
"""As ``tables.IMMUTABLE``."""
