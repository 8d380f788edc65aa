"""Words of an answer: their parts of speech, their lemmas, and the categories that they name."""
