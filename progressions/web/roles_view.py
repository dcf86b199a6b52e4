"""Role-alike on the stage: what superintendents, deans or teachers said across partnerships, counts alone."""

import streamlit as st

from progressions.clock import utc_now
from progressions.people import Principal
from progressions.ratings import Convening
from progressions.rubric import RubricVersion
from progressions.services import role_alike
from progressions.services.role_alike import LEAST_OUTSIDE, LEAST_PARTNERSHIPS, LEAST_PEOPLE, RoleView
from progressions.team_session import DomainKey, Role
from progressions.web import choose, dots, empty, installation, session_words
from progressions.web.wording import ROLES, count, plain

ROLE, DOMAIN = "role", "domain"
ALL = " "  # no code: those of files come without spaces at their ends
NUMBERS = {3: "three", 5: "five"}
PLURALS = {
    Role.SUPERINTENDENT: "superintendents",
    Role.DISTRICT_LEADER: "district leaders",
    Role.PRINCIPAL: "principals",
    Role.TEACHER: "teachers",
    Role.DEAN: "deans",
    Role.FACULTY: "faculty",
    Role.COORDINATOR: "coordinators",
    Role.OTHER: "people in other roles",
}


def draw(principal: Principal, convening: Convening) -> None:
    """The choice of a role and of domains, the button that opens the view, and what has been opened."""
    with st.container(key="hall-roles"):
        version = choose.rubric(principal)
        if version is None:
            empty.no_rubrics(principal)
            return
        with st.container(horizontal=True, vertical_alignment="bottom"):
            role = Role(choose.one("Role", {role.value: name for role, name in ROLES.items()}, ROLE))
            keys = _domains(version)
            found = _found(principal, convening, role, keys)
        _drawn(found, role)


def _domains(version: RubricVersion) -> tuple[DomainKey, ...]:
    labels = {ALL: "All domains", **{domain.code: domain.title for domain in version.rubric.domains}}
    chosen = choose.one("Domain", labels, DOMAIN)
    codes = [domain.code for domain in version.rubric.domains] if chosen == ALL else [chosen]
    return tuple(DomainKey(version.rubric.code, code) for code in codes)


def _found(principal: Principal, convening: Convening, role: Role, keys: tuple[DomainKey, ...]) -> tuple[RoleView, ...]:
    """The views, and the button that opens those that may be shown and have not been."""
    store, held_on = installation.store(), convening.held_on
    found = role_alike.views(store, principal, held_on, role, keys)
    ready = any(view.is_enough and view.spread is None for view in found)
    if st.button("Show", type="primary", icon=":material/visibility:", key="show-role", disabled=not ready):
        role_alike.show(store, principal, held_on, role, keys, utc_now())
        st.rerun()  # the button has done what it can
    return found


def _drawn(found: tuple[RoleView, ...], role: Role) -> None:
    """What is open, then why the rest is not."""
    for view in found:
        if view.spread is not None:
            _open(view, role)
    ready = [view for view in found if view.is_enough and view.spread is None]
    if ready:
        st.info(
            f"{count(len(ready), 'domain')} can be shown: {plain(_titles(ready))}. What is shown stays as it is.",
            icon=":material/visibility:",
        )
    _waiting([view for view in found if view.waits_for])
    _others([view for view in found if not view.is_enough and not view.waits_for], role)


def _open(view: RoleView, role: Role) -> None:
    assert view.spread is not None  # asked before
    domain = view.rubric.domain(view.key.domain)
    who = f"{view.spread.together.n} {PLURALS[role]} from {view.partnerships} partnerships, first votes"
    st.subheader(f"{plain(domain.title)} :gray[:small[{plain(view.rubric.title)} · {who}]]", anchor=False)
    dots.dots(view.spread, [level.name for level in view.rubric.levels])


def _waiting(views: list[RoleView]) -> None:
    if not views:
        return
    titles = sorted({title for view in views for title in view.waits_for})
    voting = plain(session_words.first_few(titles))
    st.info(
        f"Not revealed everywhere yet: {plain(_titles(views))}. Still voting: {voting}. A domain "
        "can be shown once every open session has revealed it; a session that has ended can be closed.",
        icon=":material/hourglass_top:",
    )


def _others(views: list[RoleView], role: Role) -> None:
    few = [view for view in views if not view.has_several_wordings]
    mixed = [view for view in views if view.has_several_wordings]
    if few:
        least = f"fewer than {NUMBERS[LEAST_PEOPLE]} {PLURALS[role]} from {NUMBERS[LEAST_PARTNERSHIPS]} partnerships"
        outside = f"fewer than {NUMBERS[LEAST_OUTSIDE]} outside one partnership"
        told = f"On these, {least} have voted, or {outside}."
        st.info(f"Not shown: {plain(_titles(few))}. {told}", icon=":material/visibility_off:")
    if mixed:
        told = "The sessions voted on different wordings, which cannot be put together"
        st.info(f"Not shown: {plain(_titles(mixed))}. {told}.", icon=":material/visibility_off:")


def _titles(views: list[RoleView]) -> str:
    """The domains by title."""
    return session_words.first_few([view.rubric.domain(view.key.domain).title for view in views])
