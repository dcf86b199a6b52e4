"""Self-assessment on the screen: one domain at a time, its four descriptors in full, one tap, saved at once.

Saving happens in the body of the script, never in a callback: after a restart of the server the first tap's callback
does not run. Every widget's key carries the row version that this page first showed. When somebody else saves, the
version moves on, the widgets are new ones, and what an old page still sends reaches nothing.
"""

from datetime import date

import streamlit as st

from progressions.clock import utc_now
from progressions.errors import ChangedMeanwhileError, UserError
from progressions.people import Principal
from progressions.permissions import can_rate
from progressions.ratings import NextStep, RatingDraft, Reason, StoredRating
from progressions.rubric import Domain, Rubric
from progressions.services import ratings
from progressions.services.ratings import LONGEST_TEXT, Assessment, Pen
from progressions.web import choose, guard, installation, navigation, record_view, say, session
from progressions.web.wording import REASONS, clock, count, day, label, plain

DOMAIN = "domain"  # the parameter in the address that says which domain is open


@st.fragment
def panel(partnership: str, held_on: date, rubric: str) -> None:
    """Everything that a tap may redraw, and nothing else."""
    principal = guard.signed_in()
    try:
        assessment = ratings.assessment(installation.store(), principal, partnership, held_on, rubric)
    except UserError as problem:
        say.unavailable(problem)
        return
    above = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
    domain = _open_domain(assessment)
    stored = assessment.rating(domain.code)
    base = _base(_place(stored), stored)
    draft = _form(principal, assessment, domain, stored, base)
    saved = _save_if_changed(principal, stored, draft, base)
    _status(principal, saved, base)
    rated, all_of_them = _rated(assessment, saved), len(assessment.version.rubric.domains)
    with above:  # drawn last, so that the domain just rated is marked
        _domain_picker(assessment, domain, saved)
        st.markdown(f"**{rated} of {count(all_of_them, 'domain')}** rated", width="content")
    _steps(assessment, domain, all_rated=rated == all_of_them)


def _open_domain(assessment: Assessment) -> Domain:
    """The domain in the address; at first sight the first without a level: that is where a team resumes.

    It is written into the address once, so that a restarted server finds it; a page that is led back to an address
    without it keeps the domain that it has open.
    """
    domains = {d.code: d for d in assessment.version.rubric.domains}
    place = f"{assessment.partnership.code}|{assessment.convening.held_on}|{assessment.version.rubric.code}"
    asked = domains.get(st.query_params.get(DOMAIN, ""))
    known = domains.get(session.open_domain(place))
    current = asked or known or assessment.first_unrated or assessment.version.rubric.domains[0]
    session.remember_open_domain(place, current.code)
    if asked is None and known is None:
        st.query_params[DOMAIN] = current.code
    return current


def _domain_picker(assessment: Assessment, current: Domain, saved: StoredRating) -> None:
    codes = [d.code for d in assessment.version.rubric.domains]
    rated = {code for code in codes if assessment.rating(code).is_rated and code != current.code}
    if saved.is_rated:
        rated.add(current.code)
    chosen = st.pills(
        "Domain",
        codes,
        default=current.code,
        required=True,
        format_func=lambda code: f"{codes.index(code) + 1}{' ✓' if code in rated else ''}",
        key=f"domain-{assessment.version.rubric.code}-{current.code}",
        label_visibility="collapsed",
        width="content",
    )
    if chosen and chosen != current.code:
        _go_to(chosen)


def _go_to(code: str) -> None:
    st.query_params[DOMAIN] = code
    st.rerun(scope="fragment")


def _place(stored: StoredRating) -> str:
    key = stored.key
    return f"{key.partnership}|{key.held_on}|{key.rubric}|{key.domain}"


