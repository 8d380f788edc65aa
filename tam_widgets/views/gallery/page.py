"""The gallery's page: what stands around the samples in the file."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ..document import as_script, head, inert
from .run import Section

STATIC = Path(__file__).parent.parent / "static"

_START = """<body>
<header>
<h1>{title}</h1>
<nav aria-label="Parts of this page">{links}</nav>
</header>
<main>
<section id="samples" aria-labelledby="samples-title">
<h2 id="samples-title">Samples</h2>
<p>{said}</p>
<div id="tam">Loading the samples …</div>
<noscript>This page needs JavaScript to show its samples.</noscript>
</section>
<script type="application/json" id="tam-state">"""

_SECTION = """<section id="part-{number}" aria-labelledby="part-{number}-title">
<h2 id="part-{number}-title">{title}</h2>
{content}
</section>
"""
_LINK = '<a href="#{name}">{title}</a> '
_STYLES = ("gallery.css", "gallery_page.css")


def page(
    title: str,
    said: str,
    state: Any,
    listings: Iterable[bytes],
    sections: Sequence[Section],
    packed: Iterable[bytes],
) -> Iterable[bytes]:
    """The page in pieces.

    Args:
        title: Its title, and the first heading.
        said: What it says of the samples.
        state: JSON values that the front end starts with.
        listings: Elements with what is listed under each choice of runs.
        sections: The statistics below the gallery.
        packed: Elements with the samples; they come last, as they are needed last.
    """
    style = "".join((STATIC / name).read_text("utf-8") for name in _STYLES)
    script = as_script((STATIC / "gallery_page.js").read_text("utf-8"))
    names = [("samples", "Samples"), *((f"part-{i}", one.title) for i, one in enumerate(sections))]
    links = "".join(_LINK.format(name=name, title=html.escape(one)) for name, one in names)
    body = _START.format(title=html.escape(title), links=links, said=html.escape(said))
    yield (head(title, style, script, "blob: data:") + body).encode("utf-8", "replace")
    yield inert(state)
    yield b"</script>\n"
    yield from listings
    yield f'<script type="module" async>{script}</script>\n'.encode()
    for i, one in enumerate(sections):
        shown = _SECTION.format(number=i, title=html.escape(one.title), content=one.content)
        yield shown.encode("utf-8", "replace")
    yield b"</main>\n"
    yield from packed
    yield b"</body>\n</html>\n"


def packed_element(name: str, number: int, text: bytes) -> bytes:
    """An element with packed data, which the front end reads when it needs them."""
    return b'<script type="text/plain" id="tam-%s-%d">%s</script>\n' % (name.encode(), number, text)
