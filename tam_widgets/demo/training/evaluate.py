"""Measures a model on held-out scenes: its captions, its answers and its maps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tam_widgets.attribution import METHODS
from tam_widgets.capture.explainer import Explainer
from tam_widgets.demo.language import Group
from tam_widgets.demo.scenes import Scene, scene
from tam_widgets.demo.vocabulary import COLOURS, NOUNS, NUMBERS, lemma
from tam_widgets.evaluation.measures.explanations import score_explanation
from tam_widgets.evaluation.measures.metrics import Scores, aggregate
from tam_widgets.explanation.explanation import Explanation

_COUNTS = {"a": 1, "an": 1, **{word: k + 1 for k, word in enumerate(NUMBERS)}}


@dataclass
class Tally:
    """Number of correct answers and of all answers."""

    right: int = 0
    asked: int = 0

    def add(self, right: bool) -> None:
        """Counts one answer."""
        self.right += right
        self.asked += 1

    @property
    def share(self) -> float | None:
        """Share of correct answers; None if there are none."""
        return round(self.right / self.asked, 4) if self.asked else None


@dataclass
class LanguageFigures:
    """How much of a model's captions and answers is correct, over scenes.

    Attributes:
        precision: Named nouns that are in the scene.
        recall: The scene's nouns that are named.
        colour: Of the painted objects named, those with their colour.
        count: Of the objects named, those with their number.
        relation: Of the scenes with two or three groups, captions with the correct relation and
            first noun.
        caption: Captions that are right word for word.
        answers: Answers that are right word for word, by the question's first two words.
    """

    precision: Tally = field(default_factory=Tally)
    recall: Tally = field(default_factory=Tally)
    colour: Tally = field(default_factory=Tally)
    count: Tally = field(default_factory=Tally)
    relation: Tally = field(default_factory=Tally)
    caption: Tally = field(default_factory=Tally)
    answers: dict[str, Tally] = field(default_factory=dict)

    def add_caption(self, truth: Scene, said: str) -> None:
        """Counts one caption."""
        named = parse(said)
        true = {group.noun: group for group in truth.groups}
        for noun in named:
            self.precision.add(noun in true)
        for noun, group in true.items():
            self.recall.add(noun in named)
            if noun in named:
                self.count.add(named[noun].count == group.count)
            if noun in named and group.colour:
                self.colour.add(named[noun].colour == group.colour)
        if len(truth.groups) > 1:
            first = next(iter(named), None)
            self.relation.add(truth.relation in said and first == truth.groups[0].noun)
        self.caption.add(said == truth.caption)

    def add_answer(self, question: str, true: str, said: str) -> None:
        """Counts one answer."""
        kind = " ".join(question.split()[:2])
        self.answers.setdefault(kind, Tally()).add(said == true)

    def as_dict(self) -> dict[str, Any]:
        """All shares; None if there was nothing to count."""
        names = ("precision", "recall", "colour", "count", "relation", "caption")
        shares: dict[str, Any] = {name: getattr(self, name).share for name in names}
        return shares | {"answers": {kind: tally.share for kind, tally in self.answers.items()}}


def parse(said: str) -> dict[str, Group]:
    """Parses a caption: noun to group, in the order of mention."""
    found: dict[str, Group] = {}
    count, colour = 0, None
    for word in said.rstrip(".").split():
        if word in _COUNTS:
            count, colour = _COUNTS[word], None
        elif word in COLOURS:
            colour = word
        elif lemma(word) in NOUNS:
            found.setdefault(lemma(word), Group(lemma(word), colour, count))
            count, colour = 0, None
    return found


def measure(explainer: Explainer, seeds: Iterable[int]) -> dict[str, Any]:
    """Asks for the caption of every scene and one question about it, and looks at the maps.

    Args:
        explainer: The model, as users load it.
        seeds: Seeds of held-out scenes.

    Returns:
        Shares, and for each method the means of Obj-IoU, Func-IoU and F1-IoU over the captions.
    """
    figures = LanguageFigures()
    scores: dict[str, list[Scores]] = {method: [] for method in METHODS}
    for seed in seeds:
        shown = scene(seed)
        caption = explainer.explain(shown.image, shown.prompt, progress=False)
        figures.add_caption(shown, caption.text.strip())
        for method in METHODS:
            scores[method].append(_score(caption, shown, method))
        question, true = shown.questions[seed % len(shown.questions)]
        said = explainer.explain(shown.image, question, progress=False).text.strip()
        figures.add_answer(question, true, said)
    return figures.as_dict() | {"maps": {name: _means(found) for name, found in scores.items()}}


def _score(caption: Explanation, shown: Scene, method: str) -> Scores:
    category = {group.noun: k + 1 for k, group in enumerate(shown.groups)}
    return score_explanation(caption, shown.labels, category, method)


def _means(scores: list[Scores]) -> dict[str, float]:
    summary = aggregate(scores)
    return {
        name: round(float(getattr(summary, name)), 4) for name in ("obj_iou", "func_iou", "f1_iou")
    }
