"""Methods that an evaluation compares, and their maps of one answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tam_widgets.attribution import METHODS, method_options, token_activation_maps
from tam_widgets.attribution.maps import Compat, check_kernel, filter_grids, strength_of
from tam_widgets.attribution.rank_gaussian import Border, check_border, check_kernel_size
from tam_widgets.errors import OptionError
from tam_widgets.explanation.explanation import Explanation

Floats = NDArray[np.float32]
ANY_GRID = (1024, 1024)


@dataclass(frozen=True)
class Method:
    """A method with its settings.

    Attributes:
        name: What reports call it.
        steps: ``"tam"``, ``"tam-no-eci"``, ``"tam-no-rgf"`` or ``"cam"``.
        kernel_size: Odd filter window in visual tokens, where it filters.
        eci: Strength of the causal inference, 0..1, where it infers.
        border: What the filter's windows see beyond a grid, ``"reflect"`` or ``"repeat"``.

    Raises:
        OptionError: An option is unknown or outside its range.
    """

    name: str
    steps: str = "tam"
    kernel_size: int = 3
    eci: float = 1.0
    border: Border = "reflect"

    def __post_init__(self) -> None:
        method_options(self.steps)
        strength_of(self.eci)
        check_kernel_size(self.kernel_size, ANY_GRID)
        check_border(self.border)

    @property
    def strength(self) -> float:
        """The strength with which it subtracts interference; 0 where it does not."""
        return float(self.eci) if METHODS[self.steps]["eci"] else 0.0

    @property
    def filters(self) -> bool:
        """Whether it applies the rank Gaussian filter."""
        return METHODS[self.steps]["rgf"]


ABLATION = (
    Method("CAM", "cam"),
    Method("CAM + ECI", "tam-no-rgf"),
    Method("CAM + RGF", "tam-no-eci"),
    Method("TAM"),
    Method("TAM, kernel 1", kernel_size=1),
    Method("TAM, kernel 5", kernel_size=5),
    Method("TAM, kernel 7", kernel_size=7),
)
"""What each step brings, and the filter's window (TAM's is 3), as in the paper's ablation."""


def as_methods(methods: Sequence[str | Method], compat: Compat = None) -> tuple[Method, ...]:
    """Methods from names and methods.

    Raises:
        OptionError: There is none, one is unknown, two have one name, or one contradicts
            ``compat="reference"``.
    """
    if isinstance(methods, str) or not methods:
        raise OptionError(f'methods={methods!r}: give a list, such as ["tam", "cam"]')
    found = tuple(m if isinstance(m, Method) else Method(m, m) for m in methods)
    names = [method.name for method in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise OptionError(f"several methods are called {twice}: give each a name of its own")
    other = [method.name for method in found if method.border != "reflect"]
    if compat and other:
        raise OptionError(
            f"compat={compat!r} with {other}, whose border is not 'reflect' as in the published "
            "code: drop these methods or compat"
        )
    return found


class AnswerMaps:
    """Maps of an answer's tokens; what several methods share is computed once."""

    def __init__(self, explanation: Explanation, compat: Compat) -> None:
        self._explanation, self._compat = explanation, compat
        self._unfiltered: dict[float, Floats] = {}

    def unfiltered(self, method: Method) -> Floats:
        """Jointly normalised, before the filter: float32 [answer tokens, visual] in 0..1."""
        strength = method.strength
        if strength not in self._unfiltered:
            maps = token_activation_maps(
                self._explanation, eci=strength, rgf=False, compat=self._compat
            )
            self._unfiltered[strength] = maps[self._explanation.answer_slice]
        return self._unfiltered[strength]

    def of(self, method: Method) -> Floats:
        """What the method shows: float32 [answer tokens, visual] in 0..1.

        Raises:
            OptionError: The filter's window does not fit the grid.
        """
        maps = self.unfiltered(method)
        if not method.filters:
            return maps
        check_kernel(self._explanation.grids, method.kernel_size)
        return filter_grids(maps.copy(), self._explanation.grids, method.kernel_size, method.border)
