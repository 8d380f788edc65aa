"""Whether every family's geometry holds: paint a cell, and see which visual token reacts most.

The probe is the tests' own, on transformers' classes with tiny random weights and processors
built for the tests; it reads what enters the text decoder. Three shapes a model; corners and one
cell within, of every tile, crop, thumbnail and patch of frames.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from report import RESULTS, arguments, machine, publish, save, table

import tam_widgets as tw

sys.path.insert(0, str(Path(__file__).parent.parent))  # the tests are no installed package

import tests.conftest  # noqa: F401  makes torchvision importable before transformers looks
from tests.models import tiny
from tests.models.probe import SHAPES, Probed, probe_picture, probe_video


def main() -> None:
    options = arguments(__doc__).parse_args()
    rows = [_row(kind) for kind in sorted({**tiny.MODELS, **tiny.VIDEO_MODELS})]
    total = {name: sum(row[name] for row in rows) for name in ("cells", "hit")}
    publish("families", rows, options.json, shapes=SHAPES, **total)
    if options.json:
        shapes = ", ".join(f"{name} {size[0]} × {size[1]}" for name, size in SHAPES.items())
        text = [
            f"Geometry probe of every family, transformers {machine()['transformers']}; "
            f"{shapes} pixels.\n",
            f"{total['hit']} of {total['cells']} painted cells moved their own token most.\n",
            table(rows) + "\n",
        ]
        save(RESULTS / "families.md", "\n".join(text))


def _row(kind: str) -> dict[str, Any]:
    pictures = _each_shape(tiny.MODELS, kind, probe_picture)
    videos = _each_shape(tiny.VIDEO_MODELS, kind, probe_video)
    both = [*pictures, *videos]
    return {
        "model type": kind,
        "pictures": _share(pictures),
        "videos": _share(videos),
        "cells": len(both),
        "hit": sum(one.hit for one in both),
    }


def _each_shape(models: Any, kind: str, probe: Any) -> list[Probed]:
    if kind not in models:
        return []
    explainer = tw.Explainer(*models[kind]())
    return [one for size in SHAPES.values() for one in probe(explainer, size)]


def _share(probed: Sequence[Probed]) -> str:
    return f"{sum(one.hit for one in probed)} of {len(probed)}" if probed else "—"


if __name__ == "__main__":
    main()
