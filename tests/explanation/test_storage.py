"""Explanations survive the disk unchanged; what is not one is refused and says why."""

import json
import os
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tam_widgets as tw
from tam_widgets import errors
from tam_widgets.capture.recording import record
from tam_widgets.explanation.geometry import Grid
from tam_widgets.explanation.storage import make_folder

from ..samples import golden_trace
from ..views import made


@pytest.fixture(scope="module")
def explanation() -> tw.Explanation:
    trace = golden_trace("image_12x16")
    texts = ["<img src=x onerror=alert(1)>"] + [f"word{i} " for i in range(25)]
    return record(trace, texts=texts, provenance={"model": "org/name", "finish_reason": "length"})


@pytest.fixture
def saved(explanation: tw.Explanation, tmp_path: Path) -> Path:
    explanation.save(tmp_path / "a.safetensors")
    return tmp_path / "a.safetensors"


def test_everything_comes_back(explanation: tw.Explanation, saved: Path) -> None:
    loaded = tw.load(saved)
    for name in ("images", "grids", "tokens"):
        assert getattr(loaded, name) == getattr(explanation, name)
    assert dict(loaded.provenance) == dict(explanation.provenance)
    for options in ({}, {"method": "cam"}, {"eci": 0.3, "kernel_size": 5}, {"compat": "reference"}):
        np.testing.assert_array_equal(loaded.maps(**options), explanation.maps(**options))


def test_reference_mode_is_recomputed_from_the_file(saved: Path) -> None:
    data = np.load(Path(__file__).parents[1] / "golden" / "image_12x16.npz")
    maps = tw.load(saved).maps(compat="reference")[6:]
    np.testing.assert_array_equal((255 * maps).astype(np.uint8), data["reference_answer_maps"])


@settings(max_examples=40, deadline=None)
@given(share=st.floats(0, 0.999))
def test_every_truncation_is_refused(share: float, explanation: tw.Explanation) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.safetensors"
        explanation.save(path)
        content = path.read_bytes()
        path.write_bytes(content[: int(share * len(content))])
        with pytest.raises(errors.ExplanationFileError):
            tw.load(path)


def nested(depth: int) -> list[object]:
    value: list[object] = []
    for _ in range(depth):
        value = [value]
    return value


def _header(saved: Path) -> tuple[dict, bytes]:
    content = saved.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    return json.loads(content[8 : 8 + length]), content[8 + length :]


def _rewrite(saved: Path, header: dict, rest: bytes) -> None:
    text = json.dumps(header).encode()
    saved.write_bytes(struct.pack("<Q", len(text)) + text + rest)


def test_newer_version_is_refused(saved: Path) -> None:
    header, rest = _header(saved)
    inner = json.loads(header["__metadata__"]["tam_widgets"])
    header["__metadata__"]["tam_widgets"] = json.dumps({**inner, "version": 99})
    _rewrite(saved, header, rest)
    with pytest.raises(errors.ExplanationFileError, match=r"99.*upgrade"):
        tw.load(saved)


@pytest.mark.parametrize(
    "change",
    [
        lambda inner: inner["tokens"].pop(),
        lambda inner: inner["tokens"][0].update(colour="red"),
        lambda inner: inner["grids"][0].update(rows=0),
        lambda inner: inner["grids"][0].update(image=5),
        lambda inner: inner["images"][0].update(mime="text/html"),
        lambda inner: inner.pop("grids"),
        lambda inner: inner.update(tokens=3),
        lambda inner: inner.update(version=True),
        lambda inner: inner.update(version=-7),
        lambda inner: inner.update(version="3"),
        lambda inner: inner["tokens"][0].update(span=[0, 10**9]),
        lambda inner: inner["tokens"][0].update(span=[9, 3]),
        lambda inner: inner["tokens"][1].update(span=[0, 3]),
        lambda inner: inner["tokens"][0].update(id=10**30),
        lambda inner: inner["tokens"][0].update(text="x" * 100_000),
        lambda inner: inner["tokens"][0].update(text="\ud800"),
        lambda inner: inner["tokens"][-1].update(probability=float("nan")),
        lambda inner: inner["tokens"][-1].update(probability=1.5),
        lambda inner: inner["grids"][0].update(rows=2**31),
        lambda inner: inner["grids"][0].update(rect=[0, 0, 1e300, 1]),
        lambda inner: inner["grids"][0].update(rect=[0, 0, 1e6, 1]),
        lambda inner: inner["grids"][0].update(rect=[0, 0, 1e-9, 1]),
        lambda inner: inner["grids"][0].update(time=[1.0]),
        lambda inner: inner["images"][0].update(width=1),
        lambda inner: inner["provenance"].update(title=["qwen"]),
        lambda inner: inner["provenance"].update(model="m" * 10_000),
        lambda inner: inner["provenance"].update(prompt=nested(40)),
        lambda inner: inner["provenance"].update(prompt="x" * 5_000_000),
        lambda inner: inner.update(provenance=None),
    ],
)
def test_parts_that_do_not_fit_are_refused(saved: Path, change: object) -> None:
    header, rest = _header(saved)
    inner = json.loads(header["__metadata__"]["tam_widgets"])
    change(inner)
    header["__metadata__"]["tam_widgets"] = json.dumps(inner)
    _rewrite(saved, header, rest)
    with pytest.raises(errors.ExplanationFileError, match="damaged"):
        tw.load(saved)


