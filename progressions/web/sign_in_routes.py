"""Signing in and out over plain HTTP, without a script: links, codes, and the page of one's own account."""

import math

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from progressions.clock import utc_now
from progressions.people import Principal
from progressions.services import sign_in
from progressions.throttle import TooManyTriesError
from progressions.web import installation
from progressions.web.cookie import drop_session, keep_session, session_token
from progressions.web.oidc import ways
from progressions.web.plain_forms import Fields, go, posted, told_plainly
from progressions.web.plain_pages import Field, Form, Link, answer, page
from progressions.web.visitor import place

WRONG_CODE = "This code does not work. Check it letter by letter, or ask whoever gave it to you for a new one."
EXAMPLE_CODE = "K7QX-ABCD-EFGH-JKMN".replace("-", "\u2011")  # a hyphen at which no line breaks
SIGN_IN = Link("/signin", "Sign in with a code")
STAFF_LINK = "Network staff, on the machine that runs Progressions: python -m progressions link"


def principal_of(request: Request) -> Principal | None:
    """Who sent the request, by its cookie."""
    token = session_token(request.cookies)
    return sign_in.principal_of(installation.store(), token, utc_now(), place(request))


def show_sign_in(request: Request) -> Response:
    """Whom a link is for, or a field for a code. Only looks: previews and scanners of mail open links too."""
    if "link" not in request.query_params:
        return _code_page()
    token = request.query_params["link"]
    invited = sign_in.link_is_for(installation.store(), token, utc_now())
    if invited is None:
        return _dead_link(request)
    title = f"You are invited to {invited.network.title} as {invited.name}"
    text = "The button signs you in on this device. The link works once."
    hidden = (("link", token), ("page", sign_in.new_token()))
    return answer(page(title, text, forms=(Form("/signin", "Sign in", hidden=hidden),), link=None))


def enter(request: Request, fields: Fields) -> Response:
    """Uses a link up, or checks a code; then on to the application with a new session."""
    store, now, came_from = installation.store(), utc_now(), place(request)
    days, older = installation.settings().session_days, session_token(request.cookies)
    if "link" in fields:
        pressed = fields.get("page", "")
        token = sign_in.use_link(store, fields["link"], days, now, came_from, older=older, page=pressed)
        return _entered(request, token) if token else _dead_link(request)
    try:
        token = sign_in.with_code(store, fields.get("code", ""), days, now, came_from, older=older)
    except TooManyTriesError as problem:
        return _code_page(str(problem), 429, {"Retry-After": str(math.ceil(problem.seconds))})
    return _entered(request, token) if token else _code_page(WRONG_CODE, 403)


def show_account(request: Request) -> Response:
    """Who is signed in here, and how to sign out."""
    principal = principal_of(request)
    if principal is None:
        return go("/signin")
    forms = (
        Form("/signout", "Sign out here"),
        Form("/signout/everywhere", "Sign out everywhere", is_quiet=True),
    )
    where = f"Network: {principal.network.title}."
    text = "“Sign out everywhere” ends this sign-in on all of your phones and computers."
    return answer(page(f"Signed in as {principal.name}", where, text, forms=forms, link=Link("/", "Back")))


def leave(request: Request, _fields: Fields) -> Response:
    """Signs this browser out."""
    principal = principal_of(request)
    if principal is not None:
        sign_in.sign_out(installation.store(), principal, session_token(request.cookies), utc_now())
    return _left("Your work is saved. Other tabs of this browser are signed out too.")


def leave_everywhere(request: Request, _fields: Fields) -> Response:
    """Signs the person out on every device."""
    principal = principal_of(request)
    if principal is None:
        return _left("This browser was not signed in. To sign out your other devices, sign in first.")
    sign_in.sign_out_everywhere(installation.store(), principal, utc_now())
    return _left("Your work is saved. All of your phones and computers are signed out.")


def _code_page(problem: str = "", status: int = 200, headers: dict[str, str] | None = None) -> Response:
    form = Form("/signin", "Sign in", fields=(Field("code", "Your code", problem),))
    text = f"Type the code that you were given, such as {EXAMPLE_CODE}. Were you sent a link? Open that instead."
    return answer(page("Sign in to Progressions", text, forms=(form,), link=None, ways=ways()), status, headers)


def _dead_link(request: Request) -> Response:
    """Whoever is signed in, and came back to their link by the back button or a bookmark, needs no other one."""
    title, once = "This link does not work any more", "A sign-in link works once, and only for some days."
    principal = principal_of(request)
    if principal is not None:
        return answer(page(title, once, f"You are signed in here already, as {principal.name}."), 403)
    return answer(page(title, f"{once} Ask whoever sent it for a new one.", STAFF_LINK, link=SIGN_IN), 403)


def _entered(request: Request, token: str) -> Response:
    response = go("/")
    keep_session(response, request, token)
    return response


def _left(text: str) -> Response:
    response = answer(page("You are signed out", text, link=Link("/signin", "Sign in again")))
    drop_session(response)
    return response


SIGN_IN_ROUTES = [
    Route("/signin", told_plainly(show_sign_in), methods=["GET"]),
    Route("/signin", posted(enter), methods=["POST"]),
    Route("/account", told_plainly(show_account), methods=["GET"]),
    Route("/signout", posted(leave), methods=["POST"]),
    Route("/signout/everywhere", posted(leave_everywhere), methods=["POST"]),
]
