"""How a sheet is read, on one screen: the first rows coloured by what they mean, and every part to correct."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from progressions.rubric import RubricVersion
from progressions.services import mapping_help
from progressions.sheets.cells import Workbook
from progressions.web import session
from progressions.web.wording import plain, today

COLOURS = {
    "partnership": ("blue", "partnership"),
    "code": ("violet", "its code"),
    "date": ("green", "day"),
    "convening": ("green", "convening's name"),
    "rubric": ("orange", "rubric"),
    "domain": ("orange", "domain"),
    "level": ("yellow", "level"),
}
LAYOUTS = {
    "wide": "A column for each domain",
    "long": "A row for each rating",
    "across": "A column for each convening",
}
WHEN = {
    "column": "A column says it",
    "date": "One day for the whole file",
    "file_name": "The file's name says it",
    "sheet_name": "The sheet's name says it",
    "heading": "The headings of the level columns say it",
    "cell": "A cell of the sheet says it",
}
ANY = "Any: a domain's own name tells which"
DAMAGED = "What came for this table cannot be read, and nothing of it was taken. Choose again."
EVERY, NOTHING, NOT_RATED, AS_IT_IS = "*", "—", "not rated", "as the rubric says"
Content = dict[str, Any]


def coloured(workbook: Workbook, content: Mapping[str, object]) -> None:
    """The first rows of the sheet; what is not read stays grey."""
    rows = mapping_help.first_rows(workbook, content)
    if not rows:
        return
    legend = " ".join(f":{colour}-background[{words}]" for colour, words in dict.fromkeys(COLOURS.values()))
    st.markdown(f"{legend} :gray[not read]")
    head, *body = [[_cell(shown) for shown in row] for row in rows]
    names = [f"{text}{' ' * at}" for at, text in enumerate(head)]  # two columns may have one heading
    st.table([dict(zip(names, row, strict=True)) for row in body] or [dict.fromkeys(names, "")], hide_index=True)


def _cell(shown: mapping_help.Shown) -> str:
    if not shown.text:
        return ""
    if shown.meaning == "header":
        return f"**{plain(shown.text)}**"
    colour = COLOURS.get(shown.meaning)
    return f":{colour[0]}-background[{plain(shown.text)}]" if colour else f":gray[{plain(shown.text)}]"


def edit(workbook: Workbook, proposed: Content, versions: Sequence[RubricVersion], key: str) -> Content:
    """The mapping's content as the person has it now. What the form does not show goes through as it was proposed."""
    content = {name: value for name, value in proposed.items() if value is not None}
    several = len(mapping_help.sheet_names(workbook)) > 1
    *first, middle, right = st.columns(3 if several else 2)
    if several:
        with first[0]:
            _sheet(workbook, content, key)
    with middle:
        now = int(content.get("header_row", 1))
        content["header_row"] = int(
            st.number_input(
                "Row of the headings", 1, max(now, mapping_help.rows_of(workbook, content)), now, key=f"r{key}"
            )
        )
    with right:
        layouts = list(LAYOUTS)
        at = layouts.index(str(content.get("layout", "wide")))
        content["layout"] = st.selectbox("Layout", layouts, at, format_func=LAYOUTS.__getitem__, key=f"l{key}")
    headings = list(mapping_help.headings_of(workbook, content))
    _who(content, headings, key)
    _when(content, headings, key)
    if content["layout"] == "wide":
        _domains(content, headings, versions, key)
    else:
        _named_domains(content, headings, versions, key)
        _domain_texts(workbook, content, versions, key)
    _levels(workbook, content, versions, key)
    return _only_of_layout(content)


def _sheet(workbook: Workbook, content: Content, key: str) -> None:
    names = list(mapping_help.sheet_names(workbook))
    now = content.get("sheet")
    several = [", ".join(now)] if isinstance(now, list) else []  # chosen by name: stays so until another is picked
    options = [*several, *names, EVERY]
    chosen = st.selectbox(
        "Sheet",
        options,
        options.index(now) if now in options else 0,
        format_func=lambda name: "All sheets" if name == EVERY else name,
        key=f"s{key}",
    )
    if chosen not in several:
        content["sheet"] = chosen


def _heading(title: str, now: object, headings: Sequence[str], key: str) -> str:
    """One heading, or none."""
    options = [NOTHING, *headings]
    chosen = st.selectbox(title, options, options.index(str(now)) if now in options else 0, key=key)
    return "" if chosen in (None, NOTHING) else str(chosen)


def _put(content: Content, name: str, heading: str) -> None:
    if heading:
        content[name] = heading
    else:
        content.pop(name, None)


def _who(content: Content, headings: Sequence[str], key: str) -> None:
    places = iter(st.columns(2))
    if not isinstance(content.get("partnership"), dict):
        with next(places):
            _put(content, "partnership", _heading("Partnership", content.get("partnership"), headings, f"p{key}"))
    with next(places):
        code = _heading("Its code", content.get("partnership_code"), headings, f"c{key}")
    _put(content, "partnership_code", code)


