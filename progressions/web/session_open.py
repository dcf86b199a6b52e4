"""Opening a session: what was promised last time, then what the team works on and how."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date

import streamlit as st

from progressions.clock import utc_now
from progressions.people import Principal
from progressions.ratings import NextStep, StepState, StoredRating
from progressions.rubric import RubricVersion
from progressions.services import ratings, rubrics, team_sessions
from progressions.services.team_sessions import Wish
from progressions.team_session import DomainKey, Naming
from progressions.web import caches, choose, empty, installation, rating_form, session_acts
from progressions.web.wording import day, label, plain

STATES = {StepState.OPEN: "Still open", StepState.DONE: "Done", StepState.DROPPED: "Dropped"}
NAMINGS = {
    Naming.NAMED: ("By name", "After the reveal everybody sees who said what."),
    Naming.ALIAS: ("By an alias", "People choose one for today. The screen shows who is here, never who said what."),
    Naming.ANONYMOUS: ("Not at all", "The screen counts who is here by side, and shows nothing else of them."),
}
WAYS = {
    True: ("With votes", "Everybody votes on their own phone or on paper; then you reveal and talk."),
    False: ("One laptop, no phones", "You agree directly, domain by domain."),
}


def draw(principal: Principal, partnership: str, held_on: date) -> None:
    """Everything between arriving and the open session."""
    versions = caches.latest(principal)
    if not versions:
        empty.no_rubrics(principal)
        return
    _promises(principal, partnership, held_on)
    st.subheader("Open a session", anchor=False)
    domains = _domains({version.rubric.code: version for version in versions})
    left, right = st.columns(2, gap="large")
    with left:
        has_votes = _has_votes()
    with right:
        naming = _naming() if has_votes else Naming.ANONYMOUS
    if st.button("Open the session", type="primary", icon=":material/play_arrow:", key="open"):
        wish = Wish(partnership, held_on, naming, has_votes, domains)
        session_acts.act(lambda: team_sessions.open_session(installation.store(), principal, wish, utc_now()))


def _promises(principal: Principal, partnership: str, held_on: date) -> None:
    earlier = ratings.promises(installation.store(), principal, partnership, held_on)
    if not earlier:
        return
    st.subheader(f"What you promised on {day(earlier[0].key.held_on)}", anchor=False)
    titles = titles_of(principal, {(each.key.rubric, each.rubric_version) for each in earlier})
    for promise in earlier:
        _promise(
            principal,
            promise,
            titles.get((promise.key.rubric, promise.rubric_version, promise.key.domain), promise.key.domain),
        )


def titles_of(principal: Principal, versions: set[tuple[str, int]]) -> Mapping[tuple[str, int, str], str]:
    """Titles of all domains of these versions, by rubric, version number and domain."""
    found = [rubrics.version(installation.store(), principal, *each) for each in versions]
    return {
        (version.rubric.code, version.number, domain.code): domain.title
        for version in found
        if version is not None
        for domain in version.rubric.domains
    }


def _promise(principal: Principal, promise: StoredRating, domain: str) -> None:
    keys = rating_form.keys(promise)
    step = promise.draft.next_step
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"promise-{promise.key.domain}"):
        st.markdown(f"{said(step)}  \n:small[{plain(domain)}]", width="stretch")
        state = st.segmented_control(
            f"What has become of it: {label(step.text)[:80]}",
            list(STATES),
            default=step.state,
            required=True,
            format_func=STATES.__getitem__,
            key=keys.of("state"),
            label_visibility="collapsed",
            width="content",
        )
    if state is not None and state is not step.state:
        draft = replace(promise.draft, next_step=replace(step, state=state))
        rating_form.save(principal, promise, draft, keys)
    rating_form.say_changed(promise, keys)


def said(step: NextStep) -> str:
    """A promise with its owner and its day, escaped."""
    return f"**{plain(step.text)}**{owed(step, plain)}"


def owed(step: NextStep, escaped: Callable[[str], str]) -> str:
    """By whom and by when, for example " (Dana, by 7 Oct 2026)"; "" where neither was said."""
    by = ", ".join(part for part in (escaped(step.owner), f"by {day(step.due)}" if step.due else "") if part)
    return f" ({by})" if by else ""


def _domains(versions: Mapping[str, RubricVersion]) -> tuple[DomainKey, ...]:
    """All domains of the chosen rubrics, or those that are named one by one."""
    asked = st.query_params.get(choose.RUBRIC, "")
    codes = st.pills(
        "On which rubrics",
        list(versions),
        selection_mode="multi",
        default=[asked] if asked in versions else [next(iter(versions))],
        format_func=lambda code: label(versions[code].rubric.title),
        key="open-rubrics",
    )
    titles = titles_by_key(versions[code] for code in versions if code in codes)
    chosen = st.multiselect(
        "Only some of their domains",
        list(titles),
        format_func=titles.__getitem__,
        key="open-domains",
        placeholder=f"All {len(titles)}" if titles else "Choose a rubric first",
    )
    return tuple(chosen or titles)


def titles_by_key(versions: Iterable[RubricVersion]) -> dict[DomainKey, str]:
    """How pickers name domains: with the rubric's title before the domain's."""
    return {
        DomainKey(version.rubric.code, domain.code): f"{version.rubric.title}: {domain.title}"
        for version in versions
        for domain in version.rubric.domains
    }


def _has_votes() -> bool:
    chosen = st.radio(
        "How",
        list(WAYS),
        format_func=lambda way: WAYS[way][0],
        captions=[caption for _, caption in WAYS.values()],
        key="open-votes",
    )
    return chosen is not False


def _naming() -> Naming:
    chosen = st.radio(
        "How people are called",
        list(NAMINGS),
        format_func=lambda naming: NAMINGS[naming][0],
        captions=[caption for _, caption in NAMINGS.values()],
        index=1,
        key="open-naming",
    )
    return chosen or Naming.ALIAS
