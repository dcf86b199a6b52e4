"""The People screen: the table for three hundred, the list that is pasted, what is shown once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from progressions import codes
from progressions.clock import utc_now
from progressions.people import Access, Network
from progressions.services import people, sign_in, start
from progressions.store import Store
from progressions.throttle import Door
from progressions.web import guard
from tests.web.conftest import OWN

HOSTILE = "![x](http://evil.example/a.png) <img src=x>"


@pytest.fixture
def shown(
    installed: Store,
    session_of: Callable[[str], str],
    pages: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AppTest:
    """The screen as a member of network staff sees it."""
    assert installed
    monkeypatch.setattr(codes, "SCRYPT", (2, 8, 1))
    token = session_of("staff")
    monkeypatch.setattr(guard, "session_token", lambda: token)
    return AppTest.from_file(str(pages / "people.py"), default_timeout=120).run()


def _names(store: Store, network: Network) -> set[str]:
    return {row.name for row in people.people(store, start.system_principal(network))}


def _fill(shown: AppTest, names: str, access: Access | None, partnership: str = "") -> AppTest:
    shown.text_area[0].set_value(names)
    may_do, own = (next(s for s in shown.selectbox if s.label.startswith(word)) for word in ("May do", "Partnership ("))
    if access is not None:
        may_do.set_value(access)
    if partnership:
        own.set_value(partnership)
    return next(button for button in shown.button if button.label == "Invite").click().run()


def test_a_pasted_list_is_invited_and_its_slips_are_shown_once(
    shown: AppTest, installed: Store, network: Network
) -> None:
    _fill(shown, f"Eva Moss\nFinn Hart, finn@north.example\n{HOSTILE}", Access.FACILITATOR, OWN)
    assert not shown.exception
    assert {"Eva Moss", "Finn Hart", HOSTILE} <= _names(installed, network)
    blocks = [block.value for block in shown.code]
    assert len([text for text in blocks if codes.parse(text)]) == 3
    assert len([text for text in blocks if "/signin?link=" in text and "Eva Moss" not in text]) == 3
    whole = next(text for text in blocks if "Eva Moss" in text)
    assert HOSTILE in whole
    assert not [text.value for text in shown.markdown if HOSTILE in text.value]
    next(button for button in shown.button if button.label == "I have them").click().run()
    assert [block.value for block in shown.code] == []


@pytest.mark.parametrize(
    ("names", "access", "partnership"),
    [
        ("Not Chosen", None, OWN),
        ("No Partnership", Access.MEMBER, ""),
        ("", Access.STAFF, ""),
        ("Twice Here\ntwice here", Access.MEMBER, OWN),
    ],
)
def test_what_cannot_be_invited_is_said_and_nobody_is(
    shown: AppTest, installed: Store, network: Network, names: str, access: Access | None, partnership: str
) -> None:
    before = _names(installed, network)
    _fill(shown, names, access, partnership)
    assert [error.value for error in shown.error if error.value.startswith("Nobody was invited")]
    assert _names(installed, network) == before


def test_three_hundred_people_are_found_by_name(shown: AppTest, installed: Store, network: Network) -> None:
    with installed.write_directory() as directory:
        for number in range(300):
            directory.grant(directory.add_person(f"Crowd {number}", utc_now()), network.id, Access.MEMBER, OWN)
    shown.run()
    assert len(shown.table[0].value) == 50
    assert any("50 of 30" in caption.value for caption in shown.caption)
    shown.text_input[0].set_value("crowd 217").run()
    assert list(shown.table[0].value["Name"]) == ["Crowd 217"]
    shown.text_input[0].set_value("nobody of this name").run()
    assert not shown.table


def test_a_change_is_saved_and_the_last_step_of_a_removal_is_asked_for(
    shown: AppTest, installed: Store, network: Network
) -> None:
    command = start.system_principal(network)
    made = people.invite(installed, command, people.Invitation("Gil Orr", Access.MEMBER, OWN), utc_now())
    shown.run()
    next(s for s in shown.selectbox if s.label == "Change one of them").set_value(made.person_id).run()
    next(s for s in shown.selectbox if str(s.key).startswith("access-")).set_value(Access.FACILITATOR)
    next(button for button in shown.button if button.label == "Save the change").click().run()
    row = next(r for r in people.people(installed, command) if r.id == made.person_id)
    assert row.access is Access.FACILITATOR
    next(button for button in shown.button if button.label == "Remove the name").click().run()
    assert "Gil Orr" in _names(installed, network)
    next(button for button in shown.button if button.label.startswith("Yes, remove")).click().run()
    assert "Gil Orr" not in _names(installed, network)
    assert any("Former member" in success.value for success in shown.success)


def test_staff_who_came_by_a_link_are_offered_a_code_of_their_own_until_they_have_one(
    shown: AppTest, installed: Store, network: Network
) -> None:
    def offers() -> list[Button]:
        return [button for button in shown.button if button.label == "Make my code"]

    assert not offers()  # whoever was invited got a code with the link
    rows = people.people(installed, start.system_principal(network))
    me = max(row.id for row in rows if row.name == "A staff")  # the tests before had theirs
    with installed.write_directory() as directory:
        directory.drop_code(me)
    shown.run()
    offers()[0].click().run()
    assert not shown.exception
    (code,) = [block.value for block in shown.code if codes.parse(block.value)]
    next(button for button in shown.button if button.label == "I have them").click().run()
    assert not offers()
    assert sign_in.with_code(installed, code, 1, utc_now(), "browser test", door=Door())
