"""Arrays in the safetensors format: a JSON header that describes them, and one after another.

The library of this name is compiled; these few lines read and write the same files wherever NumPy
runs, in a browser too. A file may come from a stranger.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .json_values import choice, fields, row, several, whole

LENGTH_BYTES = 8
"""A file begins with the length of its header, little-endian."""

METADATA = "__metadata__"
"""The header's entry for texts by name; all others are arrays."""

_TYPES: Mapping[str, str] = {"F64": "<f8", "F32": "<f4", "I32": "<i4", "F16": "<f2", "U8": "|u1"}
"""NumPy's names of the element types, larger ones first."""
_NAMES = {np.dtype(own): name for name, own in _TYPES.items()}

_PLACE = whole(0, 2**63 - 1)
_DESCRIPTION = fields(
    dict,
    {
        "dtype": choice(*_TYPES),
        "shape": several(whole(0, 2**31 - 1)),
        "data_offsets": row(2, _PLACE),
    },
)


def arrays(header: Mapping[str, Any], data: bytes) -> dict[str, NDArray[Any]]:
    """The arrays of a file, as copies.

    Args:
        header: The file's JSON header.
        data: All that follows it.

    Raises:
        ValueError: If an array has another type, or its bytes do not fit its shape; or if the
            arrays do not follow one another from the first byte to the last.
    """
    described = {name: _DESCRIPTION(one) for name, one in header.items() if name != METADATA}
    end = 0
    found = {}
    for name, one in sorted(described.items(), key=lambda entry: entry[1]["data_offsets"]):
        dtype, count = np.dtype(_TYPES[one["dtype"]]), math.prod(one["shape"])
        start, stop = one["data_offsets"]
        if start != end or stop - start != count * dtype.itemsize or stop > len(data):
            raise ValueError(
                f"the array {name!r:.80} has the bytes {start} to {stop} of {len(data)}: "
                f"{count * dtype.itemsize} from {end} on are expected"
            )
        flat = np.frombuffer(data, dtype, count, start) if count else np.empty(0, dtype)
        found[name] = flat.reshape(one["shape"]).astype(dtype.newbyteorder("="))
        end = stop
    if end != len(data):
        raise ValueError(f"the arrays end at byte {end} of {len(data)}")
    return found


def encoded(content: Mapping[str, NDArray[Any]], metadata: Mapping[str, str]) -> bytes:
    """The content of a file, byte for byte as the library writes it.

    Args:
        content: Arrays by name.
        metadata: Texts by name.

    Raises:
        KeyError: If an array has a type that no record has.
    """
    sizes = [*_TYPES]
    order = sorted(content, key=lambda name: (sizes.index(_NAMES[content[name].dtype]), name))
    header: dict[str, Any] = {METADATA: dict(metadata)}
    stored: list[Any] = []
    end = 0
    for name in order:
        dtype = _NAMES[content[name].dtype]
        array = np.asarray(content[name], _TYPES[dtype], order="C")
        start, end = end, end + array.nbytes
        header[name] = {"dtype": dtype, "shape": array.shape, "data_offsets": [start, end]}
        stored.append(array)
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % LENGTH_BYTES)  # so that the arrays are aligned
    return b"".join([len(text).to_bytes(LENGTH_BYTES, "little"), text, *stored])
