"""Methods that need the model, one file each; importing this registers them.

Nothing here imports torch: what a method needs of the model is read through a `FrozenAnswer`.
"""

from ..attribution import register
from .occlusion import OCCLUSION

__all__ = ["OCCLUSION"]

for _method in (OCCLUSION,):
    register(_method)
