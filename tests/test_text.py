"""Small rules for texts."""

import ast
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import progressions
from progressions.sheets.cells import Cell
from progressions.text import is_readable, one_line, percent, without_turns


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


@pytest.mark.parametrize(
    ("part", "whole", "told"), [(5, 8, "63%"), (1, 8, "13%"), (1, 200, "1%"), (0, 3, "0%"), (7, 7, "100%")]
)
def test_a_percentage_of_an_exact_half_is_rounded_up(part: int, whole: int, told: str) -> None:
    assert percent(part, whole) == told


def test_every_percentage_is_rounded_as_by_hand() -> None:
    for whole in range(1, 401):
        for part in range(whole + 1):
            by_hand = (Decimal(100 * part) / whole).quantize(Decimal(1), ROUND_HALF_UP)
            assert percent(part, whole) == f"{by_hand}%" == percent(Fraction(part, whole))
    assert (percent(0.625), percent(0.28), percent(0.7949)) == ("63%", "28%", "79%")


def test_no_other_module_makes_percentages_of_its_own() -> None:
    home = Path(progressions.__file__)
    for file in home.parent.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        values = [node for node in ast.walk(tree) if isinstance(node, ast.FormattedValue) and node.format_spec]
        assert [ast.unparse(v) for v in values if ast.unparse(v.format_spec).rstrip("'\"").endswith("%")] == [], file
