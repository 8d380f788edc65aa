"""Puts the notebooks into the wheel, as light as their readers need them.

Their widget state, which is most of their size, lets explorers work on a page without a kernel.
Where the package is installed there is a kernel, so the still pictures are enough.
"""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VIEW = "application/vnd.jupyter.widget-view+json"


class NotebookHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds light copies of the notebooks to a wheel; an editable one uses the repository's."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Writes the copies and tells the builder where they go."""
        self.copies = TemporaryDirectory()
        if version == "editable":
            return
        for notebook in Path(self.root, "notebooks").glob("*.ipynb"):
            copy = Path(self.copies.name, notebook.name)
            copy.write_text(light(notebook.read_text("utf-8")), "utf-8")
            build_data["force_include"][str(copy)] = f"tam_widgets/demo/notebooks/{copy.name}"

    def finalize(self, *_made: Any) -> None:
        """Removes the copies."""
        self.copies.cleanup()


def light(text: str) -> str:
    """A notebook without widget state, and without the views that would need it."""
    notebook = json.loads(text)
    notebook["metadata"].pop("widgets", None)
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(VIEW, None)
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
