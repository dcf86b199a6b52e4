"""A partnership beside its peers: per domain a strip of squares a level, one a peer, its own level outlined."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

import altair as alt
import pandas as pd

from progressions.charts.axes import domain_rows, domains_on_phone, level_colour, level_columns, tooltips
from progressions.charts.figure import Figure, Words, finished
from progressions.charts.gaps import told_across
from progressions.charts.labels import day_label, level_name, some_names
from progressions.charts.layers import inline
from progressions.charts.theme import LINE_HEIGHT, NOT_RATED, TEXT_SIZE, Inks, Mode, inks
from progressions.measures.columns import COUNT, DOMAIN, LEFT_OUT, LEVEL
from progressions.measures.disclosure import AS_OF
from progressions.measures.findings import DOMAINS, RATINGS, beside_sentence, counted
from progressions.measures.peers import HIGHER, LOWER, N_PEERS, OTHER_WORDING, SAME
from progressions.ratings import at_convening
from progressions.rubric import Rubric

MOST_SQUARES = 30
"""Peers up to which each is drawn; more are a bar."""
_PITCH = 17
_EDGE = 6
_BESIDE, _WAYS = "beside", "ways"
"""The column after the levels, which says how the peers stand beside one's own level."""
_ROOMY = 84
"""Pixels of a column with room for "871 higher" in the size of other texts; else it is smaller."""
_SMALL, _SMALL_LINE = 12, 14
_MOST_LINES = 3
_SLOTS = 5
_BOX, _KIND, _SLOT, _LINE, _OURS, _NAME, _SHARE = "box", "kind", "slot", "line", "ours", "name", "share"
_CELL, _PEER, _BAR, _HIDDEN = "cell", "peer", "bar", "hidden"
OTHER_WORDS = "rated on other wording"
"""Own level: there is one, but on another wording than the peers, so that the two may not be compared."""
JOIN_LATER = "later ratings join when at least five have come"
"""Said to those whose figure is a snapshot."""
_TOLD = {"Domain": "Domain", "Level": "Level", "Peers": "Peers", "Beside": "Beside own level"}
_TOLD_OF_ROW = {"Domain": "Domain", "Beside": "Beside own level"}
"""Of what stands for a whole domain: none of its levels."""
Names = Mapping[tuple[str, int], tuple[str, ...]]
"""Titles of the peers at a level, by code of the domain and the level."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a figure of peers is of, in words.

    ``who`` is the partnership's title, ``at`` the convening's label. ``least`` is how many others are needed, 0 for
    staff. ``is_live`` is true for those who see names: their figure is no snapshot. ``whose`` is the title of a peer
    set, "" for all peers.
    """

    who: str
    at: str
    least: int
    is_live: bool = False
    whose: str = ""

    @property
    def peers(self) -> str:
        """Whom it is of: "peers" or "peers in “Large urban”"."""
        return f"peers in “{self.whose}”" if self.whose else "peers"

    @property
    def hidden(self) -> str:
        """What stands in a row without peers."""
        if self.least < 2:
            return "no other partnership rated"
        if self.whose:
            return f"fewer than {self.least} others in the set or beside it"
        return f"fewer than {self.least} others"

    @property
    def later(self) -> str:
        """What a snapshot leaves out, for those who see one, to follow what is in it."""
        return "" if self.is_live else f"; {JOIN_LATER}"


def peer_strips(
    domains: pd.DataFrame,
    levels: pd.DataFrame,
    own: pd.DataFrame,
    rubric: Rubric,
    setting: Setting,
    names: Names | None = None,
    mode: Mode = Mode.LIGHT,
) -> Figure:
    """Every domain of the rubric in its order; a domain without a row in ``domains`` says that it is not shown.

    In: ``peer_domains``, ``peer_levels``, ``beside_own``. ``names`` only where they may be read.
    """
    table = _table(domains, levels, own, rubric, setting, names)
    words = Words(
        title=f"{setting.who} beside its {setting.peers}: {rubric.title}",
        finding=_finding(own),
        n=n_words(domains, setting) + (f". Outlined: {setting.who}" if own[LEVEL].notna().any() else ""),
    )
    marks = _Marks.of(levels)
    rows = _rows(levels, own, rubric, table, marks, names)
    layers, tall = _layers(rows, rubric, marks, setting, inks(mode)), domains_on_phone(rubric.domains, marks.height)
    return finished(layers, words, table, marks.height * len(table), mode, tall)


