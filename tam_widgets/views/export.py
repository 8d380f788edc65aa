"""Explanations as files that need nothing installed: one offline HTML page, or a picture."""

from __future__ import annotations

import base64
import html
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..errors import OptionError
from ..explanation.explanation import Explanation
from ..explanation.storage import write_bytes
from .document import as_script, head, inert
from .methods import opening
from .questions.asking import known
from .questions.layer_wire import carry_layers
from .size_limit import warn_of_view
from .stills.picture import png_bytes
from .stills.settings import StillSettings
from .wire import encode

STATIC = Path(__file__).parent / "static"

_BODY = """<body>
<main>
<h1>{title}</h1>
<div id="tam">Loading the explanation …</div>
</main>
<noscript>This page needs JavaScript to show its maps.</noscript>
<script type="application/json" id="tam-data">"""

_TAIL = """</script>
<script type="module">{script}</script>
</body>
</html>
"""

_PAGE_STYLE = """
:root { color-scheme: light dark; }
body { margin: 0; background: light-dark(#fff, #16191d); color: light-dark(#1c2024, #e8eaed); }
h1 { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
#tam { max-width: 1440px; margin: 0 auto; padding: 14px 18px; font-family: system-ui, sans-serif; }
"""


def to_html(
    explanations: Explanation | Sequence[Explanation],
    path: str | os.PathLike[str],
    *,
    layers: bool = False,
) -> None:
    """Writes the explorer as one HTML file that works from disk, without network or kernel.

    Args:
        explanations: One explanation, or several for a comparison.
        path: The file to write; it is replaced only when the new one is complete.
        layers: As for `Explanation.to_html`.

    Raises:
        OptionError: If there is no explanation, or layers are asked for and none has any.
        OutputError: If the file cannot be written.
    """
    panels = [explanations] if isinstance(explanations, Explanation) else list(explanations)
    if not panels:
        raise OptionError("no explanation is given: pass one, or a list of them")
    warn_of_view(panels, stacklevel=3, layers=layers)
    write_bytes(path, page(panels, layers=layers))


def to_png(
    explanation: Explanation,
    path: str | os.PathLike[str],
    token: int | None = None,
    method: str | None = None,
) -> None:
    """Writes a picture: the photo under one token's map, and the answer with the token marked.

    Args:
        explanation: What to draw.
        path: The file to write; it is replaced only when the new one is complete.
        token: Index of the token; by default the one that the explorer shows at rest.
        method: `"tam"`, `"tam-no-eci"`, `"tam-no-rgf"`, `"cam"`, or a name in `extra_maps`; by
            default `Explanation.default_method`.

    Raises:
        OptionError: If the method is unknown.
        TokenIndexError: If there is no such token.
        OutputError: If the file cannot be written.
    """
    selected = [] if token is None else [(0, explanation.index(token))]
    settings = StillSettings(selected=selected, method=method or explanation.default_method)
    write_bytes(path, png_bytes([explanation], settings))


def page(
    panels: Sequence[Explanation],
    settings: Mapping[str, Any] = MappingProxyType({}),
    changed: Sequence[Sequence[int]] = (),
    *,
    layers: bool = False,
) -> bytes:
    """The page of an explorer.

    Args:
        panels: What it shows.
        settings: Valid settings of an `Explorer`, with which it opens.
        changed: As for `encode`.
        layers: Whether it carries the answers' words at all layers.

    Raises:
        OptionError: If layers are asked for, and no explanation has any.
    """
    if not {"method", "methods"} & settings.keys():
        settings = {**opening(panels), **settings}
    title = " · ".join(dict.fromkeys(panel.title for panel in panels))
    data = page_data(panels, settings, changed, layers)
    return page_of(title, "standalone", data, style="widget")


def page_of(title: str, script: str, data: Iterable[bytes], *, style: str = "") -> bytes:
    """A page that shows one view, without network or kernel.

    Args:
        title: Its title, any text.
        script: Name of the module that shows the view.
        data: The view's data, as `view_data` makes it.
        style: Name of its style sheet, if it is another than the script's.
    """
    code = as_script((STATIC / f"{script}.js").read_text("utf-8"))
    look = (STATIC / f"{style or script}.css").read_text("utf-8") + _PAGE_STYLE
    begin = head(title, look, code, "blob:") + _BODY.format(title=html.escape(title))
    return b"".join([begin.encode(), *data, _TAIL.format(script=code).encode()])


def page_data(
    panels: Sequence[Explanation],
    settings: Mapping[str, Any],
    changed: Sequence[Sequence[int]] = (),
    layers: bool = False,
) -> Iterator[bytes]:
    """The data of an explorer's page."""
    header, buffers = encode(panels, changed=changed)
    shown = known(panels)
    if layers:
        carry_layers(panels, shown, buffers)
    asked = {"_known": shown, "_questions": [[] for _ in panels]}  # there is no kernel
    yield from view_data({**settings, **asked, "_header": header}, buffers)


def view_data(state: Mapping[str, Any], buffers: Iterable[bytes]) -> Iterator[bytes]:
    """A view's traits and buffers as JSON in pieces: of large ones no second copy is made."""
    yield b'{"state": ' + inert(dict(state)) + b', "buffers": ['
    for number, buffer in enumerate(buffers):
        yield b', "' if number else b'"'
        yield base64.b64encode(_deflated(buffer))
        yield b'"'
    yield b"]}"


def _deflated(data: bytes) -> bytes:
    """Runs and Huffman codes only: float values have no more in common, and it is fast."""
    packer = zlib.compressobj(level=1, strategy=zlib.Z_RLE)
    return packer.compress(data) + packer.flush()