def _when(content: Content, headings: Sequence[str], key: str) -> None:
    convening = content.get("convening")
    now: Content = dict(convening) if isinstance(convening, dict) else {}
    kinds = list(WHEN)
    kind = next((k for k in kinds if k in now), "column")
    places = iter(st.columns(4))
    with next(places):
        chosen = st.selectbox("When", kinds, kinds.index(kind), format_func=WHEN.__getitem__, key=f"w{key}")
    made: Content = {chosen: True}
    if chosen in ("column", "date", "cell"):
        with next(places):
            made = _source(chosen, now, headings, key)
    if chosen == "date":
        content.pop("day_first", None)
    else:
        with next(places):
            _day_first(content, key)
    with next(places):
        title = _heading("Name of the convening", now.get("title_column"), headings, f"t{key}")
    if title:
        made["title_column"] = title
    content["convening"] = made


def _source(kind: str, now: Content, headings: Sequence[str], key: str) -> Content:
    """Where the day stands, or the day itself."""
    if kind == "column":
        heading = _heading("Column of the day", now.get("column"), headings, f"d{key}")
        return {"column": heading} if heading else {}
    if kind == "date":
        said = date.fromisoformat(str(now["date"])) if "date" in now else today()
        day = st.date_input("Day", said, key=f"f{key}")
        return {"date": day.isoformat()} if isinstance(day, date) else {}
    address = st.text_input("Address of the cell", str(now.get("cell", "")), placeholder="B1", key=f"a{key}")
    return {"cell": address.strip().upper()} if address.strip() else {}


def _day_first(content: Content, key: str) -> None:
    """Never guessed: 4/5/2025 is the fourth of May or the fifth of April, and the person knows."""
    orders = {False: "Month first: 12/31/2025", True: "Day first: 31/12/2025"}
    now = content.get("day_first")
    chosen = st.selectbox(
        "Days are written",
        list(orders),
        list(orders).index(now) if now in orders else None,
        format_func=orders.__getitem__,
        key=f"o{key}",
        placeholder="Say which comes first",
    )
    if chosen is None:
        content.pop("day_first", None)
    else:
        content["day_first"] = chosen


def _domain_names(versions: Sequence[RubricVersion]) -> dict[str, str]:
    """Rubric and domain as a mapping writes them, by what people read."""
    return {f"{v.rubric.title}: {d.title}": f"{v.rubric.code}/{d.code}" for v in versions for d in v.rubric.domains}


def _domains(content: Content, headings: Sequence[str], versions: Sequence[RubricVersion], key: str) -> None:
    names = _domain_names(versions)
    shown = {reference: title for title, reference in names.items()}
    keys = {str(content.get(name)) for name in ("partnership", "partnership_code")}
    keys |= {str(content["convening"].get(name)) for name in ("column", "title_column")}
    columns = [heading for heading in headings if heading not in keys]
    given = content.get("domains")
    now: Mapping[str, str] = given if isinstance(given, dict) else {}
    rows = [{"Column": heading, "Domain": shown.get(now.get(heading, ""), NOTHING)} for heading in columns]
    said = _table(rows, "Column", "Domain", [NOTHING, *names], f"domains-{key}")
    content["domains"] = {heading: names[said[heading]] for heading in columns if said[heading] in names}


def _named_domains(content: Content, headings: Sequence[str], versions: Sequence[RubricVersion], key: str) -> None:
    left, middle, right = st.columns(3)
    with left:
        _put(content, "domain", _heading("Column of the domain", content.get("domain"), headings, f"dn{key}"))
    with middle:
        if content["layout"] == "long":
            _put(content, "level", _heading("Column of the level", content.get("level"), headings, f"lv{key}"))
        else:
            listed = [h for h in content.get("dates", []) if h in headings]
            content["dates"] = st.multiselect("Columns of the convenings", list(headings), listed, key=f"dt{key}")
    with right:
        _rubric(content, headings, versions, key)


def _rubric(content: Content, headings: Sequence[str], versions: Sequence[RubricVersion], key: str) -> None:
    """The column that names the rubric, one rubric for all, or any: then a domain's own name tells."""
    titles = {f"All of it: {v.rubric.title}": v.rubric.code for v in versions}
    codes = {code: title for title, code in titles.items()}
    now = content.get("rubric")
    start = now
    if isinstance(now, dict):
        start = ANY if "any" in now else codes.get(now.get("is", ""), NOTHING)
    options = [NOTHING, *titles, ANY, *headings]
    at = options.index(start) if start in options else 0
    chosen = st.selectbox("Rubric: one for all, or its column", options, at, key=f"ru{key}")
    if chosen in titles:
        content["rubric"] = {"is": titles[chosen]}
    elif chosen == ANY:
        content["rubric"] = {"any": True}
    elif chosen in headings:
        content["rubric"] = chosen
    elif not (isinstance(now, dict) and start == NOTHING):  # what the form cannot show goes through as proposed
        content.pop("rubric", None)


