"""How a partnership or the network has moved: from the store to finished figures. Pure from the frame on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from progressions import permissions
from progressions.charts.coverage import coverage_grid
from progressions.charts.dumbbells import then_now
from progressions.charts.figure import Figure
from progressions.charts.heat import heat
from progressions.charts.labels import level_name
from progressions.charts.line import domain_line
from progressions.charts.stacked import stacked_levels
from progressions.charts.strip import level_strips
from progressions.charts.theme import Mode
from progressions.measures import columns
from progressions.measures.chance import chance_words
from progressions.measures.findings import RATINGS, month, movement_sentence
from progressions.measures.frame import attendance_frame, tidy
from progressions.measures.kinds import Movement, Population
from progressions.measures.lines import convenings_of, heat_table, line_of
from progressions.measures.movement import last_movement, movement_between, movement_counts, on_balance, standing
from progressions.measures.network import coverage, levels_over_time
from progressions.people import Partnership, Principal
from progressions.ratings import Convening
from progressions.rubric import RubricVersion
from progressions.store import Store

if TYPE_CHECKING:
    import pandas as pd

MOST_CONVENINGS = 12
"""A bar or a column for each: more are not readable on a projector, so the network's charts show the latest."""


def frame_of(store: Store, principal: Principal) -> "pd.DataFrame":
    """The tidy frame of every rating that this person may see: the network's for staff, otherwise their own."""
    own = None if permissions.can_see_network(principal) else principal.partnership
    with store.read(principal) as repository:
        return tidy(repository.facts(partnership=own))


def expected_convenings(store: Store, principal: Principal, partnership: str) -> tuple[Convening, ...]:
    """The convenings of a partnership's charts, oldest first: those it rated at, and those it missed.

    Whether it missed one is told by who else was there, so that a gap is a gap for members too, whose own frame does
    not hold the others.
    """
    permissions.check_can_see_partnership(principal, partnership)
    with store.read(principal) as repository:
        attended = attendance_frame(repository.attendance())
        convenings = repository.convenings()
    days = set(convenings_of(attended, partnership))
    return tuple(c for c in convenings if c.held_on in days)


def has_rated(frame: "pd.DataFrame", partnership: str) -> bool:
    """Whether the partnership has a rating at all."""
    return bool((frame[columns.PARTNERSHIP] == partnership).any())


def days_rated(frame: "pd.DataFrame", partnership: str, rubric: str) -> set[str]:
    """The days (ISO) at which a partnership rated anything of a rubric."""
    own = frame[(frame[columns.PARTNERSHIP] == partnership) & (frame[columns.RUBRIC] == rubric)]
    return {day.date().isoformat() for day in own[columns.HELD_ON].unique()}


def titles(convenings: Sequence[Convening]) -> dict[date, str]:
    """The name of each convening that has one; charts show the day of the others."""
    return {c.held_on: c.title for c in convenings if c.title}


def stands(frame: "pd.DataFrame", partnership: Partnership, version: RubricVersion, mode: Mode) -> Figure:
    """Where a partnership stands in each domain of a rubric."""
    own = standing(frame, partnership.code)
    return level_strips(own, version.rubric, who=partnership.title, mode=mode)


def one_domain(
    frame: "pd.DataFrame",
    partnership: Partnership,
    version: RubricVersion,
    domain: str,
    convenings: Sequence[Convening],
    mode: Mode,
) -> Figure:
    """One domain of one partnership as a step line over its convenings."""
    line = line_of(frame, partnership.code, version.rubric.code, domain, [c.held_on for c in convenings])
    return domain_line(line, version.rubric, domain, titles(convenings), who=partnership.title, mode=mode)


def all_domains(
    frame: "pd.DataFrame",
    partnership: Partnership,
    version: RubricVersion,
    convenings: Sequence[Convening],
    mode: Mode,
) -> Figure:
    """Every domain of a rubric over the partnership's convenings."""
    table = heat_table(frame, partnership.code, version.rubric.code, [c.held_on for c in convenings])
    return heat(table, version.rubric, titles(convenings), who=partnership.title, mode=mode)


