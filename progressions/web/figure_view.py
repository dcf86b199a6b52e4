"""A figure on the screen: its title, the finding, the chart, n, and the table with the same numbers."""

from urllib.parse import urlencode

import streamlit as st

from progressions.charts.figure import Figure
from progressions.charts.theme import Mode
from progressions.services.pictures import FORMS, Asked
from progressions.web.wording import plain

MOST_TABLE_ROWS = 120  # a real table is read aloud and printed; a longer one is drawn as a grid that scrolls


def mode() -> Mode:
    """The mode that the reader's browser shows."""
    return Mode.DARK if st.context.theme.type == "dark" else Mode.LIGHT


def show(figure: Figure, asked: Asked) -> None:
    """Draws a figure; ``asked`` says which one it is, for its place on the page and for its downloads."""
    st.subheader(plain(figure.title), anchor=False)
    st.markdown(plain(figure.finding))
    # The specification carries the alternative text already, as its description: given twice, Streamlit warns.
    st.altair_chart(figure.chart, theme=None, width="stretch", key=asked.name)
    st.caption(plain(figure.n))
    with st.expander("The same numbers as a table", icon=":material/table:"):
        if len(figure.table) > MOST_TABLE_ROWS:
            st.dataframe(figure.table, hide_index=True, width="stretch")
        else:
            st.table(figure.table.map(_cell).rename(columns=plain), hide_index=True, border="horizontal")

        links = " · ".join(f"[{form.upper()}]({_address(asked, form)})" for form in FORMS)
        st.markdown(f":material/download: {links}")


def _address(asked: Asked, form: str) -> str:
    return f"/download/figures/{asked.name}.{form}?{urlencode(asked.of)}"


def _cell(value: object) -> object:
    """A table renders Markdown in its cells, and titles come from people's files: images and links too."""
    return plain(value) if isinstance(value, str) else value
