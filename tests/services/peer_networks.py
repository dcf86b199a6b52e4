"""A network of eleven for tests of peers: who rated what at which convening, in few words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from progressions.people import PeerView, Principal
from progressions.ratings import LevelWrite
from progressions.services import networks
from progressions.store import Store
from tests.factories import AUTUMN, NOW, SPRING, a_key

OTHERS = ["birch", *(f"canary-{number}" for number in range(9))]
"""The peers of Ash: Birch Valley, and nine whose titles begin with Canary."""
ALL = ["ash", *OTHERS]
Levels = Mapping[str, int]


def rated(store: Store, staff: Principal, levels: Levels, held_on: date, domain: str = "lea-1", minute: int = 0) -> int:
    """Levels of one domain at one convening, saved at once as an import does."""
    now = NOW + timedelta(minutes=minute)
    with store.write(staff) as repository:
        batch = repository.add_batch(by="Sam", file_name="f", sha256="0", mapping="{}", counts="{}", now=now)
        stored = repository.stored_levels()
        writes = [
            LevelWrite(key, level, stored.get(key, (None, 0))[1])
            for code, level in levels.items()
            for key in (a_key(domain, code, held_on),)
        ]
        repository.save_levels(writes, batch_id=batch, by="Sam", now=now)
    return batch


def eleven(store: Store, staff: Principal, then: Levels, now: Levels) -> None:
    """Nine more partnerships, and ratings of the first domain in spring and in autumn."""
    for number in range(9):
        networks.add_partnership(store, staff, f"Canary {number}", NOW)
    rated(store, staff, then, SPRING, minute=1)
    rated(store, staff, now, AUTUMN, minute=2)


def levels(values: Sequence[int]) -> dict[str, int]:
    """Of Ash, Birch and the nine, in this order."""
    return dict(zip(ALL, values, strict=True))


def seen_by(principal: Principal, view: PeerView, least: int = 5) -> Principal:
    """The person in a network that has chosen this."""
    return replace(principal, network=replace(principal.network, peer_view=view, least_others=least))
