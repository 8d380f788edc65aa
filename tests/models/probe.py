"""Geometry, probed on pixels: paint one cell, and see which visual token reacts most.

What counts is what enters the text decoder, so the probe covers the processor's order of tiles
and frames, the vision tower, and the family's positions and grids together.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from PIL import Image

import tam_widgets as tw
from tam_widgets.capture.inputs.encoding import encode
from tam_widgets.capture.inputs.media import Video
from tam_widgets.explanation.geometry import Grid

from .tiny.parts import decoder

SHAPES = {"square": (168, 168), "wide": (336, 140), "tall": (126, 300)}
FRAMES = 3  # an odd number: the last one fills a temporal patch of two alone

Frames = list[Image.Image]


@dataclass(frozen=True)
class Probed:
    """One cell that was painted: its token, and the one that reacted most."""

    cell: int
    moved: int

    @property
    def hit(self) -> bool:
        return self.cell == self.moved


def photo(size: tuple[int, int], seed: int = 1) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(90, 160, (*size[::-1], 3), dtype=np.uint8)
    return Image.fromarray(pixels)


class _ReachedDecoderError(Exception):
    """The text decoder was called: no need to run it."""

    def __init__(self, embeds: torch.Tensor) -> None:
        super().__init__()
        self.embeds = embeds


@contextmanager
def _interrupting(stack: torch.nn.Module) -> Iterator[None]:
    def hook(_module: torch.nn.Module, _args: Any, given: dict[str, Any]) -> None:
        raise _ReachedDecoderError(entering(given))

    handle = stack.register_forward_pre_hook(hook, with_kwargs=True)
    try:
        yield
    finally:
        handle.remove()


def entering(given: dict[str, Any]) -> torch.Tensor:
    """What a text decoder is given, with what it is to add to visual tokens that are empty."""
    embeds: torch.Tensor = given["inputs_embeds"]
    if added := given.get("deepstack_features"):  # Granite's
        embeds = embeds.clone()
        embeds[given["vision_mask"].squeeze(-1)] += sum(added.values())
    return embeds


def embeddings(
    explainer: tw.Explainer, media: Sequence[Any]
) -> tuple[np.ndarray, tuple[Grid, ...]]:
    """What enters the decoder at each visual token, [visual, c], and the grids."""
    model = explainer.model
    encoded = encode(explainer.family, model, explainer.processor, "What is this?", media)
    with _interrupting(decoder(model)), torch.no_grad():
        try:
            model(**encoded.inputs)
        except _ReachedDecoderError as entered:
            return entered.embeds[0, encoded.visual].float().numpy(), encoded.grids
    raise AssertionError("the model never called its text decoder")


def probe_picture(explainer: tw.Explainer, size: tuple[int, int]) -> list[Probed]:
    """Paints cells of every grid of one picture."""
    return list(_probed(explainer, [photo(size)], lambda frames: frames[0]))


def probe_video(
    explainer: tw.Explainer, size: tuple[int, int], frames: int = FRAMES
) -> list[Probed]:
    """Paints cells of every grid of one video, in the frames that the grid covers."""
    pictures = [photo(size, seed) for seed in range(frames)]
    _check_frames(explainer, Video(pictures))
    return list(_probed(explainer, pictures, lambda frames: Video(frames)))


def _check_frames(explainer: tw.Explainer, video: Video) -> None:
    """The grids cover every frame and none beyond, each at its own time."""
    encoded = encode(explainer.family, explainer.model, explainer.processor, "What?", [video])
    (medium,) = encoded.media
    spans = [(grid.image, grid.image + grid.frames) for grid in encoded.grids]
    covered = {frame for span in spans for frame in range(*span)}
    assert covered == set(range(len(medium.pictures))), "set `image` and `frames` of each grid"
    times = [medium.time(*span) for span in spans]
    assert [grid.time for grid in encoded.grids] == times, "set time=medium.time(first, last + 1)"


def _probed(explainer: tw.Explainer, pictures: Frames, source: Any) -> Iterator[Probed]:
    before, grids = embeddings(explainer, [source(pictures)])
    starts = np.cumsum([0, *(grid.size for grid in grids)])
    for number, grid in enumerate(grids):
        rivals = _rivals(grids, starts, grid)
        for cell in _cells(grid, pictures[0].size):
            after, _ = embeddings(explainer, [source(_painted(pictures, grid, cell))])
            change = np.abs(after - before).sum(axis=1)
            moved = rivals[int(change[rivals].argmax())]
            yield Probed(int(starts[number]) + cell, int(moved))


def _rivals(grids: Sequence[Grid], starts: np.ndarray, grid: Grid) -> np.ndarray:
    """Tokens that may react in a cell's place: a thumbnail shows the same pixels as its tiles."""
    own = [
        np.arange(starts[i], starts[i + 1])
        for i, other in enumerate(grids)
        if other.thumbnail == grid.thumbnail
    ]
    return np.concatenate(own)


def _cells(grid: Grid, size: tuple[int, int]) -> list[int]:
    """Corners and one within, of the part that lies on the picture."""
    seen = [cell for cell in range(grid.size) if _on(grid.cell(cell), size)]
    if not seen:
        return []
    rows, cols = sorted({cell // grid.cols for cell in seen}), {cell % grid.cols for cell in seen}
    corners = {
        row * grid.cols + col for row in (rows[0], rows[-1]) for col in (min(cols), max(cols))
    }
    return sorted({*corners, seen[min(len(seen) // 2 + 1, len(seen) - 1)]})


def _on(rect: tuple[float, ...], size: tuple[int, int]) -> bool:
    left, top, right, bottom = rect
    width = min(right, size[0]) - max(left, 0)
    height = min(bottom, size[1]) - max(top, 0)
    return width > 0.9 * (right - left) and height > 0.9 * (bottom - top)


def _painted(pictures: Frames, grid: Grid, cell: int) -> Frames:
    """Copies with a red patch within the cell; resizing reads a little beyond the cell's edges."""
    copies = [picture.copy() for picture in pictures]
    left, top, right, bottom = grid.cell(cell)
    x, y = (right - left) / 8, (bottom - top) / 8
    rect = tuple(round(edge) for edge in (left + x, top + y, right - x, bottom - y))
    for copy in copies[grid.image : grid.image + grid.frames]:
        copy.paste((255, 0, 0), rect)
    return copies
