"""The views that a notebook stores, each as a page that needs no kernel and no network."""

from __future__ import annotations

import base64
from typing import Any

from tam_widgets.contract import CONTRACT
from tam_widgets.views.anatomy.page import page as anatomy_page
from tam_widgets.views.export import page_of, view_data

Json = dict[str, Any]

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"


def page_of_view(notebook: Json, output: Json, title: str) -> bytes | None:
    """The page of a view, or None where it is of another kind, such as a gallery.

    Args:
        notebook: The notebook.
        output: The data of one output, by media type.
        title: The page's title.
    """
    stored = notebook["metadata"]["widgets"][STATE]["state"]
    view = stored.get(output.get(VIEW, {}).get("model_id"))
    if view is None:
        return None
    state, buffers = view["state"], [base64.b64decode(one["data"]) for one in view["buffers"]]
    kind = state["_anywidget_id"].rpartition(".")[2]
    return MAKERS[kind](title, state, buffers) if kind in MAKERS else None


def _explorer(title: str, state: Json, buffers: list[bytes]) -> bytes:
    shown = {*CONTRACT.settings, "_header", "_known", "_steps", "step"}
    data = {name: value for name, value in state.items() if name in shown}
    return page_of(title, "standalone", view_data(_without_model(data), buffers), style="widget")


def _exercise(title: str, state: Json, buffers: list[bytes]) -> bytes:
    data = {name: state[name] for name in ("_question", "_header")}
    return page_of(title, "exercise", view_data(data, buffers))


def _anatomy(title: str, state: Json, buffers: list[bytes]) -> bytes:
    data = {name: state[name] for name in ("step", "_token", "_known", "_header")}
    return anatomy_page(title, _without_model(data), buffers)


def _without_model(data: Json) -> Json:
    """A view's state in which no model can be asked."""
    return {**data, "_questions": [[] for _ in data["_known"]]}


MAKERS = {"Explorer": _explorer, "Exercise": _exercise, "Anatomy": _anatomy}
