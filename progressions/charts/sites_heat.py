"""The network's heat table: partnership × domain at one convening, the level in each cell, a mark where it moved."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import altair as alt
import pandas as pd

from progressions.charts.axes import ink_colour, level_colour, rows_on_phone, titled_rows, tooltips
from progressions.charts.colours import text_on
from progressions.charts.figure import Figure, Words, finished
from progressions.charts.gaps import not_rated
from progressions.charts.heat import PICKED
from progressions.charts.labels import HERE, in_upper_half, level_name, not_shown_of, shown_levels, table_heads
from progressions.charts.layers import inline
from progressions.charts.site_axes import (
    Occasion,
    domain_columns,
    domain_numbers,
    moved_words,
    row_height,
)
from progressions.charts.theme import CELL_TEXT_SIZE, CUT_TOLD, NOT_RATED, TEXT_SIZE, Inks, Mode, colours_of, inks
from progressions.measures.chance import fitting_words
from progressions.measures.columns import DOMAIN, LEVEL, LEVEL_THEN, MOVEMENT, PARTNERSHIP
from progressions.measures.findings import (
    DOMAINS,
    PARTNERSHIPS,
    counted,
    movement_sentence,
    share_of,
    standing_sentence,
)
from progressions.measures.kinds import Movement
from progressions.measures.movement import movement_counts
from progressions.ratings import at_convening
from progressions.rubric import Rubric, upper_half_from

MOST_CELLS = 100
"""Sites whose cells are drawn: more are counted by ``domain_spread``, and each is drawn when it is looked for."""
EVERY = 15
"""Rows after which the numbers of the domains stand once more: their heads have scrolled out of sight by then."""
HEADS = "heads "
"""Begins the keys of rows that are no site's."""
_INK, _NAME, _TITLE, _SITE, _BEFORE, _NUMBER = "ink", "name", "title", "site", "before", "number"
_WORDS = {
    Movement.UP.value: "up from",
    Movement.DOWN.value: "down from",
    Movement.NOT_COMPARABLE.value: "new wording since",
}


def sites_heat(
    sites: pd.DataFrame,
    rubric: Rubric,
    titles: Mapping[str, str],
    at: Occasion,
    *,
    domain: str = "",
    is_one: bool = False,
    mode: Mode = Mode.LIGHT,
) -> Figure:
    """One row a site in the order of ``titles`` (code to title), one column a domain of the rubric.

    In: ``site_levels``. A site or a domain that is not rated has a dashed cell. ``domain`` is the one whose levels the
    rows are sorted by, and which the finding is about then. ``is_one``: the only site is told of as itself, by its
    title and its domains, and not as a network of one. The selection ``PICKED`` is the partnership and the domain of
    the cell that was clicked.
    """
    kept = sites[sites[PARTNERSHIP].isin(list(titles)) & sites[DOMAIN].isin([d.code for d in rubric.domains])]
    known, _ = shown_levels(kept, rubric)
    rows = _cells(known, rubric, titles)
    left_out = not_shown_of(sites[sites[PARTNERSHIP].isin(list(titles))], rubric, of=HERE)
    words = _of_one(known, rubric, titles, at) if is_one else _of_sites(known, rubric, titles, at, domain)
    words = replace(words, n=f"{words.n}{_marks(known, at)}. Domains: {domain_numbers(rubric)}{left_out}")
    shown, row = {key: titles.get(key, "") for key in with_heads(list(titles))}, row_height(titles)
    layers, table = _layers(rows, rubric, shown, inks(mode)), _twin(rows, rubric, titles, at)
    return finished(layers, words, table, row * len(shown), mode, rows_on_phone(list(shown.values()), row))


def with_heads(codes: Sequence[str]) -> list[str]:
    """The codes with a row for the domains' numbers after every ``EVERY``, but not at the end."""
    keys: list[str] = []
    for place, code in enumerate(codes):
        if place and place % EVERY == 0:
            keys.append(f"{HEADS}{place}")
        keys.append(code)
    return keys


def _of_sites(sites: pd.DataFrame, rubric: Rubric, titles: Mapping[str, str], at: Occasion, domain: str) -> Words:
    rated = sites.loc[sites[LEVEL].notna(), PARTNERSHIP].nunique()
    return Words(
        title=f"{rubric.title}, site by site: {at.now}",
        finding=_finding(sites, rubric, at, domain),
        n=f"{rated} of {counted(len(titles), PARTNERSHIPS)} rated {at_convening(at.now)}",
    )


