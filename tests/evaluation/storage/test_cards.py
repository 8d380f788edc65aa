"""Cards: what the gallery shows of a sample, kept beside its record."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

import tam_widgets as tw
from tam_widgets.capture.inputs.images import store_image
from tam_widgets.evaluation import ABLATION
from tam_widgets.evaluation.datasets import DemoScenes
from tam_widgets.evaluation.storage.cards import SIDE, Card, read_card, thumbnail
from tam_widgets.evaluation.storage.report_folder import open_folder
from tam_widgets.explanation.geometry import Grid
from tam_widgets.explanation.types import StoredImage
from tests.evaluation.made import HEIGHT, WIDTH, MadeExplainer, dataset


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tw.Report:
    folder = tmp_path_factory.mktemp("cards") / "r"
    explainer = tw.demo.explainer("llava")
    return tw.evaluate(explainer, DemoScenes(3), ABLATION, folder=folder, progress=False)


def test_the_maps_are_those_of_the_explanation(report: tw.Report) -> None:
    folder = open_folder(report.folder)
    words = report.words.query("part_of_speech == 'noun'")
    assert len(words) > 0
    for word in words.itertuples():
        card = folder.card(word.model, word.number)
        assert card is not None
        kept = report.explanation(word.model, word.number)
        method = report.settings["methods"][word.method]
        (expected,) = kept.map(word.tokens, method["method"], **method["settings"])
        shown = card.maps[word.method][card.rows.index(word.word)]
        assert np.array_equal(shown, (255 * expected).astype(np.uint8))


def test_the_picture_is_the_samples(report: tw.Report) -> None:
    card = open_folder(report.folder).card("llava", 1)
    assert card is not None
    small = Image.open(io.BytesIO(card.picture))
    assert small.format == "JPEG"
    scene = Image.fromarray(np.asarray(tw.demo.scene(1).image))
    difference = np.abs(np.asarray(small, float) - np.asarray(scene.resize(small.size), float))
    assert difference.mean() < 6


def test_the_rectangle_is_in_shares_of_the_picture(tmp_path: Path) -> None:
    padded = MadeExplainer(grid=Grid(4, 8, (-WIDTH, 0, WIDTH, HEIGHT / 2)))
    tw.evaluate(padded, dataset()[:1], folder=tmp_path / "r", progress=False)
    card = open_folder(tmp_path / "r").card("made", 0)
    assert card is not None
    assert card.rect == (-1, 0, 1, 0.5)


def test_a_sample_without_nouns_has_a_picture_and_one_without_answer_no_card(
    tmp_path: Path,
) -> None:
    samples = [dataset()[3], dataset()[3]]
    samples[1] = type(samples[1])(**vars(samples[1]) | {"id": "gone", "image": "gone"})
    tw.evaluate(MadeExplainer(), samples, folder=tmp_path / "r", progress=False)
    folder = open_folder(tmp_path / "r")
    card = folder.card("made", 0)
    assert card is not None
    assert card.picture
    assert card.rows == ()
    assert folder.card("made", 1) is None


def test_an_answer_is_as_good_as_none_where_the_card_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "card.safetensors"
    card = Card(b"picture", (0, 0, 1, 1), (1,), {"tam": np.zeros((1, 2, 2), np.uint8)})
    for content in (b"", b"{}", card.to_bytes()[:-3], tw.demo.scene(0).image.tobytes()[:99]):
        path.write_bytes(content)
        assert read_card(path) is None


@pytest.mark.parametrize("ring", [[-1, 0, 5, 5], [0, 1001, 5, 5], ["0"], [0] * 10_001])
def test_outlines_beyond_the_picture_make_no_card(tmp_path: Path, ring: list[int]) -> None:
    path = tmp_path / "card.safetensors"
    maps = {"tam": np.zeros((1, 2, 2), np.uint8)}
    for outline, kept in (([0, 0, 9, 9, 0, 9], True), (ring, False)):
        path.write_bytes(Card(b"", (0, 0, 1, 1), (1,), maps, {"cat": [outline]}).to_bytes())
        assert (read_card(path) is not None) == kept


def test_a_card_of_an_older_report_has_no_outlines(tmp_path: Path) -> None:
    path = tmp_path / "card.safetensors"
    content = Card(b"", (0, 0, 1, 1), (1,), {"tam": np.zeros((1, 2, 2), np.uint8)}).to_bytes()
    size = int.from_bytes(content[:8], "little")
    older = content[8 : 8 + size].replace(b', \\"outlines\\": {}', b"")
    path.write_bytes(len(older).to_bytes(8, "little") + older + content[8 + size :])
    card = read_card(path)
    assert card is not None
    assert card.outlines == {}


@given(
    maps=arrays(np.uint8, (2, 3, 2, 4)),
    picture=st.binary(max_size=40),
    edges=st.tuples(*[st.floats(-2, 2)] * 4),
)
@settings(deadline=None)
def test_a_card_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory,
    maps: np.ndarray,
    picture: bytes,
    edges: tuple[float, float, float, float],
) -> None:
    outlines = {"hot dog": [[0, 0, 1000, 0, 500, 1000], [1, 2, 3, 4, 5, 6]]}
    card = Card(picture, edges, (0, 4, 7), {"tam": maps[0], "a/b é": maps[1]}, outlines)
    path = tmp_path_factory.mktemp("card") / "card"
    path.write_bytes(card.to_bytes())
    again = read_card(path)
    assert again is not None
    assert (again.picture, again.rect, again.rows) == (picture, edges, (0, 4, 7))
    assert list(again.maps) == ["tam", "a/b é"]
    assert again.outlines == outlines
    assert all(np.array_equal(again.maps[name], maps) for name, maps in card.maps.items())
    assert again.to_bytes() == card.to_bytes()


@pytest.mark.parametrize("size", [(3000, 40), (40, 3000), (640, 480), (20, 10)])
def test_a_thumbnail_keeps_the_aspect(size: tuple[int, int]) -> None:
    small = Image.open(io.BytesIO(thumbnail(store_image(Image.new("RGB", size, "teal")))))
    scale = min(1, SIDE / max(size))
    assert small.size == tuple(max(1, round(side * scale)) for side in size)
    assert small.getpixel((0, 0)) == pytest.approx((0, 128, 128), abs=3)


def test_a_picture_that_cannot_be_drawn_is_left_out() -> None:
    assert thumbnail(StoredImage(b"no picture", "image/png", 8, 8)) == b""
