"""A gallery in a plain page whose kernel is the test itself: no Jupyter, any theme and size."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page

import tam_widgets as tw
from tam_widgets.contract import CONTRACT
from tam_widgets.views.explorer import STATIC
from tests.e2e.gallery import Gallery, find_galleries

TRAITS = ("_listing", *CONTRACT.gallery_settings)

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Gallery</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>:root { color-scheme: light dark }
body { margin: 0; padding: 16px; font-family: system-ui, sans-serif;
  background: light-dark(#fff, #16191d); color: light-dark(#1c2024, #e8eaed) }</style>
</head><body><main><h1>Gallery</h1><div id="here"></div></main></body></html>"""

# a model as anywidget has one, between the front end and `Kernel`
START = """async ([code, style, first]) => {
  document.head.append(Object.assign(document.createElement("style"), { textContent: style }));
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const state = first, changed = new Set(), heard = new Map();
  const call = (event, ...values) => (heard.get(event) ?? []).forEach((one) => one(...values));
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const take = ({ state: now, messages }) => {
    for (const [name, value] of Object.entries(now))
      if (JSON.stringify(value) !== JSON.stringify(state[name])) {
        state[name] = value;
        call(`change:${name}`);
      }
    for (const [content, buffers] of messages) call("msg:custom", content, buffers.map(bytes));
  };
  const model = {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; changed.add(name); call(`change:${name}`); },
    save_changes: () => {
      const sent = Object.fromEntries([...changed].map((name) => [name, state[name]]));
      changed.clear();
      window.kernel("set", sent).then(take);
    },
    send: (content) => { window.kernel("hear", content).then(take); },
    on: (event, one) => heard.set(event, [...(heard.get(event) ?? []), one]),
    off: (event, one) => heard.set(event, (heard.get(event) ?? []).filter((o) => o !== one)),
  };
  window.take = take;
  (await import(url)).default.render({ model, el: document.getElementById("here") });
}"""


class Kernel(tw.Gallery):
    """A gallery whose messages wait until the page takes them."""

    def __init__(self, *runs: Any, **settings: Any) -> None:
        self.waiting: list[Any] = []
        super().__init__(*runs, **settings)

    def send(self, content: Any, buffers: Any = None) -> None:
        encoded = [base64.b64encode(bytes(buffer)).decode() for buffer in buffers or ()]
        self.waiting.append([content, encoded])

    def answer(self, kind: str, content: Any) -> dict[str, Any]:
        """What the page sends; returns what it has to take."""
        if kind == "set":
            self.set_state(content)
        else:
            self._on_message(self, content, [])
        return self.taken()

    def taken(self) -> dict[str, Any]:
        messages, self.waiting = self.waiting, []
        return json.loads(json.dumps({"state": self.get_state(TRAITS), "messages": messages}))


def show_gallery(page: Page, view: Kernel) -> Gallery:
    """Shows a gallery in a page."""
    page.expose_function("kernel", view.answer)
    page.set_content(PAGE)
    files: Sequence[str] = [(STATIC / name).read_text() for name in ("gallery.js", "gallery.css")]
    page.evaluate(START, [*files, view.taken()["state"]])
    return find_galleries(page)[0]
