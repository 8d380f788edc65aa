"""A word checked in a real JupyterLab with the demo models: from the click to the painted curve.

Each round locks a word and presses *check this*. The first points are the curve's ends; the map's
deletion curve is whole when it has all its points; at the end the verdict stands below it. Further
rounds press *stop* as soon as the first point is there, until the view says that it has stopped;
and move the mouse over all words while a check runs. The kernel and the browser share the machine's
cores, so the model's own time is told beside: the same check in the same kernel without a view.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

from browsing import CENTRES, FRAME_GOAL, SETTLE_SECONDS, WATCH_HOVER, jupyterlab, row
from playwright.sync_api import Page
from report import arguments, publish

from tests.e2e.explorer import EXPLORER
from tests.e2e.notebook import KERNEL_READY, Notebook

MODELS = ("qwen2-vl", "llava")

CELL = """import time, tam_widgets as tw
from dataclasses import replace
explainer, scene = tw.demo.explainer({model!r}), tw.demo.scene(seed=7)
ex = explainer.explain(scene.image, scene.prompt, progress=False)
def plain(token):
    start = time.perf_counter()
    explainer.check(ex, token, progress=False)
    return time.perf_counter() - start
unchecked = lambda one: replace(one, checks=())
view = tw.Explorer(ex)
view"""

POINTS = 21
"""Of a curve in 20 steps."""

# sets what happened when, in milliseconds after the button was pressed
WATCH = """(points) => {
  const root = document.querySelector("[data-testid=tam]");
  const told = (window.__told = {});
  const began = performance.now();
  const look = () => {
    const count = root.querySelectorAll(".tam-curve-points circle").length;
    const note = (name, is) => { if (is) told[name] ??= performance.now() - began; };
    note("first", count > 0);
    note("curve", count === points);
    note("end", root.querySelector(".tam-check-verdict")?.textContent);
    note("stopped", root.querySelector(".tam-check > .tam-note")?.textContent.includes("Stopped"));
    if (!told.end && !told.stopped) requestAnimationFrame(look);
  };
  root.querySelector("[data-question=check]").click();
  requestAnimationFrame(look);
}"""


def main() -> None:
    options = _options()
    rows: list[dict[str, Any]] = []
    with jupyterlab() as lab:
        for model in MODELS:
            notebook = lab.open(f"{model}.ipynb", CELL.format(model=model))
            found = _measure(notebook, options.rounds)
            rows += [{"model": model, **one} for one in found]
            notebook.page.close()
    publish("check_latency", rows, options.json, case="one word, one method, 3 random orders")


def _options() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def _measure(notebook: Notebook, rounds: int) -> list[dict[str, Any]]:
    page = notebook.page
    page.wait_for_function(KERNEL_READY)
    notebook.run()
    time.sleep(SETTLE_SECONDS)
    first = int(notebook.evaluate("ex.prompt_length"))
    words = range(first + 1, first + 7)
    told: list[dict[str, float]] = []
    plain: list[float] = []
    for number in range(rounds):
        token = words[number % len(words)]
        plain.append(float(notebook.evaluate(f"plain({token})")))
        told.append(_check(page, notebook, token))
    stops = [_stop(page, notebook, words[n % len(words)]) for n in range(rounds)]
    hovers = _hover(page, notebook, words[0])
    ends = [one["end"] / 1e3 for one in told]
    ratios = [end / alone for end, alone in zip(ends, plain, strict=True)]
    return [
        row("click to first points, s", [one["first"] / 1e3 for one in told], 0.5),
        row("click to the map's whole deletion curve, s", [one["curve"] / 1e3 for one in told], ""),
        row("click to the verdict, s", ends, 3),
        row("the same check without a view, s", plain, ""),
        row("ratio of the two", ratios, ""),
        row("stop to stopped, s", stops, ""),
        row("hover to painted overlay meanwhile, ms", hovers, FRAME_GOAL),
    ]


def _begin(page: Page, notebook: Notebook, token: int) -> None:
    """Locks a word that is not checked yet, and presses the button."""
    notebook.evaluate("view.update_explanations(ex, unchecked)")
    notebook.evaluate(f"setattr(view, 'selected', [(0, {token})])")
    chosen = page.locator(f"{EXPLORER} .tam-token[data-i='{token}'][aria-selected=true]")
    chosen.wait_for()
    page.get_by_role("button", name="check this").first.wait_for()
    page.evaluate(WATCH, POINTS)


def _close(page: Page) -> dict[str, float]:
    told: dict[str, float] = page.evaluate("window.__told")
    page.locator(f"{EXPLORER} [data-question=check][aria-expanded]").first.click()
    time.sleep(1)
    return told


def _check(page: Page, notebook: Notebook, token: int) -> dict[str, float]:
    """Milliseconds after the click."""
    _begin(page, notebook, token)
    page.wait_for_function("window.__told.end")
    return _close(page)


def _stop(page: Page, notebook: Notebook, token: int) -> float:
    """Seconds from pressing stop, once there is a point, until the view says so."""
    _begin(page, notebook, token)
    page.wait_for_function("window.__told.first")
    start = page.evaluate(
        """() => {
          const stop = [...document.querySelectorAll(".tam-check button")]
            .find((one) => one.textContent === "stop");
          stop.click();
          return performance.now();
        }"""
    )
    page.wait_for_function("window.__told.stopped || window.__told.end")
    end = page.evaluate("performance.now()")
    _close(page)
    return float(end - start) / 1e3


def _hover(page: Page, notebook: Notebook, token: int) -> list[float]:
    """Milliseconds of hovers over words while checks run."""
    root = page.locator(EXPLORER).first
    root.evaluate(WATCH_HOVER)
    for _ in range(3):
        _begin(page, notebook, token)
        centres = root.evaluate(CENTRES)
        while not page.evaluate("window.__told.end"):
            for x, y, in_view in centres:
                if in_view:
                    page.mouse.move(x, y)
                    page.wait_for_timeout(40)
        page.mouse.move(1, 1)
        _close(page)
    hovers: list[float] = page.evaluate("window.__hovers")
    return hovers


if __name__ == "__main__":
    main()
