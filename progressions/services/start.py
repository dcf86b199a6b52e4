"""Starting the application: the database, the shipped rubrics, the example network on the first start."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from progressions.errors import UserError
from progressions.people import Access, Network, Person, Principal, signature
from progressions.record import Action
from progressions.services import example_told, example_votes, imports, people, sign_in
from progressions.services.rubrics import publish_shipped
from progressions.settings import DATA, ReadLimits, Settings
from progressions.store import Directory, Store, open_store

EXAMPLE_CODE = "example"
EXAMPLE_TITLE = "Example network"
EXAMPLE_WORKBOOK = DATA / "example-past-ratings.xlsx"
EXAMPLE_MAPPING = DATA / "example-mapping.json"
OWN_CODE = "network"
OWN_TITLE = "Our network"
STAFF_NAME = "Network staff"
HOW_TO_INVITE = "Make somebody: python -m progressions invite NAME --access staff --network CODE"


@dataclass(frozen=True, slots=True)
class StaffLink:
    """A one-time token, and the name of the member of staff whom it signs in."""

    token: str = field(repr=False)
    name: str


@dataclass(frozen=True, slots=True)
class Started:
    """A store that is ready. ``link_token`` is a one-time token for network staff, and ``link_name`` the name of whom
    it signs in; "" where nobody needs one."""

    store: Store
    link_token: str
    loaded_example: bool
    link_name: str = ""


def prepare(settings: Settings, now: datetime) -> Started:
    """Brings the database up to date; on the first start loads the example network and makes the staff link.

    Later starts make a fresh link only while no member of staff is signed in anywhere, so that a lost link can be had
    again at the terminal and a running installation prints no way in.
    """
    store = open_store(settings.database_url)
    with store.write_directory() as directory:
        directory.forget_expired(now)
    wanted = _wants_example(store)
    if wanted:
        load_example(store, now)
    link = _link_where_needed(store, now)
    return Started(store, link.token, wanted, link.name) if link else Started(store, "", wanted)


def _wants_example(store: Store) -> bool:
    """On a first start, and after one that was interrupted before the example's ratings were in."""
    with store.read_directory() as directory:
        networks = directory.networks()
    if [network.code for network in networks] == [EXAMPLE_CODE]:
        with store.read(system_principal(networks[0])) as repository:
            return not repository.batches()
    return not networks


def load_example(store: Store, now: datetime) -> Network:
    """Loads the invented example network, its ratings by the same import as any upload; twice changes nothing."""
    with store.write_directory() as directory:
        network = directory.network(EXAMPLE_CODE)
        if network is None:
            network = directory.add_network(EXAMPLE_CODE, EXAMPLE_TITLE, is_example=True, now=now)
            directory.note(system_principal(network), Action.NETWORK_STARTED, network.title, now=now)
    loader = system_principal(network)
    publish_shipped(store, loader, now)
    shown = imports.preview(
        store,
        loader,
        EXAMPLE_WORKBOOK.read_bytes(),
        EXAMPLE_WORKBOOK.name,
        EXAMPLE_MAPPING.read_text(encoding="utf-8"),
        ReadLimits(),
    )
    if isinstance(shown, imports.NotUnderstood):
        raise UserError("The example workbook does not fit its mapping.")
    imports.confirm(store, loader, shown, now)
    example_told.load(store, loader, now)
    example_votes.load(store, loader, now)
    return network


def own_network(store: Store, code: str | None, now: datetime, *, create: bool = False) -> Network:
    """The network that a command works on.

    The one of this code, or, where none is named, the only one that is not the example; with ``create`` an
    installation without one gets it. UserError where the code is unknown or the choice is open.
    """
    with store.write_directory() as directory:
        networks = directory.networks()
        if code is not None:
            named = next((n for n in networks if n.code == code), None)
            if named is None:
                known = ", ".join(n.code for n in networks) or "none"
                raise UserError(f"There is no network “{code}”. Networks here: {known}.")
            return named
        own = [n for n in networks if not n.is_example]
        if len(own) > 1:
            raise UserError(f"Say which network with --network: {', '.join(n.code for n in own)}.")
        if not own and not create:
            raise UserError("There is no network of your own yet. Publish a rubric first: rubric publish FILE.")
        return own[0] if own else _add_own_network(directory, now)


