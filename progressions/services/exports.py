"""Ratings out: every rating that a person may take with them, in layouts that come back as "all unchanged"."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from progressions import permissions
from progressions.errors import NotAllowedError
from progressions.measures.votes import spread
from progressions.people import EXAMPLE_NOTE, Partnership, Principal
from progressions.ratings import RatingDraft, StoredRating
from progressions.rubric import RubricVersion
from progressions.services.record import PastSave, note_export, past_saves
from progressions.sharing import SharedNote
from progressions.sheets import partnership_book
from progressions.sheets.former import with_former
from progressions.sheets.level_cells import LevelCells
from progressions.sheets.partnership_book import PartnershipBook, SaveRow, VoteRow
from progressions.sheets.wide_table import wide_table
from progressions.sheets.writing import CellValue, ExportRow, TableSheet, long_table, sheet_csv, write_xlsx
from progressions.store import Repository, Store
from progressions.team_session import Side, TeamSession

FORMS = ("csv", "xlsx")
SIDES = {Side.LEA: "district", Side.IHE: "university", None: "both together"}
Versions = Mapping[tuple[str, int], RubricVersion]


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
    spoken = [rating for rating in said if rating.draft != RatingDraft()]
    saves = past_saves(repository, repository.changes_of(whose.code))
    stood_on = {(r.key.rubric, r.rubric_version) for r in said}
    stood_on |= {(s.change.key.rubric, s.change.rubric_version) for s in saves}
    versions = {(v.rubric.code, v.number): v for code in repository.rubric_codes() for v in repository.versions(code)}
    titles = {c.held_on: c.title for c in convenings}
    votes = _votes(repository, whose, titles, versions)
    stood_on |= {(row.rubric, row.rubric_version) for row in votes}
    used = [version for key, version in versions.items() if key in stood_on]
    rated = Counter(r.key.held_on for r in said if r.is_rated)
    return PartnershipBook(
        about=(
            ("Network", principal.network.title),
            ("Partnership", whose.title),
            ("Written on (UTC)", now),
            ("Written for", principal.name),
        ),
        note=EXAMPLE_NOTE if principal.network.is_example else "",
        ratings=list(_rows(repository, spoken)),
        more=[_more(rating.draft) for rating in spoken],
        saves=[_save_row(save, titles, used) for save in saves],
        votes=votes,
        shared=[_shared(note, versions) for note in repository.shared_notes_of(whose.code)],
        versions=used,
        convenings=[(c.held_on, c.title, rated[c.held_on]) for c in convenings if rated[c.held_on]],
    )


def _more(draft: RatingDraft) -> tuple[CellValue, ...]:
    """What is said of a rating that an import does not know, under the headings of the workbook."""
    step, hindsight = draft.next_step, draft.hindsight
    return (
        draft.convinced,
        "\n".join(draft.links),
        "yes" if draft.comes_back else "",
        step.state.value if step.text else "",
        f"level {hindsight.level} on {hindsight.held_on.isoformat()}" if hindsight else "",
    )


def _shared(note: SharedNote, versions: Versions) -> tuple[CellValue, ...]:
    """A note with the domain's latest title."""
    known = [v.rubric for (rubric, _), v in sorted(versions.items()) if rubric == note.rubric]
    title = [d.title for rubric in known for d in rubric.domains if d.code == note.domain][-1]
    said = (note.note, note.contact, note.asked_at, note.saved_at, note.saved_by)
    return (note.rubric, note.domain, title, *said)


def _votes(repository: Repository, whose: Partnership, titles: Mapping[date, str], versions: Versions) -> list[VoteRow]:
    """The votes of every round that has been revealed, as the team saw them but without anybody's name."""
    sessions = [repository.team_session(whose.code, held_on) for held_on in titles]
    return [
        row
        for session in sessions
        if session is not None and session.has_votes
        for row in _vote_rows(repository, session, titles[session.held_on], versions)
    ]


def _vote_rows(repository: Repository, session: TeamSession, convening: str, versions: Versions) -> Iterator[VoteRow]:
    votes, papers = repository.shown_votes(session), repository.paper_counts(session)
    for at in session.domains:
        version = versions[at.key.rubric, at.version]
        for number in at.revealed_rounds:
            said = [v for v in votes if (v.key, v.round) == (at.key, number)]
            counted = [p for p in papers if (p.key, p.round) == (at.key, number)]
            for row in spread(said, counted, len(version.rubric.levels)).rows:
                yield VoteRow(
                    held_on=session.held_on,
                    convening=convening,
                    rubric=at.key.rubric,
                    domain_code=at.key.domain,
                    domain=version.rubric.domain(at.key.domain).title,
                    rubric_version=version.number,
                    vote=number,
                    side=SIDES[row.side],
                    counts=row.counts,
                    cannot_judge=row.cannot_judge,
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
        more=_more(draft),
        rubric_version=change.rubric_version,
        came_with=save.came_with,
    )