def _of_one(sites: pd.DataFrame, rubric: Rubric, titles: Mapping[str, str], at: Occasion) -> Words:
    """Of one site, whose domains are counted: a share of the network it is not, and chance is over partnerships."""
    per_level = {level.label: int(sites[LEVEL].eq(level.position).sum()) for level in rubric.levels}
    rated, domains = sum(per_level.values()), len(rubric.domains)
    now = standing_sentence(per_level, domains - rated) if rated else f"Not rated {at_convening(at.now)}"
    return Words(
        title=f"{', '.join(titles.values())}: {rubric.title}, {at.now}",
        finding=movement_sentence(movement_counts(sites), at.then) if at.then else now,
        n=f"{rated} of {counted(domains, DOMAINS)} rated {at_convening(at.now)}",
    )


def _finding(sites: pd.DataFrame, rubric: Rubric, at: Occasion, domain: str) -> str:
    if domain:
        of_it = sites[sites[DOMAIN] == domain]
        told = upper_share(of_it, rubric) if of_it[LEVEL].notna().any() else f"rated by nobody {at_convening(at.now)}"
        return f"{rubric.domain(domain).title}: {told}"
    if not at.then:
        return f"At {in_upper_half(rubric.levels)}: {share_of(*_upper(sites, rubric))}"
    return moved_words(sites, at.then)


def upper_share(sites: pd.DataFrame, rubric: Rubric) -> str:
    """How many sites are in the upper half of the levels in one domain, and with few of them what else would fit."""
    upper, rated = _upper(sites, rubric)
    told = f"{share_of(upper, rated, PARTNERSHIPS)} at {in_upper_half(rubric.levels)}"
    return "; ".join(part for part in (told, fitting_words(upper, rated)) if part)


def _upper(sites: pd.DataFrame, rubric: Rubric) -> tuple[int, int]:
    """How many ratings are in the upper half of the levels, and of how many."""
    upper = (sites[LEVEL] >= upper_half_from(len(rubric.levels))).fillna(False)
    return int(upper.sum()), int(sites[LEVEL].notna().sum())


def _marks(sites: pd.DataFrame, at: Occasion) -> str:
    """What the marks beside and before the levels say."""
    told = f"; a triangle points up or down where a level moved since {at.then}" if at.then else ""
    if sites[MOVEMENT].eq(Movement.NOT_COMPARABLE.value).any():
        told += f"{CUT_TOLD}, not compared"
    return told


def _cells(sites: pd.DataFrame, rubric: Rubric, titles: Mapping[str, str]) -> pd.DataFrame:
    """One row per site × domain, with what a mark needs."""
    fills = [text_on(fill) for fill in colours_of(len(rubric.levels))]
    every = pd.DataFrame({PARTNERSHIP: list(titles)}, dtype="str").merge(
        pd.DataFrame({DOMAIN: [domain.code for domain in rubric.domains]}, dtype="str"), how="cross"
    )
    rows = every.merge(sites, on=[PARTNERSHIP, DOMAIN], how="left")
    levels = [None if pd.isna(at) else int(at) for at in rows[LEVEL]]
    before = [None if pd.isna(at) else int(at) for at in rows[LEVEL_THEN]]
    moved = [way if at else "" for way, at in zip(rows[MOVEMENT].fillna(""), levels, strict=True)]
    return rows.assign(
        **{
            MOVEMENT: moved,
            _SITE: [titles[code] for code in rows[PARTNERSHIP]],
            _TITLE: [rubric.domain(code).title for code in rows[DOMAIN]],
            _NAME: [level_name(rubric, at) for at in levels],
            _BEFORE: [level_name(rubric, at) if at else NOT_RATED for at in before],
            _INK: [fills[at - 1] if at else None for at in levels],
        }
    )


def _layers(rows: pd.DataFrame, rubric: Rubric, titles: Mapping[str, str], ink: Inks) -> list[alt.Chart]:
    """Only those with something to draw: an empty group of marks is read aloud as a picture without a name."""
    told = {_SITE: "Partnership", _TITLE: "Domain", _NAME: "Level", _BEFORE: "Then"}
    base = alt.Chart(inline(pd.concat([rows, _heads(rubric, titles)], ignore_index=True))).encode(
        x=domain_columns(rubric.domains),
        y=titled_rows(PARTNERSHIP, titles, over=row_height(titles)),
        tooltip=tooltips(told if (rows[MOVEMENT] != "").any() else {k: v for k, v in told.items() if k != _BEFORE}),
    )
    heads = base.transform_filter(f"datum.{_NUMBER} != null")
    columns = len(rubric.domains)
    drawn = {
        "gaps": not_rated(
            base.transform_filter(f"datum.{LEVEL} == null && datum.{_NUMBER} == null"), ink, cursor="pointer"
        ),
        "levels": _levels(base.transform_filter(f"datum.{LEVEL} != null"), rubric, ink),
        "up": _triangles(base, Movement.UP, columns),
        "down": _triangles(base, Movement.DOWN, columns),
        "cuts": [
            base.transform_filter(f"datum.{MOVEMENT} == '{Movement.NOT_COMPARABLE.value}'")
            .mark_tick(orient="vertical", thickness=5, size=row_height(titles) - 6, color=ink.text, opacity=1)
            .encode(x=domain_columns(rubric.domains).bandPosition(0))
        ],
        "heads": [heads.mark_text(fontSize=TEXT_SIZE, color=ink.quiet).encode(text=alt.Text(f"{_NUMBER}:N"))],
    }
    there = {
        "gaps": bool(rows[LEVEL].isna().any()),
        "levels": bool(rows[LEVEL].notna().any()),
        "up": bool(rows[MOVEMENT].eq(Movement.UP.value).any()),
        "down": bool(rows[MOVEMENT].eq(Movement.DOWN.value).any()),
        "cuts": bool(rows[MOVEMENT].eq(Movement.NOT_COMPARABLE.value).any()),
        "heads": len(titles) > EVERY,
    }
    ground, *above = [layer for name, layers in drawn.items() if there[name] for layer in layers] or drawn["gaps"]
    return [ground.add_params(alt.selection_point(PICKED, fields=[PARTNERSHIP, DOMAIN])), *above]


