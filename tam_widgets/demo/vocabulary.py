"""The words of the demo scenes, captions and questions."""

from __future__ import annotations

from typing import Final

#: Noun to plural, in the order of the sprites' table in NOTICE.
PLURALS: Final[dict[str, str]] = {
    "apple": "apples",
    "ball": "balls",
    "balloon": "balloons",
    "banana": "bananas",
    "bird": "birds",
    "boat": "boats",
    "book": "books",
    "bus": "buses",
    "cake": "cakes",
    "car": "cars",
    "cat": "cats",
    "chair": "chairs",
    "clock": "clocks",
    "cup": "cups",
    "dog": "dogs",
    "flower": "flowers",
    "guitar": "guitars",
    "hat": "hats",
    "horse": "horses",
    "house": "houses",
    "laptop": "laptops",
    "pizza": "pizzas",
    "tree": "trees",
    "umbrella": "umbrellas",
}

#: The nouns that scenes show, singular.
NOUNS: Final[tuple[str, ...]] = tuple(PLURALS)

#: Nouns whose sprites are painted; the others keep their own colours and get no colour word.
PAINTED: Final[frozenset[str]] = frozenset(
    {"balloon", "book", "car", "chair", "cup", "guitar", "hat", "umbrella"}
)

#: Colour word to sRGB, 0 to 255.
COLOURS: Final[dict[str, tuple[int, int, int]]] = {
    "red": (224, 36, 40),
    "blue": (36, 92, 232),
    "green": (40, 166, 66),
    "yellow": (250, 204, 20),
}

NUMBERS: Final[tuple[str, ...]] = ("one", "two", "three")

RELATIONS: Final[tuple[str, ...]] = ("left of", "above")

#: The words of captions that name nothing to be seen.
FUNCTION_WORDS: Final[tuple[str, ...]] = (
    "there",
    "is",
    "are",
    "a",
    "an",
    "the",
    "of",
    "and",
    "this",
    "what",
    "how",
    "many",
)

#: Words that follow a space.
INNER_WORDS: Final[tuple[str, ...]] = (
    *NOUNS,
    *PLURALS.values(),
    *COLOURS,
    *NUMBERS,
    *("is", "are", "a", "an", "the", "of", "and", "there", "this", "left", "above", "many"),
    *("colour", "color", "image", "picture", "in", "you", "do", "see"),
    *("There", "The", "A", "An", "Two", "Three", "What", "How", "Describe"),
)

#: Words that begin a sentence, directly after a line break or a special token.
OPENING_WORDS: Final[tuple[str, ...]] = (
    *("There", "The", "A", "An", "Two", "Three"),
    *("Describe", "What", "How"),
)

CAPTION_PROMPT: Final = "Describe this image."

#: Other prompts for the caption, used in training.
CAPTION_PROMPTS: Final[tuple[str, ...]] = (
    CAPTION_PROMPT,
    "Describe the picture.",
    "What do you see?",
    "What is in this image?",
)


def lemma(word: str) -> str:
    """Returns the singular of a noun of the vocabulary, any other word in lower case as it is."""
    lowered = word.lower()
    return _SINGULARS.get(lowered, lowered)


_SINGULARS: Final[dict[str, str]] = {plural: noun for noun, plural in PLURALS.items()}
