"""A tiny application whose page follows topics. How far they are stands in a file, as if another process wrote it."""

import json
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from streamlit.starlette import App

from progressions.web import push

TOPICS = Path(os.environ["TOPICS_FILE"])
asked = 0


def revisions() -> dict[str, int]:
    global asked
    asked += 1
    found: dict[str, int] = json.loads(TOPICS.read_text(encoding="utf-8"))
    return found


@asynccontextmanager
async def lifespan(_app: App) -> AsyncGenerator[None, None]:
    async with push.following(revisions, seconds=float(os.environ["EVERY_SECONDS"])):
        yield


async def nudge(_request: Request) -> Response:
    push.nudge()
    return Response(status_code=204)


async def counts(_request: Request) -> Response:
    assert push._Pushing.current is not None
    followers = len(push._Pushing.current._all())
    return JSONResponse({"asked": asked, "followers": followers, "runs": push.runs_under_way()})


app = App("page.py", routes=[Route("/nudge", nudge), Route("/counts", counts)], lifespan=lifespan)
