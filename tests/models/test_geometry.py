"""What single families see of a picture; `test_families` probes the geometry of all."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import tam_widgets as tw
from tam_widgets.models import Family, Llava, family_of, register, registry
from tam_widgets.models.llava import visible_rect
from tam_widgets.models.video_llava import VideoLlava

from . import tiny
from .probe import SHAPES, embeddings, photo, probe_picture


def painted(picture: Image.Image, rect: tuple[float, ...]) -> Image.Image:
    copy = picture.copy()
    copy.paste((255, 0, 0), tuple(round(edge) for edge in rect))
    return copy


@pytest.mark.parametrize("shape", ["wide", "tall"])
def test_what_llava_does_not_see_moves_no_token(shape: str) -> None:
    explainer = tw.Explainer(*tiny.llava())
    picture = photo(SHAPES[shape])
    before, (grid,) = embeddings(explainer, [picture])
    left, top, right, bottom = grid.rect
    width, height = picture.size
    blur = 4  # bicubic resizing reads a few pixels beyond the crop
    for margin in (
        (0, 0, left - blur, height),
        (right + blur, 0, width, height),
        (0, 0, width, top - blur),
        (0, bottom + blur, width, height),
    ):
        if margin[2] > margin[0] and margin[3] > margin[1]:
            after, _ = embeddings(explainer, [painted(picture, margin)])
            np.testing.assert_allclose(after, before, atol=1e-5)


def test_llava_sees_the_centre_square() -> None:
    images = tiny.llava_processor().image_processor
    assert visible_rect((200, 120), images) == pytest.approx((40, 0, 160, 120), abs=1)
    assert visible_rect((120, 200), images) == pytest.approx((0, 40, 120, 160), abs=1)


def test_qwen_sees_the_whole_picture() -> None:
    model, processor = tiny.qwen2_vl()
    ex = tw.Explainer(model, processor).explain(
        photo((301, 97)), "What?", max_new_tokens=2, progress=False
    )
    (grid,) = ex.grids
    assert grid.rect == (0, 0, 301, 97)
    assert grid.cols > grid.rows


def test_exif_rotation_reaches_the_grid(tmp_path: Any) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    photo((300, 100)).save(tmp_path / "turned.jpg", exif=exif)
    ex = tw.Explainer(*tiny.qwen2_vl()).explain(
        tmp_path / "turned.jpg", "What?", max_new_tokens=2, progress=False
    )
    assert (ex.images[0].width, ex.images[0].height) == (100, 300)
    assert ex.grids[0].rows > ex.grids[0].cols


def test_the_probe_finds_wrong_geometry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it would prove nothing."""
    explainer = tw.Explainer(*tiny.llava())
    whole = [tw.Grid(6, 6, (0, 0, *SHAPES["wide"]))]
    monkeypatch.setattr(explainer.family, "image_grids", lambda *_args: whole)
    assert not all(one.hit for one in probe_picture(explainer, SHAPES["wide"]))


@pytest.mark.parametrize("larger", [False, True])
def test_llama4_canvases_are_the_processors_own(larger: bool) -> None:
    explainer = tw.Explainer(*tiny.MODELS["llama4"]())
    images = explainer.processor.image_processor
    images.resize_to_max_canvas = larger
    sides = (20, 90, 112, 113, 150, 224, 300, 500)
    try:
        for size in [(width, height) for width in sides for height in sides]:
            made = images([photo(size)], return_tensors="pt")
            tiles = [grid for grid in embeddings(explainer, [photo(size)])[1] if not grid.thumbnail]
            rows, cols = (int(count) for count in made["aspect_ratios"][0])
            assert (len(tiles), tiles[cols - 1].rect[1]) == (rows * cols, 0), size
    finally:
        images.resize_to_max_canvas = False


def test_paligemma_answers_one_prompt() -> None:
    chat = tw.Explainer(*tiny.MODELS["paligemma"]()).chat(max_new_tokens=2, progress=False)
    chat.ask("What?", photo((100, 100)), answer="A cat.")
    with pytest.raises(tw.errors.PromptError, match="one prompt"):
        chat.ask("And now?")


def test_glm_takes_no_pictures_beside_a_video() -> None:
    explainer = tw.Explainer(*tiny.VIDEO_MODELS["glm4v"]())
    frames = [photo((100, 100), seed) for seed in range(2)]
    with pytest.raises(tw.errors.ProcessorError, match="not both"):
        explainer.explain(frames[0], "What?", video=frames, progress=False)


