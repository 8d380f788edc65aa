"""Steps of a view, chosen in the kernel: the browser shows the new panels at once."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.notebook import open_notebook, write_notebook
from tests.e2e.server import Server


def test_a_step_replaces_the_panels_in_view(server: Server, new_page: Callable[..., Page]) -> None:
    write_notebook(
        server,
        "steps.ipynb",
        "import tam_widgets as tw\nscene = tw.demo.scene(seed=7)\n"
        "explainer = tw.demo.explainer('qwen2-vl')\n"
        "view = tw.Explorer(explainer.explain(scene.image, scene.prompt, progress=False))\nview",
    )
    page = new_page()
    notebook = open_notebook(server, page, "steps.ipynb")
    notebook.run()
    root = page.locator("[data-testid=tam][data-ready='1']")
    answers = root.locator(".tam-answer")
    expect(answers).to_have_count(1)
    root.locator(".tam-answer .tam-token", has_text="laptop").click()
    notebook.evaluate("view.what_if(crop=(0, 0, 150, 200), progress=False)")
    expect(answers).to_have_count(2)
    expect(answers.nth(0)).to_contain_text("three red cups")
    expect(answers.nth(1)).not_to_contain_text("three")
    assert notebook.evaluate("view.selected") == "[]"
    notebook.evaluate("view.what_if(panel=1, answer='There is a cup.')")
    expect(answers.nth(1)).to_contain_text("There is a cup")
    notebook.evaluate("setattr(view, 'step', 0)")
    expect(answers).to_have_count(1)
    assert "(0, " in notebook.evaluate("view.selected")  # what was locked in it is so again
    root.locator(".tam-answer .tam-token", has_text="three").click()
    assert (
        notebook.evaluate("view.selected[0][1] == view.explanations[0].find('three')[0]") == "True"
    )
