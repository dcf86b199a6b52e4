"""Peers on bands: per domain one of three steps, for the share of the peers in the upper half of the levels.

The own level stands beside the steps, in a column of its own: it is no share, and counts in none.
"""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from progressions.charts.axes import domain_rows, domains_on_phone, ink_colour, level_colour, tooltips
from progressions.charts.colours import text_on
from progressions.charts.figure import Figure, Words, finished
from progressions.charts.gaps import told_across
from progressions.charts.labels import BLANK_LINE, day_label, in_upper_half, lookup
from progressions.charts.layers import inline
from progressions.charts.peers import OTHER_WORDS, Setting, n_words, own_level
from progressions.charts.theme import (
    CELL_TEXT_SIZE,
    LINE_HEIGHT,
    ROW_HEIGHT,
    TEXT_SIZE,
    Inks,
    Mode,
    colours_of,
    inks,
)
from progressions.measures.columns import DOMAIN, LEVEL, LEVEL_OR_GAP
from progressions.measures.disclosure import AS_OF, Band, upper_half
from progressions.measures.findings import DOMAINS, counted
from progressions.measures.peers import N_PEERS, OTHER_WORDING, UPPER_SHARE
from progressions.rubric import Rubric

BAND_WORDS = {
    Band.FEW.value: "fewer than a third",
    Band.MIDDLE.value: "a third to two thirds",
    Band.MOST.value: "more than two thirds",
}
SHARE_COLOUR = "#7a6a58"
"""Of the step that is so, in every mode: no blue, because own levels stand beside it."""
OWN = "own"
"""The place of one's own level beside the steps."""
OWN_LEVEL = "Own level"
_HEADS = {
    Band.FEW.value: ["fewer than", "a third"],
    Band.MIDDLE.value: ["a third to", "two thirds"],
    Band.MOST.value: ["more than", "two thirds"],
    OWN: ["own", "level"],
}
_NARROW_HEADS = {
    Band.FEW.value: [BLANK_LINE, "below 1/3"],
    Band.MIDDLE.value: [BLANK_LINE, "1/3 to 2/3"],
    Band.MOST.value: [BLANK_LINE, "over 2/3"],
    OWN: ["own", "level"],
}
_NAMED = 90
"""Pixels that a step needs for its words."""
_STEP, _STATE, _SHARE, _INK, _NONE = "step", "state", "Share", "ink", "none"
_APART = "apart"
"""No own level that may stand beside the peers; ``_NONE`` says why."""
_FIELDS = [DOMAIN, "Domain", _SHARE, _STEP, _STATE, LEVEL, OWN_LEVEL, _INK, _NONE]


def peer_band_marks(
    domains: pd.DataFrame,
    bands: pd.DataFrame,
    own: pd.DataFrame,
    rubric: Rubric,
    setting: Setting,
    mode: Mode = Mode.LIGHT,
) -> Figure:
    """Every domain of the rubric in its order; a domain without a row says that it is not shown.

    In: ``peer_domains``, ``peer_bands`` and ``own_on_bands``. Nothing else comes in, so nothing else can be read out.
    ValueError for a rubric of fewer than four levels.
    """
    if upper_half(len(rubric.levels)) is None:
        raise ValueError("bands need four levels")
    upper = f"at {in_upper_half(rubric.levels)}"
    mine = {row[DOMAIN]: row for row in own.to_dict("records")}
    table = _table(domains, bands, mine, rubric, setting, upper)
    words = Words(
        title=f"{setting.who} beside its {setting.peers}: {rubric.title}, {upper}",
        finding=_finding(bands, upper) + _own_finding(own, rubric, setting),
        n=n_words(domains, setting) + (f". Own level: {setting.who}" if mine else ""),
    )
    layers = _layers(_steps(table, bands, mine, rubric, upper), rubric, setting, inks(mode))
    return finished(layers, words, table, ROW_HEIGHT * len(table), mode, domains_on_phone(rubric.domains))


def _finding(bands: pd.DataFrame, upper: str) -> str:
    if bands.empty:
        return "Too few others have rated: nothing is shown yet"
    found = bands[UPPER_SHARE].value_counts()
    told = [f"{words} of the peers in {found[kind]}" for kind, words in reversed(BAND_WORDS.items()) if kind in found]
    return f"Of {counted(len(bands), DOMAINS)}, {upper}: {', '.join(told)}"


def _own_finding(own: pd.DataFrame, rubric: Rubric, setting: Setting) -> str:
    """In how many domains the partnership itself stands in the upper half: of its own levels alone."""
    if own.empty:
        return ""
    rated, apart = own.loc[own[LEVEL].notna(), LEVEL], int(own[OTHER_WORDING].sum())
    upper = int((rated >= upper_half(len(rubric.levels))).sum())
    told = f"{setting.who} in {upper} of {len(rated)} rated here" if len(rated) else "none of these is rated here"
    return f"; {told}" + (f" on the same wording, {apart} on other wording" if apart else "")


def _table(
    domains: pd.DataFrame,
    bands: pd.DataFrame,
    mine: Mapping[str, Mapping[Any, Any]],
    rubric: Rubric,
    setting: Setting,
    upper: str,
) -> pd.DataFrame:
    """One row a domain of the rubric: the share in words, how many peers, one's own level, as of when."""
    shares = dict(zip(bands[DOMAIN], bands[UPPER_SHARE], strict=True))
    sizes = domains.set_index(DOMAIN)
    rows = [
        (
            d.title,
            BAND_WORDS[shares[d.code]],
            int(sizes.loc[d.code, N_PEERS]),
            own_level(mine[d.code], rubric),
            day_label(sizes.loc[d.code, AS_OF], {}),
        )
        if d.code in shares
        else (d.title, setting.hidden, None, "", "")
        for d in rubric.domains
    ]
    heads = ["Domain", f"Peers {upper}", "Peers", OWN_LEVEL, "Peers as of"]
    return pd.DataFrame(rows, columns=heads).astype({"Peers": "Int64"})


