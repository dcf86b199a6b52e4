"""Everything that may be asked outside any one network."""

from progressions.people import Principal
from progressions.store.identities import Identities
from progressions.store.repository import Repository
from progressions.store.scope import lock_network
from progressions.store.seats import Seats
from progressions.store.sign_in import SignIn


class Directory(SignIn, Identities, Seats):
    """Networks, people and sign-in; of no use after the block of the transaction that gave it."""

    def repository(self, principal: Principal) -> Repository:
        """A network's data inside the same transaction, to write: a network comes whole or not at all."""
        lock_network(self._connection, principal.network)
        return Repository(self._connection, principal, writes=True)

    def reading(self, principal: Principal) -> Repository:
        """A network's data inside the same transaction, to read: for whoever the transaction has just recognized."""
        return Repository(self._connection, principal, writes=False)
