"""What was promised, and whether its domain moved afterwards: when promised hollow, the latest rating since filled."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from progressions.charts.axes import rows_on_phone, titled_rows, tooltips
from progressions.charts.dumbbells import SAID_NOW, SAID_THEN, WORDS, dots_of, dumbbells, each_rating
from progressions.charts.figure import Figure, Words, finished
from progressions.charts.labels import day_label, is_gone, level_name, not_shown, not_shown_of, overdue_of
from progressions.charts.layers import inline
from progressions.charts.theme import ROW_HEIGHT, Inks, Mode, inks
from progressions.measures.columns import (
    CHANGE,
    DOMAIN,
    DUE,
    HELD_NOW,
    HELD_THEN,
    LEVEL_NOW,
    LEVEL_THEN,
    MOVEMENT,
    OVERDUE,
    OWNER,
    RUBRIC,
    STEP,
    STEP_STATE,
)
from progressions.measures.findings import AFTERWARDS, CONVENINGS, PROMISES, counted, promises_sentence
from progressions.measures.kinds import Movement
from progressions.measures.movement import movement_counts
from progressions.ratings import StepState
from progressions.rubric import Rubric

MOST_DRAWN = 24
"""Rows of a drawing that is still looked through; the table has all."""
PROMISED, SINCE = "when promised", "latest since"
_KEY, _TITLE, _WHEN, _STEP = "key", "title", "when", "step"
_PLAIN = {
    Movement.SAME: "stayed",
    Movement.FIRST: "first",
    Movement.NOT_COMPARABLE: "reworded",
    Movement.NOT_RATED: "not rated",
}
"""What became of the domain, in one line under the heading "since"."""


def promises_kept(
    promises: pd.DataFrame,
    rubric: Rubric,
    labels: Mapping[date, str],
    *,
    who: str = "",
    elsewhere: Collection[str] = (),
    mode: Mode = Mode.LIGHT,
) -> Figure:
    """One row a promise, the newest first.

    In: ``overdue`` promises of one partnership; those of other rubrics are passed over, and so are those of domains
    that this one does not have, which are counted, but those ``elsewhere``: it has these outside of the area that it
    is narrowed to. ``labels`` names convenings.
    """
    own = promises[promises[RUBRIC] == rubric.code]
    rows = own[~is_gone(own[DOMAIN], rubric)].reset_index(drop=True)
    gone = promises_gone(own, rubric, elsewhere)
    states = {state.value: int((rows[STEP_STATE] == state.value).sum()) for state in StepState}
    words = Words(
        title=f"What {f'{who} ' if who else 'we '}promised: {rubric.title}",
        finding=promises_sentence(movement_counts(rows), states, movement_counts(rows[rows[OVERDUE]])),
        n=_n(rows) + not_shown_of(each_rating(rows), rubric) + not_shown(domains=gone, of_domains=PROMISES),
    )
    drawn = _rows(rows.head(MOST_DRAWN), rubric, labels)
    layers = _layers(drawn, rubric, inks(mode))
    heads = [_head(row) for row in drawn.to_dict("records")] or [""]
    table = _twin(rows, rubric, labels)
    return finished(layers, words, table, ROW_HEIGHT * len(heads), mode, rows_on_phone(heads))


def promises_gone(promises: pd.DataFrame, rubric: Rubric, elsewhere: Collection[str] = ()) -> int:
    """How many of a partnership's promises of the rubric are of domains that it no longer has."""
    return int(is_gone(promises.loc[promises[RUBRIC] == rubric.code, DOMAIN], rubric, elsewhere).sum())


def _n(rows: pd.DataFrame) -> str:
    cut = f"; drawn are the latest {MOST_DRAWN}" if len(rows) > MOST_DRAWN else ""
    made = counted(rows[HELD_THEN].nunique(), CONVENINGS)
    late = "; overdue: still open after its day, and the domain has not moved up" if rows[OVERDUE].any() else ""
    return f"{len(rows)} promised at {made}; a move afterwards need not come of the promise{late}{cut}"


def _rows(rows: pd.DataFrame, rubric: Rubric, labels: Mapping[date, str]) -> pd.DataFrame:
    whens = [day_label(day, labels) for day in rows[HELD_THEN]]
    titles = [rubric.domain(code).title for code in rows[DOMAIN]]
    told = {
        _KEY: [str(place) for place in range(len(rows))],
        _TITLE: titles,
        _WHEN: whens,
        _STEP: rows[STEP],
        WORDS: [f"{_moved(row)}\n({OVERDUE if row[OVERDUE] else row[STEP_STATE]})" for row in rows.to_dict("records")],
        **dots_of(rows, rubric, PROMISED, SINCE),
    }
    return rows[[DOMAIN, MOVEMENT]].assign(**told)


def _moved(row: Mapping[Any, Any]) -> str:
    kind = Movement(row[MOVEMENT])
    return _PLAIN[kind] if kind in _PLAIN else f"{kind} {abs(row[CHANGE])}"


def _head(row: Mapping[Any, Any]) -> str:
    """Domain and convening; the convening's name is not broken."""
    when = str(row[_WHEN]).replace(" ", "\N{NO-BREAK SPACE}")
    return f"{row[_TITLE]}, {when}"


def _layers(rows: pd.DataFrame, rubric: Rubric, ink: Inks) -> list[alt.Chart]:
    records = rows.to_dict("records")
    base = alt.Chart(inline(rows)).encode(
        y=titled_rows(_KEY, {row[_KEY]: _head(row) for row in records}, over=ROW_HEIGHT),
        tooltip=tooltips(
            {
                _TITLE: "Domain",
                _STEP: "We promised",
                _WHEN: "Promised at",
                SAID_THEN: PROMISED,
                SAID_NOW: SINCE,
                WORDS: "Since",
            }
        ),
    )
    return dumbbells(base, rubric, (PROMISED, SINCE), "since", ink)


def _twin(rows: pd.DataFrame, rubric: Rubric, labels: Mapping[date, str]) -> pd.DataFrame:
    def levels(column: str) -> list[str]:
        return [level_name(rubric, None if pd.isna(level) else int(level)) for level in rows[column]]

    def days(column: str, named: Mapping[date, str]) -> list[str]:
        return ["" if pd.isna(day) else day_label(day, named) for day in rows[column]]

    return pd.DataFrame(
        {
            "Convening": days(HELD_THEN, labels),
            "Domain": [rubric.domain(code).title for code in rows[DOMAIN]],
            "Next step": rows[STEP],
            "Owner": rows[OWNER],
            "By": days(DUE, {}),
            "State": rows[STEP_STATE],
            "Overdue": [overdue_of(row) for row in rows.to_dict("records")],
            "Level when promised": levels(LEVEL_THEN),
            "Latest level since": levels(LEVEL_NOW),
            "Rated at": days(HELD_NOW, labels),
            "Afterwards": [AFTERWARDS[Movement(kind)] for kind in rows[MOVEMENT]],
        },
        dtype="str",
    )
