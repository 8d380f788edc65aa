"""Measures an explained answer, as a record of plain JSON values: all that a report shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tam_widgets.attribution import Method
from tam_widgets.attribution.maps import Compat
from tam_widgets.errors import TamError, message_of
from tam_widgets.evaluation.datasets.sample import Sample
from tam_widgets.evaluation.measures.contours import contours
from tam_widgets.evaluation.measures.evidence import NO_EVIDENCE, evidence, inside_picture
from tam_widgets.evaluation.measures.explanations import checked_mask, labels_in, mosaic_of, seen
from tam_widgets.evaluation.measures.inputs import as_shown
from tam_widgets.evaluation.measures.metrics import score_maps
from tam_widgets.evaluation.measures.text_scores import text_scores
from tam_widgets.evaluation.measures.word_outcomes import WordOutcome, outcomes_of
from tam_widgets.evaluation.methods import AnswerMaps
from tam_widgets.evaluation.words.categories import Lemma
from tam_widgets.evaluation.words.language import Language
from tam_widgets.evaluation.words.parts_of_speech import PartOfSpeech
from tam_widgets.explanation.explanation import Explanation
from tam_widgets.explanation.geometry import Rect
from tam_widgets.explanation.mosaic import Mosaic
from tam_widgets.explanation.words import Word, words
from tam_widgets.views.outline import Ring

Json = dict[str, Any]

NO_OBJECT = "the picture shows no object of a category"
NO_NOUN = "the answer has no noun"
MOST_LABELS = 5
"""Labels that a note names."""


@dataclass(frozen=True)
class Scoring:
    """How answers are measured.

    Attributes:
        methods: What is compared.
        language: Tells parts of speech and lemmas.
        compat: ``"reference"``: maps and metrics as published.
    """

    methods: tuple[Method, ...]
    language: Language
    compat: Compat = None

    @property
    def lemma(self) -> Lemma:
        """How nouns are matched to categories."""
        return self.language.lemma


@dataclass(frozen=True)
class Scored:
    """A measured answer.

    Attributes:
        record: The answer with its text scores, the categories in the picture, and a row per word
            for each method.
        shown: The maps that each method shows, uint8 [answer tokens, rows, cols].
        rect: What these cover, in pixels of the upright full-size picture.
        outlines: Those of the categories that the picture shows, by their names.
    """

    record: Json
    shown: Mapping[str, NDArray[np.uint8]]
    rect: Rect
    outlines: Mapping[str, Sequence[Ring]]


@dataclass(frozen=True)
class _Answer:
    """What all methods share of one answer."""

    explanation: Explanation
    mosaic: Mosaic
    maps: AnswerMaps
    words: Sequence[Word]
    parts_of_speech: Sequence[PartOfSpeech]
    whole: NDArray[np.integer[Any]]
    mask: NDArray[np.integer[Any]]

    @cached_property
    def labels(self) -> set[int]:
        """Labels of the whole mask."""
        return labels_in(self.whole)

    @cached_property
    def inside(self) -> NDArray[np.bool_]:
        """Cells in the picture, [rows, cols]."""
        image = self.explanation.images[0]
        return inside_picture(self.mosaic.grid, image.width, image.height)

    @cached_property
    def texts(self) -> list[str]:
        return [word.text for word in self.words]

    @cached_property
    def groups(self) -> list[tuple[int, ...]]:
        """The pieces of each word as rows of the answer's maps."""
        first = self.explanation.prompt_length
        return [tuple(token - first for token in word.tokens) for word in self.words]


