"""What must be drawn of sites, told by the tables."""

import re
from collections.abc import Collection, Mapping

import pandas as pd
import pytest

from progressions.charts.colours import level_colours
from tests.charts.reading import (
    LABELS,
    NOT_RATED,
    Places,
    beside_words,
    is_there,
    level_cell,
    not_anew,
    number,
    part_of,
    records,
    tip,
)
from tests.charts.scene import Bar, Cell, Mark, Scene


def sites(table: pd.DataFrame) -> Places:
    heads = list(table.columns)
    moved = next(head for head in heads if head.startswith("Moved since "))
    since, titles = moved.removeprefix("Moved since "), heads[1 : heads.index(moved)]
    found: Places = {}
    for row in records(table):
        signs = {}
        for each in filter(None, row[moved].split("; ")):
            title, way, _ = re.split(r" (up|down) from ", each)
            signs[title] = {"up": "▲", "down": "▼"}[way]
        for title in titles:
            before = row[f"{title}, {since}"]
            then = LABELS[int(before) - 1] if is_there(before) else NOT_RATED
            at = level_cell({"Partnership": row["Partnership"], "Domain": title}, row[title], Then=then)
            texts = tuple(sorted([*at.texts, *([signs[title]] if title in signs else [])]))
            found[row["Partnership"], title] = Cell(texts, at.fills, at.told)
    return found


def seen_sites(scene: Scene) -> Places:
    """Under the titles of the domains without their numbers; a sign is no filled cell."""
    cells = scene.only(lambda mark: not mark.shape).cells()
    signs = {(mark.row, mark.column): mark.shape for mark in scene.marks if mark.shape}
    return {
        (row, title.partition(" ")[2]): Cell(
            tuple(sorted([*c.texts, *([signs[row, title]] if (row, title) in signs else [])])), c.fills, c.told
        )
        for (row, title), c in cells.items()
    }


def many_sites(table: pd.DataFrame) -> Places:
    found: Places = {}
    for row in records(table):
        n = row["Partnerships"]
        over = f"n {n:,}"
        if "Moved up" in row:
            over += f": {row['Moved up']:,} up, {row['Moved down']:,} down"
        for label in LABELS:
            if row[label]:
                words = part_of(row[label], n)
                told = {"Domain": row["Domain"], "Level": label, "Partnerships": words, "All of them": over}
                found[row["Domain"], label] = _bar(row[label], n, told)
        found[row["Domain"], "over"] = (over, tip({"Domain": row["Domain"], "All of them": over}))
    return found


def _bar(count: int, whole: int, told: Mapping[str, object]) -> Bar:
    return Bar((f"{count:,}",), pytest.approx(count / whole, abs=0.002), frozenset({tip(told)}))


def seen_many_sites(scene: Scene) -> Places:
    bars = scene.bars(lambda mark: mark.row, across=scene.width)
    rects = [mark for mark in scene.marks if mark.kind == "rect"]
    over = scene.texts_beside(rects, lambda mark: mark.row)
    return bars | {(row, "over"): told for row, told in over.items()}


def stacked(table: pd.DataFrame) -> Places:
    """Of each convening a bar: the number of its unit over it, which is ratings where the table has any."""
    unit = "Ratings" if "Ratings" in table else "Partnerships"
    found: Places = {}
    for row in records(table):
        for label in LABELS:
            if row[label]:
                told = {"Convening": row["Convening"], "Level": label, unit: part_of(row[label], row[unit])}
                found[row["Convening"], label] = _bar(row[label], row[unit], told)
        if row[unit]:
            n = f"{row[unit]:,}"
            found[row["Convening"], "over"] = (f"n\n{n}", tip({"Convening": row["Convening"], unit: n}))
    return found


def seen_stacked(scene: Scene) -> Places:
    rects = [mark for mark in scene.marks if mark.kind == "rect"]
    over = scene.texts_beside(rects, lambda mark: mark.column)
    return scene.bars(lambda mark: mark.column) | {(column, "over"): told for column, told in over.items()}


STATES = ("all domains rated", "some domains rated", "none rated")


def coverage_counts(table: pd.DataFrame) -> Places:
    found: Places = {}
    for row in records(table):
        whole = sum(row[state.capitalize()] for state in STATES)
        for state in STATES:
            if count := row[state.capitalize()]:
                told = {"Convening": row["Convening"], "State": state, "Partnerships": part_of(count, whole)}
                found[row["Convening"], state] = _bar(count, whole, told)
    return found


def coverage(table: pd.DataFrame) -> Places:
    """Cells with what the legend says of their colour."""
    found: Places = {}
    for row in records(table):
        for when in table.columns[1:]:
            rated, total = map(int, row[when].split(" of "))
            state = STATES[0] if rated == total else STATES[1] if rated else STATES[2]
            told = {"Partnership": row["Partnership"], "Convening": when, "State": state, "Domains": row[when]}
            found[row["Partnership"], when] = (state, (str(rated) if rated else "–",), tip(told))
    return found


