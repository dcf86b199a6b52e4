"""Going on on another device, over plain HTTP and without a script: the same seat, under a cookie of its own.

A link and a code are made when a button is pressed, never by looking at a page, and used up by a button too: previews
and scanners of mail open links.
"""

import math

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from progressions import codes
from progressions.clock import utc_now
from progressions.errors import UserError
from progressions.services import devices, sign_in, voting
from progressions.team_session import Room, Seat
from progressions.web import installation, qr
from progressions.web.cookie import keep_seat, seat_token
from progressions.web.plain_forms import Fields, go, posted, told_plainly
from progressions.web.plain_pages import Form, Link, Way, answer, page
from progressions.web.visitor import place

VOTE = "/vote"
DEVICE = "/device"
TITLE = "Go on on another device"
ONE_PERSON = "You stay one person with one vote: each device shows the newest, and neither overwrites the other."
CLOSED = "This session is closed: what was agreed is to be seen where you have joined."
MINUTES = int(devices.GOOD_FOR.total_seconds() // 60)
BACK = Link(VOTE, "Back to the vote")
JOIN = Link("/join", "Type a code")


def held_by(request: Request) -> tuple[Seat, Room] | None:
    """The seat that a browser holds, and its session."""
    return voting.seated(installation.store(), seat_token(request.cookies), utc_now())


def show_own(request: Request) -> Response:
    """What it is about, and the button that makes a link; for whoever holds a seat."""
    if held_by(request) is None:
        return _no_seat()
    return _own_page(ONE_PERSON, "The button shows a link and a code for the other device.")


def offer(request: Request, _fields: Fields) -> Response:
    """A link, its picture and a code, once."""
    try:
        made = devices.offer(installation.store(), seat_token(request.cookies), utc_now())
    except UserError as problem:
        return _own_page(str(problem), status=429)
    if made is None:
        return _no_seat() if held_by(request) is None else answer(page(TITLE, CLOSED, link=BACK), 403)
    base = installation.settings().public_url or f"{request.url.scheme}://{request.url.netloc}"
    link = f"{base}{DEVICE}/{made.link}"
    type_it = f"Scan this with the other device, or open {base.partition('://')[2]}/join there and type the code."
    way = Way(qr.picture(link), "QR code that opens this session on another device", codes.room_text(made.code))
    once = f"It works once, within {MINUTES} minutes. Whoever uses it votes as you: show it to nobody else."
    send = "No camera? Send yourself this link, and open it there:"
    return answer(page(TITLE, type_it, way, once, send, ways=(Link(link, link),), link=BACK))


def show_offered(request: Request) -> Response:
    """Whose seat a link gives, and the button that takes it. Only looks."""
    link = request.path_params["link"]
    found = None if codes.parse_room(link) else devices.offered(installation.store(), link, utc_now())
    return asks(request, link, found) if found else _dead(request)


def asks(request: Request, way: str, found: tuple[Seat, Room]) -> Response:
    """Whether this device is to go on with the seat that a link or a code gives."""
    seat, room = found
    held = held_by(request)
    is_in = held is not None and held[1].session_id == room.session_id
    if held and held[0].id == seat.id:
        here = "This is a device that you vote on already. Open the link, or type the code, on the other one."
        return answer(page(room.partnership_title, here, link=BACK))
    whose = (
        f"You go on as {seat.name}, with what you have voted." if seat.name else "You go on with what you have voted."
    )
    texts = [room.partnership_title, whose]
    if held and is_in:
        other = held[0].name or "somebody else"
        texts.append(f"This device has joined as {other}. Those votes stay, until the facilitator takes {other} out.")
    hidden = (("way", way), ("page", sign_in.new_token()))
    form = Form(f"{DEVICE}/take", "Go on here", hidden=hidden)
    return answer(page("Go on on this device", *texts, forms=(form,), link=None))


def take(request: Request, fields: Fields) -> Response:
    """Uses a link or a code up; then on to the vote with a cookie for the same seat."""
    way = fields.get("way", "")
    wait = voting.WRONG.count(place(request)) if codes.parse_room(way) else 0.0
    if wait:
        text = page("Wait a moment", voting.NOT_CODES, link=JOIN)
        return answer(text, 429, {"Retry-After": str(math.ceil(wait))})
    token = devices.take(installation.store(), way, utc_now(), place(request), page=fields.get("page", ""))
    if token is None:
        return _dead(request)
    response = go(VOTE)
    keep_seat(response, request, token)
    return response


def _own_page(*texts: str, status: int = 200) -> Response:
    return answer(page(TITLE, *texts, forms=(Form(DEVICE, "Show the link and the code"),), link=BACK), status)


def _no_seat() -> Response:
    text = "Join on this device first, or use the device where you have joined."
    return answer(page("This device is in no session", text, link=JOIN), 403)


def _dead(request: Request) -> Response:
    """Whoever goes on here already, and came back by the back button, needs no other one."""
    title, once = "This does not work any more", f"A link or a code works once, and for {MINUTES} minutes."
    if held_by(request) is not None:
        return answer(page(title, once, "This device is in a session already.", link=BACK), 403)
    again = f"On the device where you joined, choose “{TITLE}” once more."
    return answer(page(title, once, again, link=JOIN), 403)


DEVICE_ROUTES = [
    Route(DEVICE, told_plainly(show_own), methods=["GET"]),
    Route(DEVICE, posted(offer), methods=["POST"]),
    Route(f"{DEVICE}/take", posted(take), methods=["POST"]),
    Route(f"{DEVICE}/{{link:str}}", told_plainly(show_offered), methods=["GET"]),
]
