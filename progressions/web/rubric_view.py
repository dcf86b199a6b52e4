"""A rubric on the screen as it is printed: domains with their levels side by side; and publishing a new version."""

from itertools import groupby

import streamlit as st

from progressions.clock import utc_now
from progressions.errors import UserError
from progressions.people import Principal
from progressions.publishing import PublishingPlan
from progressions.rubric import Domain, Rubric, RubricVersion
from progressions.services import mapping_help, networks, rubrics
from progressions.services.rubrics import RubricFile
from progressions.sheets.cells import Workbook
from progressions.sheets.rubric_layout import RubricLayout
from progressions.web import (
    choose,
    installation,
    issue_table,
    rubric_changes,
    rubric_layouts,
    rubric_origins,
    say,
    session,
)
from progressions.web.wording import WORKING_TEXT, count, day_of, label, plain


def whose_words(version: RubricVersion) -> None:
    """Says plainly whose words are shown, on every screen that shows a rubric."""
    if rubrics.is_working_text(version):
        st.caption(WORKING_TEXT)
    else:
        st.caption(f"The words of {plain(version.source_file)}, published by {plain(version.published_by)}.")


def read(version: RubricVersion) -> None:
    """The whole rubric, in the order of its domains."""
    rubric = version.rubric
    st.caption(
        f"{plain(rubric.title)}, {version.label}, published {day_of(version.published_at)} by "
        f"{plain(version.published_by)}. {count(len(rubric.domains), 'domain')}, {len(rubric.levels)} levels."
    )
    if rubric.about:
        with st.expander("About this text", icon=":material/info:"):
            st.markdown(plain(rubric.about))
    for area, domains in groupby(rubric.domains, key=lambda domain: domain.area):
        if area:
            st.subheader(plain(area), anchor=False)
        for domain in domains:
            _domain(rubric, domain)


def _domain(rubric: Rubric, domain: Domain) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(domain.title)}**")
        columns = st.columns(len(rubric.levels), gap="medium")
        for column, level, text in zip(columns, rubric.levels, domain.descriptors, strict=True):
            column.markdown(f"**{level.position}** {plain(level.name)}")
            column.markdown(plain(text) or "*no text*")


def publish(principal: Principal) -> None:
    """For staff: upload a rubric, see how it is read and what it would change, publish it."""
    done = session.take("published")
    if done:
        st.success(done, icon=":material/check_circle:")
    turn = session.peek("rubric-uploads") or 0
    file = st.file_uploader("A rubric workbook or csv file", key=f"rubric-{turn}")  # told by its bytes, not its name
    if file is None:
        st.link_button("A workbook to fill in", "/download/rubric-template.xlsx", icon=":material/download:")
        return
    try:
        _look(principal, file.getvalue(), file.name, turn)
    except UserError as problem:
        say.refused(problem)


def _look(principal: Principal, content: bytes, name: str, turn: int) -> None:
    """Everything that the person has to see and say of a file, and the button."""
    workbook = _read(principal, content, name)
    way = rubric_layouts.choose(workbook, f"{turn}-{workbook.sha256[:12]}")
    if way.lacking:
        for sentence in way.lacking:
            st.warning(plain(sentence), icon=":material/help:")
        return
    with st.spinner("Comparing with what is published …"):
        checked = _preview(principal, workbook, way.layouts)
    if checked.issues:
        issue_table.draw(checked.issues)
    said = rubric_origins.ask(checked, _key(checked, turn))
    if any(said.came_from.values()):
        checked = session.kept(
            "rubric-renamed",
            (*_state(principal, checked.workbook, checked.layouts), said.key),
            lambda: rubrics.planned(installation.store(), principal, checked, said.came_from),
        )
    origins = {plan.rubric.code: rubric_changes.draw(plan, checked.changes[plan.rubric.code]) for plan in checked.plans}
    if _is_readable(checked, way, turn):
        _confirm(principal, checked, origins, said, turn)


def _read(principal: Principal, content: bytes, name: str) -> Workbook:
    limits = installation.settings().read_limits
    with st.spinner("Reading the file …"):
        return session.kept(
            "rubric-workbook",
            (principal.network.id, content, name),
            lambda: rubrics.read_file(principal, content, name, limits),
        )


def _preview(principal: Principal, workbook: Workbook, layouts: tuple[RubricLayout, ...] | None) -> RubricFile:
    return session.kept(
        "rubric-preview",
        _state(principal, workbook, layouts),
        lambda: rubrics.preview_workbook(installation.store(), principal, workbook, layouts),
    )


def _state(principal: Principal, workbook: Workbook, layouts: tuple[RubricLayout, ...] | None) -> tuple[object, ...]:
    """What a preview depends on."""
    revision = networks.revision(installation.store(), principal)
    return principal.network.id, revision, workbook.sha256, workbook.file_name, layouts


def _is_readable(checked: RubricFile, way: rubric_layouts.Way, turn: int) -> bool:
    """Shows the rubrics as they are read, before anything is asked of them; whether one may go on to publish them."""
    if not checked.ok:
        st.warning(
            "Mend the problems above in your file and upload it again, or say above in another way how it is read. "
            "Nothing has been stored."
        )
        return False
    for plan in checked.plans:
        with st.expander(f"Read {label(plan.rubric.title)} as it was understood", expanded=way.in_doubt):
            for domain in plan.rubric.domains:
                _domain(plan.rubric, domain)
    if not way.in_doubt:
        return True
    return st.checkbox("This is how it is meant", key=f"meant-{_key(checked, turn)}-{way.key}")


def _confirm(
    principal: Principal, checked: RubricFile, origins: rubrics.Origins, said: rubric_origins.Said, turn: int
) -> None:
    if checked.changes_nothing:
        st.success("Nothing to do: this text is published already, word for word.", icon=":material/done_all:")
        return
    st.caption("A published version never changes. Ratings made on older words keep their words.")
    if said.unsaid:
        titles = mapping_help.listed_plainly([f"“{plain(title)}”" for title in said.unsaid])
        st.warning(f"Say above where these come from: {titles}.", icon=":material/help:")
        return
    sure = [_is_meant(plan, _key(checked, turn)) for plan in checked.plans if plan.is_sweeping]
    if not st.button("Publish", type="primary", key=f"publish-{turn}", disabled=not all(sure)):
        return
    published = rubrics.publish(
        installation.store(), principal, checked, utc_now(), origins, said.came_from, confirmed=all(sure)
    )
    done = [plan for plan in published.plans if not plan.changes_nothing]
    names = "; ".join(f"{plan.rubric.title}, version {plan.number}" for plan in done)
    session.leave("published", f"Published: {plain(names)}.")
    st.query_params[choose.RUBRIC] = done[0].rubric.code  # the page shows what was published
    session.leave("rubric-uploads", turn + 1)
    st.rerun()


def _key(checked: RubricFile, turn: int) -> str:
    """What a person says of one file is said of no other."""
    return f"{turn}-{checked.workbook.sha256[:12]}"


def _is_meant(plan: PublishingPlan, key: str) -> bool:
    """A small file that is another one can replace a whole rubric: the person says that it is meant."""
    st.warning(plain(rubrics.sweeping(plan)), icon=":material/help:")
    return st.checkbox(
        f"Yes, replace {label(plan.rubric.title)}", key=f"sweeping-{key}-{plan.rubric.code}-{plan.number}"
    )
