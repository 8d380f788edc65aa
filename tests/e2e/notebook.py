"""Open and run notebooks in JupyterLab or Notebook 7 as a person does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import nbformat
from playwright.sync_api import Locator, Page

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
EXPLORER = "[data-testid=tam]"
READY = f"{EXPLORER}[data-ready='1']"


@dataclass(frozen=True)
class Notebook:
    """A notebook that stands open in a page."""

    server: Server
    page: Page
    name: str

    def command(self, name: str) -> None:
        """Start one of JupyterLab's commands."""
        # without the braces the page would wait for the command's promise, which may never end
        self.page.evaluate("(name) => { window.jupyterapp.commands.execute(name); }", name)

    def run(self, explorers: int = 1) -> Locator:
        """Run all cells; return the explorers when that many are ready."""
        self.page.wait_for_function(KERNEL_READY)
        self.command("notebook:run-all-cells")
        return self.explorers(explorers)

    def explorers(self, count: int = 1) -> Locator:
        """The explorers in the page, when `count` of them are ready."""
        ready = self.page.locator(READY)
        ready.nth(count - 1).wait_for()
        return ready

    def evaluate(self, expression: str) -> Any:
        """The repr of an expression in the notebook's kernel."""
        return self.server.evaluate(self.name, expression)

    def sent(self) -> list[str]:
        """The types of all messages sent to the kernel so far."""
        return list(self.page.evaluate("window.__sent"))


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
