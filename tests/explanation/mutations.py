"""Changes to saved explanations, as chance, a bug or malice may make them."""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

Draw = Callable[[st.SearchStrategy[Any]], Any]

FORMAT = "tam_widgets"


@dataclass
class Opened:
    """A file taken apart, so that its parts can be changed and put together again."""

    header: dict[str, Any]
    own: dict[str, Any]
    tensors: dict[str, bytes]

    @classmethod
    def of(cls, content: bytes) -> Opened:
        (length,) = struct.unpack("<Q", content[:8])
        header = json.loads(content[8 : 8 + length])
        own = json.loads(header.pop("__metadata__")[FORMAT])
        rest = content[8 + length :]
        tensors = {name: rest[slice(*spec["data_offsets"])] for name, spec in header.items()}
        return cls(header, own, tensors)

    def joined(self) -> bytes:
        """The file with the tensors one after another."""
        start = 0
        for name, data in self.tensors.items():
            self.header[name]["data_offsets"] = [start, start + len(data)]
            start += len(data)
        return self.with_header(self.header)

    def with_header(self, header: Any) -> bytes:
        """The file with this header, whatever it says of the tensors."""
        own = {"__metadata__": {FORMAT: raw(self.own)}}
        return framed(raw(own | header).encode("utf-8"), b"".join(self.tensors.values()))


@dataclass(frozen=True)
class Literal:
    """JSON text that no Python value gives."""

    text: str


def raw(value: Any) -> str:
    """JSON with its literals in place."""
    literals: list[str] = []

    def mark(literal: Any) -> str:
        literals.append(literal.text)
        return f"literal {len(literals) - 1} of them"

    text = json.dumps(value, default=mark)
    for number, literal in enumerate(literals):
        text = text.replace(f'"literal {number} of them"', literal)
    return text


def framed(header: bytes, rest: bytes, length: int | None = None) -> bytes:
    return struct.pack("<Q", len(header) if length is None else length) + header + rest


NUMBERS = (-1, 0, 1, 7, 2**31, 2**63, 2**64, 10**9, 10**18, 10**30, -(10**9), 0.5, -0.0, 1e300)
LITERALS = ("NaN", "Infinity", "-Infinity", "1" + 400 * "0", "1e999", '"\\ud800"', "[" * 1000)
DEEP = tuple("[" * depth + "]" * depth for depth in (40, 1_100, 100_000))
TEXTS = (
    "",
    "x" * 100_000,
    "\n" * 4_000,
    "\0\x1b[31m\u2028\u2029\u202e",
    "</script><img src=x onerror=alert(1)>",
    "image/svg+xml",
    "text/html",
    "image/webp",
)
LAYERS = ([1], [1, 1], [2, 1], [0, 1], [1, 2, 3], [1, 2**31], [1, 2.0], [True, 2])
VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    [],
    {},
    [0],
    [0, 10**9],
    [0.5, float("nan")],
    [1e300, 0, 1, 1],
    {"a": 1},
    *NUMBERS,
    *TEXTS,
    *map(Literal, LITERALS + DEEP),
)


def flipped(content: bytes, draw: Draw) -> bytes:
    changed = bytearray(content)
    header = 8 + int.from_bytes(content[:8], "little")
    end = draw(st.sampled_from([8, header, len(content)]))
    for _ in range(draw(st.integers(1, 8))):
        changed[draw(st.integers(0, end - 1))] = draw(st.integers(0, 255))
    return bytes(changed)


def cut_or_grown(content: bytes, draw: Draw) -> bytes:
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(content))] * 2)))
    kind = draw(st.sampled_from(["truncated", "without", "twice", "inserted"]))
    inserted = draw(st.binary(max_size=40))
    return {
        "truncated": content[:end],
        "without": content[:start] + content[end:],
        "twice": content[:end] + content[start:],
        "inserted": content[:start] + inserted + content[start:],
    }[kind]


def other_header(content: bytes, draw: Draw) -> bytes:
    """Tensors' names, types, shapes and places, and the header's own length."""
    opened = Opened.of(content)
    opened.joined()
    header = dict(opened.header)
    name = draw(st.sampled_from(sorted(header)))
    kind = draw(st.sampled_from(["field", "renamed", "removed", "added", "twice", "length"]))
    if kind == "field":
        key = draw(st.sampled_from(["dtype", "shape", "data_offsets"]))
        header[name] = {**header[name], key: draw(_tensor_field(header[name][key]))}
    elif kind == "renamed":
        header[draw(st.sampled_from(["foreign", "image/99", "extra_maps/", "relevance"]))] = (
            header.pop(name)
        )
    elif kind == "removed":
        del header[name]
    elif kind == "added":
        header["extra_maps/none"] = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
    elif kind == "twice":
        text = raw({"__metadata__": {FORMAT: raw(opened.own)}} | header)
        doubled = text[:-1] + f", {json.dumps(name)}: {json.dumps(header[name])}}}"
        return framed(doubled.encode(), b"".join(opened.tensors.values()))
    else:
        length = draw(st.sampled_from([0, 1, 100, 10**8, 2**63, 2**64 - 1]))
        return struct.pack("<Q", length) + content[8:]
    return opened.with_header(header)


