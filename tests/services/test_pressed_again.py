"""A button that is pressed twice, or again because the answer was lost on its way."""

from datetime import timedelta

import pytest

from progressions.people import Access, Network, Principal
from progressions.services import people, sign_in
from progressions.services.people import Invitation, Invited
from progressions.store import Store
from tests.factories import NOW
from tests.plain_sql import PlainSql

DAYS = 30
SECOND = timedelta(seconds=1)


@pytest.fixture
def fay(sqlite_store: Store, north: Network, staff: Principal) -> Invited:
    """A facilitator of "ash" who was invited now."""
    with sqlite_store.write_directory() as directory:
        directory.grant(staff.person_id, north.id, Access.STAFF, None)
    return people.invite(sqlite_store, staff, Invitation("Fay Ash", Access.FACILITATOR, "ash"), NOW)


def test_the_page_of_a_link_is_answered_alike_when_its_button_is_pressed_again(
    sqlite_store: Store, fay: Invited
) -> None:
    page = sign_in.new_token()
    first = sign_in.use_link(sqlite_store, fay.link_token, DAYS, NOW, page=page)
    assert first is not None
    for late in (SECOND, sign_in.PRESSED_AGAIN):
        assert sign_in.use_link(sqlite_store, fay.link_token, DAYS, NOW + late, page=page) == first
    found = sign_in.principal_of(sqlite_store, first, NOW)
    assert found is not None
    assert found.person_id == fay.person_id
    sql = PlainSql(sqlite_store.url.render_as_string(hide_password=False))
    assert sql.value("SELECT count(*) FROM sign_in_sessions") == 1
    assert sql.value("SELECT count(*) FROM record WHERE action = 'signed in'") == 1


def test_it_brings_nothing_once_it_is_late_or_the_session_has_ended(sqlite_store: Store, fay: Invited) -> None:
    page = sign_in.new_token()
    session = sign_in.use_link(sqlite_store, fay.link_token, DAYS, NOW, page=page)
    assert session is not None
    late = NOW + sign_in.PRESSED_AGAIN + SECOND
    assert sign_in.use_link(sqlite_store, fay.link_token, DAYS, late, page=page) is None
    principal = sign_in.principal_of(sqlite_store, session, NOW)
    assert principal is not None
    sign_in.sign_out(sqlite_store, principal, session, NOW)
    assert sign_in.use_link(sqlite_store, fay.link_token, DAYS, NOW, page=page) is None


@pytest.mark.parametrize("page", ["", "guess", sign_in.new_token(), "0" * 44], ids=["none", "guess", "another", "long"])
def test_whoever_has_the_link_and_not_the_page_gets_nothing_from_a_used_link(
    sqlite_store: Store, fay: Invited, page: str
) -> None:
    assert sign_in.use_link(sqlite_store, fay.link_token, DAYS, NOW, page=sign_in.new_token()) is not None
    assert sign_in.use_link(sqlite_store, fay.link_token, DAYS, NOW, page=page) is None


@pytest.mark.parametrize("page", ["", "guess", "0" * 42])
def test_what_is_no_page_of_ours_brings_a_token_that_nobody_can_work_out(page: str) -> None:
    assert len({sign_in.token_of_page(page, "a secret") for _ in range(3)}) == 3


def test_another_page_and_another_secret_bring_other_tokens() -> None:
    pages = [sign_in.new_token() for _ in range(3)]
    assert len({sign_in.token_of_page(page, secret) for page in pages for secret in ("a", "b")}) == 6
    assert len(pages[0]) == sign_in.PAGE_LENGTH == len(sign_in.token_of_page(pages[0], "a"))
