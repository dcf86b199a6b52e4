"""What a chart shows, as one sentence: counts first, percent second, n always, never an average."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from progressions.measures.kinds import NO_REASON, SEVERAL_REASONS, Movement, MovementCounts
from progressions.ratings import REASONS, at_convening
from progressions.text import percent

DOMAINS = ("domain", "domains")
RATINGS = ("rating", "ratings")
PARTNERSHIPS = ("partnership", "partnerships")
CONVENINGS = ("convening", "convenings")
MOVEMENTS = ("movement", "movements")
PROMISES = ("promise", "promises")
VOTERS = ("voter", "voters")
WHYS = {
    **{reason.value: words for reason, words in REASONS.items()},
    SEVERAL_REASONS: "Several reasons",
    NO_REASON: "No reason given",
}
"""The kinds that reasons are counted by, in words and in their order: together they hold each movement once."""
AFTERWARDS = {
    Movement.UP: "moved up",
    Movement.SAME: "stayed",
    Movement.DOWN: "moved down",
    Movement.NOT_RATED: "not rated since",
    Movement.FIRST: "not rated when promised",
    Movement.NOT_COMPARABLE: "reworded since",
}
"""What became of a domain after a promise."""
STILL_OPEN = {
    Movement.SAME: "the domain has not moved since",
    Movement.DOWN: "the domain moved down since",
    Movement.NOT_RATED: "the domain has not been rated since",
    Movement.FIRST: "the domain was not rated when it was promised",
    Movement.NOT_COMPARABLE: "the domain was reworded since",
}
"""What the ratings say of the domain of an overdue promise, as far as they say anything of it."""


@dataclass(frozen=True, slots=True)
class RatedOnce:
    """A rating as a sentence needs it: the level as shown ("2 Small change implementation") and when."""

    level: str
    when: str


def month(day: date) -> str:
    """For example "Oct 2026"."""
    return f"{day:%b %Y}"


def counted(n: int, words: tuple[str, str]) -> str:
    """For example "1 domain", "24 domains", "1,204 ratings"."""
    return f"{n:,} {words[0] if n == 1 else words[1]}"


def voters_each(sizes: Sequence[int]) -> str:
    """For example "8 voters each", "1 voter each", "6 to 8 voters each"; ``sizes`` are the voters on each domain."""
    few, many = min(sizes), max(sizes)
    return f"{few} to {many} voters each" if few < many else f"{counted(many, VOTERS)} each"


def beside_sentence(lower: int, same: int, higher: int) -> str:
    """For example "3 lower, 5 the same, 2 higher"."""
    return f"{lower:,} lower, {same:,} the same, {higher:,} higher"


def share(part: int, whole: int) -> str:
    """For example "6 of 11 (55%)"; of nothing there is no percent."""
    return f"{part:,} of {whole:,} ({percent(part, whole)})" if whole else f"{part} of {whole}"


def movement_sentence(
    counts: MovementCounts,
    since: str = "",
    words: tuple[str, str] = DOMAINS,
    first: str = "rated for the first time",
    not_rated: str = "not rated at one of the two",
) -> str:
    """For example "Of 24 domains, 5 moved up, 17 stayed, 2 moved down since Summer 2026".

    The denominator is those that can be compared. The others follow, each with its reason; ``first`` and
    ``not_rated`` may word it to fit the dates.
    """
    since = f" since {since}" if since else ""
    if counts.compared == 0:
        told = f"No {words[0]} can be compared{since}"
    else:
        moves = f"{counts.up:,} moved up, {counts.same:,} stayed, {counts.down:,} moved down"
        told = f"Of {counted(counts.compared, words)}, {moves}{since}"
    apart = {
        first: counts.first,
        "not comparable: the wording changed": counts.not_comparable,
        not_rated: counts.not_rated,
    }
    return "; ".join([told, *(f"{n:,} {why}" for why, n in apart.items() if n)])


def since_first_sentence(counts: MovementCounts) -> str:
    """The same of a partnership's domains since each was first rated; where none is rated twice, plainly that."""
    if counts.first and counts == MovementCounts(first=counts.first):
        return f"{counted(counts.first, DOMAINS)} rated once so far: nothing to compare yet"
    return movement_sentence(counts, since="first rated", first="rated once")


def line_sentence(title: str, first: RatedOnce | None, latest: RatedOnce | None, reworded: bool = False) -> str:
    """For example "Shared aim: from 2 Small change … (Jan 2025) to 3 Integrating … (Oct 2026)"."""
    if latest is None or first is None:
        return f"{title}: not rated yet"
    if first == latest:
        return f"{title}: {latest.level} ({latest.when}), rated once"
    if reworded:
        then, now = f"{first.level} ({first.when})", f"{latest.level} ({latest.when})"
        return f"{title}: {then}, then new wording, now {now}; the two cannot be compared"
    if first.level == latest.level:
        return f"{title}: {latest.level}, {at_convening(first.when)} and {at_convening(latest.when)}"
    return f"{title}: from {first.level} ({first.when}) to {latest.level} ({latest.when})"


