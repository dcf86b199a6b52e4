"""Sets of partnerships that staff define, for example "large urban", and whether members may look at one."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime

from progressions import permissions
from progressions.errors import NotAllowedError, UserError
from progressions.people import LEAST_OTHERS, PeerSet, Principal
from progressions.record import Action
from progressions.services.networks import clean_title
from progressions.store import Repository, Store
from progressions.text import folded

MOST_SHOWN = 12
"""Sets that members were ever shown: each halves the cells of all, and many cells of five leave nothing to show."""


def all_sets(store: Store, principal: Principal) -> tuple[PeerSet, ...]:
    """Every set that staff ever made, in the order of making, those taken away too. For staff."""
    permissions.check_can_change_settings(principal)
    with store.read(principal) as repository:
        return repository.peer_sets()


def why_not_shown(everybody: Collection[str], sets: Iterable[PeerSet], partnerships: Collection[str]) -> str:
    """Why members could not be shown a new set of these partnerships beside ``sets``; "" where they could.

    Every cell of all sets that were ever shown together with this one is empty or holds five partnerships: then no
    difference of sets is of fewer. Whoever is in the cell is one of the five, so that its own members may still see
    nothing: that is asked again for each reader and each domain, of those who have rated.
    """
    ever_shown = [each for each in sets if each.is_shown]
    if len(ever_shown) >= MOST_SHOWN:
        return f"Members have been shown {MOST_SHOWN} sets, which is the most."
    cells = Counter(
        tuple(code in held for held in [*(each.partnerships for each in ever_shown), partnerships])
        for code in everybody
    )
    fewest = min(cells.values(), default=0)
    if fewest >= LEAST_OTHERS and len(cells) > 1:
        return ""
    if len(cells) < 2:
        return "A set of all partnerships, or of none, shows nothing new."
    beside = " and the sets that members have been shown before" if ever_shown else ""
    return (
        f"Together with the other partnerships{beside} it would leave {fewest} by themselves, and members would learn "
        f"about fewer than {LEAST_OTHERS}."
    )


def make(
    store: Store, principal: Principal, title: str, partnerships: Collection[str], now: datetime, *, is_shown: bool
) -> PeerSet:
    """A new set, from now on as it is: whom it holds is never changed. ``is_shown`` lets members look at it.

    UserError without a title or with one that stands already, without partnerships, and where members may not be
    shown it. NotAllowedError where one of the codes is of nobody.
    """
    permissions.check_can_change_settings(principal)
    clean = clean_title(title)
    if not clean:
        raise UserError("Give the set a name.")
    if not partnerships:
        raise UserError("Choose the partnerships of the set.")
    with store.write(principal) as repository:
        sets = repository.peer_sets()
        if folded(clean) in {folded(each.title) for each in sets if each.removed_at is None}:
            raise UserError(f"There is a set “{clean}” already. Give this one another name.")
        everybody = [p.code for p in repository.partnerships()]
        if is_shown and (reason := why_not_shown(everybody, sets, partnerships)):
            raise UserError(f"Members cannot be shown this set. {reason}")
        made = repository.add_peer_set(clean, partnerships, is_shown=is_shown, by=principal.signature, now=now)
        repository.note(Action.PEER_SET_MADE, clean, new=_words(repository, made), now=now)
        return made


def remove(store: Store, principal: Principal, peer_set: int, now: datetime) -> PeerSet:
    """Takes a set away from every screen; what members may be told of other sets still counts with it.

    NotAllowedError where there is none that stands.
    """
    permissions.check_can_change_settings(principal)
    with store.write(principal) as repository:
        for each in repository.peer_sets():
            if each.id == peer_set and each.removed_at is None:
                repository.remove_peer_set(peer_set, by=principal.signature, now=now)
                repository.note(Action.PEER_SET_REMOVED, each.title, old=_words(repository, each), now=now)
                return each
    raise NotAllowedError


def _words(repository: Repository, made: PeerSet) -> str:
    names = sorted(p.title for p in repository.partnerships() if p.code in made.partnerships)
    return f"{'shown to members' if made.is_shown else 'for staff'}: {'; '.join(names)}"
