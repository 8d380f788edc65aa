"""Whether a word's map is true: the picture is removed in its order, and in random ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...attribution import Method, aggregate_maps
from ...attribution.method import LAYER
from ...contract import CONTRACT
from ...explanation.explanation import Explanation
from ...explanation.faithfulness import FaithfulnessCheck
from .check_json import curves, entry, known
from .question import Asked, Question, Reply, answered_by

if TYPE_CHECKING:
    from ...explanation.check_record import CheckProgress
    from .asker import Asker
    from .job import Job


def _work(asked: Asked, job: Job) -> FaithfulnessCheck:
    explanation = asked.explanation
    tokens = sorted({*explanation.answer_tokens(asked.tokens)})
    facts = _settings(asked, len(tokens))
    explanation, method = as_shown(explanation, asked.arguments.get("method"), tokens, facts)
    label = explanation.method(method).label

    def tell(progress: CheckProgress) -> None:
        order = progress.check.orders[0]
        drawn = curves(progress.check, tokens, order) | {"label": label}
        job.report(progress.done, progress.total, drawn)

    check = asked.model.check(explanation, tokens, [method], progress=tell)
    return replace(check, settings={**check.settings, **facts})


def _take(view: Asker, asked: Asked, check: FaithfulnessCheck) -> Reply:
    view.checks.append(check)
    view.update_explanations(asked.explanation, lambda one: one.with_check(check))
    order = check.orders[0]
    return Reply(entry(asked.explanation, check, tuple(check.tokens), order))


def as_shown(
    explanation: Explanation, name: Any, tokens: list[int], facts: dict[str, Any]
) -> tuple[Explanation, str | Method]:
    """A method whose map of some tokens is the one that a view shows of them together.

    Args:
        explanation: The explanation.
        name: Of the method; not to be trusted.
        tokens: Tokens of the answer, which all get the map of the word that they make up.
        facts: Settings of the view, as `_settings` returns them.

    Returns:
        An explanation with the method, and the method.

    Raises:
        OptionError: If the method is unknown, or has no maps of a token here.
    """
    own = explanation.method(name)
    options = {option: value for option, value in facts.items() if option != "aggregate"}
    maps = explanation.maps(own, **options).copy()
    if len(tokens) > 1:
        joint = aggregate_maps(maps[tokens], facts["aggregate"])
        maps[tokens] = joint / max(1, joint.max())  # a sum may exceed 1
    if own.name in explanation.extra_maps:
        computed = explanation.extra_tokens.get(own.name)
        return explanation.with_maps(own, maps, computed, **own.fixed), own.name
    others = [
        f"{option} {value}"
        for option, value in options.items()
        if value != CONTRACT.settings[option].default
    ]
    called = ", ".join([own.label, *others]) if others else own.name
    label = called if others else own.label
    return explanation, Method(called, label, own.source, maps=lambda _: maps, signed=own.signed)


def _settings(asked: Asked, count: int) -> dict[str, Any]:
    """The view's settings on which the map hangs, kept with the check.

    With `defaults` among the arguments, the map is asked for as it is without any settings.
    """
    if asked.arguments.get("defaults"):
        return {}
    method = asked.explanation.method(asked.arguments.get("method"))  # type: ignore[arg-type]
    own = [name for name in method.defaults if name != LAYER]  # which may mean something else
    options = {name: asked.settings[name] for name in own if name in asked.settings}
    if asked.settings["layer"] and LAYER in method.settable:
        options[LAYER] = asked.settings["layer"]
    return options | ({"aggregate": asked.settings["aggregate"]} if count > 1 else {})


QUESTION = Question("check", _work, _take, known, possible=answered_by("check"))
