"""A rubric on the screen as it is printed: domains with their levels side by side; and publishing a new version."""

from itertools import groupby

import streamlit as st

from progressions.clock import utc_now
from progressions.errors import UserError
from progressions.people import Principal
from progressions.rubric import Domain, Rubric, RubricVersion
from progressions.services import networks, rubrics
from progressions.services.rubrics import RubricFile
from progressions.web import installation, rubric_changes, rubric_layouts, say, session
from progressions.web.import_view import FORMATS, issue_table
from progressions.web.wording import WORKING_TEXT, count, day, label, plain


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
        f"{plain(rubric.title)}, {version.label}, published {day(version.published_at.date())} by "
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
    file = st.file_uploader("A rubric workbook or csv file", FORMATS, key=f"rubric-{turn}")
    if file is None:
        st.link_button("A workbook to fill in", "/download/rubric-template.xlsx", icon=":material/download:")
        return
    try:
        checked = _preview(principal, file.getvalue(), file.name, turn)
    except UserError as problem:
        say.refused(problem)
        return
    if checked.issues:
        issue_table(checked.issues)
    origins = {plan.rubric.code: rubric_changes.draw(plan, checked.changes[plan.rubric.code]) for plan in checked.plans}
    _confirm(principal, checked, origins, turn)


def _preview(principal: Principal, content: bytes, name: str, turn: int) -> RubricFile:
    store = installation.store()
    limits = installation.settings().read_limits
    with st.spinner("Reading the file …"):
        workbook = session.kept(
            "rubric-workbook",
            (principal.network.id, content, name),
            lambda: rubrics.read_file(principal, content, name, limits),
        )
    layouts = rubric_layouts.choose(workbook, f"{turn}-{workbook.sha256[:12]}")
    revision = networks.revision(store, principal)
    return session.kept(
        "rubric-preview",
        (principal.network.id, revision, workbook.sha256, name, layouts),
        lambda: rubrics.preview_workbook(store, principal, workbook, layouts),
    )


def _confirm(principal: Principal, checked: RubricFile, origins: rubrics.Origins, turn: int) -> None:
    if not checked.ok:
        st.warning("Mend the problems above in your file and upload it again. Nothing has been stored.")
        return
    for plan in checked.plans:
        with st.expander(f"Read {label(plan.rubric.title)} as it was understood"):
            for domain in plan.rubric.domains:
                _domain(plan.rubric, domain)
    if checked.changes_nothing:
        st.success("Nothing to do: this text is published already, word for word.", icon=":material/done_all:")
        return
    st.caption("A published version never changes. Ratings made on older words keep their words.")
    if not st.button("Publish", type="primary", key=f"publish-{turn}"):
        return
    try:
        published = rubrics.publish(installation.store(), principal, checked, utc_now(), origins)
    except UserError as problem:
        say.refused(problem)
        return
    done = [f"{p.rubric.title}, version {p.number}" for p in published.plans if not p.changes_nothing]
    session.leave("published", f"Published: {plain('; '.join(done))}.")
    session.leave("rubric-uploads", turn + 1)
    st.rerun()
