"""Workbooks to fill in."""

from datetime import datetime

from progressions import permissions
from progressions.errors import UserError
from progressions.people import EXAMPLE_NOTE, Principal
from progressions.services.record import note_export
from progressions.sheets import ratings_template as sheet
from progressions.store import Store


def ratings_template(store: Store, principal: Principal, now: datetime) -> bytes:
    """The network's ratings to fill in: a row for each partnership, at the first convening from ``now`` on.

    Where none is planned the day is left open. UserError where the network has no rubric yet.
    """
    permissions.check_can_import_ratings(principal)
    with store.read(principal) as repository:
        rubrics = [version.rubric for version in repository.latest_rubrics()]
        partnerships, convenings = repository.partnerships(), repository.convenings()
    if not rubrics:
        raise UserError("Publish a rubric first: the template has a column for each of its domains.")
    following = next((convening for convening in convenings if convening.held_on >= now.date()), None)
    when = (following.held_on, following.title) if following else (None, "")
    notes = (EXAMPLE_NOTE,) if principal.network.is_example else ()
    content = sheet.ratings_template(rubrics, [(p.code, p.title, *when) for p in partnerships], notes)
    note_export(store, principal, "a template with every partnership (xlsx)", now)
    return content
