"""Puts the notebooks into the wheel, and gives the README of the package index absolute links.

The notebooks are as light as their readers need them. Their widget state, which is most of their
size, lets explorers work on a page without a kernel. Where the package is installed there is a
kernel, so the still pictures are enough.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

VIEW = "application/vnd.jupyter.widget-view+json"
PICTURES = (".gif", ".jpg", ".png", ".svg", ".webp")
LINK = re.compile(
    r"(?P<code>^```.*?^```|`[^`\n]+`)|\]\((?!#|[a-z][a-z0-9+.-]*:)(?P<target>[^)\s]+)\)",
    re.DOTALL | re.MULTILINE,
)
"""Code, which is left as it is, or the target of a link into the repository."""


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


class ReadmeHook(MetadataHookInterface):
    """Makes the description of the package from README.md."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Sets the description."""
        text = Path(self.root, "README.md").read_text("utf-8")
        repository, tag = metadata["urls"]["Repository"], f"v{metadata['version']}"
        metadata["readme"] = {
            "content-type": "text/markdown",
            "text": with_absolute_links(text, repository, tag),
        }


def with_absolute_links(text: str, repository: str, tag: str) -> str:
    """Markdown whose links and pictures are found outside the repository too.

    Args:
        text: Markdown of the repository's root.
        repository: Address of the repository on GitHub.
        tag: The tag of the release that the links lead to.
    """
    raw = repository.replace("https://github.com/", "https://raw.githubusercontent.com/")

    def absolute(match: re.Match[str]) -> str:
        target = match["target"]
        if target is None:
            return match[0]
        base = f"{raw}/{tag}" if target.endswith(PICTURES) else f"{repository}/blob/{tag}"
        return f"]({base}/{target.removeprefix('./')})"

    return LINK.sub(absolute, text)


def light(text: str) -> str:
    """A notebook without widget state, and without the views that would need it."""
    notebook = json.loads(text)
    notebook["metadata"].pop("widgets", None)
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(VIEW, None)
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
