"""One explanation by several methods, and several explanations each by its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from traitlets import TraitError

import tam_widgets as tw
from tam_widgets.attribution import METHODS, Method
from tam_widgets.errors import OptionError
from tam_widgets.explanation.explanation import Explanation
from tam_widgets.views import Explorer, compare
from tam_widgets.views.export import page_data
from tam_widgets.views.size_limit import size
from tam_widgets.views.stills.legend_text import legend_text
from tam_widgets.views.stills.settings import StillSettings
from tam_widgets.views.stills.sight import sights

from .made import explanation, with_alternatives, with_layers

MINE = Method("mine", "my method")


def with_mine(record: Explanation | None = None) -> Explanation:
    record = record or explanation()
    return record.with_maps(MINE, np.roll(record.activations, 5, axis=1) / 2)


class TestPanels:
    """What `compare` makes of explanations and methods."""

    def test_one_explanation_has_a_panel_for_each_method(self) -> None:
        record = with_mine()
        view = compare(record, methods=["tam", "mine", "cam"])
        assert view.methods == ["tam", "mine", "cam"]
        assert [one is record for one in view.explanations] == [True] * 3

    def test_several_explanations_have_one_method_each(self) -> None:
        first, second = explanation(), with_mine()
        view = compare(first, second, methods=["cam", "mine"])
        assert view.explanations == (first, second)
        assert view.methods == ["cam", "mine"]

    def test_without_methods_all_show_the_same(self) -> None:
        view = compare(explanation(), explanation(), method="cam")
        assert (view.method, view.methods) == ("cam", [])

    @pytest.mark.parametrize(
        ("count", "methods", "expected"),
        [
            (2, ["tam", "cam", "tam"], "2 explanations and 3 methods: give one explanation"),
            (3, ["tam"], "3 explanations and 1 methods"),
            (0, ["tam"], "no explanation is given"),
            (1, "tam", r"give a list of methods' names"),
            (1, [], r"give a list of methods' names"),
            (1, 3, r"give a list of methods' names"),
            (1, [["tam"]], r"give a list of methods' names"),
            (1, ["tam", "grad-cam"], "grad-cam"),
        ],
    )
    def test_what_cannot_be_shown_is_refused(self, count: int, methods: Any, expected: str) -> None:
        with pytest.raises(OptionError, match=expected):
            compare(*(explanation() for _ in range(count)), methods=methods)

    def test_a_variant_is_computed_from_the_record_with_the_settings_of_the_view(self) -> None:
        record = explanation()
        wide = METHODS["tam"].variant("TAM, window 1", kernel_size=1)
        view = compare(record, methods=["tam", wide], eci=0.5)
        assert view.methods == ["tam", "TAM, window 1"]
        maps = view.explanations[1].maps("TAM, window 1")
        np.testing.assert_allclose(maps, record.maps("tam", kernel_size=1, eci=0.5))
        assert view.explanations[0] is view.explanations[1]
        assert "TAM, window 1" not in record.methods

    def test_a_method_that_is_shown_on_request_is_added(self) -> None:
        record = with_layers(explanation())
        view = compare(record, methods=["arc", "tam"])
        np.testing.assert_allclose(view.explanations[0].maps("arc"), record.maps("arc"))
        view.methods = ["tam", "arc"]

    def test_the_browser_gets_no_more_than_maps_of_one_panel(self) -> None:
        record = with_mine()
        alone, view = Explorer(record), compare(record, methods=["tam", "mine", "cam"])
        assert view._buffers == alone._buffers
        assert view._header["panels"][1:] == [0, 0]
        assert size(view.explanations) == size([record])


class TestTrait:
    """What `methods` may be."""

    @pytest.fixture
    def view(self) -> Explorer:
        return compare(explanation(), with_mine())

    def test_it_can_be_set_and_put_back(self, view: Explorer) -> None:
        view.methods = ("cam", "mine")
        assert view.methods == ["cam", "mine"]
        view.set_state({"methods": ["tam", "tam-no-eci"]})
        assert view.methods == ["tam", "tam-no-eci"]
        view.methods = []
        assert view.methods == []

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (["tam"], "one name for each panel, 2 in all"),
            (["tam"] * 3, "one name for each panel, 2 in all"),
            (["tam", "grad-cam"], "methods='grad-cam': give one of tam, .*mine"),
            (["tam", 1], "methods=1: give one of tam"),
            ("tam", "one name for each panel, 2 in all"),
        ],
    )
    def test_anything_else_is_refused(self, view: Explorer, value: Any, expected: str) -> None:
        view.methods = ["cam", "mine"]
        with pytest.raises(TraitError, match=expected):
            view.methods = value
        assert view.methods == ["cam", "mine"]

    def test_an_explorer_of_one_panel_says_how_to_have_more(self) -> None:
        with pytest.raises(TraitError, match=r"compare\(ex, methods=…\)"):
            Explorer(explanation(), methods=["tam", "cam"])


class TestFollows:
    """What else shows a view follows its methods."""

    @pytest.fixture
    def view(self) -> Explorer:
        return compare(with_mine(), methods=["tam", "mine"])

    def test_code_and_repr(self, view: Explorer) -> None:
        assert view.code == 'view = tw.compare(ex, methods=["tam", "mine"])'
        assert repr(view) == "<Explorer of 'by-hand': tam, mine>"
        view.methods = []
        assert view.code == "view = tw.compare(ex, ex)"

    def test_agreement_compares_each_panel_s_own(self, view: Explorer) -> None:
        record = view.explanations[0]
        assert view.agreement() == tw.agreement(record, record, ("tam", "mine"))
        assert view.agreement(1, 0) == tw.agreement(record, record, ("mine", "tam"))
        assert min(one.correlation for one in view.agreement()) < 0.99
        assert min(one.correlation for one in view.agreement(0, 0)) == pytest.approx(1)

    def test_agreement_takes_one_method_or_two(self) -> None:
        record = with_mine()
        with pytest.raises(OptionError, match="one method, or two"):
            tw.agreement(record, record, ("tam", "mine", "cam"))

    def test_still_pictures(self, view: Explorer) -> None:
        settings = StillSettings(selected=[(0, 4)], methods=view.methods)
        first, second = sights(view.explanations, settings)
        record = view.explanations[0]
        np.testing.assert_allclose(first.values, record.maps("tam")[4])
        np.testing.assert_allclose(second.values, record.maps("mine")[4])
        legends = [
            legend_text(record, sight, settings.of(panel)).split(";")[0]
            for panel, sight in enumerate((first, second))
        ]
        assert legends == ["TAM for “ling”", "my method for “ling”"]

    def test_the_picture_beside_the_widget(self, view: Explorer) -> None:
        one = compare(view.explanations[0], methods=["tam", "tam"])._picture()
        assert view._picture() != one

    def test_an_alternative_is_missing_where_the_method_has_none(self) -> None:
        record = with_mine(with_alternatives(explanation()))
        settings = StillSettings(
            selected=[(0, 5)], counterfactual=[0, 5, 0], methods=["tam", "mine"]
        )
        own, other = sights([record, record], settings)
        assert own.note == "The map of “cat” in the place of “<b>runs</b>”."
        assert other.note == "There is no map of that other word here."
        np.testing.assert_allclose(other.values, record.maps("mine")[5])

    def test_the_page_opens_with_them(self, view: Explorer, tmp_path: Path) -> None:
        data = json.loads(b"".join(page_data(view.explanations, view._settings)))
        assert data["state"]["methods"] == ["tam", "mine"]
        view.to_html(tmp_path / "view.html")
        alone = tmp_path / "alone.html"
        view.explanations[0].to_html(alone)
        grown = (tmp_path / "view.html").stat().st_size - alone.stat().st_size
        assert grown < 1_000

    def test_its_figure_has_a_row_for_each_method_of_one_explanation(self, view: Explorer) -> None:
        figure = view.figure(["dogling"])
        assert "1 word by 2 methods" in repr(figure)
        assert "my method" in figure.caption
        assert "3 methods" in repr(view.figure(["dogling"], ["tam", "cam", "mine"]))

    def test_its_figure_has_one_row_for_each_of_several_explanations(self, tmp_path: Path) -> None:
        view = compare(explanation(), with_mine(), methods=["cam", "mine"])
        view.figure(["dogling"]).save(tmp_path / "own.png", dpi=40)
        view.figure(["dogling"], ["cam", "mine"]).save(tmp_path / "each.png", dpi=40)
        own, each = (Image.open(tmp_path / f"{name}.png").height for name in ("own", "each"))
        assert own < each

    def test_what_a_question_adds_leaves_one_explanation_one(self, view: Explorer) -> None:
        known = view.explanations[0]
        view.update_explanations(known, lambda one: one.with_maps("more", known.maps("cam")))
        assert len({id(one) for one in view.explanations}) == 1
        assert "more" in view.explanations[1].methods


@pytest.fixture(scope="module")
def explainer() -> Any:
    return tw.demo.explainer("llava")


@pytest.fixture(scope="module")
def answered(explainer: Any) -> Explanation:
    scene = tw.demo.scene(0)
    answered: Explanation = explainer.explain(scene.image, scene.prompt, progress=False)
    return answered


class TestComputing:
    """Maps that need the model."""

    def test_the_explanation_s_own_model_computes_what_is_missing(
        self, explainer: Any, answered: Explanation, capsys: pytest.CaptureFixture[str]
    ) -> None:
        view = compare(answered, methods=["tam", "attention"])
        expected = explainer.attribute(answered, ["attention"], progress=False)
        np.testing.assert_array_equal(
            view.explanations[1].maps("attention"), expected.maps("attention")
        )
        assert "pass" in capsys.readouterr().err
        again = compare(view.explanations[0], methods=["attention", "cam"])
        assert again.explanations[0] is view.explanations[0]
        assert capsys.readouterr().err == ""

    def test_one_explanation_shown_twice_is_computed_once(
        self, explainer: Any, answered: Explanation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[list[str]] = []

        def attribute(one: Explanation, methods: list[Method]) -> Explanation:
            asked.append([method.name for method in methods])
            for method in methods:
                one = one.with_maps(method, one.maps("cam"))
            return one

        monkeypatch.setattr(explainer, "attribute", attribute)
        methods = ["attention", "attention", "occlusion"]
        view = compare(answered, answered, answered, methods=methods)
        assert asked == [["attention", "occlusion"]]
        assert len({id(one) for one in view.explanations}) == 1
        again = compare(answered, methods=methods, explainer=[explainer])
        assert again.explainers == [explainer] * 3

    def test_without_a_model_it_says_how_to_add_them(
        self, explainer: Any, answered: Explanation, tmp_path: Path
    ) -> None:
        answered.save(tmp_path / "a.safetensors")
        opened = tw.load(tmp_path / "a.safetensors")
        with pytest.raises(OptionError, match=r"explainer.attribute\(ex, \['attention'\]\)"):
            compare(opened, methods=["tam", "attention"])
        view = compare(opened, methods=["tam", "attention"], explainer=explainer)
        assert view.methods == ["tam", "attention"]