def _tensor_field(value: Any) -> st.SearchStrategy[Any]:
    if isinstance(value, str):
        return st.sampled_from(["F16", "BF16", "F64", "I32", "U8", "F8_E4M3", "F4", "C64", "X", 3])
    one = st.sampled_from(NUMBERS)
    changed = [st.just([*value[:i], number, *value[i + 1 :]]) for i in range(len(value))
               for number in NUMBERS]  # fmt: skip
    return st.one_of(st.lists(one, max_size=4), *changed, st.just(value[::-1]), st.just([1] * 99))


def other_field(content: bytes, draw: Draw) -> bytes:
    """Fields of the metadata: of another type or value, removed, added, repeated."""
    opened = Opened.of(content)
    for _ in range(draw(st.integers(1, 2))):
        inside, key = draw(st.sampled_from(_places(opened.own)))
        kind = draw(st.sampled_from(["value", "value", "value", "removed", "added", "twice"]))
        if kind == "value":
            inside[key] = draw(st.sampled_from(VALUES))
        elif kind == "removed":
            del inside[key]
        elif kind == "added" and isinstance(inside, dict):
            inside["colour"] = draw(st.sampled_from(VALUES))
        elif isinstance(inside, list):
            inside.append(inside[key])
    return opened.joined()


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in JSON: its list or object, and its index or key there."""
    keys = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    found = [(value, key) for key in keys]
    return found + [place for key in keys for place in _places(value[key])]


def near_field(content: bytes, draw: Draw) -> bytes:
    """Fields of the metadata a little off, or in another order, so that many files still open."""
    opened = Opened.of(content)
    for _ in range(draw(st.integers(1, 4))):
        inside, key = draw(st.sampled_from(_places(opened.own)))
        value = inside[key]
        if isinstance(value, bool):
            inside[key] = not value
        elif isinstance(value, int):
            inside[key] = value + draw(st.integers(-3, 3))
        elif isinstance(value, float):
            inside[key] = value * draw(st.sampled_from([-1, 0, 1e-3, 0.5, 2, 15]))
        elif isinstance(value, str):
            inside[key] = value + draw(st.sampled_from(["", "\n", "\u202e", "\u0301", "猫"]))
        elif isinstance(value, list) and len(value) > 1:
            inside[key] = draw(st.permutations(value)) if len(value) < 9 else value[::-1]
    return opened.joined()


def named_field(content: bytes, draw: Draw) -> bytes:
    """A field that views read, near the top, where `other_field` seldom comes."""
    opened = Opened.of(content)
    own = opened.own
    holders = [own, own["provenance"], *own["images"][:2], *own["grids"][:2], own["turns"][0]]
    holders += [own["tokens"][0], own["tokens"][-1], *own["alternatives"][:1]]
    holder = draw(st.sampled_from(holders))
    key = draw(
        st.sampled_from([*holder, *(["title", "model"] if "finish_reason" in holder else [])])
    )
    holder[key] = draw(st.sampled_from([*VALUES, *LAYERS] if key == "layers" else VALUES))
    return opened.joined()


def other_values(content: bytes, draw: Draw) -> bytes:
    """Numbers in the arrays, and arrays of another type or shape."""
    opened = Opened.of(content)
    kinds = {"F16": "<f2", "F32": "<f4", "F64": "<f8", "I32": "<i4", "U8": "u1"}
    names = [name for name, spec in opened.header.items() if spec["dtype"] in ("F16", "F32", "I32")]
    name = draw(st.sampled_from(names))
    spec = opened.header[name]
    stored = np.frombuffer(opened.tensors[name], kinds[spec["dtype"]])
    values = stored.astype("<f4")
    kind = draw(st.sampled_from(["one", "all", "random", "type", "shape"]))
    extremes = [np.nan, np.inf, -np.inf, -1, -0.0, 1e-45, 1e-30, 1e20, 9e29, 3.4e38]
    if kind == "one" and values.size:
        values[draw(st.integers(0, values.size - 1))] = draw(st.sampled_from(extremes))
    elif kind == "all":
        values[:] = draw(st.sampled_from(extremes))
    elif kind == "random":
        found = np.random.default_rng(draw(st.integers(0, 99))).choice(extremes[4:-1], values.size)
        values[:] = found
    elif kind == "type":
        dtype = draw(st.sampled_from(sorted(kinds)))
        opened.header[name] = {**spec, "dtype": dtype}
        with np.errstate(all="ignore"):
            opened.tensors[name] = values.astype(kinds[dtype]).tobytes()
        return opened.joined()
    else:
        opened.header[name] = {**spec, "shape": spec["shape"][::-1] + draw(st.just([1]))}
    with np.errstate(all="ignore"):
        opened.tensors[name] = values.astype(stored.dtype).tobytes()
    return opened.joined()


def other_picture(content: bytes, draw: Draw) -> bytes:
    """A stored picture that is something else, or only half of itself."""
    opened = Opened.of(content)
    number = draw(st.integers(0, len(opened.own["images"]) - 1))
    name = f"image/{number}"
    own = opened.tensors[name]
    kind = draw(st.sampled_from(["half", "noise", *PICTURES]))
    if kind == "half":
        data, mime = own[: draw(st.integers(0, len(own)))], None
    elif kind == "noise":
        place = draw(st.integers(0, len(own) - 1))
        data, mime = own[:place] + draw(st.binary(max_size=60)) + own[place + 20 :], None
    else:
        data, mime = PICTURES[kind]()
    if mime and draw(st.booleans()):
        opened.own["images"][number]["mime"] = mime
    opened.tensors[name] = data
    opened.header[name]["shape"] = [len(data)]
    return opened.joined()


def _encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def _plain(size: tuple[int, int] = (64, 64), mode: str = "RGB") -> Image.Image:
    return Image.new(mode, size, 60 if len(mode) == 1 else None)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


@cache
def _bomb(side: int, bits: int, colour: int) -> bytes:
    """A PNG of side × side black pixels in a few kilobytes."""
    row = b"\0" * (1 + (side * bits + 7) // 8)
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, min(bits, 8), colour, 0, 0, 0)
    parts = _chunk(b"IHDR", head), _chunk(b"IDAT", packed), _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@cache
def _long_text() -> bytes:
    """A PNG with a text of 32 MB in 150 kB, before its pixels."""
    packer = zlib.compressobj(1)
    block = b"x" * 2**20
    packed = b"".join(packer.compress(block) for _ in range(32)) + packer.flush()
    own = _encoded(_plain(), "PNG")
    return own[:33] + _chunk(b"zTXt", b"Comment\0\0" + packed) + own[33:]


def _many_texts() -> bytes:
    texts = PngImagePlugin.PngInfo()
    for number in range(70):
        texts.add_text(f"text {number}", "x" * 2**20, zip=True)
    return _encoded(_plain(), "PNG", pnginfo=texts)


def _claims(width: int, height: int) -> bytes:
    """A small JPEG that claims to be large."""
    own = bytearray(_encoded(_plain(), "JPEG"))
    place = own.index(b"\xff\xc0") + 5
    own[place : place + 4] = struct.pack(">HH", height, width)
    return bytes(own)


EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 64 64\n%%EndComments\nshowpage\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>'

PICTURES: dict[str, Callable[[], tuple[bytes, str]]] = {
    "empty": lambda: (b"", "image/png"),
    "EPS": lambda: (EPS, "image/png"),
    "EPS, named": lambda: (EPS, "application/postscript"),
    "SVG": lambda: (SVG, "image/svg+xml"),
    "HTML": lambda: (b"<!doctype html><script>alert(1)</script>", "text/html"),
    "TIFF": lambda: (_encoded(_plain(), "TIFF"), "image/tiff"),
    "GIF": lambda: (_encoded(_plain(), "GIF"), "image/gif"),
    "BMP": lambda: (_encoded(_plain(), "BMP"), "image/png"),
    "PNG of 16 bits": lambda: (_encoded(_plain(mode="I;16"), "PNG"), "image/png"),
    "palette": lambda: (_encoded(_plain(mode="P"), "PNG", transparency=0), "image/png"),
    "JPEG of four colours": lambda: (_encoded(_plain(mode="CMYK"), "JPEG"), "image/jpeg"),
    "WebP": lambda: (_encoded(_plain(), "WEBP"), "image/webp"),
    "film of PNGs": lambda: (
        _encoded(_plain(), "PNG", save_all=True, append_images=[_plain()]),
        "image/png",
    ),
    "film in WebP": lambda: (
        _encoded(_plain(), "WEBP", save_all=True, append_images=[_plain()]),
        "image/webp",
    ),
    "1 x 30,000": lambda: (_encoded(_plain((1, 30_000)), "PNG"), "image/png"),
    "another shape": lambda: (_encoded(_plain((64, 9)), "PNG"), "image/png"),
    "4 megapixels": lambda: (_bomb(2_048, 24, 2), "image/png"),
    "16 megapixels": lambda: (_bomb(4_096, 24, 2), "image/png"),
    "100 megapixels": lambda: (_bomb(10_000, 1, 0), "image/png"),
    "170 megapixels": lambda: (_bomb(13_038, 1, 0), "image/png"),
    "more than Pillow opens": lambda: (_bomb(14_000, 1, 0), "image/png"),
    "JPEG that claims much": lambda: (_claims(60_000, 60_000), "image/jpeg"),
    "JPEG that claims less": lambda: (_claims(2_048, 2_048), "image/jpeg"),
    "32 MB of text": lambda: (_long_text(), "image/png"),
    "70 MB of texts": lambda: (_many_texts(), "image/png"),
}

MUTATIONS = (
    flipped,
    cut_or_grown,
    other_header,
    other_field,
    near_field,
    named_field,
    other_values,
    other_picture,
)
