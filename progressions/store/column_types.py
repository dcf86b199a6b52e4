"""What a column may hold, alike on both databases: moments, and texts."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeDecorator, TypeEngine

from progressions.errors import UserError
from progressions.text import without_turns


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, always UTC; a naive one is refused. SQLite keeps it naive, in UTC."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime]:
        """PostgreSQL has a type with time zone, SQLite has none."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """On the way in: ValueError where the moment has no time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be stored.")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """On the way out: aware, in UTC."""
        return None if value is None else in_utc(value)


def in_utc(kept: datetime) -> datetime:
    """A moment as either database keeps it, aware."""
    return kept.replace(tzinfo=UTC) if kept.tzinfo is None else kept.astimezone(UTC)


class UnstorableTextError(UserError, DontWrapMixin):
    """A text with a character that a database cannot hold; SQLAlchemy lets it through as it is."""


class Words(TypeDecorator[str]):
    """A text that both databases can hold: no zero character (PostgreSQL), no half of a pair (either).

    What would turn the text after it round is left out: no text of a person's may rearrange what stands beside it.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """On the way in: UnstorableTextError where the text holds what cannot be stored."""
        if value and ("\x00" in value or not (value.isascii() or _is_encodable(value))):
            raise UnstorableTextError("This text contains a character that cannot be stored. Type it again.")
        return without_turns(value) if value else value


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
