import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from progressions.measures.chance import FEW_SITES, chance_words, fitting_words, more_words, sign_test, wilson


@pytest.mark.parametrize(("successes", "n", "low", "high"), [(6, 11, 28, 79), (55, 100, 45, 64), (0, 11, 0, 26)])
def test_the_wilson_interval_gives_the_checked_figures(successes, n, low, high):
    found = wilson(successes, n)
    assert (round(found[0] * 100), round(found[1] * 100)) == (low, high)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_wilson_interval_is_that_of_the_formula_of_1927(pair):
    successes, n = pair
    z, share = 1.959963984540054, successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    assert wilson(successes, n) == pytest.approx((max(0, centre - half), min(1, centre + half)), abs=1e-9)


def test_of_nothing_everything_is_possible():
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("successes", "n"), [(-1, 3), (4, 3)])
def test_a_share_above_its_whole_is_refused(successes, n):
    with pytest.raises(ValueError, match="share"):
        wilson(successes, n)


@pytest.mark.parametrize(("up", "down", "p"), [(7, 2, 0.18), (8, 1, 0.04), (0, 0, 1.0)])
def test_the_sign_test_gives_the_checked_figures(up, down, p):
    assert round(sign_test(up, down), 2) == p


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 40), st.integers(0, 40))
def test_the_sign_test_adds_up_both_tails_of_fair_coins(up, down):
    n, extreme = up + down, max(up, down)
    tail = sum(math.comb(n, k) for k in range(extreme, n + 1)) / 2**n
    assert sign_test(up, down) == pytest.approx(min(1.0, 2 * tail))


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match="negative"):
        sign_test(-1, 2)


@pytest.mark.parametrize(
    ("up", "down", "words"),
    [
        (7, 2, "7 rose, 2 fell: this could be chance"),
        (8, 1, "8 rose, 1 fell: hard to explain by chance"),
        (5, 0, "5 rose, none fell: this could be chance"),
        (6, 0, "6 rose, none fell: hard to explain by chance"),
        (0, 6, "none rose, 6 fell: hard to explain by chance"),
        (0, 0, "none rose, none fell"),
    ],
)
def test_few_sites_are_told_in_words(up, down, words):
    assert chance_words(up, down) == words


@pytest.mark.parametrize(
    ("part", "sites", "told"),
    [
        (6, 11, "with so few partnerships, read this as a share between 28% and 79%"),
        (0, 11, "with so few partnerships, read this as a share between 0% and 26%"),
        (15, FEW_SITES, "with so few partnerships, read this as a share between 33% and 67%"),
        (15, FEW_SITES + 1, ""),
        (0, 0, ""),
    ],
)
def test_what_else_would_fit_is_told_of_few_sites_alone(part, sites, told):
    assert fitting_words(part, sites) == told


@pytest.mark.parametrize(
    ("up", "down", "words"),
    [
        (7, 2, "That more moved up than down could be chance"),
        (1, 8, "That more moved down than up is hard to explain by chance"),
        (6, 0, "That more moved up than down is hard to explain by chance"),
    ],
)
def test_after_the_counts_were_told_they_are_not_told_again(up, down, words):
    assert more_words(up, down) == words


def test_of_as_many_up_as_down_neither_are_more():
    with pytest.raises(ValueError, match="neither"):
        more_words(3, 3)
