"""Questions that a view asks while the kernel is busy, interrupted or restarted."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.explorer import Explorer
from tests.e2e.notebook import App, Notebook, open_notebook, write_notebook
from tests.e2e.server import Server

SETUP = """
import time
from pathlib import Path
import tam_widgets as tw

explainer, scene = tw.demo.explainer("qwen2-vl"), tw.demo.scene(seed=7)
ex = explainer.explain(scene.image, scene.prompt, progress=False)
word = ex.find("laptop")[0]
own, go = explainer.check, Path("go")
def checked(*given, progress, **more):
    told = []
    def slowly(now):
        progress(now)
        told.append(now)
        while len(told) > 8 and not go.exists():
            time.sleep(0.01)
    return own(*given, progress=slowly, **more)
explainer.check = checked
view = tw.Explorer(ex, selected=[(0, word)])
view
"""
"""A view whose checks pause after some steps until there is a file `go`."""

KERNEL = "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"
EXECUTE = f"(code) => {{ {KERNEL}.requestExecute({{ code }}); }}"
IS_BUSY = f"() => {KERNEL}.status === 'busy'"
RESTART = f"() => {{ {KERNEL}.restart(); }}"
BUSY = "Path('busy').touch()\nwhile Path('busy').exists():\n    time.sleep(0.01)"
GONE = "The kernel of this view is gone or was restarted"


@pytest.fixture
def notebook(
    request: pytest.FixtureRequest, server: Server, new_page: Callable[..., Page]
) -> Iterator[Notebook]:
    app: App = request.param
    folder = server.root / f"questions-{app}-{request.node.originalname}"
    folder.mkdir()
    name = f"{folder.name}/asks.ipynb"
    write_notebook(server, name, SETUP, "'the second cell'")
    yield open_notebook(server, new_page(), name, app=app)
    (folder / "go").touch()
    (folder / "busy").unlink(missing_ok=True)


def folder_of(notebook: Notebook) -> Path:
    return (notebook.server.root / notebook.name).parent


def check(view: Explorer) -> Locator:
    """Begins a check; returns what it opens."""
    view.root.locator("button[data-question=check]").click()
    return view.root.locator(".tam-check")


def begun(view: Explorer) -> Locator:
    """A check in the midst of which the kernel pauses."""
    region = check(view)
    expect(region.locator(".tam-curve-points circle").nth(3)).to_be_visible()
    return region


def goes_on(notebook: Notebook) -> None:
    (folder_of(notebook) / "go").touch()


def stays_usable(view: Explorer, region: Locator) -> None:
    """The view says that the kernel is gone; what is drawn stays, and words can be pointed at."""
    expect(view.root).to_contain_text(GONE, timeout=5_000)
    expect(region.locator(".tam-check-result")).to_be_visible()
    maps = set()
    for token in view.root.locator(".tam-answer .tam-token").all()[1:4]:
        token.hover()
        maps.add(view.overlay())
    assert len(maps) > 1
    view.leave()
    region.get_by_role("button", name="start").click()
    expect(view.root).to_contain_text(GONE)
    expect(region.locator(".tam-check-result")).to_be_visible()


LAB = pytest.mark.parametrize("notebook", ["lab"], indirect=True)
BOTH = pytest.mark.parametrize("notebook", ["lab", "notebook"], indirect=True)


@LAB
def test_a_question_of_a_busy_notebook_is_answered(notebook: Notebook) -> None:
    (view,) = notebook.run()
    goes_on(notebook)
    busy = folder_of(notebook) / "busy"
    notebook.page.evaluate(EXECUTE, BUSY)
    notebook.page.wait_for_function(IS_BUSY)
    region = check(view)
    # kernels with subshells answer meanwhile
    expect(view.root).to_contain_text(
        re.compile("Waiting: the notebook is running a cell.|than random orders do")
    )
    assert busy.exists()
    busy.unlink()
    expect(region.locator(".tam-check-verdict")).to_contain_text("random orders")
    expect(view.root).not_to_contain_text("Waiting:")


@LAB
def test_an_interrupted_kernel_finishes_the_check(notebook: Notebook) -> None:
    (view,) = notebook.run()
    region = begun(view)
    kernel = notebook.server.kernel_of(notebook.name)
    notebook.server.request(f"kernels/{kernel}/interrupt", "POST")
    goes_on(notebook)
    expect(region.locator(".tam-check-verdict")).to_contain_text("random orders")
    assert notebook.evaluate("len(view.checks)") == "1"


@BOTH
def test_a_restarted_kernel_is_told_of_and_asked_after_the_cell_runs_again(
    notebook: Notebook,
) -> None:
    (view,) = notebook.run()
    region = begun(view)
    notebook.page.evaluate(RESTART)
    stays_usable(view, region)
    goes_on(notebook)
    (view,) = notebook.run()
    expect(check(view).locator(".tam-check-verdict")).to_contain_text("random orders")


@LAB
def test_a_killed_kernel_is_told_of(notebook: Notebook) -> None:
    (view,) = notebook.run()
    region = begun(view)
    os.kill(int(notebook.evaluate("__import__('os').getpid()")), signal.SIGKILL)
    notebook.page.locator(".jp-Dialog .jp-mod-accept").click()  # the kernel died, it says
    stays_usable(view, region)
