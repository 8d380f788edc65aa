"""A person doubts an answer in a notebook: changes one thing after another, and goes back."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.e2e.notebook import open_notebook, write_notebook
from tests.e2e.server import Server

MADE = (
    "import tam_widgets as tw\nscene = tw.demo.scene(seed=7)\n"
    "explainer = tw.demo.explainer('qwen2-vl')\n"
    "view = tw.Explorer(explainer.explain(scene.image, scene.prompt, progress=False))\nview"
)


def drag(painter: Locator) -> None:
    """Paint from the left edge to the right one, through the middle."""
    box = painter.bounding_box()
    assert box
    mouse, middle = painter.page.mouse, box["y"] + box["height"] / 2
    mouse.move(box["x"] + 0.1 * box["width"], middle)
    mouse.down()
    mouse.move(box["x"] + 0.9 * box["width"], middle, steps=9)
    mouse.up()


def test_three_steps_by_clicking(server: Server, new_page: Callable[..., Page]) -> None:
    write_notebook(server, "what_if.ipynb", MADE)
    page = new_page()
    notebook = open_notebook(server, page, "what_if.ipynb")
    notebook.run()
    root = page.locator("[data-testid=tam][data-ready='1']")
    answers, steps = root.locator(".tam-answer"), root.locator(".tam-steps button")
    current = root.locator(".tam-steps [aria-current]")

    def press(name: str, panel: int) -> None:
        shown = root.locator(".tam-panel").nth(panel)
        shown.get_by_role("button", name=name, exact=True).click()

    root.locator(".tam-answer .tam-token", has_text="laptop").click()
    press("what if…", 0)
    root.get_by_role("textbox", name="Another word").fill("cup")
    press("write on from here", 0)
    expect(current).to_contain_text("write on from ‘cup’")
    expect(current).to_be_focused()
    expect(answers).to_have_count(2)
    expect(root.locator(".tam-title strong")).to_have_text(["before", "now"])
    expect(root.locator(".tam-answer").nth(1).locator(".tam-alone").first).to_be_visible()

    press("what if…", 1)
    drag(root.locator("canvas.tam-painter"))
    press("ask again", 1)
    expect(current).to_contain_text("% painted over")

    press("what if…", 1)
    press("read another answer", 1)
    root.get_by_role("textbox", name="Another answer").fill("There is a dog.")
    press("read this instead", 1)
    expect(current).to_have_text("another answer")
    expect(answers.nth(1)).to_contain_text("There is a dog.")
    assert notebook.evaluate("len(view.steps)") == "4"
    assert notebook.evaluate("view.steps[3].text") == "'There is a dog.'"
    assert notebook.evaluate("[one['parent'] for one in view._steps]") == "[None, 0, 1, 2]"

    steps.first.click()  # back to the beginning, and aside from there
    expect(answers).to_have_count(1)
    expect(steps).to_have_count(4)
    assert notebook.evaluate("view.step") == "0"
    root.locator(".tam-stage").focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    press("what if…", 0)
    press("crop", 0)
    press("crop and ask again", 0)
    expect(root.locator(".tam-steps li")).to_have_count(2)
    expect(current).to_have_text("cropped")
    assert notebook.evaluate("[one['parent'] for one in view._steps]") == "[None, 0, 1, 2, 0]"