def n_words(domains: pd.DataFrame, setting: Setting) -> str:
    """How many peers, at which convening, as of when; and what is not counted."""
    if domains.empty:
        return f"No peers are shown {at_convening(setting.at)}: {setting.hidden}"
    few, many = int(domains[N_PEERS].min()), int(domains[N_PEERS].max())
    peers = counted(many, ("peer", "peers")) if few == many else f"{few} to {many} peers, by domain,"
    older = int(domains[LEFT_OUT].sum())
    told = f"{peers} {at_convening(setting.at)}" + (
        f"; {counted(older, RATINGS)} on older wording not counted" if older else ""
    )
    return told if setting.is_live else f"{told}; {_as_of(domains)}"


def _as_of(domains: pd.DataFrame) -> str:
    first, last = (day_label(day, {}) for day in (domains[AS_OF].min(), domains[AS_OF].max()))
    when = first if first == last else f"{first} to {last}, by domain"
    return f"as of {when}: {JOIN_LATER}"


def beside_words(own: Mapping[Any, Any]) -> str:
    """For example "3 lower, 5 the same, 2 higher"; else why not, "" where nothing is rated. In: of ``beside_own``."""
    if own[OTHER_WORDING]:
        return OTHER_WORDS
    return "" if pd.isna(own[LEVEL]) else beside_sentence(own[LOWER], own[SAME], own[HIGHER])


def _ways(own: Mapping[Any, Any] | None) -> str:
    """The same in the lines of a narrow column, with what is not rated; "" where no peers are shown."""
    if own is None or own[OTHER_WORDING]:
        return "other\nwording" if own is not None else ""
    return (
        "not rated\nhere"
        if pd.isna(own[LEVEL])
        else f"{own[LOWER]:,} lower\n{own[SAME]:,} same\n{own[HIGHER]:,} higher"
    )


def _finding(own: pd.DataFrame) -> str:
    """In how many domains more peers stand higher than lower: counts of domains, never a place among the peers."""
    if own.empty:
        return "Too few others have rated: nothing is shown yet"
    rated, apart = own[own[LEVEL].notna()], int(own[OTHER_WORDING].sum())
    if rated.empty:
        why = f" on the same wording, {apart} on other wording" if apart else ""
        return f"Peers are shown in {counted(len(own), DOMAINS)}; none of these is rated here{why}"
    higher, lower = int((rated[HIGHER] > rated[LOWER]).sum()), int((rated[HIGHER] < rated[LOWER]).sum())
    even = len(rated) - higher - lower
    told = f"more peers stand higher in {higher}, more stand lower in {lower}, as many either way in {even}"
    are = "is" if len(rated) == 1 else "are"
    return f"Of {counted(len(rated), DOMAINS)} that {are} rated here and by peers: {told}" + (
        f"; {apart} {OTHER_WORDS}" if apart else ""
    )


def _table(
    domains: pd.DataFrame,
    levels: pd.DataFrame,
    own: pd.DataFrame,
    rubric: Rubric,
    setting: Setting,
    names: Names | None,
) -> pd.DataFrame:
    """One row a domain of the rubric: counts (and names) per level, how many peers, one's own level, the sentence."""
    counts = {(row[DOMAIN], row[LEVEL]): int(row[COUNT]) for row in levels.to_dict("records")}
    mine, sizes = own.set_index(DOMAIN).to_dict("index"), domains.set_index(DOMAIN)
    rows = []
    for domain in rubric.domains:
        code, is_shown = domain.code, domain.code in sizes.index
        places = [(code, step.position) for step in rubric.levels]
        cells = [counts.get(at) if names is None else _named(counts.get(at), names.get(at, ())) for at in places]
        if not is_shown:
            rows.append((domain.title, *cells, None, "", setting.hidden, ""))
            continue
        level, told = own_level(mine[code], rubric), beside_words(mine[code])
        as_of = day_label(sizes.loc[code, AS_OF], {})
        rows.append((domain.title, *cells, int(sizes.loc[code, N_PEERS]), level, told, as_of))
    heads = ["Domain", *(s.label for s in rubric.levels), "Peers", "Own level", "Beside own level", "Peers as of"]
    kinds = dict.fromkeys(heads[1:-3], "Int64") if names is None else {"Peers": "Int64"}
    return pd.DataFrame(rows, columns=heads).astype(kinds)


def own_level(own: Mapping[Any, Any], rubric: Rubric) -> str:
    """The own level as tables name it. In: a row of ``beside_own`` or ``own_on_bands``."""
    if own[OTHER_WORDING]:
        return OTHER_WORDS
    return level_name(rubric, None if pd.isna(own[LEVEL]) else int(own[LEVEL]))


def _named(count: int | None, names: tuple[str, ...]) -> str | None:
    """Text in every cell: a column that holds numbers too cannot be shown."""
    return None if count is None else f"{count}: {'; '.join(names)}" if names else str(count)


