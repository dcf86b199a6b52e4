"""A visitor who speaks the websocket protocol of Streamlit's browser part, honestly or not.

Opens the socket as a browser does (origin, cookies, the XSRF token as second sub-protocol), asks for runs of the
script, keeps every frame, sends widget states back, and uploads files. What it sends is never checked here: that is
the server's part.
"""

import re
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from progressions.web.cookie import COOKIE, SEAT
from tests.wire.screen import FINISHED, Screen, Widget

SECONDS = 60
XSRF = re.compile(r"_streamlit_xsrf=([^;]+)")


class Tab:
    """One open page. ``address`` is path and query; ``session`` the sign-in cookie's value, "" for nobody, ``seat``
    that of a seat in a team's session.
    """

    def __init__(
        self,
        url: str,
        address: str = "/",
        session: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        existing_session_id: str = "",
        origin: str = "",
        seat: str = "",
    ) -> None:
        parts = urlsplit(address)
        self.url = url
        self.screen = Screen(parts.path.strip("/"), parts.query)
        self._xsrf = _xsrf_token(url)
        cookies = {"_streamlit_xsrf": self._xsrf, COOKIE: session, SEAT: seat}
        self._cookies = "; ".join(f"{name}={value}" for name, value in cookies.items() if value)
        protocols = ["streamlit", self._xsrf or "PLACEHOLDER_AUTH_TOKEN", existing_session_id]
        self._open = ExitStack()
        self.socket = self._open.enter_context(
            connect(
                f"ws://{urlsplit(url).netloc}/_stcore/stream",
                origin=origin or url,  # type: ignore[arg-type]
                subprotocols=[each for each in protocols if each],  # type: ignore[misc]
                additional_headers={"Cookie": self._cookies, **(headers or {})},
                max_size=None,
                open_timeout=SECONDS,
                close_timeout=1,
                ping_interval=None,
            )
        )

    def __enter__(self) -> "Tab":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the socket; the server keeps the session for a while."""
        self._open.close()

    def run(self, fragment: str = "") -> Screen:
        """Asks for a run with the widget states as they are, and waits until it and what it led to have ended."""
        self.send(self.screen.rerun(fragment))
        return self.wait()

    def send(self, message: bytes | BackMsg) -> None:
        """Sends a message as it is, whatever it says."""
        self.socket.send(message if isinstance(message, bytes) else message.SerializeToString())

    def wait(self, seconds: float = SECONDS) -> Screen:
        """Takes in messages until a run has ended; TimeoutError where none does."""
        while True:
            message = self.screen.absorb(self._frame(seconds))
            if message.WhichOneof("type") == "script_finished" and message.script_finished in FINISHED:
                return self.screen

    def _frame(self, seconds: float) -> bytes:
        frame = self.socket.recv(timeout=seconds)
        assert isinstance(frame, bytes)
        return frame

    def wait_for(self, kind: str, seconds: float = SECONDS) -> ForwardMsg:
        """Takes in messages until one of this kind has come, and returns it."""
        while True:
            message = self.screen.absorb(self._frame(seconds))
            if message.WhichOneof("type") == kind:
                return message

    def go(self, address: str) -> Screen:
        """Opens another page of the application in the same tab, as its menu does."""
        parts = urlsplit(address)
        self.screen.page, self.screen.query, self.screen.page_hash = parts.path.strip("/"), parts.query, ""
        return self.run()

    def choose(self, widget: Widget, value: Any) -> Screen:
        """Gives a widget a value and runs what it stands in."""
        self.screen.put(widget, value)
        return self.run(widget.fragment)

    def press(self, label: str) -> Screen:
        """Presses the button with this label."""
        return self.choose(self.screen.one("button", label), True)

    def upload(self, widget: Widget, name: str, content: bytes) -> Screen:
        """Uploads a file into an uploader and runs the script with it."""
        message = BackMsg()
        asked = message.file_urls_request
        asked.request_id, asked.session_id = str(uuid.uuid4()), self.screen.session_id
        asked.file_names.append(name)
        self.send(message)
        urls = self.wait_for("file_urls_response").file_urls_response.file_urls[0]
        assert self.put_file(urls.upload_url, name, content) in (200, 204)
        held = FileUploaderState()
        info = held.uploaded_file_info.add()
        info.file_id, info.name, info.size = urls.file_id, name, len(content)
        info.file_urls.CopyFrom(urls)
        return self.choose(widget, held)

    def put_file(self, path: str, name: str, content: bytes) -> int:
        """The status that the server answers to bytes sent to an upload address."""
        line = uuid.uuid4().hex
        head = f'--{line}\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\n\r\n'.encode()
        headers = {
            "Content-Type": f"multipart/form-data; boundary={line}",
            "Cookie": self._cookies,
            "X-Xsrftoken": self._xsrf,
        }
        body = head + content + f"\r\n--{line}--\r\n".encode()
        request = urllib.request.Request(f"{self.url}{path}", data=body, headers=headers, method="PUT")
        return fetched(request)[0]

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of an address of the application, asked with this visitor's cookies."""
        return self.ask("GET", path)

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        """The same by any method, as one of the application's own pages would ask."""
        headers = {"Cookie": self._cookies, "Origin": self.url}
        return fetched(urllib.request.Request(f"{self.url}{path}", data=body, headers=headers, method=method))


def fetched(request: urllib.request.Request) -> tuple[int, bytes]:
    """Status and body of an answer, whatever its status."""
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


def _xsrf_token(url: str) -> str:
    """The token that the server gives each visitor with its sign of life, which the browser part asks for first."""
    with urllib.request.urlopen(f"{url}/_stcore/health", timeout=SECONDS) as answer:
        found = XSRF.search("; ".join(answer.headers.get_all("Set-Cookie") or []))
    return found.group(1) if found else ""
