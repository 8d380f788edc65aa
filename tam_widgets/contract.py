"""Definitions shared by Python and the front end, whose build reads the same file."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints


@dataclass(frozen=True)
class Ablation:
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


@dataclass(frozen=True)
class Setting:
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

    @property
    def range(self) -> tuple[float, float]:
        """Smallest and largest number, infinite where there is no limit."""
        low = -math.inf if self.low is None else self.low
        return low, math.inf if self.high is None else self.high


@dataclass(frozen=True)
class Scale:
    """The colour scale.

    Attributes:
        least_end: Smallest upper end of a map's own scale: weak maps are emphasised, but almost
            empty ones look empty.
        solid_from: Share of the scale above which the overlay has its full opacity.
        above: Pale and full colour of values above 0 on a diverging scale.
        below: Those of values below 0.
        ends: What the upper and the lower end of a method's own diverging scale are called.
    """

    least_end: float
    solid_from: float
    above: tuple[str, str]
    below: tuple[str, str]
    ends: tuple[str, str]


@dataclass(frozen=True)
class Agreement:
    """How two maps of one word are compared.

    Attributes:
        seen_from: Share of a cell from which on a model counts as having seen it.
        area_from: Share of a map's largest value from which on a cell belongs to its area.
    """

    seen_from: float
    area_from: float


@dataclass(frozen=True)
class Texts:
    """Texts that both the live views and still pictures show, with {placeholders}.

    Attributes:
        contrast: What a contrast shows; {own} is the token, {other} the word in its place.
        alternative: What the map of another word shows; {own} and {other} likewise.
        at_rest: Whose map is shown before anybody chose a {word}, and an {invitation} to choose.
        locked: The {word} in view was chosen, and how to leave it.
        quantity: What the colours of a map stand for; {word} is the text of the tokens in view.
        quantity_of: The same for maps of another {method}.
        at_layer: What either of these is called at another {layer} than the last.
        unit: What the value 1 stands for in maps of TAM and its ablations.
        shading: What the shading of words stands for.
        inside: What the bars under words stand for.
        own_scale: The colours end at each map's own maximum.
        shared_scale: They end at 1.
        no_alternative: Another panel shows another word in the linked token's place.
        no_map: A panel's explanation has no map of the chosen {method}.
        not_computed: It has, but not of the tokens in view.
        no_picture: A picture's bytes are damaged.
        truncated: An answer ends at the limit of its length.
        no_sample: A run's report does not have the sample.
        not_measured: A run could not measure the sample.
        no_noun: No noun of an answer could be measured.
    """

    contrast: str
    alternative: str
    at_rest: str
    locked: str
    quantity: str
    quantity_of: str
    at_layer: str
    unit: str
    shading: str
    inside: str
    own_scale: str
    shared_scale: str
    no_alternative: str
    no_map: str
    not_computed: str
    no_picture: str
    truncated: str
    no_sample: str
    not_measured: str
    no_noun: str


@dataclass(frozen=True)
class Contract:
    """The content of `contract.json`.

    Attributes:
        methods: TAM and its ablations.
        settings: By name; those of maps and of the explorer.
        gallery_settings: By name; those of the gallery.
        run_names: What two compared runs are called.
        always_fits: The filter window that is allowed on every grid.
        cancelled: Share of an activation below which a residual is rounding noise.
        no_weight: Added to the sum of the context's relevances, to avoid a division by 0.
        faint: Share of the strongest token's peak below which a token highlights nothing.
        raster_tolerance: Share of a cell by which a tile may be off the raster of the others.
        shared_word_from: Share of a panel's strongest token above which a word that panels share
            is shown instead, before anybody chose one.
        agreement: How two maps of one word are compared.
        scale: The colour scale.
        pixelated_over: Enlargement above which a picture is shown without smoothing.
        texts: What both languages say.
        function_words: English words that say nothing of a picture by themselves, parted by spaces.
        exercise_questions: What an exercise of each kind asks; {word} is the text of its tokens.
        wire_version: Version of the data that Python sends to the explorer.
        gallery_version: Of what Python sends to the gallery.
        colormaps: Every third of 256 colours, base64 of red, green and blue bytes, by name.
    """

    methods: tuple[Ablation, ...]
    settings: dict[str, Setting]
    gallery_settings: dict[str, Setting]
    run_names: tuple[str, str]
    always_fits: int
    cancelled: float
    no_weight: float
    faint: float
    raster_tolerance: float
    shared_word_from: float
    agreement: Agreement
    scale: Scale
    pixelated_over: float
    texts: Texts
    function_words: str
    exercise_questions: dict[str, str]
    wire_version: int
    gallery_version: int
    colormaps: dict[str, str]


def _made(kind: Any, value: Any) -> Any:
    """A value of one of the types above, from JSON."""
    if is_dataclass(kind) and isinstance(kind, type):
        types = get_type_hints(kind)
        return kind(**{name: _made(types[name], one) for name, one in value.items()})
    inner = get_args(kind)
    if get_origin(kind) is tuple:
        return tuple(_made(inner[0], one) for one in value)
    if get_origin(kind) is dict:
        return {name: _made(inner[1], one) for name, one in value.items()}
    return value


_PATH = Path(__file__).with_name("contract.json")

CONTRACT: Contract = _made(Contract, json.loads(_PATH.read_text("utf-8")))
"""The one instance."""
