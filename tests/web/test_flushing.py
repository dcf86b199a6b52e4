"""Streamlit's bundles of messages come as often as we say: asked of the loop that sends them."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.runtime import runtime, runtime_util
from streamlit.runtime.runtime import RuntimeState

from progressions.web import flushing


def test_bundles_come_as_often_as_we_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, flushing.CONSTANT, runtime_util.MESSAGE_FLUSH_INTERVAL_SECS)
    assert _pauses(monkeypatch) == {0.005}
    flushing.shorten()
    assert _pauses(monkeypatch) == {flushing.SECONDS}


def _pauses(monkeypatch: pytest.MonkeyPatch) -> set[float]:
    """How long Streamlit's own loop pauses between two bundles."""
    pauses: set[float] = set()

    class Sessions:
        def list_active_sessions(self) -> list[object]:
            return []

        list_sessions = list_active_sessions

    async def once() -> None:
        sending = object.__new__(runtime.Runtime)
        sending._state = RuntimeState.ONE_OR_MORE_SESSIONS_CONNECTED
        sending._session_mgr = Sessions()  # type: ignore[assignment]
        loop = asyncio.get_running_loop()
        names = ("must_stop", "has_connection", "need_send_data")
        events = {name: asyncio.Event() for name in names}
        futures = {name: loop.create_future() for name in ("started", "stopped")}
        sending._async_objs = runtime.AsyncObjects(eventloop=loop, **events, **futures)

        async def pause(seconds: float) -> None:
            pauses.add(seconds)
            events["must_stop"].set()

        with monkeypatch.context() as watched:
            watched.setattr(runtime.asyncio, "sleep", pause)
            await sending._loop_coroutine()

    with ThreadPoolExecutor(1) as beside:  # this thread may have the loop of a browser that other tests drive
        beside.submit(asyncio.run, once()).result()
    return pauses
