"""How a team voted at one convening: per domain the district and the university, a dot a voter, the level agreed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import altair as alt
import pandas as pd

from progressions.charts.agreement_dots import CELL, INK, KIND, LIT, PLACE, dots_in, with_dots
from progressions.charts.axes import level_colour, level_columns, titled_rows, tooltips
from progressions.charts.colours import text_on
from progressions.charts.figure import Figure, Words, finished
from progressions.charts.labels import has_level, level_name, wrapped
from progressions.charts.layers import inline
from progressions.charts.places import x_at
from progressions.charts.theme import LINE_HEIGHT, TEXT_SIZE, Inks, Mode, colours_of, inks
from progressions.measures.agreement import DomainVotes
from progressions.measures.columns import COUNT, LEVEL, LEVEL_OR_GAP
from progressions.measures.findings import DOMAINS, counted, voters_each
from progressions.measures.votes import Spread, SpreadRow, how_split
from progressions.rubric import Rubric
from progressions.team_session import Side
from progressions.text import hundredths

SIDES = {Side.LEA: "District", Side.IHE: "University", None: "Both sides"}
CANNOT_JUDGE = "cannot judge"
MOST_SPLIT = 2
"""``how_split`` where the two sides stand at opposite ends."""
_BOX, _ROW, _SIDE, _NONE, _HEAD = "box", "row", "side", "none", "head"
_WIDE, _NARROW = "wide", "narrow"
_ROW_HEIGHT = 38
_LABEL = 86
"""Pixels of the widest name of a side: a domain's title begins above it."""
_HEAD_LINE = 32
"""Characters of a line of a domain's title that needs two."""
_LETTER = 8.2
"""Pixels of a letter of a domain's title, at most."""


@dataclass(frozen=True, slots=True)
class _Block:
    """One vote on one domain: the rows that stand together under its title."""

    key: str
    title: str
    spread: Spread
    agreed: int | None

    def row(self, row: SpreadRow) -> str:
        return f"{self.key} {row.side.value if row.side else 'all'}"


def team_votes(domains: Sequence[DomainVotes], rubric: Rubric, *, who: str, at: str, mode: Mode = Mode.LIGHT) -> Figure:
    """The domains whose first votes were most split come first; each vote that was shown has its rows.

    In: what was said at one convening; domains that the rubric does not have, or that were voted on with another number
    of levels, are told in ``n`` and not drawn. ValueError where none is left. ``at`` names the convening.
    """
    known = {domain.code for domain in rubric.domains}
    shown = [d for d in domains if d.domain in known and all(r.levels == len(rubric.levels) for r in d.rounds)]
    if not shown:
        raise ValueError("no votes to draw")
    order = {domain.code: place for place, domain in enumerate(rubric.domains)}
    shown.sort(key=lambda each: (-how_split(each.rounds[0]), order[each.domain]))
    blocks = [block for each in shown for block in _blocks(each, rubric)]
    words = Words(
        title=f"How {who} voted: {rubric.title}, {at}",
        finding=_finding(shown, rubric),
        n=_n(shown, blocks, len(domains) - len(shown)),
    )
    rows = _rows(blocks, rubric)
    layers = _layers(rows, _labels(blocks), rubric, inks(mode))
    return finished(layers, words, _table(blocks, rubric), _ROW_HEIGHT * len(_labels(blocks)), mode, has_rows=True)


def split_of(spread: Spread) -> int:
    """``how_split`` as it is printed: 0 for one level, 100 for two sides at opposite ends, 50 at most without sides."""
    return hundredths(max(how_split(spread), Fraction(0)), MOST_SPLIT)


def _blocks(each: DomainVotes, rubric: Rubric) -> list[_Block]:
    title = rubric.domain(each.domain).title
    agreed = each.agreed if each.agreed is not None and has_level(rubric, each.agreed) else None
    return [
        _Block(f"{each.domain} {number}", title if number == 1 else f"{title}, vote {number}", spread, agreed)
        for number, spread in enumerate(each.rounds, start=1)
    ]


def _finding(shown: Sequence[DomainVotes], rubric: Rubric) -> str:
    """Where all said one level, where nobody could judge, and where they differ most."""
    splits = [how_split(each.rounds[0]) for each in shown if each.rounds[0].together.judged]
    if not splits:
        return f"Nobody could judge in any of {counted(len(shown), DOMAINS)}"
    same, nobody = splits.count(Fraction(0)), len(shown) - len(splits)
    told = f"All who judged said the same level in {same or 'none'} of {counted(len(splits), DOMAINS)}"
    told += f"; nobody could judge in {nobody}" if nobody else ""
    if same == len(splits):
        return told
    others = splits.count(max(splits)) - 1
    also = f" (as split in {others} other{'s' if others > 1 else ''})" if others else ""
    return f"{told}; most split: {rubric.domain(shown[0].domain).title}{also}"


def _n(shown: Sequence[DomainVotes], blocks: Sequence[_Block], hidden: int) -> str:
    voters = voters_each([each.rounds[0].together.n for each in shown])
    few = sum(bool(block.spread.together_because) for block in blocks)
    return (
        f"{counted(len(shown), DOMAINS)}, {voters}; filled: the level agreed; ?: cannot judge"
        + ("; “Both sides” where one has too few voters" if few else "")
        + (f"; {counted(hidden, DOMAINS)} of earlier words not shown" if hidden else "")
    )


def _labels(blocks: Sequence[_Block]) -> dict[str, str]:
    """The rows from top to bottom: each vote's title, which is drawn inside the chart, then its sides."""
    labels: dict[str, str] = {}
    for block in blocks:
        labels[block.key] = ""
        labels.update({block.row(row): SIDES[row.side] for row in block.spread.rows})
    return labels


