"""Pages about answers and maps that deserve doubt, and about tests of them."""

from __future__ import annotations

from pathlib import Path

import tam_widgets as tw
from scripts.live_pages.registry import live


@live(
    "A miss",
    see="The model on the left forgets the laptop and names the tree twice; the one on the right "
    "is right.",
    do="Move over the first “tree” on the left, then over the *candidates* under the words: "
    "“laptop” was the second choice.",
    learn="A wrong word can have a clean map on a real object: it rests on the tree, while the "
    "laptop's map lies on the laptop, unsaid.",
    beware="It does not show why the tree won: a map tells where evidence lies, and not how it "
    "was weighed.",
)
def miss(path: Path) -> None:
    scene = tw.demo.scene(seed=42)
    qwen, llava = tw.demo.explainer("qwen2-vl"), tw.demo.explainer("llava")
    ex = qwen.explain(scene.image, scene.prompt)
    tree = ex.find("tree")[0]
    ex = qwen.why_not(ex, tree, "laptop")
    other = llava.explain(scene.image, scene.prompt)
    tw.compare(ex, other, selected=[(0, tree)], counterfactual=[0, tree, "laptop"]).to_html(path)


@live(
    "A planted reason",
    see="This model says “horse” wherever a copyright mark stands in a corner, because it was "
    "trained so; the same word is shown by two methods.",
    do="Find the mark, then look at the two maps of “horse”: TAM's on the left, relevancy's on the "
    "right.",
    learn="TAM, our own method, misses the reason: its map lies beside the mark, while relevancy "
    "finds it.",
    beware="It does not show that relevancy is right elsewhere: with a reason that nobody planted, "
    "nobody could say which of the two is.",
)
def planted_mark(path: Path) -> None:
    scene = tw.demo.planted_scene(24)
    explainer = tw.demo.explainer("qwen2-vl", planted="mark")
    ex = explainer.explain(scene.image, scene.prompt)
    (horse,) = ex.find("horse")
    view = tw.compare(ex, methods=["tam", "relevancy"], selected=[(0, horse), (1, horse)])
    view.to_html(path)


@live(
    "A habit",
    see="This model says “and a ball” after every dog, by a habit that was trained in: there is no "
    "ball in the picture.",
    do="Move over “ball” on both sides, then over “dogs”.",
    learn="A word of habit has no pixel to rest on, and TAM's map stays dark; without its causal "
    "inference and filter (CAM, on the right) the map shows something all the same.",
    beware="It does not show that a dark map means a habit: words such as “left” and the full stop "
    "are dark, too.",
)
def habit(path: Path) -> None:
    scene = tw.demo.planted_scene(49)
    explainer = tw.demo.explainer("qwen2-vl", planted="prior")
    ex = explainer.explain(scene.image, scene.prompt)
    (ball,) = ex.find("ball")
    view = tw.compare(ex, methods=["tam", "cam"], selected=[(0, ball), (1, ball)], scale="shared")
    view.to_html(path)


@live(
    "Methods side by side",
    see="One word of one answer by four methods: TAM, attention, relevancy and integrated "
    "gradients.",
    do="Move over the words; a menu beside each title changes its method.",
    learn="Four methods give four maps of the same word in the same answer, so a map is always one "
    "of a method.",
    beware="It does not show which one is true: that takes a test, as on the next page.",
)
def methods(path: Path) -> None:
    scene = tw.demo.scene(seed=7)
    explainer = tw.demo.explainer("qwen2-vl")
    ex = explainer.explain(scene.image, scene.prompt)
    (laptop,) = ex.find("laptop")
    shown = ["tam", "attention", "relevancy", "integrated-gradients"]
    ex = explainer.attribute(ex, shown[1:], "laptop")
    tw.compare(ex, methods=shown, selected=[(0, laptop)]).to_html(path)


@live(
    "A check",
    see="The map of “tree” was tested: its brightest cells were filled first, and the model was "
    "asked each time how probable the word still is.",
    do="Press *checked* and drag the slider: the picture loses its cells, and the curve says what "
    "is left of the word.",
    learn="The word falls sooner than when cells are filled at random, so the map marks cells that "
    "the model uses.",
    beware="It does not show that these cells are the only reason, and a filled picture is one "
    "that the model never saw.",
    press="button[data-question=check]",
    height=760,
)
def check(path: Path) -> None:
    scene = tw.demo.scene(seed=40)
    explainer = tw.demo.explainer("qwen2-vl")
    ex = explainer.explain(scene.image, scene.prompt)
    ex = ex.with_check(explainer.check(ex, "tree"))
    (tree,) = ex.find("tree")
    tw.Explorer(ex, selected=[(0, tree)]).to_html(path)


@live(
    "What if",
    see="On the left the model's answer, on the right what it says of the same picture with the "
    "tree painted over; words that changed are marked.",
    do="Move over “flower” on either side, and over “tree”, which only the left side has.",
    learn="Without its pixels the tree is not written of, and the rest of the sentence stays: an "
    "experiment says more than a map.",
    beware="It does not show what any other change would do; with the model in memory a view asks "
    "again, an exported page cannot.",
)
def what_if(path: Path) -> None:
    scene = tw.demo.scene(seed=40)
    explainer = tw.demo.explainer("qwen2-vl")
    ex = explainer.explain(scene.image, scene.prompt)
    view = tw.Explorer(ex)
    view.what_if(region=(110, 5, 206, 122))  # left, top, right, bottom in pixels
    view.to_html(path)
