import pytest

from progressions.errors import ChangedMeanwhileError, NotAllowedError
from progressions.people import Access, Network, Person, Principal
from progressions.record import Action
from progressions.store import Store
from tests.factories import NOW, SPRING, a_furnished_network, a_network, make_rubric, published, staff_of
from tests.plain_sql import PlainSql


def test_a_new_database_is_empty_until_it_has_a_network(store: Store) -> None:
    with store.read_directory() as directory:
        assert directory.networks() == ()
        assert directory.staff_person() is None
    network = a_network(store)
    with store.read_directory() as directory:
        assert directory.networks() == (network,)


def test_networks_are_found_by_code_and_sorted_by_title(store: Store) -> None:
    with store.write_directory() as directory:
        zebra = directory.add_network("z", "zebra", is_example=False, now=NOW)
        example = directory.add_network("e", "Example", is_example=True, now=NOW)
        with pytest.raises(ChangedMeanwhileError, match="“z” already"):
            directory.add_network("z", "Another", is_example=False, now=NOW)
    with store.read_directory() as directory:
        assert directory.networks() == (example, zebra)
        assert directory.network("e") == example
        assert directory.network("e") == Network(example.id, "e", "Example", is_example=True)
        assert directory.network("none") is None


def test_a_person_has_one_access_in_each_network(store: Store, network: Network) -> None:
    south = a_network(store, "south", "Network South")
    a_furnished_network(store, network)
    with store.write_directory() as directory:
        ana = directory.add_person("Ana", NOW)
        directory.grant(ana, south.id, Access.STAFF, None)
        directory.grant(ana, network.id, Access.MEMBER, "ash")
        directory.grant(ana, network.id, Access.FACILITATOR, "birch")
    with store.read_directory() as directory:
        assert directory.person(ana) == Person(ana, "Ana")
        assert directory.person(ana + 1) is None
        assert directory.accesses_of(ana) == (
            Principal(ana, "Ana", network, Access.FACILITATOR, "birch"),
            Principal(ana, "Ana", south, Access.STAFF, ""),
        )
        assert directory.accesses_of(ana + 1) == ()
        assert directory.staff_person() == ana


def test_people_here_are_those_with_access_and_an_admin_is_everywhere(store: Store, network: Network) -> None:
    south = a_network(store, "south", "Network South")
    a_furnished_network(store, network)
    with store.write_directory() as directory:
        for name, place, access, own in (
            ("ben", network, Access.MEMBER, "ash"),
            ("Ana", network, Access.STAFF, None),
            ("Cy", south, Access.ADMIN, None),
        ):
            directory.grant(directory.add_person(name, NOW), place.id, access, own)
        west = directory.add_network("west", "Network West", is_example=False, now=NOW)
    with store.read_directory() as directory:
        here = directory.people_here(network.id)
        assert [(row.name, row.access.value, row.partnership_title) for row in here] == [
            ("Ana", "staff", ""),
            ("ben", "member", "Ash County"),
            ("Cy", "admin", ""),
        ]
        assert [row.name for row in directory.people_here(south.id)] == ["Cy"]
        assert [row.name for row in directory.people_here(west.id)] == ["Cy"]


def test_an_admin_who_is_lowered_or_revoked_in_one_network_is_none_anywhere(store: Store, network: Network) -> None:
    south = a_network(store, "south", "Network South")
    with store.write_directory() as directory:
        ada, abe = directory.add_person("Ada", NOW), directory.add_person("Abe", NOW)
        for admin in (ada, abe):
            directory.grant(admin, network.id, Access.ADMIN, None)
        directory.grant(ada, network.id, Access.STAFF, None)
        directory.revoke(abe, south.id)
        assert directory.accesses_of(ada) == (Principal(ada, "Ada", network, Access.STAFF),)
        assert directory.accesses_of(abe) == ()


def test_a_list_knows_the_code_the_waiting_link_and_the_last_sign_of_each(store: Store, network: Network) -> None:
    later = NOW.replace(year=2027)
    with store.write_directory() as directory:
        ana, ben, cy = (directory.add_person(name, NOW) for name in ("Ana", "Ben", "Cy"))
        for person in (ana, ben, cy):
            directory.grant(person, network.id, Access.STAFF, None)
        directory.set_code(ana, "AAAA", "hash", NOW)
        directory.add_link("ana", ana, later)
        directory.add_link("ben", ben, later)
        directory.use_link("ben", NOW)
        directory.add_session("session", ben, network.id, NOW, later)
        directory.note(Principal(cy, "Cy", network, Access.STAFF), Action.SIGNED_IN, "by code", now=NOW)
        found = {row.name: (row.selector, row.link_until, row.last_seen) for row in directory.people_here(network.id)}
    assert found == {"Ana": ("AAAA", later, None), "Ben": ("", None, NOW), "Cy": ("", None, NOW)}


