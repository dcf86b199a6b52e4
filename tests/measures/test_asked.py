"""Which version of a rubric a convening was asked in: by the day it was published, and by the words that were rated."""

from datetime import UTC, date, datetime

import pytest

from progressions.measures.asked import versions_at
from progressions.measures.frame import tidy
from progressions.publishing import plan_publishing
from progressions.rubric import Rubric, RubricVersion
from tests.factories import make_rubric, reworded
from tests.measures.facts import fact

OLD, LATER = date(2024, 4, 15), date(2025, 10, 15)


def versions(*published: tuple[date, Rubric]) -> tuple[RubricVersion, ...]:
    """Versions of one rubric, published one after another as the service plans it."""
    made: list[RubricVersion] = []
    for number, (day, rubric) in enumerate(published, start=1):
        plan = plan_publishing(rubric, made[-1] if made else None)
        at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        made.append(RubricVersion(number, number, at, "Ana", "f.xlsx", rubric, plan.origins, plan.wordings))
    return tuple(made)


def asked(facts, day, *rubrics):
    found = versions_at(tidy(facts), [day], rubrics)[day]
    return {version.rubric.code: version.number for version in found}


def rated(day, *domains, partnership="P1", wording=1, rubric="lea"):
    return [fact(day, 2, partnership=partnership, rubric=rubric, domain=d, wording=wording) for d in domains]


def test_a_convening_asks_for_the_version_that_was_published_by_its_day():
    two = versions((date(2024, 1, 1), make_rubric(3)), (date(2025, 1, 1), make_rubric(4)))
    facts = rated(OLD, "lea-1", "lea-2") + rated(LATER, "lea-1")
    assert asked(facts, OLD, two) == {"lea": 1}
    assert asked(facts, LATER, two) == {"lea": 2}
    assert asked(facts, date(2025, 1, 1), two) == {"lea": 2}, "published on the very day"
    assert asked([], date(2025, 3, 1), two) == {"lea": 2}, "nobody has rated yet"


def test_one_who_rated_late_on_new_words_does_not_change_what_the_others_were_asked():
    two = versions((date(2024, 1, 1), make_rubric(3)), (date(2025, 1, 1), reworded(make_rubric(3), "lea-1")))
    on_the_day = [row for n in range(3) for row in rated(OLD, "lea-1", "lea-2", "lea-3", partnership=f"P{n}")]
    late = rated(OLD, "lea-1", partnership="P9", wording=2) + rated(OLD, "lea-2", partnership="P9")
    assert asked(on_the_day + late, OLD, two) == {"lea": 1}


def test_past_ratings_that_were_brought_in_later_ask_for_the_words_they_stand_on():
    two = versions((date(2026, 1, 1), make_rubric(3)), (date(2026, 1, 2), reworded(make_rubric(3), "lea-1")))
    brought = rated(OLD, "lea-1", wording=2) + rated(OLD, "lea-2", "lea-3")
    assert asked(brought, OLD, two) == {"lea": 2}


@pytest.mark.parametrize(("domains", "number"), [(("lea-1", "lea-2", "lea-3"), 1), (("lea-1", "lea-2"), 2)])
def test_where_the_words_are_the_same_the_version_fits_of_which_nothing_is_missing(domains, number):
    lost = versions((date(2026, 1, 1), make_rubric(3)), (date(2026, 2, 1), make_rubric(2)))
    assert asked(rated(OLD, *domains), OLD, lost) == {"lea": number}
    won = versions((date(2026, 1, 1), make_rubric(3)), (date(2026, 2, 1), make_rubric(5)))
    assert asked(rated(OLD, *domains), OLD, won) == {"lea": 1}


def test_a_rubric_that_came_later_was_not_asked_unless_somebody_rated_it_or_nothing_else_was():
    lea = versions((date(2024, 1, 1), make_rubric(3)))
    ihe = versions((date(2025, 1, 1), make_rubric(3, code="ihe")))
    here = rated(OLD, "lea-1")
    assert asked(here, OLD, lea, ihe) == {"lea": 1}
    assert asked(here + rated(OLD, "ihe-2", rubric="ihe"), OLD, lea, ihe) == {"lea": 1, "ihe": 1}
    assert asked(here, LATER, lea, ihe) == {"lea": 1, "ihe": 1}
    assert asked([], date(2023, 1, 1), lea, ihe) == {"lea": 1, "ihe": 1}
