"""Why ratings moved: one square a domain that moved, in the row of the reason that was given for it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from progressions.charts.axes import NARROW, rows_on_phone, titled_rows, tooltips
from progressions.charts.figure import Figure, Words, finished
from progressions.charts.labels import is_gone, level_name, lookup, not_shown
from progressions.charts.layers import inline
from progressions.charts.theme import CELL_TEXT_SIZE, ROW_HEIGHT, Inks, Mode, inks
from progressions.measures.columns import (
    CHANGE,
    COUNT,
    DOMAIN,
    LEVEL_NOW,
    LEVEL_THEN,
    MOVEMENT,
    PARTNERSHIP,
    REASONS_GIVEN,
    RUBRIC,
)
from progressions.measures.findings import AFTERWARDS, DOMAINS, MOVEMENTS, WHYS, counted, reasons_sentence
from progressions.measures.kinds import SEVERAL_REASONS, Movement
from progressions.measures.told import reason_counts, why
from progressions.rubric import Rubric

WAYS = (Movement.UP, Movement.DOWN)
_A_LINE, _LINES = 8, 3
"""Squares in a line of a cell, and lines in a row."""
_WIDEST = 180
"""Pixels of a cell's count and squares."""
_WHY, _WAY, _AT, _LINE, _TITLE, _REASONS = "why", "way", "at", "line", "title", "reasons"
_EMPTY = {DOMAIN: None, _TITLE: None, "then": None, "now": None, _REASONS: None}


def reasons_given(
    moved: pd.DataFrame,
    rubric: Rubric,
    then: str,
    now: str,
    *,
    who: str = "",
    elsewhere: Collection[str] = (),
    mode: Mode = Mode.LIGHT,
) -> Figure:
    """Every reason is a row, given or not; what moved up and what moved down are told apart.

    In: ``reasons_between`` of one partnership; ``then`` and ``now`` name the convenings; other rubrics are
    passed over, and so are domains that this one does not have, which are counted, but those ``elsewhere``: it has
    these outside of the area that it is narrowed to. ValueError for rows of several partnerships.
    """
    if moved[PARTNERSHIP].nunique() > 1:
        raise ValueError("reasons are told of one partnership")
    own, rows = moved[moved[RUBRIC] == rubric.code], _known(moved, rubric)
    gone = int(is_gone(own[DOMAIN], rubric, elsewhere).sum())
    words = Words(
        title=f"{f'{who}: reasons' if who else 'Reasons'} given for what moved, {then} to {now} ({rubric.title})",
        finding=reasons_sentence(reason_counts(rows)),
        n=f"{counted(len(rows), DOMAINS)} moved; a square is a domain" + not_shown(domains=gone, of_domains=MOVEMENTS),
    )
    cells = _cells(rows, _moves(rows, rubric))
    shown = [kind for kind in WHYS if kind != SEVERAL_REASONS or kind in set(cells[_WHY])]
    table = _twin(cells, shown)
    layers = _layers(cells[cells[_WHY].isin(shown)], {kind: WHYS[kind] for kind in shown}, inks(mode))
    return finished(layers, words, table, ROW_HEIGHT * len(shown), mode, rows_on_phone([WHYS[kind] for kind in shown]))


def moves(moved: pd.DataFrame, rubric: Rubric) -> pd.DataFrame:
    """What the squares are, for people: one row a domain that moved, the greatest rise first.

    In: as for ``reasons_given``.
    """
    return _moves(_known(moved, rubric), rubric)


def _known(moved: pd.DataFrame, rubric: Rubric) -> pd.DataFrame:
    """What moved of the domains that the rubric has, the greatest rise first."""
    own = moved[moved[RUBRIC] == rubric.code]
    return own[~is_gone(own[DOMAIN], rubric)].sort_values(CHANGE, ascending=False, kind="stable")


def _twin(cells: pd.DataFrame, shown: Sequence[str]) -> pd.DataFrame:
    """One row a reason: each cell's count, nothing as 0, and after the counts which domains its squares are."""
    counts, squares = cells[cells[COUNT].notna()], cells[cells[COUNT].isna()]
    by_cell = {(row[_WHY], row[_WAY]): int(row[COUNT]) for row in counts.to_dict("records")}
    inside: dict[tuple[str, str], list[str]] = {}
    for row in squares.to_dict("records"):
        inside.setdefault((row[_WHY], row[_WAY]), []).append(_square(row))
    heads = {way.value: AFTERWARDS[way].capitalize() for way in WAYS}
    told = {head: [by_cell[kind, way] for kind in shown] for way, head in heads.items()}
    named = {
        f"{head}: which": ["; ".join(inside.get((kind, way), [])) for kind in shown] for way, head in heads.items()
    }
    return pd.DataFrame({"Reason given": [WHYS[kind] for kind in shown], **told, **named})


