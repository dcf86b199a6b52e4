"""How a team agrees, over its convenings: first votes beside the agreed level, and the two sides beside each other.

Everything is counted from votes that were shown to the team. The two sides stand beside each other only where each has
three voters (``measures.votes``). No level is averaged: a middle that lies between two levels stays between them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pandas as pd

from progressions.measures.chance import COULD_BE_CHANCE, sign_test
from progressions.measures.columns import (
    AGREED,
    APART,
    APART_NOW,
    APART_THEN,
    BESIDE_FIRST,
    DAY_DTYPE,
    DISTRICT_HIGH,
    DISTRICT_LOW,
    DOMAIN,
    FIRST_HIGH,
    FIRST_LOW,
    HELD_ON,
    LEVEL_OR_GAP,
    N_VOTERS,
    RUBRIC,
    UNIVERSITY_HIGH,
    UNIVERSITY_LOW,
    WORDING,
    WORDING_BEGINS,
)
from progressions.measures.findings import DOMAINS, counted
from progressions.measures.votes import Spread, SpreadRow, first_median, middle
from progressions.ratings import at_convening
from progressions.team_session import Side, Voters

A_LEVEL = 2
"""Half steps from one level to the next."""
_OF_A_SIDE = {
    Side.LEA: (DISTRICT_LOW, DISTRICT_HIGH),
    Side.IHE: (UNIVERSITY_LOW, UNIVERSITY_HIGH),
}
_LEVELS = [FIRST_LOW, FIRST_HIGH, AGREED, DISTRICT_LOW, DISTRICT_HIGH, UNIVERSITY_LOW, UNIVERSITY_HIGH]
AGREEMENT_DTYPES = {
    HELD_ON: DAY_DTYPE,
    RUBRIC: "str",
    DOMAIN: "str",
    WORDING: "int16",
    N_VOTERS: "int64",
    **dict.fromkeys(_LEVELS, LEVEL_OR_GAP),
    BESIDE_FIRST: "str",
    APART: LEVEL_OR_GAP,
}
"""The frame of agreement, in this order: one row a domain and convening whose first votes were shown."""
_PAIR = [RUBRIC, DOMAIN, WORDING]


class BesideFirst(StrEnum):
    """Where the agreed level stands beside the middle of the first votes."""

    ABOVE = "above"
    AT = "at"
    """At it; where the middle lies between two levels, at one of them or between them."""
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class DomainVotes:
    """What a team said of one domain at one convening.

    ``rounds`` are the spreads of its votes that were shown, the first first. ``wording`` is that of the words on which
    the team voted; ``agreed`` the level agreed on these words, None where there is none.
    """

    held_on: date
    rubric: str
    domain: str
    wording: int
    rounds: tuple[Spread, ...]
    agreed: int | None = None


@dataclass(frozen=True, slots=True)
class AgreedCounts:
    """Domains by where the agreed level stands beside the first votes; ``unknown`` has no level to compare."""

    above: int = 0
    at: int = 0
    below: int = 0
    unknown: int = 0

    @property
    def compared(self) -> int:
        """The denominator."""
        return self.above + self.at + self.below


@dataclass(frozen=True, slots=True)
class Closing:
    """The same domains at two convenings: in how many the sides were a level or more apart, and which way they went.

    ``left_out`` are domains whose sides can be compared at one of the two alone, or on other words.
    """

    then: date
    now: date
    domains: int
    apart_then: int
    apart_now: int
    closer: int
    wider: int
    left_out: int = 0

    @property
    def same(self) -> int:
        """Domains on which the sides are as far apart as before."""
        return self.domains - self.closer - self.wider


def agreement_frame(domains: Iterable[DomainVotes]) -> pd.DataFrame:
    """One row a domain and convening, columns of ``AGREEMENT_DTYPES``, ordered by rubric, domain and day.

    *Not rated* is NA in ``agreed``. ValueError where a domain has two rows for one convening, or no vote.

    Measure: First votes beside the agreed level
    Tells: for each domain: the level in the middle of what people first voted, what the team agreed after talking, and
        how far district and university were apart
    Population: the domains whose first votes were shown to the team, at each convening; first votes, because a second
        one follows the talk
    Denominator: none: each domain is told by itself, with the number who voted beside it; "cannot judge" is one of them
        and has no level
    Not rated: the votes are told and the agreed level stays empty
    Unit: one domain at one convening; distances in half steps between levels
    Source: counting; the middle is the median, left between two levels where it lies there
    """
    frame = pd.DataFrame([_row(each) for each in domains], columns=list(AGREEMENT_DTYPES))
    frame = _beside(frame.astype({name: AGREEMENT_DTYPES[name] for name in AGREEMENT_DTYPES if name != BESIDE_FIRST}))
    if frame.duplicated([RUBRIC, DOMAIN, HELD_ON]).any():
        raise ValueError("a domain is voted on once at a convening")
    return frame.astype(AGREEMENT_DTYPES).sort_values([RUBRIC, DOMAIN, HELD_ON], ignore_index=True)


def agreed_counts(frame: pd.DataFrame) -> AgreedCounts:
    """In how many domains the team agreed above, at or below the middle of its first votes.

    In: ``agreement_frame``.

    Measure: Agreed above, at or below the first votes
    Tells: in how many domains the team agreed on a higher level than it first voted, in how many on the same, in how
        many on a lower one
    Population: the domains whose first votes were shown, at the convenings given
    Denominator: those with an agreed level and at least one vote for a level
    Not rated: a domain without an agreed level, or in which nobody could judge, is counted apart as unknown
    Unit: one domain at one convening
    Source: counting, against the median of the first votes
    """
    found = frame[BESIDE_FIRST].value_counts()
    counts = {each.value: int(found.get(each.value, 0)) for each in BesideFirst}
    return AgreedCounts(**counts, unknown=len(frame) - sum(counts.values()))


def gap_table(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows whose sides may be seen, with ``apart``, the sides' middles and ``wording_begins``, by domain and day.

    In: ``agreement_frame``. A domain whose words changed since its row before says so.

    Measure: How far district and university were apart
    Tells: for each domain and convening: where the middle of the district's first votes lay, where the university's,
        and how far the two were apart
    Population: the domains whose first votes were shown by side, which needs three voters of each, and in which each
        side had a vote for a level
    Denominator: none: each domain is told by itself
    Not rated: it changes nothing: votes are compared here, and they stand whether or not a level was agreed
    Unit: half steps between levels, below 0 where the university's middle is the lower one; one domain at one convening
    Source: counting, by the median of each side's first votes
    """
    shown = frame[frame[APART].notna()].sort_values([RUBRIC, DOMAIN, HELD_ON], ignore_index=True)
    before = shown.groupby([RUBRIC, DOMAIN])[WORDING].shift()
    begins = before.notna() & (shown[WORDING] != before)
    sides = [name for names in _OF_A_SIDE.values() for name in names]
    return shown[[HELD_ON, RUBRIC, DOMAIN, *sides, APART]].assign(**{WORDING_BEGINS: begins.astype(bool)})


