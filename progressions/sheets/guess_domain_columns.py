"""What was rated: domains, rubrics and the columns of levels of the proposed mapping."""

from collections import Counter
from collections.abc import Mapping, Sequence

from progressions.sheets.cells import column_letters
from progressions.sheets.guess_columns import HALF, Column, Readers
from progressions.sheets.guess_domains import DomainNames, Match
from progressions.sheets.guess_drafts import SURE, Draft, Finding
from progressions.sheets.guess_tables import Rated, Table, looks_rated, other_scale
from progressions.sheets.guess_words import is_beside_ratings
from progressions.sheets.mapping import DomainRef, Layout
from progressions.sheets.naming import listed, shown
from progressions.text import folded, percent


def find_domains(draft: Draft, tables: Sequence[Table], names: DomainNames, readers: Readers) -> None:
    """The layout with its columns; what looks like ratings and has no domain is said."""
    layout = tables[0].layout
    said = {
        Layout.WIDE: "wide: each column of a domain holds levels",
        Layout.LONG: "long: each row is one rating",
        Layout.ACROSS: "laid out across: each row is of one domain, and each column of one convening",
    }
    draft.content["layout"] = layout.value
    if layout is Layout.WIDE:
        _wide(draft, tables, names, readers)
    else:
        _by_rows(draft, tables, names, readers)
    if draft.content.get("domains") or draft.content.get("domain"):
        draft.say("layout", f"The sheet is {said[layout]}.")


def _wide(draft: Draft, tables: Sequence[Table], names: DomainNames, readers: Readers) -> None:
    rated = {one.column.heading: one for table in reversed(tables) for one in table.rated}
    taken: dict[str, str] = {}
    alike: list[str] = []
    twice: dict[str, str] = {}
    for heading, one in sorted(rated.items(), key=lambda pair: pair[1].column.index):
        if len(one.match.refs) > 1:
            said = f"“{shown(heading)}” is the title of several domains; say which, or head the column with its code."
            draft.lack("domains", said, about=[heading])
        elif folded(heading) in tables[0].repeated:
            twice.setdefault(folded(heading), heading)
        else:
            taken[heading] = str(one.match.refs[0])
            alike += [heading] if one.match.how_sure < 1.0 else []
    for heading in twice.values():
        draft.lack("domains", _stands_twice(tables[0], heading), about=[heading])
    _twice(draft, taken, rated)
    if taken:
        draft.content["domains"] = taken
        _say_alike(draft, [rated[heading] for heading in alike if heading in taken])
    else:
        _no_domains(draft, tables)
    for column, reason in tables[0].doubtful:
        said = f"“{shown(column.heading)}” is not taken for a domain: {reason}."
        draft.mention("domains", said, about=[column.heading])
    _mention_close(draft, tables[0], names, readers)


def _stands_twice(table: Table, heading: str) -> str:
    row = table.header.row
    columns = [column.index for column in table.columns if folded(column.heading) == folded(heading)]
    cells = [f"{column_letters(index)}{row}" for index in columns]
    return (
        f"The heading “{shown(heading)}” stands over more than one column: rename one of {' or '.join(cells)} in the "
        "file and upload it again, or go on without these columns."
    )


def _twice(draft: Draft, taken: dict[str, str], rated: Mapping[str, Rated]) -> None:
    """Two columns for one domain are not chosen between, unless each is of its own day."""
    counts = Counter(ref for heading, ref in taken.items() if not rated[heading].dated)
    for ref, count in counts.items():
        if count > 1:
            headings = [heading for heading in taken if taken[heading] == ref]
            said = f"Two columns are for the domain “{ref}”: {listed(headings)}; keep one of them."
            draft.lack("domains", said, about=headings)
            for heading in headings:
                del taken[heading]
    undated = [heading for heading in taken if not rated[heading].dated]
    if undated and len(undated) < len(taken):
        draft.lack("domains", f"Some columns of domains are headed by a day and others are not: {listed(undated)}.")


def _say_alike(draft: Draft, rated: Sequence[Rated]) -> None:
    for one in rated:
        ref = one.match.refs[0]
        said = f"“{shown(one.column.heading)}” is taken for the domain “{ref}”, {percent(one.match.how_sure)} alike."
        if one.match.how_sure >= 0.95:
            said = f"“{shown(one.column.heading)}” is the domain “{ref}”."
        # The value stands in the mapping already; a finding of its own shows how sure it is.
        draft.sure.append(_finding(one, said))


def _finding(one: Rated, said: str) -> Finding:
    return Finding("domains", {one.column.heading: str(one.match.refs[0])}, one.match.how_sure, said)


def _no_domains(draft: Draft, tables: Sequence[Table]) -> None:
    table = tables[0]
    said = f"No heading in row {table.header.row} of “{table.sheet.name}” is the code or the title of a domain."
    draft.lack("domains", said)
    for column in looks_rated(table):
        texts = listed([text for text, _ in column.texts.most_common(6)])
        said = f"“{shown(column.heading)}” looks like a column of ratings, with the texts {texts}."
        draft.mention("domains", said, about=[column.heading])


