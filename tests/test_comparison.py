"""Two versions side by side: what each domain came from, and which words changed."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from progressions.comparison import ChangeKind, DomainChange, RunKind, WordRun, all_gone, compare, word_runs
from progressions.rubric import Domain, Level, Rubric
from tests.factories import make_rubric, reworded

SAME, REMOVED, ADDED = RunKind.SAME, RunKind.REMOVED, RunKind.ADDED


def kinds(changes: tuple[DomainChange, ...]) -> dict[str, ChangeKind]:
    return {change.code: change.kind for change in changes}


def with_domains(rubric: Rubric, *domains: Domain) -> Rubric:
    return replace(rubric, domains=domains)


def test_a_first_version_has_only_new_domains():
    changes = compare(None, make_rubric())
    assert set(kinds(changes).values()) == {ChangeKind.NEW}
    assert {run.kind for change in changes for runs in change.descriptors for run in runs} == {ADDED}


def test_the_same_text_is_the_same():
    changes = compare(make_rubric(), make_rubric())
    assert set(kinds(changes).values()) == {ChangeKind.SAME}
    assert {run.kind for change in changes for runs in change.descriptors for run in runs} == {SAME}


def test_a_reworded_domain_shows_the_words_that_came():
    changes = compare(make_rubric(), reworded(make_rubric(), "lea-2"))
    assert kinds(changes) == {"lea-1": ChangeKind.SAME, "lea-2": ChangeKind.REWORDED, "lea-3": ChangeKind.SAME}
    assert changes[1].descriptors[0] == (
        WordRun(SAME, "what is seen in 2 at"), WordRun(REMOVED, "1"), WordRun(ADDED, "1, said anew"),
    )  # fmt: skip


def test_a_domain_that_is_left_out_is_gone_and_stands_last():
    before = make_rubric()
    changes = compare(before, with_domains(before, before.domains[2], before.domains[1]))
    assert [(change.code, change.kind) for change in changes] == [
        ("lea-3", ChangeKind.SAME), ("lea-2", ChangeKind.SAME), ("lea-1", ChangeKind.GONE),
    ]  # fmt: skip
    assert changes[2].after is None
    assert {run.kind for runs in changes[2].descriptors for run in runs} == {REMOVED}


def test_a_title_or_an_area_that_alone_changed_shows_its_words():
    before = make_rubric()
    first, *others = before.domains
    renamed = replace(first, title=f"{first.title} anew", area="Elsewhere")
    change = compare(before, with_domains(before, renamed, *others))[0]
    assert change.kind is ChangeKind.REWORDED
    names = {
        name: [(run.kind, run.text) for run in runs if run.kind is RunKind.ADDED]
        for name, runs in change.headings_changed
    }
    assert names == {"Title": [(RunKind.ADDED, "anew")], "Area": [(RunKind.ADDED, "Elsewhere")]}
    assert not compare(before, before)[0].headings_changed


def test_a_rubric_that_is_gone_is_gone_with_every_domain():
    rubric = make_rubric()
    assert [(change.code, change.kind) for change in all_gone(rubric)] == [
        (domain.code, ChangeKind.GONE) for domain in rubric.domains
    ]


def test_a_new_code_with_the_same_title_proposes_its_ancestor():
    before = make_rubric()
    other = replace(before.domains[0], code="new-1", descriptors=("p", "q", "r", "s"))
    changes = compare(before, with_domains(before, other, *before.domains[1:]))
    assert (changes[0].kind, changes[0].ancestor) == (ChangeKind.NEW, "lea-1")
    assert changes[0].before is None, "a proposal is no fact"


def a_domain(code: str, title: str, *descriptors: str) -> Domain:
    return Domain(code, title, "", descriptors)


LEVELS = (Level(1, "Low"), Level(2, "High"))


def test_a_new_code_with_most_of_the_words_proposes_its_ancestor_and_shows_the_difference():
    old = a_domain("a", "Agendas", "someone proposes topics at the start", "an agenda goes out the day before")
    new = a_domain("b", "Meeting agendas", "someone proposes topics at the start", "an agenda goes out a week before")
    (change, gone) = compare(Rubric("t", "T", LEVELS, (old,)), Rubric("t", "T", LEVELS, (new,)))
    assert change.ancestor == "a"
    assert change.descriptors[0] == (WordRun(SAME, "someone proposes topics at the start"),)
    assert WordRun(ADDED, "a week") in change.descriptors[1]
    assert gone.kind is ChangeKind.GONE


def test_another_text_has_no_ancestor():
    old = a_domain("a", "Agendas", "someone proposes topics", "an agenda goes out the day before")
    new = a_domain("b", "Budgets", "money is spent as it comes", "each year has a plan of costs")
    changes = compare(Rubric("t", "T", LEVELS, (old,)), Rubric("t", "T", LEVELS, (new,)))
    assert [change.ancestor for change in changes] == ["", ""]


def test_an_ancestor_is_proposed_once_to_the_likest():
    old = a_domain("a", "Agendas", "one two three four five", "six seven eight nine ten")
    near = a_domain("b", "Agendas", "one two three four five", "six seven eight nine eleven")
    far = a_domain("c", "Agenda", "one two three four five", "six seven other words here")
    changes = compare(Rubric("t", "T", LEVELS, (old,)), Rubric("t", "T", LEVELS, (far, near)))
    assert {change.code: change.ancestor for change in changes} == {"c": "", "b": "a", "a": ""}


def test_another_name_of_a_level_rewords_and_says_that_it_was_the_levels():
    before = make_rubric()
    after = replace(before, levels=(Level(1, "Beginning"), *before.levels[1:]))
    assert {(change.kind, change.levels_changed) for change in compare(before, after)} == {(ChangeKind.REWORDED, True)}


def test_a_level_more_shows_its_descriptor_as_added():
    old = a_domain("a", "Agendas", "low", "high")
    new = a_domain("a", "Agendas", "low", "high", "higher")
    before, after = Rubric("t", "T", LEVELS, (old,)), Rubric("t", "T", (*LEVELS, Level(3, "Top")), (new,))
    assert compare(before, after)[0].descriptors[2] == (WordRun(ADDED, "higher"),)


@pytest.mark.parametrize(
    ("was", "now", "runs"),
    [
        ("", "", ()),
        ("a b", "a b", ((SAME, "a b"),)),
        ("a b c", "a x c", ((SAME, "a"), (REMOVED, "b"), (ADDED, "x"), (SAME, "c"))),
        ("a\nb", "a b", ((SAME, "a"), (REMOVED, "\n"), (SAME, "b"))),
        ("", "a b", ((ADDED, "a b"),)),
    ],
)
def test_the_difference_of_two_texts(was: str, now: str, runs: tuple[tuple[RunKind, str], ...]):
    assert word_runs(was, now) == tuple(WordRun(kind, text) for kind, text in runs)


def test_very_long_texts_are_given_as_a_whole():
    was, now = "a " * 3_001, "b " * 3_001
    assert [run.kind for run in word_runs(was, now)] == [REMOVED, ADDED]
    assert [run.kind for run in word_runs(was, was)] == [SAME]


TEXTS = st.lists(st.sampled_from(["a", "b", "c", "the", "level"]), max_size=12).map(" ".join)


@given(TEXTS, TEXTS)
@settings(deadline=None)
def test_the_words_of_both_texts_are_all_there_and_in_order(was: str, now: str):
    runs = word_runs(was, now)
    assert " ".join(run.text for run in runs if run.kind is not ADDED).split() == was.split()
    assert " ".join(run.text for run in runs if run.kind is not REMOVED).split() == now.split()
