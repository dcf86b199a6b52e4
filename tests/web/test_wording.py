"""Stored text is escaped in one place."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progressions.clock import zone_of
from progressions.web import wording

HOSTILE = [
    "![x](http://example.invalid/a.png)",
    "[click](javascript:alert(1))",
    "<iframe src=//example.invalid></iframe>",
    "<script>alert(1)</script>",
    ":red[warning]",
    ":material/home:",
    "$\\frac{1}{0}$",
    "`code`",
    "# heading",
    "- list",
    "1. list",
    "> quote",
    "a | b\n--|--\n",
    "**bold** __bold__ ~~gone~~",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_sign_that_markdown_knows_stays_bare(text: str) -> None:
    bare = re.sub(r"\\[^A-Za-z0-9\s]", "", wording.plain(text))
    assert not re.search(r"[*_`\[\]<>#$:~|!()]", bare)


@given(st.text(max_size=80))
def test_escaping_loses_no_character(text: str) -> None:
    unescaped = re.sub(r"\\([^A-Za-z0-9\s])", r"\1", wording.plain(text).replace("  \n", "\n"))
    assert unescaped.replace(wording.JOINER, "") == text.replace("\r\n", "\n").replace(wording.JOINER, "")


@given(st.text(max_size=80))
def test_a_label_is_one_line_without_bare_markup(text: str) -> None:
    shown = wording.label(text)
    assert "\n" not in shown
    assert not re.search(r"[`*_\[\]<>$:~|]", re.sub(r"\\.", "", shown))


def test_a_day_and_a_number_read_as_people_say_them() -> None:
    assert wording.day(date(2026, 10, 7)) == "7 Oct 2026"
    assert wording.count(1, "domain") == "1 domain"
    assert wording.count(1204, "rating") == "1,204 ratings"


@pytest.mark.parametrize(
    ("zone", "day", "clock"),
    [("America/Chicago", "4 Mar 2026", "18:32"), ("Asia/Tokyo", "5 Mar 2026", "09:32"), (None, "5 Mar 2026", "00:32")],
)
def test_the_day_of_a_moment_and_its_time_are_of_one_zone(
    monkeypatch: pytest.MonkeyPatch, zone: str | None, day: str, clock: str
) -> None:
    monkeypatch.setattr(wording.st, "context", SimpleNamespace(timezone=zone))
    moment = datetime(2026, 3, 5, 0, 32, tzinfo=UTC)
    assert (wording.day_of(moment), wording.clock(moment)) == (day, clock)


def test_no_screen_tells_the_day_of_a_moment_by_itself() -> None:
    """Every ``.date()`` of a moment is UTC's; only ``wording`` knows the reader's zone."""
    folder = Path(wording.__file__).parent
    found = [file.name for file in folder.glob("*.py") if ".date()" in file.read_text(encoding="utf-8")]
    assert found == ["wording.py"], "a figure's download has the reader's zone in its address"


@pytest.mark.parametrize(
    "name", ["", "America", "Nowhere/Land", "../../etc/passwd", "/etc/passwd", "a\0b", "x" * 5000, "ä", "."]
)
def test_a_zone_that_is_none_is_utc(name: str) -> None:
    assert zone_of(name) == UTC


def test_without_a_known_time_zone_the_clock_is_utc() -> None:
    assert wording.clock(datetime(2026, 3, 5, 10, 32, tzinfo=UTC)) == "10:32"
