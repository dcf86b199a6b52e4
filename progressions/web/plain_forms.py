"""Routes for our own plain forms: what they carry, whose they are, and what people read when something fails."""

from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from progressions.errors import UserError
from progressions.web.defects import number_of
from progressions.web.plain_pages import HEADERS, HOME, answer, page
from progressions.web.visitor import is_from_elsewhere

MOST_BYTES = 4_096  # of a form: a token, a code or a name is far shorter
MOST_FIELDS = 6

Fields = dict[str, str]


def go(address: str) -> Response:
    """Sends the browser on to another page, after a form too."""
    return RedirectResponse(address, status_code=303, headers=HEADERS)


def posted(act: Callable[[Request, Fields], Response]) -> Callable[[Request], Awaitable[Response]]:
    """A route for a form of ours. Another site's is refused: it could sign people in as somebody else, or out."""

    async def route(request: Request) -> Response:
        if is_from_elsewhere(request):
            text = "It came from another site. Open Progressions itself, and try again there."
            return answer(page("This was not done", text), 403)
        fields = await fields_of(request)
        if fields is None:
            return answer(page("This was not done", "What was sent is too long.", link=HOME), 413)
        return await run_in_threadpool(told_plainly(lambda asked: act(asked, fields)), request)

    return route


async def fields_of(request: Request) -> Fields | None:
    """The fields of a form, the first of each name; None where it is larger than any of ours."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return None
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=MOST_FIELDS)
    except ValueError:  # more fields than that
        return None
    return {name: values[0] for name, values in fields.items()}


def told_plainly(show: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """A route whose failure is a page with a sentence: ours with a number that the log has too."""

    def route(request: Request) -> Response:
        try:
            return show(request)
        except UserError as problem:
            return answer(page("This does not work now", str(problem)), 503, {"Retry-After": "10"})
        except Exception as problem:  # of any kind: a bare page says nothing to the person, and nothing to us
            told = f"Tell whoever runs Progressions the number {number_of(problem)}."
            text = f"Something went wrong on our side. {told}"
            return answer(page("This does not work now", text), 500)

    return route
