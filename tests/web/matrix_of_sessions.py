"""Who may do what in a team’s session and in the hall: the matrix’s rows."""

# ruff: noqa: ARG005 — every call has the same three arguments, whether it needs them or not

from collections.abc import Callable
from typing import Any

from progressions.errors import UserError
from progressions.services import (
    agreeing,
    hall,
    reveals,
    role_alike,
    team_sessions,
    voting,
)
from progressions.store.votes import HERE_AGAIN
from progressions.team_session import Answer, Naming, Role, Room, Side
from tests.factories import NOW
from tests.web.matrix_words import (
    ALL,
    PEN,
    SEATED,
    STAFF,
    WRITERS,
    Place,
    Row,
    everywhere,
    of,
)


def _opening(at: Place) -> team_sessions.Wish:
    """A wish for a session at the first convening, where there is none yet."""
    return team_sessions.Wish(at.partnership, at.world.days[0], Naming.ALIAS, True, (at.open,))


def _room(at: Place) -> Room:
    team = at.team
    said = (team.partnership, team.partnership_title, team.naming, team.has_votes, team.revision)
    return Room(team.id, at.world.network, *said)


def _refused_as(sentence: str, call: Callable[[], Any]) -> None:
    """What is refused to those who may too, with a sentence of its own: the others never get as far as that."""
    try:
        call()
    except UserError as problem:
        if str(problem) != sentence:
            raise


SESSIONS: dict[str, Row] = {
    "agreeing.agreed": Row(lambda s, p, at: agreeing.agreed(s, p, at.team), of(WRITERS, STAFF)),
    "agreeing.to_agree": Row(lambda s, p, at: agreeing.to_agree(s, p, at.team), of(WRITERS, STAFF)),
    "hall.set_countdown": Row(
        lambda s, p, at: hall.set_countdown(s, p, at.day, 5, NOW), everywhere(STAFF), silent=True
    ),
    "hall.watch": Row(lambda s, p, at: hall.watch(s, p, at.day, NOW), everywhere(STAFF)),
    "reveals.count_paper": Row(
        lambda s, p, at: reveals.count_paper(s, p, at.led_by(p), at.open, Side.LEA, {1: 3}, NOW),
        of(WRITERS, STAFF),
    ),
    "reveals.outlook": Row(lambda s, p, at: reveals.outlook(s, p, at.team, [at.open]), of(WRITERS, STAFF)),
    "reveals.paper_counts": Row(lambda s, p, at: reveals.paper_counts(s, p, at.team), of(WRITERS, STAFF)),
    "reveals.reveal": Row(lambda s, p, at: reveals.reveal(s, p, at.led_by(p), [at.open], NOW), of(WRITERS, STAFF)),
    "reveals.revealed": Row(
        lambda s, p, at: reveals.revealed(s, p, at.team), of(WRITERS | {"rater"}, STAFF | {"guest"})
    ),
    "reveals.second_vote": Row(
        lambda s, p, at: reveals.second_vote(s, p, at.led_by(p), at.revealed, NOW), of(WRITERS, STAFF)
    ),
    "role_alike.show": Row(
        lambda s, p, at: role_alike.show(s, p, at.day, Role.DEAN, (at.revealed,), NOW), of(STAFF, STAFF)
    ),
    "role_alike.views": Row(
        lambda s, p, at: role_alike.views(s, p, at.day, Role.DEAN, (at.revealed,)), of(STAFF, STAFF)
    ),
    "team_sessions.add_domains": Row(
        lambda s, p, at: team_sessions.add_domains(s, p, at.led_by(p), (at.open,), NOW), of(WRITERS, STAFF)
    ),
    "team_sessions.bring_back": Row(
        lambda s, p, at: _refused_as(HERE_AGAIN, lambda: team_sessions.bring_back(s, p, at.led_by(p), at.seat, NOW)),
        of(WRITERS, STAFF),
        silent=True,
    ),
    # Asks no store: of another network it knows no more than that staff may lead whatever they may see.
    "team_sessions.check_leads": Row(
        lambda s, p, at: team_sessions.check_leads(p, at.led_by(p)),
        {"own": WRITERS, "peer": STAFF, "foreign": STAFF},
        silent=True,
    ),
    "team_sessions.close": Row(lambda s, p, at: team_sessions.close(s, p, at.led_by(p), NOW), of(WRITERS, STAFF)),
    "team_sessions.hand_over": Row(
        lambda s, p, at: team_sessions.hand_over(s, p, at.led_by(p), at.world.people["head"], NOW), of(WRITERS, STAFF)
    ),
    "team_sessions.may_lead": Row(lambda s, p, at: team_sessions.may_lead(s, p, at.team), of(WRITERS, STAFF)),
    "team_sessions.new_room_code": Row(
        lambda s, p, at: team_sessions.new_room_code(s, p, at.led_by(p), NOW), of(WRITERS, STAFF)
    ),
    "team_sessions.open_session": Row(
        lambda s, p, at: team_sessions.open_session(s, p, _opening(at), NOW), of(WRITERS, STAFF)
    ),
    "team_sessions.remove": Row(
        lambda s, p, at: team_sessions.remove(s, p, at.led_by(p), at.seat, NOW), of(WRITERS, STAFF), silent=True
    ),
    "team_sessions.remove_newcomers": Row(
        lambda s, p, at: team_sessions.remove_newcomers(s, p, at.led_by(p), at.team.opened_at, NOW), of(WRITERS, STAFF)
    ),
    "team_sessions.remove_name": Row(
        lambda s, p, at: team_sessions.remove_name(s, p, at.led_by(p), at.seat, NOW), of(WRITERS, STAFF), silent=True
    ),
    "team_sessions.reopen": Row(lambda s, p, at: team_sessions.reopen(s, p, at.led_by(p), NOW), of(WRITERS, STAFF)),
    "team_sessions.session_of": Row(
        lambda s, p, at: team_sessions.session_of(s, p, at.partnership, at.day), of(WRITERS, STAFF)
    ),
    "team_sessions.set_timer": Row(
        lambda s, p, at: team_sessions.set_timer(s, p, at.led_by(p), 5, NOW), of(WRITERS, STAFF)
    ),
    "team_sessions.take_over": Row(lambda s, p, at: team_sessions.take_over(s, p, at.team, NOW), of(WRITERS, STAFF)),
    "team_sessions.void_room_code": Row(
        lambda s, p, at: team_sessions.void_room_code(s, p, at.led_by(p), NOW), of(WRITERS, STAFF)
    ),
    "team_sessions.progress": Row(lambda s, p, at: team_sessions.progress(s, p, at.team), of(WRITERS, STAFF)),
    "team_sessions.watch": Row(lambda s, p, at: team_sessions.watch(s, p, at.partnership, at.day), of(WRITERS, STAFF)),
    # The seat says in which session, and what is not on its table cannot be voted on.
    "voting.save_vote": Row(
        lambda s, p, at: voting.save_vote(s, p, at.open, Answer(1), base=1, pen=PEN, now=NOW), of(SEATED, SEATED)
    ),
    "voting.team_session": Row(
        lambda s, p, at: voting.team_session(s, p, _room(at)), of(ALL - {"guest"}, STAFF | {"guest"})
    ),
}
