"""Who was in the room: voters of each side at each convening, and how many of them had voted the time before."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from progressions.charts.agreement_dots import CELL, INK, KIND, LIT, dots_in, with_dots
from progressions.charts.axes import rows_on_phone, titled_rows, tooltips
from progressions.charts.figure import Figure, Words, finished
from progressions.charts.labels import BLANK_LINE, by_key, day_key, day_label, lookup
from progressions.charts.layers import inline
from progressions.charts.theme import LINE_HEIGHT, ROW_HEIGHT, TEXT_SIZE, Inks, Mode, inks
from progressions.measures.agreement import voters_sentence
from progressions.measures.columns import COUNT, HELD_ON
from progressions.measures.findings import CONVENINGS, counted, share
from progressions.team_session import Side, Voters

SIDES = {Side.LEA: "District", Side.IHE: "University"}
NOT_KNOWN = "not known"
_COLUMN, _WHEN, _TOLD, _AGAIN = "column", "when", "told", "again"
_HEADS = {**{name: [BLANK_LINE, name] for name in SIDES.values()}, _AGAIN: ["Voted last", "time too"]}
_TABLE = ["Convening", "District", "University", "On paper", "Voted last time too"]


def in_the_room(
    voters: Mapping[date, Voters], labels: Mapping[date, str], *, who: str, mode: Mode = Mode.LIGHT
) -> Figure:
    """One row a convening whose votes were shown, the first on top; a dot a voter. ValueError where there is none."""
    days = sorted(voters)
    if not days:
        raise ValueError("no voters to draw")
    last = days[-1]
    since = day_label(days[-2], labels) if len(days) > 1 else ""
    words = Words(
        title=f"Who was in the room: {who}",
        finding=f"{day_label(last, labels)}: {voters_sentence(voters[last], since)}",
        n=f"{counted(len(days), CONVENINGS)}; people whose votes were shown{_n(voters)}",
    )
    keys = by_key(days, labels)
    cells = [cell for day in days for cell in _cells(day, voters[day], labels, is_first=day == days[0])]
    rows = pd.DataFrame([row for cell in cells for row in with_dots(cell)])
    layers, on_phone = _layers(rows, keys, inks(mode)), rows_on_phone(list(keys.values()))
    return finished(layers, words, _table(voters, labels), ROW_HEIGHT * len(days), mode, on_phone)


def _n(voters: Mapping[date, Voters]) -> str:
    paper = "; sheets of paper count as voters" if any(any(each.by_paper.values()) for each in voters.values()) else ""
    since = list(map(voters.get, sorted(voters)[1:]))
    if all(each is None or each.again is None for each in since):
        return paper
    return f"{paper}; last time: the same name, as typed, in two sessions opened as named"


def _cells(day: date, voters: Voters, labels: Mapping[date, str], *, is_first: bool) -> list[dict[str, Any]]:
    when: dict[str, Any] = {HELD_ON: day_key(day), _WHEN: day_label(day, labels), LIT: False, INK: None}
    again = _again(voters, is_first=is_first)
    sides = [
        {**when, _COLUMN: name, COUNT: voters.of(side), _TOLD: str(voters.of(side))} for side, name in SIDES.items()
    ]
    return [*sides, {**when, _COLUMN: _AGAIN, COUNT: 0, _TOLD: again}]


def _again(voters: Voters, *, is_first: bool) -> str:
    if is_first:
        return "first time"
    return NOT_KNOWN if voters.again is None else f"{voters.again} of {voters.n}"


def _layers(rows: pd.DataFrame, keys: Mapping[str, str], ink: Inks) -> list[alt.Chart]:
    columns = [*SIDES.values(), _AGAIN]
    base = alt.Chart(inline(rows)).encode(
        x=alt.X(
            f"{_COLUMN}:N",
            title=None,
            scale=alt.Scale(domain=columns, paddingInner=0.04, paddingOuter=0),
            axis=alt.Axis(orient="top", labelAngle=0, labelExpr=lookup(_HEADS), labelPadding=8 + LINE_HEIGHT),
        ),
        y=titled_rows(HELD_ON, keys, over=ROW_HEIGHT),
        tooltip=tooltips({_WHEN: "Convening", _COLUMN: "Side", _TOLD: "Voters"}),
    )
    sides = base.transform_filter(f"datum.{KIND} == '{CELL}' && datum.{_COLUMN} != '{_AGAIN}'")
    again = base.transform_filter(f"datum.{_COLUMN} == '{_AGAIN}'").mark_text(fontSize=TEXT_SIZE, color=ink.text)
    shape = alt.Shape(
        f"{_COLUMN}:N", scale=alt.Scale(domain=columns, range=["circle", "square", "diamond"]), legend=None
    )
    return [
        sides.mark_rect(filled=False, stroke=ink.outline, strokeOpacity=0.5, cornerRadius=3),
        *(dots_in(base, len(columns), ROW_HEIGHT, ink, shape) if rows[COUNT].any() else []),
        again.encode(text=alt.Text(f"{_TOLD}:N"), tooltip=tooltips({_WHEN: "Convening", _TOLD: "Voted last time too"})),
    ]


def _table(voters: Mapping[date, Voters], labels: Mapping[date, str]) -> pd.DataFrame:
    """One row a convening; the share of those who voted last time with its percent, "not known" where nothing tells."""
    days = sorted(voters)
    rows = [
        (
            day_label(day, labels),
            each.of(Side.LEA),
            each.of(Side.IHE),
            sum(each.by_paper.values()),
            _again(each, is_first=place == 0) if each.again is None else share(each.again, each.n),
        )
        for place, (day, each) in enumerate((day, voters[day]) for day in days)
    ]
    return pd.DataFrame(rows, columns=_TABLE)