def _domain_texts(workbook: Workbook, content: Content, versions: Sequence[RubricVersion], key: str) -> None:
    """Each text in the column of domains, and which domain it means."""
    texts = mapping_help.domain_texts(workbook, content)
    if not texts:
        return
    names = _domain_names(versions)
    shown = {reference: title for title, reference in names.items()}
    given = content.get("domain_texts")
    now: Mapping[str, str] = given if isinstance(given, dict) else {}
    rows = [{"In the file": text, "Domain": shown.get(now.get(text, ""), AS_IT_IS)} for text in texts]
    said = _table(rows, "In the file", "Domain", [AS_IT_IS, *names], f"texts-{key}")
    content["domain_texts"] = {**now, **{text: names[meaning] for text, meaning in said.items() if meaning in names}}
    if not content["domain_texts"]:
        content.pop("domain_texts")


def _levels(workbook: Workbook, content: Content, versions: Sequence[RubricVersion], key: str) -> None:
    """Each text in the columns of levels, and which level it means."""
    texts = mapping_help.level_texts(workbook, content)
    given = content.get("levels")
    if not texts or (isinstance(given, dict) and any(isinstance(value, dict) for value in given.values())):
        return  # several scales in one file: those are written in the mapping itself
    used = mapping_help.rubrics_in_use(content)
    of = [v for v in versions if v.rubric.code in used] or versions
    labels = {level.label: level.position for v in of for level in v.rubric.levels}
    now: Mapping[str, int] = given if isinstance(given, dict) else {}
    not_rated = {str(text) for text in content.get("not_rated", [])}
    by_position = {position: label for label, position in reversed(labels.items())}
    rows = [{"In the file": text, "Means": _meaning(text, now, not_rated, by_position)} for text in texts]
    said = _table(rows, "In the file", "Means", [AS_IT_IS, *labels, NOT_RATED], f"levels-{key}")
    content["levels"] = {text: labels[meaning] for text, meaning in said.items() if meaning in labels}
    content["not_rated"] = [text for text, meaning in said.items() if meaning == NOT_RATED] + sorted(
        not_rated - set(texts)
    )
    if not content["levels"]:
        content.pop("levels")


def _meaning(text: str, levels: Mapping[str, int], not_rated: set[str], names: Mapping[int, str]) -> str:
    folded = {key.casefold(): value for key, value in levels.items()}
    if text.casefold() in {word.casefold() for word in not_rated}:
        return NOT_RATED
    return names.get(folded.get(text.casefold(), 0), AS_IT_IS)


def _table(rows: list[dict[str, str]], fixed: str, free: str, options: list[str], key: str) -> dict[str, str]:
    """Two columns, the second to choose from; only choices for rows that were offered are taken."""
    # Streamlit keeps an editor's choices by the number of the row: other rows must be another editor, and what was
    # chosen for a text goes along with the text.
    chosen: dict[str, str] = session.peek(key) or {}
    rows = [{**row, free: chosen.get(row[fixed], row[free])} for row in rows]
    said = _said(rows, fixed, free, options, key)
    told = {row.get(fixed): row.get(free) for row in said if isinstance(row.get(fixed), str)}
    answers = {row[fixed]: told.get(row[fixed]) for row in rows}
    found = {row[fixed]: str(answers[row[fixed]]) if answers[row[fixed]] in options else row[free] for row in rows}
    session.leave(key, {**chosen, **found})
    return found


def _said(rows: list[dict[str, str]], fixed: str, free: str, options: list[str], key: str) -> list[dict[str, object]]:
    """What the editor gives back; nothing, and a fresh editor next time, where a browser sent what no editor sends."""
    again = session.peek(f"{key}-again") or 0
    try:
        told: list[dict[str, object]] = st.data_editor(
            rows,
            hide_index=True,
            disabled=[fixed],
            num_rows="fixed",
            column_config={free: st.column_config.SelectboxColumn(free, options=options, required=True, width="large")},
            key=f"{key}-{_digest(row[fixed] for row in rows)}-{again}",
            width="stretch",
            height=min(420, 35 * (len(rows) + 1) + 3),
        )
        return told
    except (LookupError, ValueError, TypeError, AttributeError):  # an unknown row or column, no JSON, no object
        session.leave(f"{key}-again", again + 1)
        st.error(DAMAGED, icon=":material/error:")
        return []


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\x00".join(texts).encode()).hexdigest()[:12]


def _only_of_layout(content: Content) -> Content:
    """Without what another layout had: a mapping refuses keys that mean nothing in it."""
    foreign = {
        "wide": ("rubric", "domain", "level", "dates", "domain_texts"),
        "long": ("domains", "dates"),
        "across": ("domains", "level"),
    }[str(content["layout"])]
    return {name: value for name, value in content.items() if name not in foreign}
