"""How all domains of a rubric moved: domain × convening, the level printed in each cell."""

from collections.abc import Collection, Mapping
from datetime import date

import altair as alt
import pandas as pd

from progressions.charts.axes import convening_columns, ink_colour, level_colour, rows_on_phone, titled_rows, tooltips
from progressions.charts.colours import text_on
from progressions.charts.figure import Figure, Words, finished
from progressions.charts.gaps import not_rated
from progressions.charts.labels import by_key, day_key, day_label, not_shown_of, shown_levels
from progressions.charts.layers import inline
from progressions.charts.theme import CELL_TEXT_SIZE, CUT_TOLD, NOT_RATED, ROW_HEIGHT, Inks, Mode, colours_of, inks
from progressions.measures.columns import DOMAIN, HELD_ON, LEVEL, WORDING_BEGINS
from progressions.measures.findings import CONVENINGS, DOMAINS, RATINGS, counted, since_first_sentence
from progressions.measures.lines import first_to_latest
from progressions.rubric import Rubric

PICKED = "picked"
_INK, _NAME, _TITLE, _WHEN = "ink", "name", "title", "when"
_HEADING = " "
"""Begins the key of a row that is a heading: codes of files come without spaces at their ends."""


def heat(
    table: pd.DataFrame,
    rubric: Rubric,
    labels: Mapping[date, str],
    *,
    who: str = "",
    elsewhere: Collection[str] = (),
    mode: Mode = Mode.LIGHT,
) -> Figure:
    """A cell not rated is an empty outline with a dot; a bar at a cell's left says that its wording is new.

    In: ``heat_table``; domains that the rubric does not have are passed over and counted, but those ``elsewhere``,
    which it has outside of the area that it is narrowed to. Those never rated are rows of gaps, and each stands under
    its area where there are several. ``labels`` names convenings. The selection ``PICKED`` is the domain of the cell
    that was clicked.
    """
    shown, _ = shown_levels(table, rubric)
    cells = _cells(shown, rubric, labels)
    known = table[table[DOMAIN].isin([domain.code for domain in rubric.domains])]
    days = by_key(list(table[HELD_ON]), labels)
    words = Words(
        title=f"{f'{who}: ' if who else ''}{rubric.title}, convening by convening",
        finding=since_first_sentence(first_to_latest(known)),
        n=_n(cells, len(days), rubric) + not_shown_of(table, rubric, elsewhere),
    )
    layers = _layers(cells, rubric, days, inks(mode))
    titles = list(_rows(rubric).values())
    on_phone = rows_on_phone(titles)
    return finished(layers, words, _twin(cells, days, rubric), ROW_HEIGHT * len(titles), mode, on_phone)


def _rows(rubric: Rubric) -> dict[str, str]:
    """The titles of the rows by key: domains under the headings of their areas, where there is more than one group."""
    groups = dict.fromkeys(domain.area for domain in sorted(rubric.domains, key=lambda each: bool(each.area)))
    rows: dict[str, str] = {}
    for number, area in enumerate(groups):
        if area and len(groups) > 1:
            rows[f"{_HEADING}{number}"] = area
        rows.update({domain.code: domain.title for domain in rubric.domains if domain.area == area})
    return rows


def _n(cells: pd.DataFrame, convenings: int, rubric: Rubric) -> str:
    rated = int(cells[LEVEL].notna().sum())
    cut = CUT_TOLD if cells[WORDING_BEGINS].any() else ""
    told = f"{counted(rated, RATINGS)} of {counted(len(rubric.domains), DOMAINS)}"
    return f"{told} at {counted(convenings, CONVENINGS)}{cut}"


def _cells(table: pd.DataFrame, rubric: Rubric, labels: Mapping[date, str]) -> pd.DataFrame:
    """One row per domain of the rubric × convening, with what a mark needs."""
    fills = colours_of(len(rubric.levels))
    rows = pd.DataFrame({DOMAIN: [domain.code for domain in rubric.domains]}, dtype="str")
    rows = rows.merge(table[[HELD_ON]].drop_duplicates(), how="cross")
    rows = rows.merge(table, on=[DOMAIN, HELD_ON], how="left")
    levels = [None if pd.isna(at) else int(at) for at in rows[LEVEL]]
    return rows.assign(
        **{
            WORDING_BEGINS: rows[WORDING_BEGINS].eq(True),
            _TITLE: [rubric.domain(code).title for code in rows[DOMAIN]],
            _WHEN: [day_label(day, labels) for day in rows[HELD_ON]],
            _NAME: [rubric.level(at).label if at else NOT_RATED for at in levels],
            _INK: [text_on(fills[at - 1]) if at else None for at in levels],
            HELD_ON: [day_key(day) for day in rows[HELD_ON]],
        }
    )


def _layers(cells: pd.DataFrame, rubric: Rubric, days: Mapping[str, str], ink: Inks) -> list[alt.Chart]:
    """Only those with something to draw: an empty group of marks is read aloud as a picture without a name."""
    rows = _rows(rubric)
    base = alt.Chart(inline(cells)).encode(
        x=convening_columns(days),
        y=titled_rows(DOMAIN, rows, None, [key for key in rows if key.startswith(_HEADING)], ROW_HEIGHT, bare=True),
        tooltip=tooltips({_TITLE: "Domain", _WHEN: "Convening", _NAME: "Level"}),
    )
    rated = base.transform_filter(f"datum.{LEVEL} != null")
    gaps = base.transform_filter(f"datum.{LEVEL} == null")
    levels = [
        rated.mark_rect(stroke=ink.outline, strokeWidth=1, cornerRadius=3, cursor="pointer").encode(
            color=level_colour(rubric.levels)
        ),
        rated.mark_text(fontSize=_digit_size(len(days)), fontWeight=600).encode(
            text=alt.Text(f"{LEVEL}:N"), color=ink_colour(_INK)
        ),
    ]
    cuts = [
        base.transform_filter(f"datum.{WORDING_BEGINS}")
        .mark_tick(orient="vertical", thickness=5, size=ROW_HEIGHT - 4, color=ink.text, opacity=1)
        .encode(x=convening_columns(days).bandPosition(0)),
    ]
    drawn = {
        "not_rated": not_rated(gaps, ink) if cells[LEVEL].isna().any() else [],
        "levels": levels if cells[LEVEL].notna().any() else [],
        "cuts": cuts if cells[WORDING_BEGINS].any() else [],
    }
    ground, *above = [layer for layers in drawn.values() for layer in layers] or not_rated(gaps, ink)
    return [ground.add_params(alt.selection_point(PICKED, fields=[DOMAIN])), *above]


def _digit_size(convenings: int) -> alt.ExprRef:
    """Smaller figures only where a phone shows many convenings."""
    return alt.ExprRef(f"width / {max(1, convenings)} < 15 ? 12 : {CELL_TEXT_SIZE}")


def _twin(cells: pd.DataFrame, days: Mapping[str, str], rubric: Rubric) -> pd.DataFrame:
    """One row a domain, one column a convening; NA where not rated."""
    wide = cells.pivot(index=DOMAIN, columns=HELD_ON, values=LEVEL).astype("Int8")
    codes = [key for key in _rows(rubric) if not key.startswith(_HEADING)]
    wide = wide.reindex(index=codes, columns=list(days))
    wide.columns = list(days.values())
    wide.insert(0, "Domain", [rubric.domain(code).title for code in codes])
    if rubric.areas:
        wide.insert(1, "Area", [rubric.domain(code).area for code in codes])
    return wide.reset_index(drop=True)
