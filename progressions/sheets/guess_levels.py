"""Which texts are levels and which mean *not rated*, where the rubrics' own names and numbers do not say it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from progressions.rubric import Rubric
from progressions.sheets.cells import Cell, Value
from progressions.sheets.guess_columns import ENOUGH_CELLS, HALF, Column, Readers, level_by_beginning
from progressions.sheets.guess_drafts import Draft
from progressions.sheets.guess_tables import Table
from progressions.sheets.guess_words import looks_not_rated
from progressions.sheets.mapping import Layout
from progressions.sheets.naming import listed, shown
from progressions.text import folded

_MISSPELT = 0.85
"""Two texts that are this like one another are probably one with a slip of the keyboard: worth a question."""


def find_levels(draft: Draft, tables: Sequence[Table], readers: Readers) -> None:
    """Texts in the columns of levels that the readers do not understand, and the usual ones for *not rated*."""
    found = _texts(tables, readers)
    present = {folded(text): text for texts in found.values() for text in texts}
    also = [text for key, text in present.items() if key in readers.also_not_rated]
    draft.content["not_rated"] = [*readers.not_rated, *sorted(also, key=folded)]
    draft.say("not_rated", f"These texts mean not rated: {listed([*readers.not_rated, *also], 20)}.")
    meanings: dict[str, dict[str, int]] = {}
    unknown: dict[str, str] = {}
    for code, texts in found.items():
        rubric = readers.rubrics[code]
        for text in texts:
            if folded(text) in readers.also_not_rated:
                continue
            level = level_by_beginning(text, rubric)
            if level:
                meanings.setdefault(code, {})[text] = level
            elif not _is_number(text):
                unknown[text] = code
    _take(draft, meanings, readers)
    _mention(draft, unknown, readers, needed=_are_most(tables, readers))


def _texts(tables: Sequence[Table], readers: Readers) -> dict[str, Counter[str]]:
    """For each rubric the texts of its columns: those not understood, and those that may mean *not rated*."""
    found: dict[str, Counter[str]] = {}
    for code, column in _columns(tables, readers):
        wanted = [*readers.rejected(column, code), *_of(column.values, readers.also_not_rated)]
        texts = found.setdefault(code, Counter())
        for value in wanted:
            if isinstance(value, str):
                texts[Cell(value, 1, 0).text] += column.values[value]
    return found


def _columns(tables: Sequence[Table], readers: Readers) -> list[tuple[str, Column]]:
    """Each column of levels with the codes of the rubrics that it may be of."""
    pairs: list[tuple[str, Column]] = []
    for table in tables:
        if table.layout is Layout.WIDE:
            pairs += [(one.match.refs[0].rubric, one.column) for one in table.rated if len(one.match.refs) == 1]
        else:
            columns = [table.level] if table.level else [one.column for one in table.rated]
            pairs += [(code, column) for code in _rubrics(table, readers) for column in columns]
    return pairs


def _rubrics(table: Table, readers: Readers) -> list[str]:
    """The rubrics whose levels a sheet that names them in its rows may hold: those that understand the most."""
    columns = [table.level] if table.level else [one.column for one in table.rated]
    best = [code for code in readers.rubrics if any(c and readers.understood(c, code) > 0 for c in columns)]
    return best or list(readers.rubrics)


def _of(values: Iterable[Value], wanted: frozenset[str] | set[str]) -> list[Value]:
    return [value for value in values if isinstance(value, str) and folded(value) in wanted]


def _is_number(text: str) -> bool:
    return all(letter.isdigit() or letter in " .,-+%" for letter in text)


def _take(draft: Draft, meanings: dict[str, dict[str, int]], readers: Readers) -> None:
    """Beginnings of names as levels: for the whole file where all rubrics agree, else for each rubric."""
    if not meanings:
        return
    together: dict[str, set[int]] = {}
    for texts in meanings.values():
        for text, level in texts.items():
            together.setdefault(text, set()).add(level)
    agree = len(readers.rubrics) == 1 or (len(meanings) > 1 and all(len(levels) == 1 for levels in together.values()))
    first = next(iter(meanings.values()))
    value: dict[str, object] = {**first} if agree and len(meanings) == 1 else {**meanings}
    if agree and len(meanings) > 1:
        value = {text: levels.copy().pop() for text, levels in together.items()}
    shown_texts = listed(list(together))
    draft.find("levels", value, 0.85, f"These texts are the beginnings of levels' names: {shown_texts}.", needed=False)


def _are_most(tables: Sequence[Table], readers: Readers) -> bool:
    """Whether there is a column of levels in which most cells are not understood by any rubric that it may be of."""
    shares: dict[tuple[int, str], float] = {}
    for code, column in _columns(tables, readers):
        place = (column.index, column.heading)
        shares[place] = max(shares.get(place, 0.0), _share(column, code, readers))
    return any(share < HALF for share in shares.values())


def _share(column: Column, code: str, readers: Readers) -> float:
    return readers.understood(column, code) if column.filled >= ENOUGH_CELLS else 1.0


def _mention(draft: Draft, unknown: dict[str, str], readers: Readers, *, needed: bool) -> None:
    """What is not understood: with a proposal where a text looks misspelt or like *not rated*."""
    rest: list[str] = []
    for text, code in unknown.items():
        close = _misspelt(text, readers.rubrics[code])
        if close:
            name = readers.rubrics[code].level(close).name
            draft.mention("levels", f"“{shown(text)}” may be “{shown(name)}” misspelt.", {text: close}, about=[text])
        elif looks_not_rated(text):
            draft.mention(
                "not_rated",
                f"“{shown(text)}” may mean not rated. Until it is said, its cells are rejected.",
                [text],
                about=[text],
            )
        else:
            rest.append(text)
    if rest and needed:
        said = f"These texts are no names of levels: {listed(rest)}. Say which level each of them means."
        draft.lack("levels", said, about=rest)
    elif rest:
        said = f"These texts are no levels, and their cells would be rejected: {listed(rest)}."
        draft.mention("levels", said, about=rest)


def _misspelt(text: str, rubric: Rubric) -> int:
    likeness = [
        (SequenceMatcher(None, folded(text), folded(level.name), autojunk=False).ratio(), level.position)
        for level in rubric.levels
    ]
    best = [position for ratio, position in likeness if ratio >= _MISSPELT]
    return best[0] if len(best) == 1 else 0
