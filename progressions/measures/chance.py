"""How much of a count could be chance, by SciPy's methods, and in words for few sites."""

from progressions.text import percent

COULD_BE_CHANCE = 0.05
"""From this p-value on a movement is told as possible chance. The customary line; words, never stars."""
CONFIDENCE = 0.95
FEW_SITES = 30
"""Up to so many sites a share is told with what else would fit: of 30, a half is known to 17 points either way."""


def wilson(successes: int, n: int) -> tuple[float, float]:
    """The 95 % Wilson interval of a share, low and high from 0 to 1 .

    Nothing observed (n 0) leaves everything possible: 0 to 1. ValueError unless 0 <= successes <= n.

    Measure: How far a share can be trusted
    Tells: between which two shares the real one may lie where few partnerships were counted: for 6 of 11, 28% and 79%
    Population: whatever was counted, which must be partnerships in one domain: ratings of one partnership are no
        independent witnesses
    Denominator: all of them; of nothing, everything from 0 to 1 is possible
    Not rated: it is in neither number
    Unit: a share from 0 to 1, at 95% confidence
    Source: the Wilson interval (Wilson 1927), as SciPy computes it
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

    Measure: Whether a movement could be chance
    Tells: how easily so many rises and so few falls would come about if both were equally likely; shown in words alone
    Population: what went one way or the other: partnerships up or down in a network, domains above or below, closer or
        wider in a team
    Denominator: what went either way; what stayed between is left out
    Not rated: it goes neither way, and is left out
    Unit: a probability from 0 to 1; from 0.05 on the words are "this could be chance"
    Source: the exact two-sided sign test, as SciPy computes it
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
    told = "hard to explain by chance" if _is_hard_to_explain(up, down) else "this could be chance"
    return f"{up or 'none'} rose, {down or 'none'} fell: {told}"


def more_words(up: int, down: int) -> str:
    """The same after the counts have been told: for example "That more moved up than down could be chance".

    ValueError where as many moved up as down: neither are more.
    """
    if up == down:
        raise ValueError(f"neither are more: {up} up, {down} down")
    more, fewer = ("up", "down") if up > down else ("down", "up")
    told = "is hard to explain by chance" if _is_hard_to_explain(up, down) else "could be chance"
    return f"That more moved {more} than {fewer} {told}"


def _is_hard_to_explain(up: int, down: int) -> bool:
    return sign_test(up, down) < COULD_BE_CHANCE


def fitting_words(part: int, sites: int) -> str:
    """For example "with so few partnerships, read this as a share between 28% and 79%".

    "" of more than ``FEW_SITES``, and of none.

    The unit must be the partnership, in one domain: ratings of one partnership are no independent witnesses.
    """
    if not 0 < sites <= FEW_SITES:
        return ""
    low, high = wilson(part, sites)
    return f"with so few partnerships, read this as a share between {percent(low)} and {percent(high)}"
