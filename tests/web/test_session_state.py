"""What a page leaves for its next run is nobody else's to find; and what became of a tap that came too late."""

import pytest
from streamlit.testing.v1 import AppTest


def _leaves_a_note() -> None:
    import streamlit as st

    from progressions.people import Access, Network, Principal
    from progressions.web import session

    number = st.query_params.get("who", "")
    network = Network(int(st.query_params.get("network", "1")), "north", "North")
    session.belongs_to(Principal(int(number), "Sam", network, Access.STAFF) if number else None)
    st.text(f"found: {session.peek('upload')}")
    if not session.peek("upload"):
        session.leave("upload", f"of {number}")


def test_a_note_is_there_for_the_same_person_and_gone_for_another() -> None:
    page = AppTest.from_function(_leaves_a_note)
    page.query_params["who"] = "1"
    assert page.run().text[0].value == "found: None"
    assert page.run().text[0].value == "found: of 1"
    page.query_params["who"] = "2"
    assert page.run().text[0].value == "found: None"
    page.query_params["network"] = "7"
    assert page.run().text[0].value == "found: None", "the same person, looking at another network"
    del page.query_params["who"]
    assert page.run().text[0].value == "found: None", "signed out"


def _says_what_was_lost() -> None:
    import streamlit as st

    from progressions.people import Access, Network, Principal
    from progressions.web import session

    number, access = st.query_params.get("who", ""), Access(st.query_params.get("access", "facilitator"))
    network = Network(int(st.query_params.get("network", "1")), "north", "North")
    partnership = "" if access is Access.STAFF else st.query_params.get("own", "ash")
    session.belongs_to(Principal(int(number), "Sam", network, access, partnership) if number else None)
    st.text(session.lost())


NOT_SAVED = "If you had just tapped or typed something, it was not saved."


@pytest.mark.parametrize(
    ("then", "told"),
    [
        ({}, ""),
        ({"who": ""}, f"You are signed out. {NOT_SAVED}"),
        ({"access": "member"}, f"You may only read now. {NOT_SAVED}"),
        ({"who": "2"}, f"You are signed in as Sam now. {NOT_SAVED}"),
        ({"access": "staff"}, ""),
        (
            {"own": "elm"},
            "You may do less than before. If you had just tapped or typed something, look whether it was saved.",
        ),
        ({"network": "2"}, f"This browser looks at North now. {NOT_SAVED}"),
    ],
)
def test_who_may_do_less_than_the_page_was_drawn_for_is_told_once(then: dict[str, str], told: str) -> None:
    page = AppTest.from_function(_says_what_was_lost)
    page.query_params["who"] = "1"
    assert page.run().text[0].value == ""
    for name, value in then.items():
        page.query_params[name] = value
    assert page.run().text[0].value == told
    assert page.run().text[0].value == ""


def _turns_by_itself() -> None:
    import streamlit as st

    from progressions.people import Access, Network, Principal
    from progressions.web import session

    network = Network(int(st.query_params.get("network", "1")), "north", "North")
    session.belongs_to(Principal(1, "Sam", network, Access.STAFF))
    st.text(f"{session.whose()}, lost: {session.lost() or 'nothing'}")
    if st.query_params.get("turn"):
        session.turns()


def test_who_turns_the_page_to_another_network_has_lost_nothing() -> None:
    page = AppTest.from_function(_turns_by_itself)
    assert page.run().text[0].value == "1-1, lost: nothing"
    page.query_params["turn"] = "yes"
    page.run()
    page.query_params["network"] = "2"
    assert page.run().text[0].value == "1-2, lost: nothing"


def test_after_a_restart_the_address_says_that_somebody_was_here() -> None:
    page = AppTest.from_function(_says_what_was_lost)
    assert page.run().text[0].value == ""
    page = AppTest.from_function(_says_what_was_lost)
    page.query_params["pen"] = "abc"
    assert page.run().text[0].value == f"You are signed out. {NOT_SAVED}"