def _heads(rubric: Rubric, titles: Mapping[str, str]) -> pd.DataFrame:
    """The numbers of the domains, once for each row that is no site's."""
    numbered = [(domain.code, place) for place, domain in enumerate(rubric.domains, start=1)]
    rows = [(key, code, place) for key in titles if key.startswith(HEADS) for code, place in numbered]
    return pd.DataFrame(rows, columns=[PARTNERSHIP, DOMAIN, _NUMBER])


def _levels(base: alt.Chart, rubric: Rubric, ink: Inks) -> list[alt.Chart]:
    number = base.mark_text(fontSize=CELL_TEXT_SIZE, fontWeight=600)
    return [
        base.mark_rect(stroke=ink.outline, strokeWidth=1, cornerRadius=3, cursor="pointer").encode(
            color=level_colour(rubric.levels)
        ),
        number.encode(text=alt.Text(f"{LEVEL}:N"), color=ink_colour(_INK)),
    ]


def _triangles(base: alt.Chart, way: Movement, columns: int) -> list[alt.Chart]:
    """Beside the number, and within its cell on a phone too."""
    kept = base.transform_filter(f"datum.{MOVEMENT} == '{way.value}'")
    points = kept.mark_point(
        shape=f"triangle-{way.value}",
        filled=True,
        opacity=1,
        size=alt.ExprRef(f"width / {max(1, columns)} < 32 ? 30 : width / {max(1, columns)} < 44 ? 48 : 70"),
        xOffset=alt.ExprRef(f"min(17, width / {max(1, columns)} * 0.34)"),
    )
    return [points.encode(color=ink_colour(_INK))]


def _twin(rows: pd.DataFrame, rubric: Rubric, titles: Mapping[str, str], at: Occasion) -> pd.DataFrame:
    """One row a site, one column a domain, NA where not rated; what moved, in words; and the levels then."""
    since = f"Moved since {at.then}"
    then = {d.code: f"{d.title}, {at.then}" for d in rubric.domains}
    heads = table_heads(rubric.domains, ["Partnership", *([since, *then.values()] if at.then else [])])
    wide = _wide(rows, LEVEL, titles, heads)
    wide.insert(0, "Partnership", list(titles.values()))
    if at.then:
        wide[since] = [_moves(rows[rows[PARTNERSHIP] == code], heads, at) for code in titles]
        then = {code: f"{head}, {at.then}" for code, head in heads.items()}
        wide = pd.concat([wide, _wide(rows, LEVEL_THEN, titles, then)], axis=1)
    return wide.reset_index(drop=True)


def _wide(rows: pd.DataFrame, levels: str, titles: Mapping[str, str], heads: Mapping[str, str]) -> pd.DataFrame:
    wide = rows.pivot(index=PARTNERSHIP, columns=DOMAIN, values=levels).astype("Int8")
    wide = wide.reindex(index=list(titles), columns=list(heads))
    wide.columns = list(heads.values())
    return wide


def _moves(rows: pd.DataFrame, heads: Mapping[str, str], at: Occasion) -> str:
    """For example "Focus on equity up from 1; Shared aim new wording since Winter 2025"."""
    told = []
    for row in rows[rows[MOVEMENT].isin(list(_WORDS))].to_dict("records"):
        from_what = at.then if row[MOVEMENT] == Movement.NOT_COMPARABLE else int(row[LEVEL_THEN])
        told.append(f"{heads[str(row[DOMAIN])]} {_WORDS[str(row[MOVEMENT])]} {from_what}")
    return "; ".join(told)
