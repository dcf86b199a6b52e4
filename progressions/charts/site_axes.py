"""What the charts of sites share: a column for each domain, and what moved in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from progressions.charts.labels import BLANK_LINE, lookup, row_lines, wrapped
from progressions.charts.theme import LINE_HEIGHT, PLOT, TEXT_SIZE
from progressions.measures.chance import chance_words, more_words
from progressions.measures.columns import DOMAIN, MOVEMENT, PARTNERSHIP
from progressions.measures.findings import PARTNERSHIPS, RATINGS, movement_sentence
from progressions.measures.kinds import Movement
from progressions.measures.movement import movement_counts, on_balance
from progressions.rubric import Domain, Rubric

HEAD = 15
"""Characters in a line of a domain's title over its column."""
LEAST_ROW = 40
"""Pixels of a row: a title on two lines, and a digit that is read from two metres."""
HEADED = 118
"""Pixels that a column needs for its title; below that it shows its number alone."""
_COMPARED = [kind.value for kind in (Movement.UP, Movement.SAME, Movement.DOWN)]
_SEVERAL = 2
"""Partnerships from which on the ways that they went can be told from chance."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """When, in words: the convening, and the one that it is compared with ("" where there is none)."""

    now: str
    then: str = ""


def domain_columns(domains: Sequence[Domain]) -> alt.X:
    """One column a domain in the rubric's order: number and title where there is room, otherwise the number."""
    heads = {d.code: wrapped(f"{place}\N{NO-BREAK SPACE}{d.title}", HEAD) for place, d in enumerate(domains, start=1)}
    tallest = max((len(lines) for lines in heads.values()), default=1)
    tall = {code: [BLANK_LINE] * (tallest - len(lines)) + lines for code, lines in heads.items()}
    numbers = {code: str(place) for place, code in enumerate(heads, start=1)}
    narrow = f"{PLOT} / {max(1, len(heads))} < {HEADED}"
    return alt.X(
        f"{DOMAIN}:N",
        title=None,
        scale=alt.Scale(domain=list(heads), paddingInner=0.06, paddingOuter=0),
        axis=alt.Axis(
            orient="top",
            labelAngle=0,
            labelLineHeight=LINE_HEIGHT,
            labelFontSize=TEXT_SIZE,
            labelExpr=f"{narrow} ? {lookup(numbers)} : {lookup(tall)}",
            labelPadding=alt.ExprRef(f"{narrow} ? 8 : {8 + (tallest - 1) * LINE_HEIGHT}"),
        ),
    )


def row_height(titles: Mapping[str, str]) -> int:
    """Pixels of a row that has room for the longest of the titles."""
    lines = max((len(label) for label in row_lines(titles).values()), default=1)
    return max(LEAST_ROW, lines * LINE_HEIGHT + 6)


def domain_numbers(rubric: Rubric) -> str:
    """What the numbers over the columns stand for, for example "1 Shared aim, 2 Focus on equity": none ends a line."""
    return ", ".join(f"{place}\N{NO-BREAK SPACE}{domain.title}" for place, domain in enumerate(rubric.domains, start=1))


def moved_words(found: pd.DataFrame, since: str, unit: tuple[str, str] = RATINGS) -> str:
    """What moved, and whether it could be chance: by partnership, whose ratings are no independent witnesses.

    In: ``movement_between`` or ``site_levels``; ``since`` names the earlier convening, ``unit`` what is counted. Of one
    partnership that can be compared no chance is told: it would be over a single witness.
    """
    counts, (rose, fell) = movement_counts(found), on_balance(found)
    told = movement_sentence(counts, since, unit)
    if found.loc[found[MOVEMENT].isin(_COMPARED), PARTNERSHIP].nunique() < _SEVERAL:
        return told
    if unit == PARTNERSHIPS:  # of one domain: these are the very counts that have just been told
        return f"{told}. {more_words(rose, fell)}" if rose != fell else told
    if rose + fell:
        return f"{told}. By partnership, on balance: {chance_words(rose, fell)}"
    return f"{told}. In each partnership that moved, as many moved up as down" if counts.up else told
