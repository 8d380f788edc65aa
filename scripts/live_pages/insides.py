"""Pages about how a map is made, and about many answers at once."""

from __future__ import annotations

from pathlib import Path

import tam_widgets as tw
from scripts.live_pages.registry import live


@live(
    "The layers of a word",
    see="The map of “tree” after the first of the model's three layers.",
    do="Drag the slider from the first layer to the last, or move along the curve below it.",
    learn="The map lies on the tree from the first layer on, but the word is probable only later: "
    "0.03 after the first layer, 0.84 after the second, where it becomes the first choice.",
    beware="It does not show how a layer makes its states: each is read as if it were the last "
    "one, which it was not trained to be, and three layers are not twenty-eight.",
    height=1020,
)
def layers(path: Path) -> None:
    scene = tw.demo.scene(seed=40)
    explainer = tw.demo.explainer("qwen2-vl")
    ex = explainer.explain(scene.image, scene.prompt, layers="all")
    (tree,) = ex.find("tree")
    tw.Explorer(ex, selected=[(0, tree)], layer=1).to_html(path, layers=True)


@live(
    "How a map is made",
    see="The map of “tree” taken apart into ten steps, with the numbers of this very map.",
    do="Press → for the next step, and move over the cells of the picture.",
    learn="A map is the product of the visual tokens' states with the word's row of the "
    "classifier, less what earlier words explain, and filtered.",
    beware="It does not show how the model came to these states.",
    height=640,
)
def anatomy(path: Path) -> None:
    scene = tw.demo.scene(seed=40)
    explainer = tw.demo.explainer("qwen2-vl")
    ex = explainer.explain(scene.image, scene.prompt)
    tw.anatomy(ex, "tree").to_html(path)


@live(
    "A gallery of failures",
    see="Twenty-four scenes described by both models, those first where B, the Qwen2-VL toy, is "
    "ahead of A, the LLaVA toy.",
    do="Choose *object missed* under *signatures*, and click a card: it opens in the explorer.",
    learn="A single failure is an anecdote: the filter shows that A forgot an object in two of the "
    "twenty-four scenes, and B in none.",
    beware="It does not show a rate that holds elsewhere: twenty-four generated scenes are few.",
    height=1000,
)
def failures(path: Path) -> None:
    explainers = [tw.demo.explainer(name) for name in ("qwen2-vl", "llava")]
    report = tw.evaluate(explainers, "demo:24", progress=False)
    both = report.run("llava"), report.run("qwen2-vl")
    tw.Gallery(*both, sort="difference", descending=True).to_html(path)
