"""Security headers on every answer. The policy rendered charts, tables and maths when it was measured."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from progressions.web import to_the_top

METRICS = "/_stcore/metrics"  # names our caches and counts sessions, to anybody
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@cache
def content_security_policy() -> str:
    """The policy; the inline scripts allowed are the one in Streamlit's own page and our one line, by their hashes."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in (*INLINE_SCRIPT.findall(page), to_the_top.SCRIPT))
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {hashes}".strip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' ws: wss:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        )
    )


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


class SecurityHeaders:
    """ASGI middleware that adds the headers to every HTTP answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes websockets through untouched."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", content_security_policy())
                headers["X-Content-Type-Options"] = "nosniff"
                headers["X-Frame-Options"] = "DENY"
                headers.setdefault("Referrer-Policy", "same-origin")
            await send(message)

        if scope["path"].rstrip("/").endswith(METRICS):
            await PlainTextResponse("Not Found", 404)(scope, receive, send_with_headers)
            return
        await self.app(scope, receive, send_with_headers)


def middleware(public_url: str) -> list[Middleware]:
    """What stands before every route, the headers outermost: a refusal carries them too.

    Where the public address is known, no other name is answered, so that no other site's name can be made to lead here.
    """
    if not public_url:
        return [Middleware(SecurityHeaders)]
    names = [urlsplit(public_url).hostname or "localhost", "localhost", "127.0.0.1"]
    return [Middleware(SecurityHeaders), Middleware(TrustedHostMiddleware, allowed_hosts=names)]
