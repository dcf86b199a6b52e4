"""How a team agrees, drawn: each figure and its table say the same, and neither says more than may be known."""

import re
from collections import Counter
from dataclasses import replace

import pytest

from progressions.charts.agreement_dots import MOST_DOTS
from progressions.charts.agreement_first import first_and_agreed
from progressions.charts.agreement_gap import WIDE_APART, sides_apart
from progressions.charts.agreement_room import in_the_room
from progressions.charts.agreement_votes import split_of, team_votes
from progressions.charts.colours import contrast, level_colours, text_on
from progressions.charts.export import png
from progressions.charts.theme import Mode, inks
from progressions.measures.agreement import DomainVotes, agreement_frame
from progressions.measures.votes import spread
from progressions.team_session import DomainKey, Role, ShownVote, Side, Voters
from tests.charts import agreeing
from tests.charts.drawings import AGREEING, RUBRIC, SEASONS, parts, rows, spec_of
from tests.measures.facts import DAYS

KEY = DomainKey("PART", "any")
TITLES = [domain.title for domain in RUBRIC.domains[:-1]]


def voted(district, university, domain="D1", agreed=None, day=DAYS[0]):
    """One domain, from answers; None cannot judge."""
    votes = [
        ShownVote(KEY, 1, side, Role.OTHER, answer, answer is None)
        for side, answers in ((Side.LEA, district), (Side.IHE, university))
        for answer in answers
    ]
    return DomainVotes(day, "PART", domain, 1, (spread(votes, (), 4),), agreed)


def drawn_of(*domains):
    return team_votes(domains, RUBRIC, who="Us", at="Fall")


def dots_of(figure, cell):
    """The places of the dots in a cell."""
    at = {name: value for name, value in cell.items() if name not in ("kind", "place")}
    return [r["place"] for r in rows(figure) if r["kind"] == "dot" and all(r[n] == v for n, v in at.items())]


def test_the_votes_table_has_every_count_and_every_dot_is_one_vote():
    figure = AGREEING.votes()
    heads = {str(level.position): level.label for level in RUBRIC.levels} | {"none": "Cannot judge"}
    cells = {(row["Domain"], row["side"], heads[row["box"]]): row for row in rows(figure) if row["kind"] == "cell"}
    table = figure.table.set_index(["Domain", "Side"])
    assert len(cells) == len(table) * 5
    for (domain, side, head), row in cells.items():
        assert table.loc[(domain, side), head] == row["count"]
        assert dots_of(figure, row) == list(range(row["count"]))
    assert table["Voters"].sum() == sum(row["count"] for row in cells.values())
    agreed = {row["Domain"]: row["level"] for row in cells.values() if row["lit"]}
    told = {title: level for (title, _), level in table["Agreed"].items() if level}
    assert {title: int(level.split()[0]) for title, level in told.items()} == agreed
    assert all(row["level"] == int(row["box"]) for row in cells.values() if row["lit"])


def test_the_votes_are_those_that_were_given():
    figure = AGREEING.votes()
    given = {RUBRIC.domain(each.domain).title: each for each in agreeing.at(7, RUBRIC)}
    drawn = {}
    for row in rows(figure):
        if row["kind"] == "cell" and row["box"] != "none":
            drawn.setdefault((row["Domain"], row["side"]), {})[int(row["box"])] = row["count"]
    for title, each in given.items():
        for number, spread_ in enumerate(each.rounds, start=1):
            name = title if number == 1 else f"{title}, vote 2"
            for side, row in zip(("District", "University"), spread_.rows, strict=True):
                assert drawn.pop((name, side)) == dict(enumerate(row.counts, start=1))
    assert not drawn


def test_the_most_split_domain_comes_first_and_a_second_vote_after_its_first():
    table = AGREEING.votes().table
    first = table[~table["Domain"].str.endswith(", vote 2")].drop_duplicates("Domain")
    assert first["How split (0 to 100)"].is_monotonic_decreasing
    assert set(first["Domain"]) == set(TITLES)
    titles = list(dict.fromkeys(table["Domain"]))
    again = f"{TITLES[agreeing.VOTED_AGAIN]}, vote 2"
    assert titles.index(again) == titles.index(TITLES[agreeing.VOTED_AGAIN]) + 1
    (order,) = {tuple(p["scale"]["domain"]) for p in parts(spec_of(AGREEING.votes())) if p.get("field") == "row"}
    assert [key.rsplit(" ", 1)[0] for key in order if re.fullmatch(r"D\d \d", key)] == [
        next(d.code for d in RUBRIC.domains if title.removesuffix(", vote 2") == d.title) for title in titles
    ]