def _mention_close(draft: Draft, table: Table, names: DomainNames, readers: Readers) -> None:
    """Columns that hold levels and are not read: their headings come close to a domain, or to none."""
    used = {rated.column.heading for rated in table.rated}
    doubted = {column.heading for column, _ in table.doubtful}
    alike = looks_rated(table)
    for column in table.columns:
        if column not in alike and readers.levels(column) < HALF:
            continue
        match = names.match(column.heading)
        is_beside = is_beside_ratings(column.heading) or readers.levels(column) < HALF
        if column.heading in used | doubted or (is_beside and not match.closest_ref):
            continue
        said, value = f"“{shown(column.heading)}” is not read, and {_example(table, column)}", None
        if match.closest_ref:
            said = f"“{shown(column.heading)}” is left out: closest is “{shown(match.closest)}”, but not close enough."
            value = {column.heading: str(match.closest_ref)}
        draft.mention("domains", said, value, about=[column.heading])


def _example(table: Table, column: Column) -> str:
    """Says that a column holds levels, with the first cell of its commonest text."""
    commonest = column.texts.most_common(1)[0][0]
    rows = range(table.header.row + 1, len(table.sheet.rows) + 1)
    cell = next(cell for row in rows if (cell := table.sheet.cell(row, column.index)).text == commonest)
    return f"holds levels, such as “{shown(cell.text)}” in {cell.address}: say of which domain, if they are ratings."


def _by_rows(draft: Draft, tables: Sequence[Table], names: DomainNames, readers: Readers) -> None:
    table = tables[0]
    assert table.domain is not None
    draft.content["domain"] = table.domain.heading
    texts = Counter[str]()
    for one in tables:
        texts += one.domain.texts if one.domain else Counter()
    columns = [table.level] if table.level else [rated.column for rated in table.rated]
    scale = other_scale(columns, max(len(rubric.levels) for rubric in readers.rubrics.values()))
    if scale:
        draft.lack("levels", f"“{shown(columns[0].heading)}” cannot be read as it is: {scale}.")
    if table.layout is Layout.LONG:
        assert table.level is not None
        draft.content["level"] = table.level.heading
        said = (
            f"The domain is in the column “{shown(table.domain.heading)}”, the level in “{shown(table.level.heading)}”."
        )
        draft.say("level", said)
    else:
        headings = {rated.column.heading: None for one in tables for rated in one.rated}
        draft.find(
            "dates", list(headings), 0.9, f"Each of these columns is of one convening: {listed(list(headings))}."
        )
    matches = {text: names.match(text) for text in texts}
    if table.rubric is not None:
        draft.find(
            "rubric", table.rubric.heading, 0.95, f"The rubric is in the column “{shown(table.rubric.heading)}”."
        )
    else:
        _rubric_of_texts(draft, matches, readers)
    _domain_texts(draft, matches, readers)


def _rubric_of_texts(draft: Draft, matches: Mapping[str, Match], readers: Readers) -> None:
    """Which rubric is meant where no column says it: the only one, or that of all domains."""
    codes = {ref.rubric for match in matches.values() if len(match.refs) == 1 for ref in match.refs}
    several = [text for text, match in matches.items() if len(match.refs) > 1]
    if len(readers.rubrics) == 1:
        draft.content["rubric"] = {"is": next(iter(readers.rubrics))}
        return
    said = "There is no column “Rubric” that says to which rubric a domain belongs."
    if several:
        draft.lack("rubric", f"{said} {listed(several)} could be of more than one.")
        return
    value: object = {"is": codes.pop()} if len(codes) == 1 else {"any": True}
    named = sum(len(match.refs) == 1 for match in matches.values())
    # One text alone may be a code or a title by accident; two different ones are not.
    draft.find("rubric", value, 0.9 if named > 1 else SURE - 0.05, f"{said} Each of its domains is in one rubric only.")


def _domain_texts(draft: Draft, matches: Mapping[str, Match], readers: Readers) -> None:
    """Texts that name a domain in other words, and those that name none."""
    literal = _literal(readers)
    texts: dict[str, object] = {}
    for text, match in matches.items():
        if len(match.refs) == 1 and match.refs[0] not in literal.get(folded(text), ()):
            texts[text] = str(match.refs[0])
            said = f"“{shown(text)}” is taken for the domain “{match.refs[0]}”, {percent(match.how_sure)} alike."
            draft.sure.append(Finding("domain_texts", {text: str(match.refs[0])}, match.how_sure, said))
    if texts:
        draft.content["domain_texts"] = texts
    unknown = [text for text, match in matches.items() if not match.refs]
    if unknown:
        closest = {text: str(ref) for text in unknown if (ref := matches[text].closest_ref)}
        said = f"These texts name no domain, and their ratings would be rejected: {listed(unknown)}."
        draft.mention("domain_texts", said, closest or None, about=unknown)


def _literal(readers: Readers) -> dict[str, set[DomainRef]]:
    """Codes and titles, as they are understood without being told."""
    found: dict[str, set[DomainRef]] = {}
    for rubric in readers.rubrics.values():
        for domain in rubric.domains:
            for text in (domain.code, domain.title):
                found.setdefault(folded(text), set()).add(DomainRef(rubric.code, domain.code))
    return found
