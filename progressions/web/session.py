"""Session state, in one module. Nothing that matters lives here: it is rebuilt from cookie, URL and database."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from progressions.people import Access, Principal
from progressions.web.wording import plain

T = TypeVar("T")

PEN = "pen"
OWNER = "owner"
LOST = "lost"
NOT_SAVED = "If you had just tapped or typed something, it was not saved."


@dataclass(frozen=True, slots=True)
class _Owner:
    """For whom this page was drawn, and what they could do."""

    person: int
    network: int
    access: Access
    partnership: str

    @classmethod
    def of(cls, principal: Principal | None) -> "_Owner | None":
        """None for nobody."""
        if principal is None:
            return None
        return cls(principal.person_id, principal.network.id, principal.access, principal.partnership)

    @property
    def place(self) -> tuple[int, int]:
        """Whose state this is: one person's, in one network."""
        return self.person, self.network


def belongs_to(principal: Principal | None) -> None:
    """Empties the state where another person, or the same one in another network, finds what somebody left in it.

    Leaves a note of what became of a last tap, where the page was drawn for somebody who could do more: see ``lost``.
    """
    is_known, before, now = OWNER in st.session_state, st.session_state.get(OWNER), _Owner.of(principal)
    if is_known and (before and before.place) != (now and now.place):
        st.session_state.clear()
    st.session_state[OWNER] = now
    # After a restart the state is new; the pen in the address says that the page was drawn for somebody.
    if principal is None and (before is not None or PEN in st.query_params):
        leave(LOST, f"You are signed out. {NOT_SAVED}")
    elif principal is not None and before is not None:
        leave(LOST, _lost(before, principal))


def _lost(before: _Owner, principal: Principal) -> str:
    if before.person != principal.person_id:
        return f"You are signed in as {plain(principal.name)} now. {NOT_SAVED}"
    if before.network != principal.network.id:
        return f"This browser looks at {plain(principal.network.title)} now. {NOT_SAVED}"
    ranks = list(Access)
    is_moved = principal.partnership not in ("", before.partnership)
    if ranks.index(before.access) <= ranks.index(principal.access) and not is_moved:
        return ""
    if principal.access is Access.MEMBER:
        return f"You may only read now. {NOT_SAVED}"
    return "You may do less than before. If you had just tapped or typed something, look whether it was saved."


def lost() -> str:
    """What to tell about a tap that came too late, once, as Markdown; "" where there was none."""
    return take(LOST) or ""


def turns() -> None:
    """The person has just turned this very page to another network: nothing of theirs is lost."""
    st.session_state[OWNER] = None


def whose() -> str:
    """A mark of the person and the network that this page is drawn for, "" for nobody.

    It belongs in the key of every widget that saves by itself. The tabs of a browser share one sign-in: where another
    tab signs somebody else in, or turns to another network, the browser still holds what was tapped here before, and
    would send it again for a widget of the same key.
    """
    owner: _Owner | None = st.session_state.get(OWNER)
    return f"{owner.person}-{owner.network}" if owner else ""


def is_drawn_for(principal: Principal | None) -> bool:
    """Whether the whole page was last drawn for just this person with just this access, as far as is known."""
    return bool(st.session_state.get(OWNER, _Owner.of(principal)) == _Owner.of(principal))


def runs_a_fragment() -> bool:
    """Whether this run is of a part of the page. The first tap after a restart runs the whole page."""
    context = get_script_run_ctx()
    return context is not None and bool(context.fragment_ids_this_run)


@dataclass(frozen=True, slots=True)
class Shown:
    """What this page shows of a row: the bases of its widgets' keys by field, the row version it knows of, and what
    stood in the fields then."""

    bases: Mapping[str, int]
    row_version: int
    fields: Mapping[str, object]


def pen() -> str:
    """The token of this open page. It stands in the URL, so that it outlives a restart of the server."""
    token: str = st.query_params.get(PEN, "") or st.session_state.get(PEN, "")
    if not token:
        token = secrets.token_urlsafe(6)
        st.query_params[PEN] = token
    st.session_state[PEN] = token
    return token


def shown(place: str) -> Shown | None:
    """What this page showed last at a place; None after a restart, or at first sight."""
    value: Shown | None = st.session_state.get(f"shown:{place}")
    return value


def remember_shown(place: str, value: Shown) -> None:
    """Notes what the page shows now."""
    st.session_state[f"shown:{place}"] = value


def typed(key: str, otherwise: str) -> str:
    """What the browser has sent of a text field of the page; ``otherwise`` before it is drawn."""
    value = st.session_state.get(key, otherwise)
    return value if isinstance(value, str) else ""


def picked(key: str) -> list[str]:
    """What the browser has sent of a picker of the page, one or several; nothing before it is drawn."""
    value = st.session_state.get(key)
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]


def open_domain(assessment: str) -> str:
    """The domain that this page has open in an assessment; "" at first sight, and after a restart."""
    value: str = st.session_state.get(f"domain:{assessment}", "")
    return value


def remember_open_domain(assessment: str, code: str) -> None:
    """Notes the open domain."""
    st.session_state[f"domain:{assessment}"] = code


def take(name: str) -> Any:
    """Takes a note that an earlier run of this page left, once; None where there is none."""
    return st.session_state.pop(f"note:{name}", None)


def leave(name: str, value: Any) -> None:
    """Leaves a note for the next run of this page."""
    st.session_state[f"note:{name}"] = value


def peek(name: str) -> Any:
    """Reads a note without taking it."""
    return st.session_state.get(f"note:{name}")


def remember(name: str, value: object) -> None:
    """Keeps something that the page has drawn, for the parts of it that run by themselves."""
    st.session_state[f"drawn:{name}"] = value


def recall(name: str) -> Any:
    """What ``remember`` kept; None after a restart, or for somebody else."""
    return st.session_state.get(f"drawn:{name}")


def kept(name: str, key: tuple[object, ...], make: Callable[[], T]) -> T:
    """Something costly for this page, made once for each key: only the latest is kept."""
    found: tuple[tuple[object, ...], T] | None = st.session_state.get(f"kept:{name}")
    if found is None or found[0] != key:
        found = (key, make())
        st.session_state[f"kept:{name}"] = found
    return found[1]
