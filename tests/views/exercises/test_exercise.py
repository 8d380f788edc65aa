"""Exercises as Python sees them."""

from __future__ import annotations

import base64
import io
import json
import re
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageColor
from traitlets import TraitError

import tam_widgets as tw
from tam_widgets.errors import OptionError, TokenIndexError
from tam_widgets.views.exercises.score import score_of
from tam_widgets.views.exercises.still import still
from tam_widgets.views.stills.picture import GAP, MARGIN, WIDTH
from tam_widgets.views.stills.typeset import ACCENT
from tests.e2e.samples import explanation, film, tiles

FIXTURES = Path(__file__).parents[2] / "fixtures"
CASES = json.loads((FIXTURES / "drawing_score.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def record() -> tw.Explanation:
    return explanation()


@pytest.fixture(scope="module")
def scene() -> tw.Explanation:
    """“There are two birds left of three trees.”"""
    scene = tw.demo.scene(8)
    return tw.demo.explainer("qwen2-vl").explain(scene.image, scene.prompt, progress=False)


def still_of(explanation: tw.Explanation, word: str, kind: Any) -> bytes:
    return still(explanation, tw.exercise(explanation, word, kind).question)


def _picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def _marked(data: bytes) -> int:
    """How many pixels have the colour that marks a token."""
    pixels = np.asarray(_picture(data), np.int16)
    near = np.abs(pixels - np.array(ImageColor.getrgb(ACCENT))).max(axis=-1) < 8
    return int(near.sum())


def _apart(one: Image.Image, other: Image.Image) -> float:
    return float(np.abs(np.asarray(one, np.float32) - np.asarray(other, np.float32)).mean())


@pytest.mark.parametrize("case", CASES)
def test_scores_are_those_computed_by_hand(case: dict[str, Any]) -> None:
    values = np.array(case["map"], np.float32)[case["cells"]]
    assert asdict(score_of(values, case["drawn"])) == pytest.approx(case["score"])


class TestDraw:
    def test_the_score_is_that_of_the_drawn_cells(self, record: tw.Explanation) -> None:
        view = tw.exercise(record, "dog")
        assert view.score is None
        (values,) = record.map(record.find("dog"))
        values = values.ravel()
        best = np.argsort(-values)[:10].tolist()
        view.drawn = best[::-1]
        assert view.drawn == sorted(best)
        assert view.score is not None
        assert view.score.weight == pytest.approx(values[best].sum() / values.sum(), abs=1e-6)
        assert view.score.drawn == 10 / values.size
        area = {*np.flatnonzero(values >= values.max() / 2).tolist()}
        assert view.score.overlap == len(area & {*best}) / len(area | {*best})

    def test_a_word_of_several_tokens_has_one_map(self, record: tw.Explanation) -> None:
        view = tw.exercise(record, "small dog")
        view.drawn = [*range(30)]
        (values,) = record.map(record.find("small dog"))
        assert view.score == score_of(values.ravel(), range(30))

    def test_the_cells_of_tiles_count_and_not_those_of_the_thumbnail(self) -> None:
        view = tw.exercise(tiles(), "dog")
        view.drawn = [*range(32)]
        assert view.score is not None
        assert view.score.drawn == 0.5
        with pytest.raises(TraitError, match=r"drawn has cell 64: .* of 0 to 79"):
            view.drawn = [64]

    def test_there_is_no_right_or_wrong(self, record: tw.Explanation) -> None:
        view = tw.exercise(record)
        view.answered = True
        assert view.correct is None
        with pytest.raises(TraitError, match="no answers to choose"):
            view.choice = 0

    def test_what_the_browser_draws_can_be_observed(self, record: tw.Explanation) -> None:
        view = tw.exercise(record, "dog")
        heard: list[Any] = []
        view.observe(lambda change: heard.append((change["name"], change["new"])), "drawn")
        data = {"method": "update", "state": {"drawn": [3, 2], "answered": True}}
        view._handle_msg({"content": {"data": data}, "buffers": []})
        assert heard == [("drawn", [2, 3])]
        assert view.answered


class TestInference:
    def test_the_solution_is_the_map_with_it(self, scene: tw.Explanation) -> None:
        view = tw.exercise(scene, "trees", "eci")
        assert sorted(view.question.strengths) == [0, 1]
        view.choice = view.question.strengths.index(1)
        assert (view.answered, view.correct) == (True, True)
        view.choice = view.question.strengths.index(0)
        assert view.correct is False
        view.choice = None
        assert (view.answered, view.correct) == (False, None)

    def test_the_order_depends_on_the_seed_and_the_word(self, scene: tw.Explanation) -> None:
        def order(token: str, seed: int) -> tuple[int, ...]:
            return tw.exercise(scene, token, "eci", seed=seed).question.strengths

        assert order("trees", 3) == order("trees", 3)
        assert {order("trees", seed) for seed in range(8)} == {(0, 1), (1, 0)}
        assert any(order("trees", seed) != order("birds", seed) for seed in range(8))

    def test_the_share_of_the_context_is_what_the_inference_removes(
        self, record: tw.Explanation
    ) -> None:
        # one earlier token, whose activation is half of the word's in the first two cells
        activations = np.zeros_like(record.activations)
        activations[5, :4] = [2, 2, 1, 1]
        activations[4, :2] = [1, 1]
        relevance = np.zeros_like(record.relevance)
        relevance[5, 4] = 0.3
        made = replace(record, activations=activations, relevance=relevance)
        context = tw.exercise(made, 5, "eci").question.context
        assert context is not None
        # s = <A, E> / <E, E> = 2, so that 4 of the sum of 6 is removed
        assert context.share == pytest.approx(4 / 6, abs=1e-6)
        assert context.word == "A"

    def test_the_word_that_loses_most_is_asked_for(self, scene: tw.Explanation) -> None:
        chosen = tw.exercise(scene, kind="eci").question
        others = [tw.exercise(scene, word, "eci").question.context for word in ("birds", "trees")]
        assert chosen.context is not None
        assert chosen.context.share >= max(other.share for other in others if other)

    def test_a_word_without_context_is_refused(self, record: tw.Explanation) -> None:
        alone = replace(record, relevance=np.zeros_like(record.relevance))
        with pytest.raises(OptionError, match="no part of 'dog' is context"):
            tw.exercise(alone, "dog", "eci")


class TestWord:
    def test_words_to_choose_from_are_others_with_other_maps(self, scene: tw.Explanation) -> None:
        view = tw.exercise(scene, "trees", "word")
        question = view.question
        texts = ["".join(scene.tokens[i].text for i in word).strip() for word in question.words]
        assert texts[question.solution] == "trees"
        assert {*texts} - {"trees"} <= {"two", "birds"}  # “three” has the same map
        assert len({*texts}) == len(texts) > 1
        view.choice = question.solution
        assert view.correct

    def test_no_more_than_four_words(self, record: tw.Explanation) -> None:
        words = {tw.exercise(record, "dog", "word", seed=seed).question.words for seed in range(5)}
        assert {len(some) for some in words} == {4}
        assert len(words) > 1

    def test_it_does_not_tell_the_word_before(self, record: tw.Explanation) -> None:
        view = tw.exercise(record, "grass", "word")
        assert "grass" not in repr(view)
        view.choice = 0
        assert "grass" in repr(view)

    def test_a_lone_word_is_refused(self) -> None:
        with pytest.raises(OptionError, match="no word beside 'dog'"):
            tw.exercise(explanation((" a", " dog")), "dog", "word")


class TestStill:
    def test_stands_beside_the_live_view(self, record: tw.Explanation) -> None:
        data, _ = tw.exercise(record, "dog")._repr_mimebundle_()
        assert data["image/jpeg"] == base64.b64encode(still_of(record, "dog", "draw")).decode()

    def test_what_is_to_be_drawn_is_not_in_it(self, record: tw.Explanation) -> None:
        other = replace(record, activations=record.activations[:, ::-1].copy())
        assert not np.allclose(other.maps("tam")[5], record.maps("tam")[5])
        assert still_of(other, "dog", "draw") == still_of(record, "dog", "draw")
        assert still_of(other, "dog", "word") != still_of(record, "dog", "word")

    @pytest.mark.parametrize("kind", ["eci", "word"])
    def test_what_is_to_be_chosen_is_not_in_it(self, scene: tw.Explanation, kind: Any) -> None:
        asked = tw.exercise(scene, "trees", kind).question
        other = replace(asked, solution=1 - asked.solution, context=None)
        assert still(scene, other) == still(scene, asked)

    def test_the_word_that_is_to_be_found_is_not_marked(self, scene: tw.Explanation) -> None:
        asked = tw.exercise(scene, "trees", "word").question
        assert _marked(still_of(scene, "trees", "draw")) > 100
        assert _marked(still(scene, asked)) == 0

    def test_both_maps_stand_in_the_order_of_the_question(self, scene: tw.Explanation) -> None:
        asked = tw.exercise(scene, "trees", "eci").question
        turned = replace(asked, strengths=asked.strengths[::-1])
        both, reverse = (_picture(still(scene, one)) for one in (asked, turned))
        assert both.width == reverse.width == 2 * WIDTH + GAP + 2 * MARGIN
        left = (MARGIN, 130, MARGIN + WIDTH, 500)
        right = (MARGIN + WIDTH + GAP, 130, MARGIN + 2 * WIDTH + GAP, 500)
        assert (
            _apart(both.crop(left), reverse.crop(right))
            < 2
            < _apart(both.crop(left), both.crop(right))
        )

    def test_without_it_the_live_view_stands_alone(
        self, record: tw.Explanation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails(*_: Any) -> bytes:
            raise OSError("no font")

        monkeypatch.setattr("tam_widgets.views.exercises.still.still", fails)
        view = tw.exercise(record, "dog")
        with pytest.warns(UserWarning, match="beside the exercise is left out"):
            data, _ = view._repr_mimebundle_()
        assert "image/jpeg" not in data
        assert "application/vnd.jupyter.widget-view+json" in data


def test_what_cannot_be_asked_is_refused_with_the_reason(record: tw.Explanation) -> None:
    with pytest.raises(OptionError, match="give one of draw, eci, word"):
        tw.exercise(record, "dog", "guess")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="'cat' does not occur"):
        tw.exercise(record, "cat")
    with pytest.raises(TokenIndexError):
        tw.exercise(record, 99)
    with pytest.raises(OptionError, match="give an integer"):
        tw.exercise(record, seed=0.5)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="has a video"):
        tw.exercise(film())
    with pytest.raises(OptionError, match="is not an explanation"):
        tw.exercise("dog")  # type: ignore[arg-type]
    empty = replace(record, activations=np.zeros_like(record.activations))
    with pytest.raises(OptionError, match="map of 'dog' is empty"):
        tw.exercise(empty, "dog")


def test_the_file_has_no_answer_yet(record: tw.Explanation, tmp_path: Path) -> None:
    view = tw.exercise(record, "dog")
    view.drawn, view.answered = [1, 2, 3], True
    view.to_html(tmp_path / "dog.html")
    text = (tmp_path / "dog.html").read_text("utf-8")
    data = re.search(r'id="tam-data">(.*?)</script>', text, re.S)
    assert data
    state = json.loads(data[1])["state"]
    assert {*state} == {"_question", "_header"}
    assert state["_question"]["tokens"] == record.find("dog")
    assert not re.search(r'(src|href)="', text.split("<script")[0])
