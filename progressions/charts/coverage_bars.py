"""Who has rated, where there are too many partnerships for a grid: per convening how many are done, started, none."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from progressions.charts.axes import convening_columns, ink_colour, tooltips
from progressions.charts.colours import text_on
from progressions.charts.coverage import STATE_WORDS, domains_asked, state_colours
from progressions.charts.figure import Figure, Words, finished
from progressions.charts.labels import by_key, day_key, day_label, earlier_not_shown
from progressions.charts.layers import inline
from progressions.charts.stacked import HEIGHT, THINNEST_TOLD, number_in
from progressions.charts.theme import Inks, Mode, inks
from progressions.measures.columns import COUNT, HELD_ON, STATE, TOTAL
from progressions.measures.findings import CONVENINGS, PARTNERSHIPS, counted, coverage_sentence, share
from progressions.measures.kinds import Coverage

_LOW, _HIGH, _INK, _WORDS, _WHEN, _OF, _TELL = "low", "high", "ink", "words", "when", "of", "tell"


def coverage_bars(
    counts: pd.DataFrame,
    labels: Mapping[date, str],
    domains: Mapping[date, int],
    *,
    earlier: int = 0,
    left_out: str = "",
    mode: Mode = Mode.LIGHT,
) -> Figure:
    """One bar of all partnerships a convening: those that rated every domain at the bottom, those with none on top.

    In: ``coverage_counts``. ``domains`` is how many there were to be rated at each; ``labels`` names convenings,
    ``earlier`` is how many came before these; ``left_out`` is that of ``not_asked``.
    """
    ink = inks(mode)
    rows = _rows(counts, labels, ink)
    days = by_key(list(counts[HELD_ON]), labels)
    total = int(counts[TOTAL].max()) if len(counts) else 0
    asked = {day_key(day): n for day, n in domains.items()}
    words = Words(
        title="Who has rated, convening by convening",
        finding=_finding(rows, asked),
        n=f"{counted(total, PARTNERSHIPS)}, {counted(len(days), CONVENINGS)}; domains to be rated: "
        f"{domains_asked(list(asked.values()))}{left_out}{earlier_not_shown(earlier)}",
    )
    return finished(_layers(rows, days, ink), words, _twin(rows, days, asked), HEIGHT, mode)


def _rows(counts: pd.DataFrame, labels: Mapping[date, str], ink: Inks) -> pd.DataFrame:
    """One row per convening × state with the ends of its segment as shares of the bar."""
    places = {state.value: place for place, state in enumerate(Coverage)}
    rows = counts.assign(place=counts[STATE].map(places)).sort_values([HELD_ON, "place"], ignore_index=True)
    high = rows.groupby(HELD_ON)[COUNT].cumsum()
    states, fills = [Coverage(state) for state in rows[STATE]], state_colours(ink)
    return rows.assign(
        **{
            _HIGH: high / rows[TOTAL],
            _LOW: (high - rows[COUNT]) / rows[TOTAL],
            _TELL: rows[COUNT] / rows[TOTAL] >= THINNEST_TOLD,
            _WORDS: [STATE_WORDS[state] for state in states],
            _INK: [text_on(fills[state]) if state in fills else None for state in states],
            _WHEN: [day_label(day, labels) for day in rows[HELD_ON]],
            _OF: [share(*pair) for pair in zip(rows[COUNT], rows[TOTAL], strict=True)],
            HELD_ON: [day_key(day) for day in rows[HELD_ON]],
        }
    )


def _finding(rows: pd.DataFrame, asked: Mapping[str, int]) -> str:
    if rows.empty:
        return "No convenings to rate at"
    last = rows[rows[HELD_ON] == rows[HELD_ON].max()]
    by_state = dict(zip(last[STATE], last[COUNT], strict=True))
    return coverage_sentence(
        str(last[_WHEN].iloc[0]), [int(by_state[state.value]) for state in Coverage], asked[last[HELD_ON].iloc[0]]
    )


def _layers(rows: pd.DataFrame, days: Mapping[str, str], ink: Inks) -> list[alt.Chart]:
    base = alt.Chart(inline(rows)).encode(
        x=convening_columns(days), tooltip=tooltips({_WHEN: "Convening", _WORDS: "State", _OF: "Partnerships"})
    )
    fills = alt.Scale(domain=list(STATE_WORDS.values()), range=[*state_colours(ink).values(), "transparent"])
    percent = alt.Axis(format="%", values=[0, 0.5, 1], grid=False)
    ends = alt.Y(f"{_LOW}:Q", title=None, scale=alt.Scale(domain=[0, 1], nice=False), axis=percent)
    numbers = base.transform_filter(f"datum.{_TELL}").transform_calculate(middle=f"(datum.{_LOW} + datum.{_HIGH}) / 2")
    fitting = number_in(f"datum.{COUNT}", len(days), f"{HEIGHT} * (datum.{_HIGH} - datum.{_LOW})")
    written: dict[str, Any] = {"fontWeight": 600, **fitting}
    on_fill, on_paper = (numbers.transform_filter(f"datum.{_INK} {sign} null") for sign in ("!=", "=="))
    return [
        base.mark_bar(stroke=ink.outline, strokeWidth=1).encode(
            y=ends,
            y2=alt.Y2(f"{_HIGH}:Q"),
            fill=alt.Fill(f"{_WORDS}:N", scale=fills, legend=alt.Legend(title=None, columns=1)),
        ),
        on_fill.mark_text(**written).encode(
            y=alt.Y("middle:Q"), text=alt.Text(f"{COUNT}:Q", format=","), color=ink_colour(_INK)
        ),
        on_paper.mark_text(**written, color=ink.text).encode(
            y=alt.Y("middle:Q"), text=alt.Text(f"{COUNT}:Q", format=",")
        ),
    ]


def _twin(rows: pd.DataFrame, days: Mapping[str, str], asked: Mapping[str, int]) -> pd.DataFrame:
    """One row a convening, one column a state; and how many domains were asked, where that changed."""
    wide = rows.pivot(index=HELD_ON, columns=STATE, values=COUNT)
    wide = wide.reindex(index=list(days), columns=[state.value for state in Coverage])
    wide.columns = [STATE_WORDS[state].capitalize() for state in Coverage]
    wide.insert(0, "Convening", list(days.values()))
    if len(set(asked.values())) > 1:
        wide["Domains to be rated"] = [asked[key] for key in days]
    return wide.reset_index(drop=True)