def then_and_now(
    frame: "pd.DataFrame",
    partnership: Partnership,
    version: RubricVersion,
    between: tuple[Convening, Convening],
    mode: Mode,
) -> Figure:
    """Every domain of a rubric at two convenings, the widest change first."""
    then, now = between
    own = frame[frame[columns.PARTNERSHIP] == partnership.code]
    moved = movement_between(own, then.held_on, now.held_on)
    names = (then.title or then.label, now.title or now.label)
    return then_now(moved, version.rubric, *names, who=partnership.title, mode=mode)


def network_levels(
    frame: "pd.DataFrame",
    version: RubricVersion,
    convenings: Sequence[Convening],
    population: Population,
    mode: Mode,
) -> Figure:
    """How the network's ratings of a rubric spread over the levels at its latest convenings."""
    counts = _spread(frame, version, convenings, population)
    return stacked_levels(
        counts, version.rubric.levels, titles(convenings), what=version.rubric.title, population=population, mode=mode
    )


def has_same_sites(frame: "pd.DataFrame", version: RubricVersion, convenings: Sequence[Convening]) -> bool:
    """Whether anybody rated at both the first and the last of the convenings that the network's charts show."""
    return bool(_spread(frame, version, convenings, Population.SAME)[columns.COUNT].sum())


def _spread(
    frame: "pd.DataFrame", version: RubricVersion, convenings: Sequence[Convening], population: Population
) -> "pd.DataFrame":
    own = frame[frame[columns.RUBRIC] == version.rubric.code]
    levels = [level.position for level in version.rubric.levels]
    return levels_over_time(frame, version.rubric.code, None, _latest(own, convenings), levels, population)


def network_moves(frame: "pd.DataFrame", version: RubricVersion, convenings: Sequence[Convening]) -> str:
    """What moved in the network between its two latest convenings, in words; "" where there are not two."""
    own = frame[frame[columns.RUBRIC] == version.rubric.code]
    days = _latest(own, convenings)[-2:]
    if len(days) < 2:
        return ""
    moved = movement_between(own, days[0], days[1])
    counts, (rose, fell) = movement_counts(moved), on_balance(moved)
    since = titles(convenings).get(days[0]) or month(days[0])
    return f"{movement_sentence(counts, since, RATINGS)}. By partnership, on balance: {chance_words(rose, fell)}."


def who_has_rated(
    frame: "pd.DataFrame",
    partnerships: Sequence[Partnership],
    versions: Sequence[RubricVersion],
    convenings: Sequence[Convening],
    mode: Mode,
) -> Figure:
    """Which partnership has rated how many domains at each of the latest convenings."""
    days = [c.held_on for c in convenings][-MOST_CONVENINGS:]
    domains = {v.rubric.code: [d.code for d in v.rubric.domains] for v in versions}
    rated = coverage(frame, [p.code for p in partnerships], days, domains)
    return coverage_grid(rated, {p.code: p.title for p in partnerships}, titles(convenings), mode=mode)


def _latest(frame: "pd.DataFrame", convenings: Sequence[Convening]) -> list[date]:
    """The latest convenings at which anybody rated."""
    rated = {day.date() for day in frame[columns.HELD_ON].unique()}
    return [c.held_on for c in convenings if c.held_on in rated][-MOST_CONVENINGS:]


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


def last_moves(
    frame: "pd.DataFrame", partnership: str, versions: Sequence[RubricVersion]
) -> tuple[date | None, tuple[Move, ...]]:
    """What moved at the partnership's latest convening, against each domain's rating before; rises first."""
    moved = last_movement(frame, partnership)
    if moved.empty:
        return None, ()
    latest = moved[columns.HELD_NOW].max()
    ways = [Movement.UP.value, Movement.DOWN.value]
    rows = moved[(moved[columns.HELD_NOW] == latest) & moved[columns.MOVEMENT].isin(ways)]
    by_code = {v.rubric.code: v for v in versions}
    moves = [_move(row, by_code) for row in rows.to_dict("records") if _is_known(row, by_code)]
    return latest.date(), tuple(sorted(moves, key=lambda move: not move.up))


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
