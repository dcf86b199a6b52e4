"""Who belongs to the network, as a table, and what staff do about one of them."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

import streamlit as st

from progressions.clock import utc_now
from progressions.errors import UserError
from progressions.people import Access, Partnership, PersonRow, Principal
from progressions.services import networks, people
from progressions.text import folded
from progressions.web import choose, installation, invitations, say, session
from progressions.web.invitations import MAY, Key
from progressions.web.oidc import ways
from progressions.web.wording import count, day_of, exact, plain

MOST_SHOWN = 50  # a table that is read; the search finds the others
SAID, ASKED = "people-said", "people-asked"
REMOVAL = (
    "The name of {name} goes from everything that is stored, for good: in its place stands "
    "“Former member {id}”. Access, code and link go too. Ratings and their history stay as they are. Where somebody "
    "typed the name into an evidence or a next step, it stays there."
)


def said() -> None:
    """What the last click did."""
    sentence = session.take(SAID)
    if sentence:
        st.success(sentence, icon=":material/check:")


def draw(principal: Principal) -> None:
    """The search, one person's matters where one is chosen, and everybody as a table."""
    rows = people.people(installation.store(), principal)
    _suggest_a_code(principal, rows)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        whose = choose.partnership(principal, everybody="The whole network")
        name = st.text_input("Search by name", key="people-search", max_chars=people.LONGEST_NAME)
    found = [row for row in rows if _fits(row, whose, name or "")]
    if found:
        _choose_one(principal, found)
    with st.container(key="people-table"):
        _table(found)


def _suggest_a_code(principal: Principal, rows: Iterable[PersonRow]) -> None:
    """Whoever came by a link, and has nothing else, would not come in again by themselves."""
    you = next((row for row in rows if row.is_you), None)
    if you is None or you.selector or (you.email and ways()):
        return
    with st.container(border=True, key="own-code"):
        st.markdown(
            "**You have no code of your own.** A link lets you in once; with a code you can come back, "
            "on this device or another."
        )
        if st.button("Make my code", icon=":material/password:"):
            _show_key(principal, lambda now: _with_code(principal, you, now))


def _fits(row: PersonRow, whose: Partnership | None, name: str) -> bool:
    return (whose is None or row.partnership == whose.code) and folded(name) in folded(row.name)


def _table(found: list[PersonRow]) -> None:
    if not found:
        st.info("Nobody here yet.", icon=":material/group:")
        return
    st.table([_cells(row) for row in found[:MOST_SHOWN]], hide_index=True, border="horizontal")
    if len(found) > MOST_SHOWN:
        st.caption(f"{MOST_SHOWN} of {count(len(found), 'person', 'people')} shown. Search, or choose a partnership.")


def _cells(row: PersonRow) -> dict[str, str]:
    return {
        "Name": plain(row.name) + (" (you)" if row.is_you else ""),
        "Partnership": plain(row.partnership_title),
        "May do": MAY[row.access],
        "Last seen": day_of(row.last_seen) if row.last_seen else "not yet",
        "Comes in by": _ways_in(row),
    }


def _ways_in(row: PersonRow) -> str:
    ways = [f"Code {row.selector}…"] if row.selector else []
    if row.link_until is not None and row.link_until > utc_now():
        ways.append(f"Link until {day_of(row.link_until)}")
    if row.email:
        ways.append(exact(row.email))
    return ", ".join(ways) or "No code, no link"


def _choose_one(principal: Principal, found: list[PersonRow]) -> None:
    by_id = {row.id: row for row in found}
    titles = _titles(found)
    chosen = st.selectbox(
        "Change one of them",
        list(by_id),
        index=None,
        format_func=titles.__getitem__,
        placeholder="Choose a person",
        key="people-one",
    )
    if chosen in by_id:
        with st.container(border=True, key="one-person"):
            _one(principal, by_id[chosen])


def _titles(found: list[PersonRow]) -> dict[int, str]:
    """Names with what tells most of them apart, and the number where two would read alike."""
    said_of = {row.id: f"{row.name} · {row.partnership_title or MAY[row.access]}" for row in found}
    often = Counter(said_of.values())
    return {number: title if often[title] == 1 else f"{title} · {number}" for number, title in said_of.items()}


