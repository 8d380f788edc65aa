"""Whether maps are true: what removing their pixels changes, and what random weights leave of them.

Nothing here imports torch: a model is read through a `FrozenAnswer`.
"""

from .protocols import PROTOCOLS, Protocol

