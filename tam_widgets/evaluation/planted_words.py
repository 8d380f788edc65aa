"""Judges methods by models whose reason for a word is known, because it was planted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tam_widgets import demo
from tam_widgets.attribution import Method
from tam_widgets.capture.explainer import Explainer
from tam_widgets.capture.progress import progress_bar
from tam_widgets.demo.vocabulary import lemma
from tam_widgets.errors import OptionError
from tam_widgets.evaluation.methods import as_methods
from tam_widgets.explanation.explanation import Explanation
from tam_widgets.explanation.extras import installed, pandas

Mask = NDArray[np.bool_]
Row = dict[str, Any]

TRUE_MASK: Final = "true mask"
"""The control whose map is the truth itself."""

SHOWN: Final = 0.5
"""From which value of a map, 0..1, on it shows something."""

_MEASURES: Final = ("share", "area", "pointing", "nothing", "revealed")
_DRAWS: Final = 2_000
_RANDOM_ORDERS: Final = 5
_TRIED: Final = 50  # scenes for one word, at most


@dataclass(frozen=True, eq=False, repr=False)
class PlantedTruth:
    """The result of `planted_truth`.

    Attributes:
        words: A row for each word and method: `model`, `plant`, `seed` of the scene, `text`,
            `method`, and the measures of `to_dataframe`, None where they have no meaning.
    """

    words: tuple[Row, ...]

    def __repr__(self) -> str:
        words = {(row["model"], row["plant"], row["seed"]) for row in self.words}
        methods = {row["method"] for row in self.words} - {TRUE_MASK}
        return f"<PlantedTruth of {len(words)} planted words by {len(methods)} methods>"

    def to_dataframe(self) -> Any:
        """Returns a table with a row for each model, plant and method.

        Returns:
            A pandas frame with `model`, `plant`, `method`, the number of `words`, and means, each
            with `…_low` and `…_high`, a 95 % bootstrap interval over scenes; all 0..1:

            - `share`: share of the map's weight on the planted evidence;
            - `area`: share of the picture that the evidence covers, the expected share of a
              random map;
            - `pointing`: share of words whose largest value lies on the evidence, by area where
              a cell lies on its edge;
            - `nothing`: where no pixel is evidence, share of words whose map stays below `SHOWN`;
            - `revealed`: share of words that the deletion check of the map would have revealed:
              they vanish sooner than by each of the random orders.

        Raises:
            MissingExtraError: If pandas is not installed.
        """
        frame = pandas().DataFrame(self.words)
        keys = ["model", "plant", "method"]
        rows = [
            dict(zip(keys, found, strict=True)) | {"words": len(own)} | _means(own)
            for found, own in frame.groupby(keys, sort=False)
        ]
        return pandas().DataFrame(rows)

    def figure(self) -> Any:
        """Draws with plotly each method's share on the evidence, a bar for each planted model."""
        with installed("a figure"):
            from tam_widgets.views.figures import planted_figure

        return planted_figure(self.to_dataframe().dropna(subset="share").to_dict("records"))


def planted_truth(
    methods: Sequence[str | Method] = ("tam", "cam", "random"),
    models: Sequence[str] | None = None,
    *,
    scenes: int = 20,
    check: bool = False,
    progress: bool = True,
) -> PlantedTruth:
    """Measures how much of each method's map lies on the evidence that was planted.

    The words are those that a planted model says for its planted reason, on held-out scenes from
    seed 0 on that call them up; scenes in which it does not say the word are passed over. Beside
    the methods stands the true mask itself.

    Args:
        methods: Names of `METHODS`, or `Method`s such as a registered one of your own.
        models: Planted models, such as `["qwen2-vl/mark"]`; by default all of
            `tw.demo.planted()`.
        scenes: Number of words of each model.
        check: Whether to run the deletion check of each map, too, for `revealed`: it takes some
            hundred passes of the model a word.
        progress: Whether to show a progress bar.

    Raises:
        OptionError: If a method or a model is unknown, or `scenes` is not positive.

    Example:
        >>> import tam_widgets as tw
        >>> found = tw.evaluation.planted_truth(
        ...     ["cam"], ["qwen2-vl/mark"], scenes=4, progress=False
        ... )
        >>> found
        <PlantedTruth of 4 planted words by 1 methods>
    """
    if isinstance(scenes, bool) or not isinstance(scenes, int) or scenes < 1:
        raise OptionError(f"scenes={scenes!r:.80}: give a whole number from 1")
    chosen = as_methods(methods)
    rows: list[Row] = []
    with progress_bar(scenes * len(_models(models)), "word", shown=progress) as bar:
        for model, name in _models(models):
            explainer, plant = demo.explainer(model, planted=name), demo.plant(name)
            for seed, said, token, truth in _words(explainer, plant, scenes):
                base = {"model": model, "plant": name, "seed": seed}
                base["text"] = said.tokens[token].text.strip()
                rows += [
                    base | row for row in _judged(explainer, said, token, truth, chosen, check)
                ]
                bar.update(1)
    return PlantedTruth(tuple(rows))


