"""The cookies that hold tokens, of a sign-in and of a seat in a session: how they are named, set, read and deleted."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from progressions.web import installation

COOKIE = "progressions_session"
HOST_COOKIE = f"__Host-{COOKIE}"
"""The name over https: browsers take it from this very host only; no neighbour under the same domain can plant it."""

SEAT = "progressions_seat"
HOST_SEAT = f"__Host-{SEAT}"
"""A seat is no sign-in: it opens one session of one partnership, for a vote."""

SEAT_DAYS = 2  # a convening and the way home
SECONDS_A_DAY = 24 * 60 * 60


def session_token(cookies: Mapping[str, str]) -> str:
    """The token that a browser sent, "" where it sent none. Where https is known to be in use, only from that name."""
    return _token(cookies, COOKIE, HOST_COOKIE)


def seat_token(cookies: Mapping[str, str]) -> str:
    """The token of the seat that a browser holds, "" where it holds none."""
    return _token(cookies, SEAT, HOST_SEAT)


def _token(cookies: Mapping[str, str], name: str, host_name: str) -> str:
    plain = "" if _public_is_https() else cookies.get(name, "")
    return cookies.get(host_name) or plain


def keep_session(answer: Response, request: Request, token: str) -> None:
    """Gives the browser the token for as many days as a sign-in lasts."""
    _keep(answer, request, (COOKIE, HOST_COOKIE), token, installation.settings().session_days)


def keep_seat(answer: Response, request: Request, token: str) -> None:
    """Gives the browser the token of a seat, so that it is known again after sleep, reload and restart."""
    _keep(answer, request, (SEAT, HOST_SEAT), token, SEAT_DAYS)


def _keep(answer: Response, request: Request, names: tuple[str, str], token: str, days: int) -> None:
    secure = _is_https(request)
    answer.set_cookie(
        names[secure],
        token,
        max_age=days * SECONDS_A_DAY,
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
