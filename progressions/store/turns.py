"""Whose turn it is to write: the one who has waited longest."""

from collections import deque
from threading import Event, Lock


class Turns:
    """Lets one thread at a time through, in the order in which they came. Shared between threads.

    Python's own lock is taken by whoever comes past when it is free. In a hall where everybody saves at one moment,
    some would find it taken again and again, until their patience ends and they are told that nothing was saved.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken = False
        self._waiting: deque[Event] = deque()

    def take(self, patience: float) -> bool:
        """Waits for the turn; False where it has not come after so many seconds. Whoever took it gives it back."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            mine = Event()
            self._waiting.append(mine)
        if mine.wait(patience):
            return True
        with self._lock:
            if mine.is_set():  # it came at the last moment
                return True
            self._waiting.remove(mine)
        return False

    def give_back(self) -> None:
        """Ends the turn: the next one has it."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()  # taken still, by the next
            else:
                self._taken = False
