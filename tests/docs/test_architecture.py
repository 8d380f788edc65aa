"""The picture of the package's parts, and the rules that it shows."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

import pytest

from scripts.draw_architecture import PARTS, PICTURE, svg
from scripts.package_imports import LAYERS, SHORTCUTS, Import, import_graph, imports, layer_of


@pytest.fixture(scope="module")
def found() -> list[Import]:
    return imports()


def test_the_stored_picture_is_what_the_imports_give(found: list[Import]) -> None:
    assert PICTURE.read_text("utf-8") == svg(found), "run python -m scripts.draw_architecture"


def test_every_part_has_a_place(found: list[Import]) -> None:
    layered = {part for parts in LAYERS for part in parts}
    assert {part for one in found for part in (one.source, one.target)} == layered == set(PARTS)


def test_imports_lead_down_but_for_the_named_shortcuts(found: list[Import]) -> None:
    up = [
        one for one in found if one.kind != "hint" and layer_of(one.target) <= layer_of(one.source)
    ]
    assert {(one.module, one.target) for one in up} == set(SHORTCUTS)
    assert {one.kind for one in up} == {"function"}


def test_imports_in_functions_and_for_hints_are_told_apart(found: list[Import]) -> None:
    kinds = {(one.target, one.kind) for one in found if one.module == "explanation/explanation.py"}
    assert {("views", "function"), ("views", "hint"), ("capture", "hint")} <= kinds
    assert ("capture", "module") not in kinds


def test_modules_import_each_other_in_no_circle() -> None:
    graph = import_graph()
    assert "explanation/record.py" in graph["explanation/storage.py"]
    graph["__init__.py"] = set()  # offers what others have; who imports it asks for its version
    TopologicalSorter(graph).prepare()
    with pytest.raises(CycleError):
        TopologicalSorter(graph | {"errors.py": {"explanation/record.py"}}).prepare()
