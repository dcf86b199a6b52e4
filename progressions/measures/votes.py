"""How the votes of a team lie over the levels of one domain, by side, in counts and in words. Never an average."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from progressions.team_session import DomainKey, PaperCount, ShownVote, Side

Said = TypeVar("Said", ShownVote, PaperCount)

LEAST_OF_A_SIDE = 3
"""Voters a side needs to be shown by itself: of two, each knows what the other one said."""
TOO_FEW = "shown together because a side has fewer than three voters"
TOO_FEW_PHONES = "shown together because a side has fewer than three voters on phones"
NOBODY = Fraction(-1)
MEMBERS = {Side.LEA: "district members", Side.IHE: "university members"}


@dataclass(frozen=True, slots=True)
class SpreadRow:
    """What one side said; ``side`` is None for all together.

    ``counts`` are voters by level, level 1 first. ``names`` are those given, one tuple a level and a last one for
    "cannot judge"; all are empty unless the session is a named one.
    """

    side: Side | None
    counts: tuple[int, ...]
    cannot_judge: int
    names: tuple[tuple[str, ...], ...]

    @property
    def judged(self) -> int:
        """Voters who said a level."""
        return sum(self.counts)

    @property
    def n(self) -> int:
        """All who voted, those who cannot judge among them."""
        return self.judged + self.cannot_judge


@dataclass(frozen=True, slots=True)
class Spread:
    """The votes on one domain in one round: a row of the district and one of the university, or one of all together.

    ``together_because`` says in words why a side is not shown by itself, "" where it is or nobody asked for sides. Then
    neither is: the other one could be subtracted from the total.
    """

    levels: int
    rows: tuple[SpreadRow, ...]
    together_because: str = ""

    @property
    def together(self) -> SpreadRow:
        """Both sides as one row."""
        if len(self.rows) == 1:
            return self.rows[0]
        counts = tuple(map(sum, zip(*(row.counts for row in self.rows), strict=True)))
        names = tuple(
            tuple(sorted(name for part in each for name in part))
            for each in zip(*(row.names for row in self.rows), strict=True)
        )
        return SpreadRow(None, counts, sum(row.cannot_judge for row in self.rows), names)


@dataclass(frozen=True, slots=True)
class _Said:
    side: Side
    level: int | None
    count: int = 1
    name: str = ""


def by_round(said: Iterable[Said]) -> Mapping[tuple[DomainKey, int], list[Said]]:
    """Votes, or sheets of paper, by domain and round; an empty list where nothing was said."""
    found: dict[tuple[DomainKey, int], list[Said]] = defaultdict(list)
    for each in said:
        found[each.key, each.round].append(each)
    return found


def spread(votes: Iterable[ShownVote], papers: Iterable[PaperCount], levels: int, *, by_side: bool = True) -> Spread:
    """The spread of the votes on one domain in one round; sheets of paper count like votes.

    Sides are shown apart only where each has three voters, and of those who voted on phones three or none: whoever
    typed in the sheets knows them, and would subtract them.

    Votes without an answer are left out. ValueError for fewer than two levels, for a level that the rubric does not
    have, for a negative count, and where votes of several domains or rounds are thrown together.

    Measure: How the votes lie
    Tells: how many voted for each level of a domain, district and university on a row each where that gives nobody away
    Population: everybody who voted on one domain in one round, on phones or on paper
    Denominator: all who voted on that side, or on both where they are shown together, those who cannot judge among them
    Not rated: it changes nothing: these are votes; "cannot judge" is counted apart and is no level, a vote without an
        answer is left out
    Unit: one voter
    Source: counting
    """
    votes, papers = tuple(votes), tuple(papers)
    if len({(v.key, v.round) for v in votes} | {(paper.key, paper.round) for paper in papers}) > 1:
        raise ValueError("votes of several domains or rounds make no spread")
    said = [_Said(v.side, v.level, name=v.name) for v in votes if v.cannot_judge or v.level is not None]
    said += [_Said(paper.side, paper.level, paper.count) for paper in papers]
    _check(said, levels)
    sides = tuple(_row(side, [each for each in said if each.side is side], levels) for side in Side)
    because = _together_because(sides, votes) if by_side else ""
    if by_side and not because:
        return Spread(levels, sides)
    return Spread(levels, (_row(None, said, levels),), because)


def _together_because(sides: Iterable[SpreadRow], votes: Iterable[ShownVote]) -> str:
    """Why the sides are not shown apart; "" where they are."""
    by_phone = Counter(v.side for v in votes if v.cannot_judge or v.level is not None)
    if any(row.n < LEAST_OF_A_SIDE for row in sides):
        return TOO_FEW
    return TOO_FEW_PHONES if any(number < LEAST_OF_A_SIDE for number in by_phone.values()) else ""


def how_split(spread: Spread) -> Fraction:
    """A key to sort by, the most mixed last (first with ``reverse=True``, which keeps the order of ties).

    It is the ordinal dispersion 1 - l² of all voters: at each of the cuts between levels the share of voters below
    times the share above, added up (Blair and Lacy 2000, "Statistics of Ordinal Variation", Sociological Methods &
    Research 28: 251-280). It compares levels by order alone. The part of it that lies between the sides counts twice: a
    domain on which the sides differ comes before one on which both are as mixed in themselves.

    Measure: How split the votes are
    Tells: which domains to talk about first: those on which people, and above all the two sides, differ most
    Population: everybody who voted for a level of one domain in one round
    Denominator: those voters, and for the part within a side the voters of that side
    Not rated: it changes nothing: these are votes; who cannot judge is left out
    Unit: from 0, all at one level, to 1, half at the lowest and half at the highest; up to 2 where the sides are shown,
        because what lies between them counts twice; 0 too where nobody could judge, -1 without voters
    Source: the ordinal dispersion 1 - l² (Blair & Lacy 2000)
    """
    everybody = spread.together
    if not everybody.n:
        return NOBODY
    if not everybody.judged:
        return Fraction(0)
    total = _dispersion(everybody)
    within = sum((_dispersion(row) * row.judged / everybody.judged for row in spread.rows), Fraction(0))
    return total + (total - within)


def first_median(spread: Spread) -> tuple[int, ...]:
    """The level in the middle of all votes, or the two where the middle lies between them; () without a level.

    Measure: The middle of the votes
    Tells: the level that the voter in the middle said, or the two between which the middle lies
    Population: everybody who voted on one domain in one round, both sides together
    Denominator: those who voted for a level
    Not rated: it changes nothing: these are votes; who cannot judge is left out, and without a vote for a level there
        is no middle
    Unit: one level, or the two beside the middle
    Source: the median, left at its two levels: nothing is averaged
    """
    return middle(spread.together.counts)


def middle(counts: Sequence[int]) -> tuple[int, ...]:
    """The level in the middle of voters counted by level, level 1 first, or the two between which the middle lies.

    It is the median, left at its two levels where there are as many voters on either side: nothing is averaged.
    """
    low, high = (sum(counts) - 1) // 2, sum(counts) // 2
    if not sum(counts):
        return ()
    return tuple(sorted({_level_at(counts, low), _level_at(counts, high)}))


def sentence(spread: Spread, level_names: Sequence[str]) -> str:
    """Where the sides differ: "District members mostly said Small change (4 of 5); university members … (3 of 4)."

    Plain text, to be escaped where it is drawn: it holds the names as they are. ValueError unless there is a name for
    each level.
    """
    if len(level_names) != spread.levels:
        raise ValueError(f"{len(level_names)} names for {spread.levels} levels")
    everybody = spread.together
    told = _unanimous(everybody, level_names)
    if not told and len(spread.rows) == 1:
        told = f"{everybody.n} voted: {_listed(everybody)}"
        told += f"; {spread.together_because}" if spread.together_because else ""
    told = told or _both(spread, level_names) or "; ".join(_side(row, level_names) for row in spread.rows)
    return f"{told[0].upper()}{told[1:]}."


def _check(said: Iterable[_Said], levels: int) -> None:
    if levels < 2:
        raise ValueError(f"a rubric has at least two levels, not {levels}")
    for each in said:
        if each.level is not None and not 1 <= each.level <= levels:
            raise ValueError(f"level {each.level} of {levels}")
        if each.count < 0:
            raise ValueError(f"a count cannot be negative: {each.count}")


def _row(side: Side | None, said: Sequence[_Said], levels: int) -> SpreadRow:
    answers = (*range(1, levels + 1), None)
    counts = [sum(each.count for each in said if each.level == answer) for answer in answers]
    names = tuple(tuple(sorted(e.name for e in said if e.level == answer and e.name)) for answer in answers)
    return SpreadRow(side, tuple(counts[:-1]), counts[-1], names)


def _dispersion(row: SpreadRow) -> Fraction:
    """1 - l² of one row; 0 where nobody said a level."""
    if not row.judged:
        return Fraction(0)
    cuts = range(1, len(row.counts))
    pairs = sum(sum(row.counts[:cut]) * sum(row.counts[cut:]) for cut in cuts)
    return Fraction(4 * pairs, row.judged**2 * len(cuts))


def _level_at(counts: Sequence[int], place: int) -> int:
    """The level of the voter at this place, from 0, when all stand in the order of their levels."""
    return next(level for level in range(1, len(counts) + 1) if place < sum(counts[:level]))


def _unanimous(row: SpreadRow, names: Sequence[str]) -> str:
    """What is to be said where nobody differs; "" where somebody does."""
    if not row.n:
        return "nobody has voted"
    if not row.judged:
        return "the only voter could not judge" if row.n == 1 else f"none of the {row.n} could judge"
    top = max(row.counts)
    if top < row.judged:
        return ""
    name = names[row.counts.index(top)]
    if row.cannot_judge:
        who = {1: "the one", 2: "both"}.get(top, f"all {top}")
        return f"{who} who could judge said {name}; {row.cannot_judge} could not judge"
    who = {1: "the only voter", 2: "both"}.get(top, f"all {top}")
    return f"{who} said {name}"


def _majority(row: SpreadRow) -> int | None:
    """The level that more than half of all voters of the row said."""
    top = max(row.counts)
    return row.counts.index(top) + 1 if 2 * top > row.n else None


def _both(spread: Spread, names: Sequence[str]) -> str:
    """What is to be said where most of either side said the same level; "" otherwise."""
    level = _majority(spread.rows[0])
    if level is None or any(_majority(row) != level for row in spread.rows):
        return ""
    parts = ", ".join(f"{_members(row)} {row.counts[level - 1]} of {row.n}" for row in spread.rows)
    return f"both sides mostly said {names[level - 1]} ({parts}){_not_judging(spread.together)}"


def _side(row: SpreadRow, names: Sequence[str]) -> str:
    who = _members(row)
    if not row.judged:
        return f"none of the {row.n} {who} could judge"
    level = _majority(row)
    if level is None:
        return f"{who} are split: {_listed(row)}"
    said, name = row.counts[level - 1], names[level - 1]
    if said == row.n:
        return f"all {row.n} {who} said {name}"
    return f"{who} mostly said {name} ({said} of {row.n}{_not_judging(row)})"


def _members(row: SpreadRow) -> str:
    return MEMBERS[row.side] if row.side else "members"


def _listed(row: SpreadRow) -> str:
    """For example "2 at level 1, 2 at level 2, 1 could not judge"; "2 Exploring" would read as the second level."""
    told = [f"{count} at level {level}" for level, count in enumerate(row.counts, start=1) if count]
    return ", ".join([*told, *([f"{row.cannot_judge} could not judge"] if row.cannot_judge else [])])


def _not_judging(row: SpreadRow) -> str:
    return f"; {row.cannot_judge} could not judge" if row.cannot_judge else ""
