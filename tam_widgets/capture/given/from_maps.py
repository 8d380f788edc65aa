"""Makes an explanation of an answer and maps that another tool computed."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ...attribution import METHODS, Method
from ...attribution.method import LARGEST
from ...errors import OptionError
from ...explanation.explanation import Explanation
from ...explanation.geometry import Grid, Rect
from ...explanation.types import StoredImage, Token
from ..inputs.images import ImageSource, load_image, store_image
from .grids import MAX_SIDE, Maps, checked_maps, common_grid, on_grid
from .texts import checked_prompt, checked_texts, log_probabilities_of, tokens_of

ALONE = "map"
"""Name of the method where one array is given without any."""


def from_maps(
    picture: ImageSource | StoredImage,
    tokens: Iterable[str],
    maps: Any,
    *,
    prompt: str = "",
    probabilities: Any = None,
    log_probabilities: Any = None,
    methods: Iterable[Method] = (),
    rect: Sequence[float] | None = None,
    name: str = "",
) -> Explanation:
    """See `Explanation.from_maps`."""
    stored = picture if isinstance(picture, StoredImage) else store_image(load_image(picture))
    texts, asked = checked_texts(tokens), checked_prompt(prompt)
    known = log_probabilities_of(len(texts), probabilities, log_probabilities)
    described = _described(methods)
    given = {own: checked_maps(own, values, len(texts)) for own, values in _named(maps, described)}
    for own in described.keys() - given.keys():
        raise OptionError(f"methods describes {own!r:.80}, of which there are no maps: give both")
    covered = checked_rect(rect, (stored.width, stored.height))
    grid = common_grid([values.shape[1:] for values in given.values()], covered)
    made = explanation_of(stored, tokens_of(asked, texts, known), grid, asked, checked_name(name))
    for own, values in given.items():
        _warn_of_reduction(own, values, grid)
        if not values.any():
            warnings.warn(f"the maps of {own!r:.80} are all 0: nothing is shown", stacklevel=3)
        made = _with_maps(made, described.get(own, Method(own)), values)
    return made


def explanation_of(
    picture: StoredImage, tokens: tuple[Token, ...], grid: Grid, prompt: str, name: str
) -> Explanation:
    """An explanation without raw activations and, so far, without maps.

    Args:
        picture: The picture.
        tokens: The explained tokens.
        grid: Where maps are on the picture.
        prompt: Its text.
        name: What the model is called in views; empty if it has no name.
    """
    from ... import __version__

    named = {"title": name, "model": name} if name else {}
    return Explanation(
        images=(picture,),
        grids=(grid,),
        tokens=tokens,
        provenance={**named, "prompt": prompt, "versions": {"tam_widgets": __version__}},
    )


def checked_name(name: Any) -> str:
    """The name of a model; raises `OptionError` for anything but a text."""
    if not isinstance(name, str) or len(name) > 200:
        raise OptionError(f"name={name!r:.80}: give a text of at most 200 characters")
    return name


def checked_rect(rect: Any, size: tuple[int, int]) -> Rect:
    """What maps cover of a picture, in its pixels; by default all of it.

    Raises:
        OptionError: If it is no rectangle, is empty, or reaches beyond the picture.
    """
    if rect is None:
        return 0.0, 0.0, float(size[0]), float(size[1])
    try:
        left, top, right, bottom = (float(edge) for edge in rect)
    except (TypeError, ValueError) as error:
        raise OptionError(f"rect={rect!r:.80}: give left, top, right, bottom in pixels") from error
    if 0 < right <= 1 and 0 < bottom <= 1 and max(size) > 1:
        raise OptionError(
            f"rect={rect!r:.80}: these seem to be shares of the picture of {size[0]} x {size[1]} "
            "pixels: give left, top, right, bottom in pixels"
        )
    inside = 0 <= left < right <= size[0] and 0 <= top < bottom <= size[1]
    if not inside or not all(map(math.isfinite, (left, top, right, bottom))):
        raise OptionError(
            f"rect={rect!r:.80}: left, top, right, bottom within the picture of {size[0]} x "
            f"{size[1]} pixels are expected"
        )
    return left, top, right, bottom


def _described(methods: Any) -> dict[str, Method]:
    several = list(methods) if isinstance(methods, Iterable) and methods else []
    if isinstance(methods, str | Method) or not all(isinstance(one, Method) for one in several):
        raise OptionError(
            f"methods={methods!r:.80}: give a list of descriptions, such as "
            '[tam_widgets.Method("grad-cam", "Grad-CAM", "arXiv 1610.02391")]'
        )
    return {one.name: one for one in several}


def _named(maps: Any, described: Mapping[str, Method]) -> list[tuple[str, Any]]:
    """Maps with the names of their methods."""
    if not isinstance(maps, Mapping):
        return [(next(iter(described)) if len(described) == 1 else ALONE, maps)]
    if not maps:
        raise OptionError("maps={}: give at least one method's maps")
    for name in maps:
        if not isinstance(name, str) or not name.strip() or len(name) > 200:
            raise OptionError(f"maps[{name!r:.80}]: give each method a name of 1 to 200 characters")
        if name in METHODS:
            raise OptionError(
                f"maps[{name!r}]: this is the name of a method of tam_widgets, which views would "
                f"take it for: give another one, such as {f'{name} (other tool)'!r}"
            )
    return list(maps.items())


def _with_maps(explanation: Explanation, method: Method, given: Maps) -> Explanation:
    """Adds maps, scaled together by the largest value of all tokens."""
    (grid,), start = explanation.grids, explanation.prompt_length
    values = on_grid(given, grid)
    largest = float(np.abs(values).max())
    answer = range(start, len(explanation.tokens))
    maps = np.zeros((len(explanation.tokens), explanation.visual_length), np.float32)
    maps[answer] = values / largest if largest > 0 else values
    rows, cols = given.shape[1:]
    facts = {LARGEST: largest, "given": f"{rows} x {cols}"}
    return explanation.with_maps(method, maps, answer, **facts)


def _warn_of_reduction(name: str, given: Maps, grid: Grid) -> None:
    rows, cols = given.shape[1:]
    if max(rows, cols) > MAX_SIDE:
        warnings.warn(
            f"the maps of {name!r:.80} have {rows} x {cols} values: they are averaged over areas "
            f"to {grid.rows} x {grid.cols} cells, as an explanation keeps at most {MAX_SIDE} a "
            "side of given maps",
            stacklevel=4,
        )