@pytest.mark.parametrize("district", [0, 1, 2])
def test_a_side_of_fewer_than_three_is_nowhere_in_the_figure(district):
    figure = drawn_of(voted([4] * district, [1, 1, 1]))
    assert list(figure.table["Side"]) == ["Both sides"]
    assert {row["side"] for row in rows(figure) if row["kind"] == "cell"} == {"Both sides"}
    assert "too few voters" in figure.n
    frame = agreement_frame([voted([4] * district, [1, 1, 1])])
    with pytest.raises(ValueError, match="no sides"):
        sides_apart(frame, RUBRIC, {}, who="Us")


@pytest.mark.parametrize(
    ("district", "university", "split"),
    [
        ([2, 2, 2], [2, 2, 2], 0),
        ([1, 1, 1], [4, 4, 4], 100),
        ([1, 4, 1, 4], [4, 1, 4, 1], 50),
        ([1, 4], [4, 1], 50),
        ([1, 1], [1, 2], 13),
        ([None] * 3, [None] * 3, 0),
    ],
)
def test_how_split_goes_from_one_level_to_two_sides_at_opposite_ends(district, university, split):
    assert split_of(voted(district, university).rounds[0]) == split
    assert drawn_of(voted(district, university)).table["How split (0 to 100)"].iloc[0] == split


@pytest.mark.parametrize(
    ("domains", "finding"),
    [
        (
            [([None] * 3, [None] * 3), ([2, 2, 2], [2, None, 2]), ([1, 1, 1], [4, 4, 4])],
            "All who judged said the same level in 1 of 2 domains; nobody could judge in 1; most split: " + TITLES[2],
        ),
        (
            [([None] * 3, [None] * 3), ([2, 2, 2], [2, None, 2])],
            "All who judged said the same level in 1 of 1 domain; nobody could judge in 1",
        ),
        ([([None] * 3, [None] * 3), ([None], [None])], "Nobody could judge in any of 2 domains"),
        (
            [([1, 1, 1], [4, 4, 4]), ([1, 1, 1], [4, 4, 4]), ([2, 2, 2], [2, 2, 3])],
            f"All who judged said the same level in none of 3 domains; most split: {TITLES[0]} (as split in 1 other)",
        ),
        ([([2] * 3, [2] * 3), ([3], [3])], "All who judged said the same level in 2 of 2 domains"),
    ],
)
def test_a_domain_in_which_nobody_judged_is_not_one_of_which_all_said_the_same(domains, finding):
    assert drawn_of(*(voted(*sides, domain=f"D{place}") for place, sides in enumerate(domains))).finding == finding


def test_more_people_than_anybody_counts_are_a_number_without_dots():
    for more in (0, 1):
        figure = drawn_of(voted([2] * (MOST_DOTS + more), [3] * 3))
        cells = [row for row in rows(figure) if row["kind"] == "cell" and row["count"] > 3]
        assert [len(dots_of(figure, row)) for row in cells] == [0 if more else MOST_DOTS]
        assert [row["count"] for row in cells] == [MOST_DOTS + more]


@pytest.mark.parametrize("mode", list(Mode))
def test_dots_and_numbers_can_be_told_from_what_they_lie_on(mode):
    for fill in level_colours(4):
        assert contrast(text_on(fill), fill) >= 4.5
    assert contrast(inks(mode).text, inks(mode).paper) >= 4.5
    assert contrast(text_on(WIDE_APART), WIDE_APART) >= 4.5
    assert contrast(WIDE_APART, "#ffffff") >= 3
    lit = [row for row in rows(AGREEING.votes(mode)) if row["lit"]]
    assert {row["ink"] for row in lit} == {text_on(level_colours(4)[row["level"] - 1]) for row in lit}


