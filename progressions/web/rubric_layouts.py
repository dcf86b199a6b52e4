"""How an uploaded rubric is read: what was understood of each sheet, what is not certain, and the pickers for it."""

import zlib
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from progressions.services import rubrics
from progressions.sheets.cells import Workbook
from progressions.sheets.rubric_guessing import Understanding
from progressions.sheets.rubric_headings import LevelOrder
from progressions.sheets.rubric_layout import Orientation, RubricLayout
from progressions.web.wording import plain

NO_SHEET = "Choose at least one sheet."


@dataclass(frozen=True, slots=True)
class Way:
    """How a file is read. ``layouts`` is None where what was understood stands as it is.

    ``lacking`` says what keeps it from being read; ``in_doubt`` that a person has to look at it and find it right.
    """

    layouts: tuple[RubricLayout, ...] | None
    lacking: tuple[str, ...]
    in_doubt: bool

    @property
    def key(self) -> int:
        """Tells one way from another: what is found right of one is not said of the next."""
        return zlib.crc32(repr(self.layouts).encode())


def choose(workbook: Workbook, key: str) -> Way:
    """The way of reading as the pickers say it."""
    found = rubrics.understood(workbook)
    for sheet, question in found.questions:
        st.markdown(f":material/help: **{plain(sheet)}**: {plain(question)}")
    lacking: list[str] = []
    with st.expander("How the file is read", expanded=bool(found.questions), icon=":material/tune:"):
        names = [sheet.name for sheet in workbook.sheets if sheet.rows]
        best = [layout.sheet for layout in found.best]
        sheets = st.multiselect("Sheets that are read", names, best, key=f"sheets-{key}")
        picked = [_layout(workbook, name, _proposed(found, name), f"{name}-{key}", lacking) for name in sheets]
    if names and not sheets and best:
        lacking.append(NO_SHEET)
    layouts = tuple(layout for layout in picked if layout is not None)
    as_understood = not found.questions and layouts == found.best
    return Way(None if as_understood else layouts, tuple(lacking), bool(found.questions))


def _proposed(found: Understanding, sheet: str) -> RubricLayout | None:
    return next((layout for layout in (*found.best, *found.proposals) if layout.sheet == sheet), None)


def _layout(
    workbook: Workbook, name: str, proposed: RubricLayout | None, key: str, lacking: list[str]
) -> RubricLayout | None:
    """The layout of one sheet, as the pickers say; None where something is ``lacking``."""
    st.markdown(f"**{plain(name)}**")
    left, middle, right = st.columns(3)
    rows = len(workbook.sheet(name).rows)
    row_now = max(proposed.header_rows) if proposed and proposed.header_rows else 1
    row = int(left.number_input("Row of the headings", 1, max(row_now, rows), row_now, key=f"row-{key}"))
    ways = list(Orientation)
    way = middle.selectbox(
        "Levels",
        ways,
        ways.index(proposed.orientation) if proposed else 0,
        format_func=lambda each: each.value.capitalize(),
        key=f"way-{key}",
    )
    layout = rubrics.arranged(workbook, name, row, way)
    if proposed and (row, way) == (row_now, proposed.orientation):
        layout = proposed
    if layout is None:
        lacking.append(
            f"Nothing can be read of “{name}” with its headings in row {row} and {way.value}. Say it in another way, "
            "or take the sheet out of those that are read."
        )
        return None
    return _ordered(workbook, layout, f"{key}-{row}-{way.value}", right, lacking)


def _ordered(
    workbook: Workbook, layout: RubricLayout, key: str, place: DeltaGenerator, lacking: list[str]
) -> RubricLayout | None:
    """The layout with its levels in the order that is printed, or that the person says: it is never guessed."""
    names, are_numbered = rubrics.printed_levels(workbook, layout)
    with place:
        order = _order(names, f"order-{key}", are_numbered=are_numbered)
    if order is None:
        lacking.append(f"Say the order of the levels of “{layout.sheet}”: nothing in the file tells which is lowest.")
        return None
    if order is not LevelOrder.GIVEN:
        return rubrics.ordered(layout, order)
    given = _given(names, key)
    if given is None:
        lacking.append(f"Say where each level of “{layout.sheet}” stands: every level in one place.")
        return None
    return rubrics.ordered(layout, order, given)


def _order(names: tuple[str, ...], key: str, *, are_numbered: bool) -> LevelOrder | None:
    words = {
        LevelOrder.NUMBERED: "As they are numbered",
        LevelOrder.LOWEST_FIRST: f"Lowest first: {names[0]} to {names[-1]}",
        LevelOrder.HIGHEST_FIRST: f"Highest first: {names[0]} to {names[-1]}",
        LevelOrder.GIVEN: "Another order, to be said below",
    }
    return st.selectbox(
        "Order of the levels",
        [order for order in words if are_numbered or order is not LevelOrder.NUMBERED],
        0 if are_numbered else None,
        format_func=words.__getitem__,
        placeholder="Say which is the lowest",
        key=key,
    )


def _given(names: tuple[str, ...], key: str) -> tuple[int, ...] | None:
    """The position of each name; None until every name has one of its own."""
    ends = {1: ", the lowest", len(names): ", the highest"}
    at = [
        column.selectbox(
            f"Level {position}{ends.get(position, '')}",
            range(len(names)),
            None,
            format_func=names.__getitem__,
            placeholder="Choose a level",
            key=f"place-{position}-{key}",
        )
        for position, column in enumerate(st.columns(len(names)), start=1)
    ]
    if sorted(place for place in at if place is not None) != list(range(len(names))):
        return None
    return tuple(at.index(place) + 1 for place in range(len(names)))
