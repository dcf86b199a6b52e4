"""How what is costly is kept in memory: under a key that says all that decides it, or brought up to date."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


def of_what(*of: Hashable, **_only_to_make_it: object) -> Hashable:
    """The key of what a hall asks for at every run: the positional arguments, as they are.

    Where ``st.cache_resource`` makes a digest of them each time, which takes longer than all else that a phone's run
    asks for.
    """
    return of


class Held(Generic[T]):
    """Something as it was looked at last: the next look reads what was saved since."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._revision = -1
        self._seen: T | None = None

    def at(self, revision: int, look: Callable[[T | None], T]) -> T:
        """As it is at the revision, or later."""
        with self._lock:
            if self._seen is None or revision > self._revision:
                self._seen, self._revision = look(self._seen), revision
            return self._seen
