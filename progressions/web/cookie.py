"""The cookie that holds the session token: how it is named, set, read and deleted."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from progressions.web import installation

COOKIE = "progressions_session"
HOST_COOKIE = f"__Host-{COOKIE}"
"""The name over https: browsers take it from this very host only; no neighbour under the same domain can plant it."""

SECONDS_A_DAY = 24 * 60 * 60


def session_token(cookies: Mapping[str, str]) -> str:
    """The token that a browser sent, "" where it sent none. Where https is known to be in use, only from that name."""
    plain = "" if _public_is_https() else cookies.get(COOKIE, "")
    return cookies.get(HOST_COOKIE) or plain


def keep_session(answer: Response, request: Request, token: str) -> None:
    """Gives the browser the token for as many days as a sign-in lasts."""
    secure = _is_https(request)
    answer.set_cookie(
        HOST_COOKIE if secure else COOKIE,
        token,
        max_age=installation.settings().session_days * SECONDS_A_DAY,
        path="/",
        httponly=True,
        samesite="lax",
        secure=secure,
    )


def drop_session(answer: Response) -> None:
    """Takes the cookie away, by whichever name it came."""
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    answer.delete_cookie(HOST_COOKIE, path="/", httponly=True, samesite="lax", secure=True)


def _is_https(request: Request) -> bool:
    """Behind a proxy the request itself may say http: the public address knows better."""
    return request.url.scheme == "https" or _public_is_https()


def _public_is_https() -> bool:
    return installation.settings().public_url.startswith("https:")
