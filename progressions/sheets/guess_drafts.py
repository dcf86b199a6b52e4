"""A mapping in the making: what was found, how sure each thing is, and what is still lacking."""

from collections.abc import Sequence
from dataclasses import dataclass, field

SURE = 0.75
"""From here on a finding goes into the mapping without a question: the heading says it and the cells agree. Below, it
is only proposed: one of the two is missing, or something else would fit as well."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found out of a file. ``key`` and ``value`` are as in a mapping; ``value`` is None for nothing.

    ``how_sure`` runs from 0 to 1, and the sentence gives the reason. ``about`` are the headings or texts of which a
    person has to say something; empty where it is the key as a whole.
    """

    key: str
    value: object
    how_sure: float
    sentence: str
    about: tuple[str, ...] = ()


@dataclass
class Draft:
    """Collects findings; ``content`` is a mapping's JSON content with what is sure."""

    content: dict[str, object] = field(default_factory=dict)
    sure: list[Finding] = field(default_factory=list)
    unsure: list[Finding] = field(default_factory=list)
    lacks: bool = False

    def find(
        self,
        key: str,
        value: object,
        how_sure: float,
        sentence: str,
        *,
        needed: bool = True,
        about: Sequence[str] = (),
    ) -> None:
        """Takes a sure finding into the mapping; an unsure one is a proposal, and lacking where it is needed."""
        finding = Finding(key, value, how_sure, sentence, tuple(about))
        if how_sure >= SURE:
            self.sure.append(finding)
            self.content[key] = value
        else:
            self.unsure.append(finding)
            self.lacks = self.lacks or needed

    def say(self, key: str, sentence: str) -> None:
        """Something that is sure and stands in the mapping without being a choice."""
        self.sure.append(Finding(key, None, 1.0, sentence))

    def lack(
        self, key: str, sentence: str, value: object = None, how_sure: float = 0.0, *, about: Sequence[str] = ()
    ) -> None:
        """Something that the person has to say."""
        self.find(key, value, min(how_sure, SURE - 0.01), sentence, about=about)

    def mention(self, key: str, sentence: str, value: object = None, *, about: Sequence[str] = ()) -> None:
        """Something that the person may want to say, and that nothing waits for."""
        self.find(key, value, 0.5 if value is not None else 0.0, sentence, needed=False, about=about)
