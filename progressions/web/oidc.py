"""Signing in at an identity provider, where ``[auth]`` is in Streamlit's secrets, by what ``st.login`` stands on.

Streamlit's own routes speak with the provider (state, nonce, PKCE, the token's signature and claims: all by Authlib)
and answer with cookies of theirs. Those cookies stop here: what Streamlit signed is read from its answer on the way
out, and the browser is given our session cookie in their place. So there is one kind of sign-in, which the database can
end; no token of the provider is kept anywhere; and a cookie or a header that names a user opens nothing, for none is
ever read.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from streamlit.auth_util import (
    encode_provider_token,
    get_cookie_with_chunks,
    get_secrets_auth_section,
    validate_auth_credentials,
)
from streamlit.errors import StreamlitAuthError
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_auth_routes import create_auth_routes
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from progressions.clock import utc_now
from progressions.errors import UserError
from progressions.services import identities
from progressions.services.sign_in import Arrival, principal_of
from progressions.web import installation
from progressions.web.cookie import keep_session, session_token
from progressions.web.plain_pages import HEADERS, Link, answer, page
from progressions.web.visitor import place

LOGIN, CALLBACK = "/auth/login", "/oauth2callback"
DEFAULT = "default"  # Streamlit's name for a provider that is set up in [auth] itself
TITLE = "title"  # our one addition to a provider's section: what people call it
UNNAMED = "your organization’s account"
UNREACHABLE = 400  # what Streamlit answers where the provider cannot be asked
OTHER_WAY = Link("/signin", "Sign in another way")
NOT_INVITED = (
    "Ask network staff to invite you with the e-mail address that the account has confirmed, or use the link or the "
    "code that you were given."
)
DID_NOT_WORK = "The account could not be confirmed. Try once more, or use the link or the code that you were given."

Speak = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Provider:
    """An identity provider as it is set up; ``name`` is its section's, ``title`` what people call it."""

    name: str
    title: str


def providers() -> tuple[Provider, ...]:
    """The providers that are set up completely, in the order of the file; none where there is no ``[auth]``."""
    section = get_secrets_auth_section()
    if not section:
        return ()
    said = section.to_dict()
    sections = {DEFAULT: said, **{name: value for name, value in said.items() if isinstance(value, dict)}}
    return tuple(Provider(name, _title(name, found)) for name, found in sections.items() if _is_complete(name))


def ways() -> tuple[Link, ...]:
    """The links that begin signing in at each provider; none where nothing is set up."""
    return tuple(Link(f"/signin/with/{quote(p.name)}", f"Sign in with {p.title}") for p in providers())


async def go_to_provider(request: Request) -> Response:
    """Sends the browser to the provider that the address names."""
    name = request.path_params["provider"]
    if name not in {provider.name for provider in providers()}:
        return _refused("There is no such way to sign in", DID_NOT_WORK, 404)
    query = urlencode({"provider": encode_provider_token(name)}).encode()
    response = await _streamlit(LOGIN)(Request({**request.scope, "query_string": query}, request.receive))
    return (
        _refused("The sign-in cannot be reached now", DID_NOT_WORK, 503)
        if response.status_code == UNREACHABLE
        else response
    )


async def come_back(request: Request) -> Response:
    """What the provider sends the browser back to: a session of ours for whoever is invited, for others a page."""
    response = await _streamlit(CALLBACK)(request)
    return await run_in_threadpool(_admit, request, _claims_in(response)) if providers() else response


def _admit(request: Request, claims: identities.Claims | None) -> Response:
    older = session_token(request.cookies)
    arrival = Arrival(utc_now(), installation.settings().session_days, place(request), older)
    try:
        if claims is None:  # refused there, not confirmed here, or an old page that was gone back to
            is_here = principal_of(installation.store(), older, arrival.now) is not None
            return _home() if is_here else _refused("This sign-in did not work", DID_NOT_WORK, 403)
        token = identities.sign_in(installation.store(), claims, arrival)
    except UserError as problem:
        return _refused("This does not work now", str(problem), 503)
    if token is None:
        return _refused("This account is not invited", NOT_INVITED, 403)
    response = _home()
    keep_session(response, request, token)
    return response


def _claims_in(response: Response) -> identities.Claims | None:
    """What Streamlit signed into the cookies of its answer; None where it signed nobody in."""
    cookies = SimpleCookie()
    for line in response.headers.getlist("set-cookie"):
        cookies.load(line)
    signed = get_cookie_with_chunks(lambda name: _unsigned(cookies, name), USER_COOKIE_NAME)
    if not signed:
        return None
    said = json.loads(signed)
    issuer, subject, email, name = (str(said.get(claim) or "") for claim in ("iss", "sub", "email", "name"))
    return identities.Claims(issuer, subject, email, said.get("email_verified") is True, name)


def _unsigned(cookies: SimpleCookie, name: str) -> bytes | None:
    found = cookies.get(name)
    return decode_signed_value(get_cookie_secret(), name, found.value) if found else None


def _streamlit(path: str) -> Speak:
    """What Streamlit itself answers at one of its addresses."""
    speak: Speak = next(route.endpoint for route in create_auth_routes("") if route.path == path)
    return speak


def _is_complete(name: str) -> bool:
    try:
        validate_auth_credentials(name)
    except StreamlitAuthError:
        return False
    return True


def _title(name: str, section: dict[str, Any]) -> str:
    return str(section.get(TITLE) or (UNNAMED if name == DEFAULT else name.capitalize()))


def _refused(title: str, text: str, status: int) -> Response:
    return answer(page(title, text, link=OTHER_WAY), status)


def _home() -> Response:
    return RedirectResponse("/", status_code=303, headers=HEADERS)


OIDC_ROUTES = [
    Route("/signin/with/{provider:str}", go_to_provider, methods=["GET"]),
    Route(CALLBACK, come_back, methods=["GET"]),
]
"""They go before Streamlit's own: at its address for the way back, ours answers."""
