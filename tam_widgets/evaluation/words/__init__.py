"""Words of an answer: their kinds, their lemmas, and the categories that they name."""