def _models(models: Sequence[str] | None) -> list[tuple[str, str]]:
    shipped = {f"{one.model}/{one.name}": (one.model, one.name) for one in demo.planted()}
    chosen = list(shipped) if models is None else models
    listed = isinstance(chosen, list | tuple)
    if not listed or not chosen or any(name not in [*shipped] for name in chosen):
        raise OptionError(
            f"models={models!r:.80}: give a list of planted models, of {', '.join(shipped)}"
        )
    return [shipped[name] for name in chosen]


def _words(
    explainer: Explainer, plant: demo.Plant, count: int
) -> Iterator[tuple[int, Explanation, int, Mask | None]]:
    """Of the first scenes whose planted word is said: seed, caption, token and truth."""
    found = 0
    for seed in range(_TRIED * count):
        scene = demo.planted_scene(seed)
        word = plant.word(scene)
        if word is None or found == count:
            continue
        said = explainer.explain(scene.image, scene.prompt, progress=False)
        texts = [(k, one.text) for k, one in enumerate(said.tokens) if one.kind == "answer"]
        token = next((k for k, text in texts if lemma(text.strip()) == word), None)
        if token is not None:
            found += 1
            yield seed, said, token, plant.truth(scene, word)


def _judged(
    explainer: Explainer,
    said: Explanation,
    token: int,
    truth: Mask | None,
    methods: Sequence[Method],
    check: bool,
) -> Iterator[Row]:
    """A row for each method, and for the true mask if there is one."""
    computed = [method for method in methods if method.maps is None]
    if computed:
        said = explainer.attribute(said, computed, token, progress=False)
    revealed = _revealed(explainer, said, token, truth, methods) if check else {}
    for method in methods:
        weights = said.maps(method)[token].clip(min=0).astype(np.float64)
        measured = _nothing(weights) if truth is None else _placed(weights, _cover(said, truth))
        yield _row(method.name, measured, revealed)
    if truth is not None:
        exact = {"share": 1.0, "area": float(truth.mean()), "pointing": 1.0}
        yield _row(TRUE_MASK, exact, revealed)


def _row(name: str, measured: dict[str, float], revealed: dict[str, float]) -> Row:
    row: Row = dict.fromkeys(_MEASURES) | {"method": name} | measured
    return row | {"revealed": revealed.get(name)}


def _placed(weights: NDArray[np.float64], cover: NDArray[np.float64]) -> dict[str, float]:
    """How much of a map lies on the evidence; nothing of one that is empty."""
    total = weights.sum()
    largest = weights == weights.max()
    return {
        "share": float(weights @ cover / total) if total else 0.0,
        "area": float(cover.mean()),
        "pointing": float(cover[largest].mean()) if total else 0.0,
    }


def _nothing(weights: NDArray[np.float64]) -> dict[str, float]:
    return {"nothing": float(weights.max() < SHOWN)}


def _cover(said: Explanation, truth: Mask) -> NDArray[np.float64]:
    """Share of each visual token's cell that the evidence covers, 0..1."""
    shares = []
    for grid in said.grids:
        for cell in range(grid.size):
            left, top, right, bottom = (round(edge) for edge in grid.cell(cell))
            shares.append(truth[top:bottom, left:right].mean())
    return np.array(shares, np.float64)


def _revealed(
    explainer: Explainer,
    said: Explanation,
    token: int,
    truth: Mask | None,
    methods: Sequence[Method],
) -> dict[str, float]:
    """Whether the word vanishes sooner by each map than by every random order."""
    if truth is None:
        return {}
    found = explainer.check(
        said, token, methods, mask=truth, random_orders=_RANDOM_ORDERS, progress=False
    )
    areas = [(order, float(found.deletion(order)[0])) for order in found.orders]
    least = min(area for order, area in areas if order.kind == "random")
    return {
        TRUE_MASK if order.kind == "mask" else order.name: float(area < least)
        for order, area in areas
        if order.kind in ("method", "mask")
    }


def _means(words: Any) -> Row:
    """Means of a frame's words, with the ends of their intervals."""
    row: Row = {}
    for measure in _MEASURES:
        values = words[measure].dropna().to_numpy(np.float64)
        row |= dict(zip((measure, f"{measure}_low", f"{measure}_high"), _ends(values), strict=True))
    return row


def _ends(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """The mean with a 95 % percentile bootstrap interval; NaN without values."""
    if not len(values):
        return np.nan, np.nan, np.nan
    drawn = np.random.default_rng(0).choice(values, (_DRAWS, len(values))).mean(axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(values.mean()), float(low), float(high)
