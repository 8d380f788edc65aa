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
        planted: Whether they are those of the planted models, with signs and water. Labels and
            captions say which objects are there, and nothing of what is planted.
    """

    count: int = 200
    first_seed: int = 0
    planted: bool = False

    @property
    def name(self) -> str:
        """What reports call the data set."""
        return f"demo {self._kind}s {self.first_seed} to {self.first_seed + self.count - 1}"

    @property
    def _kind(self) -> str:
        return "planted scene" if self.planted else "scene"

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, number: int) -> Sample:
        if not 0 <= number < self.count:
            raise IndexError(number)
        seed = self.first_seed + number
        scene = demo.planted_scene(seed) if self.planted else demo.scene(seed)
        category = {noun: ELSEWHERE + k for k, noun in enumerate(demo.NOUNS)}
        category |= {group.noun: 1 + k for k, group in enumerate(scene.groups)}
        return Sample(
            f"{self._kind} {seed:05d}",
            scene.image,
            scene.prompt,
            scene.labels,
            category,
            (scene.caption,),
        )
