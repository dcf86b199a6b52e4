"""Small rules for texts."""

import unicodedata

from progressions.sheets.cells import Cell
from progressions.text import without_turns


def test_what_turns_the_text_after_it_round_is_left_out() -> None:
    turning = [chr(n) for n in range(0x110000) if unicodedata.bidirectional(chr(n))[-1:] in "EOFI" and n > 0x7F]
    turning = [sign for sign in turning if unicodedata.category(sign) == "Cf"]
    assert len(turning) == 9
    assert without_turns(f"a{''.join(turning)}b") == "ab"
    assert Cell("\u202egnirts\u202c", 1, 0).text == "gnirts"


def test_texts_of_right_to_left_languages_stay_as_they_are() -> None:
    for text in ("שלום\u200f, עולם", "مرحبا\u061c", "plain", "naïve", ""):
        assert without_turns(text) == text
