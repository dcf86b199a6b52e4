"""A rater's phone by itself: every state on every size of screen, the whole vote by keyboard alone, two tabs, sleep."""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from progressions.clock import utc_now
from progressions.people import Principal
from progressions.services import networks, reveals, rubrics, start, team_sessions, voting
from progressions.services.team_sessions import Wish
from progressions.services.voting import Newcomer
from progressions.store import Store, open_store
from progressions.team_session import DomainKey, Naming, Role, Side, TeamSession
from tests.browser.rest import expect
from tests.browser.server import RunningApp
from tests.browser.steps import card, level, press, settled, stored, until

pytestmark = pytest.mark.browser

SIZES = {
    "320": {"width": 320, "height": 640},
    "phone": {"width": 390, "height": 844},
    "laptop": {"width": 1280, "height": 720},
}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
ANOTHER_DEVICE = "Go on on another device"
ON_TOP = """line => {
  const box = line.getBoundingClientRect();
  const seen = document.elementFromPoint(box.left + 20, box.top + box.height / 2);
  return line === seen || line.contains(seen) || seen.contains(line);
}"""
"""Whether nothing covers the beginning of a line."""


@dataclass
class Room:
    """A session, and its facilitator beside the server."""

    app: RunningApp
    store: Store
    staff: Principal
    session: TeamSession

    @property
    def now(self) -> TeamSession:
        found = team_sessions.session_of(self.store, self.staff, self.session.partnership, self.session.held_on)
        assert found is not None
        return found

    def joined(self, page: Page, name: str) -> None:
        self.fills(page, name)
        expect(page.get_by_text("One tap saves")).to_be_visible()
        settled(page)

    def fills(self, page: Page, name: str) -> None:
        page.goto(f"{self.app.url}/join/{self.session.room_code}")
        page.get_by_label("An alias").fill(name)
        page.get_by_text("District", exact=True).click()
        page.get_by_label("Your role").select_option("teacher")
        page.get_by_role("button", name="Join").click()

    def votes_of(self, name: str) -> list[tuple[object, ...]]:
        question = (
            "SELECT level, cannot_judge FROM votes JOIN seats ON seats.id = seat_id WHERE name = ? ORDER BY votes.id"
        )
        return stored(self.app.database, question, name)


