"""Every import so far: who, when, which file, what it did; and undoing one."""

import streamlit as st

from progressions.clock import utc_now
from progressions.errors import UserError
from progressions.people import Principal
from progressions.ratings import UndoResult
from progressions.rubric import Level
from progressions.services import imports, mappings
from progressions.services.imports import PastImport
from progressions.web import installation, once, say, session
from progressions.web.wording import clock, count, day, day_of, plain

MOST_SHOWN = 20  # older ones are in `python -m progressions ratings imports`
MOST_KEPT_NAMED = 50
UNDONE, REFUSED = "undone", "undo-refused"


def draw(principal: Principal) -> None:
    """The list, the latest first, each with its undo."""
    undone: UndoResult | None = session.take(UNDONE)
    if undone is not None:
        _say_undone(undone)
    problem: UserError | None = session.take(REFUSED)
    if problem is not None:
        say.refused(problem)
    past = imports.history(installation.store(), principal)
    if not past:
        return
    st.subheader("Imports so far", anchor=False)
    for one in past[:MOST_SHOWN]:
        _row(principal, one)
    if len(past) > MOST_SHOWN:
        st.caption(f"{count(len(past) - MOST_SHOWN, 'older import')} not shown.")


def _row(principal: Principal, one: PastImport) -> None:
    counts = one.counts
    with st.container(horizontal=True, border=True, vertical_alignment="center", key=f"batch-{one.batch}"):
        st.markdown(
            f"**{plain(one.file_name)}** · {counts.new:,} new, {counts.changed:,} changed, "
            f"{counts.rejected:,} rejected  \n:small[Batch {one.batch}, {day_of(one.imported_at)} "
            f"{clock(one.imported_at)}, {plain(one.imported_by)} · SHA-256 {one.sha256[:12]}…]"
        )
        if one.undone_at is not None:
            st.markdown(f":gray[Undone {day_of(one.undone_at)} by {plain(one.undone_by or '')}]", width="content")
        else:
            _undo_button(principal, one)


def _undo_button(principal: Principal, one: PastImport) -> None:
    asked = f"ask-{one.batch}"
    if st.button("Undo", icon=":material/undo:", key=f"undo-{one.batch}"):
        session.leave(asked, True)
        st.rerun()
    if not session.peek(asked):
        return
    st.markdown("Put back what every rating said before?", width="content")
    if once.button("Yes, undo it", f"yes-{one.batch}"):
        with st.spinner("Putting back what every rating said …"):
            _undo(principal, one)
        session.take(asked)
        st.rerun()
    if st.button("No", key=f"no-{one.batch}"):
        session.take(asked)
        st.rerun()


def _undo(principal: Principal, one: PastImport) -> None:
    try:
        result = imports.undo(installation.store(), principal, one.batch, utc_now())
    except UserError as problem:
        session.leave(REFUSED, problem)
        return
    session.leave(UNDONE, result)


def _say_undone(result: UndoResult) -> None:
    st.success(
        f"Undone: {count(result.restored, 'rating')} put back, {count(result.removed, 'rating')} taken away.",
        icon=":material/undo:",
    )
    if not result.kept:
        return
    st.warning(
        f"{count(len(result.kept), 'rating')} had been edited since and stayed as edited:", icon=":material/edit:"
    )
    st.table(
        [
            {
                "Partnership": plain(kept.partnership),
                "Convening": day(kept.held_on),
                "Domain": plain(kept.domain),
                "Level now": "not rated" if kept.level_now is None else plain(_level(kept.level_now, kept.level_name)),
                "Edited by": plain(kept.by),
                "When": f"{day_of(kept.when)} {clock(kept.when)}",
            }
            for kept in result.kept[:MOST_KEPT_NAMED]
        ],
        hide_index=True,
    )


def _level(position: int, name: str) -> str:
    return Level(position, name).label


def kept_mappings(principal: Principal) -> None:
    """The mappings that the network keeps, each with its *Forget*."""
    kept = mappings.mappings(installation.store(), principal)
    if not kept:
        return
    with st.expander("Ways of reading that are kept", icon=":material/bookmark:"):
        for number, one in enumerate(kept):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{plain(one.title)}** · {day_of(one.saved_at)}, {plain(one.saved_by)}", width="stretch")
                if st.button("Forget", key=f"forget-{number}-{one.title}"):
                    mappings.forget_mapping(installation.store(), principal, one.title, utc_now())
                    st.rerun()
