"""Joining a session by its room code, over plain HTTP and without a script: one short page, then the vote."""

import math

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from progressions import codes
from progressions.clock import utc_now
from progressions.errors import UserError
from progressions.people import EXAMPLE_NOTE
from progressions.services import devices, sign_in, voting
from progressions.services.voting import LONGEST_NAME, WRONG_ROOM, Newcomer
from progressions.team_session import Naming, Role, Room, Seat, Side
from progressions.web import device_routes, installation
from progressions.web.cookie import keep_seat, seat_token
from progressions.web.device_routes import VOTE, held_by
from progressions.web.plain_forms import Fields, go, posted, told_plainly
from progressions.web.plain_pages import LONGEST_CODE, Choice, Field, Form, Link, Part, Pick, Text, answer, page
from progressions.web.visitor import place
from progressions.web.wording import ROLES, SIDES

ANEW = "anew"  # the parameter of somebody who has joined already and wants another name or side
NAMES = {Naming.NAMED: "Your name", Naming.ALIAS: "An alias: any name that you choose"}


def show_join(request: Request) -> Response:
    """A field for the room code."""
    held = held_by(request)
    link = Link(VOTE, f"Back to the session of {held[1].partnership_title}") if held else None
    return _code_page(link=link)


def show_room(request: Request) -> Response:
    """What a session asks of a newcomer; whoever has joined already is led straight in."""
    text = request.path_params["code"]
    room = voting.room(installation.store(), text)
    if room is None:
        return _wrong(request, text)
    held = held_by(request)
    is_in = held is not None and held[1].session_id == room.session_id
    if is_in and ANEW not in request.query_params:
        return go(VOTE)
    return _room_page(text, room, _said(held[0]) if held and is_in else {})


def join(request: Request, fields: Fields) -> Response:
    """Looks a typed code up, or takes a seat and goes on to the vote."""
    text = fields.get("code", "")
    room = voting.room(installation.store(), text)
    if room is None:
        return _of_a_device(request, text) if "side" not in fields else _wrong(request, text)
    if "side" not in fields:
        return go(f"/join/{codes.parse_room(text)}")
    newcomer = _newcomer(fields)
    if newcomer is None:
        return _room_page(text, room, fields, problem="Choose your side and your role.")
    held, pressed = seat_token(request.cookies), fields.get("page", "")
    try:
        token = voting.join(installation.store(), text, newcomer, utc_now(), place(request), token=held, page=pressed)
    except UserError as problem:
        return _room_page(text, room, fields, problem=str(problem))
    if token is None:
        return _wrong(request, text)
    response = go(VOTE)
    keep_seat(response, request, token)
    return response


def _said(seat: Seat) -> Fields:
    """What somebody who has joined said of themselves, as the form carries it."""
    return {"name": seat.name, "side": seat.side.value, "role": seat.role.value}


def _newcomer(fields: Fields) -> Newcomer | None:
    try:
        return Newcomer(fields.get("name", ""), Side(fields.get("side", "")), Role(fields.get("role", "")))
    except ValueError:
        return None


def _code_page(problem: str = "", status: int = 200, *, typed: str = "", link: Link | None = None) -> Response:
    form = Form("/join", "Go on", fields=(Field("code", "Room code", problem, typed),))
    text = "It stands on the screen in front: eight letters and digits. You need no account."
    other = "Have you joined on another device already? Type the code that it shows."
    return answer(page("Join your team’s session", text, other, forms=(form,), link=link), status)


def _of_a_device(request: Request, typed: str) -> Response:
    """Whoever types what their other device shows is led on; a place that has guessed too often is not even heard."""
    wait = voting.WRONG.count(place(request))
    found = None if wait else devices.offered(installation.store(), typed, utc_now())
    return device_routes.asks(request, typed, found) if found else _not_found(typed, wait)


def _wrong(request: Request, typed: str) -> Response:
    return _not_found(typed, voting.WRONG.count(place(request)))


def _not_found(typed: str, wait: float) -> Response:
    """The field for the code once more, with what was typed: most wrong codes are wrong in one letter."""
    typed = typed[:LONGEST_CODE]
    if not wait:
        return _code_page(WRONG_ROOM, 403, typed=typed)
    response = _code_page(voting.NOT_CODES, 429, typed=typed)
    response.headers["Retry-After"] = str(math.ceil(wait))
    return response


def _room_page(text: str, room: Room, said: Fields, problem: str = "") -> Response:
    """The form, with what was ``said`` of each field already: nobody fills it in twice, whatever was refused."""
    if not room.has_votes:
        told = "This session is held without votes: look at the screen in front."
        return answer(page(room.partnership_title, told, link=None))
    fields: tuple[Part, ...] = (
        Choice("side", "Your side", tuple((side.value, SIDES[side]) for side in Side), said.get("side", "")),
        Pick("role", "Your role", tuple((role.value, ROLES[role]) for role in Role), said.get("role", "")),
    )
    if room.naming is not Naming.ANONYMOUS:
        complete = "name" if room.naming is Naming.NAMED else "off"
        name = Text("name", NAMES[room.naming], LONGEST_NAME, said.get("name", ""), problem, complete)
        fields = (name, *fields)
    form = Form("/join", "Join", hidden=(("code", text), ("page", sign_in.new_token())), fields=fields)
    first = [problem] if problem and room.naming is Naming.ANONYMOUS else []  # there is no name to say it beside
    first += [EXAMPLE_NOTE] if room.network.is_example else []
    whose = "Your votes are private. They are shown together, when the facilitator reveals them."
    return answer(page(room.partnership_title, *first, _called(room.naming), whose, forms=(form,), link=None))


def _called(naming: Naming) -> str:
    if naming is Naming.NAMED:
        return "In this session people go by their names, and after the reveal everybody sees whose vote is whose."
    if naming is Naming.ALIAS:
        return "In this session people go by an alias. Nobody is shown whose vote is whose."
    return "This session is anonymous: nobody asks for your name."


JOIN_ROUTES = [
    Route("/join", told_plainly(show_join), methods=["GET"]),
    Route("/join/{code:str}", told_plainly(show_room), methods=["GET"]),
    Route("/join", posted(join), methods=["POST"]),
]
