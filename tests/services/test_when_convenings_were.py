"""When a convening was, in every sentence of every figure: by its day, by a name that is a time, by any other name."""

import re
from datetime import date

import pytest

from progressions.charts.agreement_gap import sides_apart
from progressions.charts.agreement_room import in_the_room
from progressions.charts.figure import Figure
from progressions.measures.agreement import agreement_frame
from progressions.ratings import at_convening
from progressions.services import pictures
from progressions.services.picture_desk import Desk
from progressions.store import Store, open_store
from tests import factories, many_sites
from tests.charts import agreeing
from tests.charts.drawings import RUBRIC
from tests.load.pictures_of_figures import addresses

DAYS = many_sites.days(3)
AFTER = re.compile(r"\b(\w+) (15 (?:Apr|Jul|Oct) 2026|(?:Spring|Summer|Fall) 2026|Meeting [123])\b(?! ·)")
"""The word before a convening, and the convening."""
NAMES = {
    "on": dict.fromkeys(DAYS, ""),
    "in": many_sites.names(3),
    "at": {day: f"Meeting {number}" for number, day in enumerate(DAYS, start=1)},
}


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("25 Nov 2026", "on 25 Nov 2026"),
        ("5 May 2026", "on 5 May 2026"),
        ("Fall 2026", "in Fall 2026"),
        ("November 2025", "in November 2025"),
        ("Sept 2025", "at Sept 2025"),
        ("2025", "in 2025"),
        ("Spring", "in Spring"),
        ("Kick-off", "at Kick-off"),
        ("Fall 2026 · 15 Oct 2026", "at Fall 2026 · 15 Oct 2026"),
        ("Spring summit", "at Spring summit"),
        ("Meeting 2", "at Meeting 2"),
        ("", ""),
    ],
)
def test_a_day_a_time_and_an_event_have_each_their_word(label, told):
    assert at_convening(label) == told


@pytest.mark.parametrize("word", NAMES)
def test_every_figure_says_when_in_english(word, tmp_path, monkeypatch):
    monkeypatch.setattr(many_sites, "names", lambda _: NAMES[word])
    store = open_store(f"sqlite:///{tmp_path / 'network.sqlite3'}")
    staff = many_sites.furnish(store, factories.a_network(store), 11, 3, of=("partnership",))
    figures = [_made(store, staff, name, address) for name, _, address in addresses(11, 3)]
    store.close()
    said = [pair for figure in figures for pair in _said(figure) if pair[1] in _labels(word)]
    assert len({when for _, when in said}) == 3
    assert {before for before, _ in said if before in NAMES} == {word}


@pytest.mark.parametrize("word", NAMES)
def test_how_a_team_voted_says_when_in_english(word):
    days = many_sites.days(3)
    names = {day: name for day, name in NAMES[word].items() if name}
    votes = agreement_frame([each for number in range(3) for each in agreeing.at(number, RUBRIC, days)])
    one = agreement_frame(agreeing.at(0, RUBRIC, days))
    drawn = [sides_apart(told, RUBRIC, names, who="Alder Valley") for told in (votes, one)]
    for figure in [*drawn, in_the_room(agreeing.everybody(days), names, who="Alder Valley")]:
        assert {before for before, when in _said(figure) if before in NAMES and when in _labels(word)} == {word}


def _made(store: Store, staff, name: str, address: dict[str, str]) -> Figure:
    return pictures._FIGURES[name](Desk(store, staff, address, date(2026, 12, 1)))


def _labels(word: str) -> set[str]:
    return {name or f"{day:%d %b %Y}" for day, name in NAMES[word].items()}


def _said(figure: Figure) -> list[tuple[str, str]]:
    return AFTER.findall(f"{figure.title}. {figure.finding}. {figure.n}")
