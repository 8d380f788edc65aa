"""What an evaluation compares: methods, and their maps of one answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tam_widgets.attribution import METHODS, Method, method_named, token_activation_maps
from tam_widgets.attribution.interference import Floats
from tam_widgets.attribution.maps import Compat, border_of, check_kernel, filter_grids
from tam_widgets.contract import CONTRACT
from tam_widgets.errors import OptionError
from tam_widgets.explanation.explanation import Explanation

Json = dict[str, Any]

_TAM = METHODS["tam"]

ABLATION = (
    METHODS["cam"].variant("CAM"),
    METHODS["tam-no-rgf"].variant("CAM + ECI"),
    METHODS["tam-no-eci"].variant("CAM + RGF"),
    _TAM.variant("TAM"),
    *(_TAM.variant(f"TAM, kernel {size}", kernel_size=size) for size in (1, 5, 7)),
)
"""What each step brings, and the filter's window (TAM's is 3), as in the paper's ablation."""


def as_methods(methods: Sequence[str | Method], compat: Compat = None) -> tuple[Method, ...]:
    """Methods from names and `Method`s.

    Raises:
        OptionError: No method is given, one is unknown, two share a name, or one contradicts
            ``compat="reference"``.
    """
    if isinstance(methods, str | Method) or not methods:
        raise OptionError(f'methods={methods!r}: give a list, such as ["tam", "cam"]')
    found = tuple(method_named(method) for method in methods)
    names = [method.name for method in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise OptionError(f"several methods are called {twice}: give each a name of its own")
    own = {method.name for method in CONTRACT.methods}
    taken = [method.name for method in found if method.name in own and not method.in_browser]
    if taken:
        raise OptionError(f"{taken} are names of TAM's own methods: give these methods others")
    other = [m.name for m in found if m.defaults.get("border") not in (None, "reflect")]
    if compat and other:
        raise OptionError(
            f"compat={compat!r} with {other}, whose border is not 'reflect' as in the published "
            "code: drop these methods or compat"
        )
    layered = [method.name for method in found if method.layer is not None]
    if compat and layered:
        raise OptionError(
            f"compat={compat!r} with {layered}, which are of other layers than the published "
            "code's last: drop these methods or compat"
        )
    return found


def needed_layers(methods: Sequence[Method]) -> list[int]:
    """The decoder layers to which methods are fixed, in order."""
    return sorted({method.layer for method in methods if method.layer is not None})


def settings_of(method: Method, compat: Compat = None) -> Json:
    """A method's options as JSON values, but those that every evaluation has of its own."""
    options = method.defaults
    if "border" in options:
        options["border"] = border_of(options["border"], compat)
    return {
        name: value if isinstance(value, str | int | float | bool) else repr(value)
        for name, value in options.items()
        if value is not None
    }


def carrying(
    explanation: Explanation, methods: Sequence[Method], compat: Compat = None
) -> Explanation:
    """The explanation with the maps that no view can compute from what a file holds."""
    for method in methods:
        if not method.in_browser and method.name not in explanation.extra_maps:
            maps = explanation.maps(method, compat=compat)
            explanation = explanation.with_maps(method, maps)
    return explanation


class AnswerMaps:
    """Maps of an answer's tokens; what several methods share is computed once."""

    def __init__(self, explanation: Explanation, compat: Compat) -> None:
        self._explanation, self._compat = explanation, compat
        self._made: dict[object, Floats] = {}

    def unfiltered(self, method: Method) -> Floats:
        """Before TAM's filter: float32 [answer tokens, visual] in 0..1."""
        if method.maps is not token_activation_maps:
            return self._kept(
                method.name,
                lambda: self._explanation.maps(method, compat=self._compat).clip(0, 1),
            )
        given = {**method.defaults, **method.fixed}
        options = {name: given[name] for name in ("eci", "compat", "leave_out")}
        options["compat"] = options["compat"] or self._compat
        return self._kept(
            (method.layer, *options.values()),
            lambda: token_activation_maps(
                self._explanation.at_layer(method.layer), rgf=False, **options
            ),
        )

    def of(self, method: Method) -> Floats:
        """What the method shows, of one with a sign what speaks for a token; as `unfiltered`.

        Raises:
            OptionError: The filter's window does not fit the grid, or the method needs the model
                and the explanation carries no map of it.
        """
        maps = self.unfiltered(method)
        if method.maps is not token_activation_maps or not method.fixed["rgf"]:
            return maps
        grids, window = self._explanation.grids, method.defaults["kernel_size"]
        check_kernel(grids, window)
        border = border_of(method.defaults["border"], method.defaults["compat"] or self._compat)
        return filter_grids(maps.copy(), grids, window, border)

    def _kept(self, key: object, make: Any) -> Floats:
        if key not in self._made:
            self._made[key] = make()[self._explanation.answer_slice]
        return self._made[key]
