"""The shipped models: they load as any checkpoint does, and see what is there."""

import json

import numpy as np
import pytest
import torch
import transformers

from tam_widgets import Explainer, demo
from tam_widgets.demo.training.evaluate import LanguageFigures, parse
from tam_widgets.demo.training.trainable_models import TRAINABLE_MODELS
from tam_widgets.demo.vocabulary import INNER_WORDS
from tam_widgets.evaluation.measures.explanations import score_explanation
from tam_widgets.evaluation.measures.metrics import aggregate

MEGABYTE = 1_000_000
CLASSES = {
    "qwen2-vl": transformers.Qwen2VLForConditionalGeneration,
    "llava": transformers.LlavaForConditionalGeneration,
}
WIDE = ("qwen2-vl", (280, 168))


@pytest.fixture(scope="module", params=demo.MODELS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def explainer(name: str) -> Explainer:
    return demo.explainer(name)


def test_an_unknown_name_is_refused_with_the_names() -> None:
    with pytest.raises(ValueError, match="qwen2-vl, llava"):
        demo.model_path("blip")


def test_a_model_directory_is_small(name: str) -> None:
    files = demo.model_path(name).iterdir()
    assert sum(file.stat().st_size for file in files) < 8 * MEGABYTE


def test_plain_from_pretrained_loads_float32(name: str) -> None:
    model = CLASSES[name].from_pretrained(demo.model_path(name))
    assert model.dtype == torch.float32
    assert model.generation_config.do_sample is False


def test_the_saved_tokenizer_is_the_trained_one(name: str) -> None:
    saved = transformers.AutoTokenizer.from_pretrained(demo.model_path(name))
    trained = TRAINABLE_MODELS[name]().tokenizer
    assert saved.get_vocab() == trained.get_vocab()
    assert saved.chat_template == trained.chat_template
    text = "".join(f" {word}" for word in INNER_WORDS)
    ids = saved(text, add_special_tokens=False).input_ids
    assert len(ids) == len(INNER_WORDS)
    assert ids == trained(text, add_special_tokens=False).input_ids


@pytest.mark.parametrize(("name", "size"), [*((n, (224, 224)) for n in demo.MODELS), WIDE])
def test_the_processor_makes_what_training_showed(name: str, size: tuple[int, int]) -> None:
    scene = demo.scene(4, size)
    folder = demo.model_path(name)
    saved = transformers.AutoImageProcessor.from_pretrained(folder, backend="pil")
    made = saved(images=[scene.image], return_tensors="pt")
    trained = TRAINABLE_MODELS[name]().pixel_inputs(torch.from_numpy(np.array(scene.image))[None])
    for key, value in trained.items():
        assert torch.allclose(made[key].float(), value.float(), atol=1e-5), key


def test_captions_name_the_objects(explainer: Explainer) -> None:
    figures = LanguageFigures()
    for seed in range(12):
        scene = demo.scene(seed)
        said = explainer.explain(scene.image, scene.prompt, progress=False)
        figures.add_caption(scene, said.text.strip())
    assert figures.precision.share >= 0.85
    assert figures.recall.share >= 0.85


def test_nouns_are_active_on_their_objects(explainer: Explainer) -> None:
    """Without ECI, which takes from a noun what its adjective explains too."""
    inside = []
    for seed in range(8):
        scene = demo.scene(seed)
        caption = explainer.explain(scene.image, scene.prompt, progress=False)
        grid = caption.grids[0]
        shares = scene.labels.reshape(grid.rows, 14, grid.cols, 14)
        for k, group in enumerate(scene.groups):
            cover = (shares == k + 1).mean(axis=(1, 3)).ravel()
            for token, activation in zip(caption.tokens, caption.activations, strict=True):
                if token.kind == "answer" and token.text.strip() == group.word:
                    inside.append(cover[activation.argmax()] > 0)
    assert len(inside) >= 8
    assert np.mean(inside) >= 0.9


def test_maps_cover_the_objects(explainer: Explainer) -> None:
    scores = []
    for seed in range(30):
        scene = demo.scene(seed)
        caption = explainer.explain(scene.image, scene.prompt, progress=False)
        category = {group.noun: k + 1 for k, group in enumerate(scene.groups)}
        scores.append(score_explanation(caption, scene.labels, category))
    assert aggregate(scores).obj_iou >= 0.5


def test_captions_are_read_back() -> None:
    for seed in range(30):
        scene = demo.scene(seed)
        assert tuple(parse(scene.caption).values()) == scene.groups


def test_figures_count_what_is_wrong() -> None:
    scene = demo.scene(7)
    assert scene.caption == "There is a laptop above three red cups."
    figures = LanguageFigures()
    figures.add_caption(scene, "There is a laptop left of two red cups and a dog.")
    found = figures.as_dict()
    assert found["precision"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["recall"] == 1
    assert found["colour"] == 1
    assert found["count"] == 0.5
    assert found["relation"] == 0
    assert found["caption"] == 0


def test_figures_in_the_log_are_of_200_scenes_and_meet_the_aim(name: str) -> None:
    logs = demo.model_path(name).parents[1] / "training" / "logs"
    figures = json.loads((logs / f"{name}.json").read_text())
    assert figures["scenes"] == 200
    assert figures["precision"] >= 0.95
    assert figures["recall"] >= 0.95
    assert figures["maps"]["tam"]["obj_iou"] >= 0.5
