"""A method: how maps are computed, and what views need to know about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import numpy as np

from ..errors import OptionError
from .functions import check_function, returned_numbers
from .interference import Floats
from .maps import Activations
from .options import TAM_OPTIONS, Option, check_layer

LAYER = "layer"
"""Option of all methods from the record: the decoder layer whose states give the maps."""

LARGEST = "largest"
"""What the maps that an explanation keeps were divided by, among the method's fixed values."""

ROUNDING = 1e-4
"""Floating-point noise by which a map's values may exceed their range."""


NOT_STATED: Final = "not stated"
"""In place of its passes, of a method with the model that does not say what it costs."""


class Passes(NamedTuple):
    """What a method costs, in passes of the model over input and answer.

    Example:
        >>> Passes(9) + Passes(1, 20)
        Passes(forward=10, backward=20)
    """

    forward: int = 0
    backward: int = 0

    def __add__(self, other: Any) -> Passes:
        return Passes(self.forward + other[0], self.backward + other[1])


@dataclass(frozen=True, repr=False)
class Method:
    """A way to determine which pixels a token depends on.

    There are two kinds. A method *from the record* has a function, `maps`, which computes the maps
    whenever they are needed. Any other is *computed* with the model, by `model_maps` if
    `Explainer.attribute` is to know it: its maps are made once and stored in the record, in
    `Explanation.extra_maps`.

    Attributes:
        name: Its name in code, files and reports.
        label: Its name in views; by default `name`.
        source: Paper and equation, or another origin.
        maps: Computes maps from a record and options, float [tokens, visual]: 0 to 1, or with a
            sign −1 to 1. None for a method that needs the model.
        model_maps: Computes maps with the model. It gets a `FrozenAnswer`, the indices of answer
            tokens, a function `progress` to be called with the number of passes that are done, and
            options, and returns float [these tokens, visual], not scaled.
        passes: The cost of `model_maps`: it gets a `FrozenAnswer`, the number of tokens, and
            options, and returns `Passes`. Without it the cost is "not stated".
        gradients: Whether `model_maps` needs gradients.
        black_box: Whether all that `model_maps` asks of the model is how probable the answer is
            with other pictures, so that a served model will do: its `FrozenAnswer` may then be any
            `BlackBoxAnswer`.
        options: Options that the function takes.
        reads: Arrays of the record without which it has no maps, as older files may be.
        fixed: Options with fixed values, which distinguish methods with the same function.
        signed: Whether negative values count against the token.
        cost: Forward and backward passes of the model, in words.
        alternative: Computes an alternative's map, [visual], from a record, its number and
            options; None if the method has no maps of words that were not written.
        contrast: The same for the token's map minus the alternative's.
        in_browser: Whether the front end computes it, even while a control is dragged.
        on_request: Whether views offer a method from the record only where its maps were added to
            the explanation: they travel to every view, as large as the explanation itself.
        variant_of: The registered method of which this is a variant; empty if it is none.

    Raises:
        OptionError: If it has no name, its options are no options, or a function does not take the
            arguments that it is given.

    Example:
        >>> def left(record):
        ...     columns = [np.arange(grid.size) % grid.cols / grid.cols for grid in record.grids]
        ...     return np.tile(1 - np.concatenate(columns), (len(record.token_ids), 1))
        >>> Method("left", "left of the picture", "a baseline without a model", maps=left)
        <Method 'left': left of the picture; from the record; a baseline without a model>
    """

    name: str
    label: str = ""
    source: str = ""
    maps: Callable[..., Any] | None = None
    model_maps: Callable[..., Any] | None = None
    passes: Callable[..., Passes] | None = None
    gradients: bool = False
    black_box: bool = False
    options: tuple[Option, ...] = ()
    reads: tuple[str, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    signed: bool = False
    cost: str = ""
    alternative: Callable[..., Floats] | None = None
    contrast: Callable[..., Floats] | None = None
    in_browser: bool = False
    on_request: bool = False
    variant_of: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.strip():
            raise OptionError(f"name={self.name!r:.80}: give the method a name")
        object.__setattr__(self, "label", self.label or self.name)
        object.__setattr__(self, "fixed", MappingProxyType(dict(self.fixed)))
        self._check_options()
        names = {*self.defaults, *self.fixed} - ({LAYER} if self._has_layers else set())
        own = sorted(names)
        check_function(self.name, "maps", self.maps, ["record"], own)
        asked = ["frozen", "tokens"], ["progress", *own]
        check_function(self.name, "model_maps", self.model_maps, *asked)
        check_function(self.name, "passes", self.passes, ["frozen", "count"], own)

    def _check_options(self) -> None:
        given = self.options
        if not isinstance(given, tuple | list) or not all(isinstance(o, Option) for o in given):
            raise OptionError(
                f"the method {self.name!r:.80}: options={given!r:.80}, give a tuple of options, "
                'such as options=(Option("power", 2.0),), with a comma after the only one'
            )
        if LARGEST in (option.name for option in given):
            raise OptionError(
                f"the method {self.name!r:.80}: {LARGEST!r} is what its maps are divided by; give "
                "the option another name"
            )
        object.__setattr__(self, "options", tuple(given))

    def __repr__(self) -> str:
        parts = [self.label, self.needs, self.source]
        return f"<Method {self.name!r}: {'; '.join(part for part in parts if part)}>"

    def __reduce__(self) -> tuple[Any, ...]:  # a mapping proxy cannot be pickled
        names = self.__dataclass_fields__
        values = [dict(self.fixed) if name == "fixed" else getattr(self, name) for name in names]
        return type(self), tuple(values)

    @property
    def needs(self) -> str:
        """What its maps are computed from, in words."""
        return "from the record" if self.maps else "computed with the model"

    @property
    def registered(self) -> str:
        """Name of the registered method, of which it may be a variant."""
        return self.variant_of or self.name

    @property
    def defaults(self) -> dict[str, Any]:
        """Its options with their default values, and the layer of a variant that has one."""
        own = {option.name: self.fixed.get(option.name, option.default) for option in self.options}
        return own if self.layer is None else {**own, LAYER: self.layer}

    @property
    def layer(self) -> int | None:
        """The decoder layer to which a variant is fixed; None for the last."""
        layer: int | None = self.fixed.get(LAYER) if self._has_layers else None
        return layer

    @property
    def settable(self) -> frozenset[str]:
        """Names of the options that a variant may set, for a method from the record `layer` too."""
        own = {option.name for option in self.options}
        return frozenset({*own, LAYER} if self._has_layers else own)

    @property
    def _has_layers(self) -> bool:
        """Whether its maps may be of any layer; an option of its own may have the same name."""
        return self.maps is not None and all(option.name != LAYER for option in self.options)

    def variant(self, name: str, **settings: Any) -> Method:
        """This method with another name and other options, to compare them in evaluations.

        Args:
            name: Of the variant.
            **settings: Options of the method; for one from the record, `layer` too, as for
                `compute`.

        Raises:
            OptionError: If it takes no such option, or a value is outside its range.

        Example:
            >>> from tam_widgets import METHODS
            >>> METHODS["tam"].variant("TAM, window 5", kernel_size=5).defaults["kernel_size"]
            5
        """
        self._check(settings)
        unused = [option for option in settings if option not in self.settable]
        if unused:
            raise OptionError(f"{unused[0]}=…: {self._taken()}")
        return replace(
            self,
            name=name,
            label=name,
            fixed={**self.fixed, **settings},
            in_browser=self.in_browser and not settings.keys() & {"compat", "leave_out", LAYER},
            variant_of=self.registered,
        )

    def compute(self, record: Activations, **settings: Any) -> Floats:
        """The maps of all tokens.

        Args:
            record: A `Trace` or an `Explanation`.
            **settings: Options; those of TAM that this method does not take are ignored. `layer`
                is the number of a decoder layer that the explanation has (see
                `Explanation.at_layer`); None, the default, is the last.

        Returns:
            float32 [tokens, visual], 0 to 1, or with a sign −1 to 1.

        Raises:
            OptionError: If it needs the model, an option is unknown or outside its range, or its
                function does not return maps.
        """
        if self.maps is None:
            raise OptionError(
                f"{self.name!r} is computed with the model, and this record contains no map of it"
                + (
                    f": Explainer.attribute(explanation, [{self.name!r}]) adds it"
                    if self.model_maps
                    else ""
                )
            )
        arguments = {**self.defaults, **self.arguments(settings)}
        if self._has_layers:
            arguments.pop(LAYER, None)
            record = self._at_layer(record, settings)
        return self._checked(self.maps(record, **arguments), record)

    def _at_layer(self, record: Any, settings: Mapping[str, Any]) -> Any:
        layer = settings.get(LAYER) if self.layer is None else self.layer
        if layer is None:
            return record
        if not hasattr(record, "at_layer"):
            raise OptionError(
                f"layer={layer}: a {type(record).__name__} has only one layer; leave it out"
            )
        return record.at_layer(layer)

    def arguments(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments for its functions, from settings that may be meant for any method.

        Raises:
            OptionError: If an option is unknown or outside its range.
        """
        self._check(settings)
        taken = {name: value for name, value in settings.items() if name in self.defaults}
        return {**taken, **self.fixed}

    def _check(self, settings: Mapping[str, Any]) -> None:
        own = {option.name: option for option in self.options}
        for name, value in settings.items():
            if name == LAYER and LAYER not in own and (self.maps or value is None):
                check_layer(value)
                continue
            option = own.get(name) or TAM_OPTIONS.get(name)
            if option is None:
                raise OptionError(f"{name}=…: {self._taken()}")
            option.check(value)

    def _taken(self) -> str:
        names = ", ".join(option.name for option in self.options)
        return f"{self.name} takes no such option" + (f"; it takes {names}" if names else "")

    def _checked(self, given: Any, record: Activations) -> Floats:
        shape = (len(record.token_ids), sum(grid.size for grid in record.grids))
        maps: Floats = returned_numbers(self.name, given, shape, np.float32)
        low, high = -1 if self.signed else 0, 1
        lowest, highest = float(maps.min(initial=0)), float(maps.max(initial=0))
        if not (low - ROUNDING <= lowest and highest <= high + ROUNDING):
            raise OptionError(
                f"the method {self.name!r} returned values from {lowest:.3g} to {highest:.3g}: "
                f"finite ones from {low} to {high} are expected"
            )
        return maps
