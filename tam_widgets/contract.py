"""Definitions shared by Python and the front end, whose build reads the same file."""

from __future__ import annotations

from importlib import resources
from typing import Any

import msgspec


class Ablation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A method made of TAM's own steps, which the browser can compute.

    Attributes:
        name: Its name in code and files.
        label: Its name in views.
        eci: Whether it subtracts the interference of the context.
        rgf: Whether it applies the rank Gaussian filter.
    """

    name: str
    label: str
    eci: bool
    rgf: bool


class Setting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A setting of maps or views.

    Attributes:
        default: Its value unless another is given.
        low: Smallest number.
        high: Largest number.
        values: All allowed values, if they are few.
        offered: Values in a menu, if more are allowed.
    """

    default: Any
    low: float | None = None
    high: float | None = None
    values: tuple[Any, ...] = ()
    offered: tuple[Any, ...] = ()


class Scale(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The colour scale.

    Attributes:
        least_end: Smallest upper end of a map's own scale: weak maps are emphasised, but almost
            empty ones look empty.
        solid_from: Share of the scale above which the overlay has its full opacity.
        above: Pale and full colour of values above 0 on a diverging scale.
        below: Those of values below 0.
    """

    least_end: float
    solid_from: float
    above: tuple[str, str]
    below: tuple[str, str]


class Contract(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of `contract.json`.

    Attributes:
        methods: TAM and its ablations.
        settings: By name; those of maps and of the explorer.
        always_fits: The filter window that is allowed on every grid.
        cancelled: Share of an activation below which a residual is rounding noise.
        no_weight: Added to the sum of the context's relevances, to avoid a division by 0.
        faint: Share of the strongest token's peak below which a token highlights nothing.
        raster_tolerance: Share of a cell by which a tile may be off the raster of the others.
        scale: The colour scale.
        wire_version: Version of the data that Python sends to the explorer.
        gallery_version: Of what Python sends to the gallery.
        colormaps: Every third of 256 colours, base64 of red, green and blue bytes, by name.
    """

    methods: tuple[Ablation, ...]
    settings: dict[str, Setting]
    always_fits: int
    cancelled: float
    no_weight: float
    faint: float
    raster_tolerance: float
    scale: Scale
    wire_version: int
    gallery_version: int
    colormaps: dict[str, str]


CONTRACT = msgspec.json.decode(
    resources.files(__package__).joinpath("contract.json").read_bytes(), type=Contract
)
"""The one instance."""
