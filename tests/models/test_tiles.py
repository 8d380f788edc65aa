"""Tiled families: canvases, newline tokens and padding, against transformers' own code."""

import importlib
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import tam_widgets as tw
from tam_widgets.capture.inputs.encoding import encode
from tam_widgets.capture.inputs.media import Video
from tam_widgets.models import lfm2_vl
from tam_widgets.models.anyres import squared, unpadded
from tam_widgets.models.cohere import fitting_canvas
from tam_widgets.models.idefics3 import enlarged, resized
from tam_widgets.models.medium import Medium
from tam_widgets.models.ovis2 import covering_canvas
from tam_widgets.models.tiles import closest_canvas

from . import tiny
from .probe import embeddings, entering, photo, probe_picture
from .tiny import cropped, tiled

SIZES = st.tuples(st.integers(20, 900), st.integers(20, 900))
IDEFICS = [kind for kind in ("Idefics3", "SmolVLM") if kind.lower() in tiny.MODELS]
NEWLINES = ("llava_next", "llava_next_video", "llava_onevision")


def blank(size: tuple[int, int]) -> Image.Image:
    return Image.new("RGB", size, (90, 120, 150))


def newlines(explainer: tw.Explainer, media: list[Any]) -> tuple[torch.Tensor, Any]:
    """What enters the decoder at each placeholder that is no cell, and the encoding."""
    model = explainer.model
    encoded = encode(explainer.family, model, explainer.processor, "What is this?", media)
    everything = np.flatnonzero(
        np.isin(encoded.input_ids, explainer.family.visual_ids(model.config))
    )
    seen: list[torch.Tensor] = []
    handle = model.get_decoder().register_forward_pre_hook(
        lambda _module, _args, inputs: seen.append(entering(inputs)), with_kwargs=True
    )
    with torch.no_grad():
        model(**encoded.inputs)
    handle.remove()
    return seen[0][0, np.setdiff1d(everything, encoded.visual)], encoded


def expect_newlines(explainer: tw.Explainer, media: list[Any], count: int) -> Any:
    found, encoded = newlines(explainer, media)
    newline = explainer.model.model.image_newline
    assert found.shape[0] == count
    torch.testing.assert_close(found, newline.expand_as(found))
    return encoded


@pytest.mark.parametrize("kind", NEWLINES)
@pytest.mark.parametrize("size", [(168, 168), (336, 140), (126, 300), (333, 97), (40, 31)])
def test_what_is_no_cell_of_a_picture_is_the_newline(kind: str, size: tuple[int, int]) -> None:
    explainer = tw.Explainer(*tiny.MODELS[kind]())
    _, encoded = newlines(explainer, [photo(size)])
    expect_newlines(explainer, [photo(size)], encoded.grids[1].rows)


@pytest.mark.parametrize("kind", sorted({"hunyuan_vl", "granite4_vision"} & tiny.MODELS.keys()))
def test_what_is_no_cell_shows_nothing_of_the_picture(kind: str) -> None:
    explainer = tw.Explainer(*tiny.MODELS[kind]())
    pictures = [photo((200, 90)), photo((90, 201))]
    first, encoded = newlines(explainer, pictures)
    second, _ = newlines(explainer, [photo(picture.size, 7) for picture in pictures])
    rows = [grid.rows for grid in encoded.grids if not grid.thumbnail]
    assert len(first) == sum(rows) + (4 if kind == "hunyuan_vl" else 0)  # begin, end
    torch.testing.assert_close(first, second)


def test_several_pictures_of_llava_next_are_all_tiled() -> None:
    explainer = tw.Explainer(*tiled.llava_next())
    encoded = newlines(explainer, [photo((200, 90)), photo((90, 200))])[1]
    first, second = encoded.grids[1], encoded.grids[3]
    assert [grid.thumbnail for grid in encoded.grids] == [True, False, True, False]
    expect_newlines(explainer, [photo((200, 90)), photo((90, 200))], first.rows + second.rows)


def test_several_pictures_of_onevision_are_padded_squares_with_a_newline_each() -> None:
    explainer = tw.Explainer(*tiled.llava_onevision())
    encoded = expect_newlines(explainer, [photo((200, 90)), photo((90, 201))], 2)
    assert [(grid.rows, grid.cols, grid.thumbnail) for grid in encoded.grids] == [(3, 3, False)] * 2
    assert encoded.grids[0].rect == pytest.approx((0, -55, 200, 145), abs=5)
    assert encoded.grids[1].rect == pytest.approx((-55, 0, 146, 201), abs=5)


