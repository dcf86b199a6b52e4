"""The form's tables: a choice belongs to its text, wherever its row moves to."""

from collections.abc import Iterator
from typing import Any

import pytest

from progressions.services import mapping_help
from progressions.web import mapping_form, session


class Editor:
    """What Streamlit's editor does with a key: it keeps choices by the number of the row."""

    def __init__(self) -> None:
        self.choices: dict[str, dict[int, str]] = {}
        self.key = ""

    def __call__(self, rows: list[dict[str, str]], *, key: str, **_rest: Any) -> list[dict[str, str]]:
        self.key = key
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
    ("content", "says"),
    [
        ('{"layout": "wide"}', "which column names the partnership"),
        ('{"layout": "wide", "partnership": "a", "convening": {"column": "b"}, "day_first": true}', "are domains"),
        (
            '{"layout": "wide", "partnership": "a", "convening": {"column": "b"}, "domains": {"c": "x/y"}}',
            "days or months",
        ),
        ('{"layout": "long", "partnership": "a", "convening": {"date": "2024-01-01"}, "domain": "d"}', "has the level"),
    ],
)
def test_what_is_missing_is_said_in_the_words_of_the_form(content: str, says: str) -> None:
    assert says in mapping_help.missing(content)


@pytest.mark.parametrize("text", ["not json", "[]", '{"layout": "other"}'])
def test_an_uploaded_text_is_left_to_its_reader(text: str) -> None:
    assert mapping_help.missing(text) == ""
