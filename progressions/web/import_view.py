"""The preview of an import as a screen: counts, issues with sheet and cell, old and new values side by side."""

import streamlit as st

from progressions.clock import utc_now
from progressions.errors import UserError
from progressions.imports import ImportPlan, Outcome
from progressions.issues import Issue, Severity
from progressions.people import Principal
from progressions.services import imports
from progressions.services.imports import NotUnderstood, Preview
from progressions.sheets.mapping import write_mapping
from progressions.web import installation, navigation, say, session
from progressions.web.wording import clock, count, day

FORMATS = ["xlsx", "xlsm", "xls", "xlsb", "ods", "csv", "tsv"]
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
    with st.expander("Does the sheet have headings of its own? Add a mapping"):
        st.markdown(
            "A mapping is a small JSON file that says which column is what. `data/MAPPING.md` documents it, "
            "and every preview below gives its own as a start."
        )
        mapping = st.file_uploader("Mapping", ["json"], key=f"mapping-{turn}")
    if file is None:
        st.caption("Nothing is stored before you have seen what would change and confirmed it.")
        return
    mapping_text = mapping.getvalue().decode("utf-8-sig", errors="replace") if mapping else None
    try:
        shown = _preview(principal, file.getvalue(), file.name, mapping_text)
    except UserError as problem:
        say.refused(problem)
        return
    if isinstance(shown, NotUnderstood):
        _needs_mapping(shown)
    else:
        _draw(principal, shown, turn)


def _preview(principal: Principal, content: bytes, name: str, mapping_text: str | None) -> Preview | NotUnderstood:
    """Read once for each file, mapping and state of the store, not at every run of the page."""
    store = installation.store()
    with store.read(principal.network) as repository:
        revision = repository.revision()

    def read() -> Preview | NotUnderstood:
        with st.spinner("Reading the file …"):
            return imports.preview(store, principal, content, name, mapping_text, installation.settings().read_limits)

    return session.kept("preview", (principal.network.id, revision, content, name, mapping_text), read)


def _needs_mapping(shown: NotUnderstood) -> None:
    st.warning("This sheet's headings are not ones that can be read without being told.", icon=":material/help:")
    for sentence in shown.unsure:
        st.text(sentence)
    if shown.sure:
        with st.expander("What was recognised"):
            for sentence in shown.sure:
                st.text(sentence)


def _draw(principal: Principal, shown: Preview, turn: int) -> None:
    plan = shown.plan
    st.subheader("What this file would change", anchor=False)
    _counts(plan)
    if shown.issues:
        issue_table(shown.issues)
    _changes(plan)
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    with right, st.expander("How the sheet was read"):
        st.code(write_mapping(shown.mapping), language="json", height=240)
    with left:
        _confirm(principal, shown, turn)


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
        {"": SIGNS[issue.severity], "Where": _where(issue), "What was found, and what to do": issue.message}
        for issue in issues[:MOST_ROWS]
    ]
    st.dataframe(rows, hide_index=True, width="stretch", row_height=52)


def _where(issue: Issue) -> str:
    shown = ", ".join(issue.cells[:MOST_CELLS])
    more = len(issue.cells) - MOST_CELLS
    cells = f"{shown} and {more:,} more" if more > 0 else shown
    return " ".join(part for part in (issue.sheet, cells) if part)


def _changes(plan: ImportPlan) -> None:
    changed = [planned for planned in plan.cells if planned.outcome is Outcome.CHANGED]
    if not changed:
        return
    st.markdown(f"**{count(len(changed), 'rating')} would change**")
    rows = [
        {
            "Partnership": planned.cell.partnership_title,
            "Convening": day(planned.cell.held_on),
            "Domain": planned.cell.domain,
            "Stored": planned.old_level,
            "In the file": planned.cell.level,
            "Cell": planned.cell.address,
        }
        for planned in changed[:MOST_ROWS]
    ]
    st.dataframe(rows, hide_index=True, width="stretch")


def _confirm(principal: Principal, shown: Preview, turn: int) -> None:
    plan = shown.plan
    if plan.nothing_to_do:
        st.success("Nothing to do: every rating of this file is stored already.", icon=":material/done_all:")
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


def history(principal: Principal) -> None:
    """Every import of this network, the latest first."""
    batches = imports.history(installation.store(), principal)
    if not batches:
        return
    st.subheader("Imports so far", anchor=False)
    rows = [
        {
            "Batch": batch.batch,
            "When": f"{day(batch.imported_at.date())} {clock(batch.imported_at)}",
            "By": batch.imported_by,
            "File": batch.file_name,
            "New": batch.counts.new,
            "Changed": batch.counts.changed,
            "Rejected": batch.counts.rejected,
        }
        for batch in batches
    ]
    st.dataframe(rows, hide_index=True, width="stretch")