def test_a_video_of_onevision_ends_with_one_newline() -> None:
    explainer = tw.Explainer(*tiled.llava_onevision())
    frames = [photo((64, 48), seed) for seed in range(3)]
    encoded = expect_newlines(explainer, [Video(frames, fps=2.0)], 1)
    assert [grid.time for grid in encoded.grids] == [(0, 0.5), (0.5, 1.0), (1.0, 1.5)]
    assert [(grid.rows, grid.cols, grid.image) for grid in encoded.grids] == [
        (2, 2, 0),
        (2, 2, 1),
        (2, 2, 2),
    ]


def test_videos_of_onevision_have_a_newline_each_though_no_text_parts_them() -> None:
    explainer = tw.Explainer(*tiled.llava_onevision())
    clips = [[photo((64, 48), seed) for seed in range(3)] for _ in range(2)]
    encoded = expect_newlines(explainer, [Video(frames) for frames in clips], 2)
    assert [grid.image for grid in encoded.grids] == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("turned", [False, True])
def test_onevision_writes_pictures_before_videos_whatever_the_prompts_order(turned: bool) -> None:
    explainer = tw.Explainer(*tiled.llava_onevision())
    media = [photo((150, 60)), Video([photo((64, 48), seed) for seed in range(2)])]
    if turned:
        media.reverse()
    encoded = newlines(explainer, media)[1]
    assert [grid.image for grid in encoded.grids] == [0, 0, 1, 2]
    assert [medium.is_video for medium in encoded.media] == [False, True]
    config = explainer.model.config
    tokens = encoded.input_ids[encoded.visual].tolist()
    assert tokens.index(config.video_token_id) == encoded.grids[0].size + encoded.grids[1].size
    expect_newlines(explainer, media, encoded.grids[1].rows + 1)


