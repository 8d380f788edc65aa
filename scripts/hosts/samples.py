"""Write an explanation and a report of the demo model, for hosts that need no model.

python scripts/hosts/samples.py FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import tam_widgets as tw
from tam_widgets.evaluation.datasets import DemoScenes

SCENES = 12


def main(folder: Path) -> None:
    explainer = tw.demo.explainer("qwen2-vl")
    scene = tw.demo.scene(seed=7)
    folder.mkdir(parents=True, exist_ok=True)
    explainer.explain(scene.image, scene.prompt, progress=False).save(folder / "answer.safetensors")
    tw.evaluate(explainer, DemoScenes(SCENES), folder=folder / "report")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