def score_sample(explanation: Explanation, sample: Sample, scoring: Scoring) -> Scored:
    """Measures one answer.

    Args:
        explanation: Of the sample's picture.
        sample: What it is measured against.
        scoring: How it is measured.

    Raises:
        EvaluationError: The mask's size is not the picture's, there are several pictures, or the
            tiles do not form one grid.
        DatasetError: The mask cannot be read.
        OptionError: A filter's window does not fit the grid.
    """
    answer = _answer(explanation, sample, scoring)
    shown = {m.name: _shown(answer, m) for m in scoring.methods}
    methods = {m.name: _method(answer, sample, scoring, m, shown[m.name]) for m in scoring.methods}
    named = {row["category"] for row in next(iter(methods.values())) if row["category"]}
    inner = _names(sample, labels_in(answer.mask))
    whole = _names(sample, answer.labels)
    notes = [] if whole else [NO_OBJECT]
    notes += [] if "noun" in answer.parts_of_speech else [NO_NOUN]
    notes += [*unnamed(sample.category, answer.labels), *sample.notes]
    record = {
        "answer": explanation.text.strip(),
        "truncated": explanation.truncated,
        "text": asdict(text_scores(explanation.text.strip(), sample.captions)),
        "shown": inner,
        "not_seen": [name for name in whole if name not in inner],
        "missed": [name for name in inner if name not in named],
        "notes": notes,
        "methods": methods,
    }
    outlines = contours(answer.whole, sample.category)
    return Scored(record, shown, answer.mosaic.grid.rect, outlines)


def failure(error: Exception) -> Json:
    """The record of a sample that could not be measured."""
    kind = type(error).__name__
    message = str(error) if isinstance(error, TamError) else f"{kind}: {message_of(error)}"
    return {"error": {"type": kind, "message": message}}


def _answer(explanation: Explanation, sample: Sample, scoring: Scoring) -> _Answer:
    mosaic = mosaic_of(explanation)
    whole = checked_mask(explanation, mosaic.grid, sample.labels())
    found = words(explanation.tokens, "answer")
    return _Answer(
        explanation,
        mosaic,
        AnswerMaps(explanation, scoring.compat),
        found,
        scoring.language.parts_of_speech([word.text for word in found]) if found else [],
        whole,
        whole if scoring.compat == "reference" else seen(whole, mosaic.grid),
    )


def unnamed(category: Mapping[str, int], labels: set[int]) -> list[str]:
    """A note of a mask's labels that no category has; none where nothing is labelled at all."""
    found = sorted(labels - {0, *category.values()}) if category else []
    more = f" and {len(found) - MOST_LABELS} more" if len(found) > MOST_LABELS else ""
    shown = ", ".join(map(str, found[:MOST_LABELS]))
    return [f"labels of the mask without a category: {shown}{more}"] if found else []


def _names(sample: Sample, labels: set[int]) -> list[str]:
    return sorted({name for name, label in sample.category.items() if label in labels})


def _shown(answer: _Answer, method: Method) -> NDArray[np.uint8]:
    return as_shown(answer.mosaic.planes(answer.maps.of(method)))


def _method(
    answer: _Answer, sample: Sample, scoring: Scoring, method: Method, shown: NDArray[np.uint8]
) -> list[Json]:
    scores = score_maps(
        shown,
        answer.texts,
        answer.groups,
        answer.mask,
        sample.category,
        answer.parts_of_speech,
        scoring.compat,
        scoring.lemma,
    )
    outcomes = outcomes_of(
        scores, answer.texts, answer.parts_of_speech, sample.category, answer.labels, scoring.lemma
    )
    nouns = _evidence(answer, method, shown, [one for one in outcomes if one.threshold is not None])
    rows = []
    for entry in outcomes:
        tokens = [token for i in entry.words for token in answer.words[i].tokens]
        rows.append(vars(entry) | nouns.get(entry.words, NO_EVIDENCE) | {"tokens": tokens})
    return rows


def _evidence(
    answer: _Answer, method: Method, shown: NDArray[np.uint8], nouns: Sequence[WordOutcome]
) -> dict[tuple[int, ...], Json]:
    explanation = answer.explanation
    raw = explanation.activations[explanation.answer_slice]
    unfiltered = answer.maps.unfiltered(method)
    found = {}
    for noun in nouns:
        pieces = [piece for i in noun.words for piece in answer.groups[i]]
        facts = evidence(pieces, raw, unfiltered, shown, noun.threshold or 0.0, answer.inside)
        found[noun.words] = vars(facts)
    return found