@pytest.mark.parametrize("turned", [False, True])
def test_internvl_keeps_pictures_and_videos_in_the_prompts_order(turned: bool) -> None:
    explainer = tw.Explainer(*tiled.internvl())
    media = [photo((84, 84)), Video([photo((64, 48), seed) for seed in range(2)])]
    if turned:
        media.reverse()
    encoded = encode(explainer.family, explainer.model, explainer.processor, "What?", media)
    assert [grid.time is not None for grid in encoded.grids] == (
        [True, True, False] if turned else [False, True, True]
    )
    before, _ = embeddings(explainer, media)
    picture = media.index(next(one for one in media if not isinstance(one, Video)))
    media[picture] = photo((84, 84), 7)
    after, _ = embeddings(explainer, media)
    moved = np.abs(after - before).sum(axis=1) > 1e-6
    assert moved.tolist() == [i // 9 == (2 if turned else 0) for i in range(27)]


@pytest.mark.parametrize("size", [(336, 140), (126, 300), (250, 240)])
@pytest.mark.parametrize("side", ["left", "top", "right", "bottom"])
def test_a_strip_at_a_cells_edge_still_moves_that_cell(size: tuple[int, int], side: str) -> None:
    """Stitched cells are right to a quarter of a cell, padding and all."""
    explainer = tw.Explainer(*tiled.llava_next())
    picture = photo(size)
    before, (whole, grid) = embeddings(explainer, [picture])
    cells = [grid.cols + 1, grid.size // 2, grid.size - grid.cols - 2]
    for cell in cells:
        left, top, right, bottom = grid.cell(cell)
        x, y = (right - left) / 4, (bottom - top) / 4
        strip = {
            "left": (left, top, left + x, bottom),
            "top": (left, top, right, top + y),
            "right": (right - x, top, right, bottom),
            "bottom": (left, bottom - y, right, bottom),
        }[side]
        painted = picture.copy()
        painted.paste((255, 0, 0), tuple(round(edge) for edge in strip))
        after, _ = embeddings(explainer, [painted])
        change = np.abs(after - before).sum(axis=1)[whole.size :]
        assert change.argmax() == cell


def test_a_canvas_that_a_picture_fills_is_not_cut() -> None:
    assert unpadded((200, 100), (672, 336), 336, 14) == ((24, 48), (0.0, 0.0, 200.0, 100.0))


def test_padding_is_cut_to_whole_cells() -> None:
    (rows, cols), rect = unpadded((300, 100), (672, 336), 336, 14)
    assert (rows, cols) == (16, 48)
    assert rect == pytest.approx((0, 0, 300, 100), abs=0.5)
    (rows, cols), rect = unpadded((310, 100), (672, 336), 336, 14)
    assert (rows, cols) == (16, 48)
    assert rect == pytest.approx((0, -1.38, 310, 101.95), abs=0.5)


def test_a_feature_may_cover_a_broken_number_of_pixels() -> None:
    """Granite's "3/8" of 24 patches of 16 pixels a side."""
    shape, rect = unpadded((300, 100), (768, 384), 384, 16 / Fraction("3/8"))
    assert shape == (7, 18)
    assert rect == pytest.approx((0, -25 / 3, 300, 325 / 3))


def test_got_cuts_a_picture_where_that_is_switched_on() -> None:
    explainer = tw.Explainer(*tiny.MODELS["got_ocr2"]())
    images = explainer.processor.image_processor
    images.crop_to_patches = True
    try:
        grids = encode(
            explainer.family, explainer.model, explainer.processor, "OCR:", [photo((200, 100))]
        ).grids
        probed = probe_picture(explainer, (200, 100))
    finally:
        images.crop_to_patches = False
    assert [grid.rect for grid in grids] == [(0, 0, 100, 100), (100, 0, 200, 100), (0, 0, 200, 100)]
    assert [grid.thumbnail for grid in grids] == [False, False, True]
    assert [one for one in probed if not one.hit] == []


@pytest.mark.parametrize("size", [(3000, 10), (10, 3000)])
@pytest.mark.parametrize(
    "kind", sorted({"llava_next_video", "granite4_vision"} & tiny.MODELS.keys())
)
def test_a_picture_too_thin_for_a_row_of_features_is_refused_with_its_size(
    kind: str, size: tuple[int, int]
) -> None:
    explainer = tw.Explainer(*tiny.MODELS[kind]())
    with pytest.raises(tw.errors.ImageError, match=f"{size[0]} x {size[1]} pixels: so narrow"):
        embeddings(explainer, [photo(size)])


def test_the_end_of_a_tile_that_no_patch_covers_is_not_seen() -> None:
    _, rect = unpadded((384, 384), (384, 384), 384, 14)
    assert rect == (0, 0, 378, 378)
    assert squared((100, 301)) == (-100, 0, 201, 301)


def module(name: str) -> Any:
    """The file of an image processor, the one without torchvision where there are two."""
    folder = f"transformers.models.{name}.image_processing"
    try:
        return importlib.import_module(f"{folder}_pil_{name}")
    except ImportError:
        return importlib.import_module(f"{folder}_{name}")


@settings(max_examples=200, deadline=None)
@given(size=SIZES, most=st.integers(1, 12))
def test_internvl_canvases_are_those_of_its_processor(size: tuple[int, int], most: int) -> None:
    theirs = module("got_ocr2").get_optimal_tiled_canvas(size[::-1], (84, 84), 1, most)
    assert closest_canvas(size, (84, 84), 1, most) == theirs[::-1]


@settings(max_examples=100, deadline=None)
@given(size=SIZES, most=st.integers(1, 12))
def test_cohere_canvases_are_those_of_its_processor(size: tuple[int, int], most: int) -> None:
    theirs = module("cohere2_vision").get_optimal_tiled_canvas(size[::-1], (84, 84), 1, most)
    assert fitting_canvas(size, 84, most) == theirs[::-1]


@settings(max_examples=50, deadline=None)
@given(size=SIZES, most=st.integers(1, 9))
def test_ovis_canvases_are_those_of_its_processor(size: tuple[int, int], most: int) -> None:
    theirs = module("ovis2").get_min_tile_covering_grid(size[::-1], 84, most)
    assert covering_canvas(size, 84, most) == theirs[::-1]


@settings(max_examples=40, deadline=None)
@given(size=st.tuples(st.integers(100, 700), st.integers(100, 700)))
def test_lfm2_tiles_are_those_of_its_processor(size: tuple[int, int]) -> None:
    images = cropped.lfm2_vl_processor().image_processor
    made = images([blank(size)], return_row_col_info=True)
    assert lfm2_vl.tiles(size, images) == (int(made["image_rows"][0]), int(made["image_cols"][0]))


@settings(max_examples=25, deadline=None)
@given(size=SIZES)
@pytest.mark.parametrize("backend", ["", "Pil"])
@pytest.mark.parametrize("kind", IDEFICS)
def test_idefics_tiles_are_those_of_its_processor(
    kind: str, backend: str, size: tuple[int, int]
) -> None:
    processor = tiled.idefics3_processor(kind)
    own = processor.image_processor
    images = getattr(transformers, f"{kind}ImageProcessor{backend}", type(own))
    same = images(size=own.size, max_image_size=own.max_image_size)
    made = same([blank(size)], return_row_col_info=True)
    theirs = made["rows"][0][0], made["cols"][0][0]
    family = tw.models.family_of(tiled.MODELS[kind.lower()]()[0].config)
    mine = family.tiles({}, Medium((blank(size),)), processor)
    assert mine == (theirs if theirs != (0, 0) else (1, 1))


def test_a_picture_too_large_for_idefics_is_bounded_first() -> None:
    assert resized((9000, 3000), 5 * 1000) == (4096, 1364)
    assert enlarged((4096, 1364), 364) == (4, 12)


def test_idefics_without_splitting_has_one_grid() -> None:
    model, processor = tiled.idefics3()
    processor.image_processor.do_image_splitting = False
    try:
        encoded = encode(
            tw.models.family_of(model.config), model, processor, "What?", [photo((200, 90))]
        )
    finally:
        processor.image_processor.do_image_splitting = True
    assert [(grid.rect, grid.thumbnail) for grid in encoded.grids] == [((0, 0, 200, 90), False)]


@pytest.mark.parametrize(
    "kind", ["internvl", *map(str.lower, IDEFICS), "aya_vision", "ovis2", "lfm2_vl"]
)
def test_tiles_join_to_the_whole_picture(kind: str) -> None:
    model, processor = tiny.MODELS[kind]()
    family = tw.models.family_of(model.config)
    grids = encode(family, model, processor, "What?", [photo((300, 170))]).grids
    (whole,) = (grid for grid in grids if grid.thumbnail)
    tiles = [grid for grid in grids if not grid.thumbnail]
    assert grids.index(whole) == (0 if kind == "ovis2" else len(tiles))
    assert whole.rect == (0, 0, 300, 170)
    assert len(tiles) > 1
    area = sum((r - x) * (b - y) for x, y, r, b in (tile.rect for tile in tiles))
    assert area == pytest.approx(300 * 170)
    assert max(tile.rect[2] for tile in tiles) == pytest.approx(300)
    assert max(tile.rect[3] for tile in tiles) == pytest.approx(170)


def test_a_small_picture_of_lfm2_has_one_grid_of_its_proportions() -> None:
    model, processor = cropped.lfm2_vl()
    family = tw.models.family_of(model.config)
    (grid,) = encode(family, model, processor, "What?", [photo((110, 50))]).grids
    assert (grid.rows, grid.cols, grid.rect, grid.thumbnail) == (2, 4, (0, 0, 110, 50), False)


def test_a_picture_too_thin_for_lfm2_is_refused_with_its_size() -> None:
    model, processor = cropped.lfm2_vl()
    with pytest.raises(tw.errors.ImageError, match="20 x 519"):
        encode(tw.models.family_of(model.config), model, processor, "What?", [photo((20, 519))])


def test_a_placeholder_that_is_no_token_is_found() -> None:
    """Aya's processor replaces `<image>` before tokenising; the tokenizer knows no such token."""
    explainer = tw.Explainer(*cropped.aya_vision())
    unknown = explainer.processor.tokenizer.convert_tokens_to_ids("<image>")
    assert unknown == explainer.processor.tokenizer.unk_token_id
    content = [
        {"type": "image"},
        {"type": "image"},
        {"type": "text", "text": "Describe this <b>image</b>."},
    ]
    messages = [{"role": "user", "content": content}]
    encoded = encode(
        explainer.family,
        explainer.model,
        explainer.processor,
        messages,
        [photo((90, 60)), photo((60, 90))],
    )
    assert "".join(encoded.prompt_tokens.texts) == "Describe this <b>image</b>."


def test_smolvlm_takes_no_videos_beside_pictures() -> None:
    pytest.importorskip("num2words")
    model, processor = tiled.idefics3("SmolVLM")
    media = [photo((60, 60)), Video([photo((60, 60))] * 2)]
    with pytest.raises(tw.errors.TamError, match="pictures or videos"):
        encode(tw.models.family_of(model.config), model, processor, "What?", media)
