"""Self-assessment: one partnership, one convening, one rubric; and saving what the team says of a domain."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlsplit

from progressions import permissions
from progressions.errors import NotAllowedError, UserError
from progressions.people import Partnership, Principal
from progressions.ratings import Convening, RatingDraft, RatingFact, RatingKey, StoredRating
from progressions.rubric import Domain, RubricVersion
from progressions.store import Repository, Store

LONGEST_TEXT = 4_000  # characters of evidence: two printed pages


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a team has said of one rubric at one convening; ``ratings`` by domain code, absent where nothing was.

    ``last_time`` holds for each domain the rating of the latest earlier convening.
    """

    partnership: Partnership
    convening: Convening
    version: RubricVersion
    ratings: Mapping[str, StoredRating]
    last_time: Mapping[str, RatingFact]
    earlier: Mapping[int, RubricVersion] = field(default_factory=dict)
    """The earlier versions that some of these ratings were agreed on, by number."""

    def rating(self, domain: str) -> StoredRating:
        """What is stored for a domain, or an empty rating with row version 0."""
        key = RatingKey(self.partnership.code, self.convening.held_on, self.version.rubric.code, domain)
        return self.ratings.get(domain) or StoredRating(key, RatingDraft(), self.version.number, row_version=0)

    def words_of(self, domain: str) -> RubricVersion:
        """The version whose words a domain is shown in: those its level was agreed on, even if changed since."""
        stored = self.rating(domain)
        old = self.earlier.get(stored.rubric_version)
        if not stored.is_rated or old is None or old.wordings.get(domain) == self.version.wordings[domain]:
            return self.version
        return old

    @property
    def first_unrated(self) -> Domain | None:
        """Where a team resumes: the first domain without a level; None when all are rated."""
        return next((d for d in self.version.rubric.domains if not self.rating(d.code).is_rated), None)


def assessment(store: Store, principal: Principal, partnership: str, held_on: date, rubric: str) -> Assessment:
    """The assessment to read or to go on with; NotAllowedError where any part does not exist for this person."""
    permissions.check_can_see_partnership(principal, partnership)
    with store.read(principal) as repository:
        found = repository.partnership(partnership)
        convening = repository.convening_on(held_on)
        version = repository.rubric_version(rubric)
        if found is None or convening is None or version is None:
            raise NotAllowedError
        ratings = repository.ratings_of(partnership, held_on)
        facts = repository.facts(rubric=rubric, partnership=partnership)
        mine = {r.key.domain: r for r in ratings if r.key.rubric == rubric}
        numbers = {r.rubric_version for r in mine.values()} - {version.number}
        old = {v.number: v for v in (repository.rubric_version(rubric, n) for n in numbers) if v is not None}
    before = sorted((f for f in facts if f.held_on < held_on), key=lambda fact: fact.held_on)
    return Assessment(found, convening, version, mine, {fact.domain: fact for fact in before}, old)


def rating(store: Store, principal: Principal, key: RatingKey) -> StoredRating | None:
    """One rating as it is stored now; None where nothing has been said."""
    permissions.check_can_see_partnership(principal, key.partnership)
    with store.read(principal) as repository:
        return repository.rating(key)


@dataclass(frozen=True, slots=True)
class Pen:
    """Which open page writes: its opaque token, and the row version that it first showed."""

    token: str
    base: int


def save_rating(
    store: Store,
    principal: Principal,
    key: RatingKey,
    draft: RatingDraft,
    *,
    base: int,
    pen: Pen,
    now: datetime,
    words: int | None = None,
) -> StoredRating:
    """Saves what the team says, if the row is still at version ``base`` (0: there is none yet).

    A new level is agreed on the words of version ``words``, by default the latest: a session keeps the words that it
    was opened with, whatever is published meanwhile.

    Returns the row as read back. Raises ChangedMeanwhileError where somebody saved first, and UserError where the
    level is not one of the rubric's or a text is too long; nothing is written then.
    """
    permissions.check_can_rate(principal, key.partnership)
    _check_texts(draft)
    with store.write(principal) as repository:
        version = _version_for(repository, key, draft, words)
        saved = repository.save_rating(
            key,
            draft,
            base=base,
            version=version,
            by=principal.signature,
            now=now,
            pen=pen.token,
            pen_base=pen.base,
        )
        repository.touch_session(key.partnership, key.held_on)
        return saved


def _version_for(repository: Repository, key: RatingKey, draft: RatingDraft, words: int | None) -> RubricVersion:
    """An unchanged level keeps the words that it was agreed on; a new one is agreed on those that were shown."""
    stored = repository.rating(key)
    keeps_words = stored is not None and stored.draft.level == draft.level
    version = repository.rubric_version(key.rubric, stored.rubric_version if stored and keeps_words else words)
    if version is None or key.domain not in version.wordings:
        raise NotAllowedError
    if draft.level is not None and draft.level not in {level.position for level in version.rubric.levels}:
        raise UserError(f"{draft.level} is not a level of {version.rubric.title}.")
    return version


def _check_texts(draft: RatingDraft) -> None:
    texts = (draft.evidence, draft.convinced, draft.next_step.text, draft.next_step.owner, *draft.links)
    longest = max(map(len, texts))
    if longest > LONGEST_TEXT:
        raise UserError(f"This text has {longest:,} characters; {LONGEST_TEXT:,} can be kept. Shorten it, please.")
    for link in draft.links:
        if not is_link(link):
            raise UserError(f"“{link[:80]}” is not an address. A link begins with https:// or http://.")


def is_link(text: str) -> bool:
    """Whether a text is one address of the web, and nothing else."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and text.split() == [text] and text.isprintable()


def promises(store: Store, principal: Principal, partnership: str, before: date = date.max) -> tuple[StoredRating, ...]:
    """The next steps that a partnership wrote down at its latest convening with any, of those before a day."""
    permissions.check_can_see_partnership(principal, partnership)
    with store.read(principal) as repository:
        for convening in reversed([each for each in repository.convenings() if each.held_on < before]):
            said = repository.ratings_of(partnership, convening.held_on)
            promised = tuple(r for r in said if r.draft.next_step.text)
            if promised:
                return promised
    return ()
