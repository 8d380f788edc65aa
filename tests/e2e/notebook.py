"""Open and run notebooks in JupyterLab or Notebook 7 as a person does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import nbformat
from playwright.sync_api import Page

from tests.e2e.explorer import Explorer, find_explorers
from tests.e2e.server import Server

App = Literal["lab", "notebook"]
URLS: dict[App, str] = {"lab": "lab/tree/{}?reset", "notebook": "notebooks/{}"}

# the idle light comes before the kernel's connection does, and what is run between is lost
KERNEL_READY = """() => {
  const context = window.jupyterapp?.shell?.currentWidget?.sessionContext;
  const kernel = context?.session?.kernel;
  return Boolean(context?.isReady && kernel
    && kernel.connectionStatus === "connected" && kernel.status === "idle");
}"""


@dataclass(frozen=True)
class Notebook:
    """A notebook that stands open in a page."""

    server: Server
    page: Page
    name: str

    def command(self, name: str, **options: str) -> None:
        """Start one of JupyterLab's commands."""
        # without the braces the page would wait for the command's promise, which may never end
        start = "([name, options]) => { window.jupyterapp.commands.execute(name, options); }"
        self.page.evaluate(start, [name, options])

    def run(self, explorers: int = 1) -> list[Explorer]:
        """Run all cells; return the explorers when that many are ready."""
        self.page.wait_for_function(KERNEL_READY)
        self.command("notebook:run-all-cells")
        return find_explorers(self.page, explorers)

    def evaluate(self, expression: str) -> Any:
        """The repr of an expression in the notebook's kernel."""
        return self.server.evaluate(self.name, expression)

    def sent(self) -> int:
        """How many messages about widgets or code were sent to the kernel so far."""
        types = self.page.evaluate("window.__sent")  # JupyterLab's debugger sends its own at will
        return sum(name.startswith(("comm_msg", "execute")) for name in types)


def write_notebook(server: Server, name: str, *cells: str) -> None:
    """Write a notebook of code cells into the server's folder."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata["kernelspec"] = kernel
    nbformat.write(notebook, server.root / name)


def open_notebook(server: Server, page: Page, name: str, app: App = "lab") -> Notebook:
    """Open a notebook of the server's folder."""
    page.goto(f"{server.url}/{URLS[app].format(name)}")
    return Notebook(server, page, name)
