"""Evaluates explainers on a data set: one call, resumable, one record a sample."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from tqdm.auto import tqdm

from tam_widgets.attribution.maps import Compat
from tam_widgets.errors import EvaluationError, MissingExtraError, TamError
from tam_widgets.evaluation.datasets.item import Dataset, Item
from tam_widgets.evaluation.language import Language, Library, published_or_library
from tam_widgets.evaluation.methods import Method, as_methods
from tam_widgets.evaluation.report import Report
from tam_widgets.evaluation.running import RunningF1
from tam_widgets.evaluation.scoring import Protocol as Scoring
from tam_widgets.evaluation.scoring import failure, score
from tam_widgets.evaluation.store import FORMAT, Json, Store, begin
from tam_widgets.evaluation.text_scores import meteor_variant
from tam_widgets.explanation import Explanation

if TYPE_CHECKING:
    from tam_widgets.explainer import Explainer

PACKAGES = ("numpy", "opencv-python-headless", "tam-widgets", "torch", "transformers")


class Explains(Protocol):
    """What an evaluation needs of an explainer."""

    @property
    def name(self) -> str:
        """What reports call it."""

    def explain(self, image: Any, prompt: Any, *, progress: bool, **generation: Any) -> Explanation:
        """See `Explainer.explain`."""


def evaluate(
    explainer: Explainer | Explains | Sequence[Explainer | Explains],
    dataset: Dataset | Sequence[Item],
    methods: Sequence[str | Method] = ("tam",),
    *,
    folder: str | os.PathLike[str] | None = None,
    compat: Compat = None,
    language: Language | None = None,
    keep_explanations: bool = False,
    progress: bool = True,
    **generation: Any,
) -> Report:
    """Measures explainers on a data set.

    Each answer is generated once and measured with every method. A run that was killed goes on
    where it was when it is called again with the same folder; its result equals that of an
    unbroken run. Samples that cannot be measured are listed with the reason.

    Args:
        explainer: One, or several with different names.
        dataset: Any sequence of items; see `evaluation.datasets`.
        methods: Names of `METHODS`, or `Method`s with settings of their own, such as
            `evaluation.ABLATION`.
        folder: Where the report is kept; a new temporary folder unless given.
        compat: ``"reference"``: maps and metrics as published, and the published word kinds where
            NLTK's data is installed.
        language: Tells word kinds and lemmas, instead of `language.Library`.
        keep_explanations: Also save each explanation, to open it from the report.
        progress: Whether to show a progress bar with the time left and the F1-IoU so far.
        **generation: Passed on to `explain`, such as `max_new_tokens`.

    Returns:
        The report.

    Raises:
        EvaluationError: The data set is empty, or two explainers have one name.
        OptionError: A method is unknown.
        ReportError: The folder holds a report made with other settings, or something else.
        OutputError: A record cannot be written; those before it are kept.
        MissingExtraError: The extra ``eval`` is not installed.
    """
    scoring = Scoring(as_methods(methods), language or _language(compat), compat)
    explainers = _by_name(explainer)
    settings = _settings(explainers, dataset, scoring, generation)
    store = begin(folder or tempfile.mkdtemp(prefix="tam-report-"), settings)
    for name, number in _with_progress(store, scoring.methods[0].name, progress):
        record, explanation = _measured(explainers[name], dataset, number, scoring, generation)
        if keep_explanations and explanation is not None:
            store.add_explanation(name, number, explanation)
        store.add(name, number, record)
    report = Report(store.folder)
    report.save_tables()
    return report


def _language(compat: Compat) -> Language:
    return published_or_library() if compat == "reference" else Library()


def _by_name(explainer: Any) -> dict[str, Explains]:
    several = list(explainer) if isinstance(explainer, Sequence) else [explainer]
    named: dict[str, Explains] = {}
    for one in several:
        name = getattr(one, "name", None)
        if not isinstance(name, str) or not hasattr(one, "explain"):
            raise EvaluationError(
                f"explainer of type {type(one).__name__}: give one Explainer or a list of them"
            )
        if name in named:
            raise EvaluationError(
                f"two explainers are called {name!r}: give each its own, Explainer(…, name=…)"
            )
        named[name] = one
    if not named:
        raise EvaluationError("no explainer: give at least one")
    return named


def _with_progress(store: Store, method: str, progress: bool) -> Iterator[tuple[str, int]]:
    """Models and samples of which there is no record yet."""
    tasks = [(name, number) for name in store.models for number in range(store.items)]
    running = {name: RunningF1(method) for name in store.models}
    open_tasks = []
    for name, number in tasks:
        record = store.record(name, number)
        if record is None:
            open_tasks.append((name, number))
        else:
            running[name].add(record)
    done = len(tasks) - len(open_tasks)
    with tqdm(total=len(tasks), initial=done, unit="answer", disable=not progress) as bar:
        for name, number in open_tasks:
            bar.set_description(name, refresh=False)
            yield name, number
            running[name].add(store.record(name, number) or {})
            bar.set_postfix_str(f"F1-IoU {running[name].value:.3f}", refresh=False)
            bar.update()


def _measured(
    explainer: Explains,
    dataset: Dataset | Sequence[Item],
    number: int,
    scoring: Scoring,
    generation: Mapping[str, Any],
) -> tuple[Json, Explanation | None]:
    known: Json = {"number": number, "model": explainer.name}
    try:
        item = dataset[number]
        known |= {"sample": item.id, "prompt": item.prompt, "captions": list(item.captions)}
        item.labels()  # a mask that cannot be read is found before an answer is generated for it
        explanation = explainer.explain(item.image, item.prompt, progress=False, **generation)
        return known | {"error": None} | score(explanation, item, scoring), explanation
    except MissingExtraError:
        raise  # no fault of the sample
    except TamError as error:
        return {"sample": f"number {number}"} | known | failure(error), None


def _settings(
    explainers: Mapping[str, Explains],
    dataset: Dataset | Sequence[Item],
    scoring: Scoring,
    generation: Mapping[str, Any],
) -> Json:
    if len(dataset) == 0:
        raise EvaluationError("the data set is empty: give at least one sample")
    return {
        "format": FORMAT,
        "dataset": {
            "name": str(getattr(dataset, "name", type(dataset).__name__)),
            "items": len(dataset),
            "first": _id(dataset, 0),
            "last": _id(dataset, len(dataset) - 1),
        },
        "models": {name: _identity(one) for name, one in explainers.items()},
        "methods": {method.name: asdict(method) for method in scoring.methods},
        "compat": scoring.compat,
        "language": scoring.language.name,
        "meteor": meteor_variant(),
        "generation": {key: _plain(value) for key, value in sorted(generation.items())},
        "versions": {package: _version(package) for package in PACKAGES},
    }


def _id(dataset: Dataset | Sequence[Item], number: int) -> str | None:
    try:
        return str(dataset[number].id)
    except TamError:
        return None


def _identity(explainer: Any) -> Json:
    """What tells one model from another of the same name."""
    model = getattr(explainer, "model", None)
    if model is None:
        return {"type": type(explainer).__name__}
    from tam_widgets.loading import classifier_rows

    rows = classifier_rows(model)[:64].detach().float().cpu().numpy()
    return {
        "type": type(model).__name__,
        "dtype": str(model.dtype),
        "classifier": hashlib.sha256(np.ascontiguousarray(rows).tobytes()).hexdigest()[:16],
    }


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else repr(value)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except ImportError:
        return None