def _one(principal: Principal, row: PersonRow) -> None:
    st.subheader(plain(row.name), anchor=False)
    st.caption(f"{MAY[row.access]}. {_ways_in(row)}.")
    with st.container(horizontal=True):
        if st.button("New code", icon=":material/password:", key=f"code-{row.id}"):
            _show_key(principal, lambda now: _with_code(principal, row, now))
        if st.button("New link", icon=":material/link:", key=f"link-{row.id}"):
            _show_key(principal, lambda now: _with_link(principal, row, now))
        _asking("Take access away", ":material/person_off:", f"revoke-{row.id}")
        _asking("Remove the name", ":material/visibility_off:", f"remove-{row.id}")
    _revoke(principal, row)
    _remove(principal, row.id, row.name)
    if row.access is not Access.ADMIN:
        _change(principal, row)


def _with_code(principal: Principal, row: PersonRow, now: datetime) -> Key:
    return Key(row.name, code=people.new_code(installation.store(), principal, row.id, now))


def _with_link(principal: Principal, row: PersonRow, now: datetime) -> Key:
    return Key(row.name, link=invitations.link(people.new_link(installation.store(), principal, row.id, now)))


def _show_key(principal: Principal, make: Callable[[datetime], Key]) -> None:
    try:
        key = make(utc_now())
    except UserError as problem:
        say.refused(problem)
        return
    invitations.show_once(principal, [key])


def _revoke(principal: Principal, row: PersonRow) -> None:
    them = "Your own access" if row.is_you else f"The access of {plain(row.name)}"
    if _confirmed(f"revoke-{row.id}", f"{them} to this network ends at once.", "Yes, take it away"):
        _do(
            lambda now: people.revoke(installation.store(), principal, row.id, now),
            f"{plain(row.name)} has no access any more.",
        )


def _remove(principal: Principal, person_id: int, name: str) -> None:
    sentence = REMOVAL.format(name=plain(name), id=person_id)
    if _confirmed(f"remove-{person_id}", sentence, "Yes, remove the name for good"):
        _do(
            lambda now: people.remove_name(installation.store(), principal, person_id, now),
            f"The name is removed: “Former member {person_id}” stands in its place.",
        )


def _change(principal: Principal, row: PersonRow) -> None:
    titles = {p.code: p.title for p in networks.partnerships(installation.store(), principal)}
    stored = f"{row.id}-{row.access}-{row.partnership}"  # in the keys, so that no old choice outlives a change
    with st.form(f"change-{stored}", border=False):
        left, right = st.columns(2)
        with left:
            access = invitations.pick_access(f"access-{stored}", row.access)
        with right:
            partnership = invitations.pick_partnership(titles, f"own-{stored}", row.partnership)
        asked = st.form_submit_button("Save the change", icon=":material/check:")
    if asked and access is not None:
        _do(
            lambda now: people.change_access(installation.store(), principal, row.id, access, partnership, now),
            f"Saved: {plain(row.name)}, {MAY[access].lower()}.",
        )


def _do(act: Callable[[datetime], None], sentence: str) -> None:
    try:
        act(utc_now())
    except UserError as problem:
        say.refused(problem)
        return
    session.leave(SAID, sentence)
    st.rerun()


def _asking(label: str, icon: str, about: str) -> None:
    """A button whose act must be confirmed below it."""
    if st.button(label, icon=icon, key=about):
        session.leave(ASKED, about)


def _confirmed(about: str, question: str, yes: str) -> bool:
    """Asks once more, where this was asked for; True on the run of the *yes*."""
    if session.peek(ASKED) != about:
        return False
    st.warning(question, icon=":material/warning:")
    with st.container(horizontal=True):
        if st.button(yes, type="primary", key=f"yes-{about}"):
            session.take(ASKED)
            return True
        if st.button("No", key=f"no-{about}"):
            session.take(ASKED)
            st.rerun()
    return False


def gone(principal: Principal) -> None:
    """Those who have left while their name still stands here, each with its removal."""
    left = people.people_gone(installation.store(), principal)
    if not left:
        return
    with st.expander(f"Without access any more: {len(left):,}", icon=":material/person_off:"):
        names = {person.id: person.name for person in left}
        chosen = st.selectbox(
            "Who",
            list(names),
            index=None,
            format_func=lambda person_id: f"{names[person_id]} · {person_id}",
            placeholder="Choose a person",
            key="people-gone",
        )
        if chosen in names:
            _asking("Remove the name", ":material/visibility_off:", f"remove-{chosen}")
            _remove(principal, chosen, names[chosen])