@pytest.mark.parametrize(("size", "crops"), [((900, 300), 3), ((300, 600), 2), ((300, 310), 0)])
def test_gemma3_pans_over_long_pictures(size: tuple[int, int], crops: int) -> None:
    explainer = tw.Explainer(*tiny.MODELS["gemma3"]())
    images = explainer.processor.image_processor
    images.do_pan_and_scan = True
    try:
        probed = probe_picture(explainer, size)
        grids = embeddings(explainer, [photo(size)])[1]
    finally:
        images.do_pan_and_scan = None
    assert [grid.thumbnail for grid in grids] == [bool(crops)] + [False] * crops
    assert [one for one in probed if not one.hit] == []


def test_picture_too_thin_for_the_processor_is_refused() -> None:
    explainer = tw.Explainer(*tiny.qwen2_vl())
    with pytest.raises(tw.errors.ImageError, match="1 x 500"):
        explainer.explain(photo((1, 500)), "What?", progress=False)


def test_a_taken_model_type_is_refused() -> None:
    class Other(Llava):
        pass

    with pytest.raises(tw.errors.UnsupportedModelError, match="already served"):
        register(Other())


def family(**parts: Any) -> Any:
    """A family for a model type that nobody has."""
    known = {"name": "odd", "model_types": ("odd",), "image_grids": Llava.image_grids}
    return type("Odd", (Family,), {**known, **parts})()


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        (Llava, r"register\(MyFamily\(\)\)"),
        (family(model_types="odd"), "a tuple of model types"),
        (family(name=None), "needs a `name`"),
        (family(image_grids=Family.image_grids), "which pixels"),
    ],
)
def test_a_family_that_lacks_a_part_is_refused(odd: Any, said: str) -> None:
    with pytest.raises(tw.errors.UnsupportedModelError, match=said):
        register(odd)


