"""What a partnership shares of its way in one domain, and the form in which it agrees to be asked."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from progressions.clock import utc_now
from progressions.errors import UserError
from progressions.people import Partnership, PeerView, Principal
from progressions.permissions import can_share
from progressions.rubric import Rubric, RubricVersion
from progressions.services import shared_notes
from progressions.services.shared_notes import LONGEST_CONTACT, LONGEST_NOTE, Move
from progressions.sharing import SharedNote
from progressions.web import caches, installation, say, session
from progressions.web.wording import day, plain

HEADING = "What helped us move, for the network"
_SAVED = "note-shared"


def say_saved() -> None:
    """What the run before saved, once."""
    if saved := session.take(_SAVED):
        st.success(saved, icon=":material/check_circle:")


def under_a_line(principal: Principal, who: Partnership, version: RubricVersion, domain: str) -> None:
    """Under the line of a domain: the note on its moves, to write for those who may, to read for the others.

    Nothing where the domain has not moved up.
    """
    moves = caches.moves_up(principal, who.code, version.rubric.code).get(domain, ())
    if not moves:
        return
    say_saved()
    if can_share(principal, who.code):
        with st.expander(HEADING, icon=":material/stairs_2:"):
            form(principal, who, version, domain, moves)
        return
    read(principal, who, version, domain)


def read(principal: Principal, who: Partnership, version: RubricVersion, domain: str) -> bool:
    """What the partnership shares of a domain, for those who do not write it; False where it shares nothing."""
    stored = shared_notes.note(installation.store(), principal, who.code, version.rubric.code, domain)
    if not stored.note and not stored.may_be_asked:
        return False
    told = f": “{plain(stored.note)}”" if stored.note else ""
    asked = "The network reads it" if stored.may_be_asked else "Only network staff read it"
    how = f" To ask: {plain(stored.contact)}." if stored.may_be_asked else ""
    st.markdown(f":material/stairs_2: What helped us move{told}  \n:small[{asked}.{how}]")
    return True


def form(principal: Principal, who: Partnership, version: RubricVersion, domain: str, moves: Sequence[Move]) -> None:
    """Note, how to ask and the agreement, with exactly what others will read; ``moves`` are those of the domain."""
    stored = shared_notes.note(installation.store(), principal, who.code, version.rubric.code, domain)
    # What is stored is in the keys: once saved, the widgets are new ones that show what is stored.
    key = f"{principal.network.id}-{stored.partnership}-{stored.rubric}-{stored.domain}-{stored.row_version}"
    text = st.text_area("What helped us move", stored.note, max_chars=LONGEST_NOTE, key=f"shared-note-{key}")
    contact = st.text_input(
        "How others may ask us: a name, an e-mail address",
        stored.contact,
        max_chars=LONGEST_CONTACT,
        key=f"shared-contact-{key}",
    )
    st.markdown(_what_others_read(principal, who, version, domain, moves))
    agrees = st.checkbox("We agree to be asked", stored.may_be_asked, key=f"shared-agrees-{key}")
    if st.button("Save what we share", type="primary", key=f"shared-save-{key}"):
        _save(principal, replace(stored, note=text or "", contact=contact or ""), may_be_asked=bool(agrees))


def _save(principal: Principal, wanted: SharedNote, *, may_be_asked: bool) -> None:
    try:
        saved = shared_notes.share(installation.store(), principal, wanted, utc_now(), may_be_asked=may_be_asked)
    except UserError as problem:
        say.refused(problem, "Not saved. ")
        return
    said = "Members of stuck partnerships read it now" if saved.may_be_asked else "Only network staff read it"
    session.leave(_SAVED, f"Saved. {said}.")
    st.rerun()


_READ_TOO = "Those that stand still where you stood read this too, where it leaves the others enough to hide among:"
_READ_LATER = (
    "Your network shows peers in bands: where you stood is not told. Should it come to show counts, those that stand "
    "still where you stood read this too, where it leaves the others enough to hide among:"
)


def _what_others_read(
    principal: Principal, who: Partnership, version: RubricVersion, domain: str, moves: Sequence[Move]
) -> str:
    """Exactly what others will read, before anybody agrees."""
    title = plain(version.rubric.domain(domain).title)
    lines = "".join(f"\n- **{plain(who.title)}**, {title}: moved {moved_words(version.rubric, each)}" for each in moves)
    read_too = _READ_LATER if principal.network.peer_view is PeerView.BANDS else _READ_TOO
    return (
        "If you agree, the members of every partnership of the network that stands still in this domain read your note "
        f"and how to ask you. {read_too}\n{lines}\n\nLater moves in this domain are read in the same way. Without "
        "your agreement only network staff read the note. You can take your agreement back at any time. What was read "
        "cannot be unread: in this domain other partnerships’ levels are not hidden behind yours any more, and where "
        "few others rated, yours may be told apart."
    )


def moved_words(rubric: Rubric, move: Move) -> str:
    """For example "from 1 Exploring … (24 Apr 2025) to 2 Small change … (16 Jul 2025)"."""
    then, now = (level_words(rubric, level) for level in (move.level_then, move.level_now))
    return f"from {then} ({day(move.held_then)}) to {now} ({day(move.held_now)})"


def level_words(rubric: Rubric, level: int) -> str:
    """A level's label, or what can be said of one that the rubric no longer has."""
    return plain(rubric.level(level).label) if level <= len(rubric.levels) else f"level {level} of an earlier version"
