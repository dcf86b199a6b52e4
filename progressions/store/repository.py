"""Everything that may be asked of one network's data. The only queries on it are in the parts named here."""

from progressions.store.batches import Batches
from progressions.store.halls import Halls
from progressions.store.history import History
from progressions.store.levels import Levels
from progressions.store.partnerships import Partnerships
from progressions.store.peer_sets import PeerSets
from progressions.store.record import Record
from progressions.store.sharing import Sharing
from progressions.store.undoing import Undoing


class Repository(Partnerships, Levels, Halls, Undoing, Batches, History, Record, PeerSets, Sharing):
    """What one person sees of one network, inside one transaction; nothing else can be read or written through it.

    Made by ``Store.read`` and ``Store.write``; of no use after their block. A writing method of a repository
    that was opened for reading raises RuntimeError.
    """