def _square(row: Mapping[Any, Any]) -> str:
    """For example "Shared aim (1 Exploring to 2 Small change)"; of several reasons each."""
    why = f": {row[_REASONS]}" if row[_WHY] == SEVERAL_REASONS else ""
    return f"{row[_TITLE]} ({row['then']} to {row['now']}{why})"


def _moves(rows: pd.DataFrame, rubric: Rubric) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Domain": [rubric.domain(code).title for code in rows[DOMAIN]],
            "Movement": [AFTERWARDS[Movement(kind)] for kind in rows[MOVEMENT]],
            "From": [level_name(rubric, int(level)) for level in rows[LEVEL_THEN]],
            "To": [level_name(rubric, int(level)) for level in rows[LEVEL_NOW]],
            "Reason given": [_words(reasons) for reasons in rows[REASONS_GIVEN]],
        },
        dtype="str",
    )


def _words(reasons: tuple[str, ...]) -> str:
    return "; ".join(WHYS[reason] for reason in reasons) or WHYS[why(reasons)]


def _cells(rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """One row a domain with its place in its cell, and one row a cell with its count."""
    told = [
        {
            _WHY: why(row[REASONS_GIVEN]),
            _WAY: row[MOVEMENT],
            DOMAIN: row[DOMAIN],
            **dict(zip(_NAMES, twin, strict=True)),
        }
        for row, twin in zip(rows.to_dict("records"), table.itertuples(index=False, name=None), strict=True)
    ]
    drawn: list[dict[str, Any]] = []
    for kind in WHYS:
        for way in WAYS:
            inside = [row for row in told if (row[_WHY], row[_WAY]) == (kind, way.value)]
            if inside or kind != SEVERAL_REASONS:
                drawn += _placed(inside, kind, way.value)
    return pd.DataFrame(drawn)


_NAMES = (_TITLE, "moved", "then", "now", _REASONS)


def _placed(inside: list[dict[str, Any]], kind: str, way: str) -> list[dict[str, Any]]:
    """The squares of a cell in lines that fill it from its middle, after its count."""
    lines = -(-len(inside) // _A_LINE)
    first = (_LINES - lines) / 2 + 0.5
    count = {_WHY: kind, _WAY: way, COUNT: len(inside), _AT: 0.6, _LINE: _LINES / 2, **_EMPTY}
    squares = [
        {**row, COUNT: None, _AT: 2 + place % _A_LINE, _LINE: first + place // _A_LINE}
        for place, row in enumerate(inside)
    ]
    return [count, *squares]


def _layers(cells: pd.DataFrame, rows: dict[str, str], ink: Inks) -> list[alt.Chart]:
    heads = {way.value: AFTERWARDS[way] for way in WAYS}
    base = alt.Chart(inline(cells)).encode(
        x=alt.X(
            f"{_WAY}:N",
            title=None,
            scale=alt.Scale(domain=list(heads), paddingInner=0, paddingOuter=0),
            axis=alt.Axis(
                orient="top", labelAngle=0, labelExpr=lookup(heads), labelAlign="left", labelOffset=_middle("-", "0")
            ),
        ),
        y=titled_rows(_WHY, rows, over=ROW_HEIGHT),
        xOffset=alt.XOffset(f"{_AT}:Q", scale=alt.Scale(domain=[0, _A_LINE + 2], range=[_middle("-"), _middle("+")])),
        yOffset=alt.YOffset(f"{_LINE}:Q", scale=alt.Scale(domain=[0, _LINES])),
    )
    counts = base.transform_filter(f"datum.{COUNT} != null")
    squares = base.transform_filter(f"datum.{COUNT} == null").encode(
        tooltip=tooltips({_TITLE: "Domain", "then": "From", "now": "To", _REASONS: "Reason given"})
    )
    size = alt.ExprRef(f"width < {NARROW} ? 64 : 180")
    drawn = [squares.mark_square(size=size, opacity=1, color=ink.accent)] if cells[COUNT].isna().any() else []
    shade = alt.ColorValue(ink.text, condition={"test": f"datum.{COUNT} == 0", "value": ink.quiet})
    return [
        counts.mark_text(fontSize=CELL_TEXT_SIZE, fontWeight=600).encode(text=alt.Text(f"{COUNT}:N"), color=shade),
        *drawn,
    ]


def _middle(side: str, of: str = "width / 4") -> alt.ExprRef:
    """An end of a cell's squares, which lie close together around its middle."""
    return alt.ExprRef(f"{of} {side} min({_WIDEST / 2}, width / 4 - 2)")
