"""The time, in one place, so that services take it as a value and tests choose it."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The present moment, timezone-aware in UTC."""
    return datetime.now(UTC)
