"""Explains, measures and stores one sample of one model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from tam_widgets.attribution import Method
from tam_widgets.capture.served.served_model import ServedModel
from tam_widgets.errors import EvaluationError, MissingExtraError
from tam_widgets.evaluation.datasets.sample import Dataset, Sample
from tam_widgets.evaluation.execution.ids import SharedIdError, add_id, checked_sample
from tam_widgets.evaluation.given_explanations import GivenExplanations
from tam_widgets.evaluation.measures.faithfulness import check_protocol, check_words
from tam_widgets.evaluation.measures.scoring import Scoring, failure, score_sample
from tam_widgets.evaluation.methods import carrying, needed_layers
from tam_widgets.evaluation.storage.cards import Card, make_card
from tam_widgets.evaluation.storage.report_folder import ReportFolder
from tam_widgets.evaluation.storage.schema import Json
from tam_widgets.explanation.explanation import Explanation


class Explains(Protocol):
    """What an evaluation needs of an explainer."""

    @property
    def name(self) -> str:
        """What reports call it."""

    def explain(self, image: Any, prompt: Any, *, progress: bool, **generation: Any) -> Explanation:
        """See `Explainer.explain`."""


@dataclass(frozen=True)
class Measured:
    """What is stored of one sample; only the record if it could not be measured."""

    record: Json
    card: Card | None = None
    explanation: Explanation | None = None


@dataclass(frozen=True)
class Measurement:
    """What every sample of a run shares.

    Attributes:
        dataset: Where samples come from.
        scoring: How answers are measured.
        generation: Passed on to `explain`.
        keep_explanations: Whether explanations are saved next to the records.
        faithfulness: The protocol by which the words that name an object are checked, if any.
        numbers: Those of the samples that are known, by their ids.
    """

    dataset: Dataset | Sequence[Sample]
    scoring: Scoring
    generation: Mapping[str, Any]
    keep_explanations: bool
    faithfulness: str | None = None
    numbers: dict[str, int] = field(default_factory=dict)

    def add(self, folder: ReportFolder, explainer: Explains, number: int) -> Json:
        """Measures a sample and writes its files, the record last.

        Raises:
            OutputError: A file cannot be written; the record is not written then.
            MissingExtraError: The extra ``eval`` is not installed.
            SharedIdError: Another sample has the same id.
        """
        measured = self.measure(explainer, number)
        if self.keep_explanations and measured.explanation is not None:
            folder.add_explanation(explainer.name, number, measured.explanation)
        if measured.card is not None:
            folder.add_card(explainer.name, number, measured.card)
        folder.add(explainer.name, number, measured.record)
        return measured.record

    @property
    def _options(self) -> dict[str, Any]:
        """Keywords of `explain`, with the layers that methods need."""
        given, needed = self.generation.get("layers"), needed_layers(self.scoring.methods)
        if not needed or given == "all":
            return dict(self.generation)
        return {**self.generation, "layers": sorted({*(given or ()), *needed})}

    def measure(self, explainer: Explains, number: int) -> Measured:
        """Explains and measures a sample."""
        known: Json = {"number": number, "model": explainer.name}
        try:
            sample = checked_sample(self.dataset[number], number)
            add_id(self.numbers, str(sample.id), number)
            known |= {
                "sample": str(sample.id),
                "prompt": sample.prompt,
                "captions": list(sample.captions),
            }
            sample.labels()  # an unreadable mask is found before an answer is generated for it
            explanation = explainer.explain(
                sample.image, sample.prompt, progress=False, **self._options
            )
            explanation = attributed(explainer, explanation, self.scoring.methods)
            scored = score_sample(explanation, sample, self.scoring)
            words = next(iter(scored.record["methods"].values()))
            card = make_card(explanation, words, scored.shown, scored.rect, scored.outlines)
            record = scored.record
            if self.faithfulness is not None:
                methods, compat = self.scoring.methods, self.scoring.compat
                explanation, rows = check_words(
                    explainer,
                    explanation,
                    sample,
                    methods,
                    record["methods"],
                    self.faithfulness,
                    compat,
                )
                record |= {"methods": rows}
            kept = carrying(explanation, self.scoring.methods, self.scoring.compat)
            return Measured(known | {"error": None} | record, card, kept)
        except (MissingExtraError, SharedIdError):
            raise  # no fault of this sample alone
        except Exception as error:  # a night's run does not end with one picture too large
            return Measured({"sample": f"number {number}"} | known | failure(error))


def attributed(explainer: Any, explanation: Explanation, methods: Sequence[Method]) -> Explanation:
    """The explanation with the maps of those methods that need the model, for the whole answer."""
    missing = [one for one in methods if not one.maps and one.name not in explanation.extra_maps]
    if not missing:
        return explanation
    found: Explanation = explainer.attribute(explanation, missing, progress=False)
    return found


def check_explainers(
    explainers: Mapping[str, Explains], methods: Sequence[Method], faithfulness: str | None
) -> None:
    """Refuses what needs a model where an explainer has none.

    Raises:
        OptionError: The protocol is unknown, or has no curves.
        EvaluationError: An explainer can neither compute a method nor check its maps.
    """
    check_protocol(faithfulness)
    computed = [method.name for method in methods if method.model_maps]
    for name, one in explainers.items():
        if isinstance(one, GivenExplanations):
            one.check_methods(methods)
        if computed and not hasattr(one, "attribute"):
            raise EvaluationError(
                f"{computed} are computed with the model, and {name} ({type(one).__name__}) has no "
                "method `attribute` for that: give an Explainer, or leave these methods out"
            )
        if faithfulness is not None and not hasattr(one, "check"):
            raise EvaluationError(
                f"faithfulness is checked with the model, and {name} ({type(one).__name__}) has no "
                "method `check` for that: give an Explainer, or leave faithfulness out"
            )


def by_name(explainer: Any) -> dict[str, Explains]:
    """Explainers by their names.

    Raises:
        EvaluationError: None is given, one is not an explainer or a `ServedModel`, or two share a
            name.
    """
    several = list(explainer) if isinstance(explainer, Sequence) else [explainer]
    named: dict[str, Explains] = {}
    for one in several:
        name = getattr(one, "name", None)
        if isinstance(one, ServedModel):
            raise EvaluationError(
                f"{name or 'a served model'} (ServedModel) writes no answers, so that it cannot be "
                "evaluated: explain the answers with it first, "
                "served.attribute(served.explain(picture, prompt, answer)), and give "
                "GivenExplanations(explanations, name)"
            )
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
