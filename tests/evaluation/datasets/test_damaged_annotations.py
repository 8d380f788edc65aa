"""Annotation files from strangers: each ends in a `DatasetError`, and costs as little as it can."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import tam_widgets as tw
from tam_widgets.errors import DatasetError
from tam_widgets.evaluation.datasets import coco, coco2014, gran_df, open_psg
from tam_widgets.evaluation.datasets.sample import read_labels
from tests.evaluation.made import MadeExplainer

SQUARE = [[0, 0, 4, 0, 4, 4, 0, 4]]
FOLDER = Path(__file__).parents[1] / "coco"


def written(folder: Path, **changes: Any) -> Path:
    """Two pictures of 6 × 4 with an object each."""
    document = {
        "images": [{"id": n, "file_name": f"{n}.png", "width": 6, "height": 4} for n in (1, 2)],
        "categories": [{"id": 1, "name": "cat"}],
        "annotations": [
            {"id": 10 + n, "image_id": n, "category_id": 1, "segmentation": SQUARE, "area": 16}
            for n in (1, 2)
        ],
    }
    path = folder / "instances.json"
    path.write_text(json.dumps(document | changes), encoding="utf-8")
    return path


def changed(folder: Path, name: str, **entries: Any) -> Path:
    """The same, with entries of the first record changed; None takes an entry away."""
    record = json.loads(written(folder).read_text())[name]
    record[0] = {k: v for k, v in (record[0] | entries).items() if v is not None}
    return written(folder, **{name: record})


@pytest.mark.parametrize(
    ("name", "entries", "message"),
    [
        ("images", {"height": 2**31}, "picture 1 is damaged.*megapixels"),
        ("images", {"height": -1}, "picture 1 is damaged.*whole numbers"),
        ("images", {"width": "6"}, "picture 1 is damaged.*whole numbers"),
        ("images", {"file_name": "../1.png"}, "leads out"),
        ("images", {"file_name": "/dev/zero"}, "leads out"),
        ("images", {"file_name": "a\0.png"}, "null"),
        ("images", {"file_name": "x" * 5000}, "name too long"),
        ("annotations", {"segmentation": [[float("nan")] * 6]}, "annotation 11 of picture 1"),
        ("annotations", {"segmentation": [[-1e9, 0, 1e9, 0, 1e9, 1e9]]}, "annotation 11"),
        ("annotations", {"segmentation": [[1, 2]]}, "3 corners"),
        ("annotations", {"segmentation": [[[1, 2], [3, 2], [3, 4]]]}, "not as pairs"),
        ("annotations", {"segmentation": None}, "annotation 11.*not None"),
        ("annotations", {"segmentation": {"size": [4, 6], "counts": "ooo"}}, "cut off"),
        ("annotations", {"category_id": "1"}, "annotation 11.*its category is '1'"),
        ("annotations", {"category_id": None}, "its category is None"),
        ("annotations", {"area": "large"}, "its area or its box"),
        ("annotations", {"area": float("inf")}, "its area is inf"),
        ("annotations", {"area": None, "segmentation": [[1, 2]]}, "annotation 11.*3 corners"),
        ("annotations", {"area": None, "bbox": [1, 2]}, "its area or its box"),
        ("annotations", {"area": None, "bbox": [0, 0, [0], 10**9]}, "its area or its box"),
    ],
)
def test_a_damaged_entry_costs_its_picture_only(
    tmp_path: Path, name: str, entries: dict[str, Any], message: str
) -> None:
    photos = coco(changed(tmp_path, name, **entries), tmp_path)
    with pytest.raises(DatasetError, match=message):
        photos[0]
    assert photos[1].labels().sum() == 16


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"images": [{"id": [1], "file_name": "a"}]}, '"images" number 0'),
        ({"images": [{"id": 1, "file_name": 7, "height": 4, "width": 6}]}, "file_name"),
        ({"images": [{"id": 1, "file_name": "a", "height": 4, "width": 6}] * 2}, "have the id 1"),
        ({"categories": "cat"}, 'no list "categories"'),
        ({"categories": [7]}, '"categories" number 0'),
        ({"categories": [{"id": "1", "name": "cat"}]}, '"categories" number 0'),
        ({"categories": [{"id": 2**40, "name": "cat"}]}, '"categories" number 0'),
        ({"categories": [{"id": 1, "name": "cat"}, {"id": 1, "name": "dog"}]}, "have the id 1"),
        ({"categories": [{"id": 1, "name": "a"}, {"id": 2, "name": "a"}]}, "have the name 'a'"),
        ({"annotations": {"a": 1}}, 'no list "annotations"'),
        ({"annotations": [None]}, '"annotations" number 0'),
        ({"annotations": [{"category_id": 1}]}, "lacks image_id"),
        ({"annotations": [{"image_id": {}}]}, '"annotations" number 0'),
        ({"annotations": [{"image_id": "x"}]}, "image_id"),
    ],
)
def test_a_structure_that_is_none_is_refused_at_once(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(DatasetError, match=message):
        coco(written(tmp_path, **changes), tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"", b"\0", b"\xff", b"[" * 100_000, b'{"images": ' * 3000, b"1" * 5000, b'"images"'],
)
def test_a_file_that_holds_something_else_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "instances.json"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"instances\.json"):
        coco(path, tmp_path)


@pytest.mark.parametrize("kind", ["device", "pipe", "folder"])
def test_what_is_no_regular_file_is_not_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "instances.json"
    make = {
        "device": lambda: path.symlink_to("/dev/zero"),
        "pipe": lambda: os.mkfifo(path),
        "folder": path.mkdir,
    }
    make[kind]()
    with pytest.raises(DatasetError, match="not a regular file"):
        coco(path, tmp_path)


def test_labels_beyond_sixteen_bits_are_kept(tmp_path: Path) -> None:
    path = written(tmp_path, categories=[{"id": 1, "name": "cat"}, {"id": 70_000, "name": "dog"}])
    document = json.loads(path.read_text())
    document["annotations"][0]["category_id"] = 70_000
    path.write_text(json.dumps(document))
    photos = coco(path, tmp_path)
    assert photos[0].labels().max() == photos.category["dog"] == 70_000
    assert pickle.loads(pickle.dumps(photos))[1].labels().max() == 1


def test_an_evaluation_lists_a_damaged_annotation_with_its_reason(tmp_path: Path) -> None:
    path = changed(tmp_path, "annotations", segmentation=[[1e308, 0, 4, 0, 4, 4]])
    photos = coco(path, tmp_path)
    report = tw.evaluate(MadeExplainer(), photos, folder=tmp_path / "r", progress=False)
    assert "annotation 11 of picture 1 is damaged" in report.skipped["reason"][0]
    assert report.summary["failed"].tolist() == [2]  # the other has no picture


ROW = ["a.png", "A cat.", "mask.png", {"cat": 3}]


def described(folder: Path, *rows: Any) -> Path:
    folder.mkdir()
    for name in ("a.png", "mask.png"):
        Image.fromarray(np.full((4, 6), 3, np.uint8)).save(folder / name)
    (folder / "anno.json").write_text(json.dumps(rows), encoding="utf-8")
    return folder


def hostile_names(tmp_path: Path) -> dict[str, str]:
    secret = tmp_path / "secret.png"
    Image.new("L", (6, 4)).save(secret)
    return {
        "above": "../secret.png",
        "absolute": str(secret),
        "device": "/dev/zero",
        "link": "link.png",
        "linked folder": "linked/secret.png",
        "circle": "circle.png",
        "pipe": "pipe.png",
        "folder": "sub",
        "nul": "a\0.png",
        "long": "x" * 9999,
    }


@pytest.mark.parametrize("place", [0, 2])
@pytest.mark.parametrize("opened", [gran_df, open_psg])
def test_pictures_and_masks_stay_in_their_folder(tmp_path: Path, opened: Any, place: int) -> None:
    names = hostile_names(tmp_path)
    rows = [[*ROW[:place], name, *ROW[place + 1 :]] for name in names.values()]
    folder = described(tmp_path / "GranDf", ROW, *rows)
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "linked").symlink_to(tmp_path)
    (folder / "circle.png").symlink_to(folder / "circle.png")
    (folder / "sub").mkdir()
    os.mkfifo(folder / "pipe.png")
    samples = opened(folder)
    assert (samples[0].labels() == 3).all()
    for number, name in enumerate(names, 1):
        with pytest.raises(DatasetError) as refused:
            samples[number]
        assert len(str(refused.value)) < 500, name


def test_a_name_with_a_line_end_is_a_name(tmp_path: Path) -> None:
    folder = described(tmp_path / "GranDf", ["a\nb.png", *ROW[1:]])
    (folder / "a.png").rename(folder / "a\nb.png")
    assert gran_df(folder)[0].id == "00000 a\nb"


@pytest.mark.parametrize("label", ["three", None, 3.5, True, -1, 2**40, float("nan"), [3]])
def test_labels_of_a_row_are_numbers(tmp_path: Path, label: Any) -> None:
    with pytest.raises(DatasetError, match="row 0"):
        gran_df(described(tmp_path / "GranDf", [*ROW[:3], {"cat": label}]))


def test_pictures_of_the_authors_coco_folder_are_no_links_out_of_it(tmp_path: Path) -> None:
    for folder in ("image", "seg_label"):
        (tmp_path / "coco" / folder).mkdir(parents=True)
    (tmp_path / "coco" / "annotations").symlink_to(FOLDER / "annotations")
    (tmp_path / "coco" / "image" / "000000229358.jpg").symlink_to("/etc/passwd")
    photos = coco2014(tmp_path / "coco")
    with pytest.raises(DatasetError, match="leads out"):
        photos[0]


def masks(folder: Path) -> dict[str, bytes | None]:
    wide = Image.new("1", (9_000, 9_000))
    wide.save(folder / "wide.png")
    Image.new("L", (10, 10)).save(folder / "a.eps")
    whole = (FOLDER / "seg_label" / "000000229358.png").read_bytes()
    return {"eps": (folder / "a.eps").read_bytes(), "cut": whole[: len(whole) // 2], "wide": None}


def test_masks_are_bounded_and_start_no_program(tmp_path: Path) -> None:
    for name, content in masks(tmp_path).items():
        path = tmp_path / f"{name}.png"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(DatasetError, match=f"{name}.png: the mask cannot be read"):
            read_labels(path)
