"""The demo's scenes as a data set: exact masks, true captions, offline."""

from __future__ import annotations

from dataclasses import dataclass

from tam_widgets import demo
from tam_widgets.evaluation.datasets.sample import Sample

ELSEWHERE = 100
"""First label of nouns that a scene does not show."""


@dataclass(frozen=True)
class DemoScenes:
    """Held-out scenes of consecutive seeds.

    Attributes:
        count: Number of scenes.
        first_seed: Seed of the first.
    """

    count: int = 200
    first_seed: int = 0

    @property
    def name(self) -> str:
        """What reports call the data set."""
        return f"demo scenes {self.first_seed} to {self.first_seed + self.count - 1}"

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, number: int) -> Sample:
        if not 0 <= number < self.count:
            raise IndexError(number)
        seed = self.first_seed + number
        scene = demo.scene(seed)
        category = {noun: ELSEWHERE + k for k, noun in enumerate(demo.NOUNS)}
        category |= {group.noun: 1 + k for k, group in enumerate(scene.groups)}
        return Sample(
            f"scene {seed:05d}",
            scene.image,
            scene.prompt,
            scene.labels,
            category,
            (scene.caption,),
        )
