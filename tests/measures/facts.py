"""Facts to measure: a few by hand, many by chance."""

import random
from collections.abc import Sequence
from datetime import date

from hypothesis import settings
from hypothesis import strategies as st

from progressions.ratings import RatingFact

DAYS = tuple(date(2025 + number // 4, (1, 4, 7, 10)[number % 4], 15) for number in range(8))
LEVELS = (1, 2, 3, 4)
any_facts = settings(max_examples=30, deadline=None)
"""Frames cost milliseconds each, and a busy machine must not turn a slow example into a failure."""


def fact(
    day: date, level: int, *, partnership: str = "P1", rubric: str = "PART", domain: str = "D1", wording: int = 1
) -> RatingFact:
    return RatingFact(partnership, day, rubric, domain, level, wording)


def some_facts(*, at_most: int = 60) -> st.SearchStrategy[list[RatingFact]]:
    """Any ratings of three partnerships, two rubrics, two domains and four days, each rated at most once."""
    key = st.tuples(
        st.sampled_from(["P1", "P2", "P3"]),
        st.sampled_from(DAYS[:4]),
        st.sampled_from(["IHE", "PART"]),
        st.sampled_from(["D1", "D2"]),
    )
    said = st.tuples(st.sampled_from(LEVELS), st.sampled_from([1, 1, 1, 2]))
    return st.dictionaries(key, said, max_size=at_most).map(
        lambda rated: [RatingFact(*at, *level) for at, level in rated.items()]
    )


def network(
    *, partnerships: int = 11, domains: int = 8, days: Sequence[date] = DAYS, seed: int = 3
) -> list[RatingFact]:
    """A network with gaps, late joiners, rises, falls and one reworded domain; the same one for the same seed."""
    chance, facts = random.Random(seed), []
    for partnership in range(partnerships):
        for domain in range(domains):
            level = chance.choice((1, 1, 2))
            for place, day in enumerate(days):
                level = min(4, max(1, level + chance.choice((0, 0, 0, 1, 1, -1))))
                if place < partnership // 4 or chance.random() < 0.1:
                    continue
                wording = 2 if domain == 2 and place >= 5 else 1
                facts.append(fact(day, level, partnership=f"P{partnership}", domain=f"D{domain}", wording=wording))
    return facts
