"""The explorer in an app of Streamlit 1.51 or newer, which itself shows no Jupyter widgets."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from ..contract import CONTRACT
from ..errors import OptionError
from .explorer import Explorer
from .export import page_data

STATIC = Path(__file__).parent / "static"

# Streamlit takes a text of one line, as minified code is, for the name of a file.
_TWO_LINES = "/* tam-widgets */\n"


def show(view: Explorer, key: str | None = None) -> None:
    """Shows an explorer in a Streamlit app.

    A click on a word, or a box drawn on the picture, runs the app again; `view.selected` and
    `view.box` are then what a person chose. Settings that the app gives the view are followed.

    Args:
        view: The explorer; it may be made anew in each run.
        key: Streamlit's key of the element; needed where one explanation is shown twice.

    Raises:
        OptionError: If it is not an explorer.

    Example:
        >>> import tam_widgets as tw
        >>> from tam_widgets.views.streamlit import show
        >>> view = tw.Explorer(tw.load("answer.safetensors"))  # doctest: +SKIP
        >>> show(view)                                         # doctest: +SKIP
        >>> view.selected                                      # doctest: +SKIP
        [(0, 6)]
    """
    if not isinstance(view, Explorer):
        raise OptionError(
            f"{type(view).__name__} is not an explorer: give Explorer(…) or compare(…); of a "
            "gallery, show the file that its to_html writes, with st.iframe"
        )
    settings = {name: getattr(view, name) for name in CONTRACT.settings}
    data = json.loads(b"".join(page_data(view.explanations, settings)))
    digest = hashlib.sha256("".join(data["buffers"]).encode()).hexdigest()
    state = _component()(key=key or f"tam-{digest}", data=data, on_pointed_change=lambda: None)
    for name, value in (state.get("pointed") or {}).items():
        setattr(view, name, value)


@cache
def _component() -> Any:
    """The component, which is registered once."""
    import streamlit

    return streamlit.components.v2.component(
        "tam_widgets.explorer",
        js=_TWO_LINES + (STATIC / "standalone.js").read_text("utf-8"),
        css=_TWO_LINES + (STATIC / "widget.css").read_text("utf-8"),
    )
