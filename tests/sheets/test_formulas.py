"""Texts that look like formulas go out harmless and come back as they were meant."""

from hypothesis import given
from hypothesis import strategies as st

from progressions.sheets.formulas import as_meant, harmless


@given(st.text(alphabet="'=+-@\t\rab 1", max_size=6) | st.text())
def test_out_and_in_again_is_the_same_text(text: str) -> None:
    assert as_meant(harmless(text)) == text


@given(st.text(alphabet="'=+-@\t\rab 1", min_size=1, max_size=6))
def test_nothing_that_goes_out_begins_like_a_formula(text: str) -> None:
    assert harmless(text)[0] not in "=+-@\t\r"


def test_an_ordinary_apostrophe_stays() -> None:
    assert as_meant("'tis") == harmless("'tis") == "'tis"
