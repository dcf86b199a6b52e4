"""Things to test with: full control, and a simple common case by default."""

from dataclasses import replace
from datetime import UTC, date, datetime

from progressions.people import Access, Network, Principal
from progressions.publishing import plan_publishing
from progressions.ratings import RatingKey
from progressions.rubric import Domain, Level, Rubric, RubricVersion
from progressions.store import Repository, Store

NOW = datetime(2026, 3, 5, 10, 32, tzinfo=UTC)
SPRING = date(2026, 3, 5)
AUTUMN = date(2026, 10, 8)
LEVEL_NAMES = ("Exploring", "Trying", "Integrating", "Sustaining", "Spreading", "Leading")


def staff_of(network: Network) -> Principal:
    """Somebody who may do everything in the network."""
    return Principal(1, "Sam", network, Access.STAFF)


def make_rubric(domains: int = 3, levels: int = 4, code: str = "lea", wording: str = "what is seen") -> Rubric:
    """A rubric whose domains are "<code>-1", "<code>-2", …; another ``wording`` rewords every descriptor."""
    steps = tuple(Level(position, LEVEL_NAMES[position - 1]) for position in range(1, levels + 1))
    rows = tuple(
        Domain(
            code=f"{code}-{row}",
            title=f"Domain {row}",
            area="Leading" if row == 1 else "Learning",
            descriptors=tuple(f"{wording} in {row} at {step.position}" for step in steps),
        )
        for row in range(1, domains + 1)
    )
    return Rubric(code, f"Rubric {code}", steps, rows, about="made for a test")


def reworded(rubric: Rubric, *codes: str) -> Rubric:
    """The rubric with another wording for the named domains."""
    domains = tuple(
        replace(d, descriptors=tuple(f"{text}, said anew" for text in d.descriptors)) if d.code in codes else d
        for d in rubric.domains
    )
    return replace(rubric, domains=domains)


def published(repository: Repository, rubric: Rubric, now: datetime = NOW) -> RubricVersion:
    """Publishes a rubric as the service does, inside an open transaction."""
    plan = plan_publishing(rubric, repository.rubric_version(rubric.code))
    return repository.add_version(
        rubric,
        origins=plan.origins,
        wordings=plan.wordings,
        published_by="Ana",
        source_file="rubric.xlsx",
        now=now,
    )


def a_network(store: Store, code: str = "north", title: str = "Network North") -> Network:
    """A network without anything in it."""
    with store.write_directory() as directory:
        return directory.add_network(code, title, is_example=False, now=NOW)


def a_published_rubric(store: Store, network: Network, rubric: Rubric | None = None) -> RubricVersion:
    """A rubric (three domains, four levels by default) as published in the network."""
    with store.write(staff_of(network)) as repository:
        return published(repository, rubric or make_rubric())


def a_furnished_network(store: Store, network: Network) -> RubricVersion:
    """Gives the network a rubric, partnerships "ash" and "birch", and convenings in spring and autumn."""
    version = a_published_rubric(store, network)
    with store.write(staff_of(network)) as repository:
        repository.add_partnership("ash", "Ash County")
        repository.add_partnership("birch", "Birch Valley")
        repository.add_convening(SPRING, "Spring")
        repository.add_convening(AUTUMN, "Autumn")
    return version


def a_key(domain: str = "lea-1", partnership: str = "ash", held_on: date = SPRING, rubric: str = "lea") -> RatingKey:
    """A key in a furnished network."""
    return RatingKey(partnership, held_on, rubric, domain)