def closing(frame: pd.DataFrame) -> Closing | None:
    """Whether the gap between district and university closes: the latest convening beside an earlier one.

    In: ``agreement_frame``. The earlier convening is that which shares most domains with the latest, the first of
    several. None where no two convenings share one.

    Measure: Whether the gap between district and university closes
    Tells: in how many domains the two sides differed by a level or more, then and now, and in how many they came closer
        or moved apart
    Population: domains voted on at the latest convening and at the earlier one that shares most domains with it (the
        first of several), on the same words, with both sides shown and a vote for a level on each
    Denominator: those domains; others whose sides can be compared, at one of the two alone or on other words, are told
        as left out
    Not rated: it changes nothing: votes are compared here, and they stand whether or not a level was agreed
    Unit: one domain; "a level or more" is two half steps
    Source: counting, by the median of each side's first votes
    """
    shown = frame[frame[APART].notna()]
    if shown.empty:
        return None
    now = shown[HELD_ON].max()
    pairs = shown[shown[HELD_ON] < now].merge(shown[shown[HELD_ON] == now], on=_PAIR, suffixes=("_then", "_now"))
    if pairs.empty:
        return None
    then = pairs[f"{HELD_ON}_then"].value_counts().sort_index().idxmax()
    pairs = pairs[pairs[f"{HELD_ON}_then"] == then]
    at_either = shown[shown[HELD_ON].isin([then, now])][[RUBRIC, DOMAIN]].drop_duplicates()
    before, after = pairs[APART_THEN].abs(), pairs[APART_NOW].abs()
    return Closing(
        then.date(),
        now.date(),
        len(pairs),
        int((before >= A_LEVEL).sum()),
        int((after >= A_LEVEL).sum()),
        int((after < before).sum()),
        int((after > before).sum()),
        len(at_either) - len(pairs),
    )


