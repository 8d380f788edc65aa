"""Settings of every test: no network; and a profile of hypothesis that tries more examples."""

import os

from hypothesis import settings

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ.setdefault("OMP_NUM_THREADS", "1")  # models here are tiny: threads would only wait

from .torchvision_shim import provide

provide()

settings.register_profile("long", max_examples=10_000)
