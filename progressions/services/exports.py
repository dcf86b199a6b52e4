"""Ratings out: every rating that a person may take with them, in the layout that comes back as "all unchanged"."""

from collections.abc import Iterable, Iterator

from progressions import permissions
from progressions.errors import NotAllowedError
from progressions.people import EXAMPLE_NOTE, Principal
from progressions.ratings import StoredRating
from progressions.rubric import RubricVersion
from progressions.sheets.writing import ExportRow, ratings_csv, ratings_workbook
from progressions.store import Repository, Store

FORMS = ("csv", "xlsx")


def ratings_file(store: Store, principal: Principal, form: str) -> bytes:
    """All ratings of the network as csv or xlsx; NotAllowedError for any other form."""
    permissions.check_can_export_network(principal)
    if form not in FORMS:
        raise NotAllowedError
    notes = (EXAMPLE_NOTE,) if principal.network.is_example else ()
    with store.read(principal.network) as repository:
        rows = list(_rows(repository, repository.all_ratings()))
    return ratings_csv(rows, notes) if form == "csv" else ratings_workbook(rows, notes)


def _rows(repository: Repository, ratings: Iterable[StoredRating]) -> Iterator[ExportRow]:
    titles = {p.code: p.title for p in repository.partnerships()}
    convenings = {c.held_on: c.title for c in repository.convenings()}
    versions = {(code, v.number): v for code in repository.rubric_codes() for v in repository.versions(code)}
    for rating in ratings:
        key = rating.key
        version = versions[key.rubric, rating.rubric_version]
        yield _row(rating, titles[key.partnership], convenings[key.held_on], version)


def _row(rating: StoredRating, partnership: str, convening: str, version: RubricVersion) -> ExportRow:
    key, draft = rating.key, rating.draft
    return ExportRow(
        partnership_code=key.partnership,
        partnership=partnership,
        held_on=key.held_on,
        convening=convening,
        rubric=key.rubric,
        domain_code=key.domain,
        domain=version.rubric.domain(key.domain).title,
        level=draft.level,
        level_name=version.rubric.level(draft.level).name if draft.level is not None else "",
        evidence=draft.evidence,
        next_step=draft.next_step.text,
        owner=draft.next_step.owner,
        due=draft.next_step.due,
        reason=draft.reason.value if draft.reason else "",
        rubric_version=version.number,
        saved_at=rating.saved_at,
        saved_by=rating.saved_by,
    )
