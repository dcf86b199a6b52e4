"""Session state, in one module. Nothing that matters lives here: it is rebuilt from cookie, URL and database."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st

from progressions.people import Principal

T = TypeVar("T")

PEN = "pen"
OWNER = "owner"


def belongs_to(principal: Principal | None) -> None:
    """Empties the state where another person, or the same one in another network, finds what somebody left in it."""
    owner = (principal.person_id, principal.network.id) if principal else None
    if OWNER in st.session_state and st.session_state[OWNER] != owner:
        st.session_state.clear()
    st.session_state[OWNER] = owner


@dataclass(frozen=True, slots=True)
class Shown:
    """What this page shows of a rating: the base of its widgets' keys, and the row version it knows of."""

    base: int
    row_version: int


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


def kept(name: str, key: tuple[object, ...], make: Callable[[], T]) -> T:
    """Something costly for this page, made once for each key: only the latest is kept."""
    found: tuple[tuple[object, ...], T] | None = st.session_state.get(f"kept:{name}")
    if found is None or found[0] != key:
        found = (key, make())
        st.session_state[f"kept:{name}"] = found
    return found[1]
