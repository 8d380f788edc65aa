"""Which words name which category."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tam_widgets.evaluation.words.categories import Mention, find_mentions, word_labels
from tam_widgets.evaluation.words.nouns import plurals, same_noun
from tam_widgets.evaluation.words.parts_of_speech import default_parts_of_speech

CATEGORY = {"cat": 1, "dog": 2, "hot dog": 3, "cell phone": 4, "person": 5, "bus": 6}


@pytest.mark.parametrize(
    ("sentence", "labels"),
    [
        ("a dog", (0, 2)),
        ("a hot dog", (0, 3, 3)),
        ("Two hot Dogs and dogs", (0, 3, 3, 0, 2)),
        ("a hot-dog", (0, 3)),
        ("a hot cat", (0, 0, 1)),
        ("the cellphone", (0, 4)),
        ("people on buses", (5, 0, 6)),
        ("the dog's cat", (0, 2, 1)),
        ("a doghouse", (0, 0)),
        ("hot", (0,)),
    ],
)
def test_longest_exact_category_wins(sentence: str, labels: tuple[int, ...]) -> None:
    words = sentence.split()
    assert word_labels(find_mentions(words, None, CATEGORY), len(words)) == labels


def test_the_exact_spelling_goes_before_a_plural() -> None:
    assert find_mentions(["glasses"], None, {"glass": 1, "glasses": 2}) == [Mention((0,), 2)]


def test_only_nouns_are_matched_where_kinds_are_given() -> None:
    mentions = find_mentions(["duck", "sky"], ["others", "noun"], {"duck": 1})
    assert mentions == [Mention((1,), -1)]


def test_function_words_are_known_by_default() -> None:
    assert default_parts_of_speech(["The", "cat", "sits"], [0, 1, 0]) == [
        "function",
        "noun",
        "others",
    ]


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("cat", "cats"),
        ("box", "boxes"),
        ("bus", "buses"),
        ("berry", "berries"),
        ("toy", "toys"),
        ("potato", "potatoes"),
        ("photo", "photos"),
        ("knife", "knives"),
        ("fireman", "firemen"),
        ("human", "humans"),
        ("sheep", "sheep"),
        ("teddy bear", "teddy bears"),
        ("skis", "ski"),
    ],
)
def test_either_number_is_the_same_noun(one: str, many: str) -> None:
    assert same_noun(one, many)
    assert same_noun(many, one)


@pytest.mark.parametrize(("a", "b"), [("dog", "hot dog"), ("car", "cart"), ("bus", "bush")])
def test_other_nouns_differ(a: str, b: str) -> None:
    assert not same_noun(a, b)


LOWER = st.characters(categories=["Ll"]).filter(lambda letter: letter == letter.casefold())


@given(st.text(LOWER, min_size=1))
def test_plurals_match_back(noun: str) -> None:
    assert all(same_noun(plural, noun) for plural in plurals(noun))


@given(st.lists(st.sampled_from(["hot", "dog", "dogs", "cat", "a", "cell", "phone"])))
def test_mentions_never_overlap(words: list[str]) -> None:
    used = [i for mention in find_mentions(words, None, CATEGORY) for i in mention.words]
    assert used == sorted(set(used))
