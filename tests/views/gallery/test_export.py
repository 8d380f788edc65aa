"""The gallery as one file: what is in it, how exactly, and what it says of itself."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from unittest.mock import ANY

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import tam_widgets as tw
from tam_widgets.errors import OutputError
from tam_widgets.explanation.types import StoredImage
from tam_widgets.views.gallery import export
from tam_widgets.views.gallery.packing import Half, Pack, small_picture, smaller
from tam_widgets.views.gallery.wire import open_sample
from tam_widgets.views.gallery.wire import pictures as wire_pictures
from tests.evaluation.made import MadeExplainer
from tests.views.gallery.heard import GOOD, evaluate
from tests.views.gallery.unpacking import GalleryPage, array, unpacked

ROUNDING = 2e-3
"""How far a map in the file may be from that of the report, of 1."""


@pytest.fixture
def page(one: tw.Report, tmp_path: Path) -> GalleryPage:
    one.annotate("good", note="seen", tags=["fine"])
    one.to_html(tmp_path / "one.html")
    return GalleryPage(tmp_path / "one.html")


def test_every_sample_is_in_the_file_worst_first(page: GalleryPage, one: tw.Report) -> None:
    assert page.samples == tw.Gallery(one).shown
    assert "6 of 6 samples." in page.text
    assert page.text.count("<h1>") == 1
    assert page.state["traits"]["notes"] == {"good": {"tags": ["fine"], "note": "seen"}}


def test_every_model_and_method_can_be_chosen(page: GalleryPage, one: tw.Report) -> None:
    choices = page.state["choices"]
    assert choices[0] == [["a", "tam"]]
    assert sorted(choices) == [[["a", "tam"]], [["a", "wide"]], [["b", "tam"]], [["b", "wide"]]]
    for number, ((model, method),) in enumerate(choices):
        listed = json.loads(json.dumps(tw.Gallery(one.run(model, method))._listing))
        (run,) = listed["runs"]
        assert page.listing(number) == {**listed, "runs": [run | {"shares": ANY}]}
        opened, _ = page.opened("good", number)
        assert opened["header"]["panels"][0]["model"] is not None
        assert opened["settings"] == one.run(model, method).settings


def test_what_is_opened_is_what_the_kernel_would_send(page: GalleryPage, one: tw.Report) -> None:
    expected = open_sample([one.run()], "good")
    content, buffers = page.opened("good")
    small, _ = smaller(expected.content["header"], expected.buffers, small_picture)
    assert content == json.loads(json.dumps({**expected.content, "header": small}))
    (panel,) = content["header"]["panels"]
    picture = Image.open(io.BytesIO(buffers[panel["images"][0]["buffer"]]))
    assert (picture.format, picture.size) == ("WEBP", (80, 40))


def test_a_card_is_what_the_kernel_would_send(page: GalleryPage, one: tw.Report) -> None:
    for nouns in ("-1", "0"):
        (expected,), sent = wire_pictures([one.run()], [["good", int(nouns)]])
        entry, buffers = page.card("good", nouns)
        places = {"picture", "map"}
        (known,), (own,) = expected["runs"], entry["runs"]
        plain = json.loads(json.dumps({k: v for k, v in known.items() if k not in places}))
        assert {k: v for k, v in own.items() if k not in places} == plain
        assert (own["map"] >= 0) == (known["map"] >= 0)
        if own["map"] >= 0:
            shown, same = (
                np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))
                for data in (buffers[own["map"]], sent[known["map"]])
            )
            seen = same[..., 3] > 0
            assert (shown[..., 3] == same[..., 3]).all()
            assert (shown[seen] == same[seen]).all()


def test_the_picture_is_in_the_file_once(page: GalleryPage) -> None:
    entry, cards = page.card("good", "0")
    content, buffers = page.opened("good")
    image = content["header"]["panels"][0]["images"][0]
    assert cards[entry["runs"][0]["picture"]] is not None
    assert cards[entry["runs"][0]["picture"]] == buffers[image["buffer"]]
    _, own = page._of("explanation", "good")
    assert buffers[image["buffer"]] not in own


@pytest.mark.parametrize("model", ["qwen2-vl", "llava"])
def test_maps_agree_with_those_of_the_report(model: str) -> None:
    explanation = tw.demo.explainer(model).explain(tw.demo.scene(3).image, "Describe this image.")
    header, buffers = tw.Explorer(explanation)._header, tw.Explorer(explanation)._buffers
    small, made = smaller(header, buffers, small_picture)
    (panel,) = small["panels"]
    names = {
        "activations": "activations",
        "relevance": "relevance",
        "reference_activation": "referenceActivation",
        "reference_relevance": "referenceRelevance",
    }
    again = replace(
        explanation, **{ours: array(panel[theirs], made) for ours, theirs in names.items()}
    )
    for method in ("tam", "tam-no-eci", "tam-no-rgf", "cam"):
        assert np.abs(again.maps(method) - explanation.maps(method)).max() < ROUNDING


FINITE = st.floats(-1e6, 1e6, width=32, allow_subnormal=False)


@given(st.lists(FINITE, max_size=12))
def test_numbers_keep_eleven_bits(given_values: list[float]) -> None:
    values = np.asarray(given_values, np.float32)
    described = {"buffer": 0, "dtype": "float32", "shape": list(values.shape), "scale": 1.0}
    small, made = smaller({"values": described}, [values.tobytes()], small_picture)
    off = np.abs(array(small["values"], made) - values)
    assert (
        off <= 2.0**-11 * np.abs(values) + 2.0**-24 * np.abs(values).max(initial=2.0**-60)
    ).all()


@given(st.lists(st.binary(max_size=12), max_size=5), st.lists(st.binary(max_size=6), max_size=3))
def test_what_is_packed_is_unpacked(plain: list[bytes], doubled: list[bytes]) -> None:
    first, second = Pack(), Pack(Pack())
    halves = [Half(one * 2) for one in doubled]
    places = [first.place(buffer) for buffer in [*halves, *plain]]
    content, buffers = unpacked(first.packed({"places": places}))
    assert [buffers[place] for place in content["places"]] == [*halves, *plain]
    assert len(buffers) == len({*halves, *plain})
    second = Pack(first)
    assert [second.place(one) for one in [*halves, *plain]] == [~place for place in places]
    assert unpacked(second.packed({}))[1] == []


def test_a_picture_is_made_small_and_a_broken_one_is_left() -> None:
    file = io.BytesIO()
    Image.effect_noise((1600, 800), 50).convert("RGB").save(file, "JPEG")
    small = small_picture(StoredImage(file.getvalue(), "image/jpeg", 3200, 1600))
    assert small
    assert Image.open(io.BytesIO(small)).size == (512, 256)
    assert small_picture(StoredImage(small, "image/webp", 3200, 1600)) == small
    assert small_picture(StoredImage(b"no", "image/jpeg", 10, 10)) is None
    header = {"image": {"buffer": 0, "mime": "image/jpeg", "width": 10, "height": 10}}
    assert smaller(header, [b"no"], small_picture) == (header, [b"no"])


def test_a_view_is_written_with_its_order_and_filters(one: tw.Report, tmp_path: Path) -> None:
    view = tw.Gallery(one, sort="sample", descending=True, overlay=False)
    view.filters = {"categories": ["cat"]}
    view.selection = [view.shown[1]]
    one.annotate("no noun", tags=["mine"])
    made = view.to_html(tmp_path / "some.html")
    page = GalleryPage(tmp_path / "some.html")
    assert page.samples == view.shown
    assert 0 < len(page.samples) < 6
    assert [sample["id"] for sample in page.listing()["samples"]] == page.samples[::-1]
    traits = page.state["traits"]
    assert (traits["sort"], traits["descending"], traits["overlay"]) == ("sample", True, False)
    assert traits["filters"] == view.filters
    assert traits["selection"] == view.selection
    said = f"{len(view.shown)} of 6 samples, those that pass the filters"
    assert f"{said}." in page.text
    assert said in str(made)


def test_shares_of_signatures_are_those_of_all_samples(one: tw.Report, tmp_path: Path) -> None:
    name = "object hallucinated"
    shares = one.signature_shares.query("model == 'a' and method == 'tam'").set_index("signature")
    assert 0 < shares.loc[name, "share"] < 1
    tw.Gallery(one, filters={"signatures": [name]}).to_html(tmp_path / "some.html")
    page = GalleryPage(tmp_path / "some.html")
    (run,) = page.listing()["runs"]
    assert run["shares"] == pytest.approx(shares["share"].to_dict())


def test_two_runs_stand_side_by_side(one: tw.Report, two: tw.Report, tmp_path: Path) -> None:
    view = tw.Gallery(one.run("b", "wide"), two, sort="difference")
    view.to_html(tmp_path / "two.html")
    page = GalleryPage(tmp_path / "two.html")
    assert page.state["choices"] == [[["b", "wide"], ["c", "tam"]]]
    assert page.samples == view.shown
    assert [run["models"] for run in page.listing()["runs"]] == [["b"], ["c"]]
    opened, _ = page.opened("absent")
    assert len(opened["header"]["panels"]) == 2
    entry, _ = page.card("absent", "0,1")
    assert [run["word"] for run in entry["runs"]] == [0, 1]
    for name in ("one", "two"):
        assert f"Scores of {name}" in page.text


def test_the_worst_are_in_the_file_if_not_all_fit(
    one: tw.Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = one.to_html(tmp_path / "all.html")
    monkeypatch.setattr(export, "MAX_BYTES", everything.size - 3000)
    with pytest.warns(UserWarning, match="of 6 samples, the first in this order, as many as fit"):
        made = one.to_html(tmp_path / "part.html")
    page = GalleryPage(tmp_path / "part.html")
    assert 0 < made.samples < 6
    assert page.samples == tw.Gallery(one).shown[: made.samples]
    assert {one["id"] for one in page.listing()["samples"]} == {*page.samples}
    assert f"{made.samples} of 6 samples, the first" in page.text
    assert page.path.stat().st_size == made.size <= export.MAX_BYTES


def test_samples_without_explanations_say_why(tmp_path: Path) -> None:
    report = evaluate(tmp_path / "r", MadeExplainer("a"), GOOD, keep_explanations=False)
    report.to_html(tmp_path / "r.html")
    page = GalleryPage(tmp_path / "r.html")
    opened, _ = page.opened("good")
    assert (opened["header"], opened["id"]) == (None, "good")
    assert "explanation" in opened["missing"]
    entry, buffers = page.card("good", "0")
    assert buffers[entry["runs"][0]["picture"]][:2] == b"\xff\xd8"


def test_nothing_is_left_where_it_cannot_be_written(one: tw.Report, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        one.to_html(tmp_path / "no" / "x.html")
    assert not (tmp_path / "no").exists()


FIXTURE = Path(__file__).parents[2] / "fixtures" / "packed.json"


def test_the_front_ends_fixture_is_packed_so() -> None:
    first = Pack()
    numbers = Half(np.asarray([0.5, -2, 1e-3], "<f2").tobytes())
    places = [first.place(buffer) for buffer in (b"picture", numbers, b"")]
    second = Pack(first)
    others = [second.place(buffer) for buffer in (b"own", b"picture")]
    packed = [first.packed({"places": places}), second.packed({"places": others, "text": "é<"})]
    for mine, theirs in zip(packed, json.loads(FIXTURE.read_text("utf-8")), strict=True):
        assert unpacked(mine) == unpacked(theirs.encode())
