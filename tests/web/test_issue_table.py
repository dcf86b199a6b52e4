"""Problems as a table: what is the same of many texts is said once."""

from progressions.issues import Issue, Severity
from progressions.web import issue_table

LEVELS = " is not a level of the rubric “lea”. Expected: 1 Low, 2 High; mend the cell, or leave it empty."


def _bad(text: str, cell: str) -> Issue:
    return Issue("not_a_level", Severity.ERROR, f"“{text}”{LEVELS}", "LEA", (cell,))


def test_the_same_sentence_of_many_texts_stands_once_with_every_text_and_cell() -> None:
    other = Issue("no_date", Severity.ERROR, "The row does not say when.", "LEA", ("A9",))
    groups = issue_table.grouped((_bad("67", "B2"), other, _bad("2.5", "C4")))
    assert [[issue.cells for issue in group] for group in groups] == [[("B2",), ("C4",)], [("A9",)]]
    row = issue_table._row(groups[0])
    assert row["What was found, and what to do"].count("Expected") == 1
    for part in ("67", "B2", "2\\.5", "C4"):
        assert part in row["Where"]


def test_what_is_said_of_one_text_keeps_its_own_sentence() -> None:
    row = issue_table._row([_bad("67", "B2")])
    assert "67" in row["What was found, and what to do"]
    assert row["Where"] == "LEA B2"


def test_problems_of_other_rubrics_and_severities_are_not_thrown_together() -> None:
    warning = Issue("not_a_level", Severity.WARNING, f"“67”{LEVELS}", "LEA", ("D1",))
    elsewhere = Issue("not_a_level", Severity.ERROR, "“67” is not a level of the rubric “ihe”.", "IHE", ("D1",))
    assert [len(group) for group in issue_table.grouped((_bad("67", "B2"), warning, elsewhere))] == [1, 1, 1]
