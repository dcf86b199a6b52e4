"""How all domains of a rubric moved between two convenings: then hollow, now filled, sorted by change."""

from collections.abc import Collection
from typing import Any

import altair as alt
import pandas as pd

from progressions.charts.axes import domain_rows, domains_on_phone, level_columns, names_under, tooltips
from progressions.charts.colours import text_on
from progressions.charts.figure import Figure, Words, finished
from progressions.charts.labels import AT_BOTH, has_level, level_name, not_shown_of
from progressions.charts.layers import inline
from progressions.charts.theme import LINE_HEIGHT, NOT_RATED, ROW_HEIGHT, TEXT_SIZE, Inks, Mode, inks
from progressions.measures.columns import (
    CHANGE,
    DOMAIN,
    HELD_NOW,
    HELD_ON,
    HELD_THEN,
    LEVEL,
    LEVEL_NOW,
    LEVEL_THEN,
    MOVEMENT,
    PARTNERSHIP,
    RUBRIC,
)
from progressions.measures.findings import DOMAINS, counted, movement_sentence
from progressions.measures.kinds import Movement
from progressions.measures.movement import movement_counts
from progressions.rubric import Rubric

THEN, NOW, WORDS, ASIDE = "then", "now", "words", "aside"
SAID_THEN, SAID_NOW = "said_then", "said_now"
"""The levels as a tooltip tells them."""
_TITLE = "title"
_NEITHER = ""
"""The movement of a domain that is rated at neither convening."""
_LAST = [Movement.NOT_COMPARABLE, Movement.FIRST, Movement.NOT_RATED, _NEITHER]
"""What cannot be sorted by change comes after what can, in this order."""


def then_now(
    movement: pd.DataFrame,
    rubric: Rubric,
    then: str,
    now: str,
    *,
    who: str = "",
    elsewhere: Collection[str] = (),
    mode: Mode = Mode.LIGHT,
) -> Figure:
    """Every domain of the rubric; one that did not move is a single dot; the right column tells it in words.

    In: ``movement_between`` of one partnership; ``then`` and ``now`` name the convenings. Greatest rise
    first; those that cannot be compared come last. Domains that the rubric does not have are passed over, and their
    ratings counted, but those ``elsewhere``: it has these outside of the area that it is narrowed to. ValueError for
    rows of several partnerships.
    """
    if movement[PARTNERSHIP].nunique() > 1:
        raise ValueError("a then and now chart shows one partnership")
    own = movement[movement[RUBRIC] == rubric.code]
    rows = _rows(own, rubric, then, now)
    counts = movement_counts(rows)
    words = Words(
        title=f"{f'{who}: ' if who else ''}{rubric.title}, {then} and {now}",
        finding=movement_sentence(counts, since=then),
        n=f"{counts.compared} of {counted(len(rows), DOMAINS)} can be compared"
        + not_shown_of(each_rating(own), rubric, elsewhere, AT_BOTH),
    )
    layers = _layers(rows, rubric, then, now, inks(mode))
    return finished(
        layers, words, _twin(rows, rubric, then, now), ROW_HEIGHT * len(rows), mode, domains_on_phone(rubric.domains)
    )


def each_rating(movement: pd.DataFrame) -> pd.DataFrame:
    """A row for each rating that one of these movements goes from or to, with ``domain``, ``held_on`` and ``level``."""
    ends = ([DOMAIN, HELD_THEN, LEVEL_THEN], [DOMAIN, HELD_NOW, LEVEL_NOW])
    both = [movement[list(end)].set_axis([DOMAIN, HELD_ON, LEVEL], axis=1) for end in ends]
    return pd.concat(both).drop_duplicates(ignore_index=True)


def _rows(movement: pd.DataFrame, rubric: Rubric, then: str, now: str) -> pd.DataFrame:
    """One row a domain of the rubric, sorted, with levels as axis values (None where not rated)."""
    all_domains = pd.DataFrame({DOMAIN: [domain.code for domain in rubric.domains]}, dtype="str")
    rows = all_domains.merge(movement, on=DOMAIN, how="left")
    rows[MOVEMENT] = rows[MOVEMENT].fillna(_NEITHER)
    rows = _sorted(rows)
    titles = [rubric.domain(code).title for code in rows[DOMAIN]]
    words = [_told(row) for row in rows.to_dict("records")]
    return rows.assign(**{_TITLE: titles, WORDS: words, **dots_of(rows, rubric, then, now)})


def _sorted(rows: pd.DataFrame) -> pd.DataFrame:
    rank = {kind: place for place, kind in enumerate(_LAST, start=1)}
    keys = pd.DataFrame(
        {
            "group": [rank.get(kind, 0) for kind in rows[MOVEMENT]],
            "fall": -rows[CHANGE].fillna(0).astype("int64"),
        }
    )
    return rows.loc[keys.sort_values(["group", "fall"], kind="stable").index].reset_index(drop=True)


def _axis_value(level: Any, rubric: Rubric) -> str | None:
    return None if pd.isna(level) or not has_level(rubric, level) else str(level)


