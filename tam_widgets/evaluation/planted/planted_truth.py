"""Judges methods by models whose reason for a word is known, because it was planted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tam_widgets import demo
from tam_widgets.attribution import Method
from tam_widgets.capture.explainer import Explainer
from tam_widgets.capture.progress import progress_bar
from tam_widgets.demo.vocabulary import lemma
from tam_widgets.errors import OptionError
from tam_widgets.evaluation.execution.fingerprint import weights_digest
from tam_widgets.evaluation.methods import as_methods, settings_of
from tam_widgets.evaluation.planted.measures import measured
from tam_widgets.evaluation.planted.result import PlantedTruth
from tam_widgets.evaluation.planted.word import TRUE_MASK, PlantedWord
from tam_widgets.explanation.explanation import Explanation
from tam_widgets.explanation.storage import make_folder

Mask = NDArray[np.bool_]
Planted = tuple[Explainer, demo.Plant]

_RANDOM_ORDERS: Final = 5
_TRIED: Final = 50  # scenes for one word, at most


def planted_truth(
    methods: Sequence[str | Method] = ("tam", "cam", "random"),
    models: Sequence[str | Planted] | None = None,
    *,
    scenes: int = 20,
    check: bool = False,
    folder: str | Path | None = None,
    progress: bool = True,
) -> PlantedTruth:
    """Measures how much of each method's map lies on the evidence that was planted.

    The words are those that a planted model says for its planted reason, on held-out scenes from
    seed 0 on that call them up; scenes in which it does not say the word are passed over. Beside
    the methods stands the true mask itself. Where no pixel is evidence, maps are computed for all
    words of the answer, as a map is strong or weak only beside the others.

    Args:
        methods: Names of `METHODS`, or `Method`s such as a registered one of your own.
        models: Planted models, such as `["qwen2-vl/mark"]`; by default all of
            `tw.demo.planted()`. A model of your own is a pair of its explainer and its plant.
        scenes: Number of words of each model.
        check: Whether to run the deletion check of each map, too, for `revealed`: it takes some
            hundred passes of the model a word.
        folder: Where each word is kept with its maps, its truth and its check, so that a run that
            was cut off goes on, and methods can be added later. By default nothing is kept.
        progress: Whether to show a progress bar.

    Raises:
        OptionError: If a method or a model is unknown, `scenes` is not positive, `folder` is no
            path, or the folder has words of a model with other weights, or a method's maps with
            other options.
        ReportError: If a file of the folder is damaged.
        OutputError: If the folder cannot be written.

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
    if folder is not None and not isinstance(folder, str | Path):
        raise OptionError(f"folder={folder!r:.80}: give the path of a folder")
    chosen, asked = as_methods(methods), _asked(models)
    rows = []
    with progress_bar(scenes * len(asked), "word", shown=progress) as bar:
        for one in asked:
            kept = None if folder is None else make_folder(Path(folder) / one.slug)
            for word in _words(one, scenes, chosen, check, kept):
                rows += [row for row in measured(word) if row["method"] in _names(chosen)]
                bar.update(1)
    return PlantedTruth(tuple(rows))


class _Asked(NamedTuple):
    """A planted model."""

    model: str
    plant: demo.Plant
    load: Callable[[], Explainer]

    @property
    def slug(self) -> str:
        """A name for its folder."""
        return re.sub(r"[^\w.-]+", "-", f"{self.model}-{self.plant.name}")


def _asked(models: Sequence[str | Planted] | None) -> list[_Asked]:
    shipped = {
        f"{one.model}/{one.name}": _Asked(
            one.model, demo.plant(one.name), partial(demo.explainer, one.model, planted=one.name)
        )
        for one in demo.planted()
    }
    chosen: Any = list(shipped) if models is None else models
    if not isinstance(chosen, list | tuple) or not chosen:
        raise _unknown(models, shipped)
    return [_one(given, shipped) for given in chosen]


def _one(given: Any, shipped: dict[str, _Asked]) -> _Asked:
    if isinstance(given, str) and given in shipped:
        return shipped[given]
    match given:
        case (Explainer() as explainer, demo.Plant() as plant):
            return _Asked(explainer.name, plant, lambda: explainer)
    raise _unknown(given, shipped)


def _unknown(given: Any, shipped: dict[str, _Asked]) -> OptionError:
    return OptionError(
        f"models={given!r:.80}: give a list of planted models, of {', '.join(shipped)}, or "
        "pairs of an explainer and its plant"
    )


