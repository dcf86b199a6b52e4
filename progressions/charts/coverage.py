"""Who has rated: partnership × convening, with how many domains."""

from collections.abc import Mapping, Sequence
from datetime import date

import altair as alt
import pandas as pd

from progressions.charts.axes import convening_columns, ink_colour, rows_on_phone, titled_rows, tooltips
from progressions.charts.colours import text_on
from progressions.charts.figure import Figure, Words, finished
from progressions.charts.labels import by_key, day_key, day_label, earlier_not_shown
from progressions.charts.layers import inline
from progressions.charts.site_axes import row_height
from progressions.charts.stacked import number_in
from progressions.charts.theme import TEXT_SIZE, Inks, Mode, inks
from progressions.measures.columns import HELD_ON, PARTNERSHIP, RATED, STATE, TOTAL
from progressions.measures.findings import CONVENINGS, PARTNERSHIPS, counted, coverage_sentence
from progressions.measures.kinds import Coverage

STATE_WORDS = {
    Coverage.DONE: "all domains rated",
    Coverage.STARTED: "some domains rated",
    Coverage.NONE: "none rated",
}
MOST_DRAWN = 100
"""Partnerships that are drawn: more make a picture taller than any screen, which takes half a minute to lay out. The
table has all of them."""
_INK, _TITLE, _WHEN, _WORDS, _OF = "ink", "title", "when", "words", "of"


def state_colours(ink: Inks) -> dict[Coverage, str]:
    """Not the level palette: having rated everything is no level. *None* is an empty outline."""
    return {Coverage.DONE: ink.full, Coverage.STARTED: ink.some}


def coverage_grid(
    grid: pd.DataFrame,
    titles: Mapping[str, str],
    labels: Mapping[date, str],
    *,
    earlier: int = 0,
    left_out: str = "",
    mode: Mode = Mode.LIGHT,
) -> Figure:
    """The number in a cell is that of the domains rated; rows in the order of ``titles`` (code to title).

    In: ``coverage``. ``labels`` names convenings, ``earlier`` is how many came before these; ``left_out`` is that of
    ``not_asked``. KeyError for a partnership without a title.
    """
    ink = inks(mode)
    cells = _cells(grid, titles, labels, ink)
    days = by_key(list(grid[HELD_ON]), labels)
    there = set(grid[PARTNERSHIP])
    shown = [code for code in titles if code in there]
    words = Words(
        title="Who has rated, convening by convening",
        finding=_finding(cells),
        n=f"{counted(len(shown), PARTNERSHIPS)}, {counted(len(days), CONVENINGS)}; "
        f"the number in a cell is that of domains rated, of {domains_asked(list(grid[TOTAL]))}"
        + (f"; drawn are the first {MOST_DRAWN}, the table has all" if len(shown) > MOST_DRAWN else "")
        + left_out
        + earlier_not_shown(earlier),
    )
    drawn = {code: titles[code] for code in shown[:MOST_DRAWN]}
    layers = _layers(cells[cells[PARTNERSHIP].isin(list(drawn))], drawn, days, ink)
    row, table = row_height(drawn), _twin(cells, shown, days)
    return finished(layers, words, table, row * len(drawn), mode, rows_on_phone(list(drawn.values()), row))


def _cells(grid: pd.DataFrame, titles: Mapping[str, str], labels: Mapping[date, str], ink: Inks) -> pd.DataFrame:
    fills = state_colours(ink)
    states = [Coverage(state) for state in grid[STATE]]
    return grid.assign(
        **{
            _TITLE: [titles[code] for code in grid[PARTNERSHIP]],
            _WHEN: [day_label(day, labels) for day in grid[HELD_ON]],
            _WORDS: [STATE_WORDS[state] for state in states],
            _INK: [text_on(fills.get(state, ink.paper)) for state in states],
            _OF: [f"{rated} of {total}" for rated, total in zip(grid[RATED], grid[TOTAL], strict=True)],
            HELD_ON: [day_key(day) for day in grid[HELD_ON]],
        }
    )


def domains_asked(totals: Sequence[int]) -> str:
    """How many domains were to be rated: "24", or "21 to 24, as the rubrics were at each" where they changed."""
    few, many = (min(totals), max(totals)) if totals else (0, 0)
    return f"{few}" if few == many else f"{few} to {many}, as the rubrics were at each"


def not_asked(rubrics: Mapping[str, int], convenings: int = 1) -> str:
    """The rubrics that were not to be rated at some of the convenings, to follow what was: nobody misses them there.

    ``rubrics`` gives for the title of each how many convenings that were. For example "; not counted, because published
    later and rated by nobody then: District, University (at 3 of 8 convenings)".
    """
    of = f"of {counted(convenings, CONVENINGS)}"
    named = [title if n == convenings else f"{title} (at {n} {of})" for title, n in rubrics.items() if n]
    return f"; not counted, because published later and rated by nobody then: {', '.join(named)}" if named else ""


def _finding(cells: pd.DataFrame) -> str:
    if cells.empty:
        return "No convenings to rate at"
    last = cells[cells[HELD_ON] == cells[HELD_ON].max()]
    states = [int((last[STATE] == state.value).sum()) for state in Coverage]
    return coverage_sentence(str(last[_WHEN].iloc[0]), states, int(last[TOTAL].iloc[0]))


def _layers(cells: pd.DataFrame, titles: Mapping[str, str], days: Mapping[str, str], ink: Inks) -> list[alt.Chart]:
    base = alt.Chart(inline(cells)).encode(
        x=convening_columns(days, on_top=True),
        y=titled_rows(PARTNERSHIP, titles, over=row_height(titles)),
        tooltip=tooltips({_TITLE: "Partnership", _WHEN: "Convening", _WORDS: "State", _OF: "Domains"}),
    )
    fills = alt.Scale(domain=list(STATE_WORDS.values()), range=[*state_colours(ink).values(), "transparent"])
    legend = alt.Legend(title=None, columns=1)
    some = base.transform_filter(f"datum.{RATED} > 0")
    return [
        base.mark_rect(stroke=ink.outline, strokeWidth=1, cornerRadius=3).encode(
            fill=alt.Fill(f"{_WORDS}:N", scale=fills, legend=legend)
        ),
        some.mark_text(fontWeight=600, **number_in(f"datum.{RATED}", len(days), f"{row_height(titles)} * 0.8")).encode(
            text=alt.Text(f"{RATED}:Q"), color=ink_colour(_INK)
        ),
        base.transform_filter(f"datum.{RATED} == 0")
        .mark_text(fontSize=TEXT_SIZE, color=ink.quiet)
        .encode(text=alt.TextValue("–")),
    ]


def _twin(cells: pd.DataFrame, codes: list[str], days: Mapping[str, str]) -> pd.DataFrame:
    """One row a partnership, one column a convening, "5 of 24" in each."""
    wide = cells.pivot(index=PARTNERSHIP, columns=HELD_ON, values=_OF)
    wide = wide.reindex(index=codes, columns=list(days))
    names = cells.drop_duplicates(PARTNERSHIP).set_index(PARTNERSHIP)[_TITLE]
    wide.columns = list(days.values())
    wide.insert(0, "Partnership", [names[code] for code in codes])
    return wide.reset_index(drop=True)
