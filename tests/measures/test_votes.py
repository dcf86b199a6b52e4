import itertools
import statistics
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progressions.measures.votes import first_median, how_split, sentence, spread
from progressions.team_session import DomainKey, PaperCount, Role, ShownVote, Side

KEY = DomainKey("partnership", "aim")
LEVELS = 4
NAMES = ["Exploring", "Small change", "Integrating", "Institutionalizing"]
ANSWERS = st.lists(st.sampled_from([1, 2, 3, 4, None]), max_size=9)
SOME_LEVELS = st.lists(st.integers(1, LEVELS), min_size=1, max_size=9)
THREE_LEVELS = st.lists(st.integers(1, LEVELS), min_size=3, max_size=9)


def votes(side, *answers, name=""):
    return [ShownVote(KEY, 1, side, Role.OTHER, answer, answer is None, name) for answer in answers]


def sheets(side, level, count):
    return PaperCount(KEY, 1, side, level, count)


def of(district=(), university=(), papers=(), levels=LEVELS, by_side=True):
    return spread(votes(Side.LEA, *district) + votes(Side.IHE, *university), papers, levels, by_side=by_side)


def distances(one, other):
    """The mean number of cuts between a voter of the one and a voter of the other."""
    return statistics.fmean(abs(a - b) for a, b in itertools.product(one, other))


@pytest.mark.parametrize(
    ("district", "university", "sides"),
    [
        (2, 9, [None]),
        (9, 2, [None]),
        (0, 9, [None]),
        (2, 2, [None]),
        (3, 3, [Side.LEA, Side.IHE]),
        (3, 9, [Side.LEA, Side.IHE]),
        (4, 4, [Side.LEA, Side.IHE]),
    ],
)
def test_a_side_is_shown_by_itself_only_where_both_have_three_voters(district, university, sides):
    assert [row.side for row in of([1] * district, [4] * university).rows] == sides


def test_who_cannot_judge_and_sheets_of_paper_make_three_voters_too():
    found = of([1, None, None], [], [sheets(Side.IHE, None, 1), sheets(Side.IHE, 3, 2)])
    assert [(row.side, row.counts, row.cannot_judge, row.n) for row in found.rows] == [
        (Side.LEA, (1, 0, 0, 0), 2, 3),
        (Side.IHE, (0, 0, 2, 0), 1, 3),
    ]


@pytest.mark.parametrize("phones", [1, 2])
@pytest.mark.parametrize("side", list(Side))
def test_sheets_never_part_one_or_two_who_voted_on_phones_from_the_rest(phones, side):
    """Whoever types sheets in knows them: taken away from a side shown by itself, they would leave those few votes."""
    said = {side: [4] * phones, next(other for other in Side if other is not side): [1] * 4}
    invented = [sheets(each, None, 9) for each in Side]
    found = of(said[Side.LEA], said[Side.IHE], invented)
    assert [row.side for row in found.rows] == [None]
    assert sentence(found, NAMES).endswith("shown together because a side has fewer than three voters on phones.")
    assert [row.side for row in of([1] * 3, [4] * 3, invented).rows] == [Side.LEA, Side.IHE]
    assert [row.side for row in of([], [4] * 3, invented).rows] == [Side.LEA, Side.IHE]


def test_all_are_shown_together_where_that_is_asked_for():
    found = of([1] * 5, [2] * 5, by_side=False)
    assert [row.side for row in found.rows] == [None]
    assert not found.together_because


@given(ANSWERS, ANSWERS)
def test_every_voter_is_counted_once(district, university):
    found = of(district, university)
    counted = Counter(district + university)
    assert found.together.counts == tuple(counted[level] for level in (1, 2, 3, 4))
    assert found.together.cannot_judge == counted[None]
    assert found.together.n == sum(row.n for row in found.rows) == len(district + university)


