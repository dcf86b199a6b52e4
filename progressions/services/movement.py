"""How a partnership has moved: from the store to finished figures. Pure from the frame on."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from progressions import permissions
from progressions.charts.dumbbells import then_now
from progressions.charts.figure import Figure
from progressions.charts.heat import heat
from progressions.charts.labels import level_name, not_shown, overdue_of
from progressions.charts.line import domain_line
from progressions.charts.promises import promises_gone, promises_kept
from progressions.charts.reasons import moves, reasons_given
from progressions.charts.strip import level_strips
from progressions.charts.theme import Mode
from progressions.measures import columns
from progressions.measures.findings import MOVEMENTS
from progressions.measures.frame import Tidied, attendance_frame, brought_up_to_date, of_rubric, tidied, told_frame
from progressions.measures.kinds import Movement
from progressions.measures.lines import convenings_of, heat_table, line_of
from progressions.measures.movement import last_movement, movement_between, standing
from progressions.measures.told import hindsight_points, overdue, promises, reasons_between, told_line
from progressions.people import Partnership, Principal
from progressions.ratings import Convening, StepState
from progressions.rubric import RubricVersion
from progressions.store import Store

if TYPE_CHECKING:
    import pandas as pd

MOST_SINCE = 5_000
"""Changes of ratings that are brought in one by one: with more of them all are read again."""

Ratings: TypeAlias = "tuple[pd.DataFrame, pd.DataFrame]"
"""The tidy frame that somebody sees, and what one partnership told beside its levels."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Every rating that somebody may see, and the number of the latest change in the history that it knows of."""

    ratings: Tidied
    change: int


def frame_of(store: Store, principal: Principal) -> "pd.DataFrame":
    """The tidy frame of every rating that this person may see: the network's for staff, otherwise their own."""
    return seen(store, principal).ratings.frame


def seen(store: Store, principal: Principal, before: Seen | None = None) -> Seen:
    """The ratings of ``frame_of``, to be brought up to date later; ``before``, of somebody who sees the same, now is.

    Read anew where there is none, or where a great deal changed since: an import.
    """
    own = None if permissions.can_see_network(principal) else principal.partnership
    with store.read(principal) as repository:
        since = repository.facts_since(before.change, MOST_SINCE) if before else None
        if before and since:
            return Seen(brought_up_to_date(before.ratings, since.facts, since.gone), since.change)
        change = repository.latest_change()  # first: what is saved while the facts are read comes once more later
        return Seen(tidied(repository.facts(partnership=own)), change)


@dataclass(frozen=True, slots=True)
class Attended:
    """Who rated when, as a frame and as pairs, and the number of the latest change that this knows of."""

    frame: "pd.DataFrame"
    pairs: frozenset[tuple[str, date]]
    change: int


def attendance_of(store: Store, principal: Principal, before: Attended | None = None) -> Attended:
    """Who rated when, for ``expected_convenings``; others than those this person may see are numbers.

    ``before``, of somebody who sees the same, is brought up to date.
    """
    if not permissions.can_see_network(principal):
        permissions.check_can_see_partnership(principal, principal.partnership)
    with store.read(principal) as repository:
        since = repository.attendance_since(before.change, MOST_SINCE) if before else None
        if before and since and since[1] <= before.pairs:
            return Attended(before.frame, before.pairs, since[0])
        change = repository.latest_change()
        pairs = repository.attendance()
        return Attended(attendance_frame(pairs), frozenset(pairs), change)


def told_of(store: Store, principal: Principal, partnership: str) -> "pd.DataFrame":
    """What a partnership told beside its levels at all convenings: reasons, promises, hindsights."""
    permissions.check_can_see_partnership(principal, partnership)
    with store.read(principal) as repository:
        return told_frame(repository.told_of(partnership))


def expected_convenings(
    store: Store, principal: Principal, partnership: str, attended: "pd.DataFrame | None" = None
) -> tuple[Convening, ...]:
    """The convenings of a partnership's charts, oldest first: those it rated at, and those it missed.

    Whether it missed one is told by who else was there, so that a gap is a gap for members too, whose own frame does
    not hold the others. ``attended`` is what ``attendance_of`` tells this person, where it was asked already.
    """
    permissions.check_can_see_partnership(principal, partnership)
    attended = attendance_of(store, principal).frame if attended is None else attended
    with store.read(principal) as repository:
        convenings = repository.convenings()
    days = set(convenings_of(attended, partnership))
    return tuple(c for c in convenings if c.held_on in days)


def days_rated(frame: "pd.DataFrame", partnership: str, rubric: str) -> set[str]:
    """The days (ISO) at which a partnership rated anything of a rubric."""
    own = of_rubric(frame[frame[columns.PARTNERSHIP] == partnership], rubric)
    return {day.date().isoformat() for day in own[columns.HELD_ON].unique()}


