"""What a chart shows, as one sentence: counts first, percent second, n always, never an average."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from progressions.measures.kinds import MovementCounts

DOMAINS = ("domain", "domains")
RATINGS = ("rating", "ratings")
PARTNERSHIPS = ("partnership", "partnerships")
CONVENINGS = ("convening", "convenings")


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


def share(part: int, whole: int) -> str:
    """For example "6 of 11 (55%)"; of nothing there is no percent."""
    return f"{part:,} of {whole:,} ({part / whole:.0%})" if whole else f"{part} of {whole}"


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
        moves = f"{counts.up} moved up, {counts.same} stayed, {counts.down} moved down"
        told = f"Of {counted(counts.compared, words)}, {moves}{since}"
    apart = {
        first: counts.first,
        "not comparable: the wording changed": counts.not_comparable,
        not_rated: counts.not_rated,
    }
    return "; ".join([told, *(f"{n} {why}" for why, n in apart.items() if n)])


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
        return f"{title}: {latest.level}, in {first.when} and in {latest.when}"
    return f"{title}: from {first.level} ({first.when}) to {latest.level} ({latest.when})"


def standing_sentence(per_level: Mapping[str, int], not_rated: int) -> str:
    """For example "Of 8 domains: Small change implementation 3; Integrating … 4; not rated 1".

    ``per_level`` maps names of levels to counts of domains, level 1 first; empty levels are passed over.
    """
    domains = sum(per_level.values()) + not_rated
    if domains == not_rated:
        return f"None of {counted(domains, DOMAINS)} is rated yet"
    told = dict(per_level) | {"not rated": not_rated}
    return f"Of {counted(domains, DOMAINS)}: " + "; ".join(f"{name} {n}" for name, n in told.items() if n)


def spread_sentence(at_or_above: str, first: tuple[str, int, int], latest: tuple[str, int, int]) -> str:
    """For example "At level 3 or above: 40 of 88 ratings (45%) in Fall 2026; 12 of 80 (15%) in Winter 2025".

    Each triple is when, how many, of how many.
    """
    when, part, whole = latest
    if whole == 0 and first[2] == 0:
        return "No ratings at these convenings"
    told = f"{at_or_above}: {_share_of(part, whole)} in {when}"
    return told if first[0] == when else f"{told}; {share(first[1], first[2])} in {first[0]}"


def coverage_sentence(when: str, states: Sequence[int], domains: int) -> str:
    """For example "Fall 2026: 9 of 11 partnerships rated all 24 domains, 1 started, 1 not yet".

    ``states`` counts partnerships that are done, have started, have none.
    """
    done, started, none = states
    everyone = counted(done + started + none, PARTNERSHIPS)
    asked = "the one domain" if domains == 1 else f"all {domains} domains"
    return f"{when}: {done} of {everyone} rated {asked}, {started} started, {none} not yet"


def left_out_words(partnerships: int, left_out: int) -> str:
    """For example "the same 9 partnerships at both dates; 2 left out"."""
    return f"the same {counted(partnerships, PARTNERSHIPS)} at both dates; {left_out or 'none'} left out"


def _share_of(part: int, whole: int) -> str:
    ratings = counted(whole, RATINGS)
    return f"{part:,} of {ratings} ({part / whole:.0%})" if whole else f"{part} of {ratings}"