@pytest.fixture
def room(fresh_app: RunningApp) -> Iterator[Room]:
    """An open session of one partnership on three domains."""
    store = open_store(fresh_app.database_url)
    with store.read_directory() as directory:
        network = directory.network(start.EXAMPLE_CODE)
    assert network is not None
    staff = start.system_principal(network)
    rubric = rubrics.latest(store, staff)[0].rubric
    keys = tuple(DomainKey(rubric.code, domain.code) for domain in rubric.domains[:3])
    day = networks.convenings(store, staff)[-1].held_on
    wish = Wish("alder-valley", day, Naming.ALIAS, True, keys)
    yield Room(fresh_app, store, staff, team_sessions.open_session(store, staff, wish, utc_now()))
    store.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_fits_and_passes_axe(room: Room, browser: Browser, pictures: Path, scheme: str) -> None:
    context = browser.new_context(viewport=SIZES["phone"], color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()

    def looks(state: str) -> None:
        for name, size in SIZES.items():
            page.set_viewport_size(size)  # type: ignore[arg-type]
            settled(page)
            page.screenshot(path=pictures / f"vote-{state}-{name}-{scheme}.png")
            wide = page.evaluate(
                "Math.max(document.documentElement.scrollWidth, ...[...document.querySelectorAll("
                "'[data-testid=stMain]')].map(main => main.scrollWidth))"
            )
            assert wide <= size["width"], (state, name)
            found = Axe().run(page, options=RULES)
            assert found.violations_count == 0, (state, name, found.generate_report())

    page.goto(f"{room.app.url}/vote")
    expect(page.get_by_role("link", name="Type the room code")).to_be_visible()
    looks("stranger")
    page.goto(f"{room.app.url}/join/AAAA-AAAA")
    expect(page.get_by_text("This code opens no session now")).to_be_visible()
    looks("wrong")
    page.goto(f"{room.app.url}/join/{room.session.room_code}")
    looks("join")
    voting.join(room.store, room.session.room_code, Newcomer("Al", Side.IHE, Role.DEAN), utc_now(), "")
    room.fills(page, "Al")
    expect(page.get_by_text("Somebody here is called Al already")).to_be_visible()
    looks("refused")
    room.joined(page, "Bo")
    looks("unanswered")
    page.get_by_role("link", name=ANOTHER_DEVICE).click()
    expect(page.get_by_role("heading", name=ANOTHER_DEVICE)).to_be_visible()
    looks("device")
    page.get_by_role("button", name="Show the link and the code").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    looks("device shown")
    page.get_by_role("link", name="/device/").click()
    expect(page.get_by_text("Open the link, or type the code, on the other one")).to_be_visible()
    looks("device itself")
    page.get_by_role("link", name="Back to the vote").click()
    expect(page.get_by_text("One tap saves")).to_be_visible()
    settled(page)
    press(card(page, 2))
    expect(page.get_by_text(re.compile(r"Saved \d\d:\d\d"))).to_be_visible()
    settled(page)
    looks("answered")
    first = room.now.domains[0].key
    reveals.reveal(room.store, room.staff, room.now, [first], utc_now())
    expect(page.get_by_text("Your own vote")).to_be_visible()
    settled(page)
    looks("revealed")
    press(page.get_by_role("button", name="Next domain"))
    expect(page.get_by_role("button", name="See what your team said")).to_be_visible()
    settled(page)
    looks("elsewhere")
    assert page.get_by_text("One tap saves").evaluate(ON_TOP)
    press(page.get_by_role("button", name="Previous"))
    expect(page.get_by_text("Your own vote")).to_be_visible()
    reveals.second_vote(room.store, room.staff, room.now, first, utc_now())
    expect(page.get_by_text("Vote 2: after what you have heard")).to_be_visible()
    settled(page)
    looks("again")
    press(page.get_by_role("button", name="Next domain"))
    expect(page.get_by_role("button", name="Vote again")).to_be_visible()
    settled(page)
    looks("asked again")
    assert page.get_by_text("One tap saves").evaluate(ON_TOP)
    press(page.get_by_role("button", name="Vote again"))
    expect(page.get_by_text("Vote 2: after what you have heard")).to_be_visible()
    press(card(page, 3))
    expect(page.get_by_text(re.compile(r"Saved \d\d:\d\d: level 3"))).to_be_visible()
    press(page.get_by_role("button", name="Next domain"))
    settled(page)
    expect(page.get_by_role("button", name="Vote again")).to_have_count(0)
    press(page.get_by_role("button", name="Previous"))
    expect(page.get_by_text("Vote 2: after what you have heard")).to_be_visible()
    settled(page)
    team_sessions.close(room.store, room.staff, room.now, utc_now())
    expect(page.get_by_text("The session is closed")).to_be_visible()
    settled(page)
    looks("closed")
    team_sessions.reopen(room.store, room.staff, room.now, utc_now())
    watch = team_sessions.watch(room.store, room.staff, room.session.partnership, room.session.held_on)
    assert watch is not None
    (seat,) = [each for each in watch.seats if each.name == "Bo"]
    team_sessions.remove(room.store, room.staff, room.now, seat, utc_now())
    expect(page.get_by_text("the facilitator has taken you out of it")).to_be_visible()
    settled(page)
    looks("removed")
    context.close()


def test_the_whole_vote_by_keyboard_alone(room: Room, browser: Browser) -> None:
    context = browser.new_context(viewport=SIZES["laptop"])  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{room.app.url}/join/{room.session.room_code}")
    page.get_by_label("An alias").focus()
    page.keyboard.type("Kay")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # district
    page.keyboard.press("Tab")
    page.keyboard.type("Teacher")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("One tap saves")).to_be_visible()
    for place in range(3):
        settled(page)
        _tab_to(page, "radiogroup", "Level of")
        page.keyboard.press("Space")
        expect(page.get_by_text(re.compile(rf"Saved \d\d:\d\d.*{place + 1} of 3"))).to_be_visible()
        settled(page)
        page.keyboard.press("ArrowDown")
        expect(level(page, 2)).to_be_checked()
        settled(page)
        if place < 2:
            _tab_to(page, "button", "Next domain")
            page.keyboard.press("Enter")
            pill = page.get_by_role("radiogroup", name="Domain").get_by_role("radio").nth(place + 1)
            expect(pill).to_have_attribute("aria-checked", "true")
    assert room.votes_of("Kay") == [(2, 0)] * 3
    context.close()


