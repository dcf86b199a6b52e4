"""What publishing would change, domain by domain and word by word; and what staff say a domain came from."""

import streamlit as st

from progressions.comparison import ChangeKind, DomainChange, RunKind, WordRun
from progressions.publishing import PublishingPlan
from progressions.rubric import Origin
from progressions.web.wording import count, label, plain

CONFIRM = {
    Origin.REWORDED: "Reworded: earlier ratings are not compared with later ones",
    Origin.SAME: "The same in other words: earlier ratings stay comparable",
}


def draw(plan: PublishingPlan, changes: tuple[DomainChange, ...]) -> dict[str, Origin]:
    """Draws the changes of one rubric; returns what staff confirmed of reworded domains."""
    title = plain(plan.rubric.title)
    for new, old in plan.came_from.items():
        st.markdown(f":material/check: {plain(new)} is the domain **{plain(old)}**, which keeps its code.")
    if plan.changes_nothing:
        st.markdown(f"**{title}**: the same text is published already, as version {plan.number}.")
        return {}
    numbers = {kind: sum(change.kind is kind for change in changes) for kind in ChangeKind}
    told = ", ".join(f"{number} {kind.value}" for kind, number in numbers.items() if number)
    st.markdown(f"**{title}** would be version {plan.number}: {count(len(plan.origins), 'domain')} ({told}).")
    confirmed: dict[str, Origin] = {}
    for change in changes:
        if change.kind is not ChangeKind.SAME and plan.number > 1:
            _change(plan, change, confirmed)
    return confirmed


def _change(plan: PublishingPlan, change: DomainChange, confirmed: dict[str, Origin]) -> None:
    domain = change.after or change.before
    name = label(domain.title) if domain else change.code
    with st.expander(
        f"{change.kind.value.capitalize()}: {name}",
        expanded=change.kind is ChangeKind.REWORDED or bool(change.ancestor),
    ):
        if change.ancestor:
            st.markdown(
                f":material/help: It reads like the domain **{plain(change.ancestor)}**, which is gone. Say above "
                "whether it is that domain under a new code: as a new one it begins without ratings."
            )
        for name, runs in change.headings_changed if change.before else ():
            st.markdown(f"**{name}** {_marked(runs)}")
        for level, runs in enumerate(change.descriptors, start=1):
            if any(run.kind is not RunKind.SAME for run in runs):
                st.markdown(f"**{level}** {_marked(runs)}")
        if change.kind is ChangeKind.REWORDED and not change.levels_changed:
            said = st.radio(
                "What is it?",
                list(CONFIRM),
                format_func=CONFIRM.__getitem__,
                key=f"origin-{plan.rubric.code}-{change.code}-{plan.number}",
            )
            confirmed[change.code] = said or Origin.REWORDED


def _marked(runs: tuple[WordRun, ...]) -> str:
    """Words taken away struck out, words added on a ground of their own: never by colour alone."""
    return " ".join(_run(run) for run in runs)


def _run(run: WordRun) -> str:
    text = plain(" ".join(run.text.split()))
    if not text:
        return ""
    if run.kind is RunKind.REMOVED:
        return f"~~{text}~~"
    return f":green-background[**{text}**]" if run.kind is RunKind.ADDED else text
