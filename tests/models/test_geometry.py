"""Geometry, tested on pixels: change one cell of a picture and see which visual token reacts."""

from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import tam_widgets as tw
from tam_widgets.media import Medium
from tam_widgets.models import Llava, family_of, register
from tam_widgets.models.llava import seen

from . import tiny

SHAPES = {"square": (168, 168), "wide": (336, 140), "tall": (126, 300)}


def embeddings(explainer: tw.Explainer, picture: Image.Image) -> tuple[np.ndarray, Any]:
    """Embeddings of the visual tokens, and their grid."""
    processor, model = explainer.processor, explainer.model
    inputs = processor(text=[processor.image_token], images=[picture], return_tensors="pt")
    names = ("pixel_values", "image_grid_thw")
    with torch.no_grad():
        features = model.model.get_image_features(**{k: inputs[k] for k in names if k in inputs})
    features = getattr(features, "pooler_output", features)
    (grid,) = explainer.family.grids(inputs, [Medium((picture,))], model.config, processor)
    return torch.cat(list(features)).reshape(grid.size, -1).numpy(), grid


def photo(size: tuple[int, int]) -> Image.Image:
    pixels = np.random.default_rng(1).integers(90, 160, (*size[::-1], 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def painted(picture: Image.Image, rect: tuple[float, ...]) -> Image.Image:
    copy = picture.copy()
    copy.paste((255, 0, 0), tuple(round(edge) for edge in rect))
    return copy


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", tiny.MODELS)
def test_painting_a_cell_moves_its_own_token_most(kind: str, shape: str) -> None:
    explainer = tw.Explainer(*tiny.MODELS[kind]())
    picture = photo(SHAPES[shape])
    before, grid = embeddings(explainer, picture)
    cells = {0, grid.cols - 1, grid.size // 2 + 1, grid.size - grid.cols, grid.size - 1}
    for cell in sorted(cells):
        after, _ = embeddings(explainer, painted(picture, grid.cell(cell)))
        assert np.abs(after - before).sum(axis=1).argmax() == cell


@pytest.mark.parametrize("shape", ["wide", "tall"])
def test_what_llava_does_not_see_moves_no_token(shape: str) -> None:
    explainer = tw.Explainer(*tiny.llava())
    picture = photo(SHAPES[shape])
    before, grid = embeddings(explainer, picture)
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
            after, _ = embeddings(explainer, painted(picture, margin))
            np.testing.assert_allclose(after, before, atol=1e-5)


def test_llava_sees_the_centre_square() -> None:
    images = tiny.llava_processor().image_processor
    assert seen((200, 120), images) == pytest.approx((40, 0, 160, 120), abs=1)
    assert seen((120, 200), images) == pytest.approx((0, 40, 120, 160), abs=1)


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


def test_several_pictures_keep_their_order() -> None:
    for kind, factory in tiny.MODELS.items():
        ex = tw.Explainer(*factory()).explain(
            [photo((60, 200)), photo((200, 60))], "Which?", max_new_tokens=2, progress=False
        )
        assert [grid.image for grid in ex.grids] == [0, 1], kind
        assert [image.width for image in ex.images] == [60, 200]
        assert ex.prompt_text == "Which?"


def test_picture_too_thin_for_the_processor_is_refused() -> None:
    explainer = tw.Explainer(*tiny.qwen2_vl())
    with pytest.raises(tw.errors.ImageError, match="1 x 500"):
        explainer.explain(photo((1, 500)), "What?", progress=False)


def test_a_taken_model_type_is_refused() -> None:
    class Other(Llava):
        pass

    with pytest.raises(tw.errors.UnsupportedModelError, match="already served"):
        register(Other())


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
    ids = np.array([5, token, token, token, 7, token, token, token, 9])
    assert family_of(config).visual_positions(ids, grids, config).tolist() == [2, 3, 6, 7]
