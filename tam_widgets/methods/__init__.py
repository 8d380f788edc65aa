"""Methods that need the model, one file each; importing this registers them.

Nothing here imports torch: what a method needs of the model is read through a `FrozenAnswer`.
"""

from ..attribution import register
from .controls import CENTRE, EDGES, RANDOM
from .occlusion import OCCLUSION

__all__ = ["CENTRE", "EDGES", "OCCLUSION", "RANDOM"]

for _method in (OCCLUSION, RANDOM, CENTRE, EDGES):
    register(_method)