def test_the_first_votes_table_has_every_outline_and_every_filled_box():
    figure = AGREEING.first()
    twin = figure.table.set_index("Domain")
    assert list(twin.index) == TITLES
    for title in TITLES:
        own = [row for row in rows(figure) if row["Domain"] == title]
        outlined = [int(row["box"]) for row in own if row["middle"]]
        words = [int(number) for number in re.findall(r"\b([1-4]) ", twin.loc[title, "Middle of the first votes"])]
        assert outlined == words
        filled = [row["level"] for row in own if row["ours"]]
        assert filled == [int(n) for n in re.findall(r"^([1-4]) ", twin.loc[title, "Agreed"])]
        assert {row["beside"] for row in own} == {twin.loc[title, "Agreed beside the middle"]}
        if filled:
            where = "above" if filled[0] > outlined[-1] else "below" if filled[0] < outlined[0] else "at it"
            assert twin.loc[title, "Agreed beside the middle"] == where
    assert twin.loc[TITLES[agreeing.UNAGREED], "Agreed"] == "not rated"


def test_the_finding_of_the_first_votes_counts_the_rows_of_its_table():
    figure = AGREEING.first()
    found = Counter(figure.table["Agreed beside the middle"])
    compared = found["above"] + found["at it"] + found["below"]
    told = f"in {found['above'] or 'none'} of {compared} domains, at it in {found['at it']}, below it in "
    assert f"{told}{found['below']}" in figure.finding
    assert compared == len(TITLES) - 1


def test_the_table_of_the_sides_has_every_cell():
    figure = AGREEING.sides()
    cells = [(r["title"], r["when"], r["steps"], r["words"], r["District"], r["University"]) for r in rows(figure)]
    names = ["Domain", "Convening", "Steps", "Apart", "District", "University"]
    assert sorted(cells) == sorted(figure.table[names].itertuples(index=False, name=None))
    assert len(cells) == len(TITLES) * len(DAYS)
    for row in rows(figure):
        number = 0.0 if row["steps"] == "–" else float(row["steps"].replace("½", ".5"))
        assert row["wide"] == (number >= 1)
        assert row["two"].split("\n")[-1] == row["steps"]
        assert ("U" in row["two"], "D" in row["two"]) == ("university" in row["words"], "district" in row["words"])
        if row["steps"] != "–" and "between" not in row["District"] + row["University"]:
            assert number == abs(int(row["District"][0]) - int(row["University"][0]))


def test_a_day_with_two_voters_of_the_district_has_no_sides_and_new_words_cut():
    by_day = {}
    for row in rows(AGREEING.sides()):
        by_day.setdefault(row["when"], []).append(row)
    assert {row["steps"] for row in by_day[SEASONS[DAYS[agreeing.FEW]]]} == {"–"}
    cut = [(row["title"], row["when"]) for row in rows(AGREEING.sides()) if row["wording_begins"]]
    assert cut == [(TITLES[agreeing.REWORDED], SEASONS[DAYS[5]])]


def test_the_table_of_the_room_has_every_count():
    figure = AGREEING.room()
    twin = figure.table.set_index("Convening")
    for row in (row for row in rows(figure) if row["kind"] == "cell"):
        told = twin.loc[row["when"], "Voted last time too" if row["column"] == "again" else row["column"]]
        assert str(told).startswith(row["told"])
        assert row["count"] == (0 if row["column"] == "again" else told)
        assert len(dots_of(figure, row)) == (row["count"] if row["count"] <= MOST_DOTS else 0)
    assert twin["Voted last time too"].iloc[:2].to_list() == ["first time", "2 of 10 (20%)"]
    assert twin["Voted last time too"].iloc[5] == "not known"
    assert "mostly different people" in figure.finding


def test_a_room_that_nothing_ties_to_the_last_one_says_so_and_explains_no_names():
    figure = in_the_room({day: Voters({Side.LEA: 3}, {}) for day in DAYS[:2]}, SEASONS, who="Us")
    assert figure.finding.endswith(f"how many of them voted in {SEASONS[DAYS[0]]} too is not known")
    assert "name" not in figure.n


