"""The Compare screen by itself: what is chosen is in the address, and each view answers its question."""

import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from progressions.clock import utc_now
from progressions.people import Network, Principal
from progressions.ratings import RatingDraft
from progressions.services import networks, start
from progressions.services.rubrics import publish_shipped
from progressions.settings import Settings
from progressions.store import Store, open_store
from progressions.web import compare_view, guard
from tests import factories
from tests.plain_sql import PlainSql
from tests.web.shown import ran

SECOND = "Brindle Bay Public Schools & Quillfield State University"
LAST = "SELECT max(held_on) FROM convenings"
Open = Callable[..., AppTest]


@pytest.fixture
def links(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The links that a page draws: one needs the whole application around it."""
    drawn: list[dict[str, Any]] = []
    monkeypatch.setattr("streamlit.page_link", lambda *_args, **named: drawn.append(named))
    return drawn


@pytest.fixture
def opened(
    session_of: Callable[[str], str], pages: Path, monkeypatch: pytest.MonkeyPatch, links: list[dict[str, Any]]
) -> Open:
    """The page at an address, as somebody sees it."""

    def open_page(access: str = "staff", **address: str | list[str]) -> AppTest:
        token = session_of(access)
        monkeypatch.setattr(guard, "session_token", lambda: token)
        shown = AppTest.from_file(str(pages / "compare.py"), default_timeout=120)
        for name, value in {"rubric": "partnership", **address}.items():
            shown.query_params[name] = value
        links.clear()
        return ran(shown)

    return open_page


@pytest.fixture
def sql(example: Settings) -> PlainSql:
    return PlainSql(example.database_url)


def headings(shown: AppTest) -> list[str]:
    return [heading.value.replace("\\", "") for heading in shown.subheader]


def names(shown: AppTest) -> list[str]:
    return [name.replace("\\", "") for name in shown.table[0].value["Partnership"]]


@pytest.mark.parametrize("access", ["", "member", "facilitator"])
@pytest.mark.parametrize("view", compare_view.VIEWS)
def test_nobody_but_staff_compares_sites(opened: Open, access: str, view: str) -> None:
    shown = opened(access, view=view)
    assert not shown.subheader
    assert not shown.table
    assert not shown.selectbox


def test_each_view_has_its_address_and_its_figure(opened: Open) -> None:
    found = {view: headings(opened(view=view))[0] for view in compare_view.VIEWS}
    assert found["sites"] == "Partnership, site by site: Fall 2026"
    assert found["side"].endswith("side by side")
    assert found["over"] == "Partnership: how the ratings are spread over the levels"
    assert found["moved"].startswith("Partnership: who moved, ")
    assert found["coverage"] == "Who has rated, convening by convening"


def test_the_sites_are_sorted_as_the_reader_wants_it(opened: Open) -> None:
    shown = opened(view="sites")
    assert names(shown) == sorted(names(shown), key=str.casefold)
    orders = shown.selectbox[2]
    assert not any("total" in option.lower() or "sum" in option.lower() for option in orders.options)
    orders.set_value("level:partnership-1")
    ran(shown)
    levels = [0 if level != level else int(level or 0) for level in shown.table[0].value.iloc[:, 1].fillna(0)]
    assert levels == sorted(levels, reverse=True)
    assert shown.query_params["order"] == "level:partnership-1"


def test_a_site_is_found_by_its_name_and_leads_to_its_movement(opened: Open, links: list[dict[str, Any]]) -> None:
    opened(view="sites", site="brindle-bay")
    (link,) = links
    assert link["label"].replace("\\", "") == f"The movement of {SECOND}"
    assert link["query_params"] == {"partnership": "brindle-bay", "rubric": "partnership"}


def test_a_site_that_does_not_exist_is_no_ones(opened: Open, links: list[dict[str, Any]]) -> None:
    opened(view="sites", site="nowhere", order="level:nothing", then="yesterday")
    assert links == []


@pytest.mark.parametrize(
    ("back", "chosen"),
    [
        ("", {}),
        ("rubric=ihe&view=side&sites=a&sites=b", {"rubric": "ihe", "view": "side", "sites": ["a", "b"]}),
        ("view=over&embed=true&Embed_Options=x&back=view%3Dside", {"view": "over"}),
    ],
)
def test_an_address_of_movement_is_not_taken_for_choices_made_here(
    opened: Open, back: str, chosen: dict[str, str | list[str]]
) -> None:
    shown = opened(view="one", partnership="brindle-bay", domain="partnership-4", back=back)
    assert dict(shown.query_params) == chosen


def test_two_to_six_are_put_side_by_side_and_stand_in_the_address(opened: Open) -> None:
    shown = opened(view="side")
    picker = shown.multiselect[0]
    assert len(picker.value) == 2
    picker.set_value([*picker.value, picker.options[5]] if picker.options[5] not in picker.value else picker.value)
    ran(shown)
    assert len(shown.query_params["sites"]) == 3
    assert len(set(names(shown))) == 4, "three, and the rest"
    again = opened(view="side", sites=["kestrel-ridge", "brindle-bay", "nowhere"])
    assert again.multiselect[0].value == ["kestrel-ridge", "brindle-bay"]
    alone = opened(view="side", sites=["kestrel-ridge"])
    assert [info.value for info in alone.info] == ["Choose two to six partnerships."]


def test_a_cell_of_the_matrix_opens_the_partnerships_in_it(opened: Open, sql: PlainSql) -> None:
    shown = opened(view="moved", domain="partnership-1")
    picker = shown.selectbox[-1]
    assert picker.value is None
    label = picker.options[0]
    count = int(label.rpartition(": ")[2])
    chosen = f"{label[0]}-{label.partition('→ ')[2][0]}"
    picker.set_value(chosen)
    ran(shown)
    assert shown.query_params["cell"] == chosen
    rows = shown.table[-1].value
    assert len(rows) == count
    assert all("view=one&domain=partnership-1)" in row for row in rows["Partnership"])
    days = [day for (day,) in sql.rows("SELECT held_on FROM convenings ORDER BY held_on")][-2:]
    for row in rows["Partnership"]:
        title = row.partition("](")[0].removeprefix("[").replace("\\", "").replace("\u2060", "")
        query = (
            "SELECT r.level FROM ratings r JOIN partnerships p ON p.id = r.partnership_id "
            "JOIN convenings c ON c.id = r.convening_id JOIN domains d ON d.id = r.domain_id "
            f"WHERE d.code = 'partnership-1' AND p.title = '{title}' AND c.held_on = '{{}}'"
        )
        levels = [sql.value(query.format(day)) for day in days]
        assert "-".join(map(str, levels)) == chosen


def test_a_partnership_in_a_cell_of_all_domains_opens_all_of_its_movement(opened: Open) -> None:
    shown = opened(view="moved")
    shown.selectbox[-1].set_value("2-2")
    ran(shown)
    rows = list(shown.table[-1].value["Partnership"])
    assert rows
    assert all("rubric=partnership)" in row and "view=" not in row and "domain=" not in row for row in rows)


def test_what_is_missing_is_told_by_partnership(opened: Open, installed: Store, network: Network) -> None:
    networks.add_partnership(installed, start.system_principal(network), "Newcomers *of* today", utc_now())
    shown = opened(view="coverage")
    rows = {row["Partnership"]: row for row in shown.table[-1].value.to_dict("records")}
    assert rows["Newcomers \\*of\\* today"]["Not rated"] == "24 of 24"
    assert rows["Newcomers \\*of\\* today"]["Domains"] == "every domain"
    links = [each.value for each in shown.markdown if "/download/figures/not-rated." in each.value]
    assert [re.findall(r"not-rated\.(\w+)\?convening=2026-10-21", link) for link in links] == [["csv", "xlsx"]]


def test_a_network_of_nothing_says_what_to_do_next(
    opened: Open, installed: Store, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    with installed.write_directory() as directory:
        empty = directory.add_network("empty", "An empty one", is_example=False, now=utc_now())
    publish_shipped(installed, start.system_principal(empty), utc_now())
    assert network.id != empty.id
    monkeypatch.setattr(guard, "signed_in", lambda: start.system_principal(empty))
    for view in compare_view.VIEWS:
        shown = opened(view=view)
        assert any("no partnerships yet" in info.value for info in shown.info), view


@pytest.fixture(scope="module")
def reworded(example: Settings) -> Principal:
    """Staff of a network whose one rubric was reworded in its first domain between its two convenings."""
    store = open_store(example.database_url)
    staff = start.system_principal(factories.a_network(store))
    old = factories.make_rubric()
    with store.write(staff) as repository:
        for code in ("ash", "birch"):
            repository.add_partnership(code, code.title())
        for day, rubric in ((factories.SPRING, old), (factories.AUTUMN, factories.reworded(old, "lea-1"))):
            version = factories.published(repository, rubric)
            repository.add_convening(day, "")
            for code, domain in itertools.product(("ash", "birch"), ("lea-1", "lea-2")):
                key, draft = factories.a_key(domain, code, day), RatingDraft(2)
                repository.save_rating(key, draft, base=0, version=version, by="Sam", now=utc_now())
    return staff


def test_where_all_rated_on_other_words_nobody_is_said_not_to_have_rated(
    opened: Open, reworded: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "signed_in", lambda: reworded)
    shown = opened(view="over", rubric="lea", domain="lea-1")
    assert [info.value for info in shown.info] == [
        "Nobody rated at both the first and the last convening on the same words: all who rated are shown."
    ]
    assert shown.table[0].value["Partnerships"].to_list() == [2, 2]
    assert not opened(view="over", rubric="lea", domain="lea-2").info


@pytest.mark.parametrize("whose", ["", "same", "all"])
def test_the_picker_of_whose_ratings_says_what_is_drawn_and_keeps_what_was_chosen(
    opened: Open, reworded: Principal, monkeypatch: pytest.MonkeyPatch, whose: str
) -> None:
    monkeypatch.setattr(guard, "signed_in", lambda: reworded)
    chosen = {"whose": whose} if whose else {}
    shown = opened(view="over", rubric="lea", domain="lea-1", **chosen)
    whose_of = {box.label: (box.options, box.value) for box in shown.selectbox}
    assert whose_of["Whose ratings"] == (["All who rated"], "all")
    assert dict(shown.query_params).get("whose", "") == whose
    domain = next(box for box in shown.selectbox if box.label == "Domain")
    ran(domain.set_value("lea-2") and shown)
    after = next(box for box in shown.selectbox if box.label == "Whose ratings")
    assert (after.options[0], after.value) == ("Same sites at the first and last convening", whose or "same")
    assert not shown.info


def test_of_the_first_convening_it_is_said_that_nothing_can_have_moved_before_it(
    opened: Open, reworded: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "signed_in", lambda: reworded)
    (info,) = opened(view="moved", rubric="lea", convening=factories.SPRING.isoformat()).info
    assert info.value == "This rubric was first rated on 5 Mar 2026: choose a later convening."
    assert not opened(view="moved", rubric="lea").info