@dataclass(frozen=True, slots=True)
class _Marks:
    """How the peers of a cell are arranged: lines of squares under their number, or one bar."""

    lines: int
    slots: int
    bars: bool

    @classmethod
    def of(cls, levels: pd.DataFrame) -> "_Marks":
        most = int(levels[COUNT].max()) if len(levels) else 0
        peers = int(levels.groupby(DOMAIN)[COUNT].sum().max()) if len(levels) else 0
        if peers > MOST_SQUARES:
            return cls(1, 1, bars=True)
        lines = min(_MOST_LINES, max(1, ceil(most / _SLOTS)))
        return cls(lines, max(_SLOTS, ceil(most / lines)), bars=False)

    @property
    def height(self) -> int:
        """Pixels of a domain's row: at least those of the three lines that say how the peers stand."""
        return max(3 * LINE_HEIGHT + 8, round(((self.lines + 1) * _PITCH + _EDGE) / 0.84))

    def down(self, line: int) -> float:
        """Pixels from the middle of a row to a line of a cell: 0 is the number, the squares begin at 1."""
        return (line - self.lines / 2) * _PITCH


def _rows(
    levels: pd.DataFrame, own: pd.DataFrame, rubric: Rubric, table: pd.DataFrame, marks: _Marks, names: Names | None
) -> pd.DataFrame:
    """One row a cell (domain × level), one a peer or a bar in it, one for each domain that is not shown."""
    counts = {(row[DOMAIN], int(row[LEVEL])): int(row[COUNT]) for row in levels.to_dict("records")}
    beside_us = {row[DOMAIN]: row for row in own.to_dict("records")}
    mine = {code: row[LEVEL] for code, row in beside_us.items() if pd.notna(row[LEVEL])}
    rows: list[dict[str, Any]] = []
    for domain, beside in zip(rubric.domains, table["Beside own level"], strict=True):
        for step in rubric.levels:
            count = counts.get((domain.code, step.position))
            whole = sum(counts.get((domain.code, other.position), 0) for other in rubric.levels)
            cell = {
                DOMAIN: domain.code,
                "Domain": domain.title,
                _BOX: str(step.position),
                LEVEL: step.position,
                "Level": step.label,
                COUNT: count,
                "Peers": None if count is None else f"{count} of {whole}",
                "Beside": beside or NOT_RATED,
                _OURS: bool(mine.get(domain.code) == step.position),
                _SHARE: count / whole if count else 0.0,
                _NAME: "",
                _WAYS: _ways(beside_us.get(domain.code)),
            }
            kind = _HIDDEN if count is None else _CELL
            rows.append({**cell, _KIND: kind, _SLOT: 0, _LINE: 0})
            rows += _peers(cell, count or 0, marks, (names or {}).get((domain.code, step.position), ()))
    return pd.DataFrame(rows)


def _peers(cell: dict[str, Any], count: int, marks: _Marks, names: tuple[str, ...]) -> list[dict[str, Any]]:
    if marks.bars:
        return [{**cell, _KIND: _BAR, _SLOT: 0, _LINE: 0, _NAME: some_names(names)}] if count else []
    return [
        {
            **cell,
            _KIND: _PEER,
            _SLOT: number % marks.slots,
            _LINE: number // marks.slots,
            _NAME: names[number] if names else "",
        }
        for number in range(count)
    ]


def _layers(rows: pd.DataFrame, rubric: Rubric, marks: _Marks, setting: Setting, ink: Inks) -> list[alt.Chart]:
    """Only those with something to draw: an empty group of marks is read aloud as a picture without a name."""
    is_named, is_told = bool(rows[_NAME].ne("").any()), bool(rows[_WAYS].ne("").any())
    columns = _Columns(rubric, {_BESIDE: "peers"} if is_told else {})
    base = alt.Chart(inline(rows)).encode(
        x=columns.across(_BOX),
        y=domain_rows(rubric.domains, row=marks.height),
        tooltip=tooltips({**_TOLD, **({_NAME: "Partnership"} if is_named else {})}),
    )
    kinds = set(rows[_KIND])
    drawn = {_CELL: _cells, _PEER: _squares, _BAR: _bars, _HIDDEN: _hidden}
    layers = [
        layer for kind, make in drawn.items() if kind in kinds for layer in make(base, columns, marks, setting, ink)
    ]
    if (rows[_OURS] & rows[_KIND].eq(_CELL)).any():
        own = base.transform_filter(f"datum.{_OURS} && datum.{_KIND} == '{_CELL}'")
        layers.append(own.mark_rect(filled=False, stroke=ink.text, strokeWidth=3, cornerRadius=4))
    return layers + (_beside(base, columns, ink) if is_told else [])


