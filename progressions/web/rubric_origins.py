"""What staff say of domains under new codes: which of them are known domains, and which are new."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from progressions.comparison import ChangeKind, DomainChange
from progressions.publishing import PublishingPlan
from progressions.services.rubrics import RubricFile
from progressions.web.wording import label, plain

NOWHERE = ""


@dataclass(frozen=True, slots=True)
class Said:
    """For each rubric the known domains by their new codes, and the titles of domains that nothing was said of."""

    came_from: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unsaid: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """What was said, to tell one answer from another."""
        return tuple((rubric, *sorted(codes.items())) for rubric, codes in self.came_from.items())


def ask(checked: RubricFile, key: str) -> Said:
    """Asks where each new domain comes from, where its rubric loses some; nothing is asked where there is no doubt.

    A likely ancestor is proposed and never chosen: until the person has said it, the domain is ``unsaid``.
    """
    came_from: dict[str, Mapping[str, str]] = {}
    unsaid: list[str] = []
    for plan in checked.plans:
        changes = checked.changes[plan.rubric.code]
        new = [change for change in changes if change.kind is ChangeKind.NEW]
        gone = {change.code: change for change in changes if change.kind is ChangeKind.GONE}
        if new and gone:
            said = _ask_rubric(plan, new, gone, f"{key}-{plan.rubric.code}-{plan.number}")
            unsaid += [_title(change) for change in new if said[change.code] is None]
            came_from[plan.rubric.code] = {code: old for code, old in said.items() if old}
    return Said(came_from, tuple(unsaid))


def _ask_rubric(
    plan: PublishingPlan, new: list[DomainChange], gone: Mapping[str, DomainChange], key: str
) -> dict[str, str | None]:
    """By new code the old one, NOWHERE for a new domain, None where it was not said."""
    st.markdown(f"**{plain(plan.rubric.title)}**: where do its new codes come from?")
    st.caption(
        "A domain that came from a known one keeps that one's code and its ratings. Files may name it by "
        "either code from then on."
    )
    proposed = [change for change in new if change.ancestor]
    as_proposed = len(proposed) > 1 and st.checkbox(
        f"Each of the {len(proposed)} comes from the domain that it reads like", key=f"all-{key}"
    )
    return {change.code: _ask_domain(change, gone, f"{key}-{as_proposed}", sure=as_proposed) for change in new}


def _ask_domain(change: DomainChange, gone: Mapping[str, DomainChange], key: str, *, sure: bool) -> str | None:
    others = [code for code in gone if code != change.ancestor]
    options = [*([change.ancestor] if change.ancestor else []), *others, NOWHERE]
    start: int | None = options.index(NOWHERE)
    if change.ancestor:
        start = 0 if sure else None

    def told(code: str) -> str:
        if code == NOWHERE:
            return "It is a new domain"
        like = ", which it reads like" if code == change.ancestor else ""
        return f"It is “{_title(gone[code])}” ({code}){like}"

    return st.selectbox(
        f"“{label(_title(change))}” ({label(change.code)})",
        options,
        start,
        format_func=told,
        placeholder="Say where it comes from",
        key=f"from-{key}-{change.code}",
    )


def _title(change: DomainChange) -> str:
    domain = change.after or change.before
    return domain.title if domain else change.code
