"""Settings, read once from the environment; every one has a default that works."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from progressions.errors import UserError

PROJECT = Path(__file__).resolve().parent.parent
DATA = PROJECT / "data"
RUBRICS = PROJECT / "rubrics"


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """What a workbook may cost to read. A file over a limit is refused with a sentence that names the limit."""

    file_bytes: int = 10 * 1024 * 1024
    """The file as it is uploaded; the server's own limit on uploads must not be smaller."""
    inflated_bytes: int = 200 * 1024 * 1024
    """All parts of an .xlsx, .xlsb or .ods together, counted while they are unpacked; also the text of all cells."""
    zip_entries: int = 5_000
    """Parts of an .xlsx, .xlsb or .ods: sheets, pictures, settings of printers."""
    sheets: int = 100
    """Sheets of cells, filled or empty; those of charts and macros do not count."""
    rows: int = 1_000_000
    """Rows of one sheet, down to the last one that holds anything."""
    columns: int = 2_000
    """Columns of one sheet, up to the last one that holds anything."""
    cells: int = 6_000_000
    """Rows times columns, empty cells too, over all sheets."""
    seconds: int = 20
    """Of the clock, from the start of the reading process to its last cell."""
    memory_bytes: int = 600 * 1024 * 1024
    """Of the reading process, counted by the system as its address space; not on Windows, which cannot."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that an installation may choose."""

    database_url: str = f"sqlite:///{DATA / 'progressions.sqlite3'}"
    public_url: str = ""
    """The address people use, for links; empty: localhost and the port that the server listens on."""
    session_days: int = 30
    read_limits: ReadLimits = ReadLimits()


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from ``PROGRESSIONS_…`` variables; what is not set keeps its default. UserError for a bad one."""
    env = os.environ if environment is None else environment
    defaults = Settings()
    limits = ReadLimits(
        **{
            name: _number(env, f"READ_{name.upper()}", getattr(defaults.read_limits, name))
            for name in ReadLimits.__dataclass_fields__
        }
    )
    return Settings(
        database_url=env.get("PROGRESSIONS_DATABASE_URL") or defaults.database_url,
        public_url=env.get("PROGRESSIONS_PUBLIC_URL", "").rstrip("/"),
        session_days=_number(env, "SESSION_DAYS", defaults.session_days),
        read_limits=limits,
    )


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(f"PROGRESSIONS_{name}", "").strip()
    if not text:
        return default
    if not text.isdecimal() or int(text) == 0:
        raise UserError(f"The setting PROGRESSIONS_{name} is “{text}”. Expected: a whole number from 1.")
    return int(text)
