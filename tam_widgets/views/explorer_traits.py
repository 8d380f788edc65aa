"""Settings of an explorer that Python and the browser share, and what each may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from ..attribution import METHODS
from ..attribution.rank_gaussian import check_kernel_size
from ..contract import CONTRACT
from ..errors import OptionError, TamError, message_of
from ..explanation.explanation import Explanation
from ..terminal import escaped
from .questions.layers import NO_LAYERS, layer_numbers
from .settings import Pair
from .traits import one_of, synced

if TYPE_CHECKING:
    from ..capture.explainer import Explainer


def _default(name: str) -> Any:
    return CONTRACT.settings[name].default


class ExplorerTraits(anywidget.AnyWidget):
    """The traits that `Explorer` describes; a value that does not fit is refused by name.

    Attributes:
        explanations: One panel each, left to right.
    """

    explanations: tuple[Explanation, ...]
    _methods: list[str]

    selected = synced(traitlets.List())
    method = synced(traitlets.Unicode(_default("method")))
    methods = synced(traitlets.List())
    eci = synced(traitlets.Float(_default("eci")))
    kernel_size = synced(traitlets.Int(_default("kernel_size")))
    border = synced(traitlets.Unicode(_default("border")))
    opacity = synced(traitlets.Float(_default("opacity")))
    colormap = synced(traitlets.Unicode(_default("colormap")))
    scale = synced(traitlets.Unicode(_default("scale")))
    threshold = synced(traitlets.Float(_default("threshold")))
    cells = synced(traitlets.Bool(_default("cells")))
    granularity = synced(traitlets.Unicode(_default("granularity")))
    aggregate = synced(traitlets.Unicode(_default("aggregate")))
    box = synced(traitlets.List())
    counterfactual = synced(traitlets.List())
    contrast = synced(traitlets.Bool(_default("contrast")))
    frame = synced(traitlets.Int(_default("frame")))
    thumbnail = synced(traitlets.Bool(_default("thumbnail")))
    outline = synced(traitlets.Bool(_default("outline")))
    reliance = synced(traitlets.Bool(_default("reliance")))
    layer = synced(traitlets.Int(_default("layer")))

    # what only Python sets
    _header = traitlets.Dict().tag(sync=True)
    _buffers = traitlets.List(traitlets.Bytes()).tag(sync=True)
    _parts = traitlets.Dict().tag(sync=True)
    _questions: Any = traitlets.List().tag(sync=True)
    _known: Any = traitlets.List().tag(sync=True)

    @property
    def explainers(self) -> list[Explainer | None]:
        """The models that answer questions about each panel; None where there is none."""
        raise NotImplementedError

    @traitlets.validate("selected")
    def _validate_selected(self, proposal: Any) -> list[Pair]:
        return [self._pair(pair) for pair in proposal["value"]]

    def _pair(self, pair: Any) -> Pair:
        try:
            panel, token = (int(number) for number in pair)
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(
                f"selected holds {pair!r}: give (panel, token) pairs of integers, such as [(0, 4)]"
            ) from error
        tokens = len(self._panel("selected", panel).tokens)
        _check_index("selected", f"token {token} of panel {panel}", token, tokens)
        return panel, token

    def _panel(self, name: str, panel: int) -> Explanation:
        _check_index(name, f"panel {panel} of this explorer", panel, len(self.explanations))
        return self.explanations[panel]

    @traitlets.validate("box")
    def _validate_box(self, proposal: Any) -> list[Any]:
        value = proposal["value"]
        if not value:
            return []
        try:
            panel, image = int(value[0]), int(value[1])
            left, top, right, bottom = (float(edge) for edge in value[2:])
        except (TypeError, ValueError, IndexError) as error:
            raise traitlets.TraitError(
                f"box={value!r}: give [panel, image, left, top, right, bottom], or [] for none"
            ) from error
        images = self._panel("box", panel).images
        _check_index("box", f"image {image} of panel {panel}", image, len(images))
        width, height = images[image].width, images[image].height
        if not (0 <= left < right <= width and 0 <= top < bottom <= height):
            raise traitlets.TraitError(
                f"box={value!r}: give 0 <= left < right <= {width} and 0 <= top < bottom <= "
                f"{height}, in pixels of the full-size image"
            )
        return [panel, image, left, top, right, bottom]

    @traitlets.validate("counterfactual")
    def _validate_counterfactual(self, proposal: Any) -> list[int]:
        value = proposal["value"]
        if not value:
            return []
        try:
            panel, token, index = value
            panel, token = int(panel), int(token)
            index = index if isinstance(index, str) else int(index)
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(
                f"counterfactual={value!r}: give [panel, token, word] or the word's index among "
                "the alternatives of the explanation, or [] for none"
            ) from error
        explanation = self._panel("counterfactual", panel)
        others = explanation.alternatives
        if isinstance(index, str):
            try:
                index = explanation.alternative(token, index)
            except TamError as error:
                raise traitlets.TraitError(str(error)) from error
        known = [i for i, other in enumerate(others) if other.token == token]
        if index not in known:
            raise traitlets.TraitError(
                f"counterfactual names alternative {index} of token {token} of panel {panel}: that "
                f"token has {', '.join(map(str, known)) or 'none'}"
            )
        return [panel, token, index]

    @traitlets.validate("eci", "opacity", "threshold")
    def _validate_share(self, proposal: Any) -> float:
        value, name = float(proposal["value"]), proposal["trait"].name
        low, high = CONTRACT.settings[name].range
        if not low <= value <= high:
            raise traitlets.TraitError(f"{name}={value}: give a number from {low:g} to {high:g}")
        return value

    @traitlets.validate("kernel_size")
    def _validate_kernel_size(self, proposal: Any) -> int:
        value = int(proposal["value"])
        try:
            for explanation in self.explanations:
                for grid in explanation.grids:
                    check_kernel_size(value, (grid.rows, grid.cols))
        except OptionError as error:
            raise traitlets.TraitError(str(error)) from error
        return value

    @traitlets.validate("frame")
    def _validate_frame(self, proposal: Any) -> int:
        value = int(proposal["value"])
        frames = max(_frames(explanation) for explanation in self.explanations)
        if value and not frames:
            raise traitlets.TraitError(f"frame={value}: there is no video here, leave it at 0")
        if not 0 <= value < max(frames, 1):
            raise traitlets.TraitError(
                f"frame={value}: the longest panel has {frames} frames, give 0 to {frames - 1}"
            )
        return value

    @traitlets.validate("layer")
    def _validate_layer(self, proposal: Any) -> int:
        value = int(proposal["value"])
        pairs = zip(self.explanations, self.explainers, strict=True)
        known = sorted({number for pair in pairs for number in layer_numbers(*pair)})
        if value not in (0, *known):
            given = f"one of {', '.join(map(str, known))}" if known else NO_LAYERS
            raise traitlets.TraitError(f"layer={value}: give 0 for the last layer, or {given}")
        return value

    @traitlets.validate("method")
    def _validate_method(self, proposal: Any) -> str:
        return self._method_with_maps("method", proposal["value"])

    @traitlets.validate("methods")
    def _validate_methods(self, proposal: Any) -> list[str]:
        value, panels = list(proposal["value"]), len(self.explanations)
        if len(value) not in (0, panels):
            raise traitlets.TraitError(
                f"methods={value!r:.200}: give one name for each panel, {panels} in all, or [] for "
                "the same `method` in all; compare(ex, methods=…) makes a panel for each"
            )
        return [self._method_with_maps("methods", name) for name in value]

    def _method_with_maps(self, trait: str, name: str) -> str:
        """The name of a method that the view has maps of; of a registered one it says why not."""
        if name not in self._methods and name in METHODS:
            try:
                for explanation in self.explanations:
                    explanation.maps(name)
            except Exception as error:  # the method is somebody's own code
                raise traitlets.TraitError(
                    f"{trait}={name!r}: there are no maps of it here, because "
                    f"{escaped(message_of(error))}"
                ) from error
        return one_of(trait, name, self._methods)

    @traitlets.validate("border", "colormap", "scale", "granularity", "aggregate")
    def _validate_choice(self, proposal: Any) -> str:
        name = proposal["trait"].name
        return one_of(name, proposal["value"], CONTRACT.settings[name].values)


def _check_index(name: str, what: str, index: int, count: int) -> None:
    if not 0 <= index < count:
        raise traitlets.TraitError(f"{name} names {what}, which has {count}: give 0 to {count - 1}")


def _frames(explanation: Explanation) -> int:
    """How many images are frames of a video."""
    return sum(image.video is not None for image in explanation.images)
