"""How far apart district and university voted, convening by convening: the steps between the middles of their votes."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from progressions.charts.agreement_first import middle_name
from progressions.charts.axes import convening_columns, domain_rows, domains_on_phone, ink_colour, tooltips
from progressions.charts.colours import text_on
from progressions.charts.figure import Figure, Words, finished
from progressions.charts.labels import by_key, day_key, day_label, gone_not_shown, table_heads
from progressions.charts.layers import inline
from progressions.charts.theme import CELL_TEXT_SIZE, CUT_TOLD, LINE_HEIGHT, ROW_HEIGHT, TEXT_SIZE, Inks, Mode, inks
from progressions.measures.agreement import A_LEVEL, closing, closing_sentence, gap_table, steps
from progressions.measures.columns import (
    APART,
    DISTRICT_HIGH,
    DISTRICT_LOW,
    DOMAIN,
    HELD_ON,
    UNIVERSITY_HIGH,
    UNIVERSITY_LOW,
    WORDING_BEGINS,
)
from progressions.measures.findings import CONVENINGS, DOMAINS, counted
from progressions.ratings import at_convening
from progressions.rubric import Domain, Rubric

WIDE_APART = "#4a5b73"
"""A level or more: a grey that is no level's, and readable in print."""
NOT_SHOWN = "–"
_ENDS = [DISTRICT_LOW, DISTRICT_HIGH, UNIVERSITY_LOW, UNIVERSITY_HIGH]
_TITLE, _WHEN, _STEPS, _INK, _WIDE, _TWO, _THREE = "title", "when", "steps", "ink", "wide", "two", "three"
_SMALL, _SMALL_LINE = 12, 13
"""Where a phone shows many convenings: three of these lines are no taller than a cell."""
_LONGEST = 1.4
"""The width of "1½" as a part of its size."""
_EDGES = 2
_DISTRICT, _UNIVERSITY, _WORDS = "District", "University", "words"


def sides_apart(
    frame: pd.DataFrame, rubric: Rubric, labels: Mapping[date, str], *, who: str, mode: Mode = Mode.LIGHT
) -> Figure:
    """Domain × convening, the steps in each cell, filled where they are a level or more; a letter says who is higher.

    In: ``agreement_frame`` of one partnership and one rubric, of all convenings with votes. A cell is empty where the
    sides are not shown by themselves; domains that the rubric does not have are counted and not drawn. ValueError
    where no cell is left.
    """
    codes = [domain.code for domain in rubric.domains]
    own = frame[frame[DOMAIN].isin(codes)]
    table = gap_table(own)
    if table.empty:
        raise ValueError("no sides to draw")
    shown = [code for code in codes if code in set(table[DOMAIN])]
    days = by_key(list(own[HELD_ON]), labels)
    cells = _cells(table, own, shown, rubric, labels)
    words = Words(
        title=f"How far apart the two sides of {who} voted: {rubric.title}",
        finding=_finding(own, table, labels),
        n=_n(cells, days) + gone_not_shown(_gone(frame, codes)),
    )
    domains = [rubric.domain(code) for code in shown]
    layers = _layers(cells, domains, days, inks(mode))
    return finished(layers, words, _twin(cells, rubric), ROW_HEIGHT * len(shown), mode, domains_on_phone(domains))


def _gone(frame: pd.DataFrame, codes: list[str]) -> int:
    """How many domains would be drawn if the rubric still had them."""
    return int(frame.loc[frame[APART].notna() & ~frame[DOMAIN].isin(codes), DOMAIN].nunique())


def _finding(own: pd.DataFrame, table: pd.DataFrame, labels: Mapping[date, str]) -> str:
    found = closing(own)
    if found is not None:
        return closing_sentence(found, day_label(found.then, labels), day_label(found.now, labels))
    last = table[HELD_ON].max()
    latest = table[table[HELD_ON] == last]
    apart = int((latest[APART].abs() >= A_LEVEL).sum())
    told = f"The sides differed by a level or more in {apart} of {counted(len(latest), DOMAINS)}"
    return f"{told} {at_convening(day_label(last, labels))}; no earlier convening to compare with"


def _n(cells: pd.DataFrame, days: Mapping[str, str]) -> str:
    hidden = int(cells[APART].isna().sum())
    cut = CUT_TOLD if cells[WORDING_BEGINS].any() else ""
    return (
        f"{counted(cells[DOMAIN].nunique(), DOMAINS)} at {counted(len(days), CONVENINGS)}; in a cell the steps between "
        "the middles of the first votes, D where the district stands higher, U the university; filled: a level or more"
        + (f"; {NOT_SHOWN} {hidden} times: no three voters of each side, or no vote" if hidden else "")
        + cut
    )


def _cells(
    table: pd.DataFrame, own: pd.DataFrame, codes: list[str], rubric: Rubric, labels: Mapping[date, str]
) -> pd.DataFrame:
    """One row per domain × convening with votes of the rubric, with what a mark needs."""
    rows = pd.DataFrame({DOMAIN: codes}, dtype="str").merge(own[[HELD_ON]].drop_duplicates(), how="cross")
    rows = rows.merge(table, on=[DOMAIN, HELD_ON], how="left").sort_values(HELD_ON, kind="stable", ignore_index=True)
    apart = [None if pd.isna(each) else int(each) for each in rows[APART]]
    wide = [each is not None and abs(each) >= A_LEVEL for each in apart]
    return rows.assign(
        **{
            WORDING_BEGINS: rows[WORDING_BEGINS].eq(True),
            _TITLE: [rubric.domain(code).title for code in rows[DOMAIN]],
            _WHEN: [day_label(day, labels) for day in rows[HELD_ON]],
            _STEPS: [NOT_SHOWN if each is None else steps(each) for each in apart],
            _TWO: [NOT_SHOWN if each is None else _short(each) for each in apart],
            _THREE: [NOT_SHOWN if each is None else _narrow(each) for each in apart],
            _WORDS: [_told(each) for each in apart],
            _WIDE: wide,
            _INK: [text_on(WIDE_APART) if each else None for each in wide],
            _DISTRICT: _middles(rows, rubric, DISTRICT_LOW, DISTRICT_HIGH),
            _UNIVERSITY: _middles(rows, rubric, UNIVERSITY_LOW, UNIVERSITY_HIGH),
            HELD_ON: [day_key(day) for day in rows[HELD_ON]],
        }
    ).drop(columns=[*_ENDS, "rubric"])


