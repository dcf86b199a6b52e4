"""Routes of a team's session outside Streamlit: the sheet of paper. The QR code needs none: it is drawn into the page.

A sheet is asked for by partnership and convening, never by the room code: that stands in the link by which phones join
and nowhere else, and opens nothing once the session is closed.
"""

from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from progressions.errors import NotAllowedError, UserError
from progressions.people import Principal
from progressions.services import rubrics, team_sessions
from progressions.team_session import TeamSession
from progressions.web import choose, installation, paper_sheets
from progressions.web.paper_sheets import Worded
from progressions.web.plain_forms import told_plainly
from progressions.web.plain_pages import answer, page
from progressions.web.sign_in_routes import SIGN_IN, principal_of


def paper_sheet(request: Request) -> Response:
    """One rubric to print and tick: of a session for whoever runs it, else the latest for whoever reads rubrics."""
    principal = principal_of(request)
    if principal is None:
        text = "Open the sign-in link that you were given, or type your code; then come back."
        return answer(page("Sign in first", text, link=SIGN_IN), 403)
    try:
        team = _team(principal, request)
        domains = _domains(principal, request.path_params["rubric"], team)
    except UserError as problem:
        return answer(page("This sheet is not available", str(problem)), 404)
    return answer(paper_sheets.sheet(domains, is_example=principal.network.is_example, team=team))


def _team(principal: Principal, request: Request) -> TeamSession | None:
    """The session that the address names; None where it names none."""
    asked = request.query_params
    if choose.PARTNERSHIP not in asked and choose.CONVENING not in asked:
        return None
    try:
        held_on = date.fromisoformat(asked.get(choose.CONVENING, ""))
    except ValueError as error:
        raise NotAllowedError from error
    team = team_sessions.session_of(installation.store(), principal, asked.get(choose.PARTNERSHIP, ""), held_on)
    if team is None:
        raise NotAllowedError
    return team


def _domains(principal: Principal, rubric: str, team: TeamSession | None) -> tuple[Worded, ...]:
    """The domains of a session in its words, or all in those of today. NotAllowedError where there are none."""
    store = installation.store()
    if team is None:
        latest = rubrics.version(store, principal, rubric)
        if latest is None:
            raise NotAllowedError
        return paper_sheets.whole(latest)
    own = [each for each in team.domains if each.key.rubric == rubric]
    versions = {number: rubrics.version(store, principal, rubric, number) for number in {each.version for each in own}}
    found = [(versions[each.version], each.key.domain) for each in own]
    sheets = tuple(Worded(version, version.rubric.domain(code)) for version, code in found if version is not None)
    if not sheets:
        raise NotAllowedError
    return sheets


SESSION_ROUTES = [Route("/sheets/{rubric:str}", told_plainly(paper_sheet))]
