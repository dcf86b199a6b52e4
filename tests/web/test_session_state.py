"""What a page leaves for its next run is nobody else's to find."""

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
