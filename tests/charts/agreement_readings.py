"""What must be drawn of how a team agrees, told by the tables."""

import re
from collections import Counter

import pandas as pd

from tests.charts.reading import (
    FILLS,
    INK,
    LABELS,
    NOT_RATED,
    Places,
    cell,
    number,
    records,
    tip,
)
from tests.charts.scene import Cell, Scene


def votes(table: pd.DataFrame) -> Places:
    """By number of the row, because sides have no other name on the axis than theirs."""
    found: Places = {}
    place, last = -1, ""
    for row in records(table):
        if row["Domain"] != last:
            place, last = place + 1, row["Domain"]
            found[place, ""] = ("", last, tip({"Domain": last}))
        place += 1
        for label, head in {**{label: label for label in LABELS}, "Cannot judge": "?"}.items():
            count, is_agreed = row[label], label == row["Agreed"]
            told = {
                "Domain": row["Domain"],
                "Side": row["Side"],
                "Level": label if label in LABELS else "cannot judge",
                "Votes": f"{count} of {row['Voters']}",
                "Agreed": row["Agreed"] or NOT_RATED,
            }
            fill = (FILLS[label],) if is_agreed else ()
            found[place, head] = (row["Side"], (str(count),) if count else (), fill, count, tip(told))
    return found


def seen_votes(scene: Scene) -> Places:
    found: Places = {}
    heads = {mark.place for mark in scene.marks if mark.kind == "text" and mark.row == ""}
    for (place, head), at in scene.cells(lambda mark: (mark.place, mark.column)).items():
        if place in heads:
            found[place, ""] = ("", *at.texts, *at.told)
            continue
        dots = [m for m in scene.marks if m.kind == "symbol" and (m.place, m.column) == (place, head)]
        fills = Counter(at.fills) - Counter(dot.fill for dot in dots)
        (told,) = at.told
        found[place, head] = (scene.rows[place], at.texts, tuple(fills), len(dots), told)
    return found


def first_votes(table: pd.DataFrame) -> Places:
    found: Places = {}
    beside = "Agreed beside the middle"
    for row in records(table):
        middle = set(re.findall(r"\b([1-4]) ", row["Middle of the first votes"]))
        for label in LABELS:
            look = (number(label), FILLS[label]) if label == row["Agreed"] else ()
            found[row["Domain"], label] = cell(*look, told=row, is_outlined=number(label) in middle)
        if row[beside]:
            found[row["Domain"], "Agreed"] = cell(row[beside], told=row)
    return found


def sides_apart(table: pd.DataFrame) -> Places:
    found: Places = {}
    for row in records(table):
        side = "D" if "district" in row["Apart"] else "U" if "university" in row["Apart"] else ""
        steps = 0 if row["Steps"] in ("–", "½", "0") else float(row["Steps"].replace("½", ".5"))
        told = {head: row[head] for head in ("Domain", "Convening", "Apart", "District", "University")}
        text = f"{side}\n{row['Steps']}" if side else row["Steps"]
        anew = row["Wording"] != ""
        found[row["Domain"], row["Convening"]] = cell(
            text, "#4a5b73" if steps >= 1 else "", told=told, begins_anew=anew
        )
    return found


def room(table: pd.DataFrame) -> Places:
    found: Places = {}
    for row in records(table):
        for side in ("District", "University"):
            told = tip({"Convening": row["Convening"], "Side": side, "Voters": row[side]})
            dots = row[side] if row[side] <= 12 else 0
            found[row["Convening"], side] = Cell((str(row[side]),), (INK.text,) * dots, frozenset({told}))
        again = row["Voted last time too"].partition(" (")[0]
        found[row["Convening"], "Voted last time too"] = cell(
            again, told={"Convening": row["Convening"], "Voted last time too": again}
        )
    return found
