"""The network's sites beside one another, from the store: against SQL, and at sizes that real networks have."""

from dataclasses import replace

import pandas as pd
import pytest

from progressions.charts.figure import Figure
from progressions.charts.sites_heat import MOST_CELLS
from progressions.charts.theme import Mode
from progressions.errors import NotAllowedError
from progressions.measures.kinds import Population
from progressions.measures.sites import SitesBy
from progressions.people import Access, Principal
from progressions.ratings import Convening
from progressions.services import compare, movement, network_coverage, networks, pictures
from progressions.services.compare import Between, Order
from progressions.services.pictures import Asked
from progressions.store import Store
from tests import factories, many_sites
from tests.factories import NOW
from tests.services.eleven import Eleven


def test_the_sites_stand_where_the_database_says(eleven: Eleven) -> None:
    figure = compare.sites(eleven.frame, eleven.partnerships, eleven.version, eleven.last, Order(), Mode.LIGHT)
    titles = {d.title: d.code for d in eleven.version.rubric.domains}
    twin = figure.table.set_index("Partnership")
    found = {
        (site, code): int(twin.loc[site, title])
        for site in twin.index
        for title, code in titles.items()
        if pd.notna(twin.loc[site, title])
    }
    assert found == eleven.levels(eleven.convenings[-1].held_on)
    assert list(twin.index) == [p.title for p in eleven.partnerships]


def test_those_that_moved_come_first_when_they_are_asked_for(eleven: Eleven) -> None:
    now, then = (eleven.levels(c.held_on) for c in (eleven.last.now, eleven.convenings[-2]))
    moved = {at[0] for at in {*now} & {*then} if now[at] != then[at]}
    rows = compare.sites(
        eleven.frame, eleven.partnerships, eleven.version, eleven.last, Order(SitesBy.MOVED), Mode.LIGHT
    ).table["Partnership"]
    assert 0 < len(moved) < 11
    assert set(rows[: len(moved)]) == moved


def test_very_many_sites_are_counted_and_one_of_them_is_found(eleven: Eleven) -> None:
    many = tuple(
        replace(eleven.partnerships[0], id=100 + n, code=f"more-{n}", title=f"More {n}") for n in range(MOST_CELLS)
    )
    everybody = (*eleven.partnerships, *many)
    assert compare.are_cells(everybody[:MOST_CELLS])
    assert not compare.are_cells(everybody)
    counted = compare.sites(eleven.frame, everybody, eleven.version, eleven.last, Order(), Mode.LIGHT)
    assert "Domain" in counted.table
    assert counted.n.startswith("111 partnerships")
    row = compare.one_site(eleven.frame, eleven.partnerships[3], eleven.version, eleven.last, Mode.LIGHT)
    assert list(row.table["Partnership"]) == [eleven.partnerships[3].title]


@pytest.mark.parametrize("domain", ["", "partnership-3"])
def test_the_cells_of_who_moved_name_those_that_the_database_has(eleven: Eleven, domain: str) -> None:
    between = Between(eleven.convenings[-1], eleven.convenings[0])
    now, then = (eleven.levels(c.held_on) for c in (eleven.convenings[-1], eleven.convenings[0]))
    titles = {d.code: d.title for d in eleven.version.rubric.domains}
    found_moves = compare.moved(eleven.frame, eleven.version, between, domain)
    told = compare.cells(found_moves, eleven.version)
    assert told
    for cell in told:
        old, new = (int(level) for level in cell.name.split("-"))
        wanted = {at for at in {*now} & {*then} if (then[at], now[at]) == (old, new) and domain in ("", at[1])}
        there = compare.in_cell(found_moves, eleven.partnerships, eleven.version, cell.name)
        found = {(who.title, title) for who, domains in there.items() for title in domains}
        assert found == {(site, titles[code]) for site, code in wanted}
        assert cell.count == len(wanted)


