"""Many small pictures under their maps, as a figure for a paper."""
