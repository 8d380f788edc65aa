"""An anatomy as one HTML file that needs nothing installed."""

from __future__ import annotations

import base64
import html
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..document import as_script, head, inert

STATIC = Path(__file__).parent.parent / "static"

_PAGE = """<body>
<main>
<h1>{title}</h1>
<div id="tam">Loading …</div>
</main>
<noscript>This page needs JavaScript to show its steps.</noscript>
<script type="application/json" id="tam-anatomy">{data}</script>
<script type="module">{script}</script>
</body>
</html>
"""

_STYLE = """
:root { color-scheme: light dark; }
body { margin: 0; background: light-dark(#fff, #16191d); color: light-dark(#1c2024, #e8eaed); }
h1 { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
#tam { max-width: 1440px; margin: 0 auto; padding: 14px 18px; font-family: system-ui, sans-serif; }
"""


def page(title: str, state: Mapping[str, Any], buffers: Sequence[bytes]) -> bytes:
    """The page.

    Args:
        title: Its title.
        state: The view's traits but its buffers, JSON values.
        buffers: Its buffers.
    """
    script = as_script((STATIC / "anatomy.js").read_text("utf-8"))
    style = (STATIC / "widget.css").read_text("utf-8") + _STYLE
    packed = [base64.b64encode(zlib.compress(buffer, 9)).decode() for buffer in buffers]
    data = inert({"state": dict(state), "buffers": packed}).decode()
    begin = head(title, style, script, "blob:")
    return (begin + _PAGE.format(title=html.escape(title), data=data, script=script)).encode()