@given(ANSWERS, ANSWERS)
def test_a_sheet_of_paper_counts_like_a_vote(district, university):
    by_phone = of(district, university)
    counts = Counter((Side.LEA, answer) for answer in district) + Counter((Side.IHE, answer) for answer in university)
    assert of(papers=[sheets(*which, count) for which, count in counts.items()]) == by_phone


def test_names_stand_with_the_level_that_was_said():
    called = [*votes(Side.LEA, 2, name="Zoe"), *votes(Side.LEA, 2, name="Ann"), *votes(Side.LEA, None, name="Bo")]
    found = spread(called + votes(Side.IHE, 4, 4, 4, name="Di"), [sheets(Side.IHE, 4, 1)], LEVELS)
    assert found.rows[0].names == ((), ("Ann", "Zoe"), (), (), ("Bo",))
    assert found.together.names == ((), ("Ann", "Zoe"), (), ("Di", "Di", "Di"), ("Bo",))


def test_a_vote_with_only_a_note_says_nothing():
    noted = ShownVote(KEY, 1, Side.LEA, Role.OTHER, None, False)
    assert spread([noted], [], LEVELS).together.n == 0


@pytest.mark.parametrize("level", [0, 5, -1])
def test_a_level_that_the_rubric_does_not_have_is_refused(level):
    with pytest.raises(ValueError, match=f"level {level} of 4"):
        of([level])


def test_a_negative_count_and_a_rubric_of_one_level_are_refused():
    with pytest.raises(ValueError, match="negative"):
        of(papers=[sheets(Side.LEA, 1, -1)])
    with pytest.raises(ValueError, match="two levels"):
        of(levels=1)


def test_votes_of_two_rounds_or_domains_are_not_thrown_together():
    again = PaperCount(KEY, 2, Side.LEA, 1, 1)
    elsewhere = PaperCount(DomainKey("partnership", "trust"), 1, Side.LEA, 1, 1)
    for other in (again, elsewhere):
        with pytest.raises(ValueError, match="several"):
            of([1], papers=[other])


@given(SOME_LEVELS)
def test_how_split_counts_the_cuts_between_every_two_voters(said):
    widest = (LEVELS - 1) / 2  # half the voters at either end
    assert float(how_split(of(said, by_side=False))) == pytest.approx(distances(said, said) / widest)


@given(THREE_LEVELS, THREE_LEVELS)
def test_what_lies_between_the_sides_counts_twice(district, university):
    everybody = district + university
    apart = distances(district, university) - (distances(district, district) + distances(university, university)) / 2
    weight = 2 * len(district) * len(university) / len(everybody) ** 2
    expected = (distances(everybody, everybody) + weight * apart) / ((LEVELS - 1) / 2)
    assert float(how_split(of(district, university))) == pytest.approx(expected)


@given(THREE_LEVELS, THREE_LEVELS)
def test_it_is_the_same_told_from_the_other_end_and_with_the_sides_exchanged(district, university):
    found = how_split(of(district, university))
    assert how_split(of([5 - level for level in district], [5 - level for level in university])) == found
    assert how_split(of(university, district)) == found


def test_the_most_mixed_comes_first_and_nobodys_votes_last():
    in_order = [
        of([1, 1, 1, 1], [4, 4, 4, 4]),  # a side at either end
        of([1, 1, 4, 4], [1, 1, 4, 4]),  # the same votes, both sides divided in themselves
        of([2, 2, 2, 2], [3, 3, 3, 3]),
        of([2, 2, 3, 3], [2, 2, 3, 3]),
        of([2, 2, 2, 2], [2, 2, 2, 3]),
        of([2, 2, 2, 2], [2, 2, 2, 2]),
        of(),
    ]
    backwards = in_order[::-1]
    assert sorted(backwards, key=how_split, reverse=True) == in_order


def test_ones_and_fours_are_more_mixed_than_twos_and_threes_although_their_mean_is_the_same():
    assert how_split(of([1, 1, 4, 4])) > how_split(of([2, 2, 3, 3]))


