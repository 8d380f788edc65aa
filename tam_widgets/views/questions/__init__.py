"""What a person asks the model from a view: each question is a module, and is answered in a thread.

A question is `work`, which needs the model and runs in a thread of its own, and `take`, which adds
its result to the view. `known` are the results that a view shows without asking, and without a
model.
"""