def promises_sentence(after: MovementCounts, states: Mapping[str, int], overdue: MovementCounts) -> str:
    """For example "After 5 of 9 promises the domain moved up, after 3 it stayed, after none it moved down; 1 not rated
    since. 4 done, 5 open. Overdue 2: 1 stayed, 1 not rated since".

    ``after`` counts promises by what the domain did afterwards, ``states`` by what has become of them, ``overdue`` as
    ``after`` those that are overdue.
    """
    apart = _apart(after)
    promised = after.compared + sum(apart.values())
    if not promised:
        return "Nothing has been promised yet"
    of = counted(promised, PROMISES)
    told = f"After {after.up or 'none'} of {of} the domain moved up, after {after.same or 'none'} it stayed"
    told = f"{told}, after {after.down or 'none'} it moved down"
    rest = "".join(f"; {n} {AFTERWARDS[why]}" for why, n in apart.items() if n)
    return f"{told}{rest}. {', '.join(f'{n} {state}' for state, n in states.items() if n)}{_overdue(overdue)}"


def _apart(counts: MovementCounts) -> dict[Movement, int]:
    """Those of whose domain no movement can be told."""
    return {
        Movement.NOT_RATED: counts.not_rated,
        Movement.FIRST: counts.first,
        Movement.NOT_COMPARABLE: counts.not_comparable,
    }


def _overdue(counts: MovementCounts) -> str:
    kinds = {Movement.SAME: counts.same, Movement.DOWN: counts.down, **_apart(counts)}
    told = ", ".join(f"{n} {AFTERWARDS[kind]}" for kind, n in kinds.items() if n)
    return f". Overdue {sum(kinds.values())}: {told}" if told else ""


def overdue_words(due: str, after: Movement) -> str:
    """For example "due 3 Mar 2026, still open; the domain has not moved since"."""
    return f"due {due}, still open; {STILL_OPEN[after]}"


def reasons_sentence(counts: Mapping[Movement, Mapping[str, int]]) -> str:
    """For example "Of 5 that moved up: our practice changed 3, no reason given 2".

    ``counts`` are those of ``reason_counts``; a way that nothing went is passed over.
    """
    told = [
        f"Of {sum(whys.values())} that {AFTERWARDS[way]}: {', '.join(_why(w, n) for w, n in whys.items() if n)}"
        for way, whys in counts.items()
        if any(whys.values())
    ]
    return ". ".join(told) or "Nothing moved"


def _why(why: str, n: int) -> str:
    return f"{WHYS[why][0].lower()}{WHYS[why][1:]} {n}"


def standing_sentence(per_level: Mapping[str, int], not_rated: int) -> str:
    """For example "Of 8 domains: Small change implementation 3; Integrating … 4; not rated 1".

    ``per_level`` maps names of levels to counts of domains, level 1 first; empty levels are passed over.
    """
    domains = sum(per_level.values()) + not_rated
    if domains == not_rated:
        return f"None of {counted(domains, DOMAINS)} is rated yet"
    told = dict(per_level) | {"not rated": not_rated}
    return f"Of {counted(domains, DOMAINS)}: " + "; ".join(f"{name} {n}" for name, n in told.items() if n)


def spread_sentence(
    at_or_above: str,
    first: tuple[str, int, int],
    latest: tuple[str, int, int],
    words: tuple[str, str] = RATINGS,
) -> str:
    """For example "At level 3 or above: 40 of 88 ratings (45%) in Fall 2026; 12 of 80 (15%) in Winter 2025".

    Each triple is when, how many, of how many.
    """
    when, part, whole = latest
    if whole == 0 and first[2] == 0:
        return "No ratings at these convenings"
    told = f"{at_or_above}: {share_of(part, whole, words)} {at_convening(when)}"
    return told if first[0] == when else f"{told}; {share(first[1], first[2])} {at_convening(first[0])}"


def coverage_sentence(when: str, states: Sequence[int], domains: int) -> str:
    """For example "Fall 2026: 9 of 11 partnerships rated all 24 domains, 1 started, 1 not yet".

    ``states`` counts partnerships that are done, have started, have none; a single one is not counted.
    """
    done, started, none = states
    everyone = counted(done + started + none, PARTNERSHIPS)
    asked = "the one domain" if domains == 1 else f"all {domains} domains"
    if done + started + none == 1:
        did = f"rated {asked}" if done else "has started" if started else "has not rated yet"
        return f"{when}: the one partnership {did}"
    return f"{when}: {done:,} of {everyone} rated {asked}, {started:,} started, {none:,} not yet"


def left_out_words(partnerships: int, left_out: int) -> str:
    """For example "the same 9 partnerships at both dates; 2 left out"."""
    told = counted(partnerships, PARTNERSHIPS)
    same = f"{told}, the same" if partnerships == 1 else f"the same {told}"
    return f"{same} at both dates; {left_out or 'none'} left out"


def share_of(part: int, whole: int, words: tuple[str, str] = RATINGS) -> str:
    """For example "6 of 11 partnerships (55%)"."""
    told = counted(whole, words)
    return f"{part:,} of {told} ({percent(part, whole)})" if whole else f"{part} of {told}"
