"""The caption of a figure: what was explained, by which methods, with which settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...attribution import METHODS, Method
from ...attribution.method import LARGEST
from ...contract import CONTRACT
from ...explanation.explanation import Explanation
from ..stills.settings import StillSettings
from .word_choice import one_line

MOST_LETTERS = 300
"""Of a prompt or an answer; longer ones are cut off."""
_OPTIONS: Mapping[str, str] = {"eci": "ECI", "kernel_size": "window", "border": "border"}


def caption(
    explanations: Sequence[Explanation],
    methods: Sequence[Method],
    settings: StillSettings,
    left_out: Sequence[str] = (),
) -> str:
    """A caption as plain text.

    Args:
        explanations: What was explained.
        methods: Whose maps are shown.
        settings: With which they are computed and drawn.
        left_out: Content words that are not shown.
    """
    parts = [_said(explanations), methods_text([(method, settings) for method in methods])]
    known = any(token.probability is not None for one in explanations for token in one.tokens)
    letters = ["p: the model's probability of the word"] if known else []
    letters += ["max: the map's maximum"] if settings.scale == "token" else []
    if letters:
        parts.append(f"{'; '.join(letters)}.")
    if left_out:
        parts.append(f"Words with weaker maps, not shown: {', '.join(left_out)}.")
    return " ".join(parts)


def methods_text(methods: Sequence[tuple[Method, StillSettings]]) -> str:
    """Methods, each with its settings, and how their maps are drawn."""
    named = dict.fromkeys(_described(*one) for one in methods)
    drawing = methods[0][1]
    drawn = [f"below {drawing.threshold:.0%} of the scale nothing is drawn"]
    how = drawn if drawing.threshold else []
    how += ["the model's cells"] if drawing.cells else ["smoothed between the model's cells"]
    return f"Maps: {'; '.join(named)}; {', '.join(how)}."


def quoted(text: str) -> str:
    """A text in quotes, in one line, cut off where it is long."""
    text = one_line(text)
    return f"“{text}”" if len(text) <= MOST_LETTERS else f"“{text[:MOST_LETTERS].rstrip()}…”"


def ended(text: str) -> str:
    """A sentence with its end, which a quoted one may have already."""
    return text if text.endswith((".”", "!”", "?”", "…”", "。”")) else f"{text}."


def _said(explanations: Sequence[Explanation]) -> str:
    prompts = {one.prompt_text for one in explanations}
    if len(explanations) == 1:
        one = explanations[0]
        prompt = ended(f" Prompt: {quoted(one.prompt_text)}") if one.prompt_text.strip() else ""
        return ended(f"{one.title}.{prompt} Answer: {_answer(one)}")
    if len(prompts) == 1:
        answers = "; ".join(f"{one.title}, {_answer(one)}" for one in explanations)
        return ended(f"Prompt: {quoted(explanations[0].prompt_text)}") + ended(
            f" Answers: {answers}"
        )
    return " ".join(
        ended(f"{one.title}, prompt: {quoted(one.prompt_text)}, answer: {_answer(one)}")
        for one in explanations
    )


def _answer(explanation: Explanation) -> str:
    notes = [CONTRACT.texts.truncated] if explanation.truncated else []
    notes += ["given to the model"] if explanation.given else []
    return quoted(explanation.text) + (f" ({', '.join(notes)})" if notes else "")


def _described(method: Method, settings: StillSettings) -> str:
    known: dict[str, Any] = {
        option.name: settings.map_options[option.name]
        for option in method.options
        if option.name in settings.map_options
    } | dict(method.fixed)
    own = METHODS[method.name].fixed if method.name in METHODS else {}
    known = {name: value for name, value in known.items() if name not in {*own, LARGEST}}
    options = [f"{_OPTIONS.get(name, name)} {_value(value)}" for name, value in known.items()]
    return f"{one_line(method.label)} ({', '.join(options)})" if options else one_line(method.label)


def _value(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else one_line(str(value))[:80]
