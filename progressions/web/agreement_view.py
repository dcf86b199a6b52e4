"""How the team of one partnership agrees: its votes at a convening, what it agreed, the two sides, who was there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from progressions.charts.figure import Figure
from progressions.charts.theme import Mode
from progressions.people import Partnership, Principal
from progressions.permissions import can_run_session
from progressions.ratings import Convening
from progressions.rubric import RubricVersion
from progressions.services import agreement
from progressions.services.agreement import Agreement
from progressions.services.pictures import Asked
from progressions.web import caches, choose, figure_view, navigation
from progressions.web.wording import plain

VOTES, FIRST, SIDES, ROOM = "votes", "first", "sides", "room"
PARTS = {
    VOTES: "Votes",
    FIRST: "First votes and agreed",
    SIDES: "District and university",
    ROOM: "In the room",
}
"""What there is to see, by its code in the address (``?part=``)."""


@dataclass(frozen=True, slots=True)
class _Team:
    """Whose team, which rubric, what it told, and the moment since which that was read."""

    principal: Principal
    told: Agreement
    who: Partnership
    version: RubricVersion
    at: caches.Moment

    def show(self, name: str, make: Callable[[Mode], Figure], convening: Convening | None = None) -> None:
        """The figure of this name, of one convening or of all."""
        asked = Asked(name, _of(self.who, self.version, convening))
        figure_view.show(figure_view.made(self.principal, asked, self.at, make))


def draw(principal: Principal, who: Partnership, version: RubricVersion) -> None:
    """One part at a time; before any vote was shown, how votes come to be."""
    moment = caches.moment_of_votes(principal, version, who.code)
    told = caches.agreement_of(principal, who.code)
    if not told.convenings:
        _no_votes(principal, who)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        part = choose.one_of_few("Show", PARTS, "part")
        at = _convening(told, version) if part in AT_ONE else None
    team = _Team(principal, told, who, version, moment)
    if part in AT_ONE and at is None:
        _no_votes_here(told)
    elif at is not None:
        AT_ONE[part](team, at)
    else:
        OVER_ALL[part](team)


def _votes(team: _Team, at: Convening) -> None:
    of = (team.told, team.who, team.version.rubric.code, at)
    team.show("team-votes", lambda mode: agreement.votes_figure(*of, mode), at)
    st.caption(
        "The domain on which the votes were split most comes first. In the table, how split they were: 0 is everybody "
        "on one level, 100 the district at one end and the university at the other; only the order of the levels "
        "counts, and a difference between the sides counts twice."
    )


def _first(team: _Team, at: Convening) -> None:
    of = (team.told, team.who, team.version.rubric.code, at)
    team.show("first-votes", lambda mode: agreement.first_figure(*of, mode), at)
    st.caption(
        "The middle of the votes is their median: as many voted lower as higher. Where it lies between two levels, "
        "both are outlined, and a level agreed at either of them or between counts as at it."
    )


def _sides(team: _Team) -> None:
    rubric = team.version.rubric
    if not team.told.has_sides(rubric):
        st.info(
            "District and university are shown by themselves only where each has three voters or more. "
            f"{rubric.title}: there has been no such vote yet.",
            icon=":material/visibility_off:",
        )
        return
    team.show("sides-apart", lambda mode: agreement.sides_figure(team.told, team.who, team.version, mode))
    st.caption(
        "One step is from one level to the next. A middle that lies between two levels is half a step from either. "
        "With few voters on a side, one vote can move its middle."
    )


def _room(team: _Team) -> None:
    team.show("in-the-room", lambda mode: agreement.room_figure(team.told, team.who, mode))
    st.caption(
        "People who joined a session without a name, or under an alias, are other people each time as far as anybody "
        "can know, and so are sheets of paper: whether they voted last time is not known then."
    )


AT_ONE: Mapping[str, Callable[[_Team, Convening], None]] = {
    VOTES: _votes,
    FIRST: _first,
}
"""What is told of one convening."""
OVER_ALL: Mapping[str, Callable[[_Team], None]] = {SIDES: _sides, ROOM: _room}
"""What is told of all of them."""


def _convening(told: Agreement, version: RubricVersion) -> Convening | None:
    """One of those with votes on the rubric, the latest first; None where there is none."""
    found = {c.held_on.isoformat(): c for c in reversed(told.voted_at(version.rubric.code))}
    if not found:
        return None
    return found[choose.one("Convening", {day: c.label for day, c in found.items()}, choose.CONVENING)]


def _no_votes_here(told: Agreement) -> None:
    others = " · ".join(plain(title) for title in told.rubrics)
    st.info(
        f"No votes on this rubric have been shown yet. There are votes on: {others}.", icon=":material/how_to_vote:"
    )


def _no_votes(principal: Principal, who: Partnership) -> None:
    st.info(
        "No votes have been shown yet. They come from a team's session: at a convening the facilitator opens it on "
        "*Session*, everybody votes in private on a phone, and the votes are revealed together. Then they are here, "
        "with what was agreed, and without anybody's name.",
        icon=":material/how_to_vote:",
    )
    if can_run_session(principal, who.code):
        st.page_link(
            navigation.page(navigation.SESSION),
            label="Open a session",
            icon=":material/arrow_forward:",
            query_params={choose.PARTNERSHIP: who.code},
        )


def _of(who: Partnership, version: RubricVersion, at: Convening | None = None) -> dict[str, str]:
    of = {"partnership": who.code, "rubric": version.rubric.code}
    return of if at is None else {**of, "convening": at.held_on.isoformat()}