def _names(methods: Sequence[Method]) -> set[str]:
    return {TRUE_MASK, *(method.name for method in methods)}


def _words(
    one: _Asked, count: int, methods: Sequence[Method], check: bool, folder: Path | None
) -> Iterator[PlantedWord]:
    """The first planted words, each from the folder as far as it is there."""
    explainer, found = one.load(), 0
    for seed in range(_TRIED * count):
        scene = demo.planted_scene(seed)
        if one.plant.word(scene) is None:
            continue
        if found == count:
            return
        path = None if folder is None else folder / f"{seed:06d}.npz"
        known = _known(path, explainer) if path and path.exists() else None
        word = _added(explainer, one, scene, known, methods, check)
        if word is None:
            continue
        if path and word is not known:
            word.save(path)
        found += 1
        yield word


def _known(path: Path, explainer: Explainer) -> PlantedWord:
    """A word of the folder, if it is of this model."""
    word = PlantedWord.load(path)
    if word.weights != weights_digest(explainer.model):
        raise OptionError(
            f"{path} is of a model {word.model!r} with other weights: give another folder, or "
            "delete that one"
        )
    return word


def _added(
    explainer: Explainer,
    one: _Asked,
    scene: demo.PlantedScene,
    known: PlantedWord | None,
    methods: Sequence[Method],
    check: bool,
) -> PlantedWord | None:
    """A word with all that is asked; None if the model does not say it."""
    missing = _missing(known, methods)
    unchecked = check and (
        known is None or not {method.name for method in methods} <= set(known.deletion)
    )
    if known is not None and not missing and not unchecked:
        return known
    said = explainer.explain(scene.image, scene.prompt, progress=False)
    token = _token(said, one.plant.word(scene))
    if token is None:
        return None
    word = known or _bare(explainer, said, token, one, scene)
    computed = [method for method in (methods if unchecked else missing) if method.maps is None]
    if computed:
        tokens = token if word.places is not None else None
        said = explainer.attribute(said, computed, tokens, progress=False)
    word = replace(
        word,
        maps={**word.maps, **{method.name: said.maps(method)[token] for method in missing}},
        settings={**word.settings, **{method.name: settings_of(method) for method in missing}},
    )
    return _checked(explainer, said, token, word, methods) if unchecked else word


def _missing(known: PlantedWord | None, methods: Sequence[Method]) -> list[Method]:
    """The methods whose maps are not known."""
    if known is None:
        return list(methods)
    for method in methods:
        options = known.settings.get(method.name)
        if options is not None and options != settings_of(method):
            raise OptionError(
                f"the folder has maps of {method.name!r} with the options {options}, asked are "
                f"{settings_of(method)}: give another folder, or the variant another name"
            )
    return [method for method in methods if method.name not in known.maps]


def _token(said: Explanation, word: str | None) -> int | None:
    texts = [(k, one.text) for k, one in enumerate(said.tokens) if one.kind == "answer"]
    return next((k for k, text in texts if lemma(text.strip()) == word), None)


def _bare(
    explainer: Explainer, said: Explanation, token: int, one: _Asked, scene: demo.PlantedScene
) -> PlantedWord:
    """A word without maps."""
    cells = [grid.cell(cell) for grid in said.grids for cell in range(grid.size)]
    places = one.plant.evidence(scene)
    return PlantedWord(
        one.model,
        weights_digest(explainer.model),
        one.plant.name,
        scene.seed,
        said.tokens[token].text.strip(),
        places=np.stack(places) if places else None,
        cells=np.rint(cells).astype(np.int32),
        maps={},
        settings={},
    )


def _checked(
    explainer: Explainer,
    said: Explanation,
    token: int,
    word: PlantedWord,
    methods: Sequence[Method],
) -> PlantedWord:
    """The word with the deletion check of its maps."""
    found = explainer.check(
        said, token, methods, mask=word.truth, random_orders=_RANDOM_ORDERS, progress=False
    )
    areas = {
        TRUE_MASK if order.kind == "mask" else order.name: float(found.deletion(order)[0])
        for order in found.orders
        if order.kind != "centre"
    }
    full, blank = (float(np.exp(log_p[0])) for log_p in (found.log_p_full, found.log_p_blank))
    return replace(word, deletion={**word.deletion, **areas}, p_full=full, p_blank=blank)
