"""Our own HTTP routes: signing in, files to download, and a sign of life. Each file route checks the cookie."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from progressions.clock import utc_now, zone_of
from progressions.errors import UserError
from progressions.people import Principal
from progressions.services import exports, pictures, record, rubrics, templates
from progressions.store import Store
from progressions.text import slug
from progressions.web import installation, navigation
from progressions.web.device_routes import DEVICE_ROUTES
from progressions.web.join_routes import JOIN_ROUTES
from progressions.web.plain_forms import told_plainly
from progressions.web.plain_pages import answer, page
from progressions.web.session_routes import SESSION_ROUTES
from progressions.web.sign_in_routes import SIGN_IN, SIGN_IN_ROUTES, principal_of

TYPES = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _download(request: Request, name: str, form: str, make: Callable[[Store, Principal], bytes]) -> Response:
    """A file for whoever is signed in and may have it.

    Not for who asks only for its head: the file would be made, and the record would tell of an export that was none.
    """
    if request.method != "GET":
        return PlainTextResponse("", 405, {"Allow": "GET"})
    principal = principal_of(request)
    if principal is None:
        return _closed()
    try:
        content = make(installation.store(), principal)
    except UserError as problem:
        return _refused(problem)
    return _file(content, f"{principal.network.code}-{name}.{form}", form)


def download_rubrics(request: Request) -> Response:
    """The network's rubrics as a workbook."""
    return _download(request, "rubrics", "xlsx", lambda store, who: rubrics.workbook(store, who, utc_now()))


def download_rubric_template(request: Request) -> Response:
    """A rubric workbook to fill in."""
    return _download(request, "rubric-template", "xlsx", lambda _store, _principal: rubrics.template())


def download_ratings(request: Request) -> Response:
    """All ratings that this person may take with them, as csv or xlsx, long or wide."""
    form, layout = request.path_params["form"], request.query_params.get("layout", "long")
    return _download(
        request, "ratings", form, lambda store, who: exports.ratings_file(store, who, form, layout, now=utc_now())
    )


def download_ratings_template(request: Request) -> Response:
    """The network's ratings as a workbook to fill in."""
    return _download(
        request, "ratings-template", "xlsx", lambda store, who: templates.ratings_template(store, who, utc_now())
    )


def download_partnership(request: Request) -> Response:
    """Everything that one partnership has said, to take along."""
    code = request.query_params.get("partnership", "")
    name = "-".join(filter(None, ["partnership", slug(code)]))  # staff take several along
    return _download(
        request, name, "xlsx", lambda store, who: exports.partnership_workbook(store, who, code, utc_now())
    )


def download_record(request: Request) -> Response:
    """The record of who did what, as csv or xlsx."""
    form = request.path_params["form"]
    return _download(request, "record", form, lambda store, who: record.record_file(store, who, form, utc_now()))


def download_figure(request: Request) -> Response:
    """A figure as png, svg, csv or xlsx; the address says of what, and where the reader's day is read."""
    name, form = request.path_params["name"], request.path_params["form"]
    of = dict(request.query_params)
    now = utc_now().astimezone(zone_of(of.pop(pictures.ZONE, "")))
    asked = pictures.Asked(name, of)
    return _download(request, asked.file_name, form, lambda store, who: pictures.picture(store, who, asked, form, now))


def _file(content: bytes, name: str, form: str) -> Response:
    return Response(
        content,
        media_type=TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _closed() -> Response:
    text = "Open the sign-in link that you were given, or type your code; then come back."
    return answer(page("Sign in first", text, link=SIGN_IN), 403)


def _refused(problem: UserError) -> Response:
    return answer(page("This file is not available", str(problem)), 404)


def home(request: Request) -> Response:
    """Home under its own name: its address is the bare one, and Streamlit knows no other for it."""
    return RedirectResponse(f"/?{request.url.query}" if request.url.query else "/", 303)


def healthz(_request: Request) -> Response:
    """Answers when the process serves and its database answers."""
    with installation.store().read_directory() as directory:
        directory.networks()
    return PlainTextResponse("ok")


ROUTES = [
    *SIGN_IN_ROUTES,
    *JOIN_ROUTES,
    *DEVICE_ROUTES,
    *SESSION_ROUTES,
    Route("/download/rubrics.xlsx", told_plainly(download_rubrics)),
    Route("/download/rubric-template.xlsx", told_plainly(download_rubric_template)),
    Route("/download/ratings-template.xlsx", told_plainly(download_ratings_template)),
    Route("/download/ratings.{form:str}", told_plainly(download_ratings)),
    Route("/download/partnership.xlsx", told_plainly(download_partnership)),
    Route("/download/record.{form:str}", told_plainly(download_record)),
    Route("/download/figures/{name:str}.{form:str}", told_plainly(download_figure)),
    Route(f"/{navigation.HOME}", home),
    Route("/healthz", healthz),
]
