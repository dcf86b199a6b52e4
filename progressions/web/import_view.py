"""The preview of an import as a screen: counts, issues with sheet and cell, old and new values side by side."""

from pathlib import Path

import streamlit as st

from progressions.clock import utc_now
from progressions.errors import UserError
from progressions.imports import ImportPlan, Outcome
from progressions.issues import Issue, Severity
from progressions.people import Principal
from progressions.services import imports, mapping_help, mappings, networks, rubrics
from progressions.services.imports import NotUnderstood, Preview
from progressions.sheets.cells import Workbook
from progressions.sheets.guess_saved import headings_of
from progressions.sheets.guessing import Guess
from progressions.sheets.mapping import write_mapping
from progressions.web import installation, mapping_form, navigation, say, session
from progressions.web.wording import count, day, plain

FORMATS = ["xlsx", "xlsm", "xls", "xlsb", "ods", "csv", "tsv"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 200  # more rows than anybody reads on a screen; the counts above them are of all
MOST_CELLS = 6
SIGNS = {Severity.ERROR: "Problem", Severity.WARNING: "Look at this", Severity.NOTE: "Note"}


def upload(principal: Principal) -> None:
    """From the file to the confirmed import."""
    done = session.take("imported")
    if done:
        _say_done(done)
    turn = session.peek("uploads") or 0
    file = st.file_uploader("A workbook or a csv file with past ratings", FORMATS, key=f"ratings-{turn}")
    if file is None:
        st.caption("Nothing is stored before you have seen what would change and confirmed it.")
        st.link_button("A workbook to fill in", "/download/ratings-template.xlsx", icon=":material/download:")
        return
    try:
        _understand(principal, file.getvalue(), file.name, turn)
    except UserError as problem:
        say.refused(problem)


def _understand(principal: Principal, content: bytes, name: str, turn: int) -> None:
    """Reads the file once, shows how it is read, and what importing it so would do."""
    store = installation.store()
    with st.spinner("Reading the file …"):
        workbook = session.kept(
            "workbook",
            (principal.network.id, content, name),
            lambda: imports.read_file(store, principal, content, name, installation.settings().read_limits),
        )
        state = (principal.network.id, networks.revision(store, principal), workbook.sha256, name)
        guessed = session.kept("guess", state, lambda: imports.proposal(store, principal, workbook))
    mapping_text = _how_it_is_read(principal, workbook, guessed, turn)
    if guessed.is_saved:
        st.info(
            "These headings came before: the file is read by the mapping that was kept.", icon=":material/bookmark:"
        )
    missing = mapping_help.missing(mapping_text) if mapping_text else ""
    if missing:
        st.warning(missing, icon=":material/help:")
        return
    with st.spinner("Comparing with what is stored …"):
        shown = session.kept(
            "preview",
            (*state, mapping_text),
            lambda: imports.preview_workbook(store, principal, workbook, mapping_text),
        )
    if isinstance(shown, NotUnderstood):
        st.warning("Say what is missing above: nothing is guessed.", icon=":material/help:")
    else:
        _draw(principal, shown, turn)


def _how_it_is_read(principal: Principal, workbook: Workbook, guessed: Guess, turn: int) -> str | None:
    """The mapping that the person corrected or uploaded; None where the proposed one stands as it is."""
    st.subheader("How this file is read", anchor=False)
    for finding in guessed.unsure:
        st.markdown(f":material/help: {plain(finding.sentence)}")
    rows = st.container()
    with st.expander("Correct how it is read", expanded=guessed.mapping is None, icon=":material/tune:"):
        versions = rubrics.latest(installation.store(), principal)
        key = f"-{turn}-{workbook.sha256[:12]}"
        content = mapping_form.edit(workbook, guessed.partial, versions, key)
        file = st.file_uploader("Or upload a mapping (data/MAPPING.md documents it)", ["json"], key=f"mapping{key}")
        st.caption("  \n".join(plain(finding.sentence) for finding in guessed.sure))
    untouched = session.kept("untouched", (workbook.sha256, workbook.file_name, turn), lambda: content)
    with rows:
        mapping_form.coloured(workbook, content)
    if file is not None:
        return file.getvalue().decode("utf-8-sig", errors="replace")
    return None if content == untouched else mapping_help.as_text(content)


def _draw(principal: Principal, shown: Preview, turn: int) -> None:
    plan = shown.plan
    st.subheader("What this file would change", anchor=False)
    _counts(plan)
    if shown.issues:
        issue_table(shown.issues)
    if plan.counts.rejected:
        # The bytes are of the person's own upload, under an address that nobody can guess.
        st.download_button(
            "The rejected rows, to mend and upload again",
            lambda: imports.rejected_workbook(installation.store(), principal, shown, utc_now()),
            f"to-mend-{Path(shown.file_name).stem}.xlsx",
            XLSX,
            on_click="ignore",
            icon=":material/download:",
        )
    _changes(principal, plan)
    _confirm(principal, shown, turn)
    _keep_mapping(principal, shown, turn)


def _keep_mapping(principal: Principal, shown: Preview, turn: int) -> None:
    """Keeps the mapping for the next file with the same headings."""
    if shown.guess is not None and shown.guess.is_saved:
        return
    with st.expander("Keep this way of reading for the next file with these headings", icon=":material/bookmark:"):
        st.code(write_mapping(shown.mapping), language="json", height=200)
        title = st.text_input("Its name", Path(shown.file_name).stem, key=f"keep-name-{turn}")
        if not st.button("Keep it", key=f"keep-{turn}"):
            return
        try:
            made_for = headings_of(shown.workbook, shown.mapping)
            mappings.save_mapping(installation.store(), principal, title, shown.mapping, utc_now(), made_for)
        except UserError as problem:
            say.refused(problem)
            return
        st.success("Kept. A file with the same headings, in any order of columns, is read in this way from now on.")


def _counts(plan: ImportPlan) -> None:
    counts = plan.counts
    shown = {
        "New": counts.new,
        "Changed": counts.changed,
        "Unchanged": counts.unchanged,
        "Blank": counts.blank,
        "Not rated": counts.not_rated,
        "Rejected": counts.rejected,
    }
    with st.container(horizontal=True, key="counts"):
        for label, number in shown.items():
            st.metric(label, f"{number:,}", width="content", border=True)
    st.caption(
        f"{count(counts.read, 'cell')} read, of {count(plan.partnerships, 'partnership')} at "
        f"{count(plan.convenings, 'convening')} in {count(plan.domains, 'domain')}. Every cell is in one of these."
    )
    if plan.new_partnerships or plan.new_convenings:
        st.caption(
            f"New in the network: {count(len(plan.new_partnerships), 'partnership')}, "
            f"{count(len(plan.new_convenings), 'convening')}."
        )


def issue_table(issues: tuple[Issue, ...]) -> None:
    """Every issue with its place, errors first."""
    rows = [
        {
            "Kind": SIGNS[issue.severity],
            "Where": plain(_where(issue)),
            "What was found, and what to do": plain(issue.message),
        }
        for issue in issues[:MOST_ROWS]
    ]
    st.table(rows, hide_index=True, border="horizontal")
    if len(issues) > MOST_ROWS:
        st.caption(f"{count(len(issues) - MOST_ROWS, 'more kind')} of problems not shown.")


def _where(issue: Issue) -> str:
    shown = ", ".join(issue.cells[:MOST_CELLS])
    more = len(issue.cells) - MOST_CELLS
    cells = f"{shown} and {more:,} more" if more > 0 else shown
    return " ".join(part for part in (issue.sheet, cells) if part)


def _level(names: dict[tuple[str, int], str], rubric: str, position: int | None) -> str:
    return "not rated" if position is None else names.get((rubric, position), f"level {position}")


def _changes(principal: Principal, plan: ImportPlan) -> None:
    changed = [planned for planned in plan.cells if planned.outcome is Outcome.CHANGED]
    if not changed:
        return
    st.markdown(f"**{count(len(changed), 'rating')} would change**")
    found = [v.rubric for v in rubrics.latest(installation.store(), principal)]
    titles = {(rubric.code, domain.code): domain.title for rubric in found for domain in rubric.domains}
    names = {(rubric.code, level.position): level.label for rubric in found for level in rubric.levels}
    rows = [
        {
            "Partnership": planned.cell.partnership_title,
            "Convening": day(planned.cell.held_on),
            "Domain": titles[planned.cell.rubric, planned.cell.domain],
            "Stored": _level(names, planned.cell.rubric, planned.old_level),
            "In the file": _level(names, planned.cell.rubric, planned.cell.level),
            "Cell": planned.cell.address,
        }
        for planned in changed[:MOST_ROWS]
    ]
    st.dataframe(rows, hide_index=True, width="stretch")


def _confirm(principal: Principal, shown: Preview, turn: int) -> None:
    plan = shown.plan
    if plan.nothing_to_do:
        draw = st.warning if plan.counts.rejected else st.success
        draw(imports.nothing_to_do(plan), icon=":material/done_all:")
        return
    writes = plan.counts.new + plan.counts.changed
    if plan.counts.rejected:
        st.caption(f"{count(plan.counts.rejected, 'rejected cell')} will be left out; all others go in together.")
    if not st.button(f"Import {count(writes, 'rating')}", type="primary", key=f"confirm-{turn}"):
        return
    try:
        batch = imports.confirm(installation.store(), principal, shown, utc_now())
    except UserError as problem:
        say.refused(problem)
        return
    session.leave(
        "imported", f"{count(plan.counts.new, 'new rating')}, {plan.counts.changed:,} changed: batch {batch}."
    )
    session.leave("uploads", turn + 1)
    st.rerun()


def _say_done(sentence: str) -> None:
    st.success(f"Imported: {sentence}", icon=":material/check_circle:")
    st.page_link(navigation.page(navigation.MOVEMENT), label="See the movement", icon=":material/arrow_forward:")
