"""Attention weights of an answer's tokens, without a matrix of n × n, and what they give."""
