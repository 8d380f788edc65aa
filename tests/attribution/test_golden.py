"""The authors' published results, met on every cell."""

import numpy as np
import pytest

import tam_widgets as tw

from ..samples import golden, golden_trace

CASES = ("image_12x16", "image_24x24", "image_37x49", "images_6x8_10x5", "video_4x8x10")


def load(case: str) -> tuple[dict[str, np.ndarray], tw.Trace]:
    return golden(case), golden_trace(case)


def picture(maps: np.ndarray) -> np.ndarray:
    return (255 * maps).astype(np.uint8)


@pytest.mark.parametrize("case", CASES)
def test_activations(case: str) -> None:
    data, trace = load(case)
    np.testing.assert_allclose(trace.activations, data["raw_activations"], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("case", CASES)
def test_maps(case: str) -> None:
    data, trace = load(case)
    expected = np.concatenate([data["expected_prompt_maps"], data["expected_answer_maps"]])
    maps = tw.token_activation_maps(trace, leave_out="id", border="reflect")
    np.testing.assert_array_equal(picture(maps), expected)


@pytest.mark.parametrize("case", CASES)
def test_reference_maps(case: str) -> None:
    data, trace = load(case)
    expected = np.concatenate([data["expected_prompt_maps"], data["reference_answer_maps"]])
    maps = tw.token_activation_maps(trace, compat="reference")
    np.testing.assert_array_equal(picture(maps), expected)


def test_filter() -> None:
    data = golden("filter")
    names = [name for name in data if name.startswith("in_")]
    assert names
    for name in names:
        given, expected = data[name], data["out_" + name.removeprefix("in_")]
        kernel_size = int(name.split("_")[1])
        result = tw.attribution.rank_gaussian_filter(given, kernel_size, border="reflect")
        undefined = np.isnan(expected)
        np.testing.assert_allclose(result[~undefined], expected[~undefined], rtol=1e-12, atol=1e-15)
        np.testing.assert_array_equal(result[undefined], given[undefined])
