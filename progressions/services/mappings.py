"""Mappings that a network keeps, so that the next file with the same headings is read in the same way."""

import json
from collections.abc import Mapping
from datetime import datetime

from progressions import permissions
from progressions.errors import MappingError, NotAllowedError, UserError
from progressions.people import Principal
from progressions.ratings import SavedMapping
from progressions.record import Action
from progressions.sheets.guess_saved import KeptMapping
from progressions.sheets.guessing import Guess
from progressions.sheets.mapping import RatingsMapping, read_mapping, write_mapping
from progressions.store import Repository, Store

LONGEST_TITLE = 120  # characters: one line of a list


def save_mapping(
    store: Store,
    principal: Principal,
    title: str,
    mapping: RatingsMapping,
    now: datetime,
    headings: frozenset[str] = frozenset(),
) -> None:
    """Keeps a mapping under a title, in place of the one that had it. UserError where the title cannot be used.

    ``headings`` are those of the sheet it was made for (``headings_of``): it is used again where the same come back.
    """
    permissions.check_can_import_ratings(principal)
    title = " ".join(title.split())
    if not 0 < len(title) <= LONGEST_TITLE:
        raise UserError(f"Give the mapping a name of 1 to {LONGEST_TITLE} characters.")
    with store.write(principal) as repository:
        text, came_back = write_mapping(mapping), json.dumps(sorted(headings))
        repository.save_mapping(title, text, came_back, by=principal.signature, now=now)
        repository.note(Action.MAPPING_KEPT, title, now=now)


def mappings(store: Store, principal: Principal) -> tuple[SavedMapping, ...]:
    """Every mapping that the network keeps, the latest first."""
    permissions.check_can_import_ratings(principal)
    with store.read(principal) as repository:
        return repository.saved_mappings()


def forget_mapping(store: Store, principal: Principal, title: str, now: datetime) -> None:
    """NotAllowedError where the network keeps no mapping with this title."""
    permissions.check_can_import_ratings(principal)
    with store.write(principal) as repository:
        if not repository.forget_mapping(title):
            raise NotAllowedError("No mapping is kept under this name.")
        repository.note(Action.MAPPING_FORGOTTEN, title, now=now)


def used_again(store: Store, principal: Principal, guess: Guess | None) -> str:
    """The title of the kept mapping that a file is read by; "" where it is read by none."""
    permissions.check_can_import_ratings(principal)
    if guess is None or not guess.is_saved:
        return ""
    found = (
        kept.title
        for kept in mappings(store, principal)
        if _lasting(json.loads(kept.mapping)) == _lasting(guess.partial)
    )
    return next(found, "")


def _lasting(content: Mapping[str, object]) -> dict[str, object]:
    """What a kept mapping says of every file; the sheet, the row of headings and the day are each file's own."""
    of_each_file = ("sheet", "header_row", "convening")
    said: dict[str, object] = json.loads(json.dumps(content, default=str))
    return {name: value for name, value in said.items() if name not in of_each_file}


def kept_mappings(repository: Repository) -> tuple[KeptMapping, ...]:
    """Those kept mappings that can still be read, the latest first: a later version may have dropped a key."""
    found = []
    for saved in repository.saved_mappings():
        try:
            found.append(KeptMapping(read_mapping(saved.mapping), frozenset(json.loads(saved.headings))))
        except MappingError:
            continue
    return tuple(found)