def test_an_address_belongs_to_one_person(store: Store) -> None:
    with store.write_directory() as directory:
        directory.add_person("Ana", NOW, "ana@ash.example")
        directory.add_person("Ben", NOW)
        directory.add_person("Cy", NOW)
        with pytest.raises(ChangedMeanwhileError, match="cannot be used for another invitation here"):
            directory.add_person("Dee", NOW, "ana@ash.example")


def test_wider_access_withdraws_the_codes_that_were_made_for_less(
    store: Store, network: Network, sql: PlainSql
) -> None:
    south = a_network(store, "south", "Network South")
    with store.write_directory() as directory:
        ana, ben = directory.add_person("Ana", NOW), directory.add_person("Ben", NOW)
        for person, selector in ((ana, "AAAA"), (ben, "BBBB")):
            directory.grant(person, network.id, Access.STAFF, None)
            directory.set_code(person, selector, "hash", NOW)
        directory.grant(ana, south.id, Access.STAFF, None)
        directory.grant(ben, network.id, Access.STAFF, None)
    assert sql.rows("SELECT selector FROM person_codes") == [("BBBB",)]


def test_a_name_that_is_removed_leaves_the_row_and_nothing_else(store: Store, network: Network, sql: PlainSql) -> None:
    with store.write_directory() as directory:
        ana = directory.add_person("Ana", NOW, "ana@ash.example")
        directory.grant(ana, network.id, Access.STAFF, None)
        directory.set_code(ana, "AAAA", "hash", NOW)
        directory.add_link("ana", ana, NOW.replace(year=2027))
        directory.add_session("session", ana, network.id, NOW, NOW.replace(year=2027))
        directory.remove_name(ana, NOW)
    assert sql.rows("SELECT name, email FROM people") == [(f"Former member {ana}", None)]
    for table in ("accesses", "sign_in_sessions", "sign_in_links", "person_codes", "identities"):
        assert sql.value(f"SELECT count(*) FROM {table}") == 0, table


def test_access_to_a_partnership_of_another_network_is_refused(store: Store, network: Network) -> None:
    south = a_network(store, "south", "Network South")
    a_furnished_network(store, network)
    with store.write_directory() as directory:
        assert directory.has_partnership(network.id, "ash")
        assert not directory.has_partnership(south.id, "ash")
        ana = directory.add_person("Ana", NOW)
        with pytest.raises(NotAllowedError):
            directory.grant(ana, south.id, Access.MEMBER, "ash")
        assert directory.accesses_of(ana) == ()


@pytest.mark.parametrize(("access", "own"), [("member", "NULL"), ("staff", "1"), ("owner", "NULL")])
def test_the_database_refuses_an_access_that_makes_no_sense(
    store: Store, network: Network, sql: PlainSql, access: str, own: str
) -> None:
    a_furnished_network(store, network)
    with store.write_directory() as directory:
        ana = directory.add_person("Ana", NOW)
    with pytest.raises(Exception, match=r"(?i)check constraint"):
        sql.run(
            "INSERT INTO accesses (person_id, network_id, access, partnership_id) "
            f"VALUES ({ana}, {network.id}, '{access}', {own})"
        )


def test_access_that_is_taken_away_ends_the_sessions_there(store: Store, network: Network) -> None:
    with store.write_directory() as directory:
        ana = directory.add_person("Ana", NOW)
        directory.grant(ana, network.id, Access.STAFF, None)
        directory.add_session("hash", ana, network.id, NOW, NOW.replace(year=2030))
        directory.revoke(ana, network.id)
        assert directory.accesses_of(ana) == ()
        assert directory.session("hash", NOW) is None


def test_a_network_and_its_data_come_in_one_transaction_or_not_at_all(store: Store, sql: PlainSql) -> None:
    with pytest.raises(ChangedMeanwhileError):
        _add_a_network_and_break_off(store)
    tables = ("networks", "rubric_versions", "convenings")
    assert [sql.value(f"SELECT count(*) FROM {table}") for table in tables] == [0, 0, 0]


def _add_a_network_and_break_off(store: Store) -> None:
    with store.write_directory() as directory:
        network = directory.add_network("example", "Example", is_example=True, now=NOW)
        repository = directory.repository(staff_of(network))
        published(repository, make_rubric())
        repository.add_convening(SPRING, "Spring")
        repository.add_convening(SPRING, "Spring again")
