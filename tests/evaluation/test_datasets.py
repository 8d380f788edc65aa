"""Data sets: the authors' folders, COCO's format, demo scenes, a folder of one's own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tam_widgets import demo
from tam_widgets.capture.inputs.images import load_image
from tam_widgets.errors import DatasetError
from tam_widgets.evaluation.datasets import (
    DemoScenes,
    Head,
    Sample,
    coco,
    coco2014,
    gran_df,
    open_psg,
    resolve_dataset,
)

FOLDER = Path(__file__).parent / "coco"
INSTANCES = FOLDER / "annotations" / "instances_minival2014.json"
CAPTIONS = FOLDER / "annotations" / "captions_val2014.json"


def test_the_authors_coco_folder() -> None:
    photos = coco2014(FOLDER)
    assert [sample.id for sample in photos] == ["000000229358", "000000126107"]
    assert [len(sample.captions) for sample in photos] == [5, 5]
    assert photos[0].prompt == "Write a one-sentence caption for this image:"
    assert len(photos[0].category) == 80
    # as published: COCO's "sports ball" and "wine glass" go by their last words
    assert (photos[0].category["ball"], photos[0].category["glass"]) == (37, 46)
    for sample in photos:
        assert sample.labels().shape == load_image(sample.image).size[::-1]


def test_masks_painted_from_annotations_are_the_authors_but_for_edges() -> None:
    painted = coco(INSTANCES, FOLDER / "image", CAPTIONS)
    assert len(painted) == 2
    for mine, theirs in zip(painted, coco2014(FOLDER), strict=True):
        assert mine.captions == theirs.captions
        assert set(np.unique(mine.labels())) == set(np.unique(theirs.labels()))
        assert np.mean(mine.labels() != theirs.labels()) < 0.01


def made_coco(folder: Path, **changes: Any) -> Path:
    """A picture of 6 x 4 with a large and a small object, a crowd, and a category of id 0."""
    square = {"segmentation": [[0, 0, 4, 0, 4, 4, 0, 4]], "area": 16, "bbox": [0, 0, 4, 4]}
    small = {"segmentation": [[1, 1, 3, 1, 3, 3, 1, 3]], "area": 4, "bbox": [1, 1, 2, 2]}
    crowd = {"segmentation": {"size": [4, 6], "counts": [16, 8]}, "area": 8, "iscrowd": 1}
    document = {
        "images": [
            {"id": 7, "file_name": "a.png", "width": 6, "height": 4},
            {"id": 8, "file_name": "b.png", "width": 6, "height": 4},
        ],
        "categories": [{"id": 0, "name": "cat"}, {"id": 1, "name": "dog"}],
        "annotations": [
            {"id": 1, "image_id": 7, "category_id": 1, **small},
            {"id": 2, "image_id": 7, "category_id": 0, **square},
            {"id": 3, "image_id": 7, "category_id": 1, **crowd},
        ],
    }
    path = folder / "instances.json"
    path.write_text(json.dumps(document | changes), encoding="utf-8")
    return path


def test_small_objects_lie_on_large_ones_and_crowds_are_left_out(tmp_path: Path) -> None:
    labelled, empty = coco(made_coco(tmp_path), tmp_path)
    assert labelled.category == {"cat": 1, "dog": 2}  # no label is 0
    assert labelled.labels()[:, 5].tolist() == [0, 0, 0, 0]
    assert labelled.labels()[1:3, 0].tolist() == [1, 1]
    assert labelled.labels()[1:3, 1:3].tolist() == [[2, 2], [2, 2]]
    assert not empty.labels().any()
    assert empty.captions == ()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"images": None}, 'no list "images"'),
        ({"categories": [{"id": 1}]}, "number 0 lacks name"),
        ({"categories": [{"id": 1, "name": "dog"}]}, r"category_id \[0\]"),
        ({"images": []}, r"image_id \[7\]"),
    ],
)
def test_broken_annotations_are_named(tmp_path: Path, changes: Any, message: str) -> None:
    with pytest.raises(DatasetError, match=message):
        coco(made_coco(tmp_path, **changes), tmp_path)


def described(folder: Path, row: Any) -> Path:
    folder.mkdir()
    Image.new("RGB", (6, 4)).save(folder / "a.png")
    Image.fromarray(np.full((4, 6), 3, np.uint8)).save(folder / "mask.png")
    (folder / "anno.json").write_text(json.dumps([row]), encoding="utf-8")
    return folder


ROW = ["a.png", "A cat.", "mask.png", {"cat": 3}]


@pytest.mark.parametrize(
    ("name", "opened", "sentences"), [("GranDf", gran_df, "two"), ("OpenPSG", open_psg, "three")]
)
def test_the_authors_described_folders(
    tmp_path: Path, name: str, opened: Any, sentences: str
) -> None:
    folder = described(tmp_path / name, ROW)
    (sample,) = opened(folder)
    assert f"around {sentences} sentences" in sample.prompt
    assert (sample.captions, sample.category) == (("A cat.",), {"cat": 3})
    assert (sample.labels() == 3).all()
    assert resolve_dataset(str(folder))[0] == sample


@pytest.mark.parametrize("row", [["a.png", "A cat."], ["a.png", "A cat.", "m.png", ["cat"]], 7])
def test_a_broken_row_is_named(tmp_path: Path, row: Any) -> None:
    with pytest.raises(DatasetError, match="row 0"):
        gran_df(described(tmp_path / "GranDf", row))


@pytest.mark.parametrize("file", ["instances_minival2014.json", "captions_val2014.json"])
def test_a_folder_that_lacks_a_file_is_refused_by_its_name(tmp_path: Path, file: str) -> None:
    shutil.copytree(FOLDER, tmp_path / "coco")
    lacking = tmp_path / "coco" / "annotations" / file
    lacking.unlink()
    with pytest.raises(DatasetError, match=file):
        coco2014(tmp_path / "coco")
    lacking.write_text("{", encoding="utf-8")
    with pytest.raises(DatasetError, match="not JSON"):
        coco2014(tmp_path / "coco")


def test_a_mask_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    colours = tmp_path / "colours.png"
    Image.new("RGB", (4, 4)).save(colours)
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    for path in (tmp_path / "none.png", broken, colours):
        with pytest.raises(DatasetError, match=path.name):
            Sample("a", "a.png", "What?", path, {}).labels()


def polygon(left: float, top: float, right: float, bottom: float) -> list[list[float]]:
    return [[left, top, right, top, right, bottom, left, bottom]]


def test_what_a_painted_mask_does_not_show_is_noted(tmp_path: Path) -> None:
    outlines = {  # by id: category and outline
        1: (1, polygon(10, 10, 20, 20)),
        2: (0, polygon(0, 0, 4, 4)),
        3: (1, polygon(1, 0, 4, 4)),
        4: (0, polygon(4, 2, 9, 4)),
        5: (0, polygon(0, 0, 4, 4)),
    }
    annotations = [
        {"id": n, "image_id": 7, "category_id": category, "segmentation": outline, "area": -n}
        for n, (category, outline) in outlines.items()
    ]
    sample = coco(made_coco(tmp_path, annotations=annotations[:4]), tmp_path)[0]
    assert sample.notes == [
        "annotations without a pixel in the picture: 1 (dog)",
        "annotations cut off at the picture's edges: 4 (cat)",
        "annotations covered by others to at least half: 2 (cat)",
    ]
    same = [annotations[1], annotations[4]]  # of one category: nothing is lost
    assert coco(made_coco(tmp_path, annotations=same), tmp_path)[0].notes == []


def test_objects_without_area_and_box_are_painted_from_large_to_small_too(tmp_path: Path) -> None:
    annotations = [
        {"image_id": 7, "category_id": category, "segmentation": outline}
        for category, outline in ((1, polygon(1, 1, 3, 3)), (0, polygon(0, 0, 4, 4)))
    ]
    labels = coco(made_coco(tmp_path, annotations=annotations), tmp_path)[0].labels()
    assert (labels[0, 0], labels[2, 2]) == (1, 2)


def test_a_folder_of_pictures_that_is_missing_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="give the folder of the pictures"):
        coco(made_coco(tmp_path), tmp_path / "none")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"captions": "A red umbrella."}, "captions='A red umbrella.': give a tuple"),
        ({"captions": (3,)}, "list of texts"),
        ({"category": ["cat", "dog"]}, "is a list: give the label of each name"),
        ({"category": {"cat": "1"}}, "has 'cat': '1': give names as texts and labels as whole"),
        ({"category": {"cat": 0}}, "0 is background"),
        ({"category": {1: 1}}, "names as texts"),
    ],
    ids=str,
)
def test_a_sample_that_would_be_misread_is_refused(changes: dict[str, Any], message: str) -> None:
    known = {"id": "a", "image": "a.png", "prompt": "What?", "mask": "a.png", "category": {}}
    with pytest.raises(DatasetError, match=message):
        Sample(**known | changes)
    Sample(**known, captions=["one", "two"])
    Sample(**known | {"category": {"cat": np.uint8(1)}})


def test_demo_scenes_are_the_demo_s() -> None:
    scenes = DemoScenes(3, first_seed=5)
    assert len(scenes) == len(list(scenes)) == 3
    sample, scene = scenes[1], demo.scene(6)
    assert sample.captions == (scene.caption,)
    assert (sample.labels() == scene.labels).all()
    shown = {name for name, label in sample.category.items() if label in sample.labels()}
    assert shown == set(scene.masks)
    assert set(sample.category) == set(demo.NOUNS)


def test_planted_scenes_are_labelled_by_what_they_show() -> None:
    scenes = DemoScenes(3, first_seed=4, planted=True)
    sample, scene = scenes[1], demo.planted_scene(5)
    assert (scenes.name, sample.id) == ("demo planted scenes 4 to 6", "planted scene 00005")
    assert "mark" in scene.signs
    assert sample.captions == (scene.caption,)
    assert scene.caption != demo.plant("mark").caption(scene)
    shown = {name for name, label in sample.category.items() if label in sample.labels()}
    assert shown == set(scene.masks)
    for pixels in scene.signs.values():
        assert not sample.labels()[pixels].any()


def test_data_sets_are_opened_by_name() -> None:
    assert len(resolve_dataset("demo:4")) == 4
    assert resolve_dataset(str(FOLDER)).name == "coco2014"


@pytest.mark.parametrize("name", ["demo:", "demo:0", "demo:x", "no/such/folder", "."])
def test_an_unknown_data_set_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DatasetError, match="give"):
        resolve_dataset(name)


@pytest.mark.parametrize(("count", "expected"), [(1, 1), (3, 3), (9, 4)])
def test_the_first_of_any_data_set(count: int, expected: int) -> None:
    scenes = DemoScenes(4)
    for whole in (scenes, list(scenes)):
        few = Head(whole, count)
        assert len(few) == expected
        assert [sample.id for sample in few] == [sample.id for sample in whole][:expected]
        with pytest.raises(IndexError):
            few[expected]
    assert Head(scenes, count).name == f"demo scenes 0 to 3, the first {expected}"


@pytest.mark.parametrize("count", [0, -1, True, 1.5])
def test_a_count_that_is_none_is_refused(count: Any) -> None:
    with pytest.raises(DatasetError, match="from 1 on"):
        Head(DemoScenes(4), count)