def _tab_to(page: Page, role: str, name: str) -> None:
    """Presses Tab until the focus is on the button, or in the group, of this name."""
    inside = f"""() => {{
        const at = document.activeElement, group = at.closest('[role={role}], button');
        const called = (group?.getAttribute('aria-label') || group?.innerText || '');
        return called.startsWith({name!r});
    }}"""
    for _ in range(40):
        if page.evaluate(inside):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"No Tab leads to {name}.")


def test_two_tabs_of_one_phone_show_the_newest_and_overwrite_nothing(room: Room, browser: Browser) -> None:
    context = browser.new_context(viewport=SIZES["phone"])  # type: ignore[arg-type]
    page = context.new_page()
    room.joined(page, "Tia")
    other = context.new_page()
    other.goto(f"{room.app.url}/join/{room.session.room_code}")  # back in without a question
    expect(other.get_by_text("One tap saves")).to_be_visible()
    settled(other)
    press(card(other, 3))
    expect(level(other, 3)).to_be_checked()
    settled(other)
    press(card(page, 1))  # on a screen that does not know of it
    expect(page.get_by_text("You voted on another screen. This is what stands now.")).to_be_visible()
    settled(page)
    assert room.votes_of("Tia") == [(3, 0)]
    expect(level(page, 3)).to_be_checked()
    expect(page.get_by_text(re.compile(r"Saved \d\d:\d\d: level 3"))).to_be_visible()
    press(card(page, 1))  # and now they know
    expect(page.get_by_text(re.compile(r"Saved \d\d:\d\d: level 1"))).to_be_visible()
    assert room.votes_of("Tia") == [(1, 0)]
    context.close()


def test_a_phone_and_a_laptop_of_one_person_are_one_seat_and_overwrite_nothing(
    room: Room, browser: Browser, pictures: Path
) -> None:
    contexts = [browser.new_context(viewport=SIZES[size]) for size in ("phone", "laptop", "320")]  # type: ignore[arg-type]
    phone, laptop, stranger = (context.new_page() for context in contexts)
    room.joined(phone, "Pia")
    link = _another_link(phone)
    phone.get_by_role("link", name="Back to the vote").click()
    expect(phone.get_by_text("One tap saves")).to_be_visible()
    laptop.goto(link)
    expect(laptop.get_by_text("You go on as Pia")).to_be_visible()
    laptop.screenshot(path=pictures / "vote-device-take-laptop.png")
    laptop.get_by_role("button", name="Go on here").click()
    expect(laptop.get_by_text("One tap saves")).to_be_visible()
    settled(laptop)
    press(card(laptop, 2))
    expect(laptop.get_by_text(re.compile(r"Saved \d\d:\d\d: level 2"))).to_be_visible()
    settled(phone)
    press(card(phone, 3))  # on a screen that does not know of it
    expect(phone.get_by_text("You voted on another screen. This is what stands now.")).to_be_visible()
    settled(phone)
    expect(level(phone, 2)).to_be_checked()
    assert room.votes_of("Pia") == [(2, 0)]
    press(card(phone, 4))  # and now they know
    expect(phone.get_by_text(re.compile(r"Saved \d\d:\d\d: level 4"))).to_be_visible()
    for name in ("Next domain", "Previous"):  # its next run
        press(laptop.get_by_role("button", name=name))
        settled(laptop)
    expect(level(laptop, 4)).to_be_checked()
    assert room.votes_of("Pia") == [(4, 0)]
    assert stored(room.app.database, "SELECT name FROM seats WHERE session_id = ?", room.session.id) == [("Pia",)]
    _opens_nothing(stranger, room, link)  # it was used
    late = _another_link(phone)
    with sqlite3.connect(room.app.database) as database:
        database.execute("UPDATE seat_devices SET expires_at = '2026-01-01 00:00:00.000000' WHERE token_hash IS NULL")
    database.close()
    _opens_nothing(stranger, room, late)
    for context in contexts:
        context.close()


