"""Parts of speech and lemmas, offline, and the published protocol if its data is installed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tam_widgets.errors import MissingExtraError
from tam_widgets.evaluation.words import language
from tam_widgets.evaluation.words.categories import find_mentions, word_labels
from tam_widgets.evaluation.words.language import (
    Library,
    PublishedLanguage,
    part_of_speech,
    published_or_library,
)


@pytest.fixture(scope="module")
def english() -> Library:
    return Library()


def test_kinds_are_told_in_context(english: Library) -> None:
    sentence = ["The", "man", "can", "hold", "two", "mice", "and", "a", "can", "of", "paint"]
    parts_of_speech = dict(zip(enumerate(sentence), english.parts_of_speech(sentence), strict=True))
    assert (
        parts_of_speech[0, "The"]
        == parts_of_speech[2, "can"]
        == parts_of_speech[6, "and"]
        == "function"
    )
    assert (
        parts_of_speech[1, "man"]
        == parts_of_speech[5, "mice"]
        == parts_of_speech[10, "paint"]
        == "noun"
    )
    assert (
        parts_of_speech[4, "two"]
        == parts_of_speech[9, "of"]
        == parts_of_speech[3, "hold"]
        == "others"
    )


def test_one_kind_a_word_whatever_the_words_hold(english: Library) -> None:
    words = ["dog's", "hot-dog", "3.5", "50/50", "naïve", "犬", "A"]
    assert len(english.parts_of_speech(words)) == len(words)


@pytest.mark.parametrize(
    ("word", "lemma"), [("Mice", "mouse"), ("buses", "bus"), ("Axes", "axe"), ("tennis", "tennis")]
)
def test_lemmas(english: Library, word: str, lemma: str) -> None:
    assert english.lemma(word) == lemma


def test_lemmas_match_what_rules_for_plurals_do_not(english: Library) -> None:
    category = {"axis": 3, "hot dog": 4, "dog": 5}
    words = ["axes", "dogs", "hot", "dogs"]
    assert word_labels(find_mentions(words, None, category), 4) == (0, 5, 4, 4)
    known = find_mentions(words, None, category, lambda word: {"axes": "axis"}.get(word, word))
    assert known[0].label == 3


def test_it_names_its_libraries(english: Library) -> None:
    assert "TextBlob" in english.name
    assert "simplemma" in english.name


@pytest.mark.parametrize(
    ("tag", "kind"),
    [("NNS", "noun"), ("NNP-PERS", "noun"), ("PRP$", "function"), ("IN", "others")],
)
def test_tags_are_grouped_as_published(tag: str, kind: str) -> None:
    assert part_of_speech(tag) == kind


def with_nltk(monkeypatch: pytest.MonkeyPatch, *, data: bool) -> None:
    def find(resource: str) -> str:
        if not data:
            raise LookupError(resource)
        return resource

    tags = {"dogs": "NNS", "the": "DT"}
    nltk = SimpleNamespace(
        data=SimpleNamespace(find=find),
        pos_tag=lambda words: [(word, tags.get(word, "IN")) for word in words],
        stem=SimpleNamespace(
            WordNetLemmatizer=lambda: SimpleNamespace(lemmatize=lambda w: w.removesuffix("s"))
        ),
    )
    imported = language._imported
    monkeypatch.setattr(language, "_imported", lambda m: nltk if m == "nltk" else imported(m))


def test_the_published_language_tags_word_by_word(monkeypatch: pytest.MonkeyPatch) -> None:
    with_nltk(monkeypatch, data=True)
    published = published_or_library()
    assert isinstance(published, PublishedLanguage)
    assert published.parts_of_speech(["the", "dogs", "on"]) == ["function", "noun", "others"]
    assert published.lemma("Hot-Dogs") == "hotdog"
    assert "as published" in published.name


def test_without_its_data_the_published_language_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_nltk(monkeypatch, data=False)
    with pytest.raises(MissingExtraError, match=r"nltk\.downloader"):
        PublishedLanguage()
    assert isinstance(published_or_library(), Library)
