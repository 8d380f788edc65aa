"""The code that is tried: that of docs/hosts.md."""

from __future__ import annotations

import re
from pathlib import Path

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "hosts.md"
EXPLORER = 'tw.Explorer(tw.load("answer.safetensors"))'
GALLERY = 'tw.Gallery(tw.Report("report"))'


def code(section: str) -> list[str]:
    """The blocks of Python in a section, a cell each."""
    text = GUIDE.read_text("utf-8")
    match = re.search(rf"^## {re.escape(section)}\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    if match is None:
        raise LookupError(f"{GUIDE.name} has no section {section!r}")
    return re.findall(r"^```python\n(.*?)^```", match[1], re.M | re.S)


def as_gallery(cell: str) -> str:
    """The same code with a gallery in the explorer's place."""
    return cell.replace(EXPLORER, GALLERY).replace("selected", "selection")


def as_anatomy(cell: str) -> str:
    """The same code with the steps of a word in the explorer's place."""
    given = 'tw.anatomy(tw.load("answer.safetensors"), "laptop")'
    return cell.replace(EXPLORER, given).replace("selected", "step")


def as_asking(cell: str) -> str:
    """The same code with a model that the explorer may ask."""
    given = EXPLORER.removesuffix(")") + ', explainer=tw.demo.explainer("qwen2-vl"))'
    return cell.replace(EXPLORER, given)
