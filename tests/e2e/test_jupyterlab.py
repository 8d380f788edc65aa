"""One explorer, shown twice, in a real JupyterLab."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.explorer import EXPLORER, Explorer, find_explorers
from tests.e2e.notebook import KERNEL_READY, Notebook, open_notebook, write_notebook
from tests.e2e.samples import ANSWER, HOSTILE, PROMPT, explanation
from tests.e2e.server import Server

START = len(PROMPT)
MADE = "import tam_widgets as tw\nview = tw.Explorer(tw.load('one.safetensors'))"
RESET = (
    "[setattr(view, k, v) for k, v in dict(selected=[], method='tam', eci=1.0, kernel_size=3,"
    " opacity=0.85, colormap='viridis', scale='token', threshold=0.0).items()] and None"
)


@pytest.fixture(scope="module")
def opened(server: Server, new_page: Callable[..., Page]) -> Notebook:
    explanation((*ANSWER, HOSTILE)).save(server.root / "one.safetensors")
    write_notebook(server, "one.ipynb", MADE, "view", "view")
    notebook = open_notebook(server, new_page(), "one.ipynb")
    notebook.run(explorers=2)
    return notebook


@pytest.fixture
def notebook(opened: Notebook) -> Notebook:
    """The notebook with the explorer as it was at first."""
    Explorer(opened.page.locator(EXPLORER).first).leave()
    opened.evaluate(RESET)
    return opened


@pytest.fixture
def view(notebook: Notebook) -> Iterator[Explorer]:
    first, _ = find_explorers(notebook.page, 2)
    first.expect_locked()
    expect(first.root).to_have_attribute("data-drawn", "")
    return first


def wait_for_python(notebook: Notebook, expression: str, expected: Any) -> None:
    for _ in range(100):
        value = notebook.evaluate(expression)
        if value == repr(expected):
            return
        time.sleep(0.1)
    pytest.fail(f"{expression} is {value}, not {expected!r}")


def test_hover_paints_and_sends_nothing(notebook: Notebook, view: Explorer) -> None:
    sent, pictures = notebook.sent(), {view.overlay()}
    for i in range(START, START + 6):
        view.hover(0, i)
        pictures.add(view.overlay())
    assert len(pictures) == 6  # the first is in view at rest
    notebook.page.wait_for_timeout(300)
    assert notebook.sent() == sent


def test_click_locks_and_python_sees_it(notebook: Notebook, view: Explorer) -> None:
    view.token(0, START + 2).click()
    view.expect_locked((0, START + 2))
    wait_for_python(notebook, "[tuple(pair) for pair in view.selected]", [(0, START + 2)])
    view.hover(0, START + 5)
    view.leave()
    view.expect_drawn(0, START + 2)


def test_browser_follows_python(notebook: Notebook, view: Explorer) -> None:
    before = view.overlay()
    notebook.evaluate(f"setattr(view, 'selected', [(0, {START + 6})])")
    view.expect_drawn(0, START + 6)
    view.expect_locked((0, START + 6))
    locked = view.overlay()
    assert locked != before
    notebook.evaluate("setattr(view, 'method', 'cam')")
    expect(view.setting("method")).to_have_value("cam")
    assert view.overlay() != locked


# records, in order, every value that the page shows for the locked token
WATCH_LOCKED = """(root) => {
  window.__locked = [];
  new MutationObserver((changes) => {
    for (const { target } of changes)
      if (target.getAttribute("aria-selected") === "true") window.__locked.push(target.dataset.i);
  }).observe(root, { subtree: true, attributes: true, attributeFilter: ["aria-selected"] });
}"""


def test_an_old_selection_never_comes_back(notebook: Notebook, view: Explorer) -> None:
    slow = "view.observe(lambda change: __import__('time').sleep(0.05), 'selected')"
    notebook.evaluate(slow)  # so that answers to old values arrive after newer ones are set
    view.root.evaluate(WATCH_LOCKED)
    clicked = [START + i for i in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) * 3]
    for i in clicked:
        view.token(0, i).dispatch_event("click")
    wait_for_python(notebook, "[tuple(pair) for pair in view.selected]", [(0, clicked[-1])])
    notebook.page.wait_for_timeout(500)
    locked = [int(i) for i in notebook.page.evaluate("window.__locked")]
    assert locked == clicked
    notebook.evaluate("view.unobserve_all('selected')")


# drags a slider in small steps, as fast as the page paints, and records what it shows on the way
DRAG = """async (input) => {
  const shown = [];
  const watch = () => shown.push(Number(input.value));
  for (let step = 0; step <= 50; step++) {
    input.value = String(step / 50);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise(requestAnimationFrame);
    watch();
  }
  for (let wait = 0; wait < 30; wait++) {
    await new Promise((done) => setTimeout(done, 20));
    watch();
  }
  return shown;
}"""


def test_a_dragged_slider_never_jumps_back(notebook: Notebook, view: Explorer) -> None:
    shown = view.setting("eci").evaluate(DRAG)
    assert shown == sorted(shown)
    assert shown[-1] == 1
    view.setting("eci").fill("0.25")
    wait_for_python(notebook, "view.eci", 0.25)


def test_keys_stay_in_the_explorer(notebook: Notebook, view: Explorer) -> None:
    page = notebook.page
    cells = page.locator(".jp-Cell").count()
    view.token(0, START).click()
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    view.expect_drawn(0, START + 3)
    for key in ("b", "a", "d", "d", "x", "ArrowDown", "ArrowUp", "m"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    view.expect_locked((0, START + 3))
    page.keyboard.press("Home")
    view.expect_drawn(0, 0)
    page.keyboard.press("Escape")
    view.expect_locked()
    page.wait_for_timeout(200)
    assert page.locator(".jp-Cell").count() == cells
    assert page.locator(".jp-CodeCell").count() == cells


# changes a control and takes the picture before the page can hear anything from outside
CHANGE = """([control, value, canvas]) => {
  control.value = value;
  const type = control.tagName === "SELECT" ? "change" : "input";
  control.dispatchEvent(new Event(type, { bubbles: true }));
  return canvas.toDataURL();
}"""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("method", "tam-no-eci"),
        ("method", "tam-no-rgf"),
        ("method", "cam"),
        ("eci", "0"),
        ("kernel_size", "5"),
        ("opacity", "0.3"),
        ("colormap", "jet"),
        ("threshold", "0.5"),
    ],
)
def test_controls_redraw_without_the_kernel(opened: Notebook, name: str, value: str) -> None:
    view, _ = find_explorers(opened.page, 2)
    view.hover(0, START + 4)
    canvas = view.root.locator("canvas.tam-overlay")
    before = canvas.evaluate("(canvas) => canvas.toDataURL()")
    arguments = [view.setting(name).element_handle(), value, canvas.element_handle()]
    after = opened.page.evaluate(CHANGE, arguments)
    opened.evaluate(RESET)
    assert after != before


def test_two_views_stay_in_step(notebook: Notebook, view: Explorer) -> None:
    _, other = find_explorers(notebook.page, 2)
    view.hover(0, START + 1)
    expect(other.root).to_have_attribute("data-drawn", "")  # a preview is the view's own
    view.token(0, START + 1).click()
    other.expect_locked((0, START + 1))
    other.setting("method").select_option("cam")
    expect(view.setting("method")).to_have_value("cam")
    other.setting("eci").evaluate("(input) => input.disabled")
    view.leave()
    view.expect_drawn(0, START + 1)
    assert view.overlay() == other.overlay()


def test_hostile_text_is_text(notebook: Notebook, view: Explorer) -> None:
    last = START + len(ANSWER)
    expect(view.token(0, last)).to_have_text(HOSTILE)
    view.hover(0, last)
    assert notebook.page.evaluate("window.__attacked") is None


def test_follows_the_theme_of_the_notebook(notebook: Notebook, view: Explorer) -> None:
    expect(view.root).to_have_attribute("data-theme", "light")
    notebook.command("apputils:change-theme", theme="JupyterLab Dark")
    expect(view.root).to_have_attribute("data-theme", "dark")
    notebook.command("apputils:change-theme", theme="JupyterLab Light")
    expect(view.root).to_have_attribute("data-theme", "light")


def test_cleared_outputs_leave_nothing_behind(
    server: Server, new_page: Callable[..., Page]
) -> None:
    explanation().save(server.root / "clear.safetensors")
    write_notebook(server, "clear.ipynb", MADE.replace("one.", "clear."), "view", "view")
    notebook = open_notebook(server, new_page(), "clear.ipynb")
    for view in notebook.run(explorers=2):
        view.hover(0, START)
        view.leave()
    assert "ResizeObserver" in notebook.page.evaluate("window.__alive()")
    notebook.command("notebook:clear-all-cell-outputs")
    expect(notebook.page.locator(EXPLORER)).to_have_count(0)
    notebook.page.wait_for_function("window.__alive().length === 0")


def test_an_answer_that_ends_before_the_limit_leaves_no_bar(
    server: Server, new_page: Callable[..., Page]
) -> None:
    cell = (
        "from tam_widgets.capture.progress import progress_bar\n"
        "with progress_bar(256, 'token', keep=False) as bar:\n    bar.update(9)\n"
        "print('ended', 1 + 1)"
    )
    write_notebook(server, "bar.ipynb", cell)
    notebook = open_notebook(server, new_page(), "bar.ipynb")
    notebook.page.wait_for_function(KERNEL_READY)
    notebook.command("notebook:run-all-cells")
    outputs = notebook.page.locator(".jp-OutputArea-output")
    expect(outputs.filter(has_text="ended 2")).to_be_visible()
    expect(outputs.locator(".widget-hprogress, .widget-html, .progress-bar")).to_have_count(0)
