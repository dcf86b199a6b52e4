"""Ratings out: every rating that a person may take with them, in layouts that come back as "all unchanged"."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from progressions import permissions
from progressions.errors import NotAllowedError
from progressions.people import EXAMPLE_NOTE, Partnership, Principal
from progressions.ratings import RatingDraft, StoredRating
from progressions.rubric import RubricVersion
from progressions.services.record import PastSave, note_export, past_saves
from progressions.sheets import partnership_book
from progressions.sheets.former import with_former
from progressions.sheets.level_cells import LevelCells
from progressions.sheets.partnership_book import PartnershipBook, SaveRow
from progressions.sheets.wide_table import wide_table
from progressions.sheets.writing import ExportRow, TableSheet, long_table, sheet_csv, write_xlsx
from progressions.store import Repository, Store

FORMS = ("csv", "xlsx")


class ExportLayout(StrEnum):
    """Long has a row for each rating with all that is said of it; wide a column for each domain, with levels alone."""

    LONG = "long"
    WIDE = "wide"


def ratings_file(
    store: Store, principal: Principal, form: str, layout: ExportLayout | str = ExportLayout.LONG, *, now: datetime
) -> bytes:
    """All ratings of the network as csv or xlsx; NotAllowedError for any other form or layout."""
    permissions.check_can_export_network(principal)
    if form not in FORMS or layout not in list(ExportLayout):
        raise NotAllowedError
    with store.read(principal) as repository:
        rows = _rows(repository, repository.all_ratings())
        table = _wide(repository, rows) if layout == ExportLayout.WIDE else long_table(rows)
        sheet = replace(table, notes_above=(EXAMPLE_NOTE,) if principal.network.is_example else ())
        content = sheet_csv(sheet) if form == "csv" else write_xlsx([sheet])
    note_export(store, principal, f"all ratings ({form}, {layout})", now)
    return content


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


def partnership_workbook(store: Store, principal: Principal, partnership: str, now: datetime) -> bytes:
    """All that one partnership has said, with its history and the words it stands on, as one workbook.

    NotAllowedError where there is no such partnership for this person. Nothing of any other partnership is in it.
    """
    permissions.check_can_take_partnership(principal, partnership)
    with store.read(principal) as repository:
        found = repository.partnership(partnership)
        if found is None:
            raise NotAllowedError
        content = partnership_book.partnership_workbook(_book(repository, principal, found, now))
    note_export(store, principal, f"everything of {found.title} (xlsx)", now)
    return content


def _book(repository: Repository, principal: Principal, whose: Partnership, now: datetime) -> PartnershipBook:
    convenings = repository.convenings()
    said = [rating for c in convenings for rating in repository.ratings_of(whose.code, c.held_on)]
    saves = past_saves(repository, repository.changes_of(whose.code))
    stood_on = {(r.key.rubric, r.rubric_version) for r in said}
    stood_on |= {(s.change.key.rubric, s.change.rubric_version) for s in saves}
    versions = [v for code in repository.rubric_codes() for v in repository.versions(code)]
    used = [v for v in versions if (v.rubric.code, v.number) in stood_on]
    rated = Counter(r.key.held_on for r in said if r.is_rated)
    titles = {c.held_on: c.title for c in convenings}
    return PartnershipBook(
        about=(
            ("Network", principal.network.title),
            ("Partnership", whose.title),
            ("Written on (UTC)", now),
            ("Written for", principal.name),
        ),
        note=EXAMPLE_NOTE if principal.network.is_example else "",
        ratings=list(_rows(repository, said)),
        saves=[_save_row(save, titles, used) for save in saves],
        versions=used,
        convenings=[(c.held_on, c.title, rated[c.held_on]) for c in convenings if rated[c.held_on]],
    )


def _save_row(save: PastSave, titles: Mapping[date, str], versions: Iterable[RubricVersion]) -> SaveRow:
    change, draft = save.change, save.change.new
    rubric = next(v.rubric for v in versions if (v.rubric.code, v.number) == (change.key.rubric, change.rubric_version))
    return SaveRow(
        saved_at=change.changed_at,
        saved_by=change.changed_by,
        held_on=change.key.held_on,
        convening=titles.get(change.key.held_on, ""),
        rubric=change.key.rubric,
        domain_code=change.key.domain,
        domain=rubric.domain(change.key.domain).title,
        level_before=change.old.level if change.old else None,
        level=draft.level,
        level_name=rubric.level(draft.level).name if draft.level is not None else "",
        evidence=draft.evidence,
        next_step=draft.next_step.text,
        owner=draft.next_step.owner,
        due=draft.next_step.due,
        reason=draft.reason.value if draft.reason else "",
        rubric_version=change.rubric_version,
        came_with=save.came_with,
    )