def _steps(
    table: pd.DataFrame, bands: pd.DataFrame, mine: Mapping[str, Mapping[Any, Any]], rubric: Rubric, upper: str
) -> pd.DataFrame:
    """One row per domain × step: ``state`` is here, other or hidden; and one for each own level beside the steps."""
    shares = dict(zip(bands[DOMAIN], bands[UPPER_SHARE], strict=True))
    rows: list[dict[str, Any]] = []
    for domain, told, level in zip(rubric.domains, table[f"Peers {upper}"], table[OWN_LEVEL], strict=True):
        of, share = {DOMAIN: domain.code, "Domain": domain.title}, shares.get(domain.code, "")
        for step in BAND_WORDS:
            state = "hidden" if not share else "here" if step == share else "other"
            rows.append({**of, _SHARE: told, _STEP: step, _STATE: state})
        if domain.code in mine:
            rows.append({**of, _STEP: OWN, OWN_LEVEL: level, **_own(mine[domain.code], rubric, level)})
    return pd.DataFrame(rows).reindex(columns=_FIELDS).astype({LEVEL: LEVEL_OR_GAP})


def _own(row: Mapping[Any, Any], rubric: Rubric, level: str) -> dict[str, Any]:
    if pd.isna(row[LEVEL]):
        return {_STATE: _APART, _NONE: "other\nwording" if level == OTHER_WORDS else level.replace(" ", "\n")}
    return {_STATE: OWN, LEVEL: int(row[LEVEL]), _INK: ink_on(int(row[LEVEL]), rubric)}


def ink_on(level: int, rubric: Rubric) -> str:
    """What a number is written in on the fill of its level."""
    return text_on(colours_of(len(rubric.levels))[level - 1])


def own_cells(base: alt.Chart, rubric: Rubric, ink: Inks, size: int | alt.ExprRef, field: str) -> list[alt.Chart]:
    """An own level as it stands in every chart of levels: its fill, with its number in the ink that ``field`` names."""
    return [
        base.mark_rect(stroke=ink.outline, strokeWidth=1.5, cornerRadius=4).encode(color=level_colour(rubric.levels)),
        base.mark_text(fontSize=size, fontWeight=600).encode(text=alt.Text(f"{LEVEL}:N"), color=ink_colour(field)),
    ]


def _layers(steps: pd.DataFrame, rubric: Rubric, setting: Setting, ink: Inks) -> list[alt.Chart]:
    """Only those with something to draw: an empty group of marks is read aloud as a picture without a name."""
    columns = _columns([*BAND_WORDS, *([OWN] if steps[_STEP].eq(OWN).any() else [])])
    base = alt.Chart(inline(steps)).encode(
        x=columns,
        y=domain_rows(rubric.domains),
        tooltip=tooltips({"Domain": "Domain", _SHARE: "Share of the peers"}),
    )
    here = base.transform_filter(f"datum.{_STATE} == 'here'")
    hidden = base.transform_filter(f"datum.{_STATE} == 'hidden' && datum.{_STEP} == '{Band.FEW.value}'")
    mine = base.encode(tooltip=tooltips({"Domain": "Domain", OWN_LEVEL: OWN_LEVEL}))
    rated, apart = (mine.transform_filter(f"datum.{_STATE} == '{state}'") for state in (OWN, _APART))
    box: dict[str, Any] = {"filled": False, "stroke": ink.outline, "strokeOpacity": 0.6, "cornerRadius": 4}
    drawn = {
        "other": [base.transform_filter(f"datum.{_STATE} == 'other'").mark_rect(**box)],
        "here": [here.mark_rect(color=SHARE_COLOUR, stroke=ink.outline, cornerRadius=4)],
        "hidden": told_across(hidden, columns, setting.hidden, ink),
        OWN: own_cells(rated, rubric, ink, CELL_TEXT_SIZE + 2, _INK),
        _APART: [_why(apart, ink)],
    }
    states = set(steps[_STATE])
    return [layer for state, layers in drawn.items() if state in states for layer in layers]


def _why(rows: alt.Chart, ink: Inks) -> alt.Chart:
    """Two lines in the place of an own level."""
    words = rows.mark_text(
        fontSize=TEXT_SIZE, color=ink.quiet, lineBreak="\n", lineHeight=LINE_HEIGHT, dy=-LINE_HEIGHT / 2
    )
    drawn: alt.Chart = words.encode(text=alt.Text(f"{_NONE}:N"))
    return drawn


def _columns(keys: list[str]) -> alt.X:
    narrow = f"width / {len(keys)} < {_NAMED}"
    return alt.X(
        f"{_STEP}:N",
        title=None,
        scale=alt.Scale(type="band", domain=keys, paddingInner=0.04, paddingOuter=0),
        axis=alt.Axis(
            orient="top",
            labelAngle=0,
            labelExpr=f"{narrow} ? {lookup(_NARROW_HEADS)} : {lookup(_HEADS)}",
            labelPadding=8 + LINE_HEIGHT,
        ),
    )
