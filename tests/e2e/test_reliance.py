"""Bars of visual reliance: in a file without a kernel, and measured in a notebook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

import tam_widgets as tw
from tests.e2e.accessibility import violations
from tests.e2e.explorer import Explorer
from tests.e2e.notebook import open_notebook, write_notebook
from tests.e2e.samples import ANSWER, PROMPT, explanation
from tests.e2e.server import Server

START = len(PROMPT)
DOG, BALL = START + ANSWER.index(" dog"), START + ANSWER.index(" ball")

# what is drawn of a word's bar, as a share of the word, or null for none
BAR = """(token) => {
  const bar = getComputedStyle(token.lastElementChild, "::after");
  if (bar.content !== '""' || bar.backgroundColor === "rgba(0, 0, 0, 0)") return null;
  return parseFloat(bar.width) / (token.lastElementChild.getBoundingClientRect().width - 2);
}"""


def measured() -> tw.Explanation:
    """Every answer token is half as probable without the picture, and the dog a hundredth."""
    record = explanation()
    full = [token.probability for token in record.tokens[record.answer_slice]]
    blank = np.log(np.array(full, float) / 2)
    blank[DOG - START] = np.log(0.01 * full[DOG - START])
    return replace(record, blank_log_p=blank.astype(np.float32))


def bar(token: Locator) -> float | None:
    found: float | None = token.evaluate(BAR)
    return found


@pytest.mark.parametrize(
    "options",
    [
        {"color_scheme": "light"},
        {"color_scheme": "dark"},
        {"forced_colors": "active"},
        {"has_touch": True},
    ],
)
def test_a_file_shows_bars_and_says_their_numbers(
    new_page: Callable[..., Page], tmp_path: object, options: dict[str, object]
) -> None:
    measured().to_html(f"{tmp_path}/a.html")
    page = new_page(offline=True, bypass_csp=True, **options)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(f"file://{tmp_path}/a.html")
    view = Explorer(page.locator("[data-testid=tam][data-ready='1']"))
    key = view.root.get_by_text("bar: the picture’s share of the word’s probability")
    expect(key).to_be_visible()
    assert bar(view.token(0, DOG)) == pytest.approx(0.99, abs=0.01)
    assert bar(view.token(0, BALL)) == pytest.approx(0.5, abs=0.01)
    assert bar(view.token(0, 1)) is None
    view.token(0, DOG).tap() if options.get("has_touch") else view.token(0, DOG).hover()
    expect(view.root.locator(".tam-reliance")).to_contain_text("“dog”: with the picture")
    for width in ("auto", "320px"):
        page.evaluate("(width) => { document.body.style.width = width; }", width)
        assert violations(page, "html") == []
    view.root.get_by_role("button", name="reliance").click()
    expect(key).to_be_hidden()
    assert bar(view.token(0, DOG)) is None


def test_a_notebook_measures_them(server: Server, new_page: Callable[..., Page]) -> None:
    write_notebook(
        server,
        "reliance.ipynb",
        "import tam_widgets as tw\nscene = tw.demo.scene(seed=7)\n"
        "explainer = tw.demo.explainer('qwen2-vl')\n"
        "view = tw.Explorer(explainer.explain(scene.image, scene.prompt, progress=False))\nview",
    )
    notebook = open_notebook(server, new_page(), "reliance.ipynb")
    (view,) = notebook.run()
    word = view.root.locator(".tam-answer .tam-token", has_text="laptop")
    assert bar(word) is None
    button = view.root.get_by_role("button", name="reliance")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.focus()
    notebook.page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    drawn = bar(word)
    assert drawn is not None
    assert drawn > 0.9
    own = "view.explanations[0]"
    share = notebook.evaluate(f"float({own}.picture_share[{own}.find('laptop')[0]])")
    assert float(share) == pytest.approx(drawn, abs=0.02)
