"""The English of a scene: its caption, and questions with their answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tam_widgets.demo.vocabulary import NUMBERS, PLURALS


@dataclass(frozen=True)
class Group:
    """One to three equal objects that a caption names together.

    Attributes:
        noun: Singular noun of the vocabulary.
        colour: Colour word, or None if the object is not painted.
        count: Number of objects, 1 to 3.
    """

    noun: str
    colour: str | None
    count: int

    @property
    def word(self) -> str:
        """The noun as a caption writes it: "cat" or "cats"."""
        return self.noun if self.count == 1 else PLURALS[self.noun]

    @property
    def determiner(self) -> str:
        """The article "a" or "an" for one object, else the number word."""
        if self.count > 1:
            return NUMBERS[self.count - 1]
        return article(self.colour or self.noun)

    @property
    def phrase(self) -> str:
        """Noun phrase such as "a red car" or "two cats"."""
        return " ".join(filter(None, (self.determiner, self.colour, self.word)))

    @property
    def be(self) -> str:
        """The verb: "is" or "are"."""
        return "is" if self.count == 1 else "are"


def article(word: str) -> str:
    """Returns the indefinite article that goes with ``word``."""
    return "an" if word[0] in "aeiou" else "a"


def caption(groups: Sequence[Group], relation: str) -> str:
    """Writes a caption that says what is there, and how the first group relates to the others.

    Args:
        groups: One to three groups in the order of mention.
        relation: "left of" or "above"; left out if there is only one group.

    Returns:
        One sentence, such as "There is a red car left of two cats and a dog."
    """
    first, others = groups[0], groups[1:]
    start = f"There {first.be} {first.phrase}"
    if not others:
        return f"{start}."
    return f"{start} {relation} {' and '.join(group.phrase for group in others)}."


def questions(groups: Sequence[Group], relation: str) -> list[tuple[str, str]]:
    """Lists every question about the groups, with its answer.

    Args:
        groups: One to three groups in the order of mention.
        relation: "left of" or "above": how the first group relates to the others.
    """
    found = [_count(group) for group in groups]
    found += [_colour(group) for group in groups if group.colour]
    found += [_relation(groups[0], other, relation) for other in groups[1:]]
    return found


def _count(group: Group) -> tuple[str, str]:
    number = NUMBERS[group.count - 1]
    return (
        f"How many {PLURALS[group.noun]} are there?",
        f"There {group.be} {number} {group.word}.",
    )


def _colour(group: Group) -> tuple[str, str]:
    return (
        f"What colour {group.be} the {group.word}?",
        f"The {group.word} {group.be} {group.colour}.",
    )


def _relation(first: Group, other: Group, relation: str) -> tuple[str, str]:
    subject = first.phrase[0].upper() + first.phrase[1:]
    return (
        f"What is {relation} the {other.word}?",
        f"{subject} {first.be} {relation} the {other.word}.",
    )
