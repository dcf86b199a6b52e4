"""Where a partnership stands: one strip of boxes a domain, its level filled."""

from typing import Any

import altair as alt
import pandas as pd

from progressions.charts.axes import domain_rows, domains_on_phone, ink_colour, level_colour, level_columns, tooltips
from progressions.charts.colours import text_on
from progressions.charts.figure import Figure, Words, finished
from progressions.charts.gaps import told_across
from progressions.charts.labels import LATEST, day_label, is_gone, not_shown_of, shown_levels
from progressions.charts.layers import inline
from progressions.charts.theme import (
    CELL_TEXT_SIZE,
    NOT_RATED,
    ROW_HEIGHT,
    Inks,
    Mode,
    colours_of,
    inks,
)
from progressions.measures.columns import DOMAIN, HELD_ON, LEVEL, RUBRIC
from progressions.measures.findings import DOMAINS, counted, standing_sentence
from progressions.rubric import Rubric

_BOX, _INK, _STATE, _SAID = "box", "ink", "state", "said"
_TABLE = ["Domain", "Level", "Level name", "Rated on"]


def level_strips(standing: pd.DataFrame, rubric: Rubric, *, who: str = "", mode: Mode = Mode.LIGHT) -> Figure:
    """Every domain of the rubric in its order, rated or not; the highest level at the right.

    In: ``standing`` of one partnership; rows for other rubrics, and for domains that this one does not have,
    are passed over; those of this rubric are counted. ``who`` names the partnership.
    """
    mine = standing[standing[RUBRIC] == rubric.code]
    own, _ = shown_levels(mine[~is_gone(mine[DOMAIN], rubric)], rubric)
    table = _table(own[own[LEVEL].notna()].set_index(DOMAIN), rubric)
    rated = int(table["Level"].notna().sum())
    words = Words(
        title=f"Where {who or 'we'} {'stands' if who else 'stand'}: {rubric.title}",
        finding=_finding(table, rubric),
        n=f"{rated} of {counted(len(table), DOMAINS)} rated{_when(own)}{not_shown_of(mine, rubric, of=LATEST)}",
    )
    layers = _layers(_boxes(table, rubric), rubric, inks(mode))
    return finished(layers, words, table, ROW_HEIGHT * len(table), mode, domains_on_phone(rubric.domains))


def _table(own: pd.DataFrame, rubric: Rubric) -> pd.DataFrame:
    """One row a domain of the rubric; ``own`` has one row a rated domain, by its code."""
    rows = []
    for domain in rubric.domains:
        at = int(own.loc[domain.code, LEVEL]) if domain.code in own.index else None
        name = rubric.level(at).name if at else NOT_RATED
        rows.append((domain.title, at, name, day_label(own.loc[domain.code, HELD_ON], {}) if at else ""))
    return pd.DataFrame(rows, columns=_TABLE).astype({"Level": "Int8"})


def _when(own: pd.DataFrame) -> str:
    """For example ": 6 on 21 Oct 2026, 2 earlier, the oldest on 3 Mar 2025": where one stands may be long ago."""
    days = own.loc[own[LEVEL].notna(), HELD_ON]
    if days.empty:
        return ""
    latest, oldest = days.max(), days.min()
    now, before = int((days == latest).sum()), int((days < latest).sum())
    if not before:
        return f", {'all ' if now > 1 else ''}on {day_label(latest, {})}"
    since = "on" if before == 1 else "the oldest on"
    return f": {now} on {day_label(latest, {})}, {before} earlier, {since} {day_label(oldest, {})}"


def _finding(table: pd.DataFrame, rubric: Rubric) -> str:
    per_level = {level.name: int(table["Level"].eq(level.position).sum()) for level in rubric.levels}
    return standing_sentence(per_level, int(table["Level"].isna().sum()))


def _boxes(table: pd.DataFrame, rubric: Rubric) -> pd.DataFrame:
    """One row per domain × level: ``state`` is ours, other or unrated; ``level`` only on ours."""
    boxes = table.assign(**{DOMAIN: [domain.code for domain in rubric.domains]})
    levels = pd.DataFrame({_BOX: [level.position for level in rubric.levels]})
    boxes = boxes.merge(levels, how="cross")
    ours = boxes["Level"].eq(boxes[_BOX]).fillna(False).astype(bool)
    fills = colours_of(len(rubric.levels))
    return boxes.assign(
        **{
            LEVEL: boxes["Level"].where(ours),
            _SAID: ["–" if pd.isna(at) else str(at) for at in boxes["Level"]],
            _STATE: boxes["Level"].isna().map({True: "unrated", False: "other"}).mask(ours, "ours"),
            _INK: [text_on(fills[box - 1]) for box in boxes[_BOX]],
            _BOX: boxes[_BOX].astype("str"),
        }
    )


def _layers(boxes: pd.DataFrame, rubric: Rubric, ink: Inks) -> list[alt.Chart]:
    """Only those with something to draw: an empty group of marks is read aloud as a picture without a name."""
    base = alt.Chart(inline(boxes)).encode(
        x=level_columns(_BOX, rubric.levels),
        y=domain_rows(rubric.domains),
        tooltip=tooltips({_SAID if name == "Level" else name: name for name in _TABLE}),
    )
    ours = base.transform_filter(f"datum.{_STATE} == 'ours'")
    unrated = base.transform_filter(f"datum.{_STATE} == 'unrated' && datum.{_BOX} == '1'")
    empty: dict[str, Any] = {"filled": False, "stroke": ink.outline, "strokeOpacity": 0.6, "cornerRadius": 4}
    others = [base.transform_filter(f"datum.{_STATE} == 'other'").mark_rect(**empty)]
    levels = [
        ours.mark_rect(stroke=ink.outline, strokeWidth=1.5, cornerRadius=4).encode(color=level_colour(rubric.levels)),
        ours.mark_text(fontSize=CELL_TEXT_SIZE + 2, fontWeight=600).encode(
            text=alt.Text(f"{LEVEL}:N"), color=ink_colour(_INK)
        ),
    ]
    states = set(boxes[_STATE])
    fill = None if "ours" in states else level_colour(rubric.levels)
    not_rated = told_across(unrated, level_columns(_BOX, rubric.levels), NOT_RATED, ink, fill)
    drawn = {"other": others, "unrated": not_rated, "ours": levels}
    return [layer for state, layers in drawn.items() if state in states for layer in layers]
