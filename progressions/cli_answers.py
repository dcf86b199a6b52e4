"""What the command line answers, for machines (documented in the README) and for people."""

from dataclasses import asdict

from progressions.issues import Issue, has_errors
from progressions.services.imports import NotUnderstood, Preview
from progressions.services.rubrics import RubricFile

MOST_CELLS_SHOWN = 5  # a line for people names a few cells; the JSON has them all


def refusal(kind: str, message: str) -> dict[str, object]:
    """A file or a command that could not be taken at all."""
    return {
        "ok": False,
        "issues": [{"code": kind, "severity": "error", "sheet": "", "cells": [], "message": message}],
    }


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
    return tuple(f"{i.severity.value}: {_where(i)}{i.message}" for i in found)


def _where(issue: Issue) -> str:
    shown = ", ".join(issue.cells[:MOST_CELLS_SHOWN])
    more = len(issue.cells) - MOST_CELLS_SHOWN
    cells = f"{shown} and {more} more" if more > 0 else shown
    place = " ".join(part for part in (issue.sheet, cells) if part)
    return f"[{place}] " if place else ""


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
            {"code": plan.rubric.code, "outcome": plan.outcome.value, "version": plan.number} for plan in checked.plans
        ]
    return answer


def rubric_lines(checked: RubricFile) -> tuple[str, ...]:
    """The same in words."""
    found = [
        f"{rubric.title} ({rubric.code}): {len(rubric.domains)} domains, {len(rubric.levels)} levels"
        for rubric in checked.rubrics
    ]
    done = [f"{plan.rubric.code}: {plan.outcome.value}, version {plan.number}" for plan in checked.plans]
    return (*found, *issue_lines(checked.issues), *done)


def not_understood(shown: NotUnderstood) -> dict[str, object]:
    """A sheet that needs a mapping."""
    return refusal("mapping_needed", " ".join(shown.unsure))


def import_result(shown: Preview, batch: int | None) -> dict[str, object]:
    """Counts to the cell; ``batch`` is None for a dry run and where there was nothing to do."""
    plan = shown.plan
    return {
        "ok": not has_errors(shown.issues),
        "cells": asdict(plan.counts),
        "partnerships": plan.partnerships,
        "convenings": plan.convenings,
        "domains": plan.domains,
        "batch": batch,
        "issues": issues(shown.issues),
    }


def import_lines(shown: Preview, batch: int | None, *, dry_run: bool) -> tuple[str, ...]:
    """The same in words."""
    counts = shown.plan.counts
    read = (
        f"{counts.read:,} cells read: {counts.new:,} new, {counts.changed:,} changed, {counts.unchanged:,} unchanged, "
        f"{counts.blank:,} blank, {counts.not_rated:,} not rated, {counts.rejected:,} rejected"
    )
    if shown.plan.nothing_to_do:
        outcome = "Nothing to do: every rating of this file is stored already."
    elif dry_run:
        outcome = "A dry run: nothing was written."
    else:
        outcome = f"Imported as batch {batch}."
    return (read, *issue_lines(shown.issues), outcome)