def test_who_moved_says_its_unit_and_judges_chance_by_partnership(eleven: Eleven) -> None:
    between = Between(eleven.convenings[-1], eleven.convenings[0])
    whole = _figure(eleven, between, "")
    one = _figure(eleven, between, "partnership-1")
    assert "ratings at both" in whole.n
    assert "partnerships at both" in one.n
    assert "By partnership, on balance:" in whole.finding
    with pytest.raises(ValueError, match="earlier"):
        _figure(eleven, Between(eleven.convenings[0]), "")


def _figure(eleven: Eleven, between: Between, domain: str) -> Figure:
    found = compare.moved(eleven.frame, eleven.version, between, domain)
    return compare.who_moved(found, eleven.version, between, domain, Mode.LIGHT)


def test_the_same_sites_are_told_with_how_many_are_left_out(eleven: Eleven) -> None:
    assert compare.has_same_sites(eleven.frame, eleven.version, eleven.convenings)
    figure = compare.network_levels(
        eleven.frame, eleven.version, eleven.convenings, Population.SAME, Mode.LIGHT, "partnership-1"
    )
    ends = [eleven.levels(c.held_on) for c in (eleven.convenings[0], eleven.convenings[-1])]
    same = {site for site, code in {*ends[0]} & {*ends[1]} if code == "partnership-1"}
    assert figure.n.startswith(f"The same {len(same)} partnerships at both dates")
    assert figure.table["Partnerships"].iloc[-1] == len(same)


@pytest.mark.parametrize("convenings", [20, 21, 23])
def test_a_chart_of_the_latest_convenings_says_how_many_came_before(eleven: Eleven, convenings: int) -> None:
    named = many_sites.names(convenings)
    held = [Convening(place, day, named[day]) for place, day in enumerate(many_sites.days(convenings))]
    frame = many_sites.frame(11, convenings)
    few, many = eleven.partnerships, [replace(eleven.partnerships[0], code=f"more-{n}") for n in range(MOST_CELLS + 1)]
    every = [[eleven.version]]
    made = [
        compare.chosen_sites(frame, few[:2], eleven.version, held, Mode.LIGHT),
        *(compare.network_levels(frame, eleven.version, held, each, Mode.LIGHT) for each in Population),
        *(network_coverage.who_has_rated(frame, who, every, held, Mode.LIGHT) for who in (few, many)),
    ]
    said = {20: "", 21: "; 1 earlier convening not shown", 23: "; 3 earlier convenings not shown"}[convenings]
    for figure in made:
        assert figure.n.endswith(said)
        assert ("earlier" in figure.n) is bool(said)
        assert named[held[-20].held_on] in str(figure.table.columns.to_list() + figure.table.iloc[:, 0].to_list())


def test_side_by_side_has_the_chosen_ones_and_the_rest(eleven: Eleven) -> None:
    chosen = eleven.partnerships[2:5]
    figure = compare.chosen_sites(eleven.frame, chosen, eleven.version, eleven.convenings, Mode.LIGHT)
    assert set(figure.table["Partnership"]) == {"The rest", *(p.title for p in chosen)}
    last = eleven.levels(eleven.convenings[-1].held_on)
    title, code = eleven.version.rubric.domains[0].title, eleven.version.rubric.domains[0].code
    rest = [level for (site, at), level in last.items() if at == code and site not in {p.title for p in chosen}]
    told = figure.table.set_index(["Domain", "Partnership"]).loc[(title, "The rest")].iloc[-2]
    assert told == ", ".join(f"{rest.count(level)} at {level}" for level in (1, 2, 3, 4) if rest.count(level))


def test_those_who_rated_last_are_put_side_by_side_first(eleven: Eleven) -> None:
    last = eleven.convenings[-1]
    rated = {site for site, _ in eleven.levels(last.held_on)}
    codes = [p.code for p in eleven.partnerships if p.title in rated]
    of = (eleven.partnerships, eleven.version, eleven.convenings)
    assert compare.first_two(eleven.frame, *of) == codes[:2]
    without = eleven.frame[(eleven.frame["held_on"] != str(last.held_on)) | (eleven.frame["partnership"] == codes[4])]
    first = next(p.code for p in eleven.partnerships if p.code != codes[4])
    assert compare.first_two(without, *of) == [codes[4], first]
    figure = compare.chosen_sites(without, eleven.partnerships[:2], eleven.version, eleven.convenings, Mode.LIGHT)
    before, _, _ = eleven.convenings[-2].label.partition(" · ")
    assert figure.finding.startswith(f"{before}, the last that two of them rated: of ")
    assert f"Of the rest in {before}" in figure.table.columns


