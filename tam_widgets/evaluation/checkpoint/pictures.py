"""The pictures of a measurement: demo scenes, or a user's own, of which no name is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from tam_widgets.capture.inputs.images import load_image
from tam_widgets.evaluation.datasets.sample import Dataset, Sample
from tam_widgets.evaluation.datasets.scenes import DemoScenes

PROMPT = "Describe this image."
SCENES = 3


@dataclass(frozen=True)
class Pictures:
    """A data set of pictures without labels.

    Attributes:
        pictures: Upright and at full size.
    """

    pictures: Sequence[Image.Image]
    name: str = "own pictures"

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, number: int) -> Sample:
        picture = self.pictures[number]
        unlabelled = np.zeros((picture.height, picture.width), np.uint8)
        return Sample(f"picture {number}", picture, PROMPT, unlabelled, {})


def pictures_of(paths: Sequence[str]) -> Dataset:
    """Pictures of files or URLs; the demo's scenes if none are given.

    Raises:
        ImageError: One cannot be read.
    """
    return Pictures([load_image(path) for path in paths]) if paths else DemoScenes(SCENES)