def _told(row: dict[Any, Any]) -> str:
    """The movement in words, lines apart."""
    kind = row[MOVEMENT]
    if kind in (Movement.UP, Movement.DOWN):
        return f"{kind} {abs(row[CHANGE])}"
    if kind == Movement.NOT_RATED:
        return f"{NOT_RATED}\n{'then' if pd.isna(row[LEVEL_THEN]) else 'now'}"
    plain = {Movement.SAME: "same", Movement.FIRST: "first\nrating", Movement.NOT_COMPARABLE: "new\nwording"}
    return plain.get(kind, NOT_RATED)


def _layers(rows: pd.DataFrame, rubric: Rubric, then: str, now: str, ink: Inks) -> list[alt.Chart]:
    order = [str(code) for code in rows[DOMAIN]]
    base = alt.Chart(inline(rows)).encode(
        y=domain_rows(rubric.domains, order),
        tooltip=tooltips({_TITLE: "Domain", SAID_THEN: then, SAID_NOW: now, WORDS: "Movement"}),
    )
    return dumbbells(base, rubric, (then, now), "moved", ink)


def dumbbells(base: alt.Chart, rubric: Rubric, both: tuple[str, str], aside: str, ink: Inks) -> list[alt.Chart]:
    """Two dots a row, then hollow and now filled, and what became of it in words under the heading ``aside``.

    In: rows with the fields of ``dots_of`` and ``movement``; one that did not move has its filled dot alone.
    """
    moved = base.transform_filter(f"datum.{MOVEMENT} == 'up' || datum.{MOVEMENT} == 'down'")
    hollow = base.transform_filter(f"datum.{THEN} != null && datum.{MOVEMENT} != 'same'")
    filled = base.transform_filter(f"datum.{NOW} != null")
    across = {field: level_columns(field, rubric.levels, {ASIDE: aside}, grid=True) for field in (THEN, NOW, ASIDE)}
    raised = alt.ExprRef(f"(1 - length(split(datum.{WORDS}, '\\n'))) * {LINE_HEIGHT / 2}")
    words = base.mark_text(fontSize=TEXT_SIZE, color=ink.text, lineBreak="\n", lineHeight=LINE_HEIGHT, dx=8, dy=raised)
    return [
        moved.mark_rule(strokeWidth=4, color=ink.accent).encode(x=across[THEN], x2=alt.X2(f"{NOW}:O")),
        *_dots(hollow.encode(x=across[THEN]), THEN, ink.paper, both, ink),
        *_dots(
            filled.encode(x=across[NOW]),
            NOW,
            ink.accent,
            both,
            ink,
            names_under(NOW, rubric.levels, len(rubric.levels) + 1),
        ),
        words.encode(x=across[ASIDE], text=alt.Text(f"{WORDS}:N")),
    ]


def dots_of(rows: pd.DataFrame, rubric: Rubric, then: str, now: str) -> dict[str, Any]:
    """The fields of the dots, to be assigned to rows with ``level_then`` and ``level_now``: values of the axis (None
    where none can stand), the same as it is told, and what the hollow and the filled dots are called.
    """
    return {
        THEN: [_axis_value(level, rubric) for level in rows[LEVEL_THEN]],
        NOW: [_axis_value(level, rubric) for level in rows[LEVEL_NOW]],
        SAID_THEN: [NOT_RATED if pd.isna(level) else str(level) for level in rows[LEVEL_THEN]],
        SAID_NOW: [NOT_RATED if pd.isna(level) else str(level) for level in rows[LEVEL_NOW]],
        ASIDE: ASIDE,
        f"when_{THEN}": then,
        f"when_{NOW}": now,
    }


def _dots(
    points: alt.Chart, field: str, fill: str, both: tuple[str, str], ink: Inks, names: alt.Shape | None = None
) -> list[alt.Chart]:
    """Dots with the level's number in them; the legend tells hollow from filled."""
    scale = alt.Scale(domain=list(both), range=[ink.paper, ink.accent])
    legend = alt.Legend(title=None, symbolType="circle", symbolStrokeColor=ink.accent, symbolStrokeWidth=2)
    circles = points.mark_point(size=620, opacity=1, strokeWidth=2.5, stroke=ink.accent).encode(
        fill=alt.Fill(f"when_{field}:N", scale=scale, legend=legend)
    )
    return [
        circles.encode(shape=names) if names else circles,
        points.mark_text(
            fontSize=TEXT_SIZE, fontWeight=600, color=ink.text if fill == ink.paper else text_on(fill)
        ).encode(text=alt.Text(f"{field}:N")),
    ]


def _twin(rows: pd.DataFrame, rubric: Rubric, then: str, now: str) -> pd.DataFrame:
    def names(column: str) -> list[str]:
        return [level_name(rubric, None if pd.isna(level) else int(level)) for level in rows[column]]

    told = [words.replace("\n", " ") for words in rows[WORDS]]
    return pd.DataFrame(
        {"Domain": rows[_TITLE], then: names(LEVEL_THEN), now: names(LEVEL_NOW), "Movement": told},
        dtype="str",
    )
