"""Every table with its constraints. A rule that must hold is a constraint here, whatever the code above does.

Rows of a network carry the network's id, and foreign keys include it: no row can join two networks.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    false,
    text,
)

from progressions.store.column_types import UtcDateTime, Words

NAMES = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}


metadata = MetaData(naming_convention=NAMES)

networks = Table(
    "networks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", Words, nullable=False, unique=True),
    Column("title", Words, nullable=False),
    Column("is_example", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("peer_view", Words, nullable=False, server_default=text("'counts'")),
    Column("least_others", Integer, nullable=False, server_default=text("5")),
    CheckConstraint("peer_view IN ('names', 'counts', 'bands', 'nothing')", name="peer_view"),
    CheckConstraint("least_others >= 5", name="least_others"),
)

partnerships = Table(
    "partnerships",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("network_id", ForeignKey(networks.c.id), nullable=False),
    Column("code", Words, nullable=False),
    Column("title", Words, nullable=False),
    UniqueConstraint("network_id", "code"),
    UniqueConstraint("id", "network_id"),
)

convenings = Table(
    "convenings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("network_id", ForeignKey(networks.c.id), nullable=False),
    Column("held_on", Date, nullable=False),
    Column("title", Words, nullable=False),
    UniqueConstraint("network_id", "held_on"),
    UniqueConstraint("id", "network_id"),
)

rubrics = Table(
    "rubrics",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("network_id", ForeignKey(networks.c.id), nullable=False),
    Column("code", Words, nullable=False),
    UniqueConstraint("network_id", "code"),
)

domains = Table(
    "domains",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rubric_id", ForeignKey(rubrics.c.id), nullable=False),
    Column("code", Words, nullable=False),
    UniqueConstraint("rubric_id", "code"),
)

# Codes under which files name a domain that is stored under the code it has always had.
domain_aliases = Table(
    "domain_aliases",
    metadata,
    Column("rubric_id", ForeignKey(rubrics.c.id), nullable=False),
    Column("code", Words, nullable=False),
    Column("domain_id", ForeignKey(domains.c.id), nullable=False),
    PrimaryKeyConstraint("rubric_id", "code"),
)

rubric_versions = Table(
    "rubric_versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rubric_id", ForeignKey(rubrics.c.id), nullable=False),
    Column("number", Integer, nullable=False),
    Column("title", Words, nullable=False),
    Column("about", Words, nullable=False),
    Column("fingerprint", Words, nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
    Column("published_by", Words, nullable=False),
    Column("source_file", Words, nullable=False),
    UniqueConstraint("rubric_id", "number"),
    CheckConstraint("number >= 1", name="number"),
)

levels = Table(
    "levels",
    metadata,
    Column("version_id", ForeignKey(rubric_versions.c.id), nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", Words, nullable=False),
    PrimaryKeyConstraint("version_id", "position"),
    CheckConstraint("position BETWEEN 1 AND 6", name="position"),
)

domain_texts = Table(
    "domain_texts",
    metadata,
    Column("version_id", ForeignKey(rubric_versions.c.id), nullable=False),
    Column("domain_id", ForeignKey(domains.c.id), nullable=False),
    Column("place", Integer, nullable=False),
    Column("area", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("origin", Words, nullable=False),
    Column("wording", Integer, nullable=False),
    PrimaryKeyConstraint("version_id", "domain_id"),
    UniqueConstraint("version_id", "place"),
    CheckConstraint("origin IN ('same', 'reworded', 'new')", name="origin"),
    CheckConstraint("wording >= 1", name="wording"),
)

descriptors = Table(
    "descriptors",
    metadata,
    Column("version_id", Integer, nullable=False),
    Column("domain_id", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("text", Words, nullable=False),
    PrimaryKeyConstraint("version_id", "domain_id", "position"),
    ForeignKeyConstraint(["version_id", "domain_id"], [domain_texts.c.version_id, domain_texts.c.domain_id]),
    ForeignKeyConstraint(["version_id", "position"], [levels.c.version_id, levels.c.position]),
)

batches = Table(
    "batches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("network_id", ForeignKey(networks.c.id), nullable=False, index=True),
    Column("imported_at", UtcDateTime, nullable=False),
    Column("imported_by", Words, nullable=False),
    Column("file_name", Words, nullable=False),
    Column("sha256", Words, nullable=False),
    Column("mapping", Words, nullable=False),
    Column("counts", Words, nullable=False),
    UniqueConstraint("id", "network_id"),
)

ratings = Table(
    "ratings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("network_id", ForeignKey(networks.c.id), nullable=False),
    Column("partnership_id", Integer, nullable=False),
    Column("convening_id", Integer, nullable=False),
    Column("domain_id", Integer, nullable=False),
    Column("version_id", Integer, nullable=False),
    Column("level", Integer),
    Column("evidence", Words, nullable=False),
    Column("next_step", Words, nullable=False),
    Column("next_step_owner", Words, nullable=False),
    Column("next_step_due", Date),
    Column("reason", Words),
    Column("row_version", Integer, nullable=False),
    Column("pen", Words, nullable=False),
    Column("pen_base", Integer, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    Column("saved_by", Words, nullable=False),
    Column("batch_id", Integer),
    Column("convinced", Words, nullable=False, server_default=text("''")),
    Column("links", Words, nullable=False, server_default=text("''")),
    Column("comes_back", Boolean, nullable=False, server_default=false()),
    Column("hindsight_level", Integer),
    Column("hindsight_on", Date),
    Column("next_step_state", Words, nullable=False, server_default=text("'open'")),
    # A partnership has one network, so this says: one rating of a domain by a partnership at a convening. The
    # network comes first because every query names it.
    UniqueConstraint("network_id", "partnership_id", "convening_id", "domain_id"),
    ForeignKeyConstraint(["partnership_id", "network_id"], [partnerships.c.id, partnerships.c.network_id]),
    ForeignKeyConstraint(["convening_id", "network_id"], [convenings.c.id, convenings.c.network_id]),
    ForeignKeyConstraint(["version_id", "domain_id"], [domain_texts.c.version_id, domain_texts.c.domain_id]),
    ForeignKeyConstraint(["version_id", "level"], [levels.c.version_id, levels.c.position]),
    ForeignKeyConstraint(["batch_id", "network_id"], [batches.c.id, batches.c.network_id]),
    CheckConstraint("row_version >= 1", name="row_version"),
    CheckConstraint("reason IN ('practice', 'understanding', 'people', 'rubric')", name="reason"),
    CheckConstraint("next_step_state IN ('open', 'done', 'dropped')", name="next_step_state"),
)

rating_changes = Table(
    "rating_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rating_id", ForeignKey(ratings.c.id), nullable=False),
    Column("row_version", Integer, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", Words, nullable=False),
    Column("batch_id", ForeignKey(batches.c.id)),
    Column("old_level", Integer),
    Column("new_level", Integer),
    Column("old_json", Words),
    Column("new_json", Words, nullable=False),
    Column("came_from", Words, nullable=False, server_default=text("''")),
    UniqueConstraint("rating_id", "row_version"),
    Index(None, "batch_id", "id"),
)

# A batch changes a rating at most once, and so does its undo: the first change of a rating with a batch's id is the
# import's, the second one the undo's.
undos = Table(
    "undos",
    metadata,
    Column("batch_id", Integer, primary_key=True, autoincrement=False),
    Column("network_id", Integer, nullable=False),
    Column("undone_at", UtcDateTime, nullable=False),
    Column("undone_by", Words, nullable=False),
    ForeignKeyConstraint(["batch_id", "network_id"], [batches.c.id, batches.c.network_id]),
)


def _brought(name: str, column: str, parent: Table) -> Table:
    """Which batch brought a partnership or a convening, and whether an undo has taken it away again.

    The row it stands for must stay, because the history of ratings names it.
    """
    return Table(
        name,
        metadata,
        Column(column, Integer, primary_key=True, autoincrement=False),
        Column("network_id", Integer, nullable=False, index=True),
        Column("batch_id", Integer, nullable=False),
        Column("is_removed", Boolean, nullable=False),
        ForeignKeyConstraint([column, "network_id"], [parent.c.id, parent.c.network_id]),
        ForeignKeyConstraint(["batch_id", "network_id"], [batches.c.id, batches.c.network_id]),
    )


imported_partnerships = _brought("imported_partnerships", "partnership_id", partnerships)
imported_convenings = _brought("imported_convenings", "convening_id", convenings)

saved_mappings = Table(
    "saved_mappings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("network_id", ForeignKey(networks.c.id), nullable=False),
    Column("title", Words, nullable=False),
    Column("mapping", Words, nullable=False),
    Column("headings", Words, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    Column("saved_by", Words, nullable=False),
    UniqueConstraint("network_id", "title"),
)

people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Words, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("email", Words),
    Column("name_removed_at", UtcDateTime),
    Index("uq_people_email", "email", unique=True),
)

accesses = Table(
    "accesses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey(people.c.id), nullable=False),
    Column("network_id", ForeignKey(networks.c.id), nullable=False, index=True),
    Column("access", Words, nullable=False),
    Column("partnership_id", Integer),
    UniqueConstraint("person_id", "network_id"),
    ForeignKeyConstraint(["partnership_id", "network_id"], [partnerships.c.id, partnerships.c.network_id]),
    CheckConstraint("access IN ('member', 'facilitator', 'staff', 'admin')", name="access"),
    CheckConstraint("(access IN ('staff', 'admin')) = (partnership_id IS NULL)", name="own_partnership"),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("token_hash", Words, primary_key=True),
    Column("person_id", ForeignKey(people.c.id), nullable=False, index=True),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("network_id", ForeignKey(networks.c.id)),
)

sign_in_sessions = Table(
    "sign_in_sessions",
    metadata,
    Column("token_hash", Words, primary_key=True),
    Column("person_id", Integer, nullable=False),
    Column("network_id", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(["person_id", "network_id"], [accesses.c.person_id, accesses.c.network_id]),
    Index(None, "person_id", "network_id"),
)

# A code that signs a person in: the selector is public, of the secret only the scrypt hash (with its salt) is kept.
person_codes = Table(
    "person_codes",
    metadata,
    Column("selector", Words, primary_key=True),
    Column("person_id", ForeignKey(people.c.id), nullable=False, unique=True),
    Column("secret_hash", Words, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)

# Who a person is at a provider of sign-in (OpenID Connect).
identities = Table(
    "identities",
    metadata,
    Column("issuer", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("person_id", ForeignKey(people.c.id), nullable=False, index=True),
    Column("linked_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("issuer", "subject"),
)

# What was done, beside the ratings themselves, whose record is rating_changes. No network: the installation's own.
record = Table(
    "record",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("network_id", ForeignKey(networks.c.id)),
    Column("at", UtcDateTime, nullable=False),
    Column("who", Words, nullable=False),
    Column("came_from", Words, nullable=False),
    Column("action", Words, nullable=False),
    Column("about", Words, nullable=False),
    Column("old", Words, nullable=False),
    Column("new", Words, nullable=False),
    Index(None, "network_id", "id"),
)

IMMUTABLE = (rubric_versions, levels, domain_texts, descriptors, rating_changes, record)
"""Tables whose rows never change and never go: triggers refuse it (see the migrations)."""
