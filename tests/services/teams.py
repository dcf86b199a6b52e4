"""People of a network, as the tests of who may do what need them."""

from progressions.people import Access, Network, Principal
from progressions.services import people, sign_in
from progressions.services.people import Invitation, Invited
from progressions.store import Directory, Store
from tests.factories import NOW


def joins(store: Store, who: Principal, name: str, access: Access, own: str = "", email: str = "") -> Principal:
    """Somebody new, as they are once they have come in."""
    invited = people.invite(store, who, Invitation(name, access, own, email), NOW)
    return signed_in(store, invited)


def signed_in(store: Store, invited: Invited) -> Principal:
    session = sign_in.use_link(store, invited.link_token, 30, NOW)
    assert session is not None
    principal = sign_in.principal_of(store, session, NOW)
    assert principal is not None
    return principal


def someone(directory: Directory, network: Network, name: str, access: Access, own: str = "") -> Principal:
    person_id = directory.add_person(name, NOW)
    directory.grant(person_id, network.id, access, own or None)
    return Principal(person_id, name, network, access, own)