@dataclass(frozen=True, slots=True)
class _Columns:
    """A column a level, and where the peers stand beside an own level the one that says so."""

    rubric: Rubric
    extra: Mapping[str, str]

    def across(self, field: str) -> alt.X:
        """The columns as an axis."""
        return level_columns(field, self.rubric.levels, self.extra)

    @property
    def width(self) -> str:
        """The pixels of a cell."""
        return f"(width / {len(self.rubric.levels) + len(self.extra)} * 0.96)"


def _beside(base: alt.Chart, columns: _Columns, ink: Inks) -> list[alt.Chart]:
    """How the peers stand beside one's own level: three lines a domain, at every width."""
    rows = base.transform_filter(f"datum.{_WAYS} != '' && datum.{_KIND} == '{_CELL}' && datum.{_BOX} == '1'")
    is_roomy = f"{columns.width} >= {_ROOMY}"
    line = f"({is_roomy} ? {LINE_HEIGHT} : {_SMALL_LINE})"
    words = rows.transform_calculate(**{_BESIDE: f"'{_BESIDE}'"}).mark_text(
        fontSize=alt.ExprRef(f"{is_roomy} ? {TEXT_SIZE} : {_SMALL}"),
        color=ink.text,
        lineBreak="\n",
        lineHeight=alt.ExprRef(line),
        dy=alt.ExprRef(f"(1 - length(split(datum.{_WAYS}, '\\n'))) * {line} / 2"),
    )
    return [words.encode(x=columns.across(_BESIDE), text=alt.Text(f"{_WAYS}:N"), tooltip=tooltips(_TOLD_OF_ROW))]


def _cells(base: alt.Chart, columns: _Columns, marks: _Marks, _setting: Setting, ink: Inks) -> list[alt.Chart]:
    cells = base.transform_filter(f"datum.{_KIND} == '{_CELL}'")
    number = cells.transform_filter(f"datum.{COUNT} > 0")
    text = number.mark_text(
        fontSize=TEXT_SIZE,
        fontWeight=600,
        color=ink.text,
        align="left",
        xOffset=alt.ExprRef(f"{_EDGE} - {columns.width} / 2"),
        yOffset=marks.down(0),
    )
    return [
        cells.mark_rect(filled=False, stroke=ink.outline, strokeOpacity=0.5, cornerRadius=4),
        text.encode(text=alt.Text(f"{COUNT}:Q")),
    ]


def _squares(base: alt.Chart, columns: _Columns, marks: _Marks, _setting: Setting, ink: Inks) -> list[alt.Chart]:
    """Squares by pixels from the left edge of their cell: as large as there is room, and no larger."""
    peers = base.transform_filter(f"datum.{_KIND} == '{_PEER}'")
    pitch = f"min({_PITCH}, ({columns.width} - {2 * _EDGE}) / {marks.slots})"
    squares = peers.mark_square(
        size=alt.ExprRef(f"pow({pitch} - 2, 2)"),
        xOffset=alt.ExprRef(f"{_EDGE} - {columns.width} / 2 + (datum.{_SLOT} + 0.5) * {pitch}"),
        yOffset=alt.ExprRef(f"{marks.down(1)} + datum.{_LINE} * {_PITCH}"),
        opacity=1,
        stroke=ink.outline,
        strokeWidth=0.75,
    )
    return [squares.encode(color=level_colour(columns.rubric.levels))]


def _bars(base: alt.Chart, columns: _Columns, marks: _Marks, _setting: Setting, ink: Inks) -> list[alt.Chart]:
    bars = base.transform_filter(f"datum.{_KIND} == '{_BAR}'")
    room = f"({columns.width} - {2 * _EDGE})"
    bar = bars.mark_rect(
        width=alt.ExprRef(f"{room} * datum.{_SHARE}"),
        height=_PITCH - 2,
        xOffset=alt.ExprRef(f"-{room} * (1 - datum.{_SHARE}) / 2"),
        yOffset=marks.down(1),
        stroke=ink.outline,
        strokeWidth=1,
    )
    return [bar.encode(color=level_colour(columns.rubric.levels))]


def _hidden(base: alt.Chart, columns: _Columns, _marks: _Marks, setting: Setting, ink: Inks) -> list[alt.Chart]:
    """With the legend of the levels: there may be nothing else, and merged with that of the squares it stands once."""
    rows = base.transform_filter(f"datum.{_KIND} == '{_HIDDEN}' && datum.{_BOX} == '1'")
    rows = rows.encode(tooltip=tooltips(_TOLD_OF_ROW))
    return told_across(rows, columns.across(_BOX), setting.hidden, ink, level_colour(columns.rubric.levels))
