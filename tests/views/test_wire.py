"""What Python sends, against the fixture that the browser's decoder is tested on too."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from traitlets import TraitError

from tam_widgets.attribution import Method
from tam_widgets.explanation.geometry import Grid
from tam_widgets.explanation.types import StoredImage
from tam_widgets.views.outline import Outline
from tam_widgets.views.wire import encode

from .made import explanation, with_alternatives, with_layers

PICTURE = StoredImage(b"stands for a picture", "image/png", 12, 8)
OUTLINES = [
    [
        Outline("dog", [[100, 100, 400, 100, 400, 500], [200, 200, 250, 200, 250, 250]], (1, 99)),
        Outline("cat", [[0, 0, 1000, 0, 1000, 1000, 0, 1000]]),
    ]
]
FIXTURE = Path(__file__).parents[1] / "fixtures" / "wire.json"


def fixture() -> dict[str, Any]:
    """Both encodings of three panels that share a picture and a word."""
    tiles = (Grid(2, 2, (0, 0, 6, 8)), Grid(2, 2, (6, 0, 12, 8)), Grid(1, 2, (0, 0, 12, 8)))
    tiles = (*tiles[:2], replace(tiles[2], thumbnail=True))
    video = (
        Grid(2, 2, (0, 0, 12, 8), 0, (0.0, 1.0), frames=2),
        Grid(2, 2, (0, 0, 12, 8), 2, (1.0, 1.5)),
    )
    frames = tuple(replace(PICTURE, video=0, time=number / 2) for number in range(3))
    panels = [
        explanation(images=(PICTURE,)),
        explanation(("Dog",), grids=video, images=frames, finish_reason="length"),
        with_alternatives(explanation(grids=tiles, images=(PICTURE,), finish_reason="given")),
    ]
    mine = Method("mine", "my method", "by hand", signed=True)
    panels[2] = panels[2].with_maps(mine, panels[2].activations - 15 / 16)
    return {
        "float32": _readable(*encode(panels, OUTLINES, changed=[[], [2]])),
        "float16": _readable(*encode(panels, OUTLINES, half_precision_over=0)),
    }


def _readable(header: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
    return {"header": header, "buffers": [base64.b64encode(data).decode() for data in buffers]}


def test_the_encoder_meets_the_fixture() -> None:
    """After a wanted change of the wire: `python -m tests.views.test_wire` writes it anew."""
    assert json.loads(json.dumps(fixture())) == json.loads(FIXTURE.read_text("utf-8"))


def test_outlines_travel_with_their_panel_and_without_tokens_that_are_not_there() -> None:
    header, _ = encode([explanation(), explanation()], OUTLINES)
    first, second = (panel["outlines"] for panel in header["panels"])
    assert [(one["name"], one["tokens"]) for one in first] == [("dog", [1]), ("cat", [])]
    assert second == []


def test_equal_pictures_travel_once() -> None:
    header, buffers = encode([explanation(), explanation()])
    first, second = (panel["images"][0]["buffer"] for panel in header["panels"])
    assert first == second
    assert len(buffers) == len(set(buffers))


def test_large_activations_survive_half_precision() -> None:
    record = explanation(scale=1e6)
    header, buffers = encode([record], half_precision_over=0)
    spec = header["panels"][0]["activations"]
    sent = np.frombuffer(buffers[spec["buffer"]], "<f2").astype(np.float32) * spec["scale"]
    np.testing.assert_allclose(sent, record.activations.ravel(), rtol=2**-10)


@pytest.mark.parametrize(("limit", "dtype"), [(10**9, "float32"), (0, "float16")])
def test_only_activations_are_ever_halved(limit: int, dtype: str) -> None:
    header, _ = encode([explanation()], half_precision_over=limit)
    panel = header["panels"][0]
    assert panel["activations"]["dtype"] == dtype
    assert panel["relevance"]["dtype"] == "float32"


if __name__ == "__main__":
    FIXTURE.write_text(json.dumps(fixture(), indent=1) + "\n", "utf-8")


def test_maps_that_are_shown_on_request_travel_only_where_they_were_added() -> None:
    made = with_layers(explanation())
    (without, _), maps = encode([made]), made.maps("arc")
    (added, _) = encode([made.with_maps("arc", maps)])
    assert "arc" not in [method["name"] for method in without["methods"]]
    assert "arc" in [method["name"] for method in added["methods"]]
    assert [*without["panels"][0]["maps"]] == []
    assert [*added["panels"][0]["maps"]] == ["arc"]
    view = made.with_maps("arc", maps).explore()
    view.method = "arc"
    with pytest.raises(TraitError, match="method='arc': give one of tam"):
        made.explore().method = "arc"
