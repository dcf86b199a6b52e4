"""Spreads to be drawn, each with the names of its levels and the level that was agreed."""

from progressions.measures.votes import Spread, spread
from progressions.team_session import DomainKey, Role, ShownVote, Side

KEY = DomainKey("partnership", "aim")
FRAMEWORK = (
    "Exploring change ideas",
    "Small change implementation",
    "Integrating improvement science / NICs into core work",
    "Institutionalizing and sustaining the work",
)
SIX = ("Very little of anything at all", "Beginning", *FRAMEWORK[:2], "Integrating improvement", "Institutionalizing")
HOSTILE = ("<img src=x onerror='window.hostile=1'>", "\"' onclick='window.hostile=1' x='" + "W" * 9_000)


def votes(side: Side, *answers: int | None, name: str = "") -> list[ShownVote]:
    return [ShownVote(KEY, 1, side, Role.OTHER, answer, answer is None, name) for answer in answers]


def of(district: list[int | None], university: list[int | None], levels: int = 4, name: str = "") -> Spread:
    said = votes(Side.LEA, *district, name=name) + votes(Side.IHE, *university, name=name)
    return spread(said, [], levels)


Drawn = tuple[Spread, tuple[str, ...], int | None]
CASES: dict[str, Drawn] = {
    "two-sides": (of([2, 2, 2, 2, 1], [3, 3, 3, 2, None]), FRAMEWORK, 2),
    "too-few": (of([2, 2, 4, 4], [3]), FRAMEWORK, None),
    "forty": (of([2] * 14 + [3, 3, 5, 6], [3] * 12 + [4] * 9 + [None], 6), SIX, 6),
    "named": (of([2, 2, 1], [3, 3, None], name="Robert-Bartholomew Featherstonehaugh"), FRAMEWORK, 4),
    "hostile": (of([1, 2, 2], [1, 1, 1], 2, name="<b onclick='window.hostile=1'>Bo</b>"), HOSTILE, 1),
    "nobody": (of([], [], 3), FRAMEWORK[:3], None),
}