def _add_own_network(directory: Directory, now: datetime) -> Network:
    """A first network of one's own, open to the staff who are there already."""
    network = directory.add_network(OWN_CODE, OWN_TITLE, is_example=False, now=now)
    directory.note(system_principal(network), Action.NETWORK_STARTED, network.title, now=now)
    staff = directory.staff_person()
    if staff is not None:
        _give_staff_access(directory, staff, network, now)
    return network


def network_of_link(store: Store, code: str | None, now: datetime) -> Network:
    """The network whose people and whose data are asked for: as ``own_network``, or the example where that is all."""
    with store.read_directory() as directory:
        networks = directory.networks()
    if code is None and len(networks) == 1:
        return networks[0]
    return own_network(store, code, now)


def system_principal(network: Network) -> Principal:
    """Whoever holds the machine's command line may do everything in the network they name."""
    return Principal(0, "Command line", network, Access.ADMIN, came_from="command line")


def link_again(store: Store, asked: str, network: Network | None, now: datetime) -> StaffLink:
    """A one-time link that gets a member of staff in again: ``asked`` by number, whole name or e-mail, "" for the only
    one there is; of one network, and into it, where it is given.

    Makes a person only in a store without any staff. UserError, with who they are, where it could be several, and
    NotAllowedError where it is nobody.
    """
    with store.write_directory() as directory:
        if directory.staff_person() is None and not asked:
            return _first_staff_link(directory, now, network)
        staff = _staff(directory, [network] if network else directory.networks())
        if asked:
            where = f"the staff of {network.title if network else 'this installation'}"
            return _link(directory, people.meant(staff, asked, where).id, now, network)
        if not staff:
            raise UserError(f"Nobody is staff of {network.title if network else 'any network'} yet. {HOW_TO_INVITE}")
        if len(staff) > 1:
            raise UserError(f"Say whose link it is, by number: {_told(staff)}.")
        return _first_staff_link(directory, now) if network is None else _link(directory, staff[0][0].id, now, network)


def _staff(directory: Directory, networks: Sequence[Network]) -> tuple[tuple[Person, str], ...]:
    """Everybody who is staff of one of these, by number, with their e-mail addresses."""
    rows = [row for network in networks for row in directory.people_here(network.id)]
    found = {
        row.id: (Person(row.id, row.name), row.email) for row in rows if row.access in (Access.STAFF, Access.ADMIN)
    }
    return tuple(found[number] for number in sorted(found))


def _told(staff: Sequence[tuple[Person, str]]) -> str:
    return "; ".join(f"{person.id} {person.name}{f' ({email})' if email else ''}" for person, email in staff)


def _first_staff_link(directory: Directory, now: datetime, network: Network | None = None) -> StaffLink:
    """For the installation's first member of staff, who is made where there is nobody yet.

    It opens what is theirs already, and besides only networks that nobody runs, which would stay shut for good.
    """
    person_id = directory.staff_person()
    if person_id is None:
        person_id = directory.add_person(STAFF_NAME, now)
    for each in directory.networks():
        if not directory.has_staff(each.id):
            _give_staff_access(directory, person_id, each, now)
    return _link(directory, person_id, now, network)


def _link(directory: Directory, person_id: int, now: datetime, network: Network | None) -> StaffLink:
    for theirs in directory.accesses_of(person_id):
        directory.note(system_principal(theirs.network), Action.LINK_MADE, signature(person_id), now=now)
    person = directory.person(person_id)
    token = sign_in.make_link(directory, person_id, now, network=network, spares_invitations=True)
    return StaffLink(token, person.name if person else STAFF_NAME)


def _give_staff_access(directory: Directory, person_id: int, network: Network, now: datetime) -> None:
    directory.grant(person_id, network.id, Access.STAFF, None, ends_sessions=False)
    who, access = signature(person_id), Access.STAFF.value
    directory.note(system_principal(network), Action.ACCESS_CHANGED, who, new=access, now=now)


def _link_where_needed(store: Store, now: datetime) -> StaffLink | None:
    with store.write_directory() as directory:
        return None if directory.has_live_staff_session(now) else _first_staff_link(directory, now)
