"""Peers on bands: per domain one of three steps, for the share of the peers in the upper half of the levels."""

from typing import Any

import altair as alt
import pandas as pd

from progressions.charts.axes import domain_rows, domains_on_phone, tooltips
from progressions.charts.figure import Figure, Words, finished
from progressions.charts.gaps import told_across
from progressions.charts.labels import BLANK_LINE, day_label, in_upper_half, lookup
from progressions.charts.layers import inline
from progressions.charts.peers import Setting, n_words
from progressions.charts.theme import LINE_HEIGHT, ROW_HEIGHT, Inks, Mode, inks
from progressions.measures.columns import DOMAIN
from progressions.measures.disclosure import AS_OF, Band, upper_half
from progressions.measures.findings import DOMAINS, counted
from progressions.measures.peers import N_PEERS, UPPER_SHARE
from progressions.rubric import Rubric

BAND_WORDS = {
    Band.FEW.value: "fewer than a third",
    Band.MIDDLE.value: "a third to two thirds",
    Band.MOST.value: "more than two thirds",
}
_HEADS = {
    Band.FEW.value: ["fewer than", "a third"],
    Band.MIDDLE.value: ["a third to", "two thirds"],
    Band.MOST.value: ["more than", "two thirds"],
}
_NARROW_HEADS = {
    Band.FEW.value: [BLANK_LINE, "below 1/3"],
    Band.MIDDLE.value: [BLANK_LINE, "1/3 to 2/3"],
    Band.MOST.value: [BLANK_LINE, "over 2/3"],
}
_NAMED = 90
"""Pixels that a step needs for its words."""
_STEP, _STATE = "step", "state"


def peer_band_marks(
    domains: pd.DataFrame, bands: pd.DataFrame, rubric: Rubric, setting: Setting, mode: Mode = Mode.LIGHT
) -> Figure:
    """Every domain of the rubric in its order; a domain without a row says that it is not shown.

    In: ``peer_domains`` and ``peer_bands``. Nothing else comes in, so nothing else can be read out. ValueError for a
    rubric of fewer than four levels.
    """
    if upper_half(len(rubric.levels)) is None:
        raise ValueError("bands need four levels")
    upper = f"at {in_upper_half(rubric.levels)}"
    table = _table(domains, bands, rubric, setting, upper)
    words = Words(
        title=f"The {setting.peers} of {setting.who}: {rubric.title}, {upper}",
        finding=_finding(bands, upper),
        n=n_words(domains, setting),
    )
    layers = _layers(_steps(table, bands, rubric, upper), rubric, setting, inks(mode))
    return finished(layers, words, table, ROW_HEIGHT * len(table), mode, domains_on_phone(rubric.domains))


def _finding(bands: pd.DataFrame, upper: str) -> str:
    if bands.empty:
        return "Too few others have rated: nothing is shown yet"
    found = bands[UPPER_SHARE].value_counts()
    told = [f"{words} of the peers in {found[kind]}" for kind, words in reversed(BAND_WORDS.items()) if kind in found]
    return f"Of {counted(len(bands), DOMAINS)}, {upper}: {', '.join(told)}"


def _table(domains: pd.DataFrame, bands: pd.DataFrame, rubric: Rubric, setting: Setting, upper: str) -> pd.DataFrame:
    """One row a domain of the rubric: the share in words, how many peers, as of when."""
    shares = dict(zip(bands[DOMAIN], bands[UPPER_SHARE], strict=True))
    sizes = domains.set_index(DOMAIN)
    rows = [
        (d.title, BAND_WORDS[shares[d.code]], int(sizes.loc[d.code, N_PEERS]), day_label(sizes.loc[d.code, AS_OF], {}))
        if d.code in shares
        else (d.title, setting.hidden, None, "")
        for d in rubric.domains
    ]
    return pd.DataFrame(rows, columns=["Domain", f"Peers {upper}", "Peers", "Peers as of"]).astype({"Peers": "Int64"})


def _steps(table: pd.DataFrame, bands: pd.DataFrame, rubric: Rubric, upper: str) -> pd.DataFrame:
    """One row per domain × step: ``state`` is here, other or hidden."""
    shares = dict(zip(bands[DOMAIN], bands[UPPER_SHARE], strict=True))
    rows = []
    for domain, told in zip(rubric.domains, table[f"Peers {upper}"], strict=True):
        share = shares.get(domain.code, "")
        for step in BAND_WORDS:
            state = "hidden" if not share else "here" if step == share else "other"
            rows.append({DOMAIN: domain.code, "Domain": domain.title, "Share": told, _STEP: step, _STATE: state})
    return pd.DataFrame(rows)


def _layers(steps: pd.DataFrame, rubric: Rubric, setting: Setting, ink: Inks) -> list[alt.Chart]:
    """Only those with something to draw: an empty group of marks is read aloud as a picture without a name."""
    base = alt.Chart(inline(steps)).encode(
        x=_columns(),
        y=domain_rows(rubric.domains),
        tooltip=tooltips({"Domain": "Domain", "Share": "Share of the peers"}),
    )
    here = base.transform_filter(f"datum.{_STATE} == 'here'")
    hidden = base.transform_filter(f"datum.{_STATE} == 'hidden' && datum.{_STEP} == '{Band.FEW.value}'")
    box: dict[str, Any] = {"filled": False, "stroke": ink.outline, "strokeOpacity": 0.6, "cornerRadius": 4}
    drawn = {
        "other": [base.transform_filter(f"datum.{_STATE} == 'other'").mark_rect(**box)],
        "here": [here.mark_rect(color=ink.accent, stroke=ink.outline, cornerRadius=4)],
        "hidden": told_across(hidden, _columns(), setting.hidden, ink),
    }
    states = set(steps[_STATE])
    return [layer for state, layers in drawn.items() if state in states for layer in layers]


def _columns() -> alt.X:
    narrow = f"width / {len(BAND_WORDS)} < {_NAMED}"
    return alt.X(
        f"{_STEP}:N",
        title=None,
        scale=alt.Scale(type="band", domain=list(BAND_WORDS), paddingInner=0.04, paddingOuter=0),
        axis=alt.Axis(
            orient="top",
            labelAngle=0,
            labelExpr=f"{narrow} ? {lookup(_NARROW_HEADS)} : {lookup(_HEADS)}",
            labelPadding=8 + LINE_HEIGHT,
        ),
    )