def _base(place: str, stored: StoredRating) -> int:
    """The row version that this page first showed, or today's where the page does not hold the pen any more."""
    known = session.shown(place)
    if known is not None and known.row_version == stored.row_version:
        return known.base
    if known is None and stored.pen == session.pen():
        base = stored.pen_base
    else:
        base = stored.row_version
        if known is not None:
            _say_changed(stored)
    session.remember_shown(place, session.Shown(base, stored.row_version))
    return base


def _say_changed(stored: StoredRating) -> None:
    who = plain(stored.saved_by) or "Somebody"
    st.warning(
        f"{who} changed this at {clock(stored.saved_at)} while you had it open. This is what is stored now; "
        "if you had just tapped, tap again.",
        icon=":material/sync_problem:",
    )


def _form(principal: Principal, assessment: Assessment, domain: Domain, stored: StoredRating, base: int) -> RatingDraft:
    locked = not can_rate(principal, stored.key.partnership)
    key = f"{_place(stored)}|{base}"
    area = f" :gray[:small[{plain(domain.area)}]]" if domain.area else ""
    st.subheader(f"{plain(domain.title)}{area}", anchor=False)
    level = _level(assessment, domain, stored, key, locked)
    reason = _last_time(assessment, domain, level, stored, key, locked)
    left, right = st.columns(2, gap="large")
    with left:
        evidence = st.text_area(
            "Evidence: what did you see that says so?",
            stored.draft.evidence,
            max_chars=LONGEST_TEXT,
            key=f"evidence|{key}",
            disabled=locked,
            height=120,
        )
    with right:
        step = _next_step(stored, key, locked)
    return RatingDraft(level, (evidence or "").strip(), step, reason)


def _level(assessment: Assessment, domain: Domain, stored: StoredRating, key: str, locked: bool) -> int | None:
    """The level that is chosen now. A level agreed on other words is shown in those, and stays until it is cleared."""
    version = assessment.words_of(domain.code)
    if version is not assessment.version:
        st.info(
            f"Agreed on the words of {version.label}, which are shown here. They have changed since: to agree on "
            "today's words, go back to not rated first.",
            icon=":material/history:",
        )
    if locked or version is not assessment.version:
        _read_levels(version.rubric, version.rubric.domain(domain.code), stored.draft.level)
        return stored.draft.level
    return _choose_level(assessment.version.rubric, domain, stored.draft.level, key)


def _read_levels(rubric: Rubric, domain: Domain, agreed: int | None) -> None:
    """The descriptors to read, side by side; the agreed one says so."""
    for column, level, text in zip(st.columns(len(rubric.levels)), rubric.levels, domain.descriptors, strict=True):
        with column.container(border=True, height="stretch"):
            mark = ":material/check_circle: " if level.position == agreed else ""
            st.markdown(f"{mark}**{plain(level.label)}**" + (" :small[agreed]" if mark else ""))
            st.markdown(plain(text))


def _choose_level(rubric: Rubric, domain: Domain, agreed: int | None, key: str) -> int | None:
    positions = [level.position for level in rubric.levels]
    names = {level.position: label(level.label) for level in rubric.levels}
    with st.container(key="levels"):
        return st.radio(
            f"Level of {label(domain.title)}",
            positions,
            index=positions.index(agreed) if agreed in positions else None,
            format_func=names.__getitem__,
            captions=[plain(text) for text in domain.descriptors],
            key=f"level|{key}",
            horizontal=True,
            label_visibility="collapsed",
            width="stretch",
        )


def _last_time(
    assessment: Assessment, domain: Domain, level: int | None, stored: StoredRating, key: str, locked: bool
) -> Reason | None:
    """Shown only once a level is chosen, so that it does not anchor the choice; a move asks for its reason."""
    last = assessment.last_time.get(domain.code)
    if level is None or last is None:
        return None
    if last.wording != assessment.version.wordings[domain.code]:
        st.caption(f"Last time ({day(last.held_on)}): level {last.level} of an earlier wording; not comparable.")
        return None
    name = plain(assessment.version.rubric.level(last.level).label)
    if last.level == level:
        st.caption(f"Last time ({day(last.held_on)}): {name}. The same.")
        return None
    reasons = list(REASONS)
    return st.pills(
        f"Last time ({day(last.held_on)}): {name}. Why did it move?",
        reasons,
        default=stored.draft.reason,
        format_func=REASONS.__getitem__,
        key=f"reason|{key}",
        disabled=locked,
    )


