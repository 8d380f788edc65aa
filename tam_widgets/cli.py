"""The command line: explain pictures or a video, view saved explanations, run the demo."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import warnings
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import __version__
from .errors import OptionError, OutputError, TamError
from .evaluation.checkpoint.command import add_measure
from .evaluation.command import add_evaluate, write_reports
from .explanation.extras import installed
from .explanation.storage import load
from .terminal import LINES, escaped
from .versions import described

if TYPE_CHECKING:
    from .capture.explainer import Explainer

DEMO_PREFIXES = ("demo/", "demo:")
FAILED = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command.

    Args:
        arguments: The arguments after `tam-widgets`; by default those of the process.

    Returns:
        0, or 2 after an error, which is printed to stderr as one line.
    """
    options = _parser().parse_args(arguments)
    try:
        with plain_warnings(), installed("this command"):
            options.run(options)
    except TamError as error:
        print(f"tam-widgets: error: {escaped(error, keep=LINES)}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


@contextmanager
def plain_warnings() -> Iterator[None]:
    """Lets warnings be printed as errors are: one line, without a place in the code."""
    usual = warnings.formatwarning
    warnings.formatwarning = lambda message, *_args, **_options: (
        f"tam-widgets: warning: {escaped(message, keep=LINES)}\n"
    )
    try:
        yield
    finally:
        warnings.formatwarning = usual


class _Versions(argparse.Action):
    """Prints versions and ends; they are looked up only when they are asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_rest: Any) -> None:
        print(described(__version__))
        parser.exit()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tam-widgets", description="See which pixels every word of a model's answer rests on."
    )
    parser.add_argument(
        "--version", action=_Versions, nargs=0, help="print versions, for a report of a problem"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_explain(commands)
    _add_view(commands)
    add_evaluate(commands, _explainer)
    add_measure(commands, _explainer)
    _add_demo(commands)
    return parser


def _add_explain(commands: Any) -> None:
    explain = commands.add_parser("explain", help="explain a model's answer about pictures")
    explain.add_argument(
        "images", metavar="IMAGE", nargs="+", help="path or URL of a picture or a video file"
    )
    explain.add_argument("-p", "--prompt", required=True, help="the question about them")
    explain.add_argument("--answer", help="explain this answer instead of the model's own")
    explain.add_argument(
        "-m",
        "--model",
        required=True,
        action="append",
        help="checkpoint on the hub or a folder, or demo/qwen2-vl, demo/llava; "
        "give it twice to compare",
    )
    explain.add_argument(
        "-o", "--output", required=True, help=".html (the explorer) or .safetensors (the record)"
    )
    explain.add_argument(
        "--max-new-tokens", type=int, default=256, help="longest answer, in tokens"
    )
    explain.add_argument(
        "--dtype",
        default="auto",
        choices=("auto", "bfloat16", "float16", "float32"),
        help="number format of the model's weights (default: as saved)",
    )
    explain.add_argument("--device-map", help="where to put the model: auto, cuda, cpu, mps")
    explain.set_defaults(run=_explain)


def _add_view(commands: Any) -> None:
    view = commands.add_parser(
        "view",
        help="open saved explanations, or a report's samples and statistics, in a browser",
        epilog="In a notebook, tam_widgets.load(FILE) opens an explanation and "
        "tam_widgets.Report(FOLDER) a report.",
    )
    view.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        help="a .safetensors file, or several to compare; or the folder of a report that evaluate "
        "wrote, or two to compare",
    )
    view.add_argument("-o", "--output", help="write an HTML file instead of opening it")
    view.set_defaults(run=_view)


def _add_demo(commands: Any) -> None:
    demo = commands.add_parser(
        "demo",
        help="explain two tiny models, offline",
        description="Puts notebooks with two tiny models into the folder tam-demo, runs the first, "
        "and opens it in JupyterLab. On a machine without a display it writes one HTML file, "
        "tam-demo.html, instead.",
    )
    demo.add_argument(
        "--html", metavar="FILE", help="write this HTML file, whether there is a display or not"
    )
    demo.set_defaults(run=_demo)


def _explain(options: argparse.Namespace) -> None:
    suffix = Path(options.output).suffix.lower()
    if suffix not in (".html", ".safetensors"):
        raise OutputError(f"{options.output}: give a file name that ends in .html or .safetensors")
    if suffix == ".safetensors" and len(options.model) > 1:
        raise OutputError(
            f"{options.output}: a .safetensors file holds one explanation, but "
            f"{len(options.model)} "
            "models were given; write an .html file, or one file for each model"
        )
    _check_folder(options.output)
    from .capture.inputs.images import load_image
    from .capture.inputs.media import is_video
    from .capture.inputs.prompting import as_messages
    from .views.export import to_html

    # Errors in the input are reported before a model is loaded.
    media = [path if is_video(path) else load_image(path) for path in options.images]
    as_messages(options.prompt, media)
    explanations = [
        _explainer(name, options).explain(
            media, options.prompt, answer=options.answer, max_new_tokens=options.max_new_tokens
        )
        for name in options.model
    ]
    if suffix == ".html":
        to_html(explanations, options.output)
    else:
        explanations[0].save(options.output)
    for explanation in explanations:
        cut = " … (cut off)" if explanation.truncated else ""
        print(f"{escaped(explanation.title)}: {escaped(explanation.text, keep=LINES)}{cut}")
    print(f"wrote {escaped(options.output)}")


def _explainer(name: str, options: argparse.Namespace) -> Explainer:
    if name.startswith(DEMO_PREFIXES):
        from . import demo

        return demo.explainer(name[len("demo/") :])
    from .capture.explainer import Explainer

    place = {"device_map": options.device_map} if options.device_map else {}
    return Explainer.from_pretrained(name, dtype=options.dtype, **place)


def _view(options: argparse.Namespace) -> None:
    output = options.output
    if output is not None:
        _check_folder(output)
    else:
        output = Path(tempfile.mkdtemp(prefix="tam-")) / f"{Path(options.files[0]).stem}.html"
    folders = [file for file in options.files if Path(file).is_dir()]
    if not folders:
        _write_explanations(options.files, output)
    elif len(folders) == len(options.files):
        write_reports(folders, output)
    else:
        raise OptionError(
            f"{folders[0]} is a folder, and others are files: give files of explanations, or "
            "folders of reports"
        )
    if options.output is None:
        webbrowser.open(Path(output).resolve().as_uri())


def _write_explanations(files: Sequence[str], output: str | Path) -> None:
    from .views.export import to_html

    to_html([load(file) for file in files], output)
    print(f"wrote {escaped(output)}")


def _demo(options: argparse.Namespace) -> None:
    from .demo import launch

    if not options.html and launch.has_display():
        launch.open_lab("tam-demo")
        return
    if not options.html:
        print("there is no display for JupyterLab: writing one HTML file instead")
    launch.write_html(options.html or "tam-demo.html")


def _check_folder(output: str) -> None:
    """Refuses an output that cannot be written, before there is work for it."""
    folder = Path(output).resolve().parent
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise OutputError(f"{output}: the folder {folder} does not exist or cannot be written to")


if __name__ == "__main__":
    raise SystemExit(main())
