"""Methods that need the model, one file each; importing this registers them.

Nothing here imports torch: what a method needs of the model is read through a `FrozenAnswer`.
"""

from ..attribution import register
from .controls import CENTRE, EDGES, RANDOM
from .eagle import EAGLE
from .occlusion import OCCLUSION
from .rise import RISE

__all__ = ["CENTRE", "EAGLE", "EDGES", "OCCLUSION", "RANDOM", "RISE"]

for _method in (OCCLUSION, RISE, EAGLE, RANDOM, CENTRE, EDGES):
    register(_method)
