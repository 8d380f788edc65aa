"""The page of the documentation that shows all live pages, with their code."""

from __future__ import annotations

import textwrap
from pathlib import Path

from scripts.live_pages.registry import PAGES, LivePage

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "gallery.md"

_WIDTH = 110
_NOTE = "<!-- made by: python -m scripts.live_pages --page -->"
_BEGIN = (
    "Each picture below is a still of a live page: one HTML file, which is the view itself, with "
    "no Python and no network. On the documentation's site the pages stand in the place of the "
    "stills. Below each is the code that made it. The code runs as it stands, without a download, "
    "on the two [demo models](../tam_widgets/demo/README.md). These are toys of two million "
    "parameters: the maps are real mechanics, and not what a large model would show.",
    "Most pages have 0.3 to 0.4 MB, most of it the program; the exercise and the anatomy have 0.1 "
    "MB, and the gallery of 24 scenes has 1 MB. `python -m scripts.live_pages FOLDER` makes all of "
    "them. A film is not among them, since the demo models take pictures only.",
)

_ENTRY = """
## {title}

![{title}](images/live/{name}.webp)

{told}

{beware}

```python
{code}
```
"""


def guide() -> str:
    """The text of the page."""
    begin = "\n\n".join(["# Live pages", _NOTE, *map(_wrapped, _BEGIN)])
    return begin + "\n" + "".join(map(entry, PAGES.values()))


def entry(page: LivePage) -> str:
    """A page's heading, still, sentences and code."""
    return _ENTRY.format(
        title=page.title,
        name=page.name,
        told=_wrapped(f"{page.see} {page.do} {page.learn}"),
        beware=_wrapped(page.beware),
        code=page.code,
    )


def _wrapped(text: str) -> str:
    return textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