@pytest.mark.parametrize("depth", [1_100, 100_000])
def test_deep_json_is_refused(saved: Path, depth: int) -> None:
    header, rest = _header(saved)
    inner = header["__metadata__"]["tam_widgets"]
    deep = inner.replace('"provenance": {', f'"provenance": {{"deep": {"[" * depth}{"]" * depth}, ')
    assert len(deep) > 2 * depth
    header["__metadata__"]["tam_widgets"] = deep
    _rewrite(saved, header, rest)
    with pytest.raises(errors.ExplanationFileError, match="damaged"):
        tw.load(saved)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("activations", np.nan, "NaN"),
        ("relevance", np.inf, "NaN or infinity"),
        ("reference_activation", -1.0, "never below 0"),
        ("alternative_activations", 3e38, "at most 1e\\+30"),
        ("extra_maps/mine", -np.inf, "NaN or infinity"),
    ],
)
def test_values_that_no_map_can_be_made_of_are_refused(
    explanation: tw.Explanation, tmp_path: Path, name: str, value: float, said: str
) -> None:
    mine = np.ones_like(explanation.activations)
    replace(explanation, extra_maps={"mine": mine}).save(tmp_path / "a.safetensors")
    header, rest = _header(tmp_path / "a.safetensors")
    start = header[name]["data_offsets"][0]
    changed = rest[:start] + struct.pack("<f", value) + rest[start + 4 :]
    _rewrite(tmp_path / "a.safetensors", header, changed)
    with pytest.raises(errors.ExplanationFileError, match=said):
        tw.load(tmp_path / "a.safetensors")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("image/0", "image/1", "image/0' is missing"), (None, "weight", "weight' is unknown")],
)
def test_arrays_of_other_names_are_refused(
    saved: Path, old: str | None, new: str, said: str
) -> None:
    header, rest = _header(saved)
    if old:
        header[new] = header.pop(old)
    else:
        header[new] = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
    _rewrite(saved, header, rest)
    with pytest.raises(errors.ExplanationFileError, match=said):
        tw.load(saved)


@pytest.mark.parametrize(("name", "said"), [("", "without a name"), ("tam", "built-in")])
def test_further_maps_have_names_of_their_own(
    explanation: tw.Explanation, name: str, said: str
) -> None:
    with pytest.raises(errors.OptionError, match=said):
        replace(explanation, extra_maps={name: explanation.activations})


def test_too_many_further_maps_are_refused(explanation: tw.Explanation, saved: Path) -> None:
    extra = dict.fromkeys(map(str, range(1_001)), explanation.activations)
    with pytest.raises(errors.TraceError, match="1001 methods"):
        replace(explanation, extra_maps=extra)
    header, rest = _header(saved)
    none = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
    _rewrite(saved, header | {f"extra_maps/{i}": none for i in range(1_001)}, rest)
    with pytest.raises(errors.ExplanationFileError, match="1001 further maps"):
        tw.load(saved)


def test_a_large_header_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.write(struct.pack("<Q", 10**8) + b"{")
        file.truncate(2 * 10**8)  # takes no room on the disk
    with pytest.raises(errors.ExplanationFileError, match="header has 100000000 bytes"):
        tw.load(tmp_path / "large")


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/zero")):
        with pytest.raises(errors.ExplanationFileError, match="not a file"):
            tw.load(path)


@pytest.mark.parametrize(
    "provenance",
    [
        {"seed": np.float32(1)},
        {"prompt": "\ud800"},
        {"temperature": float("inf")},
        {"messages": nested(2_000)},
        {"title": 7},
    ],
    ids=["NumPy's", "half a character", "infinite", "deep", "no text"],
)
def test_what_no_file_can_hold_is_named_before_anything_is_written(
    explanation: tw.Explanation, tmp_path: Path, provenance: dict
) -> None:
    with pytest.raises(errors.ExplanationFileError, match="not written"):
        replace(explanation, provenance=provenance).save(tmp_path / "a.safetensors")
    assert not list(tmp_path.iterdir())


