"""Trains, exports and measures the demo models."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from tam_widgets import demo
from tam_widgets.demo.training.export import export
from tam_widgets.demo.training.train import Plan, Trainer
from tam_widgets.demo.training.trainable_models import TRAINABLE_MODELS

_MODELS = Path(demo.__file__).parent / "models"
_LOGS = Path(__file__).parent / "logs"


def main() -> None:
    """Runs the command line."""
    options = _parser().parse_args()
    torch.set_num_threads(options.threads)
    options.action(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tam_widgets.demo.training", description=__doc__
    )
    actions = parser.add_subparsers(required=True)
    train = actions.add_parser("train", help="train, going on from the checkpoint if there is one")
    train.set_defaults(action=_train)
    write = actions.add_parser("export", help="write the checkpoint as a model directory")
    write.set_defaults(action=_export)
    write.add_argument("--models", type=Path, default=_MODELS, help="where the directory goes")
    measure = actions.add_parser("measure", help="measure the shipped model on held-out scenes")
    measure.set_defaults(action=_measure)
    measure.add_argument("--scenes", type=int, default=200)
    measure.add_argument("--figures", type=Path, default=_LOGS, help="where the figures go")
    for action in (train, write, measure):
        action.add_argument("name", choices=sorted(TRAINABLE_MODELS))
        action.add_argument("--threads", type=int, default=1)
    for action in (train, write):
        action.add_argument("--folder", type=Path, default=Path("demo-training"))
    return parser


def _trainer(options: argparse.Namespace) -> Trainer:
    options.folder.mkdir(parents=True, exist_ok=True)
    stem = options.folder / options.name
    return Trainer(options.name, Plan(), stem.with_suffix(".pt"), stem.with_suffix(".jsonl"))


def _train(options: argparse.Namespace) -> None:
    _trainer(options).run()


def _export(options: argparse.Namespace) -> None:
    export(options.name, _trainer(options).averaged(), options.models / options.name)


def _measure(options: argparse.Namespace) -> None:
    from tam_widgets.demo.training.evaluate import measure

    figures = measure(demo.explainer(options.name), range(options.scenes))
    text = json.dumps({"model": options.name, "scenes": options.scenes, **figures}, indent=2)
    path = options.figures / f"{options.name}.json"
    part = path.with_suffix(".part")
    part.write_text(text + "\n")
    part.replace(path)
    print(text)


if __name__ == "__main__":
    main()
