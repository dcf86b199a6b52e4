"""Ratings out: every rating that a person may take with them, in layouts that come back as "all unchanged"."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum

from progressions import permissions
from progressions.errors import NotAllowedError
from progressions.people import EXAMPLE_NOTE, Principal
from progressions.ratings import RatingDraft, StoredRating
from progressions.rubric import RubricVersion
from progressions.sheets.former import with_former
from progressions.sheets.level_cells import LevelCells
from progressions.sheets.wide_table import wide_table
from progressions.sheets.writing import ExportRow, TableSheet, long_table, sheet_csv, write_xlsx
from progressions.store import Repository, Store

FORMS = ("csv", "xlsx")


class ExportLayout(StrEnum):
    """Long has a row for each rating with all that is said of it; wide a column for each domain, with levels alone."""

    LONG = "long"
    WIDE = "wide"


def ratings_file(
    store: Store, principal: Principal, form: str, layout: ExportLayout | str = ExportLayout.LONG
) -> bytes:
    """All ratings of the network as csv or xlsx; NotAllowedError for any other form or layout."""
    permissions.check_can_export_network(principal)
    if form not in FORMS or layout not in list(ExportLayout):
        raise NotAllowedError
    with store.read(principal.network) as repository:
        rows = _rows(repository, repository.all_ratings())
        table = _wide(repository, rows) if layout == ExportLayout.WIDE else long_table(rows)
        sheet = replace(table, notes_above=(EXAMPLE_NOTE,) if principal.network.is_example else ())
        return sheet_csv(sheet) if form == "csv" else write_xlsx([sheet])


def _wide(repository: Repository, rows: Iterable[ExportRow]) -> TableSheet:
    return wide_table([version.rubric for version in repository.latest_rubrics()], rows)


def _rows(repository: Repository, ratings: Iterable[StoredRating]) -> Iterator[ExportRow]:
    titles = {p.code: p.title for p in repository.partnerships()}
    convenings = {c.held_on: c.title for c in repository.convenings()}
    of_rubric = {code: repository.versions(code) for code in repository.rubric_codes()}
    versions = {(code, v.number): v for code, found in of_rubric.items() for v in found}
    # What an older version said must come back as it is, and the latest one reads it.
    levels = {code: LevelCells(with_former(found)) for code, found in of_rubric.items()}
    for rating in ratings:
        if rating.draft == RatingDraft():  # emptied, by hand or by an undo: it says nothing
            continue
        key = rating.key
        version = versions[key.rubric, rating.rubric_version]
        yield _row(rating, titles[key.partnership], convenings[key.held_on], version, levels[key.rubric])


def _row(
    rating: StoredRating, partnership: str, convening: str, version: RubricVersion, levels: LevelCells
) -> ExportRow:
    key, draft = rating.key, rating.draft
    level = version.rubric.level(draft.level) if draft.level is not None else None
    return ExportRow(
        partnership_code=key.partnership,
        partnership=partnership,
        held_on=key.held_on,
        convening=convening,
        rubric=key.rubric,
        domain_code=key.domain,
        domain=version.rubric.domain(key.domain).title,
        level=levels.cell(level) if level else None,
        level_name=level.name if level else "",
        evidence=draft.evidence,
        next_step=draft.next_step.text,
        owner=draft.next_step.owner,
        due=draft.next_step.due,
        reason=draft.reason.value if draft.reason else "",
        rubric_version=version.number,
        saved_at=rating.saved_at,
        saved_by=rating.saved_by,
    )
