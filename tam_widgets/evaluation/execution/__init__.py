"""How a run is carried out: in this process or on a cluster, sample by sample."""
