"""A still of a live page, `![alt](images/live/NAME.webp)`, becomes the live page itself.

`scripts.live_pages` makes the pages. They are kept in `docs/_build/live` under a checksum of all
that they are made from, so that they are made again only after a change.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.osutil import relative_uri
from sphinx.writers.html5 import HTML5Translator

from scripts.live_pages import NAMES, PAGES

STILL = re.compile(r"(?:\.\./)*images/live/([^/]+)\.webp")
SOURCES = "tam_widgets", "scripts/live_pages"
UNFINISHED = "unfinished-"
"""How folders begin in which pages are being made."""

FRAME = """<figure class="live">
<iframe src="{address}" title="{title}" loading="lazy" style="--height: {height}px"></iframe>
<figcaption><a href="{address}">Open this picture alone</a></figcaption>
</figure>
"""

logger = logging.getLogger(__name__)


class live_picture(nodes.General, nodes.Element):  # noqa: N801 (as all nodes are written)
    """A live page in a page, with its `name` and its text, `alt`."""


class LivePictures(SphinxTransform):
    """Replaces stills by live pages."""

    default_priority = 700

    def apply(self, **_: Any) -> None:
        """Goes through the pictures of a page."""
        for picture in [*self.document.findall(nodes.image)]:
            named = STILL.fullmatch(picture["uri"])
            if named and _is_known(named[1], picture):
                alone = isinstance(picture.parent, nodes.paragraph) and len(picture.parent) == 1
                replaced = picture.parent if alone else picture
                replaced.replace_self(live_picture(name=named[1], alt=picture.get("alt", "")))


def _is_known(name: str, where: nodes.Node) -> bool:
    """Whether there is such a live page; the build fails if there is not."""
    if name in NAMES:
        return True
    logger.warning(
        "there is no live page %r: give one of %s, or add it to scripts/live_pages",
        name,
        ", ".join(NAMES),
        location=where,
    )
    return False


def visit(translator: HTML5Translator, node: live_picture) -> None:
    """Writes the frame around a live page."""
    here = translator.builder.get_target_uri(translator.builder.current_docname)
    address = relative_uri(here, f"live/{node['name']}.html")
    height = PAGES[node["name"]].height
    translator.body.append(FRAME.format(address=address, title=escape(node["alt"]), height=height))
    raise nodes.SkipNode


def add_pages(app: Sphinx, failed: Exception | None) -> None:
    """Puts the live pages beside the site's."""
    if failed is None:
        kept = kept_pages(Path(app.config.repository_root))
        shutil.copytree(kept, Path(app.outdir, "live"), dirs_exist_ok=True)


def kept_pages(root: Path) -> Path:
    """The folder of the live pages; they are made if something that they show has changed.

    Raises:
        ExtensionError: If one cannot be made, with what its maker says.
    """
    folder = root / "docs" / "_build" / "live"
    kept = folder / checksum(root)
    if kept.is_dir():
        return kept
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=UNFINISHED, dir=folder) as unfinished:
        make(root, Path(unfinished, "pages"))
        for old in folder.iterdir():
            if not old.name.startswith(UNFINISHED):  # of another build that runs at this time
                shutil.rmtree(old, ignore_errors=True)
        Path(unfinished, "pages").rename(kept)
    return kept


def make(root: Path, folder: Path) -> None:
    """Makes all live pages."""
    command = [sys.executable, "-m", "scripts.live_pages", str(folder)]
    alone = {**os.environ, "OMP_NUM_THREADS": "1"}  # the models are tiny: threads would only wait
    made = subprocess.run(command, cwd=root, env=alone, capture_output=True, text=True)
    if made.returncode:
        raise ExtensionError(f"the live pages cannot be made:\n{made.stderr[-4000:]}")


def checksum(root: Path) -> str:
    """Of all files of the repository that live pages are made from."""
    whole = hashlib.sha256()
    for path in _sources(root):
        whole.update(f"{path.relative_to(root)}\n".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:16]


def _sources(root: Path) -> Iterator[Path]:
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def setup(app: Sphinx) -> dict[str, bool]:
    """Registers the node, the transform, and the copying of pages."""
    app.add_node(live_picture, html=(visit, None))
    app.add_transform(LivePictures)
    app.connect("build-finished", add_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