def titles(convenings: Sequence[Convening]) -> dict[date, str]:
    """The name of each convening that has one; charts show the day of the others.

    Where two have one name, or a table has a column of that name already, the day stands with it.
    """
    taken = Counter([c.title for c in convenings])
    taken.update(BESIDE_CONVENINGS)
    return {c.held_on: c.title if taken[c.title] == 1 else c.label for c in convenings if c.title}


def stands(frame: "pd.DataFrame", partnership: Partnership, version: RubricVersion, mode: Mode) -> Figure:
    """Where a partnership stands in each domain of a rubric."""
    own = standing(frame, partnership.code)
    return level_strips(own, version.rubric, who=partnership.title, mode=mode)


def of_area(version: RubricVersion, area: str) -> RubricVersion:
    """The version with the domains of one of its areas alone, and so called; as it is where it has no such area."""
    rubric = version.rubric
    if area not in rubric.areas:
        return version
    domains = tuple(domain for domain in rubric.domains if domain.area == area)
    return replace(version, rubric=replace(rubric, title=f"{rubric.title}, {area}", domains=domains))


def _elsewhere(version: RubricVersion) -> set[str]:
    """The domains of a version outside of the area that ``of_area`` narrowed it to."""
    return set(version.wordings) - {domain.code for domain in version.rubric.domains}


def one_domain(
    ratings: Ratings,
    partnership: Partnership,
    version: RubricVersion,
    domain: str,
    convenings: Sequence[Convening],
    mode: Mode,
    *,
    today: date,
) -> Figure:
    """One domain of one partnership as a step line over its convenings, with its promises and hindsights."""
    of = (partnership.code, version.rubric.code, domain)
    frame, told = (_pair(each, *of) for each in ratings)
    line = line_of(ratings[0], *of, [c.held_on for c in convenings])
    line = told_line(line, hindsight_points(frame, told), overdue(promises(frame, told), today))
    return domain_line(line, version.rubric, domain, titles(convenings), who=partnership.title, mode=mode)


def _pair(rows: "pd.DataFrame", partnership: str, rubric: str, domain: str) -> "pd.DataFrame":
    columns_of = {columns.PARTNERSHIP: partnership, columns.RUBRIC: rubric, columns.DOMAIN: domain}
    for column, code in columns_of.items():
        rows = rows[rows[column] == code]
    return rows


def all_domains(
    frame: "pd.DataFrame",
    partnership: Partnership,
    version: RubricVersion,
    convenings: Sequence[Convening],
    mode: Mode,
) -> Figure:
    """Every domain of a rubric over the partnership's convenings."""
    table = heat_table(frame, partnership.code, version.rubric.code, [c.held_on for c in convenings])
    named, elsewhere = titles(convenings), _elsewhere(version)
    return heat(table, version.rubric, named, who=partnership.title, elsewhere=elsewhere, mode=mode)


def then_and_now(
    frame: "pd.DataFrame",
    partnership: Partnership,
    version: RubricVersion,
    between: tuple[Convening, Convening],
    mode: Mode,
) -> Figure:
    """Every domain of a rubric at two convenings, the widest change first."""
    own = frame[frame[columns.PARTNERSHIP] == partnership.code]
    moved = movement_between(own, between[0].held_on, between[1].held_on)
    named, elsewhere = _names(between), _elsewhere(version)
    return then_now(moved, version.rubric, *named, who=partnership.title, elsewhere=elsewhere, mode=mode)


def why_moved(
    ratings: Ratings,
    partnership: Partnership,
    version: RubricVersion,
    between: tuple[Convening, Convening],
    mode: Mode,
) -> Figure:
    """The reasons given for what moved between two convenings."""
    frame, told = ratings
    own = frame[frame[columns.PARTNERSHIP] == partnership.code]
    moved = reasons_between(own, told, between[0].held_on, between[1].held_on)
    named, elsewhere = _names(between), _elsewhere(version)
    return reasons_given(moved, version.rubric, *named, who=partnership.title, elsewhere=elsewhere, mode=mode)


def what_moved(
    ratings: Ratings, partnership: Partnership, version: RubricVersion, between: tuple[Convening, Convening]
) -> "pd.DataFrame":
    """The domains that the figure of ``why_moved`` counts, each with from where to where and why."""
    frame, told = ratings
    own = frame[frame[columns.PARTNERSHIP] == partnership.code]
    return moves(reasons_between(own, told, between[0].held_on, between[1].held_on), version.rubric)


