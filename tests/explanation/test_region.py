"""Which tokens a box on the image lights, and several tokens as one map."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tam_widgets as tw
from tests.views.made import explanation

FIXTURE = Path(__file__).parents[1] / "fixtures" / "region.json"
IMAGE = tw.StoredImage(b"", "image/png", 12, 8)
SEEN = tw.Grid(3, 4, (2.0, 0.0, 10.0, 8.0))
TILES = (
    tw.Grid(2, 2, (0, 0, 6, 8)),
    tw.Grid(2, 2, (6, 0, 12, 8)),
    tw.Grid(1, 2, (0, 0, 12, 8), thumbnail=True),
)
FRAMES = (
    tw.Grid(2, 2, (0, 0, 12, 8), 0, (0.0, 1.0), frames=2),
    tw.Grid(2, 2, (0, 0, 12, 8), 2, (1.0, 1.5)),
)


def shares(ex: tw.Explanation, box: Any, image: int = 0, **options: Any) -> dict[int, float]:
    return dict(ex.tokens_in(box, image, method="cam", **options))


def by_pixels(ex: tw.Explanation, box: tuple[int, int, int, int], token: int) -> float:
    """The share inside a box counted pixel by pixel: another way to the same number."""
    (grid,) = ex.grids
    (values,) = ex.map(token, "cam")
    total = inside = 0.0
    for y in range(8):
        for x in range(2, 10):
            value = float(
                values[int((y + 0.5) / 8 * grid.rows), int((x - 2 + 0.5) / 8 * grid.cols)]
            )
            total += value
            inside += value * (box[0] <= x < box[2] and box[1] <= y < box[3])
    return inside / total if total else 0.0


def test_shares_are_areas_of_the_map() -> None:
    ex = explanation(grids=(tw.Grid(4, 4, SEEN.rect),), images=(IMAGE,))
    box = (3, 1, 7, 6)
    found = shares(ex, box)
    assert len(found) > 3
    for token, share in found.items():
        assert share == pytest.approx(by_pixels(ex, box, token), abs=1e-6)
    assert list(found.values()) == sorted(found.values(), reverse=True)


@given(st.integers(0, 11), st.integers(0, 7), st.integers(1, 12), st.integers(1, 8))
def test_two_halves_of_a_box_add_up(left: int, top: int, width: int, height: int) -> None:
    ex = explanation(images=(IMAGE,))
    whole = shares(ex, (left, top, left + width, top + height))
    first = shares(ex, (left, top, left + width / 2, top + height)) if left + width / 2 > 0 else {}
    try:
        second = shares(ex, (left + width / 2, top, left + width, top + height))
    except tw.errors.OptionError:  # the second half lies beyond the edge
        second = {}
    for token in range(len(ex.tokens)):
        both = first.get(token, 0) + second.get(token, 0)
        assert whole.get(token, 0) == pytest.approx(both, abs=1e-6)


def test_the_whole_image_holds_everything() -> None:
    ex = explanation(images=(IMAGE,))
    assert all(share == pytest.approx(1) for share in shares(ex, (0, 0, 12, 8)).values())


def test_thumbnails_and_other_frames_do_not_count() -> None:
    tiled = explanation(grids=TILES, images=(IMAGE,))
    left, right = shares(tiled, (0, 0, 6, 8)), shares(tiled, (6, 0, 12, 8))
    for token in left.keys() & right.keys():
        assert left[token] + right[token] == pytest.approx(1)
    video = explanation(grids=FRAMES, images=(IMAGE,) * 3)
    assert shares(video, (0, 0, 6, 4), image=0) == shares(video, (0, 0, 6, 4), image=1)
    assert shares(video, (0, 0, 6, 4), image=1) != shares(video, (0, 0, 6, 4), image=2)


@pytest.mark.parametrize(
    ("box", "image", "said"),
    [
        ((5, 0, 2, 4), 0, "reversed"),
        ((0, 4, 4, 1), 0, "reversed"),
        ((1, 1, 1, 4), 0, "empty"),
        ((20, 0, 30, 4), 0, "outside image 0, which is 12 x 8"),
        ((-9, 0, 0, 4), 0, "outside"),
        ((0, 0, float("nan"), 4), 0, "empty or reversed"),
        ((0, 0, 4), 0, "left, top, right, bottom"),
        ("abcd", 0, "left, top, right, bottom"),
        ((0, 0, 4, 4), 1, "has 1 images"),
        ((0, 0, 4, 4), "first", "index of an image"),
    ],
)
def test_boxes_that_are_none(box: Any, image: Any, said: str) -> None:
    with pytest.raises(tw.errors.OptionError, match=said):
        explanation(images=(IMAGE,)).tokens_in(box, image)


@pytest.mark.parametrize("how", ["max", "mean", "sum", "first"])
def test_several_tokens_make_one_map(how: str) -> None:
    ex = explanation()
    rows = ex.maps()[[3, 4]]
    expected = rows[0] if how == "first" else getattr(np, how)(rows, axis=0)
    (found,) = ex.map([3, 4], aggregate=how)
    np.testing.assert_allclose(found.ravel(), expected, rtol=1e-6)
    np.testing.assert_array_equal(ex.map([3], aggregate=how)[0], ex.map(3)[0])


def test_tokens_that_are_none() -> None:
    with pytest.raises(tw.errors.TokenIndexError, match="no token"):
        explanation().map([])
    with pytest.raises(tw.errors.TokenIndexError, match="out of range"):
        explanation().map([3, 99])
    for odd in (4.0, None, slice(1, 2), "ab"):
        with pytest.raises(tw.errors.TokenIndexError):
            explanation().map(odd)  # type: ignore[arg-type]
    with pytest.raises(tw.errors.OptionError, match="max, mean, first, sum"):
        explanation().map([3, 4], aggregate="median")


def test_words_and_phrases_are_found() -> None:
    ex = explanation()
    assert [word.text for word in ex.words("answer")][:2] == ["a", "dogling"]
    assert ex.find("A Dogling") == [2, 3, 4]
    assert ex.find("gLi") == [3, 4]  # also within a word
    assert ex.find("say", kind="prompt") == [0]
    with pytest.raises(tw.errors.OptionError, match="does not occur"):
        ex.find("cat")
    for odd in (lambda: ex.find(None), lambda: ex.find("a", "both"), lambda: ex.words("both")):
        with pytest.raises(tw.errors.OptionError, match="give"):
            odd()


def fixture() -> dict[str, Any]:
    """Shares and joined maps that the browser must compute from the panels of wire.json."""
    panels = {
        0: explanation(images=(IMAGE,)),
        1: explanation(("Dog",), grids=FRAMES, images=(IMAGE,) * 3),
        2: explanation(grids=TILES, images=(IMAGE,)),
    }
    cases = [
        (0, 0, (2.5, 1.0, 7.25, 5.0)),
        (0, 0, (0.0, 0.0, 12.0, 8.0)),
        (1, 1, (1.0, 1.0, 7.0, 5.0)),
        (1, 2, (1.0, 1.0, 7.0, 5.0)),
        (2, 0, (4.0, 2.0, 9.0, 8.0)),
    ]
    return {
        "method": "cam",
        "shares": [
            {"panel": panel, "image": image, "box": box, "shares": _all(panels[panel], box, image)}
            for panel, image, box in cases
        ],
        "aggregates": [
            {"panel": 0, "tokens": [3, 4, 5], "how": how, "map": _joined(panels[0], how)}
            for how in ("max", "mean", "first", "sum")
        ],
    }


def _all(ex: tw.Explanation, box: Any, image: int) -> list[float]:
    found = shares(ex, box, image)
    return [found.get(token, 0.0) for token in range(len(ex.tokens))]


def _joined(ex: tw.Explanation, how: str) -> list[float]:
    return ex.map([3, 4, 5], "cam", aggregate=how)[0].ravel().tolist()


def test_the_browser_is_tested_on_the_same_numbers() -> None:
    """After a wanted change: `python -m tests.explanation.test_region` writes it anew."""
    stored = json.loads(FIXTURE.read_text("utf-8"))
    now = json.loads(json.dumps(fixture()))
    for kind, number in (("shares", "shares"), ("aggregates", "map")):
        for case, expected in zip(now[kind], stored[kind], strict=True):
            np.testing.assert_allclose(case.pop(number), expected.pop(number), atol=1e-6)
            assert case == expected


if __name__ == "__main__":
    FIXTURE.write_text(json.dumps(fixture(), indent=1) + "\n", "utf-8")
