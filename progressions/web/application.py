"""What the ASGI application is made of: the script, our own routes and middleware, and what happens at start."""

import gc
import os
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from streamlit import config

from progressions.clock import utc_now
from progressions.errors import UserError
from progressions.measures.chance import sign_test
from progressions.services import voting
from progressions.services.start import Started, prepare
from progressions.web import flushing, installation, push, reading_ahead, say, steady_config
from progressions.web.defects import number_of
from progressions.web.headers import middleware
from progressions.web.oidc import OIDC_ROUTES
from progressions.web.routes import ROUTES as OWN_ROUTES

COLLECT = (20_000, 50, 1_000)
"""How seldom Python looks for garbage in cycles. Its own (700, 10, 10) cost a hall of 300 raters a sixth more."""

# A larger file must reach us to be refused in our words; in megabytes, and never smaller than what may be read.
MEGABYTE = 1024 * 1024
config.set_option("server.maxUploadSize", -(-installation.settings().read_limits.file_bytes // MEGABYTE))
SCRIPT = Path(__file__).parent / "main.py"
ROUTES = [*OWN_ROUTES, *OIDC_ROUTES]
MIDDLEWARE = middleware(installation.settings().public_url)

__all__ = ["MIDDLEWARE", "ROUTES", "SCRIPT", "lifespan", "show_error"]


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncGenerator[None, None]:
    """Makes the store ready before the first visitor is served, and prints the way in."""
    try:
        started = prepare(installation.settings(), utc_now())
    except UserError as problem:
        print(f"\n  Progressions cannot start: {problem}\n", file=sys.stderr, flush=True)
        os._exit(1)  # nothing has begun that would need an orderly end, and any other exit prints a page of traceback
    print(_greeting(started, _address()), file=sys.stderr, flush=True)
    sign_test(1, 0)  # its library takes more than a second to load, which the first visitor need not wait for
    steady_config.keep()
    flushing.shorten()
    # What start-up made lives as long as the process: collections need not look at it again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT)
    try:
        async with push.following(_revisions):
            yield
    finally:
        reading_ahead.end()
        installation.store().close()  # the file alone can be copied then


def _revisions() -> Mapping[str, int]:
    return voting.revisions(installation.store(), utc_now())


def _address() -> str:
    return installation.settings().public_url or f"http://localhost:{st.get_option('server.port')}"


def _greeting(started: Started, address: str) -> str:
    lines = ["", f"  Progressions is at {address}"]
    if started.loaded_example:
        lines.append("  The invented example network has been loaded.")
    if started.link_token:
        lines.append(f"  This one-time link signs you in as {started.link_name}:")
        lines.append(f"  {address}/signin?link={started.link_token}")
    else:
        lines.append("  Network staff are signed in. For another one-time link: python -m progressions link")
    return "\n".join([*lines, ""])


def show_error(problem: Exception) -> bool:
    """What a person sees of a defect of ours: a sentence with an id. The log has the rest under the same id."""
    if isinstance(problem, UserError):
        say.refused(problem)
        return True
    st.error(
        f"Something went wrong on our side. Nothing was saved by this step. Reload the page; if it happens again, "
        f"tell whoever runs Progressions the number {number_of(problem)}.",
        icon=":material/error:",
    )
    return True