def promised(
    ratings: Ratings,
    partnership: Partnership,
    version: RubricVersion,
    convenings: Sequence[Convening],
    mode: Mode,
    *,
    today: date,
) -> Figure:
    """Every next step of a rubric, whether its domain moved afterwards, and which are overdue."""
    frame, told = ratings
    made = overdue(promises(frame[frame[columns.PARTNERSHIP] == partnership.code], told), today)
    named, elsewhere = titles(convenings), _elsewhere(version)
    return promises_kept(made, version.rubric, named, who=partnership.title, elsewhere=elsewhere, mode=mode)


def promised_of_none(ratings: Ratings, partnership: Partnership, version: RubricVersion) -> int:
    """How many next steps are of domains that the rubric no longer has: ``promised`` counts and does not show them."""
    frame, told = ratings
    made = promises(frame[frame[columns.PARTNERSHIP] == partnership.code], told)
    return promises_gone(made, version.rubric, _elsewhere(version))


@dataclass(frozen=True, slots=True)
class Promised:
    """A next step in words. ``due`` is None where no day was named, ``late`` "" where it is not overdue."""

    text: str
    owner: str
    due: date | None
    state: StepState
    late: str


def promised_last(ratings: Ratings, partnership: str, today: date) -> tuple[Promised, ...]:
    """The next steps of the partnership's latest convening with any, and after them earlier ones that are overdue."""
    frame, told = ratings
    made = overdue(promises(frame[frame[columns.PARTNERSHIP] == partnership], told), today)
    shown = made[(made[columns.HELD_THEN] == made[columns.HELD_THEN].max()) | made[columns.OVERDUE]]
    return tuple(_promised(row) for row in shown.to_dict("records"))


def _promised(row: "dict[Any, Any]") -> Promised:
    due = row[columns.DUE]
    return Promised(
        row[columns.STEP],
        row[columns.OWNER],
        None if due is None or due != due else due.date(),
        StepState(row[columns.STEP_STATE]),
        overdue_of(row),
    )


def _names(between: tuple[Convening, Convening]) -> tuple[str, str]:
    """What two convenings are called."""
    named = titles(between)
    then, now = (named.get(c.held_on, c.label) for c in between)
    return then, now


BESIDE_CONVENINGS = ("Area", "Domain", "Partnership")
"""Headings of the columns that stand beside those of convenings in tables."""


@dataclass(frozen=True, slots=True)
class Move:
    """One domain that moved, in words: titles and level labels."""

    rubric: str
    domain: str
    domain_code: str
    rubric_code: str
    then: str
    now: str
    held_then: date
    up: bool


@dataclass(frozen=True, slots=True)
class LastMoves:
    """What moved at a partnership's latest convening, None where it has none, rises first.

    ``gone`` are the moves of domains that their rubrics no longer have, which have no place on today's screens.
    """

    held_on: date | None
    moves: tuple[Move, ...] = ()
    gone: int = 0

    @property
    def left_out(self) -> str:
        """A sentence about those that are gone, "" where none is."""
        return not_shown(domains=self.gone, of_domains=MOVEMENTS).removeprefix("; ").capitalize()


def last_moves(frame: "pd.DataFrame", partnership: str, versions: Sequence[RubricVersion]) -> LastMoves:
    """What moved at the partnership's latest convening, against each domain's rating before."""
    moved = last_movement(frame, partnership)
    if moved.empty:
        return LastMoves(None)
    latest = moved[columns.HELD_NOW].max()
    ways = [Movement.UP.value, Movement.DOWN.value]
    rows = moved[(moved[columns.HELD_NOW] == latest) & moved[columns.MOVEMENT].isin(ways)]
    by_code = {v.rubric.code: v for v in versions}
    moves = [_move(row, by_code) for row in rows.to_dict("records") if _is_known(row, by_code)]
    return LastMoves(latest.date(), tuple(sorted(moves, key=lambda move: not move.up)), len(rows) - len(moves))


def _is_known(row: dict[str, object], versions: dict[str, RubricVersion]) -> bool:
    """Whether the rubric still has the domain: one that is gone has ratings, and no place on today's screen."""
    version = versions.get(str(row[columns.RUBRIC]))
    return version is not None and str(row[columns.DOMAIN]) in version.wordings


def _move(row: "dict[str, pd.Timestamp]", versions: dict[str, RubricVersion]) -> Move:
    rubric = versions[str(row[columns.RUBRIC])].rubric
    code = str(row[columns.DOMAIN])
    return Move(
        rubric.title,
        rubric.domain(code).title,
        code,
        rubric.code,
        level_name(rubric, int(row[columns.LEVEL_THEN])),
        level_name(rubric, int(row[columns.LEVEL_NOW])),
        row[columns.HELD_THEN].date(),
        row[columns.MOVEMENT] == Movement.UP.value,
    )
