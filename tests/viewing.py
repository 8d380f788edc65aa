"""All that can be done with a saved explanation without a model, as a program.

    python tests/viewing.py FILE FOLDER [--as-in-a-browser]

Writes what it made into the folder. With the option it runs as in Pyodide: of compiled packages
only NumPy and Pillow can be imported, there are no threads, and the operating system's modules are
missing.
"""

from __future__ import annotations

import importlib.machinery
import sys
import threading
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ExtensionFileLoader, ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

COMPILED = ("numpy", "PIL")
"""Compiled packages that a browser's Python has for us."""

REFUSED = (
    *("torch", "transformers", "tokenizers", "huggingface_hub", "safetensors", "msgspec", "scipy"),
    *("pandas", "cv2", "av", "psutil", "zmq", "tornado", "ipykernel"),
    *("fcntl", "grp", "pwd", "resource", "syslog", "termios", "_multiprocessing"),
)
"""What is not there: compiled packages, whose Python parts could otherwise be imported, and parts
of the standard library."""


class _Browser(MetaPathFinder):
    """Finds what Pyodide could import: no compiled packages but some.

    A package that has both, as those that mypyc compiled, is taken as its pure wheel has it.
    """

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        top = name.partition(".")[0]
        if top in REFUSED:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        found = PathFinder.find_spec(name, path, target)
        is_compiled = found is not None and isinstance(found.loader, ExtensionFileLoader)
        if not is_compiled or top in COMPILED or top in sys.stdlib_module_names:
            return None  # the other finders find it
        source = Path(str(found.origin)).parent / f"{name.rpartition('.')[2]}.py"
        if not source.is_file():
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        loader = importlib.machinery.SourceFileLoader(name, str(source))
        return ModuleSpec(name, loader, origin=str(source))


def no_threads(*_: Any) -> NoReturn:
    raise RuntimeError("can't start new thread")


def refuse_what_browsers_lack() -> None:
    sys.meta_path.insert(0, _Browser())
    threading.Thread.start = no_threads  # type: ignore[method-assign]


def view(file: Path, folder: Path) -> None:
    """Does everything once.

    Args:
        file: An explanation with layers, alternatives, further maps and checks.
        folder: Where to write.
    """
    import numpy as np

    import tam_widgets as tw

    explanation = tw.load(file)
    maps = {name: explanation.maps(name) for name in explanation.methods}
    for layer in explanation.layers:
        maps[f"layer {layer}"] = explanation.maps(layer=layer)
    maps["unfiltered"] = explanation.maps(kernel_size=1, border="reflect", eci=0.5)
    for other in explanation.alternatives:
        alternative = explanation.counterfactual(other.token, other.text)
        contrast = explanation.contrast(other.token, other.text)
        maps[other.text] = np.concatenate([part.ravel() for part in (*alternative, *contrast)])
    image = explanation.images[0]
    inside = explanation.tokens_in((0, 0, image.width / 2, image.height), method="cam")
    maps["inside"] = np.array(inside)
    word = explanation.words("answer")[0]
    maps["word"] = explanation.map(explanation.find(word.text), aggregate="mean")[0]
    for number, check in enumerate(explanation.checks):
        repr(check), check.reliance
        if check.steps:
            maps[f"check {number}"] = np.stack([*check.random.deletion, check.deletion("tam")])
    np.savez(folder / "maps.npz", **{name.replace("/", " "): one for name, one in maps.items()})

    data, _ = explanation._repr_mimebundle_()
    assert {"image/jpeg", "application/vnd.jupyter.widget-view+json"} <= data.keys()
    view = tw.Explorer(explanation)
    view.selected, view.method, view.box = [[0, word.tokens[0]]], "cam", [0, 0, 0, 0, 4, 4]
    view._repr_mimebundle_()
    compared = tw.compare(explanation, explanation)
    compared._repr_mimebundle_()
    compared.to_html(folder / "compared.html")
    explanation.to_html(folder / "explanation.html")
    explanation.to_png(folder / "explanation.png", word.tokens[0])
    explanation.save(folder / "again.safetensors")
    assert (folder / "again.safetensors").read_bytes() == file.read_bytes()


def what_is_missing(file: Path) -> dict[str, str]:
    """The errors of what needs more than viewing, by what was tried."""
    import tam_widgets as tw
    from tam_widgets.errors import MissingExtraError

    said = {}
    tried = {
        "Explainer": lambda: tw.Explainer,
        "demo": lambda: tw.demo.explainer("qwen2-vl"),
        "models": lambda: tw.models,
        "figure": lambda: tw.load(file).checks[0].figure().to_json(),
        "table": lambda: tw.load(file).to_dataframe(),
    }
    for name, attempt in tried.items():
        try:
            attempt()
        except MissingExtraError as error:
            said[name] = str(error)
    return said


def main(arguments: Sequence[str]) -> None:
    if "--as-in-a-browser" in arguments:
        refuse_what_browsers_lack()
    view(Path(arguments[0]), Path(arguments[1]))
    for name, said in what_is_missing(Path(arguments[0])).items():
        print(f"{name}: {said}")


if __name__ == "__main__":
    main(sys.argv[1:])
