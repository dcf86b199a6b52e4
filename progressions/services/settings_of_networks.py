"""What the staff of a network decide for it: what it is called, and what members see of peers."""

from datetime import datetime

from progressions import permissions
from progressions.errors import NotAllowedError, UserError
from progressions.people import LEAST_OTHERS, Network, PeerView, Principal
from progressions.record import Action
from progressions.services.networks import clean_title
from progressions.store import Directory, Store

MOST_OTHERS = 500  # "never" is said with PeerView.NOTHING, not with a number that nobody reaches


def change_peer_view(
    store: Store, principal: Principal, peer_view: PeerView, least_others: int, now: datetime
) -> Network:
    """What members see of peers from now on, and from how many others on. Returns the network as read back.

    UserError where the number is not between ``LEAST_OTHERS`` and ``MOST_OTHERS``. The same again notes nothing.
    """
    permissions.check_can_change_settings(principal)
    if not LEAST_OTHERS <= least_others <= MOST_OTHERS:
        raise UserError(f"Peers are shown from {LEAST_OTHERS} others on, or more, up to {MOST_OTHERS}.")
    with store.write_directory() as directory:
        record = directory.repository(principal)  # waits for other writers: what is read now stays true
        before = _network(directory, principal)
        if (before.peer_view, before.least_others) != (peer_view, least_others):
            directory.choose_peer_view(before, peer_view, least_others)
            after = _network(directory, principal)
            about = "what members see of peers"
            record.note(Action.SETTING_CHANGED, about, old=_words(before), new=_words(after), now=now)
        return _network(directory, principal)


def rename(store: Store, principal: Principal, title: str, now: datetime) -> Network:
    """What the network is called from now on; its code stays. Returns the network as read back.

    UserError where the title is empty. The same again notes nothing.
    """
    permissions.check_can_change_settings(principal)
    clean = clean_title(title)
    if not clean:
        raise UserError("Give your network a name.")
    with store.write_directory() as directory:
        record = directory.repository(principal)
        before = _network(directory, principal)
        if before.title != clean:
            directory.rename_network(before, clean)
            record.note(Action.SETTING_CHANGED, "the name of the network", old=before.title, new=clean, now=now)
        return _network(directory, principal)


def _network(directory: Directory, principal: Principal) -> Network:
    found = directory.network(principal.network.code)
    if found is None:
        raise NotAllowedError
    return found


def _words(network: Network) -> str:
    return f"{network.peer_view.value}, from {network.least_others} others on"
