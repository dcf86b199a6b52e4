"""Open pages hear that something has changed; no phone asks.

A fragment says at which revision it has drawn a topic (``follow``). One task on the server's event loop asks once for
all of them how far the topics are, and has those fragments run again that are behind: the people's own runs first, a
few fragments at a time, and never one of a session in which something is under way.

Streamlit has no public way to run a part of somebody else's page. ``run_every`` makes every phone ask again and again,
``st.rerun`` reaches its own session only, and a component that listens to a stream of ours would cost each phone a
second connection, a script and a trip there and back. So this module, and no other, asks a session to run as its own
browser would (``AppSession.request_rerun``; Streamlit's ``runtime/agent`` does the same), naming the fragment and no
widget: values that the server knows stay, presses of buttons do not come back. ``tests/web/test_push.py`` holds a newer
Streamlit to this over the real websocket.
"""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from zlib import crc32

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime import exists, get_instance
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

AT_ONCE = 4  # pushed runs at one time, fewer while people's own are under way
PAUSE = 0.01  # seconds until the next look where people's own runs go first
UNDER_WAY = 2.0  # seconds after which a pushed run counts no longer: one that hangs must not stop the others
RUN = "ScriptRunner.scriptThread"  # what Streamlit calls the thread of a run

ON_WAKING = 24 * 60 * 60.0
"""For ``st.fragment(run_every=…)`` of whatever follows, in seconds.

A browser that comes back, from sleep or after the server's restart, runs its page only where it keeps such a timer;
without one it would go on showing what it showed, unknown to the server, until somebody taps. The timer as such hardly
ever fires.
"""

_log = logging.getLogger(__name__)

