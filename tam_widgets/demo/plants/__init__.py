"""Models whose reason for a word is known, because it was planted by training.

`scenes` makes the pictures, `rules` says what is planted and what is true, `interventions` tests
that it is so, `differences` stores the weights, and `shipped` lists what there is.
"""
