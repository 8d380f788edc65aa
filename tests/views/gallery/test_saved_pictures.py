"""Pictures that a notebook keeps of a gallery, for readers without a kernel."""

from __future__ import annotations

import io
import json

import pytest
from PIL import Image

import tam_widgets as tw
from tam_widgets.views.gallery import saved_pictures
from tam_widgets.views.gallery.wire import pictures
from tests.views.gallery.heard import Heard


def kept(view: tw.Gallery) -> tuple[list[dict[str, object]], list[bytes]]:
    state = view.get_state(drop_defaults=False)
    return json.loads(state["_pictures"])["samples"], state["_picture_buffers"]


def test_the_first_samples_in_view_are_kept_with_their_worst_nouns(one: tw.Report) -> None:
    view = tw.Gallery(one, sort="sample", descending=True)
    samples, buffers = kept(view)
    assert [sample["id"] for sample in samples] == view.shown
    worst = {one_["id"]: one_["runs"][0]["k"] for one_ in view._listing["samples"]}
    for sample in samples:
        assert sample["nouns"] == [worst[sample["id"]]]
        (expected,), _ = pictures([one.run()], [[sample["id"], *sample["nouns"]]])
        assert sample["runs"] == json.loads(json.dumps(expected["runs"]))
        if sample["runs"][0]:
            data = buffers[sample["buffers"][sample["runs"][0]["picture"]]]
            assert Image.open(io.BytesIO(data)).size == (80, 40)


def test_a_picture_of_both_sides_is_kept_once(one: tw.Report) -> None:
    samples, buffers = kept(tw.Gallery(one.run("a"), one.run("b")))
    good = next(sample for sample in samples if sample["id"] == "good")
    a, b = (good["buffers"][run["picture"]] for run in good["runs"])
    assert a == b
    assert len(buffers) == len({*buffers})


def test_they_are_few_and_small(one: tw.Report, monkeypatch: pytest.MonkeyPatch) -> None:
    samples, buffers = kept(tw.Gallery(one))
    assert sum(map(len, buffers)) <= saved_pictures.MAX_BYTES
    monkeypatch.setattr(saved_pictures, "MAX_PICTURES", 4)
    assert len(kept(tw.Gallery(one))[0]) == 4
    assert len(kept(tw.Gallery(one.run("a"), one.run("b")))[0]) == 2
    monkeypatch.setattr(saved_pictures, "MAX_BYTES", sum(map(len, buffers)) - 1)
    monkeypatch.setattr(saved_pictures, "MAX_PICTURES", 48)
    fewer, less = kept(tw.Gallery(one))
    assert len(fewer) < len(samples)
    assert sum(map(len, less)) < saved_pictures.MAX_BYTES


def test_another_run_brings_its_own(view: Heard, one: tw.Report) -> None:
    view.browser_sets(runs=[["b", "wide"]])
    assert kept(view) == kept(tw.Gallery(one.run("b", "wide")))
