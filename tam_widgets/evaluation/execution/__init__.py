"""Executes an evaluation, sample by sample, in this process or on a cluster."""
