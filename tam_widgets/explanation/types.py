"""The parts of an explanation besides its matrices: pictures, tokens, turns, alternatives."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from .pictures import opened, unreadable

if TYPE_CHECKING:
    from PIL import Image

TokenKind = Literal["prompt", "answer"]
"""Which text a token or a word belongs to."""
Role = Literal["user", "assistant"]


@dataclass(frozen=True)
class StoredImage:
    """An encoded picture for views, upright.

    Attributes:
        data: PNG, JPEG or WebP bytes of at most 2048 pixels per side.
        mime: Their media type.
        width: Full width in pixels of the upright picture, before it was scaled down.
        height: Full height.
        video: Index of the video if it is a frame; `None` for a picture.
        time: Time of the frame, in seconds from the start of the video.
    """

    data: bytes = field(repr=False)
    mime: str
    width: int
    height: int
    video: int | None = None
    time: float | None = None

    @classmethod
    def lossless(
        cls,
        picture: Image.Image,
        size: tuple[int, int],
        video: int | None = None,
        time: float | None = None,
    ) -> StoredImage:
        """A picture that is encoded as PNG when its bytes are first needed; often they never are.

        Args:
            picture: RGB; it must not be changed afterwards.
            size: Full width and height.
            video: As the attribute.
            time: As the attribute.
        """
        stored = cls.__new__(cls)
        width, height = size
        known = {"mime": "image/png", "width": width, "height": height, "video": video}
        vars(stored).update(known, time=time, _picture=picture)
        return stored

    def __getattr__(self, name: str) -> Any:
        picture = vars(self).get("_picture")
        if name != "data" or picture is None:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        buffer = io.BytesIO()
        # Only runs and Huffman codes: a third of the time for a few per cent more bytes.
        picture.save(buffer, "PNG", compress_level=1, compress_type=zlib.Z_RLE)
        return vars(self).setdefault(name, buffer.getvalue())

    def opened(self, size: tuple[int, int] | None = None) -> Image.Image:
        """The picture in RGB, of at most 2048 pixels per side.

        Args:
            size: Width and height that suffice: a larger JPEG is decoded smaller, which is faster.

        Raises:
            ImageError: If the bytes are damaged, or their format is not `mime`.
        """
        known: Image.Image | None = vars(self).get("_picture")
        if known is not None:
            return known.copy()
        with opened(self) as encoded:
            try:
                if size is not None:
                    encoded.draft("RGB", size)
                return encoded.convert("RGB")
            except Exception as error:  # a decoder may raise anything
                raise unreadable(self, error) from error

    def at_full_size(self) -> Image.Image:
        """The picture in RGB at full size, enlarged where it is stored smaller.

        Raises:
            ImageError: As `opened`.
        """
        from PIL import Image

        picture, size = self.opened(), (self.width, self.height)
        return picture if picture.size == size else picture.resize(size, Image.Resampling.BICUBIC)


@dataclass(frozen=True)
class Candidate:
    """One of the most probable tokens at some position.

    Attributes:
        id: Vocabulary id.
        text: Decoded text.
        probability: Softmax over the whole vocabulary, 0..1.
    """

    id: int
    text: str
    probability: float


@dataclass(frozen=True)
class Token:
    """One explained token.

    Attributes:
        id: Vocabulary id.
        text: Its own part of the text; empty for a piece of an incomplete character.
        kind: `"prompt"` or `"answer"`.
        span: Start and end character in the texts of its kind, which are joined by line ends.
        probability: Of this token at its position, 0..1; `None` if nothing predicted it.
        candidates: The most probable tokens there, best first.
        special: Whether it is a special token, such as the end of an answer, not part of the text.
    """

    id: int
    text: str
    kind: TokenKind
    span: tuple[int, int]
    probability: float | None = None
    candidates: tuple[Candidate, ...] = ()
    special: bool = False


@dataclass(frozen=True)
class Turn:
    """One message of a conversation, as a part of the explained tokens.

    Attributes:
        role: `"user"` or `"assistant"`.
        start: Index of its first token.
        stop: Index after its last token.
    """

    role: Role
    start: int
    stop: int


def single_turn(prompt_length: int, tokens: int) -> tuple[Turn, ...]:
    """The turns of a prompt and its answer."""
    return Turn("user", 0, prompt_length), Turn("assistant", prompt_length, tokens)


def context_ends(turns: Sequence[Turn]) -> NDArray[np.int64]:
    """Number of leading relevances that count for each token, int64 [tokens].

    For a token of any answer those before it; for one of a prompt, as published, those up to the
    end of the prompt.
    """
    ends: list[int] = []
    for turn in turns:
        own = range(turn.start, turn.stop)
        ends += own if turn.role == "assistant" else [turn.stop] * len(own)
    return np.array(ends, np.int64)


@dataclass(frozen=True)
class Alternative:
    """Another word in place of an answer token, with its own rows in the record.

    Attributes:
        token: Index of the answer token that it replaces.
        text: Its text.
        ids: Vocabulary ids, one row each; several if the text is not a single token. Then each
            piece is explained in the token's place, and the largest values are shown.
        probability: Of the first piece at that position, 0..1.
    """

    token: int
    text: str
    ids: tuple[int, ...]
    probability: float | None = None