@pytest.mark.parametrize("levels", [2, 3, 5, 6])
def test_votes_on_rubrics_of_two_to_six_levels_are_drawn(levels):
    rubric = agreeing.rubric_of(levels)
    said = [each for number in (0, 1) for each in agreeing.at(number, rubric, levels=levels)]
    frame = agreement_frame(said)
    for figure in (
        team_votes(said[:1], rubric, who="Us", at="Fall"),
        first_and_agreed(frame.head(1), rubric, who="Us", at="Fall"),
        sides_apart(frame, rubric, {}, who="Us"),
    ):
        assert png(figure, 350, scale=1).startswith(b"\x89PNG")


def test_two_domains_of_one_title_each_keep_their_rows_together_and_are_told_apart():
    twice = replace(RUBRIC, domains=tuple(replace(domain, title="Shared aim") for domain in RUBRIC.domains[:2]))
    said = [voted([1] * 3, [3] * 3, domain=code, day=day) for day in DAYS[:2] for code in ("D0", "D1")]
    table = sides_apart(agreement_frame(said), twice, SEASONS, who="Us").table
    assert table["Domain"].to_list() == ["Shared aim (D0)"] * 2 + ["Shared aim (D1)"] * 2
    assert table["Convening"].to_list() == [SEASONS[day] for day in DAYS[:2]] * 2


def test_twenty_convenings_are_drawn():
    days = [DAYS[0].replace(year=2000 + number) for number in range(20)]
    said = [each for number in range(20) for each in agreeing.at(number, RUBRIC, days)]
    figure = sides_apart(agreement_frame(said), RUBRIC, {}, who="Us")
    assert len(rows(figure)) == 20 * len(TITLES)
    assert png(figure, 350, scale=1).startswith(b"\x89PNG")
    room = in_the_room(agreeing.everybody(days), {}, who="Us")
    assert len([row for row in rows(room) if row["kind"] == "cell"]) == 60


def test_domains_and_levels_that_the_rubric_does_not_have_are_told_and_not_drawn():
    gone = voted([1] * 3, [2] * 3, domain="GONE")
    figure = drawn_of(voted([1] * 3, [2] * 3), gone)
    assert figure.n.endswith("; 1 domain of earlier words not shown")
    assert len(figure.table) == 2
    first = first_and_agreed(agreement_frame([voted([1] * 3, [2] * 3), gone]), RUBRIC, who="Us", at="Fall")
    assert first.n.endswith("; 1 domain of earlier words not shown")
    at_both = [replace(each, held_on=day) for each in (voted([1] * 3, [2] * 3), gone) for day in DAYS[:2]]
    apart = sides_apart(agreement_frame(at_both), RUBRIC, {}, who="Us")
    assert apart.n.endswith("; not shown: 1 domain that the rubric no longer has")
    assert len(apart.table) == 2
    few = voted([1] * 2, [2] * 3, domain="GONE")
    assert "not shown" not in sides_apart(agreement_frame([voted([1] * 3, [2] * 3), few]), RUBRIC, {}, who="Us").n
    for draw in (
        lambda: drawn_of(gone),
        lambda: first_and_agreed(agreement_frame([gone]), RUBRIC, who="Us", at="Fall"),
        lambda: sides_apart(agreement_frame([gone]), RUBRIC, {}, who="Us"),
        lambda: in_the_room({}, {}, who="Us"),
    ):
        with pytest.raises(ValueError, match="to draw"):
            draw()


@pytest.mark.parametrize("hostile", ["\x00one\nmore", "y" * 9_000, "<img src=x> [a](b)"], ids=lambda t: ascii(t)[:12])
def test_hostile_titles_are_drawn_as_text(hostile):
    rubric = agreeing.rubric_of(4)
    domain = type(rubric.domains[0])("D1", hostile, hostile, ("",) * 4)
    rubric = type(rubric)("PART", hostile, rubric.levels, (domain, rubric.domains[1]))
    said = agreeing.at(0, rubric)
    for figure in (
        team_votes(said, rubric, who=hostile, at=hostile),
        first_and_agreed(agreement_frame(said), rubric, who=hostile, at=hostile),
        sides_apart(agreement_frame(said), rubric, {DAYS[0]: hostile}, who=hostile),
        in_the_room(agreeing.everybody(DAYS[:2]), {DAYS[0]: hostile}, who=hostile),
    ):
        assert png(figure, 350, scale=1).startswith(b"\x89PNG")
