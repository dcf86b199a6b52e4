"""What somebody has typed and not yet left arrives with the press that ends the typing: both count, and nobody else's
save takes the text away."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Browser, Locator, Page

from progressions.clock import utc_now
from progressions.people import Access, Principal
from progressions.services import hall, people, reveals, rubrics, start, team_sessions, voting
from progressions.services.people import Invitation
from progressions.services.ratings import Pen
from progressions.services.team_sessions import Wish
from progressions.services.voting import Newcomer
from progressions.store import Store, open_store
from progressions.team_session import Answer, DomainKey, Naming, Role, Side, TeamSession
from progressions.web.cookie import SEAT
from tests.browser.rest import expect
from tests.browser.server import RunningApp
from tests.browser.steps import card, level, open_link, opened_list, press, settled, stored, until

pytestmark = pytest.mark.browser

OWN = "alder-valley"
DAY = date(2026, 10, 21)
WRITTEN = """
SELECT ratings.evidence, ratings.level FROM ratings JOIN domains ON domains.id = ratings.domain_id
JOIN convenings ON convenings.id = ratings.convening_id
JOIN partnerships ON partnerships.id = ratings.partnership_id
WHERE partnerships.code = ? AND convenings.held_on = ? AND domains.code = ?
"""
NOTES = """
SELECT note, level FROM votes JOIN domains ON domains.id = votes.domain_id
WHERE domains.code = ? AND votes.session_id = (SELECT max(id) FROM team_sessions)
"""
CONNECTED = "[data-test-connection-state=CONNECTED]"
Press = Callable[[Page], None]


@dataclass
class Room:
    """A session of four domains, the first two of which have been revealed."""

    app: RunningApp
    store: Store
    staff: Principal
    keys: tuple[DomainKey, ...]
    browser: Browser

    @property
    def team(self) -> TeamSession:
        found = team_sessions.session_of(self.store, self.staff, OWN, DAY)
        assert found is not None
        return found

    def written(self, key: DomainKey) -> tuple[object, ...]:
        """Evidence and level, as the database holds them."""
        rows = stored(self.app.database, WRITTEN, OWN, DAY.isoformat(), key.domain)
        return rows[0] if rows else ("", None)

    def owner(self, key: DomainKey) -> object:
        """Who owns the next step, as the database holds it."""
        question = WRITTEN.replace("ratings.evidence, ratings.level", "ratings.next_step_owner")
        rows = stored(self.app.database, question, OWN, DAY.isoformat(), key.domain)
        return rows[0][0] if rows else ""

    def noted(self, key: DomainKey) -> list[tuple[object, ...]]:
        return stored(self.app.database, NOTES, key.domain)

    def facilitator(self, name: str, key: DomainKey) -> Page:
        """Another facilitator, at what the team agrees on a domain."""
        page = self.browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
        invited = people.invite(self.store, self.staff, Invitation(name, Access.FACILITATOR, OWN), utc_now())
        open_link(page, f"{self.app.url}/signin?link={invited.link_token}")
        page.goto(f"{self.app.url}/session?convening={DAY}&step=agree&domain={key.rubric}.{key.domain}")
        expect(evidence(page)).to_be_visible()
        settled(page)
        return page

    def rater(self, name: str, key: DomainKey) -> Page:
        """Another phone, at the vote on a domain."""
        seat = voting.join(self.store, self.team.room_code, Newcomer(name, Side.LEA, Role.OTHER), utc_now(), "")
        assert seat is not None
        context = self.browser.new_context(viewport={"width": 390, "height": 844})
        context.add_cookies([{"name": SEAT, "value": seat, "url": self.app.url}])
        page = context.new_page()
        page.goto(f"{self.app.url}/vote?domain={key.rubric}.{key.domain}")
        expect(note(page)).to_be_visible()
        settled(page)
        return page


@pytest.fixture(scope="module")
def room(app: RunningApp, browser: Browser) -> Iterator[Room]:
    store = open_store(app.database_url)
    with store.read_directory() as directory:
        network = directory.network(start.EXAMPLE_CODE)
    assert network is not None
    staff = start.system_principal(network)
    rubric = rubrics.latest(store, staff)[0].rubric
    keys = tuple(DomainKey(rubric.code, domain.code) for domain in rubric.domains[:6])
    team_sessions.open_session(store, staff, Wish(OWN, DAY, Naming.ALIAS, True, keys), utc_now())
    found = Room(app, store, staff, keys, browser)
    for number, side in enumerate([*Side] * 3):
        seat = voting.join(store, found.team.room_code, Newcomer(f"P{number}", side, Role.OTHER), utc_now(), "")
        ballot = voting.ballot(store, seat or "", utc_now())
        assert ballot is not None
        for key in keys[:3]:
            pen = Pen("", 0)
            voting.save_vote(store, ballot.principal, key, Answer(2), base=0, pen=pen, now=utc_now())
    reveals.reveal(store, staff, found.team, keys[:3], utc_now())
    yield found
    for context in browser.contexts:
        context.close()
    store.close()


def evidence(page: Page) -> Locator:
    return page.get_by_label("Evidence: what did you see")


def note(page: Page) -> Locator:
    return page.get_by_label("A private note")


def opened(page: Page) -> str:
    """The code of the open domain, as the address says it."""
    found = re.search(r"domain=[^.&]+\.([^&]+)", page.url)
    return found[1] if found else ""


def test_a_note_and_the_level_that_is_tapped_next_are_both_saved(room: Room) -> None:
    key = room.keys[3]
    page = room.rater("Ann", key)
    note(page).click()
    page.keyboard.type("Seen in May")
    card(page, 2).click()
    expect(page.get_by_text(re.compile(r"Saved \d\d:\d\d: level 2"))).to_be_visible()
    settled(page)
    assert room.noted(key) == [("Seen in May", 2)]


@pytest.mark.parametrize("how", ["Next domain", "a number"])
def test_a_note_is_saved_and_the_rater_goes_on(room: Room, how: str) -> None:
    key = room.keys[3 + (how == "a number")]
    page = room.rater(f"Cas, {how}", key)
    note(page).click()
    page.keyboard.type(f"and then {how}")
    if how == "Next domain":
        page.get_by_role("button", name=how).click()
    else:
        page.get_by_role("radiogroup", name="Domain").get_by_role("radio").nth(5).click()
    until(page, lambda: opened(page) not in ("", key.domain), "The press was lost.")
    settled(page)
    assert (f"and then {how}", None) in room.noted(key)


def _step(page: Page) -> None:
    page.get_by_role("radio", name="Finish").click()
    expect(page).to_have_url(re.compile("step=finish"))


def _menu(page: Page) -> None:
    page.get_by_role("link", name="Rubrics").first.click(
        delay=300
    )  # a slow finger: what an instant press loses, the browser has thrown away
    expect(page.get_by_role("heading", name="Rubrics", level=1)).to_be_visible()


def _number(page: Page) -> None:
    before = opened(page)
    page.get_by_role("radiogroup", name="Domain").get_by_role("radio").nth(2).click()
    until(page, lambda: opened(page) != before, "The press was lost.")


def _next(page: Page) -> None:
    before = opened(page)
    page.get_by_role("button", name="Next domain").click()
    until(page, lambda: opened(page) != before, "The press was lost.")


@pytest.mark.parametrize("press", [_step, _menu, _number, _next])
def test_a_text_is_saved_and_the_facilitator_goes_where_the_press_leads(room: Room, press: Press) -> None:
    page = room.facilitator("Fay Hart", room.keys[0])
    evidence(page).click()
    page.keyboard.press("ControlOrMeta+a")
    said = f"Eight lesson plans, then {press.__name__}"
    page.keyboard.type(said)
    press(page)
    until(page, lambda: room.written(room.keys[0])[0] == said, "The text was lost.")


def test_a_text_is_saved_and_a_second_vote_begins(room: Room) -> None:
    key = room.keys[2]
    page = room.facilitator("Fay Hart", key)
    if page.get_by_role("button", name="Take over").count():
        press(page.get_by_role("button", name="Take over"))
        settled(page)
    press(evidence(page))
    page.keyboard.type("Two visits")
    page.get_by_role("button", name="Second vote").click()

    def began() -> bool:
        at = room.team.domain(key)
        return at is not None and at.round == 2

    until(page, began, "The press was lost.")
    until(page, lambda: room.written(key)[0] == "Two visits", "The text was lost.")


def test_what_one_facilitator_is_typing_outlasts_what_the_other_saves(room: Room) -> None:
    key = room.keys[1]
    ann, bea = room.facilitator("Ann Lee", key), room.facilitator("Bea Orr", key)
    evidence(ann).click()
    ann.keyboard.type("Half a sen")
    before = evidence(ann).bounding_box()
    press(card(bea, 3))
    expect(ann.get_by_text("Bea Orr changed this")).to_be_visible()
    expect(level(ann, 3)).to_be_checked()
    expect(evidence(ann)).to_have_value("Half a sen")
    expect(evidence(ann)).to_be_focused()
    after = evidence(ann).bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 40, "The page jumped."
    ann.keyboard.type("tence")
    ann.keyboard.press("ControlOrMeta+Enter")
    until(ann, lambda: room.written(key) == ("Half a sentence", 3), "The text was lost, or the level overwritten.")
    expect(evidence(bea)).to_have_value("Half a sentence")


def test_counts_of_paper_sheets_stay_while_the_room_goes_on(room: Room) -> None:
    key = room.keys[5]
    page = room.facilitator("Gil Roe", room.keys[1])
    press(page.get_by_role("button", name="Take over"))
    settled(page)
    press(page.get_by_role("radio", name="Vote"))
    press(page.get_by_text("Paper sheets"))
    settled(page)
    opened_list(page, "Domain", exact=True)
    page.get_by_role("option").last.click()
    settled(page)
    counts = page.get_by_role("spinbutton")
    counts.nth(1).fill("4")
    counts.nth(2).fill("3")
    page.get_by_role("spinbutton", name="University · Cannot judge").fill("2")
    joined = Newcomer("Somebody else", Side.IHE, Role.OTHER)
    voting.join(room.store, room.team.room_code, joined, utc_now(), "")
    hall.set_countdown(room.store, room.staff, DAY, 5, utc_now())
    expect(page.locator(".session-timer")).to_be_visible()
    settled(page)
    expect(counts.nth(1)).to_have_value("4")
    expect(counts.nth(2)).to_have_value("3")
    press(page.get_by_role("button", name="Keep these counts"))
    expect(page.get_by_text("9 sheets counted: District 7, University 2")).to_be_visible()
    kept = "SELECT side, answer, sheets FROM paper_counts JOIN domains ON domains.id = domain_id WHERE code = ?"
    found = set(stored(room.app.database, kept, key.domain))
    assert found == {("lea", "2", 4), ("lea", "3", 3), ("ihe", "cannot judge", 2)}


def test_what_stood_half_typed_when_the_server_was_killed_is_saved_without_another_touch(room: Room) -> None:
    for context in room.browser.contexts:  # what other tests have left open would come back all at once, too
        context.close()
    long, line = room.facilitator("Hil Orr", room.keys[0]), room.facilitator("Ivo Orr", room.keys[1])
    evidence(long).click()
    long.keyboard.press("ControlOrMeta+a")
    long.keyboard.type("Typed as it went dark")
    line.get_by_label("Who owns it").click()
    line.keyboard.type("Dana, as it went dark")
    phone = room.rater("Jan", room.keys[4])
    note(phone).click()
    phone.keyboard.type("Noted as it went dark")
    room.app.kill()
    for page in (long, line, phone):
        expect(page.locator(CONNECTED)).to_have_count(0)
    room.app.start()
    until(long, lambda: room.written(room.keys[0])[0] == "Typed as it went dark", "The text was lost.")
    until(line, lambda: room.owner(room.keys[1]) == "Dana, as it went dark", "The owner was lost.")
    until(phone, lambda: ("Noted as it went dark", None) in room.noted(room.keys[4]), "The note was lost.")
