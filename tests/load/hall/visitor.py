"""One visitor among many: a tab on an asynchronous socket, who takes the time of what the server does for him."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.load.hall.asking import ask, cookie_line
from tests.wire.screen import FINISHED, Screen, Widget

SECONDS = 60
XSRF = "_streamlit_xsrf"


@dataclass
class Visitor:
    """Somebody at one address of the application, counted from 0. All times are seconds of ``time.perf_counter``.

    Of a text that he is ``looking_for``, ``saw_it`` is when the run that first drew it had ended, 0 before that.
    ``shown`` are the widgets that he can tap: those of the last run that has ended, as in a browser.
    """

    number: int
    url: str
    address: str = "/"
    cookies: dict[str, str] = field(default_factory=dict)
    screen: Screen = field(init=False)
    looking_for: str = ""
    saw_it: float = 0.0
    shown: tuple[Widget, ...] = ()
    closed: str = ""

    def __post_init__(self) -> None:
        parts = urlsplit(self.address)
        self.screen = Screen(parts.path.strip("/"), parts.query)
        self._waiting: list[tuple[str, asyncio.Future[float]]] = []
        self._early: set[str] = set()
        self._drawn = False

    def look_for(self, text: str) -> None:
        """Watches out for a text from now on."""
        self.looking_for, self.saw_it, self._drawn = text, 0.0, False

    async def open(self) -> float:
        """Opens the page as a browser does: sign of life, socket, first run. Seconds until the page is there."""
        began = time.perf_counter()
        health = await ask(self.url, "/_stcore/health", self.cookies)
        self.cookies |= health.cookies
        self._socket: ClientConnection = await connect(
            f"ws://{urlsplit(self.url).netloc}/_stcore/stream",
            origin=self.url,  # type: ignore[arg-type]
            subprotocols=["streamlit", self.cookies.get(XSRF, "PLACEHOLDER_AUTH_TOKEN")],  # type: ignore[list-item]
            additional_headers={"Cookie": cookie_line(self.cookies)},
            max_size=None,
            open_timeout=SECONDS,
            close_timeout=1,
            ping_interval=None,
        )
        self._reading = asyncio.create_task(self._read())
        return await self.run() - began

    async def tap(self, widget: Widget, value: Any) -> float:
        """Gives a widget a value; seconds until the run that takes it in has ended and all it drew has come."""
        self.screen.put(widget, value)
        began = time.perf_counter()
        return await self.run(widget.fragment) - began

    async def run(self, fragment: str = "") -> float:
        """Asks for a run and gives the time at which it ended; TimeoutError or ConnectionError where it never does."""
        ended: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting.append((fragment, ended))
        await self._socket.send(self.screen.rerun(fragment))
        return await asyncio.wait_for(ended, SECONDS)

    async def close(self) -> None:
        """Closes the socket."""
        await self._socket.close()
        await asyncio.gather(self._reading, return_exceptions=True)

    async def _read(self) -> None:
        try:
            async for frame in self._socket:
                assert isinstance(frame, bytes)
                message = self.screen.absorb(frame)
                self.screen.frames.clear()  # hundreds of visitors for an hour: nobody reads them again
                self._drawn |= bool(self.looking_for) and self.looking_for.encode() in frame
                self._note(message, time.perf_counter())
        except ConnectionClosed as problem:
            self.closed = str(problem)
        for _, ended in self._waiting:
            if not ended.done():
                ended.set_exception(ConnectionError(self.closed or "the socket was closed"))

    def _note(self, message: ForwardMsg, now: float) -> None:
        kind = message.WhichOneof("type")
        fragments = set(message.metadata.run.fragment_ids)
        if kind == "new_session":
            # What a fragment drew whose end came "early" is on the screen, unless the next run draws it once more.
            self._end(self._early - fragments if fragments else set(), now)
            self._early = set()
        elif kind == "script_finished" and message.script_finished in FINISHED:
            self.shown = tuple(self.screen.widgets.values())
            self.saw_it = self.saw_it or (now if self._drawn else 0.0)
            whole = message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
            self._end({fragment for fragment, _ in self._waiting} if whole else fragments, now)
        elif kind == "script_finished":
            self._early = fragments

    def _end(self, fragments: set[str], now: float) -> None:
        ended = [future for fragment, future in self._waiting if fragment in fragments]
        self._waiting = [each for each in self._waiting if each[0] not in fragments]
        for each in ended:
            if not each.done():
                each.set_result(now)


def visitors(count: int, url: str, address: str = "/", cookies: Mapping[str, str] | None = None) -> list[Visitor]:
    """So many visitors of one address, each with cookies of his own."""
    return [Visitor(number, url, address, dict(cookies or {})) for number in range(count)]
