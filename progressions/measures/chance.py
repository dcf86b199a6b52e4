"""How much of a count could be chance, by SciPy's methods, and in words for few sites."""

COULD_BE_CHANCE = 0.05
"""From this p-value on a movement is told as possible chance. The customary line; words, never stars."""
CONFIDENCE = 0.95


def wilson(successes: int, n: int) -> tuple[float, float]:
    """The 95 % Wilson interval of a share, low and high from 0 to 1 (Wilson 1927; SciPy's).

    Nothing observed (n 0) leaves everything possible: 0 to 1. ValueError unless 0 <= successes <= n.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is not a share")
    if n == 0:
        return 0.0, 1.0
    from scipy.stats import (
        binomtest,
    )  # here, because importing SciPy costs a start of the application a second

    interval = binomtest(successes, n).proportion_ci(confidence_level=CONFIDENCE, method="wilson")
    return float(interval.low), float(interval.high)


def sign_test(up: int, down: int) -> float:
    """The exact two-sided p-value that rises and falls are equally likely; those that stayed are left out.

    With no movement at all it is 1. ValueError for a negative count.
    """
    if up < 0 or down < 0:
        raise ValueError(f"counts cannot be negative: {up} up, {down} down")
    if up + down == 0:
        return 1.0
    from scipy.stats import (
        binomtest,
    )  # here, because importing SciPy costs a start of the application a second

    return float(binomtest(up, up + down).pvalue)


def chance_words(up: int, down: int) -> str:
    """For example "7 rose, 2 fell: this could be chance". Never a p-value."""
    if up + down == 0:
        return "none rose, none fell"
    moved = f"{up or 'none'} rose, {down or 'none'} fell"
    if sign_test(up, down) < COULD_BE_CHANCE:
        return f"{moved}: hard to explain by chance"
    return f"{moved}: this could be chance"
