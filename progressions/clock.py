"""The time and its zones, in one place, so that services take it as a value and tests choose it."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def utc_now() -> datetime:
    """The present moment, timezone-aware in UTC."""
    return datetime.now(UTC)


def zone_of(name: str) -> tzinfo:
    """The time zone of this name, for example "America/New_York"; UTC for one that is not known.

    Names come from browsers and addresses, and are looked for among files: whatever is wrong with one is no news.
    """
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
