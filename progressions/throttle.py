"""How often codes may be tried: pure counting with a clock that is given, and a door that stands behind it.

It counts in memory, in each process by itself, not in the database: there every guess would be a write, and whoever
guesses would keep the one writer busy that the taps of a whole hall wait for. A restart forgets, and several processes
each allow as much; a secret of 60 random bits does not mind either.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from threading import BoundedSemaphore, Lock

from progressions import codes
from progressions.errors import UserError

TOO_MANY = "Too many codes were tried. Wait {wait}, then type the code again."
BUSY_SECONDS = 2.0  # what somebody is asked to wait when every turn is taken
IPV6_SITE = 64  # whoever has one such address has all that share these first bits


class TooManyTriesError(UserError):
    """The code was not looked at; ``seconds`` from now it may be."""

    def __init__(self, seconds: float) -> None:
        whole = math.ceil(seconds)
        super().__init__(TOO_MANY.format(wait="a second" if whole <= 1 else f"{whole} seconds"))
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Allowance:
    """``most`` failures at once, then one more each ``seconds``; the last ``kept`` keys that failed are remembered.

    Only failures that cost a check are counted, and the checks of one process are about 40 a second: the number kept
    is above what that makes until the oldest would be forgiven anyway.
    """

    most: int
    seconds: float
    kept: int


SELECTOR = Allowance(most=5, seconds=20.0, kept=10_000)
PLACE = Allowance(most=600, seconds=1.0, kept=30_000)  # a hall of 300 behind one address may mistype twice each


class Failures:
    """Failures by key, forgiven one by one at an even pace. Of each key only the moment when all are is kept."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._forgiven_at: dict[str, float] = {}  # the key that failed last comes last

    def are_forgiven(self, key: str, now: float) -> bool:
        """Whether nothing counts against the key."""
        return self._forgiven_at.get(key, now) <= now

    def wait(self, key: str, now: float) -> float:
        """Seconds until one more is allowed; 0.0 where it is."""
        left = self._forgiven_at.get(key, now) - now
        return max(0.0, left - (self._allowance.most - 1) * self._allowance.seconds)

    def count(self, key: str, now: float) -> None:
        """Adds one; forgets the key that failed longest ago where there are too many."""
        before = self._forgiven_at.pop(key, now)
        if len(self._forgiven_at) >= self._allowance.kept:
            del self._forgiven_at[next(iter(self._forgiven_at))]
        self._forgiven_at[key] = max(before, now) + self._allowance.seconds

    def take_back(self, key: str) -> None:
        """Takes one away again."""
        if key in self._forgiven_at:
            self._forgiven_at[key] -= self._allowance.seconds


class Throttle:
    """Who may try a code now: by its selector, known or not alike, and by the place it comes from."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._selectors = Failures(SELECTOR)
        self._places = Failures(PLACE)
        self._lock = Lock()

    def begin(self, selector: str, place: str, *, is_known: bool) -> float:
        """0.0: the code may be checked, and counts as wrong until ``take_back``. Else seconds to wait, uncounted.

        A place with too many failures is not shut: the first try of a known selector is still checked, so that right
        people get in from a hall in which somebody guesses. A wrong one is answered there as an unknown selector is; a
        clock may still tell the two apart, by the time that the check takes. That stays: to do as much for every
        unknown selector would be the unlimited guessing that this keeps out, and would take the turns of the right
        people. What is found out is that somebody holds a selector, which is public; the secret has its 60 bits, and
        one more try at it is not had for 20 seconds.
        """
        with self._lock:
            now = self._clock()
            wait = self._selectors.wait(selector, now)
            if wait:
                return wait
            is_first = is_known and self._selectors.are_forgiven(selector, now)
            if self._places.wait(place, now) and not is_first:
                return SELECTOR.seconds  # the same for every selector: it says nothing about them
            self._selectors.count(selector, now)
            self._places.count(place, now)
            return 0.0

    def is_over(self, place: str) -> bool:
        """Whether a place has used up its failures: then no answer to a wrong code says whether anybody holds it."""
        with self._lock:
            return self._places.wait(place, self._clock()) > 0

    def take_back(self, selector: str, place: str) -> None:
        """The code was right, or was not checked after all: it costs nothing."""
        with self._lock:
            self._selectors.take_back(selector)
            self._places.take_back(place)


class Turns:
    """Two checks at one moment, which take 16 MB each and a processor; a few more wait, the rest is sent away.

    Whoever waits holds one of the forty threads that serve every route: hence only a few, and shortly.
    """

    def __init__(self, at_once: int = 2, waiting: int = 14, seconds: float = 4.0) -> None:
        self._line = BoundedSemaphore(at_once + waiting)
        self._turns = BoundedSemaphore(at_once)
        self._seconds = seconds

    @contextmanager
    def turn(self) -> Iterator[None]:
        """TooManyTriesError where the line is full or does not move."""
        if not self._line.acquire(blocking=False):
            raise TooManyTriesError(BUSY_SECONDS)
        try:
            if not self._turns.acquire(timeout=self._seconds):
                raise TooManyTriesError(BUSY_SECONDS)
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._line.release()


class Door:
    """Checks codes, but no more often than the throttle allows. One for a process, safe between threads."""

    def __init__(
        self,
        throttle: Throttle | None = None,
        turns: Turns | None = None,
        matches: Callable[[str, str], bool] = codes.matches,
    ) -> None:
        self._throttle = throttle or Throttle()
        self._turns = turns or Turns()
        self._matches = matches

    def opens(self, code: codes.Code, stored: str | None, came_from: str) -> bool:
        """Whether ``stored``, the hash that is kept for the selector, is of this code; None is for an unknown one.

        Both take the same work. TooManyTriesError where the code is not looked at now.
        """
        place = place_of(came_from)
        is_over = self._throttle.is_over(place)
        wait = self._throttle.begin(code.selector, place, is_known=stored is not None)
        if wait:
            raise TooManyTriesError(wait)
        try:
            with self._turns.turn():
                is_right = self._matches(code.secret, stored or codes.NOBODYS) and stored is not None
        except TooManyTriesError:
            self._throttle.take_back(code.selector, place)
            raise
        if is_right:
            self._throttle.take_back(code.selector, place)
        elif is_over:
            raise TooManyTriesError(SELECTOR.seconds)  # as it is for an unknown selector
        return is_right


def place_of(came_from: str) -> str:
    """What tries are counted by: the address at the end of "browser 192.0.2.7", of an IPv6 one its site."""
    try:
        address = ip_address(came_from.rpartition(" ")[2])
    except ValueError:
        return came_from
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or IPv6Network((address, IPV6_SITE), strict=False))
