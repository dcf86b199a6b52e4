"""What comes out of the printer, from a light and from a dark screen."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.rest import expect
from tests.browser.server import RunningApp
from tests.browser.steps import open_screen, press, settled, sign_in

pytestmark = pytest.mark.browser

OF = "partnership=alder-valley&rubric=partnership"
SCREENS = {
    "home": (f"/?{OF}", "Alder Valley Schools & Northmoor University"),
    "all": (f"/movement?{OF}&view=all", "Movement"),
    "two": (f"/movement?{OF}&view=two", "Movement"),
    "peers": (f"/movement?{OF}&view=peers&peers=time", "Movement"),
    "sites": ("/compare?rubric=partnership", "Compare"),
}
PRESSED = "button, input, summary, a[href], [role=combobox], [role=radio]"
INKS = """() => {
  const light = c => { const [r, g, b] = c.match(/\\d+/g).map(Number); return r * .3 + g * .6 + b * .1 };
  const seen = [...document.querySelectorAll('[data-testid=stMain] *')].filter(e => e.checkVisibility());
  const words = seen.filter(e => !e.closest('svg') && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()));
  const drawn = seen.filter(e => e.tagName === 'text' && e.closest('.role-axis-label, .role-legend-label'));
  return {
    paper: ['html', '.stApp'].map(s => getComputedStyle(document.querySelector(s)).backgroundColor),
    words: Math.max(...words.map(e => light(getComputedStyle(e).color))),
    drawn: Math.max(...drawn.map(e => light(getComputedStyle(e).fill))),
  }
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_paper_is_light_and_holds_the_figure_its_words_and_nothing_to_press(
    page: Page, app: RunningApp, pictures: Path, scheme: str, screen: str
) -> None:
    sign_in(page, app)
    page.emulate_media(color_scheme=scheme)
    path, heading = SCREENS[screen]
    open_screen(page, app, path, heading)
    chart = page.locator("[data-testid=stVegaLiteChart] svg").first
    expect(chart).to_be_visible()
    settled(page)
    page.emulate_media(media="print", color_scheme=scheme)
    page.screenshot(path=pictures / f"printed-{screen}-{scheme}.png", full_page=True)
    for what in page.locator(PRESSED).all():
        assert not what.is_visible(), what.evaluate("e => e.outerHTML")[:300]
    expect(chart).to_be_visible()
    expect(page.get_by_role("heading", level=3).first).to_be_visible()
    expect(page.get_by_text(re.compile("made up")).first).to_be_visible()
    inks = page.evaluate(INKS)
    assert inks["paper"] == ["rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"]
    assert inks["words"] < 60
    assert inks["drawn"] < 60
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0


def test_an_opened_table_is_printed_and_a_closed_one_is_not(page: Page, app: RunningApp) -> None:
    sign_in(page, app)
    open_screen(page, app, SCREENS["all"][0], "Movement")
    page.emulate_media(media="print")
    expect(page.get_by_test_id("stTable")).not_to_be_visible()
    page.emulate_media(media="screen")
    press(page.get_by_text("The same numbers as a table"))
    expect(page.get_by_test_id("stTable")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_test_id("stTable")).to_be_visible()
    expect(page.get_by_text("The same numbers as a table")).not_to_be_visible()
