"""One domain over time: the partnership's own step line over how its peers are spread at each convening."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from progressions.charts.axes import convening_columns, level_colour, level_names, level_rows, tooltips
from progressions.charts.figure import Figure, Words, finished
from progressions.charts.labels import by_key, day_key, day_label, level_name, shown_levels
from progressions.charts.layers import inline
from progressions.charts.line import NEW_WORDING, SIDE, cuts, sides
from progressions.charts.peers import Setting, beside_words
from progressions.charts.places import y_at
from progressions.charts.theme import ON_PHONE, TEXT_SIZE, Inks, Mode, inks
from progressions.measures.columns import COUNT, HELD_ON, LEVEL, SEGMENT, WORDING, WORDING_BEGINS
from progressions.measures.findings import CONVENINGS, counted
from progressions.measures.peers import N_PEERS, OTHER_WORDING
from progressions.rubric import Rubric
from progressions.text import percent

MOST_COUNTED = 40
"""Peers up to which each square says how many they are; where there are more at any convening, all say which part they
are beside it, as far as there is room."""
LEVEL_HEIGHT = 84
_ON_PHONE_HEIGHT = 110
"""Pixels of a level with its name over it."""
_ON_PHONE_OVER = 44
_WIDEST = 44
"""Pixels of the square of all peers."""
_RING = _WIDEST + 10
_DOT = 120
_ROOM = 38
"""Pixels that a column needs for a number over its square, and for how many there are over all of them."""
_BOTH = 104
"""Pixels that a column needs for a number with its part of the whole behind it."""
_SMALL = 12
_FIGURE = 7.5
"""Pixels of one of the small figures."""
_KIND, _SIZE, _SAID, _WHEN, _NAME, _OF = "kind", "size", "said", "when", "name", "of"
_PEERS, _OWN, _ALL, _CUT = "peers", "own", "all", "cut"
_MARK, _RINGED, _DOTTED = "mark", "ring", "dot"
_BACK, _FIGURES = "back", "figures"
"""How many convenings came after it; how many figures the largest count has."""
_FIELDS = [_KIND, HELD_ON, _WHEN, LEVEL, _NAME, COUNT, _OF, _SIZE, _SAID, _BACK, _FIGURES]
_FIELDS += [SEGMENT, _MARK, WORDING_BEGINS, SIDE]


def peers_over_time(
    spread: pd.DataFrame,
    line: pd.DataFrame,
    beside: pd.DataFrame,
    rubric: Rubric,
    domain: str,
    labels: Mapping[date, str],
    setting: Setting,
    mode: Mode = Mode.LIGHT,
) -> Figure:
    """All levels on the axis, the highest on top; a convening at which peers are not shown has no squares.

    In: ``measures.peers.over_time``, ``line_of`` of the partnership's own domain, and ``own_over_time``: only where
    that has a level is one's own ringed, and compared.
    """
    own, hidden = shown_levels(line, rubric)
    title = rubric.domain(domain).title
    words = Words(
        title=f"{setting.who} and its {setting.peers} over time: {title}",
        finding=_finding(spread, line, beside, labels, setting),
        n=_n_words(spread, own, beside, setting) + hidden,
    )
    days = sorted({*own[HELD_ON], *spread[HELD_ON]})
    rows = _rows(days, spread, own, beside, rubric, labels)
    layers = _layers(rows, rubric, by_key(days, labels), inks(mode))
    table = _table(days, spread, line, beside, rubric, labels, setting)
    steps = len(rubric.levels)
    return finished(layers, words, table, LEVEL_HEIGHT * steps, mode, _ON_PHONE_HEIGHT * steps)


def _finding(
    spread: pd.DataFrame, line: pd.DataFrame, beside: pd.DataFrame, labels: Mapping[date, str], setting: Setting
) -> str:
    """The three counts at the first and at the latest convening that has both on one wording."""
    both = beside[beside[LEVEL].notna()]
    if spread.empty:
        return f"Peers are shown at no convening: {setting.hidden}"
    if both.empty:
        alike = " on the same wording" if beside[OTHER_WORDING].any() else ""
        return f"At no convening are both peers and an own level{alike} shown"
    ends = both.iloc[[-1]] if len(both) == 1 else both.iloc[[-1, 0]]
    told = [f"{day_label(row[HELD_ON], labels)}: {beside_words(row)}" for row in ends.to_dict("records")]
    wordings = line.loc[line[HELD_ON].isin(ends[HELD_ON]), WORDING].nunique()
    return "; ".join([*told, *([f"{NEW_WORDING} since"] if wordings > 1 else [])])


def _n_words(spread: pd.DataFrame, own: pd.DataFrame, beside: pd.DataFrame, setting: Setting) -> str:
    rated = f"line: {setting.who}, rated at {int(own[LEVEL].notna().sum())} of {counted(len(own), CONVENINGS)}"
    if spread.empty:
        return f"No peers are shown; {rated}"
    few, many = int(spread[N_PEERS].min()), int(spread[N_PEERS].max())
    peers = counted(many, ("peer", "peers")) if few == many else f"{few} to {many} peers, by convening"
    at = counted(int(spread[HELD_ON].nunique()), CONVENINGS)
    apart = int(beside[OTHER_WORDING].sum())
    dots = f"; a dot: on other wording than the peers, at {counted(apart, CONVENINGS)}" if apart else ""
    return f"Squares: {peers}, at {at}{setting.later}; {rated}{dots}"


def _rows(
    days: list[pd.Timestamp],
    spread: pd.DataFrame,
    own: pd.DataFrame,
    beside: pd.DataFrame,
    rubric: Rubric,
    labels: Mapping[date, str],
) -> pd.DataFrame:
    """One row a square that holds peers, one a convening with peers, one a level of the own line, one a cut in it."""
    rows: list[dict[str, Any]] = []
    in_parts = bool((spread[N_PEERS] > MOST_COUNTED).any())
    back = {day: len(days) - place for place, day in enumerate(days, start=1)}
    figures = len(str(spread[COUNT].max())) if len(spread) else 0
    for row in spread.to_dict("records"):
        if row[COUNT]:
            square = _square(row, rubric, labels, in_parts=in_parts)
            rows.append({**square, _BACK: back[row[HELD_ON]], _FIGURES: figures})
    for day, size in spread.groupby(HELD_ON)[N_PEERS].first().items():
        rows.append({_KIND: _ALL, HELD_ON: day_key(pd.Timestamp(str(day))), _SAID: f"of {size}"})
    ringed = set(beside.loc[beside[LEVEL].notna(), HELD_ON])
    for row in own[own[LEVEL].notna()].to_dict("records"):
        at = int(row[LEVEL])
        place = {HELD_ON: day_key(row[HELD_ON]), _WHEN: day_label(row[HELD_ON], labels), LEVEL: at}
        drawn = {SEGMENT: int(row[SEGMENT]), _MARK: _RINGED if row[HELD_ON] in ringed else _DOTTED}
        rows.append({_KIND: _OWN, **place, _NAME: level_name(rubric, at), **drawn})
    room = dict(zip(days, sides(len(days)), strict=True))
    for day in own.loc[own[WORDING_BEGINS], HELD_ON]:
        rows.append({_KIND: _CUT, HELD_ON: day_key(day), WORDING_BEGINS: True, SIDE: room[day]})
    return pd.DataFrame(rows).reindex(columns=_FIELDS)


def _square(row: dict[Any, Any], rubric: Rubric, labels: Mapping[date, str], *, in_parts: bool) -> dict[str, Any]:
    count, whole = int(row[COUNT]), int(row[N_PEERS])
    return {
        _KIND: _PEERS,
        HELD_ON: day_key(row[HELD_ON]),
        _WHEN: day_label(row[HELD_ON], labels),
        LEVEL: int(row[LEVEL]),
        _NAME: level_name(rubric, int(row[LEVEL])),
        COUNT: count,
        _OF: f"{count} of {whole}",
        _SIZE: count / whole,
        _SAID: f"{count} ({percent(count, whole)})" if in_parts else str(count),
    }


def _layers(rows: pd.DataFrame, rubric: Rubric, keys: Mapping[str, str], ink: Inks) -> list[alt.Chart]:
    """Only those with something to draw."""
    base = alt.Chart(inline(rows)).encode(x=convening_columns(keys, band=False))
    drawn = ((_OWN, _line), (_PEERS, _squares), (_ALL, _whole), (_RINGED, _rings), (_DOTTED, _dots))
    kinds = {*rows[_KIND], *rows[_MARK].dropna()}
    layers = {
        kind: make(
            base.transform_filter(f"datum.{_KIND} == '{kind}' || datum.{_MARK} == '{kind}'"), rubric, len(keys), ink
        )
        for kind, make in drawn
        if kind in kinds
    }
    under = [*cuts(base, set(rows[SIDE].dropna()), len(keys), ink, at_foot=True), *layers.pop(_OWN, [])]
    above = [layer for made in layers.values() for layer in made]
    if not under + above:
        under = [base.mark_point(opacity=0).encode(y=_levels(rubric))]
    return [*under, *_names(rubric, ink), *above]


def _squares(base: alt.Chart, rubric: Rubric, columns: int, ink: Inks) -> list[alt.Chart]:
    widest = f"min({_WIDEST}, width / {columns} * 0.8)"
    told = base.encode(
        y=_levels(rubric),
        tooltip=tooltips({_WHEN: "Convening", _NAME: "Level", _OF: "Peers"}),
    )
    squares = told.mark_square(
        size=alt.ExprRef(f"pow({widest}, 2) * datum.{_SIZE}"), opacity=1, stroke=ink.outline, strokeWidth=1
    )
    over = alt.ExprRef(f"-{_ring(columns)} / 2 - 3")
    size = alt.ExprRef(f"{_is_tight(columns)} ? {_SMALL} : {TEXT_SIZE}")
    words: dict[str, Any] = {"fontSize": size, "fontWeight": 600, "baseline": "bottom", "dy": over}
    halo = told.mark_text(**words, stroke=ink.paper, strokeWidth=5)  # the line may pass behind
    numbers = told.mark_text(**words, color=ink.text)
    every = f"ceil(datum.{_FIGURES} * {_FIGURE} / (width / {columns}))"  # of the columns: the latest, and back from it
    some = f"(datum.{_BACK} % {every} == 0 ? datum.{COUNT} : '')"
    fitting = f"(width / {columns} < {_BOTH} ? datum.{COUNT} : datum.{_SAID})"
    said = alt.TextValue(alt.ExprRef(f"{_is_tight(columns)} ? {some} : {fitting}"))
    told_in_words = [each.encode(text=said) for each in (halo, numbers)]
    return [squares.encode(color=level_colour(rubric.levels, legend=False)), *told_in_words]


def _whole(base: alt.Chart, _rubric: Rubric, columns: int, ink: Inks) -> list[alt.Chart]:
    """How many peers there are, over their column."""
    said = alt.TextValue(alt.ExprRef(f"{_is_tight(columns)} ? '' : datum.{_SAID}"))
    words = base.mark_text(fontSize=TEXT_SIZE, color=ink.quiet, baseline="bottom", dy=2)
    over = alt.ExprRef(f"{ON_PHONE} ? {-_ON_PHONE_OVER} : -10")  # above the name of the highest level
    return [words.encode(y=y_at(over), text=said)]


def _line(base: alt.Chart, rubric: Rubric, _columns: int, ink: Inks) -> list[alt.Chart]:
    """Under the squares, which it would hide."""
    line = base.mark_line(interpolate="step-after", strokeWidth=3, color=ink.accent)
    return [line.encode(y=_levels(rubric), detail=alt.Detail(f"{SEGMENT}:N"))]


def _rings(base: alt.Chart, rubric: Rubric, columns: int, ink: Inks) -> list[alt.Chart]:
    """The own level, around the square of those who share it."""
    rings = base.mark_point(
        shape="square",
        filled=False,
        size=alt.ExprRef(f"pow({_ring(columns)}, 2)"),
        stroke=ink.text,
        strokeWidth=alt.ExprRef(f"{_is_tight(columns)} ? 1.5 : 3"),
        opacity=1,
    )
    return [_own_level(rings, rubric)]


def _dots(base: alt.Chart, rubric: Rubric, _columns: int, ink: Inks) -> list[alt.Chart]:
    """The own level where no peers on its wording are shown."""
    return [_own_level(base.mark_point(filled=True, size=_DOT, color=ink.accent, opacity=1), rubric)]


def _own_level(marks: alt.Chart, rubric: Rubric) -> alt.Chart:
    return marks.encode(y=_levels(rubric), tooltip=tooltips({_WHEN: "Convening", _NAME: "Own level"}))


def _ring(columns: int) -> str:
    """The pixels of a ring."""
    return f"min({_RING}, width / {columns} * 0.84)"


def _is_tight(columns: int) -> str:
    """Whether squares say how many, in small figures and where they fit, and nothing stands over their columns."""
    return f"(width / {columns} < {_ROOM})"


def _levels(rubric: Rubric) -> alt.Y:
    return level_rows(rubric.levels)


def _names(rubric: Rubric, ink: Inks) -> list[alt.Chart]:
    """On a phone over the numbers of the squares."""
    return level_names(rubric.levels, ink, over=_RING // 2 + 3 + TEXT_SIZE + 2)


def _table(
    days: list[pd.Timestamp],
    spread: pd.DataFrame,
    line: pd.DataFrame,
    beside: pd.DataFrame,
    rubric: Rubric,
    labels: Mapping[date, str],
    setting: Setting,
) -> pd.DataFrame:
    """One row a convening: own level, peers per level, all peers, the three counts; where it changed, the wording."""
    mine = dict(zip(line[HELD_ON], line[LEVEL], strict=True))
    counts = {(row[HELD_ON], int(row[LEVEL])): int(row[COUNT]) for row in spread.to_dict("records")}
    stands = {row[HELD_ON]: beside_words(row) for row in beside.to_dict("records")}
    rows = []
    for day in days:
        level = None if pd.isna(mine.get(day)) else int(mine[day])
        is_told = (spread[HELD_ON] == day).any()
        told = [counts.get((day, step.position)) for step in rubric.levels]
        whole = sum(count or 0 for count in told) if is_told else None
        said = stands.get(day, "") if is_told else setting.hidden
        rows.append((day_label(day, labels), level_name(rubric, level), *told, whole, said))
    heads = ["Convening", "Own level", *(step.label for step in rubric.levels), "Peers", "Beside own level"]
    table = pd.DataFrame(rows, columns=heads).astype(dict.fromkeys(heads[2:-1], "Int64"))
    begins = set(line.loc[line[WORDING_BEGINS], HELD_ON])
    return table.assign(Wording=[NEW_WORDING if day in begins else "" for day in days]) if begins else table
