"""Explanations that are there already, in the place of an explainer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from tam_widgets.attribution import Method
from tam_widgets.capture.inputs.images import load_image, store_image
from tam_widgets.errors import EvaluationError, OptionError
from tam_widgets.explanation.explanation import Explanation
from tam_widgets.explanation.given_explanation import check_explanation
from tam_widgets.explanation.types import StoredImage

_Picture = tuple[bytes, int, int]


class GivenExplanations:
    """Explanations to be measured by `evaluate`, such as those of another tool's maps.

    Args:
        explanations: One for each picture of the data set, in any order; or, where a picture has
            several prompts, one for each of them.
        name: What reports call them.

    Attributes:
        name: As above.

    Raises:
        EvaluationError: If there is none, or one does not have exactly one picture.
        OptionError: If it is no list, or one is not an explanation.

    Example:
        >>> given = GivenExplanations(explanations, "their model")          # doctest: +SKIP
        >>> tw.evaluate(given, samples, given.methods)                      # doctest: +SKIP
    """

    def __init__(self, explanations: Iterable[Explanation], name: str) -> None:
        if not isinstance(explanations, Iterable):
            raise OptionError(f"explanations={explanations!r:.80}: give a list of explanations")
        several = list(explanations)
        for one in several:
            check_explanation(one)
            if len(one.images) != 1:
                raise EvaluationError(
                    f"an explanation of {len(one.images)} pictures: a sample has a single one"
                )
        if not several:
            raise EvaluationError("there is no explanation: give at least one")
        self.name = name
        self._explanations = several

    def __repr__(self) -> str:
        return f"<GivenExplanations {self.name!r:.80}: {len(self._explanations)}>"

    @property
    def methods(self) -> list[Method]:
        """The methods of which all have maps, as `evaluate` takes them."""
        first, *others = self._explanations
        return [
            method
            for name, method in first.methods.items()
            if all(name in other.methods for other in others)
        ]

    def explain(
        self,
        image: Any,
        prompt: Any,
        *,
        progress: bool = False,  # noqa: ARG002
        **_generation: Any,
    ) -> Explanation:
        """The explanation of a picture.

        Args:
            image: Whatever `Explainer.explain` takes.
            prompt: Decides where the picture has several explanations.
            progress: Is ignored, as nothing is computed.

        Raises:
            EvaluationError: If there is none, or several.
            ImageError: If the picture cannot be opened.
        """
        stored = store_image(load_image(image))
        found = self._by_picture.get(_picture(stored), [])
        if len(found) > 1:
            found = [one for one in found if one.prompt_text.strip() == str(prompt).strip()]
        if len(found) != 1:
            raise EvaluationError(
                f"{self.name} has {len(found)} explanations of this picture of {stored.width} x "
                f"{stored.height} pixels and its prompt: exactly one is needed, made of the same "
                "picture"
            )
        return found[0]

    def attribute(
        self,
        explanation: Explanation,
        methods: Sequence[Method],
        *,
        progress: bool = False,  # noqa: ARG002
    ) -> Explanation:
        """Raises `EvaluationError`: maps that are not there cannot be computed."""
        names = [method.name for method in methods]
        known = ", ".join(explanation.methods) or "none"
        raise EvaluationError(
            f"{self.name} has no maps of {names}: an explanation's methods are {known}"
        )

    def check_methods(self, methods: Sequence[Method]) -> None:
        """Refuses methods of which some explanation has no maps; raises `EvaluationError`."""
        known = {method.name for method in self.methods}
        missing = [one.name for one in methods if one.registered not in known and not one.maps]
        raw = any(not one.has_activations for one in self._explanations)
        missing += [one.name for one in methods if raw and "activations" in one.reads]
        if missing:
            raise EvaluationError(
                f"{self.name} has no maps of {missing}: give methods=given.methods, or of these "
                f"{', '.join(sorted(known)) or 'none'}. To measure maps of several tools in one "
                "report, put them into the same explanations: Explanation.from_maps takes several "
                "arrays by name, and explanation.with_maps(name, maps) adds some"
            )

    @cached_property
    def digest(self) -> str:
        """Tells these explanations from others of the same name."""
        digest = hashlib.sha256()
        for one in self._explanations:
            digest.update(repr((one.text, list(one.extra_maps))).encode())
            for values in (one.activations, *one.extra_maps.values()):
                digest.update(values.tobytes())
        return digest.hexdigest()[:16]

    @cached_property
    def _by_picture(self) -> dict[_Picture, list[Explanation]]:
        found: dict[_Picture, list[Explanation]] = {}
        for one in self._explanations:
            found.setdefault(_picture(one.images[0]), []).append(one)
        return found


def _picture(stored: StoredImage) -> _Picture:
    return stored.data, stored.width, stored.height
