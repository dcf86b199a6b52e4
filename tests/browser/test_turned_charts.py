"""A chart whose room changes after it was drawn, because a phone is turned or the side bar folded, is whole again."""

import pytest
from playwright.sync_api import Page

from tests.browser.rest import expect, settled
from tests.browser.server import RunningApp
from tests.browser.steps import open_screen, press, sign_in, until

pytestmark = pytest.mark.browser

OWN = "/movement?partnership=alder-valley&rubric=partnership"
SCREENS = {
    "all": (f"{OWN}&view=all", "Movement"),
    "two": (f"{OWN}&view=two", "Movement"),
    "one": (f"{OWN}&view=one&domain=partnership-3", "Movement"),
    "peers": (f"{OWN}&view=peers", "Movement"),
    "sites": ("/compare?rubric=partnership&view=sites", "Compare"),
    "side": ("/compare?rubric=partnership&view=side", "Compare"),
    "over": ("/compare?rubric=partnership&view=over", "Compare"),
}
TURNS = [((1024, 768), (768, 1024)), ((390, 844), (844, 390)), ((844, 390), (390, 844)), ((1280, 720), (700, 720))]
CUT = """() => [...document.querySelectorAll('[data-testid=stVegaLiteChart] svg')].flatMap(svg => {
  const whole = svg.getBoundingClientRect();
  return [...svg.querySelectorAll('text')].filter(text => text.textContent.trim()).flatMap(text => {
    const box = text.getBoundingClientRect();
    return box.bottom > whole.bottom + SLACK || box.top < whole.top - SLACK ? [text.textContent] : [];
  });
})""".replace("SLACK", "4")  # the box of a text is taller than its letters
FILLED = """() => [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].every(chart => {
  const svg = chart.querySelector('svg');
  return svg && Math.abs(svg.getBoundingClientRect().width - chart.getBoundingClientRect().width) < 2;
})"""


def _cut(page: Page) -> object:
    """The texts that reach over the picture's edge, once each chart is as wide as its place."""
    settled(page)
    until(page, lambda: bool(page.evaluate(FILLED)), "The chart never came to fill its place.")
    page.wait_for_timeout(300)  # a chart that is drawn in two steps has its width before its height
    return page.evaluate(CUT)


@pytest.mark.parametrize("screen", SCREENS)
def test_after_a_turn_every_text_of_a_chart_is_within_its_picture(page: Page, app: RunningApp, screen: str) -> None:
    sign_in(page, app)
    for upright, turned in TURNS:
        page.set_viewport_size({"width": upright[0], "height": upright[1]})
        open_screen(page, app, *SCREENS[screen])
        expect(page.locator("[data-testid=stVegaLiteChart] svg").first).to_be_visible()
        assert _cut(page) == [], upright
        page.set_viewport_size({"width": turned[0], "height": turned[1]})
        assert _cut(page) == [], (upright, turned)


def test_with_the_side_bar_folded_and_unfolded_every_text_is_within_its_picture(page: Page, app: RunningApp) -> None:
    sign_in(page, app)
    page.set_viewport_size({"width": 1024, "height": 768})
    open_screen(page, app, *SCREENS["all"])
    expect(page.locator("[data-testid=stVegaLiteChart] svg").first).to_be_visible()
    settled(page)
    press(page.get_by_test_id("stExpandSidebarButton"))
    page.wait_for_timeout(1000)  # it slides
    assert _cut(page) == []
    page.get_by_test_id("stSidebar").hover()
    press(page.get_by_test_id("stSidebarCollapseButton").get_by_role("button"))
    page.wait_for_timeout(1000)
    assert _cut(page) == []