def _rows(blocks: Sequence[_Block], rubric: Rubric) -> pd.DataFrame:
    """One row a cell, one a dot in it, and one a title."""
    rows: list[dict[str, Any]] = []
    for block in blocks:
        rows.append({**_EMPTY, KIND: _HEAD, _ROW: block.key, "Domain": block.title, _WIDE: block.title})
        rows[-1][_NARROW] = "\n".join(_two_lines(block.title))
        cells = [cell for row in block.spread.rows for cell in _cells(block, row, rubric)]
        rows += [row for cell in cells for row in with_dots(cell)]
    return pd.DataFrame(rows).astype({LEVEL: LEVEL_OR_GAP})


_EMPTY: Mapping[str, Any] = {
    **dict.fromkeys((_SIDE, "Votes", "Level", "Agreed", _WIDE, _NARROW), ""),
    _BOX: "1",
    LEVEL: None,
    COUNT: 0,
    PLACE: 0,
    LIT: False,
    INK: None,
}


def _two_lines(title: str) -> list[str]:
    lines = wrapped(title, _HEAD_LINE)
    return lines if len(lines) <= 2 else [lines[0], lines[1][: _HEAD_LINE - 2] + "…"]


def _cells(block: _Block, row: SpreadRow, rubric: Rubric) -> list[dict[str, Any]]:
    fills = colours_of(len(rubric.levels))
    counts = {str(level): count for level, count in enumerate(row.counts, start=1)} | {_NONE: row.cannot_judge}
    return [
        {
            **_EMPTY,
            _ROW: block.row(row),
            "Domain": block.title,
            _SIDE: SIDES[row.side],
            _BOX: box,
            COUNT: count,
            LIT: box == str(block.agreed),
            LEVEL: block.agreed if box == str(block.agreed) else None,
            INK: text_on(fills[block.agreed - 1]) if block.agreed and box == str(block.agreed) else None,
            "Votes": f"{count} of {row.n}",
            "Level": CANNOT_JUDGE if box == _NONE else rubric.level(int(box)).label,
            "Agreed": level_name(rubric, block.agreed),
        }
        for box, count in counts.items()
    ]


def _layers(rows: pd.DataFrame, labels: Mapping[str, str], rubric: Rubric, ink: Inks) -> list[alt.Chart]:
    """Only those with something to draw: an empty group of marks is read aloud as a picture without a name."""
    base = alt.Chart(inline(rows)).encode(
        x=level_columns(_BOX, rubric.levels, {_NONE: "?"}),
        y=titled_rows(_ROW, labels),
        tooltip=tooltips({"Domain": "Domain", _SIDE: "Side", "Level": "Level", "Votes": "Votes", "Agreed": "Agreed"}),
    )
    cells = base.transform_filter(f"datum.{KIND} == '{CELL}'")
    agreed = cells.transform_filter(f"datum.{LIT}").mark_rect(stroke=ink.text, strokeWidth=2, cornerRadius=3)
    shapes = alt.Shape(
        f"{_SIDE}:N", scale=alt.Scale(domain=list(SIDES.values()), range=["circle", "square", "diamond"]), legend=None
    )
    return [
        cells.mark_rect(filled=False, stroke=ink.outline, strokeOpacity=0.5, cornerRadius=3),
        *([agreed.encode(color=level_colour(rubric.levels))] if rows[LIT].any() else []),
        *(dots_in(base, len(rubric.levels) + 1, _ROW_HEIGHT, ink, shapes) if rows[COUNT].any() else []),
        _heads(base, ink),
    ]


def _heads(base: alt.Chart, ink: Inks) -> alt.Chart:
    """The title over the rows of its domain, from the left edge: on two lines where there is little room."""
    longest = f"length(datum.{_WIDE}) * {_LETTER} > width + {_LABEL}"
    words: dict[str, Any] = {"fontSize": TEXT_SIZE + 1, "fontWeight": 600, "color": ink.text, "align": "left"}
    words["limit"] = alt.ExprRef(f"width + {_LABEL}")  # one that is longer would leave the chart the less room
    # Vega hangs a text from its first line: one of two is raised to the middle of the row.
    raised = alt.ExprRef(f"{longest} && indexof(datum.{_NARROW}, '\\n') > 0 ? {-LINE_HEIGHT / 2} : 0")
    heads = base.transform_filter(f"datum.{KIND} == '{_HEAD}'").mark_text(
        **words, dx=-_LABEL, dy=raised, baseline="middle", lineBreak="\n", lineHeight=LINE_HEIGHT
    )
    drawn: alt.Chart = heads.encode(
        x=x_at(0),
        text=alt.TextValue(alt.ExprRef(f"{longest} ? datum.{_NARROW} : datum.{_WIDE}")),
        tooltip=tooltips({"Domain": "Domain"}),
    )
    return drawn


def _table(blocks: Sequence[_Block], rubric: Rubric) -> pd.DataFrame:
    """One row a vote and side: counts by level, who could not judge, voters, the level agreed, how split."""
    heads = [*(level.label for level in rubric.levels), "Cannot judge", "Voters"]
    rows = [
        (
            block.title,
            SIDES[row.side],
            *row.counts,
            row.cannot_judge,
            row.n,
            level_name(rubric, block.agreed) if block.agreed else "",
            split_of(block.spread),
        )
        for block in blocks
        for row in block.spread.rows
    ]
    columns = ["Domain", "Side", *heads, "Agreed", "How split (0 to 100)"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys([*heads, columns[-1]], "int64"))