def test_a_last_convening_with_a_level_that_is_no_more_alone_keeps_its_column_side_by_side(eleven: Eleven) -> None:
    last = eleven.frame["held_on"] == str(eleven.convenings[-1].held_on)
    one = last & (eleven.frame["rubric"] == eleven.version.rubric.code)
    gone = eleven.frame[one].head(1).assign(level=9).astype(eleven.frame.dtypes.to_dict())
    frame = pd.concat([eleven.frame[~last], gone], ignore_index=True)
    rated = compare.convenings_rated(frame, eleven.version, eleven.convenings)
    assert rated == eleven.convenings
    figure = compare.chosen_sites(frame, eleven.partnerships[:2], eleven.version, rated, Mode.LIGHT)
    now, before = (each.label.partition(" · ")[0] for each in (eleven.convenings[-1], eleven.convenings[-2]))
    assert figure.finding.startswith(f"{before}, the last that two of them rated: of ")
    assert "not rated then" not in figure.finding
    assert set(figure.table[now]) == {""}
    assert "all others who rated, 0 at the last;" in figure.n
    assert "1 rating at levels of an earlier version" in figure.n


def test_each_order_of_sites_has_a_name_and_a_file_is_made_of_those_alone(eleven: Eleven) -> None:
    codes = [domain.code for domain in eleven.version.rubric.domains]
    found = compare.orders(eleven.version)
    assert list(found) == ["title", "moved", *(f"level:{code}" for code in codes)]
    assert found["title"] == Order()
    assert found[f"level:{codes[1]}"] == Order(SitesBy.LEVEL, codes[1])
    of = {"rubric": eleven.version.rubric.code, "convening": eleven.convenings[-1].held_on.isoformat()}

    def file(order: str) -> bytes:
        return pictures.picture(eleven.store, eleven.staff, Asked("sites", {**of, "order": order}), "csv", NOW)

    assert file("") == file("title") != file(f"level:{codes[1]}")
    for unknown in ("level:nowhere", "level", "total", f"title:{codes[0]}"):
        with pytest.raises(NotAllowedError):
            file(unknown)


def test_a_network_without_ratings_has_no_convening_to_compare(sqlite_store: Store) -> None:
    network = factories.a_network(sqlite_store)
    version = factories.a_furnished_network(sqlite_store, network)
    staff = factories.staff_of(network)
    frame = movement.frame_of(sqlite_store, staff)
    convenings = networks.convenings(sqlite_store, staff)
    assert compare.convenings_rated(frame, version, convenings) == ()
    assert compare.network_moves(frame, version, ()) == ""
    assert not compare.has_same_sites(frame, version, ())


@pytest.mark.parametrize("access", [Access.RATER, Access.MEMBER, Access.FACILITATOR])
@pytest.mark.parametrize("name", ["sites", "site", "side-by-side", "levels", "who-moved", "who-rated"])
def test_no_picture_of_the_network_leaves_with_anybody_but_its_staff(eleven: Eleven, name: str, access: Access) -> None:
    own, other, *_ = (partnership.code for partnership in eleven.partnerships)
    of = {"partnership": own, "rubric": "partnership", "whose": "all", "sites": f"{own}\n{other}"}
    of |= {"convening": eleven.convenings[-1].held_on.isoformat(), "then": eleven.convenings[0].held_on.isoformat()}
    assert pictures.picture(eleven.store, eleven.staff, Asked(name, of), "csv", NOW)
    who = Principal(2, "Max", eleven.network, access, own)
    with pytest.raises(NotAllowedError):
        pictures.picture(eleven.store, who, Asked(name, of), "csv", NOW)


def test_the_same_network_comes_out_of_the_store_that_went_in(eleven: Eleven) -> None:
    made = many_sites.frame(11, 8)
    assert eleven.frame.drop(columns="wording").equals(made.drop(columns="wording"))
