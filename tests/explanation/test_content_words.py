from tam_widgets.explanation.content_words import content_words
from tests.views.made import explanation


def test_function_words_and_words_without_letters_are_left_out() -> None:
    record = explanation(
        (" The", " dog", "ling", " and", " it", "'s", " 3", " Hund", "e", " 猫", ".")
    )
    assert [word.text for word in content_words(record)] == ["dogling", "Hunde", "猫"]


def test_the_prompt_has_none() -> None:
    assert content_words(explanation((" a",), ("dog", " cat"))) == []