def test_a_probability_above_1_by_rounding_is_1(saved: Path) -> None:
    """As files from before such rounding was cut off may have it."""
    header, rest = _header(saved)
    inner = json.loads(header["__metadata__"]["tam_widgets"])
    inner["tokens"][-1]["candidates"][0]["probability"] = 1.0000002
    header["__metadata__"]["tam_widgets"] = json.dumps(inner)
    _rewrite(saved, header, rest)
    assert tw.load(saved).tokens[-1].candidates[0].probability == 1


def test_foreign_files_are_refused(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    save_file({"weight": np.zeros(3, np.float32)}, tmp_path / "weights.safetensors")
    (tmp_path / "x.html").write_text("<html>" * 9)
    (tmp_path / "empty").write_bytes(b"")
    for name, said in (
        ("weights.safetensors", "not an explanation"),
        ("x.html", "not a .safetensors"),
        ("empty", "not a .safetensors"),
        ("missing", "cannot be read"),
    ):
        with pytest.raises(errors.ExplanationFileError, match=said):
            tw.load(tmp_path / name)


@pytest.mark.parametrize("path", [3, None, ["a.safetensors"]])
def test_what_is_no_path_is_refused(path: Any) -> None:
    with pytest.raises(errors.ExplanationFileError, match="is no path; give a file"):
        tw.load(path)


def test_a_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    assert make_folder(tmp_path / "a" / "b").is_dir()
    assert make_folder(str(tmp_path / "a")).is_dir()
    for name in ("a\0b", "a/file/b"):
        (tmp_path / "a" / "file").touch()
        with pytest.raises(errors.OutputError, match="cannot be made"):
            make_folder(tmp_path / name)


def test_unwritable_path_leaves_nothing(explanation: tw.Explanation, tmp_path: Path) -> None:
    with pytest.raises(errors.OutputError, match="existing folder"):
        explanation.save(tmp_path / "no" / "a.safetensors")
    (tmp_path / "folder").mkdir()
    with pytest.raises(errors.OutputError):
        explanation.save(tmp_path / "folder")
    assert list(tmp_path.iterdir()) == [tmp_path / "folder"]


def test_failed_write_keeps_the_earlier_file(
    explanation: tw.Explanation, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = saved.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(errors.OutputError, match="No space"):
        explanation.save(saved)
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


def test_files_of_the_first_version_still_open() -> None:
    """Written by version 0.1.0: two video frames, no turns, no alternatives."""
    old = tw.load(Path(__file__).parents[1] / "fixtures" / "explanation_v1.safetensors")
    video = (Grid(2, 2, (0, 0, 12, 8), 0, (0.0, 0.5)), Grid(2, 2, (0, 0, 12, 8), 1, (0.5, 1.0)))
    now = made.explanation(grids=video, images=old.images)
    assert old.tokens == now.tokens
    assert old.grids == now.grids
    assert old.turns == now.turns
    np.testing.assert_array_equal(old.maps(), now.maps(leave_out="id"))


def test_files_of_the_second_version_keep_their_maps() -> None:
    """They hold no class of the first prompt token, which here is that of an answer's word."""
    old = tw.load(Path(__file__).parents[1] / "fixtures" / "explanation_v2.safetensors")
    assert old.first_class is None
    np.testing.assert_array_equal(old.maps(border="reflect"), old.maps("made by version 2"))
    published = old.maps("made by version 2, reference")
    np.testing.assert_array_equal(old.maps(compat="reference"), published)
    known = replace(old, first_class=8)
    np.testing.assert_array_equal(known.maps(leave_out="id"), old.maps())
    assert not np.array_equal(known.maps(), old.maps())


def test_files_of_the_third_version_keep_their_maps() -> None:
    """The maps were computed by the version that wrote the file."""
    fixtures = Path(__file__).parents[1] / "fixtures"
    old = tw.load(fixtures / "explanation_v3.safetensors")
    with np.load(fixtures / "explanation_v3_maps.npz") as then:
        for name in ("tam", "tam-no-eci", "tam-no-rgf", "cam"):
            np.testing.assert_allclose(old.maps(name, border="reflect"), then[name], atol=1e-6)
        five, half = (old.maps(border="reflect", **o) for o in ({"kernel_size": 5}, {"eci": 0.5}))
        np.testing.assert_allclose(five, then["kernel5"], atol=1e-6)
        np.testing.assert_allclose(half, then["half"], atol=1e-6)
        np.testing.assert_allclose(old.maps(border="repeat"), then["repeat"], atol=1e-6)


def test_files_of_the_fourth_version_keep_their_maps() -> None:
    """The maps were computed by the version that wrote the file."""
    fixtures = Path(__file__).parents[1] / "fixtures"
    old = tw.load(fixtures / "explanation_v4.safetensors")
    assert (old.layers, old.layer_count, old.likely_ids.shape) == ((), None, (0, 0))
    published = {"border": "reflect"}  # the default of these versions
    options = {"reference": {"compat": "reference"}, "id": {"leave_out": "id", **published}}
    options["repeat"] = {"border": "repeat"}
    with np.load(fixtures / "explanation_v4_maps.npz") as then:
        for name in ("tam", "tam-no-eci", "tam-no-rgf", "cam", "signed"):
            np.testing.assert_allclose(old.maps(name, **published), then[name], atol=1e-6)
        for name, given in options.items():
            np.testing.assert_allclose(old.maps(**given), then[name], atol=1e-6)
        contrast = old.alternative_map(1, contrast=True, **published)
        np.testing.assert_allclose(contrast, then["contrast"], atol=1e-6)


def test_files_of_the_fifth_version_keep_their_maps() -> None:
    """The maps were computed by the version that wrote the file."""
    fixtures = Path(__file__).parents[1] / "fixtures"
    old = tw.load(fixtures / "explanation_v5.safetensors")
    assert (old.layers, old.layer_count, old.likely_ids.shape) == ((1, 3), 4, (7, 3))
    assert (old.layer_log_p.shape, old.layer_choices.shape) == ((0, 0), (0, 0))
    assert not old.layer_choice_texts
    layers = {"layer 1": {"layer": 1}, "layer 3": {"layer": 3, "eci": 0.5}}
    with np.load(fixtures / "explanation_v5_maps.npz") as then:
        for name in ("tam", "tam-no-eci", "tam-no-rgf", "cam", "arc", "signed"):
            np.testing.assert_allclose(old.maps(name), then[name], atol=1e-6)
        for name, options in layers.items():
            np.testing.assert_allclose(old.maps(**options), then[name], atol=1e-6)
    assert old.extra_tokens == {"signed": (2, 3)}


def test_files_of_the_sixth_version_keep_their_maps() -> None:
    """The maps were computed by the version that wrote the file."""
    fixtures = Path(__file__).parents[1] / "fixtures"
    old = tw.load(fixtures / "explanation_v6.safetensors")
    assert (old.layer_log_p.shape, old.layer_choice_texts[15]) == ((2, 5), " cat")
    layers = {"layer 1": {"layer": 1}, "layer 3": {"layer": 3, "eci": 0.5}}
    with np.load(fixtures / "explanation_v6_maps.npz") as then:
        for name in ("tam", "tam-no-eci", "tam-no-rgf", "cam", "arc", "signed"):
            np.testing.assert_allclose(old.maps(name), then[name], atol=1e-6)
        for name, options in layers.items():
            np.testing.assert_allclose(old.maps(**options), then[name], atol=1e-6)


@pytest.mark.parametrize("reason", ["stop", "length", "given"])
def test_why_an_answer_ends_is_read_under_its_earlier_name(tmp_path: Path, reason: str) -> None:
    """Files of version 0.1.0 say `finish`."""
    shown = tw.load(Path(__file__).parents[1] / "fixtures" / "explanation_v3.safetensors")
    assert shown.provenance["finish_reason"] == "stop"
    assert "finish" not in shown.provenance
    earlier = {**shown.provenance, "finish": reason}
    del earlier["finish_reason"]
    replace(shown, provenance=earlier).save(tmp_path / "earlier.safetensors")
    opened = tw.load(tmp_path / "earlier.safetensors")
    assert opened.provenance["finish_reason"] == reason
    assert (opened.truncated, opened.given) == (reason == "length", reason == "given")


def test_the_first_tokens_class_comes_back(tmp_path: Path) -> None:
    record = made.explanation()
    assert record.first_class is not None
    record.save(tmp_path / "dog.safetensors")
    assert tw.load(tmp_path / "dog.safetensors").first_class == record.first_class


@pytest.mark.parametrize("first", [-1, 2.5, True, "dog"])
def test_a_class_that_is_none_is_refused(first: object) -> None:
    with pytest.raises(errors.TraceError, match="first_class is"):
        replace(made.explanation(), first_class=first)


def test_turns_and_alternatives_come_back(tmp_path: Path) -> None:
    record = made.with_alternatives(made.explanation())
    record.save(tmp_path / "chat.safetensors")
    back = tw.load(tmp_path / "chat.safetensors")
    assert (back.turns, back.alternatives) == (record.turns, record.alternatives)
    np.testing.assert_array_equal(back.alternative_activations, record.alternative_activations)
    np.testing.assert_array_equal(back.alternative_relevance, record.alternative_relevance)