def _another_link(page: Page) -> str:
    """A fresh link for another device, read from the page that shows it."""
    page.goto(page.url.split("/vote")[0] + "/vote")
    page.get_by_role("link", name=ANOTHER_DEVICE).click()
    page.get_by_role("button", name="Show the link and the code").click()
    return page.get_by_role("link", name="/device/").inner_text()


def _opens_nothing(page: Page, room: Room, link: str) -> None:
    page.goto(link)
    expect(page.get_by_text("This does not work any more")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    page.goto(f"{room.app.url}/vote")
    expect(page.get_by_role("link", name="Type the room code")).to_be_visible()


def test_whoever_is_taken_for_somebody_else_finds_the_way_back_to_the_form(room: Room, browser: Browser) -> None:
    context = browser.new_context(viewport=SIZES["320"])  # type: ignore[arg-type]
    page = context.new_page()
    room.joined(page, "Dana")
    page.get_by_role("link", name="Not Dana? Change name, side or role").click()
    page.get_by_label("An alias").fill("Dan")
    page.get_by_text("University", exact=True).click()
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_text("Dan, University")).to_be_visible()
    context.close()


def test_a_tap_after_the_session_was_closed_is_told_so(room: Room, browser: Browser) -> None:
    context = browser.new_context(viewport=SIZES["phone"])  # type: ignore[arg-type]
    page = context.new_page()
    room.joined(page, "Ida")
    with room.app.paused():  # at this very moment
        with sqlite3.connect(room.app.database) as database:
            database.execute(
                "UPDATE team_sessions SET closed_at = ?, revision = revision + 1",
                (f"{utc_now():%Y-%m-%d %H:%M:%S.%f}",),
            )
        database.close()
        card(page, 1).click()
    # The page may have been told before the tap came: it says that the session is closed either way, and nothing else.
    expect(page.get_by_text("session is closed").first).to_be_visible()
    expect(page.get_by_text("were revealed before")).to_have_count(0)
    assert room.votes_of("Ida") == []
    context.close()


def test_a_tap_keeps_the_page_where_it_was_and_another_domain_begins_at_its_top(room: Room, browser: Browser) -> None:
    context = browser.new_context(viewport=SIZES["phone"])  # type: ignore[arg-type]
    page = context.new_page()
    room.joined(page, "Sue")
    main = page.get_by_test_id("stMain")
    main.evaluate("main => main.scrollTo(0, 250)")
    press(card(page, 3))
    saved = page.get_by_text(re.compile(r"Saved \d\d:\d\d"))
    expect(saved).to_be_in_viewport(ratio=1)
    settled(page)
    assert saved.evaluate(ON_TOP)
    assert main.evaluate("main => main.scrollTop") > 200
    press(page.get_by_role("button", name="Next domain"))
    pill = page.get_by_role("radiogroup", name="Domain").get_by_role("radio").nth(1)
    expect(pill).to_have_attribute("aria-checked", "true")
    settled(page)
    until(page, lambda: main.evaluate("main => main.scrollTop") == 0, "Another domain does not begin at its top.")
    context.close()


def test_whoever_was_taken_out_is_told_so(room: Room, browser: Browser) -> None:
    context = browser.new_context(viewport=SIZES["phone"])  # type: ignore[arg-type]
    page = context.new_page()
    room.joined(page, "Uma")
    watch = team_sessions.watch(room.store, room.staff, room.session.partnership, room.session.held_on)
    assert watch is not None
    team_sessions.remove(room.store, room.staff, room.now, watch.seats[0], utc_now())
    told = page.get_by_text("the facilitator has taken you out of it")
    expect(told).to_be_visible()  # without a tap
    settled(page)
    expect(told).to_have_count(1)
    expect(card(page, 2)).to_have_count(0)
    assert room.votes_of("Uma") == []
    team_sessions.bring_back(room.store, room.staff, room.now, watch.seats[0], utc_now())
    page.get_by_role("link", name="I was brought back").click()
    expect(page.get_by_text("One tap saves")).to_be_visible()
    context.close()
