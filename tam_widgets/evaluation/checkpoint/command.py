"""`tam-widgets measure`: what explanations of a checkpoint cost, and how faithful they are."""

from __future__ import annotations

import argparse
import json
from typing import Any

from tam_widgets.evaluation.command import Load
from tam_widgets.explanation.storage import make_folder, write_bytes
from tam_widgets.terminal import LINES, escaped


def add_measure(commands: Any, load: Load) -> None:
    """Adds the command.

    Args:
        commands: Subparsers of the command line.
        load: Makes an explainer from a model's name and the options.
    """
    parser = commands.add_parser(
        "measure",
        help="measure overhead, methods and faithfulness of a checkpoint, as a page to send back",
        description="Measures what explanations of a checkpoint cost, and how faithful they are. "
        "Ctrl-C skips the rest of the part that runs; the page is written all the same.",
    )
    parser.add_argument(
        "checkpoint",
        metavar="CHECKPOINT",
        help="checkpoint on the hub or its folder, or demo:qwen2-vl, demo:llava",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FOLDER",
        default="tam-measure",
        help="folder of measure.html and measure.json (default: %(default)s)",
    )
    parser.add_argument(
        "--images",
        metavar="IMAGE",
        nargs="+",
        default=[],
        help="pictures to measure on (default: some scenes of the demo); only figures of them are "
        "written",
    )
    parser.add_argument("--max-new-tokens", type=int, default=64, help="longest answer")
    parser.add_argument(
        "--dtype",
        default="auto",
        choices=("auto", "bfloat16", "float16", "float32"),
        help="number format of the model's weights (default: as saved)",
    )
    parser.add_argument("--device-map", help="where to put the model: auto, cuda, cpu, mps")
    parser.set_defaults(run=lambda options: _measure(options, load))


def _measure(options: argparse.Namespace, load: Load) -> None:
    from tam_widgets.evaluation.checkpoint.measurement import measure_checkpoint
    from tam_widgets.evaluation.checkpoint.page import page_of
    from tam_widgets.evaluation.checkpoint.pictures import pictures_of

    folder = make_folder(options.output)  # before a model is loaded
    data = pictures_of(options.images)
    explainer = load(options.checkpoint, options)
    found = measure_checkpoint(explainer, data, options.max_new_tokens, print)
    _print(found)
    content = json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False)
    for name, text in {"measure.json": content, "measure.html": page_of(found)}.items():
        write_bytes(folder / name, text.encode())
        print(f"wrote {escaped(folder / name)}")


def _print(found: dict[str, Any]) -> None:
    from tam_widgets.evaluation.reports.frames import frame

    tables = {
        "overhead": ("picture", "answer tokens", "generate, s", "explain, s", "explain / generate"),
        "methods": ("method", "passes", "seconds", "left out"),
        "faithfulness": ("order", "deletion", "insertion", "selectivity", "words"),
    }
    for name, columns in tables.items():
        if found[name]:
            table = frame(found[name], columns)
            shown = table.to_string(index=False, float_format="{:.3f}".format, na_rep="–")
            print(f"\n{name}\n{escaped(shown, keep=LINES)}")
    for name, reason in found["failed"].items():
        print(f"failed: {escaped(f'{name}: {reason}')}")
