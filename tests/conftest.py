"""Settings of every test: no network."""

import os

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ.setdefault("OMP_NUM_THREADS", "1")  # models here are tiny: threads would only wait

from .torchvision_shim import provide

provide()
