"""What publishing would do, domain by domain."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from progressions.errors import UserError
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


def test_a_mended_typing_error_may_be_confirmed_as_the_same_wording() -> None:
    first = _published(make_rubric())
    plan = plan_publishing(reworded(first.rubric, "lea-1", "lea-2"), first, {"lea-2": Origin.SAME})
    assert dict(plan.wordings) == {"lea-1": 2, "lea-2": 1, "lea-3": 1}
    assert plan.with_origin(Origin.SAME) == ("lea-2", "lea-3")


def test_a_text_under_an_old_code_may_be_confirmed_as_a_new_domain() -> None:
    first = _published(make_rubric())
    plan = plan_publishing(reworded(first.rubric, "lea-1"), first, {"lea-1": Origin.NEW})
    assert plan.with_origin(Origin.NEW) == ("lea-1",)
    assert plan.wordings["lea-1"] == 2


def test_a_rubric_with_another_number_of_levels_is_never_the_same_wording() -> None:
    first = _published(make_rubric())
    fewer = replace(
        first.rubric,
        levels=first.rubric.levels[:3],
        domains=tuple(replace(d, descriptors=d.descriptors[:3]) for d in first.rubric.domains),
    )
    with pytest.raises(UserError, match="had 4 levels and now has 3"):
        plan_publishing(fewer, first, {"lea-1": Origin.SAME})


def test_a_new_name_of_a_level_may_be_confirmed_as_the_same_wording() -> None:
    first = _published(make_rubric())
    renamed = replace(first.rubric, levels=(Level(1, "Exploring"), *first.rubric.levels[1:]))
    plan = plan_publishing(renamed, first, dict.fromkeys(("lea-1", "lea-2", "lea-3"), Origin.SAME))
    assert set(plan.wordings.values()) == {1}


@pytest.mark.parametrize("origin", [Origin.SAME, Origin.REWORDED])
def test_a_new_code_comes_from_no_other_domain(origin: Origin) -> None:
    first = _published(make_rubric())
    renamed = replace(first.rubric, domains=(replace(first.rubric.domains[0], code="x-1"), *first.rubric.domains[1:]))
    with pytest.raises(UserError, match="new code"):
        plan_publishing(renamed, first, {"x-1": origin})
    with pytest.raises(UserError, match="no domain"):
        plan_publishing(renamed, first, {"lea-1": Origin.NEW})


def test_what_is_confirmed_of_the_same_text_again_changes_nothing() -> None:
    first = _published(make_rubric())
    assert plan_publishing(first.rubric, first, {"lea-1": Origin.NEW}).changes_nothing
