"""What must be drawn of one partnership, told by the tables."""

import re
from collections.abc import Mapping

import pandas as pd

from tests.charts.reading import (
    FILLS,
    INK,
    LABELS,
    NOT_RATED,
    Places,
    cell,
    is_there,
    level_cell,
    not_anew,
    number,
    records,
    tip,
)
from tests.charts.scene import Cell, Mark, Scene


def strip(table: pd.DataFrame) -> Places:
    found: Places = {}
    for row in records(table):
        is_rated = is_there(row["Level"])
        told = {**row, "Level": row["Level"] if is_rated else "–"}
        if not is_rated:
            found[row["Domain"], ""] = cell(told=told)
            found[row["Domain"], LABELS[0]] = cell(NOT_RATED, told=told)
            continue
        ours = f"{row['Level']} {row['Level name']}"
        for label in LABELS:
            look = (row["Level"], FILLS[ours]) if label == ours else ()
            found[row["Domain"], label] = cell(*look, told=told)
    return found


def line(table: pd.DataFrame) -> Places:
    """Dots and the line in one place, and over all what begins anew."""
    found: Places = {}
    for row in records(table):
        if is_there(row["Level"]):
            label = f"{row['Level']} {row['Level name']}"
            told = {"Convening": row["Convening"], "Level": label}
            found[label, row["Convening"]] = cell(row["Level"], FILLS[label], told=told)
        if row.get("Wording"):
            found["over", row["Convening"]] = row["Wording"]
    return found


def seen_line(scene: Scene) -> Places:
    """Without hollow dots and flags, which ``told_line`` is about."""
    over = {("over", mark.column): mark.text for mark in scene.marks if mark.text == "new wording"}
    return scene.only(lambda mark: bool(mark.told) and mark.told[-1][0] == "Level").cells() | over


def told_line(table: pd.DataFrame) -> Places:
    found = line(table)
    for row in records(table):
        look, when = row["Knowing what we know now"], row["Convening"]
        if look:
            label = look.partition(" (told ")[0]
            told = tip({"Convening": when, "Knowing what we know now": look})
            found["look", label, when] = (number(label), INK.paper, told)
        if row["Next step"]:
            words = f"{row['Next step']} ({row['Overdue'] or row['State']}); afterwards: {row['Afterwards']}"
            sign = {"moved up": "▲", "stayed": "–", "moved down": "▼"}.get(row["Afterwards"], "")
            found["promise", when] = (tip({"Convening": when, "We promised": words}), sign)
    return found


def seen_told_line(scene: Scene) -> Places:
    found = seen_line(scene)
    hollow = [m for m in scene.marks if m.told and m.told[-1][0] == "Knowing what we know now"]
    for mark in hollow:
        (text,) = [m.text for m in scene.marks if m.kind == "text" and not m.told and _is_at(m, mark)]
        found["look", mark.row, mark.column] = (text, mark.fill, mark.told)
    flags = [mark for mark in scene.marks if mark.told and mark.told[-1][0] == "We promised"]
    signs = {mark.column: mark.shape for mark in flags if mark.shape}
    return found | {("promise", mark.column): (mark.told, signs.get(mark.column, "")) for mark in flags}


def _is_at(one: Mark, other: Mark) -> bool:
    return abs(one.left - other.left) < 3 and abs(one.top - other.top) < 3


def heat(table: pd.DataFrame) -> Places:
    whens = [head for head in table if head not in ("Domain", "Area")]
    return {
        (row["Domain"], when): level_cell({"Domain": row["Domain"], "Convening": when}, row[when])
        for row in records(table)
        for when in whens
    }


def seen_heat(scene: Scene) -> Places:
    """Whether words begin anew is no part of this table: it is told by that of the line."""
    return {place: not_anew(cell) for place, cell in scene.cells().items()}


def dumbbells(table: pd.DataFrame) -> Places:
    then, now = table.columns[1:3]
    found: Places = {}
    for row in records(table):
        stood = {when: number(row[when]) if row[when] != NOT_RATED else NOT_RATED for when in (then, now)}
        told = {"Domain": row["Domain"], **stood, "Movement": row["Movement"]}
        found.update(_two_dots(row["Domain"], (row[then], row[now]), row["Movement"] != "same", told))
        if row["Movement"].startswith(("up", "down")):
            found["between", row["Domain"]] = {row[then], row[now]}
        found[row["Domain"], "moved"] = cell(row["Movement"], told=told)
    return found


def _two_dots(row: str, levels: tuple[str, str], is_apart: bool, told: Mapping[str, object]) -> Places:
    """The hollow dot of then, where it is another, and the filled one of now; both may lie at one place.

    Between them is a line where the level moved.
    """
    found: Places = {}
    for label, fill in zip(levels, (INK.paper, INK.accent), strict=True):
        if label != NOT_RATED and (fill == INK.accent or is_apart):
            before = found.get((row, label), Cell())
            texts, fills = (*before.texts, number(label)), (*before.fills, fill)
            found[row, label] = Cell(tuple(sorted(texts)), tuple(sorted(fills)), frozenset({tip(told)}))
    return found


def seen_dumbbells(scene: Scene) -> Places:
    """Texts without their ends of lines."""
    between = {("between", mark.row): {mark.column, mark.to} for mark in scene.marks if mark.kind == "rule"}
    return between | {
        at: Cell(tuple(" ".join(text.split()) for text in c.texts), c.fills, c.told, c.is_outlined, c.begins_anew)
        for at, c in scene.cells().items()
    }


SINCE = {"moved up": "up", "moved down": "down", "reworded since": "reworded", "not rated since": NOT_RATED}


def promises(table: pd.DataFrame) -> Places:
    found: Places = {}
    for row in records(table):
        then, now = row["Level when promised"], row["Latest level since"]
        steps = abs(int(number(now)) - int(number(then))) if row["Afterwards"].startswith("moved") else ""
        since = f"{SINCE.get(row['Afterwards'], row['Afterwards'])} {steps}".strip()
        since += f" ({'overdue' if row['Overdue'] else row['State']})"
        told = {
            "Domain": row["Domain"],
            "We promised": row["Next step"],
            "Promised at": row["Convening"],
            "when promised": number(then),
            "latest since": number(now) if now != NOT_RATED else NOT_RATED,
            "Since": since,
        }
        name = f"{row['Domain']}, {row['Convening']}"
        found.update(_two_dots(name, (then, now), row["Afterwards"] != "stayed", told))
        if row["Afterwards"].startswith("moved"):
            found["between", name] = {then, now}
        found[name, "since"] = cell(since, told=told)
    return found


_SQUARE = re.compile(r"(.+?) \(([1-4] .+?) to ([1-4] .+?)(?:: (.+?))?\)(?:; |$)")


def reasons(table: pd.DataFrame) -> Places:
    """How many moved for each reason, and a square for each of them that the table names."""
    found: Places = {}
    for row in records(table):
        for way in ("Moved up", "Moved down"):
            tips = [
                tip({"Domain": title, "From": then, "To": now, "Reason given": why or row["Reason given"]})
                for title, then, now, why in _SQUARE.findall(row[f"{way}: which"])
            ]
            assert len(tips) == row[way]
            found[row["Reason given"], way.lower()] = Cell((str(row[way]),), (INK.accent,) * row[way], frozenset(tips))
    return found
