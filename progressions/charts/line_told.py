"""What was told at the convenings of a domain's line: hollow dots "knowing what we know now", and promises as flags."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from progressions.charts.axes import level_rows, tooltips
from progressions.charts.labels import day_label, has_level, level_name, overdue_of
from progressions.charts.places import y_at
from progressions.charts.theme import TEXT_SIZE, Inks
from progressions.measures.columns import (
    DUE,
    HELD_NOW,
    HINDSIGHT,
    LEVEL,
    LEVEL_NOW,
    LEVEL_OR_GAP,
    MOVEMENT,
    OVERDUE,
    OWNER,
    SAME_WORDS,
    STEP,
    STEP_STATE,
    TOLD_ON,
)
from progressions.measures.findings import AFTERWARDS, PROMISES, counted
from progressions.measures.kinds import Movement
from progressions.rubric import Level, Rubric

NOW_KNOWN = "Knowing what we know now"
_TOLD = (HINDSIGHT, TOLD_ON, SAME_WORDS, STEP, OWNER, DUE, STEP_STATE, OVERDUE, MOVEMENT, HELD_NOW, LEVEL_NOW)
_LOOK, _LOOKED, _AFTER, _WORDS = "look", "looked", "after", "promise"
_FLAG = "M-0.5,1.2L-0.5,-1.2L1.1,-0.6L-0.35,0L-0.35,1.2Z"
"""The outline of a flag on its pole, as a shape of Vega (a square of two units)."""
_WAYS = {
    Movement.UP.value: "triangle-up",
    Movement.SAME.value: "stroke",
    Movement.DOWN.value: "triangle-down",
}
"""How a flag tells what the domain did afterwards; nothing stands beside the flag where that cannot be told."""
_ASIDE = 24
"""Pixels from a dot to the hollow one beside it, where there is room."""


def whole(line: pd.DataFrame) -> pd.DataFrame:
    """The line with every column of what is told: one without them tells nothing."""
    told = line.reindex(columns=[*line.columns, *(name for name in _TOLD if name not in line)])
    return told.assign(
        **{
            HINDSIGHT: told[HINDSIGHT].astype(LEVEL_OR_GAP),
            STEP: told[STEP].astype(object).where(told[STEP].notna(), ""),
            OVERDUE: told[OVERDUE].eq(True),
        }
    )


def finding(line: pd.DataFrame) -> str:
    """For example ". After 2 promises: 1 moved up, 1 stayed"; "" where nothing was promised."""
    made = line[line[STEP] != ""]
    if made.empty:
        return ""
    after = made[MOVEMENT].value_counts()
    told = [(AFTERWARDS[way], int(after.get(way.value, 0))) for way in AFTERWARDS]
    return f". After {counted(len(made), PROMISES)}: {', '.join(f'{n} {words}' for words, n in told if n)}"


def key(line: pd.DataFrame, rubric: Rubric) -> str:
    """What the marks mean that are drawn, each after a semicolon."""
    drawn = _drawn(line, rubric)
    looks = int(line[HINDSIGHT].notna().sum())
    told = []
    if drawn.any():
        told.append("a hollow dot: that level, knowing what we know now")
    if looks > drawn.sum():
        told.append(f"{looks - int(drawn.sum())} told on other words, in the table only")
    if (line[STEP] != "").any():
        told.append("a flag: a promise, with what the domain did afterwards (▲ moved up, – stayed, ▼ moved down)")
    return "".join(f"; {words}" for words in told)


def marks(line: pd.DataFrame, rubric: Rubric, labels: Mapping[date, str]) -> pd.DataFrame:
    """The line with what the layers draw in the place of what was told."""
    rows = line.to_dict("records")
    told = {
        _LOOK: line[HINDSIGHT].where(_drawn(line, rubric)),
        _LOOKED: [_looked(row, rubric, labels) for row in rows],
        _WORDS: [_promised(row) for row in rows],
        _AFTER: [row[MOVEMENT] if row[STEP] and row[MOVEMENT] in _WAYS else None for row in rows],
    }
    return line.drop(columns=list(_TOLD)).assign(**told)


def columns_of(line: pd.DataFrame, rubric: Rubric, labels: Mapping[date, str]) -> dict[str, list[str]]:
    """The columns of the table twin: that of looks back where there is any, those of promises where there is any."""
    rows = line.to_dict("records")
    looked = {NOW_KNOWN: [_looked(row, rubric, labels) for row in rows]}
    promised = {
        "Next step": [str(row[STEP]) for row in rows],
        "Owner": [str(row[OWNER]) if row[STEP] else "" for row in rows],
        "By": [day_label(row[DUE], {}) if row[STEP] and pd.notna(row[DUE]) else "" for row in rows],
        "State": [str(row[STEP_STATE]) if row[STEP] else "" for row in rows],
        "Overdue": [overdue_of(row) for row in rows],
        "Afterwards": [AFTERWARDS[Movement(row[MOVEMENT])] if row[STEP] else "" for row in rows],
    }
    return (looked if any(looked[NOW_KNOWN]) else {}) | (promised if any(promised["Next step"]) else {})


def _drawn(line: pd.DataFrame, rubric: Rubric) -> "pd.Series[bool]":
    """Where a hindsight can stand beside a dot: told on the same words, at a level that there is."""
    known = line[HINDSIGHT].between(1, len(rubric.levels)).fillna(False).astype(bool)
    return known & line[SAME_WORDS].eq(True) & line[LEVEL].notna()


def _looked(row: Mapping[str, Any], rubric: Rubric, labels: Mapping[date, str]) -> str:
    if pd.isna(row[HINDSIGHT]):
        return ""
    words = "" if row[SAME_WORDS] and has_level(rubric, row[HINDSIGHT]) else ", on other words"
    return f"{level_name(rubric, int(row[HINDSIGHT]))} (told {day_label(row[TOLD_ON], labels)}{words})"


def _promised(row: Mapping[str, Any]) -> str:
    """The promise in one line, with what became of it; "" where there is none."""
    if not row[STEP]:
        return ""
    state = overdue_of(row) or row[STEP_STATE]
    return f"{row[STEP]} ({state}); afterwards: {AFTERWARDS[Movement(row[MOVEMENT])]}"


def looks(base: alt.Chart, points: pd.DataFrame, levels: Sequence[Level], ink: Inks, *, named: bool) -> list[alt.Chart]:
    """The hollow dots, to be drawn before the stored ones, which they never cover.

    Nothing where there is none: an empty group of marks is read aloud as a picture without a name.
    """
    if points[_LOOK].isna().all():
        return []
    step = f"width / {max(1, len(points))}"
    aside = alt.ExprRef(f"min({_ASIDE}, {step} * 0.42)")
    size = alt.ExprRef(f"{step} < {2 * _ASIDE} ? 300 : 440") if named else 120
    hollow = base.transform_filter(f"datum.{_LOOK} != null").encode(y=level_rows(levels, _LOOK))
    dash: dict[str, Any] = {"stroke": ink.accent, "strokeWidth": 2, "strokeDash": [3, 2], "xOffset": aside}
    dots = hollow.mark_point(filled=True, fill=ink.paper, opacity=1, size=size, **dash)
    numbers = hollow.mark_text(fontSize=TEXT_SIZE, fontWeight=600, color=ink.text, xOffset=aside)
    return [
        hollow.mark_rule(**dash).encode(y2=alt.Y2(f"{LEVEL}:O")),
        dots.encode(tooltip=tooltips({"when": "Convening", _LOOKED: NOW_KNOWN})),
        *([numbers.encode(text=alt.Text(f"{_LOOK}:N"))] if named else []),
    ]


def flags(base: alt.Chart, points: pd.DataFrame, ink: Inks, *, named: bool) -> list[alt.Chart]:
    """The promises, in a lane of their own at the foot: one may be made where nothing is rated. None as ``looks``."""
    if (points[_WORDS] == "").all():
        return []
    lane = base.encode(y=y_at("height"), tooltip=tooltips({"when": "Convening", _WORDS: "We promised"}))
    size, foot = (170, -12) if named else (90, -9)
    poles = lane.transform_filter(f"datum.{_WORDS} != ''").mark_point(
        filled=True, opacity=1, size=size, yOffset=foot, xOffset=-6 if named else -4, color=ink.text, shape=_FLAG
    )
    ways = lane.transform_filter(f"datum.{_AFTER} != null").mark_point(
        filled=True, opacity=1, size=size / 2, yOffset=foot, xOffset=8 if named else 6, stroke=ink.text, strokeWidth=2
    )
    shapes = alt.Shape(f"{_AFTER}:N", scale=alt.Scale(domain=list(_WAYS), range=list(_WAYS.values())), legend=None)
    told = [ways.encode(shape=shapes, color=alt.ColorValue(ink.text))] if points[_AFTER].notna().any() else []
    return [poles, *told]
