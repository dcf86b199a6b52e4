"""One person, one seat, several devices: somebody who has joined on a phone goes on on a laptop too."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from progressions import codes
from progressions.errors import UserError
from progressions.record import Action
from progressions.services import voting
from progressions.services.sign_in import hash_of, new_token, token_of_page
from progressions.store import Store
from progressions.team_session import Room, Seat
from progressions.throttle import Allowance

GOOD_FOR = timedelta(minutes=10)  # long enough to fetch the laptop from its bag
MOST_DEVICES = 4  # beside the first: nobody holds more, and a seat that is passed around stays small
TOO_MANY = f"You have gone on on {MOST_DEVICES} other devices already. Go on on one of them."
TOO_FAST = "You have asked for very many links. Wait a moment, then ask for one more."
ASKING = voting.Pace(Allowance(most=20, seconds=10.0, kept=10_000))
"""Counted by seat: nobody needs twenty links, and each is a write."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What lets one device more into a seat, once and for ``GOOD_FOR``: the token of a link, or a code to type.

    A code has the forty random bits of a room code, and is typed in the same field.
    """

    link: str
    code: str


def offer(store: Store, token: str, now: datetime) -> Offer | None:
    """A new link and code for the seat that this browser holds; its older ones that nobody took stop working.

    None where it holds none in an open session. UserError where the seat is held on very many devices, or asks for
    another link again and again.
    """
    if not token:
        return None
    made = Offer(new_token(), codes.new_room_code())
    with store.write_directory() as directory:
        held = directory.seated(hash_of(token), now)  # closed later than now: open
        if held is None:
            return None
        seat = held[1]
        if ASKING.count("", f"seat {seat.id}"):
            raise UserError(TOO_FAST)
        if directory.devices(seat.id) >= MOST_DEVICES:
            raise UserError(TOO_MANY)
        directory.offer_device(seat.id, hash_of(made.link), hash_of(made.code), now, now + GOOD_FOR)
    return made


def offered(store: Store, way: str, now: datetime) -> tuple[Seat, Room] | None:
    """Whose seat a link or a code gives, without using it up; None for any other text, used, or too old."""
    with store.read_directory() as directory:
        found = directory.offered(hash_of(_as_made(way)), now)
    return (found[1], found[2]) if found else None


def take(store: Store, way: str, now: datetime, came_from: str, *, page: str = "") -> str | None:
    """The seat on this device too: a token of its own, for its cookie. None where the way gives no seat.

    Whoever presses the button of one ``page`` twice, or again because the answer was lost, is given the same token.
    """
    way = _as_made(way)
    token = token_of_page(page, way)
    if offered(store, way, now) is None and voting.seated(store, token, now) is None:
        return None  # whoever guesses keeps nobody waiting who writes
    with store.write_directory() as directory:
        found = directory.offered(hash_of(way), now)
        if found is not None and directory.take_device(hash_of(way), hash_of(token), now):
            principal = replace(found[0], came_from=came_from)
            directory.note(principal, Action.DEVICE_ADDED, found[2].partnership_title, now=now)
            return token
        return token if directory.seated(hash_of(token), now - voting.SEEN_AFTER_CLOSING) else None


def _as_made(way: str) -> str:
    """A code as it was drawn, however it was typed; a link's token as it is."""
    return codes.parse_room(way) or way
