"""A figure on the screen: its title, the finding, the chart, n, and the table with the same numbers."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import streamlit as st

from progressions.charts.figure import Figure
from progressions.charts.theme import Mode
from progressions.people import Principal
from progressions.services.pictures import ZONE, Asked, forms_of
from progressions.web import caches, session
from progressions.web.drawn import Drawn
from progressions.web.wording import plain, today

_USED = "used-up:"
MOST_TABLE_ROWS = 120  # a real table is read aloud and printed; a longer one is drawn as a grid that scrolls


def made(principal: Principal, asked: Asked, at: caches.Moment, make: Callable[[Mode], Figure]) -> Drawn:
    """The figure that ``asked`` names, made once for all who see the same; ``make`` as in ``caches.figure``."""
    mode = Mode.DARK if st.context.theme.type == "dark" else Mode.LIGHT
    return caches.figure(principal, asked, at, (mode, today()), lambda: make(mode))


def show(figure: Drawn, picks: str = "") -> Mapping[str, str]:
    """Draws a figure with its downloads.

    ``picks`` names a selection of points in the chart: returned are the fields of the mark that was clicked, which
    come from the reader's browser and are to be looked up among what may be chosen; none where nothing was.
    """
    st.subheader(plain(figure.title), anchor=False)
    st.markdown(plain(figure.finding))
    picked = _chart(figure, picks)
    st.caption(plain(figure.n))
    downloads(figure.asked)
    with st.expander("The same numbers as a table", icon=":material/table:"):
        if len(figure.table) > MOST_TABLE_ROWS:
            st.dataframe(figure.table, hide_index=True, width="stretch")
        else:
            st.table(figure.table.map(_cell).rename(columns=plain), hide_index=True, border="horizontal")
    return picked


def downloads(asked: Asked) -> None:
    """A quiet line of links to the files of a figure or a list: in sight, however folded the table is."""
    links = " · ".join(f"[{form.upper()}]({_address(asked, form)})" for form in forms_of(asked.name))
    st.markdown(f":small[:material/download: {links}]")


def _chart(figure: Drawn, picks: str) -> Mapping[str, str]:
    # The specification carries the alternative text already, as its description: given twice, Streamlit warns.
    key = figure.asked.name
    if not picks:
        st.vega_lite_chart(figure.spec, theme=None, width="stretch", key=key)
        return {}
    chart = f"{key}-{session.peek(_USED + key) or 0}"
    shown = st.vega_lite_chart(
        figure.spec, theme=None, width="stretch", key=chart, on_select="rerun", selection_mode=[picks]
    )
    points = shown.selection.get(picks)
    point = points[0] if isinstance(points, list) and points else {}
    return {str(name): str(value) for name, value in point.items()} if isinstance(point, dict) else {}


def use_up(name: str) -> None:
    """Lets go of what was picked in the figure of this name: drawn again, it is another chart, in which nothing is.

    For a pick that leads elsewhere: a browser that comes back would send it once more, and lead away again.
    """
    session.leave(_USED + name, (session.peek(_USED + name) or 0) + 1)


def _address(asked: Asked, form: str) -> str:
    """With the reader's time zone, so that the file is of the same day as the screen."""
    zone = {ZONE: name} if (name := st.context.timezone) else {}
    return f"/download/figures/{asked.name}.{form}?{urlencode({**asked.of, **zone})}"


def _cell(value: object) -> object:
    """A table renders Markdown in its cells, and titles come from people's files: images and links too."""
    return plain(value) if isinstance(value, str) else value
