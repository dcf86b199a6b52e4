"""What a team told beside its levels, in lines that are read on a phone: promises, and what moved for which reason."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from progressions.web.wording import plain

if TYPE_CHECKING:
    import pandas as pd

STEP = "Next step"
MOST_LINES = 24  # what is still read through; the table beside the chart has all


def promises(table: "pd.DataFrame") -> None:
    """A line for each promise of a figure's table, as many as are read through."""
    for row in table.head(MOST_LINES).to_dict("records"):
        st.markdown(f":material/flag: {plain(row[STEP])}  \n:small[{_of_promise(row)}]")


def _of_promise(row: Mapping[object, str]) -> str:
    of = [row.get("Domain", ""), row["Convening"], row["Owner"]]
    if row["Overdue"]:
        return " · ".join([*(plain(part) for part in of if part), f"**Overdue:** {plain(row['Overdue'])}"])
    by = f"by {row['By']}" if row["By"] else ""
    return " · ".join(plain(part) for part in (*of, by, row["State"], f"afterwards: {row['Afterwards']}") if part)


def moves(table: "pd.DataFrame") -> None:
    """A line for each domain that moved, from where to where and why."""
    for row in table.head(MOST_LINES).to_dict("records"):
        arrow = ":material/north_east:" if row["Movement"].endswith("up") else ":material/south_east:"
        moved = f"{plain(row['Domain'])}** {row['Movement']}: {plain(row['From'])} → {plain(row['To'])}"
        st.markdown(f"{arrow} **{moved}  \n:small[{plain(row['Reason given'])}]")
