"""A figure on the screen: its title, the finding, the chart, n, and the table with the same numbers."""

import streamlit as st

from progressions.charts.figure import Figure
from progressions.charts.theme import Mode
from progressions.web.wording import label, plain

MOST_TABLE_ROWS = 120  # a real table is read aloud and printed; a longer one is drawn as a grid that scrolls


def mode() -> Mode:
    """The mode that the reader's browser shows."""
    return Mode.DARK if st.context.theme.type == "dark" else Mode.LIGHT


def show(figure: Figure, key: str) -> None:
    """Draws a figure; ``key`` names its place on the page."""
    st.subheader(plain(figure.title), anchor=False)
    st.markdown(plain(figure.finding))
    # The specification carries the alternative text already, as its description: given twice, Streamlit warns.
    st.altair_chart(figure.chart, theme=None, width="stretch", key=key)
    st.caption(plain(figure.n))
    with st.expander("The same numbers as a table", icon=":material/table:"):
        if len(figure.table) > MOST_TABLE_ROWS:
            st.dataframe(figure.table, hide_index=True, width="stretch")
        else:
            st.table(figure.table.map(_cell), hide_index=True, border="horizontal")


def _cell(value: object) -> object:
    """A table renders Markdown in its cells, and titles come from people's files."""
    return label(value) if isinstance(value, str) else value
