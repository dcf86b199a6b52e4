"""Settings, read once from the environment; every one has a default that works."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
DATA = PROJECT / "data"
RUBRICS = PROJECT / "rubrics"


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """What a workbook may cost to read. A file over a limit is refused with a sentence that names the limit."""

    file_bytes: int = 10 * 1024 * 1024
    inflated_bytes: int = 200 * 1024 * 1024
    zip_entries: int = 5_000
    sheets: int = 100
    rows: int = 1_000_000
    columns: int = 2_000
    cells: int = 6_000_000
    seconds: int = 20
    memory_bytes: int = 600 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that an installation may choose."""

    database_url: str = f"sqlite:///{DATA / 'progressions.sqlite3'}"
    public_url: str = ""
    """The address people use, for links; empty: localhost and the port that the server listens on."""
    smallest_peer_group: int = 5
    """A peer view appears only with at least this many *other* partnerships: fewer would name somebody."""
    session_days: int = 30
    read_limits: ReadLimits = ReadLimits()


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from ``PROGRESSIONS_…`` variables; what is not set keeps its default."""
    env = os.environ if environment is None else environment
    defaults = Settings()
    limits = ReadLimits(
        **{
            name: int(env.get(f"PROGRESSIONS_READ_{name.upper()}", getattr(defaults.read_limits, name)))
            for name in ReadLimits.__dataclass_fields__
        }
    )
    return Settings(
        database_url=env.get("PROGRESSIONS_DATABASE_URL") or defaults.database_url,
        public_url=env.get("PROGRESSIONS_PUBLIC_URL", "").rstrip("/"),
        smallest_peer_group=int(env.get("PROGRESSIONS_SMALLEST_PEER_GROUP", defaults.smallest_peer_group)),
        session_days=int(env.get("PROGRESSIONS_SESSION_DAYS", defaults.session_days)),
        read_limits=limits,
    )
