"""The registry of methods: all that views and evaluations know by name."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping

from ..contract import CONTRACT
from ..errors import OptionError
from .alternatives import alternative_map, contrast
from .arc import ARC
from .maps import token_activation_maps
from .method import Method
from .options import TAM_OPTIONS

ENTRY_POINTS = "tam_widgets.methods"
"""Group of entry points through which installed packages add methods."""

_REGISTERED: dict[str, Method] = {}
_SHIPPED: set[str] = set()


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
        OptionError: If it is not a method, is a variant, has the name of a method of this package,
            or has not exactly one of `maps` and `model_maps`.
    """
    if not isinstance(method, Method) or method.variant_of:
        raise OptionError(f"{method!r:.80}: give a Method that is not a variant")
    _check_own(method.name, "choose another name")
    if (method.maps is None) == (method.model_maps is None):
        number = "none" if method.maps is None else "both"
        raise OptionError(
            f"the method {method.name!r:.80} has {number} of maps=… and model_maps=…: give one, "
            "maps for a function of the record, model_maps for one that asks the model"
        )
    _REGISTERED[method.name] = method
    return method


def ship(method: Method) -> None:
    """Registers a method of this package, which cannot be replaced or removed."""
    _REGISTERED[method.name] = method
    _SHIPPED.add(method.name)


def unregister(name: str) -> None:
    """Removes a method; raises `OptionError` if it is unknown, or one of this package."""
    _check_own(method_named(name).name, "it cannot be removed")
    del _REGISTERED[name]


def _check_own(name: str, mend: str) -> None:
    if name in _SHIPPED:
        whose = "TAM's own methods" if _REGISTERED[name].in_browser else "this package's methods"
        raise OptionError(f"{name!r:.80} is one of {whose}: {mend}")


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
    ship(
        Method(
            _one.name,
            _one.label,
            "TAM, arXiv 2506.23270"
            if _one.eci and _one.rgf
            else "ablation of TAM, arXiv 2506.23270",
            maps=token_activation_maps,
            options=tuple(
                option
                for option in TAM_OPTIONS.values()
                if (option.name != "eci" or _one.eci)
                and (option.name not in ("kernel_size", "border") or _one.rgf)
            ),
            reads=("activations",),
            fixed={"rgf": _one.rgf} | ({} if _one.eci else {"eci": 0.0}),
            alternative=alternative_map,
            contrast=contrast,
            in_browser=True,
        )
    )

ship(ARC)
