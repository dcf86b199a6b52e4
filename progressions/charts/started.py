"""Peers that started where a partnership started: per domain how many stood lower, the same and higher later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from progressions.charts.axes import rows_on_phone, titled_rows, tooltips
from progressions.charts.figure import Figure, Words, finished
from progressions.charts.labels import day_label, level_name, lookup, some_names
from progressions.charts.layers import inline
from progressions.charts.peers import Setting
from progressions.charts.theme import TEXT_SIZE, Inks, Mode, inks
from progressions.measures.columns import COUNT, DOMAIN
from progressions.measures.findings import DOMAINS, counted
from progressions.measures.started import Started
from progressions.ratings import at_convening
from progressions.rubric import Rubric

WAYS = {"lower": "lower", "same": "the same", "higher": "higher"}
_ROW = 56
_WAY, _LATER, _SHARE, _SAID, _NAMES = "way", "later", "share", "said", "names"
_EDGE = 6
_BAR = 16


@dataclass(frozen=True, slots=True)
class Group:
    """The peers that stood where a partnership stood in one domain; ``names`` by way, where they may be read.

    ``now`` is the later convening of the two, which need not be the last one: after new words it lies before them.
    ``missing`` more stood there and are not counted at it. ``wording`` is the one on which they are compared.
    """

    domain: str
    then: date
    now: date
    started: Started
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    missing: int = 0
    wording: int = 0

    @property
    def stood(self) -> int:
        """How many stood there then."""
        return self.started.peers + self.missing


def started_sentence(group: Group, rubric: Rubric, labels: Mapping[date, str]) -> str:
    """For example "Of 6 peers that stood at 2 Small change … in Jan 2025, 4 stood higher in Fall 2026, 2 the same"."""
    found = group.started
    (number, way), *more = [(n, way) for way in reversed(WAYS) if (n := _count(group, way))]
    stood = f"stood at {level_name(rubric, found.level)} {at_convening(day_label(group.then, labels))}"
    peers = counted(group.stood, ("peer", "peers"))
    where = f"{number:,} still stood there" if way == "same" else f"{number:,} stood {WAYS[way]}"
    others = "".join(f", {n:,} {WAYS[each]}" for n, each in more)
    later = at_convening(day_label(group.now, labels))
    if group.missing:
        return f"{found.peers:,} of {peers} that {stood} rated {later}: {where}{others}"
    return f"Of {peers} that {stood}, {where} {later}{others}"


def started_figure(
    groups: Sequence[Group], rubric: Rubric, labels: Mapping[date, str], setting: Setting, mode: Mode = Mode.LIGHT
) -> Figure:
    """A row for each domain of which a group is told; the others are counted in the words under the chart."""
    words = Words(
        title=f"Peers that started where {setting.who} started: {rubric.title}",
        finding=_finding(groups, labels, setting),
        n=_n_words(groups, rubric),
    )
    layers = _layers(_rows(groups, rubric, labels), groups, rubric, inks(mode))
    table, titles = _table(groups, rubric, labels), [rubric.domain(group.domain).title for group in groups] or [""]
    return finished(layers, words, table, _ROW * len(titles), mode, rows_on_phone(titles, _ROW))


def _finding(groups: Sequence[Group], labels: Mapping[date, str], setting: Setting) -> str:
    """In how many domains most of the group had moved up, and by when: counts of domains, never of places."""
    if not groups:
        return f"Nothing is shown: {_why_nothing(setting)}"
    up = sum(2 * each.started.higher > each.started.peers for each in groups)
    still = sum(2 * each.started.same > each.started.peers for each in groups)
    of = counted(len(groups), DOMAINS)
    told = f"{_when(groups, labels)}, {_most(groups)}"
    if still and not up:
        return f"{told} still stood there in {still} of {of}"
    return f"{told} stood higher in {up} of {of}" + (f", still there in {still}" if still else "")


def _when(groups: Sequence[Group], labels: Mapping[date, str]) -> str:
    """The later convening, where all groups have the same."""
    days = {group.now for group in groups}
    told = at_convening(day_label(days.pop(), labels)) if len(days) == 1 else "at the later convening of each"
    return f"{told[0].upper()}{told[1:]}"


def _why_nothing(setting: Setting) -> str:
    if setting.least < 2:
        return "no peer that stood at the same level has rated again since"
    differing = "" if setting.is_live else ", or the peers counted at the two convenings differ by a few"
    return f"the groups are too small{differing}"


def _most(groups: Sequence[Group]) -> str:
    """Most of a group: of one there is no half."""
    ones = sum(each.started.peers == 1 for each in groups)
    if ones == len(groups):
        return "the one peer of the group"
    return f"more than half of the group{' (or its one peer)' if ones else ''}"


def _n_words(groups: Sequence[Group], rubric: Rubric) -> str:
    sizes = [each.started.peers for each in groups]
    hidden = len(rubric.domains) - len(groups)
    apart = f"; {counted(hidden, DOMAINS)} not shown" if hidden else ""
    if not sizes:
        return f"No group is shown{apart}"
    left = [each.missing for each in groups]
    by_domain = ", by domain" if min(left) < max(left) else ""
    not_then = (
        f"; of those that stood there, {_range(left)} not rated at the later convening{by_domain}" if any(left) else ""
    )
    return f"Groups of {_range(sizes)} {'peer' if max(sizes) == 1 else 'peers'}{not_then}{apart}"


def _range(numbers: Sequence[int]) -> str:
    """The fewest and the most of the groups, never their sum: one peer may stand in several."""
    few, many = min(numbers), max(numbers)
    return f"{many:,}" if few == many else f"{few:,} to {many:,}"


def _count(group: Group, way: str) -> int:
    return {"lower": group.started.lower, "same": group.started.same, "higher": group.started.higher}[way]


def _rows(groups: Sequence[Group], rubric: Rubric, labels: Mapping[date, str]) -> pd.DataFrame:
    rows = [
        {
            DOMAIN: group.domain,
            "Domain": rubric.domain(group.domain).title,
            "Started": f"{level_name(rubric, group.started.level)}, {day_label(group.then, labels)}",
            _WAY: way,
            _LATER: f"{words}, {day_label(group.now, labels)}",
            COUNT: _count(group, way),
            _SHARE: _count(group, way) / group.started.peers,
            _SAID: f"{_count(group, way)} of {group.started.peers}",
            _NAMES: some_names(group.names.get(way, ())),
        }
        for group in groups
        for way, words in WAYS.items()
    ]
    return pd.DataFrame(rows, columns=[DOMAIN, "Domain", "Started", _WAY, _LATER, COUNT, _SHARE, _SAID, _NAMES])


def _layers(rows: pd.DataFrame, groups: Sequence[Group], rubric: Rubric, ink: Inks) -> list[alt.Chart]:
    titles = {group.domain: rubric.domain(group.domain).title for group in groups}
    told = {"Domain": "Domain", "Started": "Stood at", _LATER: "Later", _SAID: "Peers"}
    is_named = bool(rows[_NAMES].ne("").any())
    base = alt.Chart(inline(rows)).encode(
        x=_columns(),
        y=titled_rows(DOMAIN, titles, over=_ROW),
        tooltip=tooltips({**told, **({_NAMES: "Partnerships"} if is_named else {})}),
    )
    if rows.empty:
        return [base.mark_point(opacity=0)]
    room, left = f"(width / {len(WAYS)} * 0.96 - {2 * _EDGE})", f"{_EDGE} - width / {len(WAYS)} * 0.48"
    bars = base.transform_filter(f"datum.{COUNT} > 0").mark_rect(
        width=alt.ExprRef(f"{room} * datum.{_SHARE}"),
        height=_BAR,
        xOffset=alt.ExprRef(f"-{room} * (1 - datum.{_SHARE}) / 2"),
        yOffset=10,
        color=ink.accent,
        stroke=ink.outline,
    )
    words: dict[str, Any] = {"fontSize": TEXT_SIZE, "fontWeight": 600, "color": ink.text, "align": "left"}
    return [
        base.mark_rect(filled=False, stroke=ink.outline, strokeOpacity=0.5, cornerRadius=4),
        bars,
        base.mark_text(**words, xOffset=alt.ExprRef(left), yOffset=-11).encode(text=alt.Text(f"{_SAID}:N")),
    ]


def _columns() -> alt.X:
    return alt.X(
        f"{_WAY}:N",
        title=None,
        scale=alt.Scale(domain=list(WAYS), paddingInner=0.04, paddingOuter=0),
        axis=alt.Axis(orient="top", labelAngle=0, labelExpr=lookup(WAYS)),
    )


def _table(groups: Sequence[Group], rubric: Rubric, labels: Mapping[date, str]) -> pd.DataFrame:
    rows = [
        (
            rubric.domain(group.domain).title,
            level_name(rubric, group.started.level),
            day_label(group.then, labels),
            day_label(group.now, labels),
            group.stood,
            group.started.peers,
            *(_count(group, way) for way in WAYS),
            "; ".join(f"{WAYS[way]}: {', '.join(names)}" for way, names in group.names.items() if names),
        )
        for group in groups
    ]
    heads = [
        "Domain",
        "Stood at",
        "Then",
        "Later",
        "Peers that stood there",
        "Of them rated later",
        "Lower",
        "The same",
        "Higher",
        "Which",
    ]
    table = pd.DataFrame(rows, columns=heads).astype(dict.fromkeys(heads[4:9], "int64"))
    told = {
        "Of them rated later": any(group.missing for group in groups),
        "Which": any(group.names for group in groups),
    }
    return table.drop(columns=[head for head, is_told in told.items() if not is_told])
