"""The preview of an import as a screen: counts, issues with sheet and cell, old and new values side by side."""

from pathlib import Path

import streamlit as st

from progressions.clock import utc_now
from progressions.errors import UserError
from progressions.imports import ImportPlan, Outcome
from progressions.people import Principal
from progressions.services import imports, mapping_help, mappings, networks
from progressions.services.imports import NotUnderstood, Preview
from progressions.sheets.cells import Workbook
from progressions.sheets.guess_saved import headings_of
from progressions.sheets.guessing import Guess
from progressions.sheets.mapping import write_mapping
from progressions.web import caches, installation, issue_table, mapping_form, navigation, once, say, session
from progressions.web.wording import count, day, plain

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LEAVE_OUT = "Go on as the table above shows; columns that are not certain are left out"
MOST_ROWS = 200  # more rows than anybody reads on a screen; the counts above them are of all
REFUSED = "import-refused"


def upload(principal: Principal) -> None:
    """From the file to the confirmed import."""
    done = session.take("imported")
    if done:
        _say_done(done)
    turn = session.peek("uploads") or 0
    # Any file may come: what it is is told by its bytes, and what cannot be read is refused in our own words.
    file = st.file_uploader("A workbook or a csv file with past ratings", key=f"ratings-{turn}")
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
    said, mapping_text = _how_it_is_read(principal, workbook, guessed, turn)
    if guessed.is_saved:
        kept = plain(mappings.used_again(store, principal, guessed))
        named = f" as “{kept}”" if kept else ""
        st.info(f"These headings came before: the file is read in the way kept{named}.", icon=":material/bookmark:")
    if mapping_text is None and guessed.mapping is None:
        mapping_text = mapping_help.as_text(said)
        if not mapping_help.missing(mapping_text) and not st.checkbox(LEAVE_OUT, key=f"leave-{turn}-{workbook.sha256}"):
            return
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
    if isinstance(shown, NotUnderstood):  # what is stored has changed since the file was looked at
        st.warning("Say what is missing above: nothing is guessed.", icon=":material/help:")
    else:
        _draw(principal, shown, turn)


def _how_it_is_read(
    principal: Principal, workbook: Workbook, guessed: Guess, turn: int
) -> tuple[mapping_form.Content, str | None]:
    """What the form says, and the mapping that the person corrected or uploaded.

    That is None where the proposed one stands as it is.
    """
    st.subheader("How this file is read", anchor=False)
    rows = st.container()
    with st.expander("Correct how it is read", expanded=guessed.mapping is None, icon=":material/tune:"):
        versions = caches.latest(principal)
        key = f"-{turn}-{workbook.sha256[:12]}"
        content = mapping_form.edit(workbook, guessed.partial, versions, key)
        file = st.file_uploader("Or upload a mapping (data/MAPPING.md documents it)", ["json"], key=f"mapping{key}")
        st.caption("  \n".join(plain(finding.sentence) for finding in guessed.sure))
    untouched = session.kept("untouched", (workbook.sha256, workbook.file_name, turn), lambda: content)
    with rows:
        if file is None:
            for sentence in mapping_help.still_unsure(workbook, guessed, untouched, content):
                st.markdown(f":material/help: {plain(sentence)}")
        mapping_form.coloured(workbook, content)
    if file is not None:
        return content, file.getvalue().decode("utf-8-sig", errors="replace")
    return content, None if content == untouched else mapping_help.as_text(content)


def _draw(principal: Principal, shown: Preview, turn: int) -> None:
    plan = shown.plan
    st.subheader("What this file would change", anchor=False)
    _counts(plan)
    if shown.issues:
        issue_table.draw(shown.issues)
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


def _level(names: dict[tuple[str, int], str], rubric: str, position: int | None) -> str:
    return "not rated" if position is None else names.get((rubric, position), f"level {position}")


def _changes(principal: Principal, plan: ImportPlan) -> None:
    changed = [planned for planned in plan.cells if planned.outcome is Outcome.CHANGED]
    if not changed:
        return
    st.markdown(f"**{count(len(changed), 'rating')} would change**")
    found = [v.rubric for v in caches.latest(principal)]
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
    problem: UserError | None = session.take(REFUSED)
    if problem is not None:
        say.refused(problem)
    if plan.nothing_to_do:
        draw = st.warning if plan.counts.rejected else st.success
        draw(imports.nothing_to_do(plan), icon=":material/done_all:")
        return
    writes = plan.counts.new + plan.counts.changed
    if plan.counts.rejected:
        st.caption(f"{count(plan.counts.rejected, 'rejected cell')} will be left out; all others go in together.")
    if once.button(f"Import {count(writes, 'rating')}", f"confirm-{turn}"):
        with st.spinner(f"Importing {count(writes, 'rating')} …"):
            _import(principal, shown, turn)
        st.rerun()


def _import(principal: Principal, shown: Preview, turn: int) -> None:
    """Nothing is drawn between the import and its notes: a second press would end this run at the first drawing."""
    try:
        batch = imports.confirm(installation.store(), principal, shown, utc_now())
    except UserError as problem:
        session.leave(REFUSED, problem)
        return
    counts = shown.plan.counts
    session.leave("imported", f"{count(counts.new, 'new rating')}, {counts.changed:,} changed: batch {batch}.")
    session.leave("uploads", turn + 1)


def _say_done(sentence: str) -> None:
    st.success(f"Imported: {sentence}", icon=":material/check_circle:")
    st.page_link(navigation.page(navigation.MOVEMENT), label="See the movement", icon=":material/arrow_forward:")