def steps(half_steps: int) -> str:
    """A distance between two middles as it is printed, without its direction: "0", "½", "1", "1½"."""
    whole, half = divmod(abs(half_steps), A_LEVEL)
    return f"{whole or ''}½" if half else str(whole)


def agreed_sentence(counts: AgreedCounts) -> str:
    """For example "Agreed above the middle of the first votes in 6 of 9 domains, at it in 2, below it in 1; 1 without
    a level or a vote for one".
    """
    if not counts.compared:
        return "No domain has both first votes and a level agreed on them"
    where = f"in {counts.above or 'none'} of {counted(counts.compared, DOMAINS)}"
    told = f"Agreed above the middle of the first votes {where}, at it in {counts.at}, below it in {counts.below}"
    told += f"; {counts.unknown} without a level or a vote for one" if counts.unknown else ""
    return told + _chance(counts.above, counts.below, "above", "below")


def closing_sentence(found: Closing, then: str, now: str) -> str:
    """For example "The sides differed by a level or more in 5 of 8 domains in January, in 2 of 8 in October; …"."""
    of = counted(found.domains, DOMAINS)
    told = f"The sides differed by a level or more in {found.apart_then} of {of} {at_convening(then)}"
    told += f", in {found.apart_now} of {found.domains} {at_convening(now)}; closer in {found.closer}"
    told += f", wider apart in {found.wider}, as before in {found.same}"
    if found.left_out:
        told += f"; {found.left_out} left out: both sides told at one of the two alone, or on other words"
    return told + _chance(found.closer, found.wider, "closer", "wider")


def voters_sentence(voters: Voters, since: str) -> str:
    """For example "5 of the district and 4 of the university voted; mostly different people: 2 of 9 voted … too".

    ``since`` names the session before, "" where this was the first.
    """
    told = f"{voters.of(Side.LEA)} of the district and {voters.of(Side.IHE)} of the university voted"
    if not since:
        return told
    if voters.again is None:
        return f"{told}; how many of them voted {at_convening(since)} too is not known"
    share = f"{voters.again} of {voters.n} voted {at_convening(since)} too"
    return f"{told}; mostly different people: {share}" if 2 * voters.again < voters.n else f"{told}; {share}"


def _chance(one: int, other: int, this: str, that: str) -> str:
    """Said only of what could be chance: domains of one team move together, so the test proves nothing the other way.

    The exact sign test, those in between left out.
    """
    if one == other or sign_test(one, other) < COULD_BE_CHANCE:
        return ""
    return f". {one} {this} against {other} {that}: this could be chance"


def _row(each: DomainVotes) -> tuple[object, ...]:
    if not each.rounds:
        raise ValueError("a domain without a vote has no agreement")
    first = each.rounds[0]
    sides = {side: _ends(_middle_of(first, side)) for side in Side}
    (down, up), (low, high) = sides[Side.LEA], sides[Side.IHE]
    apart = None if down is None or up is None or low is None or high is None else (low + high) - (down + up)
    return (
        each.held_on,
        each.rubric,
        each.domain,
        each.wording,
        first.together.n,
        *_ends(first_median(first)),
        each.agreed,
        *(end for ends in sides.values() for end in ends),
        "",
        apart,
    )


def _middle_of(first: Spread, side: Side) -> tuple[int, ...]:
    row: SpreadRow | None = next((row for row in first.rows if row.side is side), None)
    return middle(row.counts) if row else ()


def _ends(levels: tuple[int, ...]) -> tuple[int | None, int | None]:
    return (levels[0], levels[-1]) if levels else (None, None)


def _beside(frame: pd.DataFrame) -> pd.DataFrame:
    agreed, low, high = frame[AGREED], frame[FIRST_LOW], frame[FIRST_HIGH]
    told = pd.Series(BesideFirst.AT.value, index=frame.index, dtype="str")
    told = told.mask((agreed > high).fillna(False).astype(bool), BesideFirst.ABOVE.value)
    told = told.mask((agreed < low).fillna(False).astype(bool), BesideFirst.BELOW.value)
    return frame.assign(**{BESIDE_FIRST: told.mask(agreed.isna() | low.isna(), "")})