def test_ties_keep_the_order_of_the_rubric():
    alike = [of([1, 2]), of([3, 4]), of([2, 3])]
    assert sorted(alike, key=how_split, reverse=True) == alike


@given(st.integers(2, 6))
def test_the_widest_split_is_one_whatever_the_number_of_levels(levels):
    assert how_split(of([1, 1, levels, levels], levels=levels)) == 1


@given(ANSWERS, st.integers(1, 5))
def test_who_cannot_judge_splits_nothing(said, more):
    if any(said):
        assert how_split(of(said, by_side=False)) == how_split(of(said + [None] * more, by_side=False))
    assert how_split(of([None] * more)) == 0


@given(ANSWERS)
def test_the_first_median_is_that_of_all_votes_in_order_and_never_between_levels(said):
    levels = [level for level in said if level]
    expected = {statistics.median_low(levels), statistics.median_high(levels)} if levels else set()
    assert first_median(of(said)) == tuple(sorted(expected))


def test_the_first_median_of_an_even_split_is_both_levels():
    assert first_median(of([2, 2], [3, 4])) == (2, 3)


@pytest.mark.parametrize(
    ("district", "university", "words"),
    [
        (
            [2, 2, 2, 2, 1],
            [3, 3, 3, 2],
            "District members mostly said Small change (4 of 5); university members mostly said Integrating (3 of 4).",
        ),
        (
            [1, 1, 2, 2, 3],
            [3, 3, 3],
            "District members are split: 2 at level 1, 2 at level 2, 1 at level 3; "
            "all 3 university members said Integrating.",
        ),
        (
            [2, 2, 2, None, None],
            [None, None, None],
            "All 3 who could judge said Small change; 5 could not judge.",
        ),
        (
            [2, 2, 2, None, 1],
            [None, None, None],
            "District members mostly said Small change (3 of 5; 1 could not judge); "
            "none of the 3 university members could judge.",
        ),
        (
            [2, None, None],
            [3, 3, 4],
            "District members are split: 1 at level 2, 2 could not judge; "
            "university members mostly said Integrating (2 of 3).",
        ),
        (
            [2, 2, 2, 1],
            [2, 2, 2, 3, None],
            "Both sides mostly said Small change (district members 3 of 4, university members 3 of 5); "
            "1 could not judge.",
        ),
        ([2] * 5, [2] * 4, "All 9 said Small change."),
        ([2], [2], "Both said Small change."),
        ([2], [], "The only voter said Small change."),
        ([2, None, None], [], "The one who could judge said Small change; 2 could not judge."),
        ([2, 2, None], [], "Both who could judge said Small change; 1 could not judge."),
        ([None], [], "The only voter could not judge."),
        ([None] * 4, [None] * 5, "None of the 9 could judge."),
        (
            [2, 2, 2, 2, None],
            [3, 3],
            "7 voted: 4 at level 2, 2 at level 3, 1 could not judge; "
            "shown together because a side has fewer than three voters.",
        ),
        ([], [], "Nobody has voted."),
    ],
)
def test_the_sentence_says_where_the_sides_differ(district, university, words):
    assert sentence(of(district, university), NAMES) == words


def test_where_all_are_shown_together_on_purpose_no_reason_is_given():
    assert sentence(of([2, 2, 2], [3, 3, 3], by_side=False), NAMES) == "6 voted: 3 at level 2, 3 at level 3."


@given(ANSWERS, ANSWERS)
def test_the_sentence_tells_a_side_by_itself_only_where_both_have_three_voters(district, university):
    told = sentence(of(district, university), NAMES).lower()
    if min(len(district), len(university)) < 3:
        assert "district" not in told
        assert "university" not in told


def test_every_level_wants_a_name():
    with pytest.raises(ValueError, match="3 names for 4 levels"):
        sentence(of([1]), NAMES[:3])
