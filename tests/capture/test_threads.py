"""Several threads on one model: each call gives what it gives alone."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import tam_widgets as tw

PROMPT = "Describe this image."
CALLS = 6


@pytest.mark.parametrize("name", tw.demo.MODELS)
def test_threads_on_one_model_do_not_meet(name: str) -> None:
    one = tw.demo.explainer(name)
    other = tw.Explainer(one.model, one.processor)
    scenes = [tw.demo.scene(number).image for number in range(CALLS)]
    alone = [one.explain(scene, PROMPT, progress=False) for scene in scenes]

    def together(number: int) -> tw.Explanation:
        explainer, scene = (one, other)[number % 2], scenes[number % CALLS]
        if number % 3:
            return explainer.explain(scene, PROMPT, progress=False)
        (explained,) = explainer.explain_many([(scene, PROMPT)], progress=False)
        return explained

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(together, range(2 * CALLS)))
    for number, explanation in enumerate(found):
        expected = alone[number % CALLS]
        assert explanation.tokens == expected.tokens
        np.testing.assert_array_equal(explanation.activations, expected.activations)
        np.testing.assert_array_equal(explanation.relevance, expected.relevance)


def test_why_not_and_a_conversation_in_threads() -> None:
    explainer = tw.demo.explainer("qwen2-vl")
    scene = tw.demo.scene(0).image
    explained = explainer.explain(scene, PROMPT, progress=False)
    token = explained.prompt_length + 1
    words = ["cat", "dog", "tree", "car"]
    chat = explainer.chat(progress=False)
    chat.ask(PROMPT, scene)

    def work(word: str) -> tw.Explanation:
        chat.ask(PROMPT)
        return explainer.why_not(explained, token, word)

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(work, words))
    for word, explanation in zip(words, found, strict=True):
        explanation.alternative(token, word)
    assert len(chat.explanations) == 5
    assert [len(one.turns) for one in chat.explanations] == [2, 4, 6, 8, 10]
