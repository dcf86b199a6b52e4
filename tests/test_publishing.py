"""What publishing would do, domain by domain."""

from dataclasses import replace
from datetime import UTC, datetime

from progressions.publishing import Publication, plan_publishing
from progressions.rubric import Level, Origin, Rubric, RubricVersion
from tests.factories import make_rubric, reworded


def _published(rubric: Rubric, latest: RubricVersion | None = None) -> RubricVersion:
    plan = plan_publishing(rubric, latest)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return RubricVersion(1, plan.number, now, "Ana", "r.xlsx", rubric, plan.origins, plan.wordings)


def test_a_first_version_has_only_new_domains() -> None:
    plan = plan_publishing(make_rubric(), None)
    assert (plan.outcome, plan.number) == (Publication.FIRST, 1)
    assert set(plan.origins.values()) == {Origin.NEW}
    assert set(plan.wordings.values()) == {1}


def test_the_same_text_again_changes_nothing() -> None:
    assert plan_publishing(make_rubric(), _published(make_rubric())).changes_nothing


def test_a_reworded_domain_begins_a_wording_and_the_others_go_on() -> None:
    first = _published(make_rubric())
    plan = plan_publishing(reworded(first.rubric, "lea-2"), first)
    assert dict(plan.wordings) == {"lea-1": 1, "lea-2": 2, "lea-3": 1}
    assert plan.with_origin(Origin.REWORDED) == ("lea-2",)


def test_a_wording_goes_on_through_a_third_version() -> None:
    first = _published(make_rubric())
    second = _published(reworded(first.rubric, "lea-2"), first)
    plan = plan_publishing(reworded(second.rubric, "lea-1"), second)
    assert dict(plan.wordings) == {"lea-1": 3, "lea-2": 2, "lea-3": 1}


def test_a_new_name_of_a_level_rewords_every_domain() -> None:
    first = _published(make_rubric())
    renamed = replace(first.rubric, levels=(Level(1, "Beginning"), *first.rubric.levels[1:]))
    assert set(plan_publishing(renamed, first).origins.values()) == {Origin.REWORDED}


def test_another_area_rewords_nothing_but_is_a_new_version() -> None:
    first = _published(make_rubric())
    moved = replace(first.rubric, domains=tuple(replace(d, area="Elsewhere") for d in first.rubric.domains))
    plan = plan_publishing(moved, first)
    assert plan.outcome is Publication.NEXT
    assert set(plan.origins.values()) == {Origin.SAME}


def test_a_domain_that_was_gone_and_comes_back_is_new() -> None:
    first = _published(make_rubric())
    second = _published(replace(first.rubric, domains=first.rubric.domains[:2]), first)
    assert plan_publishing(second.rubric, first).gone == ("lea-3",)
    assert dict(plan_publishing(first.rubric, second).wordings) == {"lea-1": 1, "lea-2": 1, "lea-3": 3}
