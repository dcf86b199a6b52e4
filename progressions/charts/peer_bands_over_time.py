"""One domain over time on bands: which share of the peers stood in the upper half, under one's own level."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from progressions.charts.axes import convening_columns, titled_rows, tooltips
from progressions.charts.figure import Figure, Words, finished
from progressions.charts.labels import by_key, day_key, day_label, in_upper_half, level_name, shown_levels
from progressions.charts.layers import inline
from progressions.charts.line import NEW_WORDING
from progressions.charts.peer_bands import BAND_WORDS, OWN, OWN_LEVEL, SHARE_COLOUR, ink_on, own_cells
from progressions.charts.peers import OTHER_WORDS, Setting
from progressions.charts.theme import CELL_TEXT_SIZE, ROW_HEIGHT, Inks, Mode, inks
from progressions.measures.columns import HELD_ON, LEVEL, LEVEL_OR_GAP, WORDING, WORDING_BEGINS
from progressions.measures.disclosure import upper_half
from progressions.measures.findings import CONVENINGS, counted
from progressions.measures.peers import N_PEERS, OTHER_WORDING, UPPER_SHARE
from progressions.ratings import at_convening
from progressions.rubric import Rubric

_WHEN, _SAID, _STATE, _INK = "when", "said", "state", "ink"
_PEERS, _APART = "peers", "apart"
"""States of a mark: a share of the peers; an own level (``OWN``), or one on other wording than the peers."""
_FIELDS = [HELD_ON, _WHEN, UPPER_SHARE, _SAID, _STATE, LEVEL, _INK, WORDING_BEGINS]


def peer_bands_over_time(
    bands: pd.DataFrame,
    line: pd.DataFrame,
    beside: pd.DataFrame,
    days: Sequence[date],
    rubric: Rubric,
    domain: str,
    labels: Mapping[date, str],
    setting: Setting,
    mode: Mode = Mode.LIGHT,
) -> Figure:
    """One mark a convening for the peers, and one for the partnership itself, in a row of its own over them.

    In: ``bands_over_time``, ``line_of`` of the partnership's own domain, ``own_on_bands_over_time``, and all convenings
    of the partnership. ValueError for fewer than four levels.
    """
    if upper_half(len(rubric.levels)) is None:
        raise ValueError("bands need four levels")
    upper = f"at {in_upper_half(rubric.levels)}"
    shown, hidden = shown_levels(line, rubric)
    own = shown[shown[LEVEL].notna()]
    apart = set(beside.loc[beside[OTHER_WORDING], HELD_ON])
    words = Words(
        title=f"{setting.who} and its {setting.peers} over time: {rubric.domain(domain).title}, {upper}",
        finding=_finding(bands, line, apart, rubric, labels, upper, setting),
        n=_n(bands, own, apart, len(days), setting) + hidden,
    )
    layers = _layers(_rows(bands, own, apart, rubric, labels), rubric, by_key(days, labels), upper, inks(mode))
    table = _table(bands, line, apart, days, rubric, labels, setting, upper)
    return finished(layers, words, table, ROW_HEIGHT * (len(BAND_WORDS) + 1), mode, has_rows=True)


def _finding(
    bands: pd.DataFrame,
    line: pd.DataFrame,
    apart: set[Any],
    rubric: Rubric,
    labels: Mapping[date, str],
    upper: str,
    setting: Setting,
) -> str:
    """The share at the latest and at the first convening that shows one, and where the partnership stood itself."""
    if bands.empty:
        return f"Peers are shown at no convening: {setting.hidden}"
    ends = bands.iloc[[-1]] if len(bands) == 1 else bands.iloc[[-1, 0]]
    whens = [at_convening(day_label(day, labels)) for day in ends[HELD_ON]]
    told = [f"{BAND_WORDS[part]} {when}" for part, when in zip(ends[UPPER_SHARE], whens, strict=True)]
    mine = [f"{_own_level(line, day, apart, rubric)} {when}" for day, when in zip(ends[HELD_ON], whens, strict=True)]
    wordings = line.loc[line[HELD_ON].isin(ends[HELD_ON]) & line[LEVEL].notna(), WORDING].nunique()
    since = f"; {NEW_WORDING} since" if wordings > 1 else ""
    return f"Of the peers, {upper}: {'; '.join(told)}. {setting.who}: {'; '.join(mine)}{since}"


def _own_level(line: pd.DataFrame, day: Any, apart: set[Any], rubric: Rubric) -> str:
    rated = line[line[LEVEL].notna()]
    levels = dict(zip(rated[HELD_ON], map(int, rated[LEVEL]), strict=True))
    level = level_name(rubric, levels.get(pd.Timestamp(day)))
    return f"{level}, {OTHER_WORDS}" if pd.Timestamp(day) in apart else level


def _n(bands: pd.DataFrame, own: pd.DataFrame, apart: set[Any], convenings: int, setting: Setting) -> str:
    told = f"Peers are shown at {len(bands)} of {counted(convenings, CONVENINGS)}; how many: in the table"
    later = setting.later if len(bands) else ""
    rated = f"; own level: {setting.who}, rated at {len(own)}"
    outlined = own[HELD_ON].isin(apart).sum()
    other = f"; outlined: on other wording than the peers, at {counted(outlined, CONVENINGS)}" if outlined else ""
    anew = f"; a bar at its left: {NEW_WORDING}" if own[WORDING_BEGINS].any() else ""
    return told + later + rated + other + anew


def _rows(
    bands: pd.DataFrame, own: pd.DataFrame, apart: set[Any], rubric: Rubric, labels: Mapping[date, str]
) -> pd.DataFrame:
    """One row a convening with peers, and one a convening with an own level."""
    rows: list[dict[str, Any]] = [
        {**_at(day, labels), UPPER_SHARE: share, _SAID: BAND_WORDS[share], _STATE: _PEERS}
        for day, share in zip(bands[HELD_ON], bands[UPPER_SHARE], strict=True)
    ]
    for row in own.to_dict("records"):
        level, is_apart = int(row[LEVEL]), row[HELD_ON] in apart
        told = level_name(rubric, level) + (f", {OTHER_WORDS}" if is_apart else "")
        drawn = {_STATE: _APART if is_apart else OWN, LEVEL: level, WORDING_BEGINS: bool(row[WORDING_BEGINS])}
        ink = {} if is_apart else {_INK: ink_on(level, rubric)}
        rows.append({**_at(row[HELD_ON], labels), UPPER_SHARE: OWN, _SAID: told, **drawn, **ink})
    return pd.DataFrame(rows).reindex(columns=_FIELDS).astype({LEVEL: LEVEL_OR_GAP})


def _at(day: Any, labels: Mapping[date, str]) -> dict[str, str]:
    return {HELD_ON: day_key(day), _WHEN: day_label(day, labels)}


def _table(
    bands: pd.DataFrame,
    line: pd.DataFrame,
    apart: set[Any],
    days: Sequence[date],
    rubric: Rubric,
    labels: Mapping[date, str],
    setting: Setting,
    upper: str,
) -> pd.DataFrame:
    """One row a convening: own level, the share in words, how many peers; where it changed, the wording."""
    told = {row[HELD_ON].date(): row for row in bands.to_dict("records")}
    rows = [
        (
            day_label(day, labels),
            _own_level(line, day, apart, rubric),
            *((BAND_WORDS[told[day][UPPER_SHARE]], int(told[day][N_PEERS])) if day in told else (setting.hidden, None)),
        )
        for day in days
    ]
    table = pd.DataFrame(rows, columns=["Convening", OWN_LEVEL, f"Peers {upper}", "Peers"]).astype({"Peers": "Int64"})
    begins = {day.date() for day in line.loc[line[WORDING_BEGINS], HELD_ON]}
    return table.assign(Wording=[NEW_WORDING if day in begins else "" for day in days]) if begins else table


def _layers(rows: pd.DataFrame, rubric: Rubric, keys: Mapping[str, str], upper: str, ink: Inks) -> list[alt.Chart]:
    """Only those with something to draw: an empty group of marks is read aloud as a picture without a name."""
    titles = {OWN: OWN_LEVEL.lower(), **dict(reversed(BAND_WORDS.items()))}
    base = alt.Chart(inline(rows)).encode(
        x=convening_columns(keys),
        y=titled_rows(UPPER_SHARE, titles),
        tooltip=tooltips({_WHEN: "Convening", _SAID: f"Peers {upper}"}),
    )
    mine = base.encode(tooltip=tooltips({_WHEN: "Convening", _SAID: OWN_LEVEL}))
    peers, own, apart = (
        each.transform_filter(f"datum.{_STATE} == '{state}'")
        for each, state in ((base, _PEERS), (mine, OWN), (mine, _APART))
    )
    size = alt.ExprRef(f"width / {max(1, len(keys))} < 15 ? 12 : {CELL_TEXT_SIZE}")
    drawn = {
        _PEERS: [peers.mark_rect(color=SHARE_COLOUR, stroke=ink.outline, cornerRadius=4)],
        OWN: own_cells(own, rubric, ink, size, _INK),
        _APART: [
            apart.mark_rect(filled=False, stroke=ink.outline, strokeWidth=1.5, cornerRadius=4),
            apart.mark_text(fontSize=size, fontWeight=600, color=ink.text).encode(text=alt.Text(f"{LEVEL}:N")),
        ],
    }
    states = set(rows[_STATE])
    layers = [layer for state, made in drawn.items() if state in states for layer in made]
    return [*layers, *_cuts(mine, rows, keys, ink)] or drawn[_PEERS]


def _cuts(base: alt.Chart, rows: pd.DataFrame, keys: Mapping[str, str], ink: Inks) -> list[alt.Chart]:
    """A bar at the left of the own level whose wording is new, as in the heat table."""
    if not rows[WORDING_BEGINS].eq(True).any():
        return []
    ticks = base.transform_filter(f"datum.{WORDING_BEGINS}").mark_tick(
        orient="vertical", thickness=5, size=ROW_HEIGHT - 4, color=ink.text, opacity=1
    )
    return [ticks.encode(x=convening_columns(keys).bandPosition(0))]
