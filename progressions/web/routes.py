"""Our own HTTP routes: sign-in by link, files to download, and a sign of life. Each file route checks the cookie."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from progressions.clock import utc_now
from progressions.errors import UserError
from progressions.people import Principal
from progressions.services import exports, pictures, rubrics, sign_in, templates
from progressions.store import Store
from progressions.web import installation
from progressions.web.plain_pages import page

COOKIE = "progressions_session"
SECONDS_A_DAY = 24 * 60 * 60
TYPES = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def signin(request: Request) -> Response:
    """Turns a one-time link into a session cookie and goes on to the application."""
    if request.method == "HEAD":  # a preview of the link, not its opener: the link must stay unused
        return Response(headers={"Cache-Control": "no-store"})
    settings = installation.settings()
    token = sign_in.use_link(
        installation.store(), request.query_params.get("link", ""), settings.session_days, utc_now()
    )
    if token is None:
        return HTMLResponse(
            page(
                "This link does not work any more",
                "A sign-in link works once, for one day. Ask whoever sent it for a new one. "
                "On the machine that runs Progressions: python -m progressions link",
            ),
            status_code=403,
            headers={"Cache-Control": "no-store"},
        )
    answer = RedirectResponse("/", status_code=303, headers={"Cache-Control": "no-store"})
    answer.set_cookie(
        COOKIE,
        token,
        max_age=settings.session_days * SECONDS_A_DAY,
        httponly=True,
        samesite="lax",
        secure=_is_https(request, settings.public_url),
    )
    return answer


def _is_https(request: Request, public_url: str) -> bool:
    """Behind a proxy the request itself says http: the public address knows better."""
    return request.url.scheme == "https" or public_url.startswith("https:")


def _principal(request: Request) -> Principal | None:
    return sign_in.principal_of(installation.store(), request.cookies.get(COOKIE, ""), utc_now())


def _download(request: Request, name: str, form: str, make: Callable[[Store, Principal], bytes]) -> Response:
    """A file for whoever is signed in and may have it."""
    principal = _principal(request)
    if principal is None:
        return _closed()
    try:
        content = make(installation.store(), principal)
    except UserError as problem:
        return _refused(problem)
    return _file(content, f"{principal.network.code}-{name}.{form}", form)


def download_rubrics(request: Request) -> Response:
    """The network's rubrics as a workbook."""
    return _download(request, "rubrics", "xlsx", rubrics.workbook)


def download_rubric_template(request: Request) -> Response:
    """A rubric workbook to fill in."""
    return _download(request, "rubric-template", "xlsx", lambda _store, _principal: rubrics.template())


def download_ratings(request: Request) -> Response:
    """All ratings that this person may take with them, as csv or xlsx, long or wide."""
    form, layout = request.path_params["form"], request.query_params.get("layout", "long")
    return _download(
        request, "ratings", form, lambda store, principal: exports.ratings_file(store, principal, form, layout)
    )


def download_ratings_template(request: Request) -> Response:
    """The network's ratings as a workbook to fill in."""
    today = utc_now().date()
    return _download(
        request,
        "ratings-template",
        "xlsx",
        lambda store, principal: templates.ratings_template(store, principal, today),
    )


def download_figure(request: Request) -> Response:
    """A figure as png, svg or csv; the address says of what."""
    name, form = request.path_params["name"], request.path_params["form"]
    asked, today = pictures.Asked(name, dict(request.query_params)), utc_now().date()
    return _download(
        request, name, form, lambda store, principal: pictures.picture(store, principal, asked, form, today)
    )


def _file(content: bytes, name: str, form: str) -> Response:
    return Response(
        content,
        media_type=TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _closed() -> Response:
    return HTMLResponse(page("Sign in first", "Open the sign-in link that you were given, then come back."), 403)


def _refused(problem: UserError) -> Response:
    return HTMLResponse(page("This file is not available", str(problem)), 404)


def healthz(_request: Request) -> Response:
    """Answers when the process serves and its database answers."""
    with installation.store().read_directory() as directory:
        directory.networks()
    return PlainTextResponse("ok")


ROUTES = [
    Route("/signin", signin, methods=["GET"]),
    Route("/download/rubrics.xlsx", download_rubrics),
    Route("/download/rubric-template.xlsx", download_rubric_template),
    Route("/download/ratings-template.xlsx", download_ratings_template),
    Route("/download/ratings.{form:str}", download_ratings),
    Route("/download/figures/{name:str}.{form:str}", download_figure),
    Route("/healthz", healthz),
]
