"""What publishing would do, domain by domain."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from progressions.errors import UserError
from progressions.publishing import Publication, plan_publishing, read_came_from
from progressions.rubric import Level, Origin, Rubric, RubricVersion
from tests.factories import make_rubric, reworded


def _published(rubric: Rubric, latest: RubricVersion | None = None) -> RubricVersion:
    plan = plan_publishing(rubric, latest)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return RubricVersion(
        1, plan.number, now, "Ana", "r.xlsx", plan.rubric, plan.origins, plan.wordings, plan.file_fingerprint
    )


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


def recoded(rubric: Rubric, **codes: str) -> Rubric:
    """The rubric with other codes, by the end of the old one: ``recoded(rubric, _1="x")`` renames "lea-1"."""
    ends = {f"lea{old.replace('_', '-')}": new for old, new in codes.items()}
    return replace(rubric, domains=tuple(replace(d, code=ends.get(d.code, d.code)) for d in rubric.domains))


def test_a_domain_that_came_from_a_known_one_keeps_its_code_and_its_wording_counts_on() -> None:
    first = _published(make_rubric())
    file = recoded(reworded(first.rubric, "lea-2", "lea-3"), _1="x-1", _2="x-2")
    plan = plan_publishing(file, first, came_from={"x-1": "lea-1", "x-2": "lea-2"})
    assert [d.code for d in plan.rubric.domains] == ["lea-1", "lea-2", "lea-3"]
    assert dict(plan.origins) == {"lea-1": Origin.SAME, "lea-2": Origin.REWORDED, "lea-3": Origin.REWORDED}
    assert dict(plan.wordings) == {"lea-1": 1, "lea-2": 2, "lea-3": 2}
    assert plan.gone == ()


def test_without_being_told_a_new_code_is_a_new_domain() -> None:
    first = _published(make_rubric())
    plan = plan_publishing(recoded(first.rubric, _1="x-1"), first)
    assert (plan.with_origin(Origin.NEW), plan.gone) == (("x-1",), ("lea-1",))


def test_a_file_whose_new_code_was_explained_once_is_unchanged_afterwards() -> None:
    first = _published(make_rubric())
    file = recoded(reworded(first.rubric, "lea-2"), _1="x-1")
    second = _published_plan(file, first, {"x-1": "lea-1"})
    assert plan_publishing(file, second).changes_nothing
    assert plan_publishing(second.rubric, second).changes_nothing, "the network's own workbook, with the old codes"
    assert not plan_publishing(reworded(file, "lea-3"), second).changes_nothing


def _published_plan(rubric: Rubric, latest: RubricVersion, came_from: dict[str, str]) -> RubricVersion:
    plan = plan_publishing(rubric, latest, came_from=came_from)
    words = (plan.rubric, plan.origins, plan.wordings, plan.file_fingerprint)
    return RubricVersion(2, plan.number, latest.published_at, "Ana", "r.xlsx", *words)


def test_a_new_code_alone_makes_no_new_version() -> None:
    first = _published(make_rubric())
    assert plan_publishing(recoded(first.rubric, _1="x-1"), first, came_from={"x-1": "lea-1"}).changes_nothing


@pytest.mark.parametrize(
    ("came_from", "says"),
    [
        ({"x-9": "lea-1"}, "has no domain “x-9”"),
        ({"lea-3": "lea-1"}, "no new code"),
        ({"x-1": "lea-9"}, "no such domain"),
        ({"x-1": "lea-3"}, "has that domain too"),
        ({"x-1": "lea-1", "x-2": "lea-1"}, "cannot both come from “lea-1”"),
    ],
)
def test_an_origin_that_is_not_possible_is_refused(came_from: dict[str, str], says: str) -> None:
    first = _published(make_rubric())
    with pytest.raises(UserError, match=says):
        plan_publishing(recoded(first.rubric, _1="x-1", _2="x-2"), first, came_from=came_from)


def test_a_first_version_comes_from_nothing() -> None:
    with pytest.raises(UserError, match="no such domain"):
        plan_publishing(make_rubric(), None, came_from={"lea-1": "lea-0"})


def test_came_from_is_read_by_code_or_by_rubric_and_code() -> None:
    rubrics = (make_rubric(), replace(make_rubric(code="ihe"), domains=make_rubric().domains[:1]))
    assert read_came_from(["lea-2=old-2", " ihe/lea-1 = old-1 "], rubrics) == {
        "lea": {"lea-2": "old-2"}, "ihe": {"lea-1": "old-1"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "says"), [("lea-1", "not understood"), ("=x", "not understood"), ("a=", "not understood"),
                       ("nowhere=x", "no rubric"), ("lea-1=x", "several rubrics")],
)  # fmt: skip
def test_came_from_that_names_no_single_domain_is_refused(said: str, says: str) -> None:
    with pytest.raises(UserError, match=says):
        read_came_from([said], (make_rubric(), replace(make_rubric(), code="ihe")))


@pytest.mark.parametrize(("left", "asked"), [(12, False), (9, False), (8, False), (7, True), (1, True)])
def test_a_file_that_drops_more_than_a_third_of_the_domains_is_asked_about(left: int, *, asked: bool) -> None:
    first = _published(make_rubric(domains=12))
    rubric = replace(first.rubric, domains=first.rubric.domains[:left], about="gone over")
    assert plan_publishing(rubric, first).is_sweeping is asked


def test_a_file_in_which_no_domain_is_the_same_is_asked_about() -> None:
    first = _published(make_rubric())
    every = reworded(first.rubric, "lea-1", "lea-2", "lea-3")
    assert plan_publishing(every, first).is_sweeping
    assert not plan_publishing(every, first, {"lea-2": Origin.SAME}).is_sweeping
    assert not plan_publishing(reworded(first.rubric, "lea-1", "lea-2"), first).is_sweeping


def test_a_first_version_and_the_same_text_are_not_asked_about() -> None:
    assert not plan_publishing(make_rubric(), None).is_sweeping
    assert not plan_publishing(make_rubric(), _published(make_rubric())).is_sweeping
