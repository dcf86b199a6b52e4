"""Self-assessment on the screen: one domain at a time, its four descriptors in full, one tap, saved at once.

How a tap is saved: see ``rating_form``.
"""

from dataclasses import replace
from datetime import date

import streamlit as st

from progressions.errors import UserError
from progressions.people import Principal
from progressions.permissions import can_rate
from progressions.ratings import RatingDraft, Reason, StoredRating
from progressions.rubric import Domain
from progressions.services import ratings
from progressions.services.ratings import Assessment
from progressions.web import choose, domains, guard, installation, navigation, rating_form, say
from progressions.web.pens import Keys
from progressions.web.wording import count, day, plain


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
    keys = rating_form.keys(stored)
    draft = _form(principal, assessment, domain, stored, keys)
    saved = rating_form.save_if_changed(principal, stored, draft, keys)
    rating_form.status(principal, saved, keys)
    rated, all_of_them = _rated(assessment, saved), len(assessment.version.rubric.domains)
    with above:  # drawn last, so that the domain just rated is marked
        _domain_picker(assessment, domain, saved)
        st.markdown(f"**{rated} of {count(all_of_them, 'domain')}** rated", width="content")
    _steps(assessment, domain, all_rated=rated == all_of_them)


def _open_domain(assessment: Assessment) -> Domain:
    """The domain in the address; at first sight the first without a level: that is where a team resumes."""
    rubric = assessment.version.rubric
    place = f"{assessment.partnership.code}|{assessment.convening.held_on}|{rubric.code}"
    start = assessment.first_unrated or rubric.domains[0]
    return rubric.domain(domains.opened(place, [d.code for d in rubric.domains], start.code))


def _domain_picker(assessment: Assessment, current: Domain, saved: StoredRating) -> None:
    codes = [d.code for d in assessment.version.rubric.domains]
    rated = {code for code in codes if assessment.rating(code).is_rated and code != current.code}
    if saved.is_rated:
        rated.add(current.code)
    domains.picker(assessment.version.rubric.code, codes, current.code, dict.fromkeys(rated, domains.DONE))


def _form(
    principal: Principal, assessment: Assessment, domain: Domain, stored: StoredRating, keys: Keys
) -> RatingDraft:
    locked = not can_rate(principal, stored.key.partnership)
    area = f" :gray[:small[{plain(domain.area)}]]" if domain.area else ""
    st.subheader(f"{plain(domain.title)}{area}", anchor=False)
    level = _level(assessment, domain, stored, keys, locked)
    reason = _last_time(assessment, domain, level, stored, keys, locked)
    left, right = st.columns(2, gap="large")
    with left:
        evidence = rating_form.long_text(
            "Evidence: what did you see that says so?", stored.draft.evidence, "evidence", stored, keys, locked=locked
        )
    with right:
        step = rating_form.next_step(stored, keys, locked=locked)
    came_back = stored.draft.comes_back and level is None
    return replace(stored.draft, level=level, evidence=evidence, next_step=step, reason=reason, comes_back=came_back)


def _level(assessment: Assessment, domain: Domain, stored: StoredRating, keys: Keys, locked: bool) -> int | None:
    """The level that is chosen now. A level agreed on other words is shown in those, and stays until it is cleared."""
    version = assessment.words_of(domain.code)
    if version is not assessment.version:
        rating_form.say_old_words(version)
    if locked or version is not assessment.version:
        rating_form.read_levels(version.rubric, version.rubric.domain(domain.code), stored.draft.level)
        return stored.draft.level
    return rating_form.choose_level(assessment.version.rubric, domain, stored.draft.level, keys)


def _last_time(
    assessment: Assessment, domain: Domain, level: int | None, stored: StoredRating, keys: Keys, locked: bool
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
    question = f"Last time ({day(last.held_on)}): {name}. Why did it move?"
    return rating_form.reason(question, stored, keys, locked=locked)


def _rated(assessment: Assessment, saved: StoredRating) -> int:
    """How many domains have a level, the one just saved included."""
    others = (d.code for d in assessment.version.rubric.domains if d.code != saved.key.domain)
    return saved.is_rated + sum(assessment.rating(code).is_rated for code in others)


def _steps(assessment: Assessment, domain: Domain, *, all_rated: bool) -> None:
    domains.steps([d.code for d in assessment.version.rubric.domains], domain.code)
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
