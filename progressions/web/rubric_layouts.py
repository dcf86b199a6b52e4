"""How an uploaded rubric is read: what was understood of each sheet, what is not certain, and the pickers for it."""

import streamlit as st

from progressions.services import rubrics
from progressions.sheets.cells import Workbook
from progressions.sheets.rubric_headings import LevelOrder
from progressions.sheets.rubric_layout import Orientation, RubricLayout
from progressions.web.wording import plain


def choose(workbook: Workbook, key: str) -> tuple[RubricLayout, ...] | None:
    """The layouts that the person has looked at and found right; None where what was understood stands as it is."""
    found = rubrics.understood(workbook)
    for sheet, question in found.questions:
        st.markdown(f":material/help: **{plain(sheet)}**: {plain(question)}")
    with st.expander("How the file is read", expanded=bool(found.questions), icon=":material/tune:"):
        names = [sheet.name for sheet in workbook.sheets if sheet.rows]
        best = {layout.sheet: layout for layout in found.best}
        sheets = st.multiselect("Sheets that are read", names, list(best), key=f"sheets-{key}")
        picked = [_layout(workbook, name, best.get(name), f"{name}-{key}") for name in sheets]
    layouts = tuple(layout for layout in picked if layout is not None)
    if not found.questions:
        return None if layouts == found.best else layouts
    confirmed = st.checkbox("This is how it is meant", key=f"meant-{key}")
    return layouts if confirmed else None


def _layout(workbook: Workbook, name: str, proposed: RubricLayout | None, key: str) -> RubricLayout | None:
    """The layout of one sheet, as the pickers say."""
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
    orders = list(LevelOrder)
    order = right.selectbox(
        "Order of the levels",
        orders,
        orders.index(proposed.level_order) if proposed else 0,
        format_func=lambda each: each.value.capitalize(),
        key=f"order-{key}",
    )
    if proposed and (row, way, order) == (row_now, proposed.orientation, proposed.level_order):
        return proposed
    layout = rubrics.arranged(workbook, name, row, way, order)
    if layout is None:
        st.warning("Nothing can be read in this way.", icon=":material/help:")
    return layout
