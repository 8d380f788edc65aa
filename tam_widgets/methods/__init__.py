"""Methods that need the model, one file each; importing this registers them.

Nothing here imports torch: what a method needs of the model is read through a `FrozenAnswer`.
"""

from ..attribution import register
from .controls import CENTRE, EDGES, RANDOM
from .eagle import EAGLE
from .gradient_x_input import GRADIENT_X_INPUT
from .integrated_gradients import INTEGRATED_GRADIENTS
from .msea import MSEA
from .occlusion import OCCLUSION
from .rise import RISE

__all__ = [
    "CENTRE",
    "EAGLE",
    "EDGES",
    "GRADIENT_X_INPUT",
    "INTEGRATED_GRADIENTS",
    "MSEA",
    "OCCLUSION",
    "RANDOM",
    "RISE",
]

for _method in (
    MSEA,
    GRADIENT_X_INPUT,
    INTEGRATED_GRADIENTS,
    OCCLUSION,
    RISE,
    EAGLE,
    RANDOM,
    CENTRE,
    EDGES,
):
    register(_method)
