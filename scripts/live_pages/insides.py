"""Pages about how a map is made, and about many answers at once."""

from __future__ import annotations

from pathlib import Path

import tam_widgets as tw
from scripts.live_pages.registry import live


@live(
    "The layers of a word",
    see="The map of “tree” after the first of the model's three layers.",
    do="Press *layers* and drag the slider from the first layer to the last.",
    learn="Every layer has a map of the word, and the word is the model's first choice only from "
    "some layer on.",
    beware="It does not show how a layer makes its states: each is read as if it were the last "
    "one, which it was not trained to be, and three layers are not twenty-eight.",
    press="button[data-question=layers]",
    height=760,
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
    do="Press → for the next step, move over cells, and drag *s* along its curve in step 7.",
    learn="A map is a product of the states of the visual tokens and the word's row of the "
    "classifier, less what earlier words explain, and filtered.",
    beware="It does not show how the model made these states.",
    height=900,
)
def anatomy(path: Path) -> None:
    scene = tw.demo.scene(seed=40)
    explainer = tw.demo.explainer("qwen2-vl")
    ex = explainer.explain(scene.image, scene.prompt)
    tw.anatomy(ex, "tree").to_html(path)


@live(
    "A gallery of failures",
    see="Twenty-four scenes described by both toys, those first where the two differ most.",
    do="Filter by kind of failure or by word, and click a card: it opens in the explorer, with the "
    "word locked that failed.",
    learn="Single pictures persuade, many pictures tell: sort them and see how often something "
    "happens.",
    beware="It does not show a rate that holds elsewhere: twenty-four generated scenes are few, "
    "and the models are toys.",
    height=1000,
)
def failures(path: Path) -> None:
    explainers = [tw.demo.explainer(name) for name in ("qwen2-vl", "llava")]
    report = tw.evaluate(explainers, "demo:24", progress=False)
    both = report.run("llava"), report.run("qwen2-vl")
    tw.Gallery(*both, sort="difference", descending=True).to_html(path)
