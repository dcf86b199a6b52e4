"""What the command line answers, for machines (documented in the README) and for people."""

import json
from dataclasses import asdict, dataclass

from progressions.comparison import ChangeKind, DomainChange, RunKind, WordRun
from progressions.issues import Issue, Severity, has_errors
from progressions.ratings import SavedMapping, UndoResult
from progressions.services.imports import NotUnderstood, PastImport, Preview, nothing_to_do
from progressions.services.rubrics import RubricFile
from progressions.sheets.guessing import Finding, Guess

DONE, PROBLEMS, USAGE = 0, 1, 2

MOST_CELLS_SHOWN = 5  # a line for people names a few cells; the JSON has them all
HOW_TO_CONFIRM = (
    "Nothing was published. Say with --came-from NEW=OLD which domain has a new code, or with --yes that the file is "
    "right as it is."
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command found: for machines, for people, and the exit code.

    With ``aside``, the lines are a file for another command, and only what is said about it goes to standard error.
    """

    machine: dict[str, object]
    lines: tuple[str, ...]
    code: int = DONE
    aside: tuple[str, ...] | None = None


def refusal(kind: str, message: str) -> dict[str, object]:
    """A file or a command that could not be taken at all."""
    return refusals(kind, (message,))


def refusals(kind: str, messages: tuple[str, ...]) -> dict[str, object]:
    """The same for several reasons."""
    found = tuple(Issue(kind, Severity.ERROR, message) for message in messages)
    return {"ok": False, "issues": issues(found)}


def to_confirm(doubts: tuple[str, ...]) -> dict[str, object]:
    """What has to be confirmed before a rubric is published."""
    return refusals("to_confirm", (*doubts, HOW_TO_CONFIRM))


def issues(found: tuple[Issue, ...]) -> list[dict[str, object]]:
    """Issues with all their cells."""
    return [
        {
            "code": i.code,
            "severity": i.severity.value,
            "sheet": i.sheet,
            "cells": list(i.cells),
            "message": i.message,
        }
        for i in found
    ]


def issue_lines(found: tuple[Issue, ...]) -> tuple[str, ...]:
    """One line for each issue: severity, where, and the sentence."""
    places = [(issue, issue.place(MOST_CELLS_SHOWN)) for issue in found]
    return tuple(f"{i.severity.value}: {f'[{place}] ' if place else ''}{i.message}" for i, place in places)


def rubric_file(checked: RubricFile) -> dict[str, object]:
    """The rubrics of a file, its issues, and what publishing did where it was published."""
    answer: dict[str, object] = {
        "ok": checked.ok,
        "rubrics": [
            {
                "code": rubric.code,
                "title": rubric.title,
                "levels": [level.name for level in rubric.levels],
                "domains": len(rubric.domains),
            }
            for rubric in checked.rubrics
        ],
        "issues": issues(checked.issues),
    }
    if checked.plans:
        answer["published"] = [
            {
                "code": plan.rubric.code,
                "outcome": plan.outcome.value,
                "version": plan.number,
                "came_from": dict(plan.came_from),
            }
            for plan in checked.plans
        ]
    return answer


def rubric_lines(checked: RubricFile) -> tuple[str, ...]:
    """The same in words."""
    found = [
        f"{rubric.title} ({rubric.code}): {len(rubric.domains)} domains, {len(rubric.levels)} levels"
        for rubric in checked.rubrics
    ]
    done = [f"{plan.rubric.code}: {plan.outcome.value}, version {plan.number}" for plan in checked.plans]
    kept = [
        f"{plan.rubric.code}: {new} is the domain {old}, which keeps its code"
        for plan in checked.plans
        for new, old in plan.came_from.items()
    ]
    return (*found, *issue_lines(checked.issues), *done, *kept)


def not_understood(shown: NotUnderstood) -> dict[str, object]:
    """A sheet that needs a mapping."""
    return refusal("mapping_needed", " ".join(shown.unsure))


def import_result(shown: Preview, batch: int | None, kept: str) -> dict[str, object]:
    """Counts to the cell; ``batch`` is None for a dry run and where there was nothing to do.

    ``kept`` is the title of the kept mapping that was used, "" for none.
    """
    plan = shown.plan
    return {
        "ok": not has_errors(shown.issues),
        "cells": asdict(plan.counts),
        "partnerships": plan.partnerships,
        "convenings": plan.convenings,
        "domains": plan.domains,
        "batch": batch,
        "issues": issues(shown.issues),
        **_kept(kept),
    }


def _kept(title: str) -> dict[str, object]:
    return {"kept_mapping": title} if title else {}


def kept_lines(title: str) -> tuple[str, ...]:
    """Says which kept mapping was used, where one was."""
    return (f"The headings came before: read by the kept mapping “{title}”.",) if title else ()


def saved_mappings(kept: tuple[SavedMapping, ...]) -> dict[str, object]:
    """Every kept mapping with its content, the latest first."""
    rows = [
        {
            "title": one.title,
            "saved_at": one.saved_at.isoformat(),
            "saved_by": one.saved_by,
            "mapping": json.loads(one.mapping),
        }
        for one in kept
    ]
    return {"ok": True, "mappings": rows}


def saved_mapping_lines(kept: tuple[SavedMapping, ...]) -> tuple[str, ...]:
    """One line a mapping."""
    lines = tuple(f"{one.title}: kept {one.saved_at:%Y-%m-%d %H:%M} by {one.saved_by}" for one in kept)
    return lines or ("No mappings are kept.",)


def import_lines(shown: Preview, batch: int | None, *, dry_run: bool) -> tuple[str, ...]:
    """The same in words."""
    counts = shown.plan.counts
    read = (
        f"{counts.read:,} cells read: {counts.new:,} new, {counts.changed:,} changed, {counts.unchanged:,} unchanged, "
        f"{counts.blank:,} blank, {counts.not_rated:,} not rated, {counts.rejected:,} rejected"
    )
    if shown.plan.nothing_to_do:
        outcome = nothing_to_do(shown.plan)
    elif dry_run:
        outcome = "A dry run: nothing was written."
    else:
        outcome = f"Imported as batch {batch}."
    return (read, *issue_lines(shown.issues), outcome)


def guess(found: Guess, kept: str) -> dict[str, object]:
    """The mapping as far as it is sure, in the mapping format, and how sure each part is; ``kept`` as for an import."""
    return {
        "ok": found.mapping is not None,
        "mapping": found.partial,
        "sure": [_finding(finding) for finding in found.sure],
        "unsure": [_finding(finding) for finding in found.unsure],
        **_kept(kept),
    }


def _finding(finding: Finding) -> dict[str, object]:
    value = {} if finding.value is None else {"value": finding.value}
    return {"key": finding.key, "how_sure": finding.how_sure, "message": finding.sentence, **value}


def guess_lines(found: Guess) -> tuple[str, ...]:
    """The mapping as it would stand in a file, without what is not sure."""
    return (json.dumps(found.partial, ensure_ascii=False, indent=2, default=str),)


def guess_asides(found: Guess) -> tuple[str, ...]:
    """What is not sure, in sentences."""
    return tuple(f"not sure: {finding.sentence}" for finding in found.unsure)


def past_imports(past: tuple[PastImport, ...]) -> dict[str, object]:
    """Every import, the latest first."""
    rows = [
        {
            "batch": one.batch,
            "imported_at": one.imported_at.isoformat(),
            "imported_by": one.imported_by,
            "file": one.file_name,
            "sha256": one.sha256,
            "cells": asdict(one.counts),
            "undone_at": one.undone_at.isoformat() if one.undone_at else None,
            "undone_by": one.undone_by,
        }
        for one in past
    ]
    return {"ok": True, "imports": rows}


def past_lines(past: tuple[PastImport, ...]) -> tuple[str, ...]:
    """One line an import."""
    return tuple(
        f"{one.batch}: {one.imported_at:%Y-%m-%d %H:%M} {one.imported_by}, {one.file_name}, "
        f"{one.counts.new:,} new, {one.counts.changed:,} changed{', undone' if one.undone_at else ''}"
        for one in past
    ) or ("No imports yet.",)


def undone(result: UndoResult) -> dict[str, object]:
    """What an undo did, and what it left because somebody had edited it since."""
    kept = [
        {
            "partnership": edit.partnership,
            "held_on": edit.held_on.isoformat(),
            "domain": edit.domain,
            "level": edit.level_now,
            "level_name": edit.level_name,
            "by": edit.by,
            "when": edit.when.isoformat(),
        }
        for edit in result.kept
    ]
    return {"ok": True, "restored": result.restored, "removed": result.removed, "kept": kept}


def undone_lines(result: UndoResult) -> tuple[str, ...]:
    """The same in words."""
    kept = tuple(
        f"kept: {edit.partnership}, {edit.held_on}, {edit.domain}: edited by {edit.by}" for edit in result.kept
    )
    return (f"{result.restored:,} put back, {result.removed:,} taken away, {len(kept):,} kept as edited since.", *kept)


def rubric_diff(found: dict[str, tuple[DomainChange, ...]]) -> dict[str, object]:
    """Every domain by rubric, with runs of words that are the same, removed or added."""
    rubrics = {
        code: [
            {
                "code": change.code,
                "kind": change.kind.value,
                "ancestor": change.ancestor,
                "title": _run_list(change.title),
                "area": _run_list(change.area),
                "descriptors": [_run_list(runs) for runs in change.descriptors],
            }
            for change in changes
        ]
        for code, changes in found.items()
    }
    return {"ok": True, "rubrics": rubrics}


def _run_list(runs: tuple[WordRun, ...]) -> list[list[str]]:
    return [[run.kind.value, run.text] for run in runs]


def rubric_diff_lines(found: dict[str, tuple[DomainChange, ...]]) -> tuple[str, ...]:
    """A line for each domain, and for a reworded one a line for its title, area and each level whose words changed."""
    lines: list[str] = []
    for code, changes in found.items():
        if all(change.kind is ChangeKind.GONE for change in changes):
            lines.append(f"{code}: the whole rubric is gone, with its {len(changes)} domains")
        for change in changes:
            likely = f" (reads like {change.ancestor}, which is gone)" if change.ancestor else ""
            lines.append(f"{code} {change.code}: {change.kind.value}{likely}")
            if change.kind is ChangeKind.REWORDED:
                lines += [f"  {name.lower()}: {_marked(runs)}" for name, runs in change.headings_changed]
                lines += [f"  {level}: {_marked(runs)}" for level, runs in enumerate(change.descriptors, 1)]
    return tuple(lines) or ("The file holds no rubric.",)


def _marked(runs: tuple[WordRun, ...]) -> str:
    signs = {RunKind.SAME: "{}", RunKind.REMOVED: "[-{}-]", RunKind.ADDED: "{{+{}+}}"}
    return " ".join(signs[run.kind].format(run.text) for run in runs)
