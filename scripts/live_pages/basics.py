"""Pages about words: where they rest, and which rest nowhere."""

from __future__ import annotations

from pathlib import Path

import tam_widgets as tw
from scripts.live_pages.registry import live


@live(
    "The first word",
    see="A toy model describes a picture, and at rest the map of the word that the picture "
    "activates most lies over it.",
    do="Move over “cats”, “tree” and “flower”, click one to lock it, and press *?* for what each "
    "control does.",
    learn="Each of these words has a map of its own, and it lies on what the word names.",
    beware="It does not show why the model sees a tree there, nor that the answer is right.",
)
def first_word(path: Path) -> None:
    scene = tw.demo.scene(seed=40)
    explainer = tw.demo.explainer("qwen2-vl")
    ex = explainer.explain(scene.image, scene.prompt)
    ex.to_html(path)


@live(
    "Two models",
    see="Two toys, built as Qwen2-VL and as LLaVA are, wrote the same sentence about one picture.",
    do="Move over a word on one side: its map shows on both; *difference* shows where the two "
    "differ.",
    learn="The same word in both answers rests on the same object, but not on the same cells.",
    beware="It does not show which of two maps is better, and says nothing about the large models "
    "whose shape the toys have.",
)
def two_models(path: Path) -> None:
    scene = tw.demo.scene(seed=40)
    explainers = [tw.demo.explainer(name) for name in ("qwen2-vl", "llava")]
    answers = [explainer.explain(scene.image, scene.prompt) for explainer in explainers]
    tw.compare(*answers).to_html(path)


@live(
    "A relation",
    see="The bars under the words say how much of each word's probability the picture carries: "
    "for “above” it is nearly all.",
    do="Move over “flower” and “horse”, then over “above”: its map is almost dark.",
    learn="A word can need the picture and still have no place in it: what decides between “above” "
    "and “left of” is where two things stand, and no single cell holds that.",
    beware="It does not show where the model keeps the relation, only that the last layer's visual "
    "tokens do not speak for the word.",
)
def relation(path: Path) -> None:
    scene = tw.demo.scene(seed=59)
    explainer = tw.demo.explainer("qwen2-vl")
    ex = explainer.measure_reliance(explainer.explain(scene.image, scene.prompt))
    (above,) = ex.find("above")
    tw.Explorer(ex, selected=[(0, above)], reliance=True).to_html(path)


@live(
    "A count",
    see="The map of “two” lies on both boats, and so does that of “boats”.",
    do="Move from “two” to “boats” and back, then draw a box around one boat: bars show how much "
    "of each word lies in it.",
    learn="The number rests on the things that are counted, all of them, and on no other place.",
    beware="It does not show that the model counts: a word that only needs *more than one* would "
    "have the same map.",
)
def count(path: Path) -> None:
    scene = tw.demo.scene(seed=3)
    explainer = tw.demo.explainer("qwen2-vl")
    ex = explainer.explain(scene.image, scene.prompt)
    (two,) = ex.find("two")
    tw.Explorer(ex, selected=[(0, two)]).to_html(path)


@live(
    "Function words, with and without ECI",
    see="One answer twice: on the left the full method, on the right without the estimated causal "
    "inference (ECI); “left” is locked.",
    do="Move over “left”, “of” and “and”, and then over “tree” and “flower”.",
    learn="Without ECI the function words light up the empty background, as the word “are” before "
    "them did; with it next to nothing is left, and the nouns keep their light.",
    beware="It does not show a rule without exception: “are” lights up on both sides, since no "
    "earlier word explains it.",
)
def function_words(path: Path) -> None:
    scene = tw.demo.scene(seed=40)
    explainer = tw.demo.explainer("qwen2-vl")
    ex = explainer.explain(scene.image, scene.prompt)
    (left,) = ex.find("left")
    tw.compare(ex, methods=["tam", "tam-no-eci"], selected=[(0, left)]).to_html(path)


@live(
    "Several pictures",
    see="The model was given two pictures at once, and speaks of a chair.",
    do="Move over “green” and “chair”, and look at both pictures.",
    learn="Each picture has a map of its own on one scale: the word lights up in the picture that "
    "it came from, and the other stays dark.",
    beware="It does not show how to compare pictures: the toy was trained on single ones, warns of "
    "two, and leaves the second out of its answer.",
)
def several_pictures(path: Path) -> None:
    chair, boats = tw.demo.scene(seed=11), tw.demo.scene(seed=3)
    explainer = tw.demo.explainer("qwen2-vl")
    ex = explainer.explain([chair.image, boats.image], chair.prompt)
    tw.Explorer(ex, selected=[(0, ex.find("chair")[0])]).to_html(path)
