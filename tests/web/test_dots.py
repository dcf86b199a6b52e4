"""The dots in a real browser, in Streamlit's own element, which cleans what it is given."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from progressions.web.dots import MOST_DOTS, markup
from tests.web.dotted.spreads import CASES, FRAMEWORK, of
from tests.wire.serving import PROJECT, Served, served

FIRST_RUN_MS = 30_000  # the server imports what it needs when the first page is opened
PROJECTOR, PHONE, SMALL = (1280, 720), (390, 844), (320, 700)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    log = tmp_path_factory.mktemp("dots") / "server.log"
    with served(Path(__file__).parent / "dotted" / "page.py", log, environment) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(bypass_csp=True) as context:
        yield context.new_page()


def drawn(page: Page, server: Served, case: str, size: tuple[int, int] = PROJECTOR) -> Locator:
    """The table on a screen of this size."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{server.url}/?of={case}")
    expect(page.locator(".vote-dots")).to_be_visible(timeout=FIRST_RUN_MS)
    return page.get_by_role("table")


def rows_of(table: Locator) -> list[list[str]]:
    """What a screen reader meets, row by row."""
    return [
        [" ".join(t.split()) for t in row.locator("th, td").all_inner_texts()] for row in table.get_by_role("row").all()
    ]


@pytest.mark.parametrize("size", [PROJECTOR, SMALL], ids=["projector", "phone"])
def test_a_screen_reader_meets_a_count_for_each_side_and_level(
    page: Page, server: Served, size: tuple[int, int]
) -> None:
    table = drawn(page, server, "two-sides", size)
    heads = [f"{level} {name}" for level, name in enumerate(FRAMEWORK, start=1)]
    heads[1] += " agreed"
    assert rows_of(table) == [
        ["", *heads, "Cannot judge"],
        ["District 5 voted", "1", "4", "0", "0", "0"],
        ["University 5 voted", "0", "1", "3", "0", "1"],
    ]
    assert table.get_by_role("columnheader").count() == 5
    assert table.get_by_role("rowheader").count() == 2
    expect(table.get_by_role("caption")).to_have_text(
        "District members mostly said Small change implementation (4 of 5); university members mostly said "
        "Integrating improvement science / NICs into core work (3 of 5; 1 could not judge)."
    )


def test_a_vote_in_which_nobody_took_part_is_a_line_and_no_table_of_zeros() -> None:
    drawn_of_nobody = markup(of([], []), FRAMEWORK)
    assert "<table" not in drawn_of_nobody
    assert "obody" in drawn_of_nobody


@pytest.mark.parametrize("size", [PROJECTOR, SMALL], ids=["projector", "phone"])
def test_every_voter_is_a_dot_of_their_side_with_a_size_and_a_shape(
    page: Page, server: Served, size: tuple[int, int]
) -> None:
    drawn(page, server, "two-sides", size)
    shapes = {}
    for side in ("lea", "ihe"):
        found = page.locator(f".{side} i")
        assert found.count() == 5
        for box in (found.nth(n).bounding_box() for n in range(5)):
            assert box is not None
            assert box["width"] == pytest.approx(box["height"], abs=1)
            assert box["width"] >= (22 if size == PROJECTOR else 15)
        shapes[side] = found.first.evaluate("dot => getComputedStyle(dot).borderTopLeftRadius")
    assert shapes["lea"] == "50%"
    assert shapes["ihe"] != "50%"


def test_on_a_projector_levels_go_from_left_to_right_and_the_agreed_one_is_outlined(page: Page, server: Served) -> None:
    table = drawn(page, server, "two-sides")
    lefts = table.get_by_role("columnheader").evaluate_all("all => all.map(e => e.getBoundingClientRect().left)")
    assert lefts == sorted(lefts)
    outlined = table.locator("th, td").evaluate_all(
        "all => all.filter(e => getComputedStyle(e).borderLeftWidth === '3px').map(e => e.cellIndex)"
    )
    assert outlined == [2, 2, 2]


def test_on_a_phone_the_highest_level_is_at_the_top_and_the_sides_are_columns(page: Page, server: Served) -> None:
    table = drawn(page, server, "two-sides", SMALL)
    tops = table.get_by_role("columnheader").evaluate_all("all => all.map(e => e.getBoundingClientRect().top)")
    assert tops[:4] == sorted(tops[:4], reverse=True)
    assert tops[4] > max(tops[:4])
    for row in (1, 2):
        cells = table.get_by_role("row").nth(row).locator("td")
        assert cells.evaluate_all("all => all.map(e => e.getBoundingClientRect().top)") == pytest.approx(tops, abs=1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PROJECTOR, PHONE, SMALL], ids=lambda size: str(size[0]))
def test_every_spread_fits_and_passes_axe(browser: Browser, server: Served, scheme: str, size: tuple[int, int]) -> None:
    with browser.new_context(color_scheme=scheme, bypass_csp=True) as context:  # type: ignore[arg-type]
        page = context.new_page()
        for case in CASES:
            drawn(page, server, case, size)
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
            assert page.locator(".vote-dots").evaluate("e => e.scrollWidth - e.clientWidth") == 0


def test_names_and_levels_that_want_to_be_markup_stay_text(page: Page, server: Served) -> None:
    table = drawn(page, server, "hostile")
    expect(table).to_contain_text("<img src=x onerror='window.hostile=1'>")
    expect(table).to_contain_text("<b onclick='window.hostile=1'>Bo</b>")
    assert table.locator("img").count() == 0
    table.locator("th, td").evaluate_all("all => all.forEach(e => e.click())")
    assert page.evaluate("window.hostile") is None


def test_streamlit_keeps_all_that_is_drawn(page: Page, server: Served) -> None:
    drawn(page, server, "two-sides")
    spread, names, agreed = CASES["two-sides"]
    kept = page.locator(".vote-dots").evaluate("e => e.outerHTML")
    assert kept == markup(spread, names, agreed=agreed)


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_more_dots_than_anybody_counts_become_one_beside_the_number(more: int) -> None:
    count = MOST_DOTS + more
    text = markup(of([2] * count, [3, 3, 3]), FRAMEWORK)
    assert text.count("<i></i>") - 3 == (count if more < 1 else 1)
    assert f"<b>{count}</b>" in text


def test_names_are_drawn_only_where_votes_have_them() -> None:
    assert "Featherstonehaugh" in markup(*CASES["named"][:2])
    assert re.findall(r"<small>(.*?)</small>", markup(*CASES["two-sides"][:2])) == ["5 voted", "5 voted"]


def test_three_hundred_phones_get_less_than_three_kilobytes_each() -> None:
    spread, names, agreed = CASES["two-sides"]
    assert len(markup(spread, names, agreed=agreed).encode()) < 3_000
    assert len(markup(*CASES["hostile"][:2]).encode()) < 3_000


@pytest.mark.parametrize("agreed", [None, 0, 5])
def test_a_level_that_the_rubric_does_not_have_marks_nothing(agreed: int | None) -> None:
    assert "agreed" not in markup(*CASES["two-sides"][:2], agreed=agreed)