def _middles(rows: pd.DataFrame, rubric: Rubric, low: str, high: str) -> list[str]:
    ends = zip(rows[low], rows[high], strict=True)
    return ["" if pd.isna(one) else middle_name(rubric, int(one), int(other)) for one, other in ends]


def _short(apart: int) -> str:
    return steps(apart) if not apart else f"{'U' if apart > 0 else 'D'}\n{steps(apart)}"


def _narrow(apart: int) -> str:
    """With a half under its whole number, for columns that have no room for both side by side."""
    whole, half = divmod(abs(apart), A_LEVEL)
    return _short(apart).replace("½", "\n½") if whole and half else _short(apart)


def _told(apart: int | None) -> str:
    """For example "1½ steps, university higher"."""
    if apart is None:
        return "not shown"
    if not apart:
        return "no step apart"
    told = {1: "half a step", A_LEVEL: "1 step"}.get(abs(apart), f"{steps(apart)} steps")
    return f"{told}, {'university' if apart > 0 else 'district'} higher"


def _layers(cells: pd.DataFrame, domains: list[Domain], days: Mapping[str, str], ink: Inks) -> list[alt.Chart]:
    """Only those with something to draw: an empty group of marks is read aloud as a picture without a name."""
    tips = {_TITLE: "Domain", _WHEN: "Convening", _WORDS: "Apart", _DISTRICT: "District", _UNIVERSITY: "University"}
    base = alt.Chart(inline(cells)).encode(
        x=convening_columns(days),
        y=domain_rows(domains),
        tooltip=tooltips(tips),
    )
    said = f"({_has_room(len(days), _SMALL)} ? datum.{_TWO} : datum.{_THREE})"
    line = f"({_has_room(len(days), _SMALL)} ? {LINE_HEIGHT} : {_SMALL_LINE})"
    raised = alt.ExprRef(f"(1 - length(split({said}, '\\n'))) * {line} / 2")
    words: dict[str, Any] = {"lineBreak": "\n", "lineHeight": alt.ExprRef(line), "fontWeight": 600, "yOffset": raised}
    steps_told = alt.TextValue(alt.ExprRef(said))
    size = alt.ExprRef(
        f"{_has_room(len(days), CELL_TEXT_SIZE)} ? {CELL_TEXT_SIZE} : "
        f"{_has_room(len(days), TEXT_SIZE)} ? {TEXT_SIZE} : {_SMALL}"
    )
    near, wide, none = (
        base.transform_filter(test)
        for test in (f"datum.{APART} != null && !datum.{_WIDE}", f"datum.{_WIDE}", f"datum.{APART} == null")
    )
    is_none, is_wide = cells[APART].isna(), cells[_WIDE].astype(bool)
    layers = {
        "near": [
            near.mark_rect(filled=False, stroke=ink.outline, cornerRadius=3),
            near.mark_text(**words, fontSize=size, color=ink.text).encode(text=steps_told),
        ],
        "wide": [
            wide.mark_rect(color=WIDE_APART, stroke=ink.outline, cornerRadius=3),
            wide.mark_text(**words, fontSize=size).encode(text=steps_told, color=ink_colour(_INK)),
        ],
        "none": [none.mark_text(fontSize=CELL_TEXT_SIZE, color=ink.quiet).encode(text=alt.Text(f"{_TWO}:N"))],
        "cut": [
            base.transform_filter(f"datum.{WORDING_BEGINS}")
            .mark_tick(orient="vertical", thickness=5, size=ROW_HEIGHT - 4, color=ink.text, opacity=1)
            .encode(x=convening_columns(days).bandPosition(0)),
        ],
    }
    drawn = {
        "near": (~is_none & ~is_wide).any(),
        "wide": is_wide.any(),
        "none": is_none.any(),
        "cut": cells[WORDING_BEGINS].any(),
    }
    return [layer for kind, made in layers.items() if drawn[kind] for layer in made]


def _has_room(columns: int, size: int) -> str:
    """Whether a cell is as wide as "1½" in this size."""
    return f"(width / {columns} * 0.92 >= {_LONGEST * size + _EDGES:.1f})"


def _twin(cells: pd.DataFrame, rubric: Rubric) -> pd.DataFrame:
    """One row a domain and convening: what is printed in the cell, and the middles that it lies between."""
    heads = table_heads(rubric.domains)
    places = {code: place for place, code in enumerate(heads)}
    rows = cells.sort_values(DOMAIN, kind="stable", ignore_index=True, key=lambda codes: codes.map(places))
    return pd.DataFrame(
        {
            "Domain": [heads[code] for code in rows[DOMAIN]],
            "Convening": rows[_WHEN],
            "Steps": rows[_STEPS],
            "Apart": rows[_WORDS],
            "District": rows[_DISTRICT],
            "University": rows[_UNIVERSITY],
            "Wording": ["new wording" if begins else "" for begins in rows[WORDING_BEGINS]],
        }
    )
