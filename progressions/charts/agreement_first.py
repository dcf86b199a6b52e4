"""The first votes beside what was agreed: per domain the middle of the votes outlined, the agreed level filled."""

from typing import Any

import altair as alt
import pandas as pd

from progressions.charts.axes import domain_rows, domains_on_phone, ink_colour, level_colour, level_columns, tooltips
from progressions.charts.colours import text_on
from progressions.charts.figure import Figure, Words, finished
from progressions.charts.labels import level_name
from progressions.charts.layers import inline
from progressions.charts.theme import CELL_TEXT_SIZE, ROW_HEIGHT, TEXT_SIZE, Inks, Mode, colours_of, inks
from progressions.measures.agreement import BesideFirst, agreed_counts, agreed_sentence
from progressions.measures.columns import AGREED, BESIDE_FIRST, DOMAIN, FIRST_HIGH, FIRST_LOW, LEVEL, N_VOTERS
from progressions.measures.findings import DOMAINS, counted, voters_each
from progressions.rubric import Domain, Rubric

WORDS = {BesideFirst.ABOVE.value: "above", BesideFirst.AT.value: "at it", BesideFirst.BELOW.value: "below", "": ""}
_BOX, _INK, _MIDDLE, _OURS, _BESIDE = "box", "ink", "middle", "ours", "beside"
_TABLE = ["Domain", "Voters", "Middle of the first votes", "Agreed", "Agreed beside the middle"]


def first_and_agreed(frame: pd.DataFrame, rubric: Rubric, *, who: str, at: str, mode: Mode = Mode.LIGHT) -> Figure:
    """Domains in the rubric's order, those voted on alone; where the middle lies between two levels, both are outlined.

    In: ``agreement_frame`` of one convening; domains and levels that the rubric does not have are told in ``n``.
    ValueError where none is left.
    """
    codes = [domain.code for domain in rubric.domains]
    known = frame[DOMAIN].isin(codes) & frame[[FIRST_HIGH, AGREED]].max(axis=1).fillna(0).le(len(rubric.levels))
    own = frame[known].set_index(DOMAIN).reindex([code for code in codes if code in set(frame.loc[known, DOMAIN])])
    if own.empty:
        raise ValueError("no votes to draw")
    hidden = int((~known).sum())
    words = Words(
        title=f"{who}, first votes and the level agreed: {rubric.title}, {at}",
        finding=agreed_sentence(agreed_counts(own)),
        n=f"{counted(len(own), DOMAINS)}, {voters_each(list(own[N_VOTERS]))}; outlined: the middle of the first votes; "
        "filled: the level agreed" + (f"; {counted(hidden, DOMAINS)} of earlier words not shown" if hidden else ""),
    )
    table = _table(own, rubric)
    domains = [rubric.domain(code) for code in own.index]
    layers = _layers(_boxes(own, table, rubric), rubric, domains, inks(mode))
    return finished(layers, words, table, ROW_HEIGHT * len(own), mode, domains_on_phone(domains))


def middle_name(rubric: Rubric, low: int | None, high: int | None) -> str:
    """The middle of votes in words: a level, "between … and …", or that nobody said a level."""
    if low is None or high is None:
        return "nobody could judge"
    if low == high:
        return level_name(rubric, low)
    return f"between {level_name(rubric, low)} and {level_name(rubric, high)}"


def _number(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _table(own: pd.DataFrame, rubric: Rubric) -> pd.DataFrame:
    rows = [
        (
            rubric.domain(str(code)).title,
            int(row[N_VOTERS]),
            middle_name(rubric, _number(row[FIRST_LOW]), _number(row[FIRST_HIGH])),
            level_name(rubric, _number(row[AGREED])),
            WORDS[row[BESIDE_FIRST]],
        )
        for code, row in zip(own.index, own.to_dict("records"), strict=True)
    ]
    return pd.DataFrame(rows, columns=_TABLE)


def _boxes(own: pd.DataFrame, table: pd.DataFrame, rubric: Rubric) -> pd.DataFrame:
    """One row per domain × level: whether it is the middle, and whether it was agreed."""
    fills = colours_of(len(rubric.levels))
    boxes = table.assign(**{name: own[name].to_numpy() for name in (FIRST_LOW, FIRST_HIGH, AGREED)})
    boxes = boxes.assign(**{DOMAIN: list(own.index), _BESIDE: table[_TABLE[-1]].to_numpy()})
    boxes = boxes.merge(pd.DataFrame({_BOX: [level.position for level in rubric.levels]}), how="cross")
    ours = boxes[AGREED].eq(boxes[_BOX]).fillna(False).astype(bool)
    ends = boxes[FIRST_LOW].eq(boxes[_BOX]) | boxes[FIRST_HIGH].eq(boxes[_BOX])
    return boxes.drop(columns=[FIRST_LOW, FIRST_HIGH]).assign(
        **{
            LEVEL: boxes[AGREED].where(ours),
            _OURS: ours,
            _MIDDLE: ends.fillna(False).astype(bool),
            _INK: [text_on(fills[box - 1]) for box in boxes[_BOX]],
            _BOX: boxes[_BOX].astype("str"),
        }
    )


def _layers(boxes: pd.DataFrame, rubric: Rubric, domains: list[Domain], ink: Inks) -> list[alt.Chart]:
    """Only those with something to draw: an empty group of marks is read aloud as a picture without a name."""
    base = alt.Chart(inline(boxes)).encode(
        x=level_columns(_BOX, rubric.levels, {_BESIDE: "Agreed"}),
        y=domain_rows(domains),
        tooltip=tooltips({name: name for name in _TABLE}),
    )
    ours = base.transform_filter(f"datum.{_OURS}")
    agreed = [
        ours.mark_rect(cornerRadius=3, stroke=ink.outline, strokeWidth=1).encode(color=level_colour(rubric.levels)),
        ours.mark_text(fontSize=CELL_TEXT_SIZE + 2, fontWeight=600).encode(
            text=alt.Text(f"{LEVEL}:N"), color=ink_colour(_INK)
        ),
    ]
    middle = base.transform_filter(f"datum.{_MIDDLE}").mark_rect(
        filled=False, stroke=ink.text, strokeWidth=3, strokeDash=[7, 4], cornerRadius=3
    )
    beside = base.transform_filter(f"datum.{_BOX} == '1'").encode(x=alt.XDatum(_BESIDE))
    words = [
        beside.transform_filter(f"datum.{_BESIDE} != ''")
        .mark_text(fontSize=TEXT_SIZE)
        .encode(text=alt.Text(f"{_BESIDE}:N")),
    ]
    return [
        base.mark_rect(filled=False, stroke=ink.outline, strokeOpacity=0.5, cornerRadius=3),
        *(agreed if boxes[_OURS].any() else []),
        *([middle] if boxes[_MIDDLE].any() else []),
        *(words if boxes[_BESIDE].ne("").any() else []),
    ]
