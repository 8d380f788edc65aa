"""Reads a gallery's file: what is packed in it, as the front end unpacks it."""

from __future__ import annotations

import base64
import json
import re
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Json = dict[str, Any]
_ELEMENT = re.compile(rb'<script type="text/plain" id="tam-([a-z]+-\d+)">([^<]*)</script>')
_STATE = re.compile(rb'<script type="application/json" id="tam-state">([^<]*)</script>')


def unpacked(text: bytes) -> tuple[Any, list[bytes]]:
    """Content and buffers of a packed message."""
    data = zlib.decompress(base64.b64decode(text, validate=True))
    at = 4 + int.from_bytes(data[:4], "little")
    header = json.loads(data[4:at])
    buffers = []
    for length, width in header["stored"]:
        parts = np.frombuffer(data[at : at + length], np.uint8).reshape(width, -1)
        buffers.append(parts.T.tobytes())
        at += length
    assert at == len(data)
    return header["content"], buffers


def array(header: Json, buffers: list[bytes]) -> NDArray[np.float32]:
    """An array that a header of `wire.encode` describes."""
    dtype = {"float16": "<f2", "float32": "<f4"}[header["dtype"]]
    values = np.frombuffer(buffers[header["buffer"]], dtype).astype(np.float32)
    return (values * np.float32(header["scale"])).reshape(header["shape"])


@dataclass
class GalleryPage:
    """A file that `write_gallery` wrote."""

    path: Path
    content: bytes = field(init=False)
    state: Json = field(init=False)

    def __post_init__(self) -> None:
        self.content = self.path.read_bytes()
        found = _STATE.search(self.content)
        assert found
        self.state = json.loads(found[1])
        self._packed = {name.decode(): text for name, text in _ELEMENT.findall(self.content)}

    @property
    def text(self) -> str:
        """The page without what is packed, and without scripts and styles."""
        plain = re.sub(rb"<(script|style)[^>]*>.*?</\1>", b"", self.content, flags=re.DOTALL)
        return plain.decode("utf-8")

    @property
    def samples(self) -> list[str]:
        """Ids of the samples in it."""
        return list(self.state["samples"])

    def listing(self, choice: int = 0) -> Json:
        """What it lists of a choice of runs."""
        listed: Json = unpacked(self._packed[f"listing-{choice}"])[0]
        return listed

    def card(self, sample: str, nouns: str, choice: int = 0) -> tuple[Json, list[bytes]]:
        """The entry of a card, and its buffers."""
        content, stored = self._of("card", sample)
        own = content["choices"][choice]
        return own["entries"][nouns], [stored[place] for place in own["buffers"]]

    def opened(self, sample: str, choice: int = 0) -> tuple[Json, list[bytes]]:
        """The message that opens a sample, and its buffers."""
        content, stored = self._of("explanation", sample)
        own = content["choices"][choice]
        if own["header"] is None:
            return own, []
        known = content["headers"][own["header"]]
        _, cards = self._of("card", sample)
        places = known["buffers"]
        buffers = [cards[~place] if place < 0 else stored[place] for place in places]
        return {**own, "header": known["header"]}, buffers

    def _of(self, kind: str, sample: str) -> tuple[Any, list[bytes]]:
        return unpacked(self._packed[f"{kind}-{self.samples.index(sample)}"])
