"""What a screen says when there is nothing to show, and what to do next."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from progressions.clock import utc_now
from progressions.errors import UserError
from progressions.people import Partnership, Principal
from progressions.permissions import can_add_convening, can_import_ratings, can_publish_rubric, can_rate
from progressions.ratings import Convening, at_convening
from progressions.rubric import Rubric
from progressions.services import networks
from progressions.web import choose, installation, navigation, say
from progressions.web.wording import plain, today


def no_rubrics(principal: Principal) -> None:
    """The network has no rubric yet."""
    st.info("This network has no rubric yet.", icon=":material/menu_book:")
    if can_publish_rubric(principal):
        st.page_link(navigation.page(navigation.RUBRICS), label="Publish a rubric", icon=":material/arrow_forward:")


def no_partnerships(principal: Principal) -> None:
    """The network has no partnership yet: import past ratings, or add the first by name."""
    st.info("This network has no partnerships yet.", icon=":material/group_add:")
    if can_import_ratings(principal):
        st.page_link(navigation.page(navigation.IMPORT), label="Import past ratings", icon=":material/arrow_forward:")
        new_partnership(principal, key="first-partnership")


def no_convenings(principal: Principal) -> None:
    """The network has no convening yet."""
    staff = can_add_convening(principal)
    todo = "Add the first one below." if staff else "Your network's staff add the first one."
    st.info(f"There is no convening yet. {todo}", icon=":material/event:")


def no_ratings(principal: Principal, rubric: Rubric | None = None) -> None:
    """Nothing has been rated yet; with a ``rubric``: nothing of this one."""
    told = f"The rubric “{plain(rubric.title)}” has not been rated yet." if rubric else "Nothing has been rated yet."
    st.info(told, icon=":material/stairs_2:")
    st.page_link(navigation.page(navigation.ASSESS), label="Start a self-assessment", icon=":material/arrow_forward:")
    if can_import_ratings(principal):
        st.page_link(navigation.page(navigation.IMPORT), label="Import past ratings", icon=":material/arrow_forward:")


def no_movement(principal: Principal, who: Partnership, rubric: Rubric, rated: Sequence[Convening]) -> None:
    """A rubric was rated at no convening, or at one: there is no movement to tell yet."""
    if rated:
        told = rated_once(f"The rubric “{rubric.title}”", rated[-1].label)
        todo = "Until then, write a next step beside each level: the second time looks back at it."
    else:
        told, todo = f"The rubric “{rubric.title}” has not been rated yet.", "Movement begins with the first ratings."
    st.info(f"{plain(told)} {todo}", icon=":material/stairs_2:")
    _assess(principal, who, rubric)


def rated_once(what: str, label: str) -> str:
    """That ``what`` was rated for the first time at the convening of this label, and when movement can be told."""
    return f"{what} was rated once so far, {at_convening(label)}. What moved shows from the second time on."


def nothing_agreed(principal: Principal, who: Partnership, rubric: Rubric) -> None:
    """A team has voted, and no level has been agreed on any rubric yet."""
    st.info(
        "Votes have been shown, and no level has been agreed yet: only an agreed level can move or stand beside those "
        "of peers. How the team voted is on *Agreement*.",
        icon=":material/handshake:",
    )
    _assess(principal, who, rubric)


def no_promises(principal: Principal, who: Partnership, rubric: Rubric) -> None:
    """No next step was written down."""
    st.info(
        f"Nothing has been promised yet on “{plain(rubric.title)}”. A promise is the next step that a team writes down "
        "beside a level, with an owner and a day. Here it shows what became of it.",
        icon=":material/flag:",
    )
    _assess(principal, who, rubric)


def _assess(principal: Principal, who: Partnership, rubric: Rubric) -> None:
    words = "Go on with the self-assessment" if can_rate(principal, who.code) else "Read the self-assessment"
    st.page_link(
        navigation.page(navigation.ASSESS),
        label=words,
        icon=":material/arrow_forward:",
        query_params={choose.PARTNERSHIP: who.code, choose.RUBRIC: rubric.code},
    )


def additions(principal: Principal, *, expanded: bool = False) -> None:
    """For staff: a convening or a partnership that is not in the lists."""
    if not can_add_convening(principal):
        return
    with st.expander("Add a convening or a partnership", icon=":material/add:", expanded=expanded):
        left, right = st.columns(2, gap="large")
        with left, st.form("new-convening", border=False):
            held_on = st.date_input("Day", today())
            title = st.text_input("Name", placeholder="Winter 2027", max_chars=networks.LONGEST_TITLE)
            if st.form_submit_button("Add the convening") and held_on is not None:
                _add_convening(principal, held_on, title)
        with right:
            new_partnership(principal)


def _add_convening(principal: Principal, held_on: date, title: str) -> None:
    try:
        convening = networks.add_convening(installation.store(), principal, held_on, title, utc_now())
    except UserError as problem:
        say.refused(problem)
        return
    st.query_params[choose.CONVENING] = convening.held_on.isoformat()
    st.rerun()


def new_partnership(principal: Principal, *, key: str = "new-partnership") -> None:
    """For staff: a partnership by its name."""
    with st.form(key, border=False):
        title = st.text_input("Partnership", placeholder="District and university", max_chars=networks.LONGEST_TITLE)
        if not st.form_submit_button("Add the partnership"):
            return
    try:
        added = networks.add_partnership(installation.store(), principal, title, utc_now())
    except UserError as problem:
        say.refused(problem)
        return
    st.query_params[choose.PARTNERSHIP] = added.code
    st.rerun()