def _next_step(stored: StoredRating, key: str, locked: bool) -> NextStep:
    step = stored.draft.next_step
    text = st.text_area(
        "Next step: what will you do?",
        step.text,
        max_chars=LONGEST_TEXT,
        key=f"step|{key}",
        disabled=locked,
        height=68,
    )
    left, right = st.columns(2)
    owner = left.text_input("Who owns it", step.owner, max_chars=120, key=f"owner|{key}", disabled=locked)
    due = right.date_input("By when", step.due, key=f"due|{key}", disabled=locked)
    return NextStep((text or "").strip(), (owner or "").strip(), due)


def _save_if_changed(principal: Principal, stored: StoredRating, draft: RatingDraft, base: int) -> StoredRating:
    if draft == stored.draft or not can_rate(principal, stored.key.partnership):
        return stored
    return _save(principal, stored, draft, base)


def _save(principal: Principal, stored: StoredRating, draft: RatingDraft, base: int) -> StoredRating:
    try:
        saved = ratings.save_rating(
            installation.store(),
            principal,
            stored.key,
            draft,
            base=stored.row_version,
            pen=Pen(session.pen(), base),
            now=utc_now(),
        )
    except ChangedMeanwhileError:
        st.rerun(scope="fragment")
    except UserError as problem:
        say.refused(problem, "Not saved. ")
        return stored
    session.remember_shown(_place(stored), session.Shown(base, saved.row_version))
    return saved


def _status(principal: Principal, saved: StoredRating, base: int) -> None:
    """What the database holds, as read back; never what the screen hopes."""
    if saved.row_version == 0:
        st.caption("Not rated yet. Nothing is saved until you tap a level or write something.")
        return
    rated = "" if saved.is_rated else " Not rated."
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":material/check_circle: **Saved {clock(saved.saved_at)}**{rated} · {plain(saved.saved_by)}",
            width="content",
        )
        record_view.history(principal, saved.key)
        can_clear = saved.is_rated and can_rate(principal, saved.key.partnership)
        if can_clear and st.button("Back to not rated", key="clear", type="tertiary"):
            _clear(principal, saved, base)


def _clear(principal: Principal, saved: StoredRating, base: int) -> None:
    """Takes the level away and keeps what was written. The widgets are new ones then, with nothing chosen."""
    emptied = RatingDraft(None, saved.draft.evidence, saved.draft.next_step)
    row = _save(principal, saved, emptied, base)
    session.remember_shown(_place(saved), session.Shown(row.row_version, row.row_version))
    st.rerun(scope="fragment")


def _rated(assessment: Assessment, saved: StoredRating) -> int:
    """How many domains have a level, the one just saved included."""
    others = (d.code for d in assessment.version.rubric.domains if d.code != saved.key.domain)
    return saved.is_rated + sum(assessment.rating(code).is_rated for code in others)


def _steps(assessment: Assessment, domain: Domain, *, all_rated: bool) -> None:
    codes = [d.code for d in assessment.version.rubric.domains]
    here = codes.index(domain.code)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Previous", icon=":material/arrow_back:", disabled=here == 0, key="previous"):
            _go_to(codes[here - 1])
        if st.button("Next domain", type="primary", disabled=here == len(codes) - 1, key="next"):
            _go_to(codes[here + 1])
    if all_rated:
        st.success("Every domain of this rubric is rated.", icon=":material/flag:")
        st.page_link(
            navigation.page(navigation.MOVEMENT),
            label="See how you have moved",
            icon=":material/arrow_forward:",
            query_params={
                choose.PARTNERSHIP: assessment.partnership.code,
                choose.RUBRIC: assessment.version.rubric.code,
            },
        )
