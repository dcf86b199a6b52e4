"""The form's tables: a choice belongs to its text, wherever its row moves to."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from progressions.rubric import RubricVersion
from progressions.services import mapping_help
from progressions.sheets.cells import Workbook
from progressions.sheets.guessing import Finding, Guess
from progressions.web import mapping_form, session
from tests.factories import make_rubric


class Editor:
    """What Streamlit's editor does with a key: it keeps choices by the number of the row.

    ``sends`` is what it makes of values that no editor sends: an error, or other rows.
    """

    def __init__(self) -> None:
        self.sends: Exception | list[Any] | None = None
        self.keys: list[str] = []
        self.choices: dict[str, dict[int, str]] = {}
        self.key = ""

    def __call__(self, rows: list[dict[str, str]], *, key: str, **_rest: Any) -> list[dict[str, str]]:
        self.key = key
        self.keys.append(key)
        if isinstance(self.sends, Exception):
            raise self.sends
        if self.sends is not None:
            return self.sends
        made = self.choices.get(key, {})
        return [{**row, "Means": made.get(at, row["Means"])} for at, row in enumerate(rows)]

    def choose(self, row: int, meaning: str) -> None:
        self.choices.setdefault(self.key, {})[row] = meaning


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Editor]:
    made, notes = Editor(), {}  # type: ignore[var-annotated]
    monkeypatch.setattr(mapping_form.st, "data_editor", made)
    monkeypatch.setattr(session, "peek", notes.get)
    monkeypatch.setattr(session, "leave", notes.__setitem__)
    return made  # type: ignore[return-value]


def _table(*texts: str) -> dict[str, str]:
    rows = [{"In the file": text, "Means": "—"} for text in texts]
    return mapping_form._table(rows, "In the file", "Means", ["—", "1", "2"], "levels")


def test_a_choice_stays_with_its_text_when_rows_come_and_go(editor: Editor) -> None:
    assert _table("low", "mid") == {"low": "—", "mid": "—"}
    editor.choose(0, "1")
    assert _table("low", "mid") == {"low": "1", "mid": "—"}
    assert _table("mid", "low") == {"mid": "—", "low": "1"}
    assert _table("new", "mid", "low") == {"new": "—", "mid": "—", "low": "1"}
    assert _table("low", "mid") == {"low": "1", "mid": "—"}


def test_a_choice_that_was_not_offered_is_not_taken(editor: Editor) -> None:
    _table("low")
    editor.choose(0, "9; drop table")
    assert _table("low") == {"low": "—"}


@pytest.mark.parametrize(
    "error",
    [
        KeyError("no such column"),
        IndexError(99),
        json.JSONDecodeError("no JSON", "x", 0),
        AttributeError("'NoneType' object has no attribute 'get'"),  # null
        TypeError("list indices must be integers"),  # []
    ],
)
def test_what_no_editor_sends_is_answered_with_a_sentence_and_a_fresh_editor(
    editor: Editor, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    said: list[str] = []
    monkeypatch.setattr(mapping_form.st, "error", lambda text, **_rest: said.append(text))
    editor.sends = error
    assert _table("low", "mid") == {"low": "—", "mid": "—"}
    assert said == [mapping_form.DAMAGED]
    editor.sends = None
    assert _table("low", "mid") == {"low": "—", "mid": "—"}
    assert len(set(editor.keys)) == 2


@pytest.mark.parametrize(
    "rows",
    [
        [],  # deleted_rows
        [{"In the file": "mid", "Means": "2"}],
        [{"In the file": "other", "Means": "1"}, {"In the file": "mid", "Means": "2"}],
        [{"In the file": ["low"], "Means": "1"}, {"In the file": "mid", "Means": "2"}, {}],
        [{"In the file": "low", "Means": None}, {"In the file": "mid", "Means": "2"}],
        [{"In the file": "low", "Means": ["1"]}, {"In the file": "mid", "Means": "2"}, {"In the file": "added"}],
    ],
)
def test_only_offered_choices_for_offered_rows_are_taken(editor: Editor, rows: list[Any]) -> None:
    editor.sends = rows
    assert _table("low", "mid") == {"low": "—", "mid": "2" if rows else "—"}


def _long(rubric: object) -> dict[str, Any]:
    return {"layout": "long", "domain": "Domain", "level": "Level", "rubric": rubric}


@pytest.mark.parametrize("chosen", [{"any": True}, {"is": "ihe"}, "Which"])
def test_every_way_to_name_the_rubric_can_be_chosen_in_the_form(
    monkeypatch: pytest.MonkeyPatch, chosen: object
) -> None:
    """Each stands first in its picker once it is in the mapping, and comes out as it went in."""
    monkeypatch.setattr(mapping_form.st, "selectbox", lambda _title, options, at, **_rest: options[at])
    now = datetime(2026, 1, 1, tzinfo=UTC)
    version = RubricVersion(1, 1, now, "Ana", "r.xlsx", make_rubric(code="ihe"), {}, {})
    content = _long(chosen)
    mapping_form._rubric(content, ["Domain", "Level", "Which"], [version], "")
    assert content["rubric"] == chosen


def test_any_rubric_is_offered_where_none_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapping_form.st, "selectbox", lambda *_args, **_rest: mapping_form.ANY)
    content = _long(None)
    mapping_form._rubric(content, ["Domain"], [], "")
    assert content["rubric"] == {"any": True}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"layout": "wide"}', "which column names the partnership"),
        ('{"layout": "wide", "partnership": "a", "convening": {"column": "b"}, "day_first": true}', "are domains"),
        (
            '{"layout": "wide", "partnership": "a", "convening": {"column": "b"}, "domains": {"c": "x/y"}}',
            "days or months",
        ),
        ('{"layout": "long", "partnership": "a", "convening": {"date": "2024-01-01"}, "domain": "d"}', "has the level"),
        (
            '{"layout": "long", "partnership": "a", "convening": {"date": "2024-01-01"}, "domain": "d", "level": "l"}',
            "which rubric the ratings are of",
        ),
        (
            '{"layout": "across", "partnership": "a", "convening": {"date": "2024-01-01"}, "domain": "d"}',
            "which rubric the ratings are of",
        ),
    ],
)
def test_what_is_missing_is_said_in_the_words_of_the_form(content: str, says: str) -> None:
    assert says in mapping_help.missing(content)


@pytest.mark.parametrize("text", ["not json", "[]", '{"layout": "other"}'])
def test_an_uploaded_text_is_left_to_its_reader(text: str) -> None:
    assert mapping_help.missing(text) == ""


@pytest.mark.parametrize(
    ("content", "rubrics"),
    [
        ({"layout": "wide", "domains": {"A": "lea/lea-1", "B": "zero/z/1"}}, {"lea", "zero"}),
        ({"layout": "long", "rubric": {"is": "ihe"}, "domains": {"A": "lea/lea-1"}}, {"ihe"}),
        ({"layout": "long", "rubric": "Which", "domain_texts": {"A": "lea/lea-1"}}, set()),
        ({"layout": "wide"}, set()),
    ],
)
def test_only_rubrics_of_the_mapping_lend_their_levels(content: dict[str, object], rubrics: set[str]) -> None:
    assert mapping_help.rubrics_in_use(content) == rubrics


def test_levels_of_rubrics_that_the_mapping_does_not_use_are_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    offered: list[list[str]] = []

    def table(_rows: object, _fixed: str, _free: str, options: list[str], _key: str) -> dict[str, str]:
        offered.append(options)
        return {}

    monkeypatch.setattr(mapping_form, "_table", table)
    monkeypatch.setattr(mapping_help, "level_texts", lambda _workbook, _content: ("red",))
    codes = ("lea", "ihe")
    now = datetime(2026, 1, 1, tzinfo=UTC)
    versions = [
        RubricVersion(1, 1, now, "Ana", "r.xlsx", make_rubric(code=code, levels=levels), {}, {})
        for code, levels in zip(codes, (2, 4), strict=True)
    ]
    for code in codes:
        content: dict[str, Any] = {"layout": "wide", "domains": {"Q7": f"{code}/{code}-1"}}
        mapping_form._levels(Workbook("x.csv", "", ()), content, versions, "")
    assert [len(options) for options in offered] == [2 + 2, 4 + 2]


def _unsure(*findings: Finding) -> Guess:
    return Guess(None, {}, (), findings)


def _still(findings: tuple[Finding, ...], **now: object) -> tuple[str, ...]:
    before: dict[str, object] = {"layout": "wide", "header_row": 1, "convening": {}, "domains": {}, "not_rated": []}
    return mapping_help.still_unsure(Workbook("x.csv", "", ()), _unsure(*findings), before, {**before, **now})


DAY = Finding("convening", None, 0.0, "Which day?")
TWO = Finding("domains", None, 0.0, "Two columns: A, B", ("A", "B"))
TEXTS = Finding("levels", None, 0.0, "No levels: red, blue", ("red", "blue"))


def test_what_was_unsure_is_not_said_any_more_once_the_person_has_said_it() -> None:
    findings = (DAY, TWO, TEXTS)
    everything = tuple(finding.sentence for finding in findings)
    assert _still(findings) == everything
    assert _still(findings, convening={"column": "C"}) == everything[1:]
    assert _still(findings, domains={"C": "x/y"}) == everything  # says nothing of A and B
    assert _still(findings, domains={"A": "x/y"}) == (everything[0], everything[2])
    assert _still(findings, levels={"red": 1}) == everything
    assert _still(findings, levels={"red": 1}, not_rated=["blue"]) == everything[:2]


def test_of_another_row_of_headings_nothing_is_said_that_was_found_of_the_first() -> None:
    assert _still((DAY, TWO), header_row=2) == ()