@pytest.mark.parametrize(
    ("grids", "said"),
    [
        (tw.Grid(6, 6, (0, 0, 9, 9)), "a list of grids"),
        ([], "a list of grids"),
        (["grid"], "a list of grids"),
        (
            [tw.Grid(torch.tensor(6), 6, (0, 0, 9, 9), image=1)],
            r"odd.image_grids .* rows=.* Tensor",
        ),
        ([tw.Grid(6, 6.0, (0, 0, 9, 9), image=1)], r"cols=6\.0, a float: give an int"),
        ([tw.Grid(6, 6, (0, 0, torch.tensor(9), 9), image=1)], "a Tensor, in its rect"),
        ([tw.Grid(6, 6, (0, 0, 9, 9), image=1, frames=2)], "2 frames from image 1 on"),
        ([tw.Grid(6, 6, (0, 0, 9, 9), image=0)], "image 0, but this one is 1"),
        ([tw.Grid(5, 6, (0, 0, 9, 9), image=1)], "72 visual tokens, but the odd layout has 66"),
    ],
)
def test_grids_that_cannot_be_are_refused(
    grids: Any, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    explainer = tw.Explainer(*tiny.llava())
    right = explainer.family.image_grids

    def image_grids(*given: Any) -> Any:
        medium = given[3]
        return grids if medium.first == 1 else right(*given[1:])

    monkeypatch.setattr(explainer, "family", family(image_grids=image_grids))
    with pytest.raises(tw.errors.ProcessorError, match=said):
        explainer.explain([photo((84, 84))] * 2, "Which?", progress=False)


def test_an_error_within_a_family_names_it_and_its_function(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    explainer = tw.Explainer(*tiny.llava())
    absent = family(image_grids=lambda _self, inputs, *_: inputs["image_grid"])
    monkeypatch.setattr(explainer, "family", absent)
    with pytest.raises(tw.errors.ProcessorError, match=r"odd\.image_grids raised KeyError: "):
        explainer.explain(photo((84, 84)), "Which?", progress=False)


@pytest.mark.parametrize(
    ("norm", "said"),
    [
        (
            lambda model: model.get_decoder().absent,
            r"odd\.final_norm raised AttributeError: .*absent",
        ),
        (lambda model: model.get_decoder().norm.forward, r"odd\.final_norm returned .*forward"),
        (lambda _model: torch.nn.LayerNorm(4), "did not run.*`Family.final_norm`"),
        (lambda model: model.get_decoder(), r"a BaseModelOutputWithPast, .*`Family.final_norm`"),
        (lambda model: model.lm_head, r"for \d+ positions.*`Family.final_norm`"),
        (
            lambda model: model.get_decoder().layers[-1].mlp.gate_proj,
            "wide as the hidden states.*`final_norm`",
        ),
        (lambda model: model.get_decoder().layers[-1], "override `Family.final_norm`"),
    ],
)
def test_a_final_norm_that_is_not_it_says_what_to_mend(
    norm: Any, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, processor = tiny.llava()
    odd = family(final_norm=lambda _self, given: norm(given))
    monkeypatch.setitem(registry._FAMILIES, "llava", odd)
    options = {"max_new_tokens": 4, "suppress_tokens": [model.config.image_token_id]}
    with pytest.raises(tw.errors.TamError, match=said):
        tw.Explainer(model, processor).explain(photo((84, 84)), "What?", progress=False, **options)


def test_a_layer_s_norm_is_not_taken_for_the_last_with_a_given_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model, processor = tiny.llava()
    odd = family(final_norm=lambda _self, given: given.get_decoder().layers[-1].input_layernorm)
    monkeypatch.setitem(registry._FAMILIES, "llava", odd)
    with pytest.raises(tw.errors.UnsupportedModelError, match=r"other states than .* head reads"):
        tw.Explainer(model, processor).explain(photo((84, 84)), "What?", answer="A cat.")


def test_a_misspelt_model_type_is_hinted_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry._FAMILIES, "kimi-k25", family(model_types=("kimi-k25",)))
    with pytest.raises(tw.errors.UnsupportedModelError, match=r"serves 'kimi-k25'.* model_types"):
        family_of(SimpleNamespace(model_type="kimi_k25"))
    with pytest.raises(tw.errors.UnsupportedModelError) as caught:
        family_of(SimpleNamespace(model_type="mistral4"))
    assert "A family serves" not in str(caught.value)


def test_grids_of_a_video_need_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    explainer = tw.Explainer(*tiny.VIDEO_MODELS["qwen2_vl"]())
    right = explainer.family.video_grids
    monkeypatch.setattr(
        explainer.family,
        "video_grids",
        lambda *given: [replace(g, time=None) for g in right(*given)],
    )
    with pytest.raises(tw.errors.ProcessorError, match=r"qwen2_vl\.video_grids .* without a time"):
        explainer.explain(video=[photo((84, 84))] * 2, prompt="What?", progress=False)


def test_a_family_may_be_registered_again_as_a_notebook_cell_is_run_again() -> None:
    again = Llava()
    register(again)
    assert family_of(tiny.llava()[0].config) is again


def test_full_feature_strategy_leaves_the_class_token_out() -> None:
    model, _ = tiny.llava()
    config = model.config
    config.vision_feature_select_strategy = "full"
    grids = (tw.Grid(1, 2, (0, 0, 2, 1)), tw.Grid(1, 2, (0, 0, 2, 1), image=1))
    token = config.image_token_id
    ids = torch.tensor([[5, token, token, token, 7, token, token, token, 9]])
    positions = family_of(config).visual_positions({"input_ids": ids}, grids, config)
    assert positions.tolist() == [2, 3, 6, 7]


def test_video_llava_keeps_the_class_token_of_frames_and_with_the_full_strategy_of_pictures() -> (
    None
):
    picture = tw.Grid(1, 2, (0, 0, 2, 1))
    frame = tw.Grid(1, 2, (0, 0, 2, 1), image=1, time=(0, 1))
    for strategy, first in (("default", []), ("full", [False])):
        config = SimpleNamespace(vision_feature_select_strategy=strategy)
        cells = VideoLlava().cells([picture, frame], config).tolist()
        assert cells == [*first, True, True, False, True, True]


def test_a_processor_of_video_llava_that_is_too_old_says_so() -> None:
    class Old:
        def __call__(self) -> None:
            raise AssertionError("called")

    with pytest.raises(tw.errors.ProcessorError, match="Old of the installed transformers"):
        VideoLlava().process(Old(), "", [])


@pytest.mark.parametrize("kind", ["qwen2_vl", "llava", "paddleocr_vl", "got_ocr2"])
def test_a_processor_without_videos_says_what_to_do(kind: str) -> None:
    explainer = tw.Explainer(*tiny.MODELS[kind]())
    with pytest.raises(tw.errors.TamError, match="frames as a list of images"):
        explainer.explain(video=[photo((60, 60))] * 2, prompt="What?", progress=False)
