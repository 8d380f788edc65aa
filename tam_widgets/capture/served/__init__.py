"""Models that are only served: what is known of one is a function; no torch."""
