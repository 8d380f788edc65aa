"""The registry of methods: how maps are computed, and what views need to know about them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from ..contract import CONTRACT
from ..errors import OptionError
from .alternatives import alternative_map, contrast
from .interference import Floats
from .maps import Activations, token_activation_maps
from .options import TAM_OPTIONS, Option, check_layer

ENTRY_POINTS = "tam_widgets.methods"
"""Group of entry points through which installed packages add methods."""

LAYER = "layer"
"""Option of all methods from the record: the decoder layer whose states give the maps."""

ROUNDING = 1e-4
"""Floating-point noise by which a map's values may exceed their range."""


@dataclass(frozen=True, repr=False)
class Method:
    """A way to determine which pixels a token depends on.

    There are two kinds. A method *from the record* has a function, `maps`, which computes the maps
    whenever they are needed. Any other is *computed* with the model: its maps are made once and
    stored in the record, in `Explanation.extra_maps`.

    Attributes:
        name: Its name in code, files and reports.
        label: Its name in views; by default `name`.
        source: Paper and equation, or another origin.
        maps: Computes maps from a record and options, float [tokens, visual]: 0 to 1, or with a
            sign −1 to 1. None for a method that needs the model.
        options: Options that the function takes.
        fixed: Options with fixed values, which distinguish methods with the same function.
        signed: Whether negative values count against the token.
        cost: Forward and backward passes of the model, in words.
        alternative: Computes an alternative's map, [visual], from a record, its number and
            options; None if the method has no maps of words that were not written.
        contrast: The same for the token's map minus the alternative's.
        in_browser: Whether the front end computes it, even while a control is dragged.
        variant_of: The registered method of which this is a variant; empty if it is none.

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
    options: tuple[Option, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    signed: bool = False
    cost: str = ""
    alternative: Callable[..., Floats] | None = None
    contrast: Callable[..., Floats] | None = None
    in_browser: bool = False
    variant_of: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.strip():
            raise OptionError(f"name={self.name!r:.80}: give the method a name")
        object.__setattr__(self, "label", self.label or self.name)
        object.__setattr__(self, "fixed", MappingProxyType(dict(self.fixed)))

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
            >>> METHODS["tam"].variant("TAM, window 5", kernel_size=5).defaults["kernel_size"]
            5
        """
        self._check(settings)
        taken = {*self.defaults, LAYER} if self._has_layers else {*self.defaults}
        unused = [option for option in settings if option not in taken]
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
        try:
            maps: Floats = np.asarray(given, np.float32)
        except (TypeError, ValueError) as error:
            raise OptionError(
                f"the method {self.name!r} returned a {type(given).__name__} that is no array of "
                f"numbers: a NumPy array of shape {shape} is expected"
            ) from error
        if maps.shape != shape:
            raise OptionError(
                f"the method {self.name!r} returned maps of shape {maps.shape}: {shape}, one map "
                "for each token and one value for each visual token, is expected"
            )
        low, high = -1 if self.signed else 0, 1
        lowest, highest = float(maps.min(initial=0)), float(maps.max(initial=0))
        if not (low - ROUNDING <= lowest and highest <= high + ROUNDING):  # NaN is refused, too
            raise OptionError(
                f"the method {self.name!r} returned values from {lowest:.3g} to {highest:.3g}: "
                f"finite ones from {low} to {high} are expected"
            )
        return maps


_REGISTERED: dict[str, Method] = {}


class _Methods(Mapping[str, Method]):
    """The registered methods; those of installed packages are added at the first access."""

    def __init__(self) -> None:
        self._found = False

    def __getitem__(self, name: str) -> Method:
        if name not in _REGISTERED:
            self._find()
        return _REGISTERED[name]

    def __iter__(self) -> Iterator[str]:
        self._find()
        return iter(_REGISTERED)

    def __len__(self) -> int:
        self._find()
        return len(_REGISTERED)

    def __repr__(self) -> str:
        return "\n".join(map(repr, self.values()))

    def _find(self) -> None:
        if not self._found:
            from importlib.metadata import entry_points  # a tenth of the package's import

            self._found = True
            for point in entry_points(group=ENTRY_POINTS):
                try:
                    register(point.load())
                except Exception as error:  # another package's fault must not stop this one
                    warnings.warn(
                        f"the method {point.name!r:.80} of an installed package is left out, as it "
                        f"cannot be loaded: {type(error).__name__}, {str(error)[:200]!r}",
                        stacklevel=2,
                    )


METHODS: Mapping[str, Method] = _Methods()
"""The registered methods by name."""


def register(method: Method) -> Method:
    """Registers a method, so that all views and evaluations know it by its name.

    Args:
        method: A method that is not a variant. It replaces a registered one of the same name, so
            that a notebook's cell can be run again.

    Returns:
        The method.

    Raises:
        OptionError: If it is not a method, is a variant, or has the name of one of TAM's own.
    """
    if not isinstance(method, Method) or method.variant_of:
        raise OptionError(f"{method!r:.80}: give a Method that is not a variant")
    if _REGISTERED.get(method.name, method).in_browser:
        raise OptionError(f"{method.name!r} is one of TAM's own methods: choose another name")
    _REGISTERED[method.name] = method
    return method


def unregister(name: str) -> None:
    """Removes a method; raises `OptionError` if it is unknown, or one of TAM's own."""
    if method_named(name).in_browser:
        raise OptionError(f"{name!r} is one of TAM's own methods, which cannot be removed")
    del _REGISTERED[name]


def method_named(name: str | Method) -> Method:
    """A registered method; raises `OptionError` for an unknown name."""
    if isinstance(name, Method):
        return name
    if not isinstance(name, str) or name not in METHODS:
        raise OptionError(
            f"unknown method {name!r:.80}: give one of {', '.join(METHODS)}; add your own "
            "with tam_widgets.attribution.register(…)"
        )
    return METHODS[name]


for _one in CONTRACT.methods:
    _REGISTERED[_one.name] = Method(
        _one.name,
        _one.label,
        "TAM, arXiv 2506.23270" if _one.eci and _one.rgf else "ablation of TAM, arXiv 2506.23270",
        maps=token_activation_maps,
        options=tuple(
            option
            for option in TAM_OPTIONS.values()
            if (option.name != "eci" or _one.eci)
            and (option.name not in ("kernel_size", "border") or _one.rgf)
        ),
        fixed={"rgf": _one.rgf} | ({} if _one.eci else {"eci": 0.0}),
        alternative=alternative_map,
        contrast=contrast,
        in_browser=True,
    )