def seen_coverage(scene: Scene) -> Places:
    return {at: (scene.legend["".join(c.fills)], c.texts, *c.told) for at, c in scene.cells().items()}


_AT = re.compile(r"(\d+) at (\d)")


def side_by_side(table: pd.DataFrame) -> Places:
    """By number of the row: each domain has a heading with the bar of the rest, and its partnerships."""
    *whens, last = table.columns[2:]
    now = last.removeprefix("Of the rest in ")
    found: Places = {}
    rest: dict[str, int] = {}
    for place, row in enumerate(records(table)):
        is_rest = row["Partnership"] == "The rest"
        found[place, "head"] = row["Domain"] if is_rest else row["Partnership"]
        if is_rest:
            rest = dict.fromkeys(LABELS, 0) | {LABELS[int(at) - 1]: int(n) for n, at in _AT.findall(row[now])}
        for when in whens:
            who = {"Domain": row["Domain"], "Who": row["Partnership"], "Convening": when}
            if not is_rest:
                level = int(row[when]) if row[when] else None
                of = beside_words(rest, LABELS[level - 1]) if level and when == now else ""
                assert when != now or of == row[last]
                found[place, when] = level_cell(who, level, **{"Of the rest": of})
            elif row[when]:
                counts = {int(at): int(n) for n, at in _AT.findall(row[when])}
                whole = sum(counts.values())
                for at, count in counts.items():
                    told = {**who, "Level": LABELS[at - 1], "Of the rest": part_of(count, whole)}
                    found[(place, when), LABELS[at - 1]] = (pytest.approx(count / whole, abs=0.01), tip(told))
                found[place, when] = [counts.get(at, 0) for at in (1, 2, 3, 4)]
    return found


def seen_side_by_side(scene: Scene) -> Places:
    found: Places = {(place, "head"): title for place, title in enumerate(scene.rows)}
    rest = {mark for mark in scene.marks if dict(mark.told).get("Who") == "The rest"}
    rects = [mark for mark in rest if mark.kind == "rect"]
    room = max(mark.right - mark.left for mark in scene.marks if mark.kind == "rect" and mark not in rest)
    bars = scene.bars(lambda mark: (mark.place, mark.column), across=room, of=rects)
    found |= {at: (bar.share, *bar.told) for at, bar in bars.items()}
    found |= _numbers_of_the_rest(rest)
    cells = scene.only(lambda mark: mark not in rest).cells(lambda mark: (mark.place, mark.column))
    return found | {at: not_anew(c) for at, c in cells.items()}


def _numbers_of_the_rest(marks: Collection[Mark]) -> Places:
    """Of each bar its numbers from level 1 on: those that stand in it, or those of the line under it."""
    found: Places = {}
    for mark in marks:
        if mark.kind != "text" or not mark.text:
            continue
        place = (mark.place, mark.column)
        if "·" in mark.text:
            assert mark.told[-1] == ("At each level", mark.text)
            assert place not in found, "a bar tells its numbers once"
            found[place] = [int(part.replace(",", "")) for part in mark.text.split("·")]
        else:
            (fill,) = {m.fill for m in marks if m.kind == "rect" and m.holds(mark)}
            found.setdefault(place, [0, 0, 0, 0])[level_colours(4).index(fill)] = int(mark.text.replace(",", ""))
    return found


def who_moved(table: pd.DataFrame) -> Places:
    head, *thens = table.columns
    total = int(table[thens].to_numpy().sum())
    found: Places = {}
    for row in records(table):
        for column in thens:
            then, count = column.removesuffix(", then"), row[column]
            told = {"Then": then, "Now": row[head], "How many": f"{count:,} of {total:,}"}
            steps = int(number(row[head])) - int(number(then))
            way = "stayed" if not steps else "up" if steps > 0 else "down"
            texts = {f"{count:,}", way} if count else {"0"}
            found[row[head], then] = (texts, tip(told), count)
    return found


def seen_who_moved(scene: Scene) -> Places:
    """With the count that a shade stands for: the darker the more, as many as its own number says."""
    found: Places = {}
    shades: dict[str, int] = {}
    for at, c in scene.cells().items():
        (told,) = c.told
        count = next(int(text.replace(",", "")) for text in c.texts if text[0].isdigit())
        found[at] = (set(c.texts), told, count if c.fills else 0)
        if c.fills:
            assert shades.setdefault(c.fills[0], count) == count, "one shade, one count"
    dark_first = sorted(shades, key=lambda fill: sum(int(fill[i : i + 2], 16) for i in (1, 3, 5)))
    assert [shades[fill] for fill in dark_first] == sorted(shades.values(), reverse=True)
    return found
