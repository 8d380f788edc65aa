"""Teacher forcing: an answer is frozen with its input, and read again with other pictures."""
