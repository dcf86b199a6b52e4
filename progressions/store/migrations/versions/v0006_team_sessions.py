"""Team sessions at a convening: seats, votes and rounds; and what a rating says beside its level."""

import sqlalchemy as sa
from alembic import op

from progressions.store.migrations.versions.v0002_never_changed import refuse_change

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
SIDE = "side IN ('lea', 'ihe')"


def upgrade() -> None:
    """Adds the tables of sessions and the columns of ratings."""
    _team_sessions()
    _session_domains()
    _seats()
    _votes()
    _paper_counts()
    for table in ("vote_changes", "revealed_rounds"):
        refuse_change(table)
    _columns_of_ratings()


def _columns_of_ratings() -> None:
    empty = sa.text("''")
    op.add_column("ratings", sa.Column("convinced", sa.Text(), nullable=False, server_default=empty))
    op.add_column("ratings", sa.Column("links", sa.Text(), nullable=False, server_default=empty))
    op.add_column("ratings", sa.Column("comes_back", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("ratings", sa.Column("hindsight_level", sa.Integer()))
    op.add_column("ratings", sa.Column("hindsight_on", sa.Date()))
    # Written out, because SQLite takes a constraint with the column that it is of, and not afterwards.
    op.execute(
        "ALTER TABLE ratings ADD COLUMN next_step_state TEXT DEFAULT 'open' NOT NULL "
        "CONSTRAINT ck_ratings_next_step_state CHECK (next_step_state IN ('open', 'done', 'dropped'))"
    )


def _team_sessions() -> None:
    op.create_table(
        "team_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("convening_id", sa.Integer(), nullable=False),
        sa.Column("naming", sa.Text(), nullable=False),
        sa.Column("has_votes", sa.Boolean(), nullable=False),
        sa.Column("room_code", sa.Text()),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("led_by", sa.Text(), nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.Column("timer_ends_at", MOMENT),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"]),
        sa.ForeignKeyConstraint(["partnership_id", "network_id"], ["partnerships.id", "partnerships.network_id"]),
        sa.ForeignKeyConstraint(["convening_id", "network_id"], ["convenings.id", "convenings.network_id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("room_code"),
        sa.UniqueConstraint("convening_id", "partnership_id"),
        sa.UniqueConstraint("id", "network_id"),
        sa.CheckConstraint("naming IN ('named', 'alias', 'anonymous')", name="naming"),
    )


def _session_domains() -> None:
    op.create_table(
        "session_domains",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("domain_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["team_sessions.id"]),
        sa.ForeignKeyConstraint(["version_id", "domain_id"], ["domain_texts.version_id", "domain_texts.domain_id"]),
        sa.PrimaryKeyConstraint("session_id", "domain_id"),
        sa.CheckConstraint("round >= 1", name="round"),
    )
    op.create_table(
        "revealed_rounds",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("domain_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("revealed_at", MOMENT, nullable=False),
        sa.Column("revealed_by", sa.Text(), nullable=False),
        _of_session_domain(),
        sa.PrimaryKeyConstraint("session_id", "domain_id", "round"),
    )


def _of_session_domain() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["session_id", "domain_id"], ["session_domains.session_id", "session_domains.domain_id"]
    )


def _seats() -> None:
    op.create_table(
        "seats",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT),
        sa.Column("name_removed_at", MOMENT),
        sa.ForeignKeyConstraint(["session_id", "network_id"], ["team_sessions.id", "team_sessions.network_id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
        sa.UniqueConstraint("id", "session_id"),
        sa.CheckConstraint(SIDE, name="side"),
    )
    op.create_index("ix_seats_session_id", "seats", ["session_id"])


def _votes() -> None:
    op.create_table(
        "votes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("domain_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer()),
        sa.Column("cannot_judge", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("pen", sa.Text(), nullable=False),
        sa.Column("pen_base", sa.Integer(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["seat_id", "session_id"], ["seats.id", "seats.session_id"]),
        _of_session_domain(),
        sa.ForeignKeyConstraint(["version_id", "level"], ["levels.version_id", "levels.position"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("seat_id", "domain_id", "round"),
        sa.CheckConstraint("level IS NULL OR NOT cannot_judge", name="answer"),
        sa.CheckConstraint(SIDE, name="side"),
        sa.CheckConstraint("row_version >= 1", name="row_version"),
    )
    op.create_index("ix_votes_session_id_domain_id_round", "votes", ["session_id", "domain_id", "round"])
    op.create_table(
        "vote_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vote_id", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("came_from", sa.Text(), nullable=False),
        sa.Column("old_level", sa.Integer()),
        sa.Column("new_level", sa.Integer()),
        sa.Column("cannot_judge", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["vote_id"], ["votes.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("vote_id", "row_version"),
    )


def _paper_counts() -> None:
    answers = "'1', '2', '3', '4', '5', '6', 'cannot judge'"
    op.create_table(
        "paper_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("domain_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=False),
        sa.Column("counted_by", sa.Text(), nullable=False),
        sa.Column("counted_at", MOMENT, nullable=False),
        _of_session_domain(),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("session_id", "domain_id", "round", "side", "answer"),
        sa.CheckConstraint(SIDE, name="side"),
        sa.CheckConstraint(f"answer IN ({answers})", name="answer"),
        sa.CheckConstraint("sheets >= 0", name="sheets"),
    )
