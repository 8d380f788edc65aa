"""Whether maps are true: what the removal of their pixels changes.

Nothing here imports torch: a model is read through a `BlackBoxAnswer`.
"""
