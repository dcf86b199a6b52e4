"""Small rules for texts."""

import unicodedata

from progressions.sheets.cells import Cell
from progressions.text import is_readable, one_line, without_turns


def test_what_turns_the_text_after_it_round_is_left_out() -> None:
    turning = [chr(n) for n in range(0x110000) if unicodedata.bidirectional(chr(n))[-1:] in "EOFI" and n > 0x7F]
    turning = [sign for sign in turning if unicodedata.category(sign) == "Cf"]
    assert len(turning) == 9
    assert without_turns(f"a{''.join(turning)}b") == "ab"
    assert Cell("\u202egnirts\u202c", 1, 0).text == "gnirts"


def test_texts_of_right_to_left_languages_stay_as_they_are() -> None:
    for text in ("שלום\u200f, עולם", "مرحبا\u061c", "plain", "naïve", ""):
        assert without_turns(text) == text


def test_a_line_has_single_spaces_and_nothing_that_a_terminal_obeys() -> None:
    controls = [chr(n) for n in range(0x110000) if unicodedata.category(chr(n)) == "Cc"]
    assert len(controls) == 65
    for sign in controls:
        assert one_line(f"A{sign}B") == ("A B" if sign.isspace() else "AB")
    assert one_line("  Zoë \u200d Łukasz\r\n\x1b[31mred\x1b[0m ") == "Zoë \u200d Łukasz [31mred[0m"


def test_what_can_be_read_has_a_letter_or_a_digit() -> None:
    assert all(is_readable(text) for text in ("A", "7", "-ж-", "名"))
    assert not any(is_readable(text) for text in ("", " ", "\u200b", "\u2060\u200e", "—", "…"))
