"""A rubric that nobody has rated, in a network that has rated others: no empty axes, but what to do next."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from progressions.people import Principal
from progressions.settings import Settings
from progressions.store import Store, open_store
from progressions.web import compare_view, guard
from tests import factories, many_sites
from tests.web.shown import ran

Open = Callable[..., AppTest]


@pytest.fixture(scope="module")
def partly(example: Settings) -> Principal:
    """Staff of a network that rated one of its three rubrics."""
    store = open_store(example.database_url)
    staff = many_sites.furnish(store, factories.a_network(store), 3, 2, of=("partnership",))
    store.close()
    return staff


@pytest.fixture
def opened(installed: Store, pages: Path, partly: Principal, monkeypatch: pytest.MonkeyPatch) -> Open:
    assert installed

    def open_page(page: str, **address: str) -> AppTest:
        monkeypatch.setattr(guard, "signed_in", lambda: partly)
        monkeypatch.setattr("streamlit.page_link", lambda *_args, **_named: None)  # it needs the whole application
        shown = AppTest.from_file(str(pages / f"{page}.py"), default_timeout=120)
        for name, value in address.items():
            shown.query_params[name] = value
        return ran(shown)

    return open_page


@pytest.mark.parametrize("view", ["", *(view for view in compare_view.VIEWS if view != "coverage")])
def test_home_and_compare_say_that_it_has_not_been_rated_and_draw_nothing(opened: Open, view: str) -> None:
    shown = opened("compare" if view else "home", rubric="lea", **({"view": view} if view else {}))
    assert [each.value.replace("\\", "") for each in shown.info] == [
        "The rubric “District (LEA)” has not been rated yet."
    ]
    assert not shown.get("vega_lite_chart")


def test_a_rubric_that_was_rated_is_drawn(opened: Open) -> None:
    shown = opened("home", rubric="partnership")
    assert not shown.info
    assert shown.get("vega_lite_chart")
