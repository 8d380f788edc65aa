"""Which part of the package imports which, read from the source."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "tam_widgets"

LAYERS = (
    ("cli", "demo/training"),
    ("evaluation",),
    ("demo",),
    ("views",),
    ("faithfulness", "methods"),
    ("capture",),
    ("models",),
    ("explanation",),
    ("attribution",),
    ("foundations",),
)
"""Parts of the package, one a folder, but for training and single files; a part imports from those
below it. `__init__.py`, which offers names of all parts, is none."""

FOUNDATIONS = "foundations"
"""Part of the single modules that any other may use, such as `errors.py`."""

SHORTCUTS = {
    ("capture/answer_reader.py", "faithfulness"): "Explainer.check, Explainer.sanity",
    ("capture/served/served_model.py", "faithfulness"): "ServedModel.check",
    ("explanation/explanation.py", "capture"): "Explanation.from_maps",
    ("explanation/explanation.py", "views"): "explore, figure, to_html, to_png",
    ("explanation/faithfulness.py", "views"): "the figure of a check",
    ("faithfulness/sanity.py", "views"): "the figure of a sanity check",
}
"""Modules that import, inside functions, from a part above their own, and for what."""


@dataclass(frozen=True)
class Import:
    """One import of the package's own.

    Attributes:
        module: The file that imports, below the package's folder.
        source: Its part.
        target: The part that is imported.
        kind: `"module"` where the import runs with the module, `"function"` where it runs with a
            function, `"hint"` where only a type checker reads it.
    """

    module: str
    source: str
    target: str
    kind: str


def imports() -> list[Import]:
    """The imports between parts of the package, in the order of files and lines."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        module = path.relative_to(PACKAGE)
        source = part_of(module.with_suffix("").parts)
        for names, kind in _imported(ast.parse(path.read_text("utf-8")).body, module, "module"):
            target = part_of(names)
            if source and target and source != target:
                found.append(Import(module.as_posix(), source, target, kind))
    return found


def import_graph() -> dict[str, set[str]]:
    """For each module the modules that are imported when it is, by their paths in the package."""
    paths = {path.relative_to(PACKAGE): path for path in PACKAGE.rglob("*.py")}
    files = {_name(module): module.as_posix() for module in paths}
    graph = {}
    for module, path in paths.items():
        own = module.as_posix()
        statements = _imported(ast.parse(path.read_text("utf-8")).body, module, "module")
        stems = [names for names, kind in statements if kind == "module"]
        graph[own] = {_file(names, files) for names in stems} - {own}
    return graph


def _name(module: Path) -> tuple[str, ...]:
    names = module.with_suffix("").parts
    return names[:-1] if names[-1] == "__init__" else names


def _file(names: tuple[str, ...], files: dict[tuple[str, ...], str]) -> str:
    """The module that has a name: itself, or the nearest one on the way to it."""
    return files[names] if names in files else _file(names[:-1], files)


def part_of(names: tuple[str, ...]) -> str:
    """The part of a module, given the names on its way; empty for the package itself."""
    if names[:2] == ("demo", "training"):
        return "demo/training"
    if not names or names[0].startswith("__"):
        return ""
    alone = names[0] != "cli" and (PACKAGE / f"{names[0]}.py").exists()
    return FOUNDATIONS if alone else names[0]


def layer_of(part: str) -> int:
    """The number of a part's layer, from the top.

    Raises:
        KeyError: If `LAYERS` has no such part.
    """
    return {name: number for number, names in enumerate(LAYERS) for name in names}[part]


def _imported(
    nodes: Iterable[ast.AST], module: Path, kind: str
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Names on the way to each thing that is imported, below the package, and how."""
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((names, kind) for names in _names(node, module))
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield from _imported(node.body, module, "hint")
            yield from _imported(node.orelse, module, kind)
        else:
            within = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            inner = "function" if within else kind
            yield from _imported(ast.iter_child_nodes(node), module, inner)


def _names(statement: ast.Import | ast.ImportFrom, module: Path) -> Iterator[tuple[str, ...]]:
    if isinstance(statement, ast.Import):
        stems = [tuple(one.name.split(".")) for one in statement.names]
    else:
        own = (PACKAGE.name, *module.parts)
        start = own[: len(own) - statement.level] if statement.level else ()
        stem = (*start, *(statement.module or "").split("."))
        stems = [(*(name for name in stem if name), one.name) for one in statement.names]
    yield from (stem[1:] for stem in stems if stem[0] == PACKAGE.name)
