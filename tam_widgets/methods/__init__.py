"""Methods that need the model, one file each; importing this registers them.

Nothing here imports torch: what a method needs of the model is read through a `FrozenAnswer`.
"""

from ..attribution.methods import ship
from .attention import ATTENTION
from .controls import CENTRE, EDGES, RANDOM
from .dex_ar import DEX_AR
from .eagle import EAGLE
from .gradient_x_input import GRADIENT_X_INPUT
from .integrated_gradients import INTEGRATED_GRADIENTS
from .msea import MSEA
from .occlusion import OCCLUSION
from .relevancy import RELEVANCY
from .rise import RISE
from .rollout import ROLLOUT

for _method in (
    MSEA,
    ATTENTION,
    ROLLOUT,
    RELEVANCY,
    DEX_AR,
    GRADIENT_X_INPUT,
    INTEGRATED_GRADIENTS,
    OCCLUSION,
    RISE,
    EAGLE,
    RANDOM,
    CENTRE,
    EDGES,
):
    ship(_method)
