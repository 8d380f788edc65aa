"""The files of figures, and what a notebook shows."""

from __future__ import annotations

import builtins
import io
import re
import sys
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from tam_widgets.errors import MissingExtraError, OptionError, OutputError
from tam_widgets.explanation.explanation import Explanation
from tam_widgets.explanation.geometry import Grid
from tam_widgets.views.small_multiples.cell import MOST_PICTURES
from tests.views.made import explanation, stored_image

HARD = ("$x_1$", " <b>&amp;</b>", " 猫", " 🙂", " مرحبا", " \\frac{", "\x07", "\ud800")


@pytest.fixture
def hard() -> Explanation:
    return explanation(HARD, ("What's $5 <i>it</i>?",))


def svg_texts(path: Path) -> list[str]:
    tree = ElementTree.parse(path)
    return ["".join(one.itertext()) for one in tree.iter("{http://www.w3.org/2000/svg}text")]


def test_a_png_has_the_dots_and_the_width(tmp_path: Path) -> None:
    path = tmp_path / "figure.png"
    explanation().figure().save(path, dpi=200, width=3.3)
    with Image.open(path) as picture:
        assert picture.width == 660
        assert picture.info["dpi"] == pytest.approx((200, 200), abs=0.1)


@pytest.mark.parametrize("dpi", [50, 100, 150])
def test_no_line_is_cut_off_at_the_right(tmp_path: Path, dpi: int) -> None:
    path = tmp_path / "figure.png"
    explanation((" dogs", " and", *[" illustrious"] * 40)).figure("dogs").save(path, dpi, 3.3)
    with Image.open(path) as picture:
        assert np.asarray(picture.convert("L"))[:, -1].min() > 200


def test_a_png_shows_the_map(tmp_path: Path) -> None:
    path = tmp_path / "figure.png"
    explanation().figure("dogling", opacity=0).save(path)
    without = np.asarray(Image.open(path))
    explanation().figure("dogling", opacity=1).save(path)
    assert (np.asarray(Image.open(path)) != without).any()


def test_texts_of_an_svg_are_texts(tmp_path: Path, hard: Explanation) -> None:
    path = tmp_path / "figure.svg"
    figure = hard.figure([1, 2, 3, 4, 5, 6])
    figure.save(path)
    texts = svg_texts(path)
    assert [text for text in texts if text in {word.strip() for word in HARD}] == [
        word.strip() for word in HARD[:6]
    ]
    assert " ".join(texts).endswith(figure.caption)


def test_texts_of_a_pdf_are_texts(tmp_path: Path, hard: Explanation) -> None:
    path = tmp_path / "figure.PDF"
    figure = hard.figure([1, 2])
    figure.save(path, width=3.3)
    content = path.read_bytes()
    assert content.startswith(b"%PDF")
    assert b"/ToUnicode" in content  # without it nothing can be searched
    assert b"/Type3" not in content
    width = re.search(rb"/MediaBox \[ ?0 0 ([\d.]+)", content)
    assert width is not None
    assert float(width[1]) == pytest.approx(3.3 * 72, abs=0.1)


def test_a_column_has_fewer_pictures_in_a_row(tmp_path: Path) -> None:
    figure = explanation((" red", " dogs", " run", " far", " away")).figure()
    sizes = []
    for width in (3.3, 7):
        figure.save(tmp_path / "figure.png", dpi=50, width=width)
        with Image.open(tmp_path / "figure.png") as picture:
            sizes.append(picture.size)
    assert sizes[0][1] > sizes[0][0] / 2
    assert sizes[1][1] < sizes[1][0] / 2


