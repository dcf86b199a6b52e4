"""The network beside itself after a version that loses a domain and a level: what is no more is said, and counts
nowhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pandas as pd
import pytest

from progressions.charts.theme import Mode
from progressions.measures.kinds import Population
from progressions.measures.sites import SitesBy
from progressions.people import Partnership, Principal
from progressions.ratings import Convening, RatingDraft
from progressions.rubric import RubricVersion
from progressions.services import compare, movement, network_coverage, networks, pictures, rubrics
from progressions.services.compare import Between, Order
from progressions.services.pictures import Asked
from progressions.store import open_store
from tests import factories
from tests.factories import a_key, make_rubric

OLD, NEW = date(2026, 3, 5), date(2026, 10, 8)
FIRST, SECOND = (datetime(2026, month, 1, 9, tzinfo=UTC) for month in (1, 6))
THEN = {"ash": {"lea-1": 5, "lea-2": 2, "lea-3": 3}, "birch": {"lea-1": 1, "lea-2": 2, "lea-3": 1}}
NOW = {"ash": {"lea-1": 4, "lea-2": 3}, "birch": {"lea-1": 2, "lea-2": 2}}


@dataclass(frozen=True)
class Changed:
    """Ash and Birch, rated on five levels and three domains, then on four and two. In autumn Ash also held the old."""

    frame: pd.DataFrame
    partnerships: tuple[Partnership, ...]
    convenings: tuple[Convening, ...]
    every: tuple[tuple[RubricVersion, ...], ...]
    staff: Principal
    files: dict[str, str]

    @property
    def version(self) -> RubricVersion:
        return self.every[0][-1]

    @property
    def between(self) -> Between:
        return Between(self.convenings[1], self.convenings[0])


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Changed]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('changed') / 'store.sqlite3'}")
    network = factories.a_network(store)
    staff = factories.staff_of(network)
    with store.write(staff) as repository:
        old = factories.published(repository, make_rubric(3, levels=5), FIRST)
        for code, title in (("ash", "Ash County"), ("birch", "Birch Valley")):
            repository.add_partnership(code, title)
        repository.add_convening(OLD, "Spring")
        repository.add_convening(NEW, "Autumn")
        new = factories.published(repository, make_rubric(2, levels=4), SECOND)
        for rated, day, version in ((THEN, OLD, old), (NOW, NEW, new)):
            for code, levels in rated.items():
                for domain, level in levels.items():
                    key = a_key(domain, code, day)
                    draft = RatingDraft(level)
                    repository.save_rating(key, draft, base=0, version=version, by="Sam", now=SECOND)
    made = Changed(
        movement.frame_of(store, staff),
        networks.partnerships(store, staff),
        networks.convenings(store, staff),
        rubrics.every(store, staff),
        staff,
        {
            name: pictures.picture(store, staff, Asked(name, {"convening": OLD.isoformat()}), "csv", SECOND).decode()
            for name in ("who-rated", "not-rated")
        },
    )
    yield made
    store.close()


def test_each_convening_asks_for_the_domains_of_its_time(changed: Changed) -> None:
    figure = network_coverage.who_has_rated(
        changed.frame, changed.partnerships, changed.every, changed.convenings, Mode.LIGHT
    )
    assert figure.table.to_dict("records") == [
        {"Partnership": "Ash County", "Spring": "3 of 3", "Autumn": "2 of 2"},
        {"Partnership": "Birch Valley", "Spring": "3 of 3", "Autumn": "2 of 2"},
    ]
    for convening in changed.convenings:
        asked = network_coverage.asked_at(changed.frame, changed.every, convening)
        assert network_coverage.not_rated(changed.frame, changed.partnerships, asked, convening) == {}
    assert "Ash County,3 of 3,2 of 2" in changed.files["who-rated"]
    assert "0 of 6 ratings missing" in changed.files["not-rated"]


def test_the_matrix_and_its_sentence_count_no_domain_that_is_gone(changed: Changed) -> None:
    found = compare.moved(changed.frame, changed.version, changed.between, "")
    figure = compare.who_moved(found, changed.version, changed.between, "", Mode.LIGHT)
    assert "4 not comparable: the wording changed" in figure.finding
    assert "not rated at one of the two" not in figure.finding
    assert "; not shown: 2 ratings at these two convenings of domains that the rubric no longer has" in figure.n
    told = compare.network_moves(changed.frame, changed.version, changed.convenings)
    assert told == f"{figure.finding}."


def test_a_domain_that_is_gone_counts_each_of_its_ratings_at_the_two_convenings(changed: Changed) -> None:
    gone = changed.frame[(changed.frame["partnership"] == "birch") & (changed.frame["domain"] == "lea-3")]
    later = gone.assign(held_on=pd.Timestamp(NEW), level=3).astype(changed.frame.dtypes.to_dict())
    frame = pd.concat([changed.frame, later], ignore_index=True)
    found = compare.moved(frame, changed.version, changed.between, "")
    figure = compare.who_moved(found, changed.version, changed.between, "", Mode.LIGHT)
    assert "; not shown: 3 ratings at these two convenings of domains that the rubric no longer has" in figure.n


def test_a_movement_from_a_level_that_is_no_more_is_a_pair_and_of_one_domain_a_partnership(changed: Changed) -> None:
    at_same_words = changed.frame.assign(wording=1).astype(changed.frame.dtypes.to_dict())
    for domain, told in (("", "1 pair of ratings"), ("lea-1", "1 partnership")):
        found = compare.moved(at_same_words, changed.version, changed.between, domain)
        figure = compare.who_moved(found, changed.version, changed.between, domain, Mode.LIGHT)
        assert f"; not shown: {told} at levels of an earlier version" in figure.n


def test_the_levels_over_time_leave_out_what_is_gone_and_say_so(changed: Changed) -> None:
    figure = compare.network_levels(changed.frame, changed.version, changed.convenings, Population.ALL, Mode.LIGHT)
    assert figure.table["Ratings"].to_list() == [3, 4]
    assert figure.n.endswith(
        "; not shown: 1 rating at levels of an earlier version"
        "; not shown: 2 ratings of domains that the rubric no longer has"
    )
    one = compare.network_levels(
        changed.frame, changed.version, changed.convenings, Population.ALL, Mode.LIGHT, "lea-2"
    )
    assert "not shown" not in one.n


def test_the_sites_of_then_say_what_is_not_shown(changed: Changed) -> None:
    then = Between(changed.convenings[0])
    figure = compare.sites(changed.frame, changed.partnerships, changed.version, then, Order(), Mode.LIGHT)
    both = (
        "; not shown: 1 rating at this convening at levels of an earlier version"
        "; not shown: 2 ratings at this convening of domains that the rubric no longer has"
    )
    assert figure.n.endswith(both)
    many = changed.partnerships * 60
    counted = compare.sites(changed.frame, many, changed.version, then, Order(), Mode.LIGHT)
    assert counted.n.endswith(both)
    assert counted.table["Partnerships"].to_list() == [1, 2]


def test_side_by_side_says_what_is_not_shown_of_the_chosen_and_of_the_rest(changed: Changed) -> None:
    for chosen in (changed.partnerships[:1], changed.partnerships[1:], changed.partnerships):
        figure = compare.chosen_sites(changed.frame, chosen, changed.version, changed.convenings, Mode.LIGHT)
        assert figure.n.endswith(
            "; not shown: 1 rating at levels of an earlier version"
            "; not shown: 2 ratings of domains that the rubric no longer has"
        )


def _order(changed: Changed, frame: pd.DataFrame, between: Between, order: Order) -> list[str]:
    figure = compare.sites(frame, changed.partnerships, changed.version, between, order, Mode.LIGHT)
    return figure.table["Partnership"].to_list()


def test_what_has_no_cell_does_not_sort_the_sites(changed: Changed) -> None:
    gone = changed.frame[(changed.frame["partnership"] == "birch") & (changed.frame["domain"] == "lea-3")]
    later = gone.assign(held_on=pd.Timestamp(NEW), level=3).astype(changed.frame.dtypes.to_dict())
    frame = pd.concat([changed.frame, later], ignore_index=True)
    assert _order(changed, frame, changed.between, Order(SitesBy.MOVED)) == ["Ash County", "Birch Valley"]
    turned = changed.frame.assign(partnership=changed.frame["partnership"].map({"ash": "birch", "birch": "ash"}))
    then = Between(changed.convenings[0])
    assert _order(changed, turned, then, Order(SitesBy.LEVEL, "lea-1")) == ["Ash County", "Birch Valley"]


def test_a_domain_that_nobody_rated_is_no_share_of_nothing(changed: Changed) -> None:
    frame = changed.frame[changed.frame["domain"] != "lea-2"]
    order = Order(SitesBy.LEVEL, "lea-2")
    figure = compare.sites(frame, changed.partnerships, changed.version, changed.between, order, Mode.LIGHT)
    assert figure.finding == "Domain 2: rated by nobody in Autumn"