Revisions = Callable[[], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class _Follower:
    """One fragment of an open page, or the page itself (``fragment`` "").

    ``at`` is when it last ran or was last told to, in seconds of the monotonic clock.
    """

    session_id: str
    fragment: str
    page_hash: str
    topic: str
    seen: int
    least_seconds: float
    is_large: bool
    at: float

    @property
    def patience(self) -> float:
        """Seconds between two of its runs: ``least_seconds`` and up to half as much again, so that eleven screens that
        were opened at one moment do not draw at one moment for ever, which every tap of that moment waits for.
        """
        return self.least_seconds * (1 + crc32(self.session_id.encode()) % 100 / 200)

    @property
    def place(self) -> tuple[str, str]:
        return self.session_id, self.fragment


def follow(topic: str, seen: int, *, least_seconds: float = 0.0, is_large: bool = False) -> None:
    """Says in the body of a fragment, or of a page, that what it draws is the topic at this revision.

    The fragment runs again once the topic is further, and not before ``least_seconds`` have passed since it ran. A
    fragment follows one topic; what it follows in a later run replaces it. One that ``is_large`` waits until the others
    have been told: a screen takes as long to draw as a dozen phones. Does nothing where no ``following`` is open. For a
    page that wakes, see ``ON_WAKING``.
    """
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or _Pushing.current is None:
        return
    fragment = ThreadState.get().fragment_id or ""
    place = (context.session_id, fragment, context.page_script_hash)
    _Pushing.current.note(_Follower(*place, topic, seen, least_seconds, is_large, time.monotonic()))


def nudge() -> None:
    """Has the revisions looked at now, for a change that people wait for. May be called from any thread."""
    if _Pushing.current is not None:
        _Pushing.current.nudge()


def runs_under_way() -> int:
    """How many pages, or parts of them, are being drawn just now in this process."""
    return sum(thread.name == RUN for thread in threading.enumerate())


@asynccontextmanager
async def following(revisions_of: Revisions, seconds: float = 0.5) -> AsyncGenerator[None, None]:
    """Keeps all followers up to date as long as it is open; belongs into the server's lifespan.

    ``revisions_of`` gives how far every topic is. It is asked in a thread of its own, every so many seconds and after
    each ``nudge``, and never while nobody follows anything.
    """
    before = _Pushing.current
    pushing = _Pushing.current = _Pushing(revisions_of, seconds)
    task = asyncio.create_task(pushing.work(), name="push")
    try:
        yield
    finally:
        _Pushing.current = before
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class _Pushing:
    """Who follows what, and the task that serves them. All but ``note`` and ``nudge`` belong to the event loop."""

    current: "_Pushing | None" = None

    def __init__(self, revisions_of: Revisions, seconds: float) -> None:
        self._revisions_of = revisions_of
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._nudged = asyncio.Event()
        self._lock = threading.Lock()
        self._followers: dict[tuple[str, str], _Follower] = {}
        self._under_way: set[asyncio.Task[None] | None] = set()
        self._ended = asyncio.Event()

    def note(self, follower: _Follower) -> None:
        with self._lock:
            self._followers[follower.place] = follower

    def nudge(self) -> None:
        self._loop.call_soon_threadsafe(self._nudged.set)

    async def work(self) -> None:
        waiting = False
        while True:
            if not waiting:
                await self._rest()
            self._nudged.clear()
            try:
                waiting = await self._round()
            except Exception:
                # Whatever it was (a database that is away): an ended task would leave every open page as it is.
                _log.exception("Open pages could not be told what has changed")
                waiting = False

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._nudged.wait(), self._seconds)
        except TimeoutError:
            return

    async def _round(self) -> bool:
        """Asks once how far the topics are and tells who is behind; whether some still wait for their turn."""
        if not self._followers or not exists():
            return False
        revisions = await asyncio.to_thread(self._revisions_of)
        self._forget_the_gone()
        behind = deque(self._behind(revisions))
        until = time.monotonic() + self._seconds
        while behind and not self._nudged.is_set() and time.monotonic() < until:
            if not self._is_free() or not self._tell(behind, revisions):
                await self._a_moment()
        return bool(behind)

    async def _a_moment(self) -> None:
        """Until a pushed run has ended; no longer than a ``PAUSE``, because nothing says when people's own runs end."""
        self._ended.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(PAUSE):
                await self._ended.wait()

    def _all(self) -> list[_Follower]:
        with self._lock:
            return list(self._followers.values())

    def _forget_the_gone(self) -> None:
        """A phone that sleeps counts as gone: when it wakes, its page runs anyway (``ON_WAKING``)."""
        gone = [each for each in self._all() if _is_gone(each, _session_of(each))]
        with self._lock:
            for each in gone:
                if self._followers.get(each.place) is each:
                    del self._followers[each.place]

    def _tell(self, behind: "deque[_Follower]", revisions: Mapping[str, int]) -> bool:
        """Begins the run of the first who can run now; those before it who are busy come to the end of the line.

        False where all of them are busy with something of their own.
        """
        for _ in range(len(behind)):
            follower = behind.popleft()
            session = _session_of(follower)
            if session is None or _is_gone(follower, session) or self._followers.get(follower.place) is not follower:
                continue  # gone, or run by itself meanwhile
            if session.is_settled:
                self._push(follower, session, revisions[follower.topic])
                return True
            behind.append(follower)
        return False

    def _behind(self, revisions: Mapping[str, int]) -> list[_Follower]:
        """Who has not seen the newest and may run again: what is small first, then whoever has waited longest."""
        now = time.monotonic()
        return [
            each
            for each in sorted(self._all(), key=lambda follower: (follower.is_large, follower.at))
            if revisions.get(each.topic, each.seen) > each.seen and now - each.at >= each.patience
        ]

    def _is_free(self) -> bool:
        """Whether one more run may begin: the more people's own are under way the fewer, but never none for long."""
        pushed = len(self._under_way)
        return pushed < max(1, AT_ONCE - max(0, runs_under_way() - pushed))

    def _push(self, follower: _Follower, session: AppSession, revision: int) -> None:
        # Told counts as seen: a fragment that follows nothing any more, or fails, does not run again and again.
        self.note(replace(follower, seen=revision, at=time.monotonic()))
        session.request_rerun(_as_its_browser_would_ask(session, follower.fragment))
        self._under_way.add(asyncio.create_task(self._until_it_ends(session)))

    async def _until_it_ends(self, session: AppSession) -> None:
        """Until its browser has been sent all that the run drew."""
        with suppress(TimeoutError):
            async with asyncio.timeout(UNDER_WAY):
                await session.wait_until_settled()
        self._under_way.discard(asyncio.current_task())
        self._ended.set()


def _session_of(follower: _Follower) -> AppSession | None:
    """The follower's session, None while nobody is connected to it."""
    session = get_instance().get_app_session(follower.session_id)
    if session is not None:
        session.track_settling()
    return session


def _is_gone(follower: _Follower, session: AppSession | None) -> bool:
    """Whether the follower is no longer on any screen. While a run is under way nobody can say: its page may change."""
    if session is None:
        return True
    if not session.is_settled:
        return False
    another_page = session.page_script_hash != follower.page_hash
    return another_page or (follower.fragment != "" and not session.has_fragment(follower.fragment))


def _as_its_browser_would_ask(session: AppSession, fragment: str) -> ClientState:
    """The message of a browser with nothing to say of any widget, on the page and at the address where it is."""
    last = session._client_state  # kept nowhere else: the address as the last run left it, and the visitor's time zone
    asked = ClientState(
        query_string=last.query_string,
        page_script_hash=session.page_script_hash,
        fragment_id=fragment,
        is_auto_rerun=True,
    )
    if last.HasField("context_info"):
        asked.context_info.CopyFrom(last.context_info)
    return asked
