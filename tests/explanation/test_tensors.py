"""Arrays are stored as the library of the format stores them; what it refuses is refused."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of
from safetensors.numpy import load, save

from tam_widgets.explanation.tensors import LENGTH_BYTES, METADATA, arrays, encoded

TYPES = ("float64", "float32", "float16", "int32", "uint8")
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=8).filter(METADATA.__ne__)
ARRAYS = st.sampled_from(TYPES).flatmap(
    lambda dtype: arrays_of.arrays(dtype, arrays_of.array_shapes(min_dims=0, min_side=0))
)


def taken_apart(content: bytes) -> tuple[dict[str, Any], bytes]:
    start = LENGTH_BYTES + int.from_bytes(content[:LENGTH_BYTES], "little")
    return json.loads(content[LENGTH_BYTES:start]), content[start:]


@given(content=st.dictionaries(NAMES, ARRAYS, max_size=5), text=NAMES)
def test_files_are_those_of_the_library(content: dict[str, Any], text: str) -> None:
    written = encoded(content, {"text": text})
    assert written == save(content, {"text": text})
    header, data = taken_apart(written)
    assert header[METADATA] == {"text": text}
    found = arrays(header, data)
    assert found.keys() == content.keys()
    for name, array in found.items():
        assert array.dtype == content[name].dtype
        assert array.flags.aligned
        np.testing.assert_array_equal(array, content[name])


def test_views_are_stored_as_they_look() -> None:
    steps = np.arange(12, dtype=np.float32).reshape(3, 4)
    for view in (steps.T, steps[::-1, 1:3]):
        header, data = taken_apart(encoded({"a": view}, {}))
        np.testing.assert_array_equal(arrays(header, data)["a"], view)


def test_types_that_no_record_has_are_not_written() -> None:
    with pytest.raises(KeyError):
        encoded({"a": np.zeros(3, np.complex64)}, {})


HALF = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
REST = {"dtype": "U8", "shape": [4], "data_offsets": [8, 12]}


@pytest.mark.parametrize(
    "header",
    [
        {"a": HALF},
        {"a": HALF, "b": REST | {"data_offsets": [4, 8]}},
        {"a": HALF, "b": REST | {"data_offsets": [7, 11]}},
        {"a": HALF, "b": REST | {"data_offsets": [8, 11]}},
        {"a": HALF, "b": REST | {"shape": [5], "data_offsets": [8, 13]}},
        {"a": HALF, "b": REST | {"shape": [-4]}},
        {"a": HALF, "b": REST | {"shape": [-2, -2]}},
        {"a": HALF, "b": REST | {"shape": [4.0]}},
        {"a": HALF, "b": REST | {"shape": 4}},
        {"a": HALF, "b": REST | {"dtype": "BF16"}},
        {"a": HALF, "b": REST | {"data_offsets": [12, 8]}},
        {"a": HALF, "b": REST | {"data_offsets": [8, 12, 12]}},
        {"a": HALF, "b": {"dtype": "U8", "shape": [4]}},
        {"a": HALF, "b": REST | {"shape": [0, *[2**31 - 1] * 3], "data_offsets": [8, 8]}},
        {"a": HALF, "b": REST, "c": REST | {"shape": [1] * 65, "data_offsets": [12, 13]}},
        {"a": [], "b": REST},
        {},
    ],
)
def test_bytes_that_do_not_fit_are_refused(header: dict[str, Any]) -> None:
    assert set(arrays({"a": HALF, "b": REST}, bytes(12))) == {"a", "b"}
    with pytest.raises(ValueError, match=r"."):
        arrays(header, bytes(12))
    text = json.dumps(header).encode()
    with pytest.raises(Exception, match=r"."):  # the library agrees, in its own words
        load(len(text).to_bytes(8, "little") + text + bytes(12))
