"""`tam-widgets evaluate`: measure models on a data set from the shell."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from typing import Any

from tam_widgets.attribution import METHODS
from tam_widgets.errors import OptionError
from tam_widgets.terminal import LINES, escaped

Load = Callable[[str, argparse.Namespace], Any]

LISTED = 10
LONGEST = 1000


def add_evaluate(commands: Any, load: Load) -> None:
    """Adds the command.

    Args:
        commands: Subparsers of the command line.
        load: Makes an explainer from a model's name and the options.
    """
    parser = commands.add_parser(
        "evaluate",
        help="measure models on a data set; a run that was stopped goes on where it was",
        epilog="In a notebook, tam_widgets.Report(FOLDER) opens the report: its tables, and its "
        "samples in a gallery. `tam-widgets view FOLDER` shows both in a browser.",
    )
    parser.add_argument(
        "dataset",
        metavar="DATASET",
        help="folder in the layout of TAM's authors (COCO 2014, GranDf, OpenPSG), or demo:COUNT",
    )
    parser.add_argument(
        "--limit", type=int, metavar="COUNT", help="measure only the first COUNT samples"
    )
    parser.add_argument(
        "-m",
        "--model",
        required=True,
        action="append",
        help="checkpoint on the hub or its folder, or demo/qwen2-vl, demo/llava; "
        "give it several times to compare",
    )
    parser.add_argument(
        "-o", "--output", required=True, metavar="FOLDER", help="folder of the report"
    )
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument(
        "--methods",
        nargs="+",
        choices=[*METHODS],
        default=["tam"],
        help="what is compared (default: tam); those that run the model again, for every answer: "
        + ", ".join(name for name, method in METHODS.items() if method.model_maps),
    )
    chosen.add_argument(
        "--ablation", action="store_true", help="all steps of the method, and kernels 1 to 7"
    )
    parser.add_argument(
        "--faithfulness",
        metavar="PROTOCOL",
        help="also check the words that name an object, by a protocol such as cells",
    )
    parser.add_argument(
        "--reference", action="store_true", help="maps and metrics as published, with their faults"
    )
    parser.add_argument(
        "--html", metavar="FILE", help="also write the report with its samples as one HTML file"
    )
    parser.add_argument(
        "--no-explanations",
        action="store_true",
        help="do not save explanations in the folder; the gallery cannot open samples then",
    )
    parser.add_argument(
        "--ray", action="store_true", help="run on all GPUs of this machine or of a Ray cluster"
    )
    parser.add_argument("--max-new-tokens", type=int, default=256, help="longest answer")
    parser.add_argument(
        "--dtype",
        default="auto",
        choices=("auto", "bfloat16", "float16", "float32"),
        help="number format of the models' weights (default: as saved)",
    )
    parser.add_argument("--device-map", help="where to put the models: auto, cuda, cpu, mps")
    parser.set_defaults(run=lambda options: _evaluate(options, load))


def write_reports(folders: Sequence[str], output: str | os.PathLike[str]) -> None:
    """Writes the page of a report, or of two side by side, and says what is in it.

    Args:
        folders: Of one report or of two.
        output: The HTML file.

    Raises:
        OptionError: There are more than two.
        ReportError: A folder holds no report.
        OutputError: The file cannot be written.
    """
    from tam_widgets.evaluation.reports.report import Report
    from tam_widgets.views.gallery.export import write_gallery

    if len(folders) > 2:
        raise OptionError(f"{len(folders)} folders: give one report, or two to compare")
    runs = [Report(folder).run() for folder in folders]
    print(f"wrote {escaped(write_gallery(runs, output))}")


def _evaluate(options: argparse.Namespace, load: Load) -> None:
    from tam_widgets.evaluation.datasets import Head, resolve_dataset
    from tam_widgets.evaluation.methods import ABLATION
    from tam_widgets.evaluation.run import evaluate

    dataset = resolve_dataset(options.dataset)
    if options.limit is not None:
        dataset = Head(dataset, options.limit)
    report = evaluate(
        [load(name, options) for name in options.model],
        dataset,
        ABLATION if options.ablation else options.methods,
        folder=options.output,
        compat="reference" if options.reference else None,
        faithfulness=options.faithfulness,
        keep_explanations=not options.no_explanations,
        ray=options.ray,
        max_new_tokens=options.max_new_tokens,
    )
    shown = ["model", "method", "f1_iou", "obj_iou", "func_iou", "rouge_l", "meteor", "failed"]
    shown[5:5] = ["deletion", "insertion"] if options.faithfulness else []
    table = report.summary[shown].to_string(index=False, float_format="{:.3f}".format)
    print(escaped(table, keep=LINES))
    _list_failed(report)
    if options.html:
        print(f"wrote {escaped(report.to_html(options.html))}")
    print(f"wrote {escaped(report.folder)}")


def _list_failed(report: Any) -> None:
    """Prints why the first samples could not be measured, and where the others are listed."""
    failed = [
        (model, record)
        for model, records in report.records.items()
        for record in records
        if record["error"]
    ]
    for model, record in failed[:LISTED]:
        why = f"{record['sample']}, {model}: {record['error']['message']}"
        print(f"failed: {escaped(why):.{LONGEST}}")
    if len(failed) > LISTED:
        print(f"… and {len(failed) - LISTED} more: see tables/skipped.csv")