@pytest.mark.parametrize("ending", ["pdf", "svg", "png"])
def test_of_several_pictures_and_videos(tmp_path: Path, ending: str) -> None:
    frames = [replace(stored_image(), video=0, time=0.5 * number) for number in range(3)]
    images = (stored_image(), stored_image(8, 16), *frames)
    grids = tuple(Grid(2, 2, (0, 0, 8, 8), image=number) for number in range(5))
    record = explanation(grids=grids, images=images)
    maps = np.zeros((len(record.tokens), record.visual_length), np.float32)
    maps[:, 16] = 1  # the first cell of the last frame
    figure = record.with_maps("mine", maps).figure("dogling", "mine")
    (cell,) = figure._sheet.bands[0].cells
    captions = [view.caption for view in cell.views]
    assert captions == ["image 1", "image 2", "video 1, 1.0 s"]
    figure.save(tmp_path / f"figure.{ending}")
    if ending == "svg":
        assert "video 1, 1.0 s" in svg_texts(tmp_path / "figure.svg")


def test_of_many_pictures_the_strongest() -> None:
    count = MOST_PICTURES + 1
    grids = tuple(Grid(1, 2, (0, 0, 12, 8), image=number) for number in range(count))
    record = explanation(grids=grids, images=tuple(stored_image() for _ in range(count)))
    maps = np.zeros((len(record.tokens), record.visual_length), np.float32)
    maps[:, 5] = 1
    (cell,) = record.with_maps("mine", maps).figure("dogling", "mine")._sheet.bands[0].cells
    assert [view.caption for view in cell.views] == ["image 3"]


def test_tiles_are_one_map() -> None:
    grids = (Grid(2, 1, (0, 0, 6, 8)), Grid(2, 1, (6, 0, 12, 8)))
    (cell,) = explanation(grids=grids).figure("dogling")._sheet.bands[0].cells
    (part,) = cell.views[0].still.parts
    assert part.values.shape == (2, 2)


def test_a_notebook_shows_it_with_its_texts_as_they_are(
    hard: Explanation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plotly.io import renderers

    monkeypatch.setattr(renderers, "default", "plotly_mimetype")
    figure = hard.figure([1, 2, 3])
    written = [one.text for one in figure.plotly.layout.annotations]
    assert not any("<" in text or "$" in text for text in written)  # it would read both
    assert {"$x_1$", "<b>&amp;</b>", "猫"} <= {unescape(text) for text in written}
    assert len(figure.plotly.layout.images) == 4
    assert "application/vnd.plotly.v1+json" in figure._repr_mimebundle_()
    assert "Plotly.newPlot" in figure._repr_html_()


@pytest.mark.parametrize("path", ["figure", "figure.jpg", "figure.png.gz"])
def test_other_endings_are_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(OptionError, match=r"ends in \.pdf, \.svg, \.png"):
        explanation().figure().save(tmp_path / path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("given", [{"dpi": 0}, {"dpi": True}, {"width": 50}, {"width": "7"}])
def test_numbers_out_of_range_are_refused(tmp_path: Path, given: dict[str, Any]) -> None:
    with pytest.raises(OptionError, match="give a number from"):
        explanation().figure().save(tmp_path / "figure.png", **given)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        explanation().figure().save(tmp_path / "nowhere" / "figure.png")


@pytest.fixture
def without_plots(monkeypatch: pytest.MonkeyPatch) -> None:
    imported = builtins.__import__

    def refusing(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.partition(".")[0] in ("matplotlib", "plotly"):
            raise ModuleNotFoundError(name, name=name)
        return imported(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refusing)


def test_what_is_missing_is_named(
    tmp_path: Path, without_plots: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "tam_widgets.views.small_multiples.screen", raising=False)
    with pytest.raises(MissingExtraError, match=r"a figure needs plotly.*pip install"):
        print(explanation().figure().plotly)
    with pytest.raises(MissingExtraError, match=r"needs matplotlib.*pip install"):
        explanation().figure().save(tmp_path / "figure.pdf")
    assert list(tmp_path.iterdir()) == []


def test_one_s_own_settings_of_matplotlib_do_not_matter(tmp_path: Path) -> None:
    import matplotlib

    with matplotlib.rc_context({"text.usetex": True, "savefig.bbox": "tight", "figure.dpi": 33}):
        explanation().figure().save(tmp_path / "figure.png", dpi=100, width=4)
    with Image.open(io.BytesIO((tmp_path / "figure.png").read_bytes())) as picture:
        assert picture.width == 400
