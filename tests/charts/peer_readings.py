"""What must be drawn of peers, told by the tables."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import pytest

from progressions.charts.peer_bands import SHARE_COLOUR as SHARE
from tests.charts.reading import (
    FILLS,
    INK,
    LABELS,
    NOT_RATED,
    Places,
    beside_words,
    cell,
    is_there,
    number,
    records,
    tip,
)
from tests.charts.scene import Cell, Scene

OTHER_WORDING = "rated on other wording"


def peers(table: pd.DataFrame) -> Places:
    found: Places = {}
    for row in records(table):
        domain, beside = row["Domain"], row["Beside own level"] or NOT_RATED
        counts = {label: row[label] for label in LABELS}
        told: dict[str, object] = {"Domain": domain, "Beside own level": beside}
        if not is_there(row["Peers"]):
            found[domain, ""] = cell(told=told)
            found[domain, LABELS[0]] = cell(beside, told=told)
            continue
        for label in LABELS:
            count = {"Level": label, "Peers": f"{row[label]} of {row['Peers']}"}
            tips = frozenset({tip({"Domain": domain, **count, "Beside own level": beside})})
            texts = (str(row[label]),) if row[label] else ()
            marks = row[label] if row["Peers"] <= 30 else min(1, row[label])  # a square a peer, of more a bar
            found[domain, label] = Cell(texts, (FILLS[label],) * marks, tips, label == row["Own level"])
        if row["Own level"] in LABELS:
            assert beside == beside_words(counts, row["Own level"])
            ways = beside.replace("the same", "same").replace(", ", "\n")
            found[domain, "peers"] = cell(ways, told=told)
        elif row["Own level"] == NOT_RATED:
            found[domain, "peers"] = cell("not rated\nhere", told=told)
    return found


def bands(table: pd.DataFrame) -> Places:
    steps = ("fewer than a third", "a third to two thirds", "more than two thirds")
    found: Places = {}
    for row in records(table):
        share = row["Peers at level 3 or above"]
        told = {"Domain": row["Domain"], "Share of the peers": share}
        if not is_there(row["Peers"]):
            found[row["Domain"], ""] = cell(told=told)
            found[row["Domain"], steps[0]] = cell(share, told=told)
            continue
        found |= {(row["Domain"], step): cell("", SHARE if step == share else "", told=told) for step in steps}
        found[row["Domain"], "own level"] = own_on_bands(row["Own level"], {"Domain": row["Domain"]})
    return found


def own_on_bands(own: str, at: Mapping[str, object]) -> Cell:
    """The number of the own level on its fill; in words why there is none, or that none may stand beside the peers."""
    told = {**at, "Own level": own}
    if own in LABELS:
        return cell(number(own), FILLS[own], told=told)
    level, _, why = own.partition(", ")
    if why == OTHER_WORDING:
        return cell(number(level), told=told)
    return cell({OTHER_WORDING: "other\nwording", NOT_RATED: "not\nrated"}[own], told=told)


def peers_over_time(table: pd.DataFrame) -> Places:
    found: Places = {}
    for row in records(table):
        when, own = row["Convening"], row["Own level"]
        mine = tip({"Convening": when, "Own level": own})
        for label in LABELS:
            is_own, count = label == own, row[label] if is_there(row[label]) else 0
            tips = {mine} if is_own else set()
            if count:
                tips.add(tip({"Convening": when, "Level": label, "Peers": f"{count} of {row['Peers']}"}))
            # Where peers are shown beside it the own level is a ring, else a dot.
            is_ringed = is_own and "lower" in row["Beside own level"]
            fills = ((FILLS[label],) if count else ()) + ((INK.accent,) if is_own and not is_ringed else ())
            if tips:
                found[label, when] = Cell((str(count),) if count else (), fills, frozenset(tips), is_ringed)
        if is_there(row["Peers"]):
            found["over", when] = f"of {row['Peers']}"
        if row.get("Wording"):
            found["anew", when] = row["Wording"]
    return found


def seen_peers_over_time(scene: Scene) -> Places:
    over = {("over", mark.column): mark.text for mark in scene.marks if mark.text.startswith("of ")}
    anew = {("anew", mark.column): mark.text for mark in scene.marks if mark.text == "new wording"}
    words = {*over.values(), *anew.values()}
    return scene.only(lambda mark: mark.text not in words).cells() | over | anew


def bands_over_time(table: pd.DataFrame) -> Places:
    (head,) = (name for name in table.columns if name.startswith("Peers at"))
    found: Places = {}
    for row in records(table):
        when = {"Convening": row["Convening"]}
        if is_there(row["Peers"]):
            found[row[head], row["Convening"]] = cell("", SHARE, told={**when, head: row[head]})
        if row["Own level"] != NOT_RATED:
            mine = own_on_bands(row["Own level"], when)
            found["own level", row["Convening"]] = replace(mine, begins_anew=bool(row.get("Wording")))
    return found


def started(table: pd.DataFrame) -> Places:
    """A bar beside "3 of 5", as long as its part of the group: none where it is none."""
    found: Places = {}
    for row in records(table):
        stood = f"{row['Stood at']}, {row['Then']}"
        ways = {head: row[head] for head in ("Lower", "The same", "Higher")}
        whole = sum(ways.values())
        for head, count in ways.items():
            way, words = head.lower(), f"{count} of {whole}"
            told = {"Domain": row["Domain"], "Stood at": stood, "Later": f"{way}, {row['Later']}", "Peers": words}
            found[row["Domain"], way] = cell(words, INK.accent if count else "", told=told)
            if count:
                found["long", row["Domain"], way] = pytest.approx(count / whole, abs=0.01)
    return found


def seen_started(scene: Scene) -> Places:
    bars = [mark for mark in scene.marks if mark.kind == "rect" and mark.fill]
    whole = max(bar.right - bar.left for bar in bars)  # of a whole group: there is one
    long = {("long", bar.row, bar.column): (bar.right - bar.left) / whole for bar in bars}
    return scene.cells() | long
