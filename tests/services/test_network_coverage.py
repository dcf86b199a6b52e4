"""What is missing, against SQL; rubrics that a convening did not ask for are told, on the screen and in the files."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pandas as pd
import pytest

from progressions.charts import coverage
from progressions.charts.coverage import MOST_DRAWN
from progressions.charts.theme import Mode
from progressions.people import Principal
from progressions.services import movement, network_coverage, networks, pictures, rubrics
from progressions.services.pictures import Asked
from progressions.services.rubrics import publish_shipped
from progressions.store import Store
from tests import factories, many_sites
from tests.services.eleven import Eleven

LATER = datetime(2027, 5, 1, tzinfo=UTC)
"""After every convening of ``many_sites``."""


@dataclass(frozen=True)
class Partly:
    """A network that rated one of its three rubrics, which were all published after its convenings."""

    store: Store
    staff: Principal
    frame: pd.DataFrame


@pytest.fixture
def partly(sqlite_store: Store) -> Partly:
    network = factories.a_network(sqlite_store)
    publish_shipped(sqlite_store, factories.staff_of(network), LATER)
    staff = many_sites.furnish(sqlite_store, network, 3, 2, of=("partnership",))
    return Partly(sqlite_store, staff, movement.frame_of(sqlite_store, staff))


def test_what_is_missing_is_what_the_database_has_not(eleven: Eleven) -> None:
    every = rubrics.every(eleven.store, eleven.staff)
    versions = network_coverage.asked_at(eleven.frame, every, eleven.convenings[-1])
    gaps = network_coverage.not_rated(eleven.frame, eleven.partnerships, versions, eleven.convenings[-1])
    rated = eleven.levels(eleven.convenings[-1].held_on)
    titles = {d.code: d.title for d in eleven.version.rubric.domains}
    for who in eleven.partnerships:
        missing = {title for code, title in titles.items() if (who.title, code) not in rated}
        assert missing == set(gaps.get(who, ())) & set(titles.values())
    assert all(gaps.values())


def test_rubrics_that_a_convening_did_not_ask_for_are_told_by_title(partly: Partly) -> None:
    every = rubrics.every(partly.store, partly.staff)
    convenings = networks.convenings(partly.store, partly.staff)
    few = networks.partnerships(partly.store, partly.staff)
    others = [versions[-1].rubric.title for versions in every if versions[-1].rubric.code != "partnership"]
    told = f"not counted, because published later and rated by nobody then: {', '.join(others)}"
    assert len(others) == 2
    many = [*few, *(replace(few[0], id=100 + n, code=f"more-{n}") for n in range(MOST_DRAWN))]
    for partnerships in (few, many):
        figure = network_coverage.who_has_rated(partly.frame, partnerships, every, convenings, Mode.LIGHT)
        assert "all 8 domains" in figure.finding
        assert told in figure.n
    versions = network_coverage.asked_at(partly.frame, every, convenings[-1])
    assert network_coverage.not_asked_at(every, versions) == f"; {told}"
    asked = Asked("not-rated", {"convening": convenings[-1].held_on.isoformat()})
    assert told in pictures.picture(partly.store, partly.staff, asked, "csv", LATER).decode("utf-8")


def test_where_every_rubric_was_asked_for_nothing_is_said_of_it(sqlite_store: Store) -> None:
    staff = many_sites.furnish(sqlite_store, factories.a_network(sqlite_store), 3, 2)
    frame, every = movement.frame_of(sqlite_store, staff), rubrics.every(sqlite_store, staff)
    convenings, partnerships = networks.convenings(sqlite_store, staff), networks.partnerships(sqlite_store, staff)
    figure = network_coverage.who_has_rated(frame, partnerships, every, convenings, Mode.LIGHT)
    assert "not counted" not in figure.n
    assert not network_coverage.not_asked_at(every, network_coverage.asked_at(frame, every, convenings[0]))


def test_what_some_convenings_did_not_ask_for_is_told_with_their_number() -> None:
    assert coverage.not_asked({"District": 8, "Partnership": 0, "University": 3}, 8) == (
        "; not counted, because published later and rated by nobody then: District, University (at 3 of 8 convenings)"
    )
    assert coverage.not_asked({"Partnership": 0}, 8) == ""
