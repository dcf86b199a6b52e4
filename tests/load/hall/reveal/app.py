"""What a push costs without anything of Progressions behind it: one topic, in memory, moved on by `/reveal`."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from streamlit.starlette import App

from progressions.web import push
from tests.load.hall.reveal import topics


@asynccontextmanager
async def lifespan(_app: App) -> AsyncGenerator[None, None]:
    async with push.following(lambda: topics.REVISIONS):
        yield


async def reveal(_request: Request) -> Response:
    topics.REVISIONS["hall"] += 1
    push.nudge()
    return Response(topics.text())


app = App("page.py", routes=[Route("/reveal", reveal, methods=["POST"])], lifespan=lifespan)
