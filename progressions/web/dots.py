"""The votes on a domain: one dot a voter, district and university apart, the agreed level marked."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from progressions.measures.votes import Spread, SpreadRow, sentence
from progressions.team_session import Side

MOST_DOTS = 12  # in one cell; of more nobody counts dots: the number says it
LONGEST_NAME = 80  # of a level, as drawn: a file may bring names of many thousand characters, and 300 phones get them
LONGEST_AS_HEADING = 110  # characters of the sentence: a longer one is text, and leaves room for what stands below
HEADS = {Side.LEA: "District", Side.IHE: "University", None: "Everyone"}
KINDS = {Side.LEA: "lea", Side.IHE: "ihe", None: "all"}
CANNOT_JUDGE = "Cannot judge"


def dots(spread: Spread, level_names: Sequence[str], *, agreed: int | None = None) -> None:
    """Draws the spread as one element: the sentence, and under it a table with the dots and the counts."""
    st.html(markup(spread, level_names, agreed=agreed))


def markup(spread: Spread, level_names: Sequence[str], *, agreed: int | None = None) -> str:
    """The table as HTML, every text in it escaped.

    Of a vote that nobody took part in the sentence says all. A screen reader meets the sentence as its caption and a
    count in every cell. The roles say what the elements are already: where there is little room style.css lays the
    table out as a grid, and browsers forget it then.
    """
    agreed = agreed if agreed in range(1, spread.levels + 1) else None
    names = [name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…" for name in level_names]
    told = escape(sentence(spread, names))
    if not any(row.n or row.cannot_judge for row in spread.rows):
        return f'<div class="vote-dots"><p>{told}</p></div>'
    kind = ' class="long"' if len(told) > LONGEST_AS_HEADING else ""
    rows = "".join(_row(row, agreed) for row in spread.rows)
    return (
        f'<div class="vote-dots"><table role="table" style="--levels:{spread.levels};--sides:{len(spread.rows)}">'
        f"<caption{kind}>{told}</caption>"
        f'<thead role="rowgroup"><tr role="row"><td role="cell"></td>{_heads(names, agreed)}</tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table></div>'
    )


def _heads(names: Sequence[str], agreed: int | None) -> str:
    heads = [
        f'<th role="columnheader" scope="col"{_mark(level == agreed)}><b>{level}</b> {escape(name)}'
        f"{' <em>agreed</em>' if level == agreed else ''}</th>"
        for level, name in enumerate(names, start=1)
    ]
    return "".join([*heads, f'<th role="columnheader" scope="col">{CANNOT_JUDGE}</th>'])


def _row(row: SpreadRow, agreed: int | None) -> str:
    counts = (*row.counts, row.cannot_judge)
    cells = "".join(
        f'<td role="cell"{_mark(level == agreed)}>{_cell(count, names)}</td>'
        for level, (count, names) in enumerate(zip(counts, row.names, strict=True), start=1)
    )
    head = f'<th role="rowheader" scope="row">{HEADS[row.side]} <small>{row.n} voted</small></th>'
    return f'<tr role="row" class="{KINDS[row.side]}">{head}{cells}</tr>'


def _cell(count: int, names: Sequence[str]) -> str:
    if not count:
        return "0"
    drawn = "<i></i>" * (count if count <= MOST_DOTS else 1)
    called = f"<small>{escape(', '.join(names))}</small>" if names else ""
    return f'<b>{count}</b><span aria-hidden="true">{drawn}</span>{called}'


def _mark(is_agreed: bool) -> str:
    return ' class="agreed"' if is_agreed else ""
