"""A method of somebody's own: ten lines, and everything that shows or measures maps knows it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from traitlets import TraitError

import tam_widgets as tw
from tam_widgets.attribution import Method, Option, register, unregister
from tam_widgets.errors import OptionError
from tests.evaluation.made import MadeExplainer, dataset
from tests.views.made import explanation, with_alternatives


def from_the_centre(record: tw.Explanation) -> np.ndarray:
    maps = []
    for grid in record.grids:
        rows, cols = np.mgrid[: grid.rows, : grid.cols]
        across, down = (cols + 0.5) / grid.cols - 0.5, (rows + 0.5) / grid.rows - 0.5
        maps.append(np.hypot(across, down).ravel())
    return np.tile(np.concatenate(maps), (len(record.tokens), 1))


@pytest.fixture(autouse=True)
def centre() -> Iterator[Method]:
    name, label = "middle", "distance from the centre"
    yield register(Method(name, label, "a baseline", maps=from_the_centre))
    unregister(name)


def test_it_is_listed() -> None:
    assert "distance from the centre" in repr(tw.list_methods())
    assert tw.METHODS["middle"].needs == "from the record"


def test_explanations_have_its_maps() -> None:
    made = explanation()
    assert made.maps("middle").dtype == np.float32
    assert np.array_equal(made.maps("middle"), from_the_centre(made).astype(np.float32))
    (map_,) = made.map(3, "middle")
    assert map_.shape == (3, 4)
    assert made.tokens_in((0, 0, 12, 8), method="middle")
    with pytest.raises(OptionError, match="no maps of words that the model did not write"):
        with_alternatives(made).contrast(5, " cat", method="middle")


def test_the_explorer_offers_it_and_carries_its_maps(tmp_path: Path) -> None:
    view = tw.compare(explanation(), explanation(scale=2.0))
    view.method = "middle"
    found = {method["name"]: method for method in view._header["methods"]}
    assert found["middle"]["label"] == "distance from the centre"
    assert found["middle"]["options"] == []
    assert all("middle" in panel["maps"] for panel in view._header["panels"])
    assert view._repr_mimebundle_()[0]["image/jpeg"]


def test_an_exported_file_has_it(tmp_path: Path) -> None:
    explanation().to_html(tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    data = re.search(r'id="tam-data">(.*?)</script>', page, re.S)
    assert data
    header = json.loads(data[1])["state"]["_header"]
    assert "middle" in [method["name"] for method in header["methods"]]
    explanation().to_png(tmp_path / "map.png", method="middle")


def test_an_evaluation_and_the_gallery_have_it(tmp_path: Path) -> None:
    wide = tw.METHODS["tam"].variant("wide", kernel_size=5)
    report = tw.evaluate(
        MadeExplainer(), dataset(), ["tam", "middle", wide], folder=tmp_path / "r", progress=False
    )
    assert report.methods == ["tam", "middle", "wide"]
    view = tw.Gallery(report.run("made", "middle"), selection=["good"])
    assert view.explanations[0].maps("middle").any()


def test_a_report_shows_it_where_it_is_not_registered(tmp_path: Path) -> None:
    tw.evaluate(MadeExplainer(), dataset(), ["middle"], folder=tmp_path / "r", progress=False)
    unregister("middle")
    try:
        view = tw.Gallery(tw.Report(tmp_path / "r"), selection=["good"])
        (opened,) = view.explanations
        assert opened.methods["middle"].label == "distance from the centre"
        assert np.array_equal(opened.maps("middle"), from_the_centre(opened).astype(np.float32))
    finally:
        register(Method("middle", maps=from_the_centre))


def test_it_can_be_run_with_options_of_its_own() -> None:
    def power(record: tw.Explanation, exponent: float = 1.0) -> np.ndarray:
        return from_the_centre(record) ** exponent

    register(Method("power", maps=power, options=(Option("exponent", 1.0, 0.5, 4),)))
    try:
        made = explanation()
        squared = made.maps("power", exponent=2)
        register(Method("power", maps=power, options=(Option("exponent", 2.0, 0.5, 4),)))
        assert np.array_equal(made.maps("power"), squared)  # the option's default, not Python's
        register(Method("power", maps=power, options=(Option("exponent", 1.0, 0.5, 4),)))
        assert np.allclose(squared, made.maps("power") ** 2)
        assert np.array_equal(made.maps(tw.METHODS["power"].variant("2", exponent=2)), squared)
        with pytest.raises(OptionError, match=r"exponent=9: give a number from 0\.5 to 4"):
            made.maps("power", exponent=9)
        with pytest.raises(OptionError, match="power takes no such option; it takes exponent"):
            made.maps("power", width=3)
    finally:
        unregister("power")
    with pytest.raises(OptionError, match="unknown method 'power'"):
        explanation().maps("power")


@pytest.mark.parametrize("value", [0, 2.5, 2.0, True, "3", None])
def test_options_that_are_whole_numbers(value: object) -> None:
    option = Option("count", 5, low=1, whole=True)
    option.check(2)
    option.check(np.int64(3))
    with pytest.raises(OptionError, match="give a whole number from 1"):
        option.check(value)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda _: np.zeros((3, 3)), r"maps of shape \(3, 3\)"),
        (lambda _: "maps", "returned a str that is no array of numbers"),
        (lambda _: None, r"returned None: .*ends? without `return`"),
        (lambda _: [[1.0], [1.0, 2.0]], "a list that is no array of numbers"),
        (lambda record: from_the_centre(record) * 9, "values from .* to .*: finite ones from 0"),
        (
            lambda record: np.where(np.arange(12) == 5, np.nan, from_the_centre(record)),
            r"7 of 84 values that are NaN or infinite, in 7 of 7 maps, the first at \[0, 5\]",
        ),
        (lambda record: -from_the_centre(record), "finite ones from 0 to 1"),
    ],
)
def test_what_is_no_map_is_refused_by_name_and_left_out_of_views(
    wrong: Callable[[tw.Explanation], np.ndarray], message: str
) -> None:
    register(Method("wrong", maps=wrong))
    try:
        with pytest.raises(OptionError, match=message):
            explanation().maps("wrong")
        with pytest.warns(UserWarning, match="'?wrong'? is left out of the view"):
            view = tw.Explorer(explanation())
        assert "wrong" not in [method["name"] for method in view._header["methods"]]
        for asked in (
            lambda: tw.compare(explanation(), methods=["tam", "wrong"]),
            lambda: tw.Explorer(explanation(), method="wrong"),
            lambda: setattr(view, "method", "wrong"),
        ):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with pytest.raises(TraitError, match=f"no maps of it here, because .*{message}"):
                    asked()
        assert "middle" in [method["name"] for method in view._header["methods"]]
    finally:
        unregister("wrong")


@pytest.mark.parametrize(
    ("method", "message"),
    [
        (Method("tam"), "one of TAM's own"),
        (Method("occlusion", maps=from_the_centre), "one of this package's methods: choose"),
        (Method("neither"), "'neither' has none of maps=… and model_maps=…"),
        (Method("two", maps=lambda _: 0, model_maps=lambda *_, **__: 0), "'two' has both of"),
        (tw.METHODS["tam"].variant("mine", eci=0.5), "not a variant"),
        ("middle", "give a Method"),
    ],
)
def test_what_cannot_be_registered_says_why(method: object, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        register(method)  # type: ignore[arg-type]


def test_a_method_of_the_package_stays() -> None:
    for name in ("arc", "occlusion"):
        with pytest.raises(
            OptionError, match="one of this package's methods: it cannot be removed"
        ):
            unregister(name)
    assert tw.METHODS["occlusion"].model_maps


@pytest.mark.parametrize(
    ("described", "message"),
    [
        ({"maps": 3}, "'mine': maps=3 is not a function"),
        ({"maps": lambda: 0}, r"'mine': its function maps .*too many positional arguments"),
        (
            {"maps": from_the_centre, "options": (Option("power", 2.0),)},
            r"its function maps is called as from_the_centre\(record, power=…\).*'power'",
        ),
        (
            {"model_maps": lambda frozen, tokens: 0},  # noqa: ARG005
            "its function model_maps .*unexpected keyword argument 'progress'",
        ),
        (
            {
                "model_maps": lambda *_, **__: 0,
                "passes": lambda frozen: 0,  # noqa: ARG005
            },
            r"its function passes is called as <lambda>\(frozen, count\)",
        ),
        ({"maps": from_the_centre, "options": Option("power", 2.0)}, "with a comma after"),
        ({"maps": from_the_centre, "options": ("power",)}, "give a tuple of options"),
        (
            {"maps": lambda record, largest: 0, "options": (Option("largest", 2.0),)},  # noqa: ARG005
            "give the option another name",
        ),
    ],
)
def test_a_method_that_cannot_be_called_is_refused_by_name(
    described: dict[str, Any], message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        Method("mine", **described)


@pytest.mark.parametrize("default", [9, 0.5, "two", None, float("nan")])
def test_the_default_of_an_option_is_in_its_range(default: object) -> None:
    with pytest.raises(OptionError, match=r"'power' has the default .* give a number from 1 to 8"):
        Option("power", default, low=1, high=8)
    Option("power", 8, low=1, high=8)


def test_an_installed_package_brings_methods_along(tmp_path: Path) -> None:
    (tmp_path / "theirs.py").write_text(
        "import numpy as np, tam_widgets as tw\n"
        "def flat(record):\n"
        "    return np.ones((len(record.token_ids), sum(g.size for g in record.grids)))\n"
        "method = tw.Method('flat', 'everywhere', maps=flat)\n"
    )
    (tmp_path / "broken.py").write_text("raise RuntimeError('broken')\n")
    info = tmp_path / "theirs-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[tam_widgets.methods]\nbad = broken:method\nno = theirs:flat\nflat = theirs:method\n"
    )
    paths = os.pathsep.join([str(tmp_path), str(Path(tw.__file__).parents[1])])
    helped = subprocess.run(
        [sys.executable, "-m", "tam_widgets.cli", "evaluate", "--help"],
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ",flat" in helped.stdout
    assert "'bad' of an installed package is left out" in helped.stderr
    assert "'no' of an installed package is left out" in helped.stderr


def test_carried_maps_survive_the_disk(tmp_path: Path) -> None:
    made = explanation()
    signed = from_the_centre(made).astype(np.float32) - 0.25
    method = Method("computed", "computed elsewhere", "a paper", signed=True, cost="a pass")
    kept = made.with_maps(method, signed, layer=3)
    kept.save(tmp_path / "a.safetensors")
    opened = tw.load(tmp_path / "a.safetensors")
    assert np.array_equal(opened.maps("computed"), signed)
    found = opened.methods["computed"]
    assert (found.label, found.source, found.signed) == ("computed elsewhere", "a paper", True)
    assert (found.cost, dict(found.fixed)) == ("a pass", {"layer": 3})
    assert "computed" in opened.explore()._header["panels"][0]["maps"]
