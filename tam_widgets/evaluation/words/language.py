"""Parts of speech and lemmas of English words.

`Library` works offline with what pip installs. `PublishedLanguage` is what the paper's evaluation
used; it needs NLTK's data. A report says which of them it was made with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.metadata import version
from typing import Any, Protocol

from tam_widgets.errors import MissingExtraError
from tam_widgets.evaluation.words.parts_of_speech import PartOfSpeech

FUNCTION_TAGS = frozenset(
    ("CC", "DT", "EX", "MD", "POS", "PRP", "PRP$", "UH", "WDT", "WP", "WP$", "WRB")
)
"""Penn Treebank tags of function words; as published, prepositions and numbers are not among
them."""
NOUN_TAGS = frozenset(("NN", "NNS", "NNP", "NNPS"))

NLTK_TAGGER = "taggers/averaged_perceptron_tagger_eng"
WORDNET = "corpora/wordnet"


class Language(Protocol):
    """Tells parts of speech and lemmas of English words."""

    @property
    def name(self) -> str:
        """What reports call it: the libraries with their versions."""

    def parts_of_speech(self, words: Sequence[str]) -> list[PartOfSpeech]:
        """One for each word of an answer, in order."""

    def lemma(self, word: str) -> str:
        """The noun's dictionary form."""


class Library:
    """TextBlob's tagger on whole sentences, and simplemma's lemmas; both include their data."""

    def __init__(self) -> None:
        self._tag: Callable[..., list[tuple[str, str]]] = _imported("textblob.en").tag
        self._lemmatize = lru_cache(maxsize=10_000)(_imported("simplemma").lemmatize)
        self.name = f"TextBlob {version('textblob')} and simplemma {version('simplemma')}"

    def __reduce__(self) -> tuple[type[Library], tuple[()]]:
        return Library, ()  # its cache cannot be pickled, and need not be

    def parts_of_speech(self, words: Sequence[str]) -> list[PartOfSpeech]:
        """Tags the words in each other's context."""
        tagged = self._tag(" ".join(words), tokenize=False)
        if len(tagged) != len(words):
            tagged = [self._tag(word, tokenize=False)[0] for word in words]
        return [part_of_speech(tag) for _, tag in tagged]

    def lemma(self, word: str) -> str:
        """Looks the lower-case word up."""
        return str(self._lemmatize(word.casefold(), "en")).casefold()


class PublishedLanguage:
    """NLTK's perceptron tagger, one word at a time, and WordNet's lemmas: the paper's protocol.

    Raises:
        MissingExtraError: NLTK or its data is not installed.
    """

    def __init__(self) -> None:
        nltk = _imported("nltk")
        if not nltk_has(NLTK_TAGGER, WORDNET):
            raise MissingExtraError(
                "NLTK's tagger and WordNet are not installed: run python -m nltk.downloader "
                "averaged_perceptron_tagger_eng wordnet, or use another language"
            )
        self._tag = nltk.pos_tag
        self._lemmatize = nltk.stem.WordNetLemmatizer().lemmatize
        self.name = f"NLTK {version('nltk')} with its perceptron tagger and WordNet, as published"

    def __reduce__(self) -> tuple[type[PublishedLanguage], tuple[()]]:
        return PublishedLanguage, ()  # each process reads NLTK's data itself

    def parts_of_speech(self, words: Sequence[str]) -> list[PartOfSpeech]:
        """Tags each word by itself."""
        return [part_of_speech(self._tag([word])[0][1]) for word in words]

    def lemma(self, word: str) -> str:
        """As the published matching does: lower case, no hyphens."""
        return str(self._lemmatize(word.lower().replace("-", "")))


def published_or_library() -> Language:
    """The paper's own protocol if its data is installed, else `Library`."""
    try:
        return PublishedLanguage()
    except MissingExtraError:
        return Library()


def part_of_speech(tag: str) -> PartOfSpeech:
    """The part of speech of a Penn Treebank tag, as the published evaluation groups them."""
    if tag in NOUN_TAGS or tag.startswith("NNP-"):  # TextBlob writes NNP-PERS
        return "noun"
    return "function" if tag in FUNCTION_TAGS else "others"


def nltk_has(*resources: str) -> bool:
    """Whether all of these are installed in NLTK's data."""
    find = _imported("nltk").data.find
    return all(_found(find, resource) for resource in resources)


def _found(find: Callable[[str], Any], resource: str) -> bool:
    for name in (resource, f"{resource}.zip"):
        try:
            find(name)
        except LookupError:
            continue
        return True
    return False


def _imported(module: str) -> Any:
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtraError(
            f"{module.split('.')[0]} is not installed, and the evaluation needs it: install the "
            'extra "eval" with pip install "tam-widgets[eval]"'
        ) from error
