"""The widget as Python sees it."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from traitlets import TraitError

from tam_widgets.errors import OptionError
from tam_widgets.explanation.agreement import agreement
from tam_widgets.explanation.explanation import Explanation
from tam_widgets.explanation.geometry import Grid
from tam_widgets.views import Explorer, compare
from tam_widgets.views.explorer import STATIC
from tam_widgets.views.explorer_traits import ExplorerTraits

from .made import explanation, stored_image, with_alternatives

LARGEST_BUNDLE = 60_000


@pytest.fixture
def view() -> Explorer:
    return compare(explanation(), explanation(("Dog",)))


def test_selected_is_a_list_of_pairs_that_can_be_observed(view: Explorer) -> None:
    seen: list[Any] = []
    view.observe(lambda change: seen.append(change["new"]), "selected")
    view.selected = [[1, 2], (0, 4)]
    assert view.selected == [(1, 2), (0, 4)]
    assert seen == [[(1, 2), (0, 4)]]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("selected", [(2, 0)], "panel 2.*has 2"),
        ("selected", [(0, 99)], "token 99.*give 0 to 6"),
        ("granularity", "sentence", "give one of token, word"),
        ("aggregate", "median", "give one of max, mean, first, sum"),
        ("box", [0, 0, 1, 2], r"left, top, right, bottom\], or \[\]"),
        ("box", [2, 0, 0, 0, 1, 1], "panel 2.*has 2"),
        ("box", [0, 1, 0, 0, 1, 1], "image 1 of panel 0.*has 1"),
        ("box", [0, 0, 4, 0, 13, 8], "right <= 12"),
        ("box", [0, 0, 4, 2, 4, 8], "left < right"),
        ("counterfactual", [0, 5], r"\[panel, token, word\]"),
        ("counterfactual", [0, 5, 0], "alternative 0 of token 5.*has none"),
        ("contrast", "yes", "boolean"),
        ("selected", [4], "pairs of integers"),
        ("method", "grad-cam", "give one of tam"),
        ("colormap", "rainbow", "give one of viridis"),
        ("scale", "log", "give one of token, shared"),
        ("eci", 1.5, "from 0 to 1"),
        ("opacity", -0.1, "from 0 to 1"),
        ("threshold", 2.0, "from 0 to 1"),
        ("kernel_size", 4, "odd"),
        ("border", "wrap", "one of reflect, repeat"),
        ("kernel_size", 99, "larger than the grid"),
    ],
)
def test_a_setting_out_of_range_is_refused_and_leaves_the_old_one(
    view: Explorer, name: str, value: Any, expected: str
) -> None:
    before = getattr(view, name)
    with pytest.raises(TraitError, match=expected):
        setattr(view, name, value)
    assert getattr(view, name) == before


def film(frames: int) -> Explanation:
    """Frames of a video, a grid each."""
    images = tuple(replace(stored_image(), video=0, time=number / 2) for number in range(frames))
    grids = tuple(Grid(2, 3, (0, 0, 12, 8), number) for number in range(frames))
    return explanation(images=images, grids=grids)


def test_a_frame_is_one_of_the_longest_panel() -> None:
    view = compare(film(3), film(5))
    view.frame = 4
    assert view.frame == 4
    for value in (5, -1):
        with pytest.raises(TraitError, match="has 5 frames, give 0 to 4"):
            view.frame = value
    with pytest.raises(TraitError, match="int"):
        view.frame = "2"
    assert view.frame == 4


def test_without_a_video_there_is_no_other_frame(view: Explorer) -> None:
    with pytest.raises(TraitError, match="no video"):
        view.frame = 1


def test_the_thumbnail_is_a_choice_of_yes_or_no(view: Explorer) -> None:
    view.thumbnail = True
    with pytest.raises(TraitError, match="boolean"):
        view.thumbnail = "both"
    assert view.thumbnail is True


def test_each_map_has_its_own_scale_unless_told_otherwise(view: Explorer) -> None:
    assert view.scale == Explorer(explanation()).scale == "token"
    assert compare(explanation(), explanation(), scale="shared").scale == "shared"


def test_a_box_and_an_alternative_are_kept_as_plain_lists() -> None:
    view = Explorer(with_alternatives(explanation()))
    view.box = (0, 0, 1, 2, 5.5, 8)
    view.counterfactual = (0, 5, 1)
    assert view.box == [0, 0, 1.0, 2.0, 5.5, 8.0]
    assert view.counterfactual == [0, 5, 1]
    with pytest.raises(TraitError, match="that token has 0, 1"):
        view.counterfactual = [0, 5, 2]
    view.counterfactual = [0, 5, "Cat"]
    assert view.counterfactual == [0, 5, 0]
    with pytest.raises(TraitError, match="zebra"):
        view.counterfactual = [0, 5, "zebra"]
    view.box, view.counterfactual = [], []
    assert view.box == view.counterfactual == []


def test_settings_are_never_echoed_to_the_browser(view: Explorer) -> None:
    settings = [name for name, trait in view.traits(sync=True).items() if name[0] != "_"]
    shared = set(settings) & set(ExplorerTraits.class_own_traits())
    assert {"selected", "method", "eci", "kernel_size", "opacity", "scale", "frame"} <= shared
    assert all(view.traits()[name].metadata["echo_update"] is False for name in shared)


def test_a_message_from_the_browser_sets_what_python_reads(view: Explorer) -> None:
    view.set_state({"selected": [[0, 3]], "eci": 0.25})
    assert view.selected == [(0, 3)]
    assert view.eci == 0.25


def test_the_mimebundle_holds_the_view_and_a_picture(view: Explorer) -> None:
    data, _ = view._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert base64.b64decode(data["image/jpeg"]).startswith(b"\xff\xd8")


def test_an_explorer_of_nothing_or_of_something_else_is_refused() -> None:
    with pytest.raises(OptionError, match="no explanation"):
        Explorer()
    with pytest.raises(OptionError, match="list is not an explanation"):
        Explorer([explanation()])  # type: ignore[arg-type]


def test_a_grid_of_one_row_takes_the_default_window() -> None:
    assert Explorer(explanation(grids=(Grid(1, 5, (0, 0, 12, 8)),))).kernel_size == 3


def test_the_bundle_is_built_and_small() -> None:
    script = (STATIC / "widget.js").read_bytes()
    assert 10_000 < len(script) <= LARGEST_BUNDLE
    assert (STATIC / "widget.css").stat().st_size > 0


def test_a_setting_that_there_is_not_is_refused() -> None:
    with pytest.raises(OptionError, match="opacty"):
        Explorer(explanation(), opacty=0.3)


def test_a_comparison_is_one_html_file(tmp_path: Path) -> None:
    compare(explanation(), explanation()).to_html(tmp_path / "both.html")
    assert (tmp_path / "both.html").read_text("utf-8").lstrip().lower().startswith("<!doctype html")


def test_a_still_picture_that_fails_leaves_the_live_view_and_says_so(
    view: Explorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise MemoryError("too large")

    monkeypatch.setattr("tam_widgets.views.stills.picture.jpeg_bytes", fail)
    with pytest.warns(UserWarning, match="left out.*MemoryError: 'too large'"):
        data, _ = view._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert not any(name.startswith("image/") for name in data)


def test_agreement_follows_the_settings_of_the_view() -> None:
    first = explanation(grids=(Grid(4, 4, (0, 0, 12, 8)),))
    second = explanation(grids=(Grid(3, 3, (0, 0, 12, 8)),), scale=0.5)
    view = compare(first, second, method="cam")
    largest = agreement(first, second, "cam")
    assert view.agreement() == largest
    view.aggregate = "mean"
    assert view.agreement(1, 0) == agreement(second, first, "cam", aggregate="mean")
    assert view.agreement() != largest
    with pytest.raises(OptionError, match="panel 2: this explorer has 2"):
        view.agreement(0, 2)


class TestMessages:
    """What the browser asks for while a kernel runs."""

    @pytest.fixture
    def sent(self, view: Explorer, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Any]]:
        sent: list[tuple[Any, Any]] = []
        monkeypatch.setattr(view, "send", lambda *said: sent.append((said[0], said[1:])))
        return sent

    def ask(self, view: Explorer, content: Any) -> None:
        """As the browser's message arrives."""
        view._handle_custom_msg(content, [])

    def test_a_part_is_sent_by_name(self, view: Explorer, sent: list[Any]) -> None:
        self.ask(view, {"kind": "part", "name": "tools"})
        code = (STATIC / "tools.js").read_text("utf-8")
        assert sent == [({"kind": "part", "name": "tools", "code": code}, ())]

    def test_the_page_is_that_of_the_view(
        self, view: Explorer, sent: list[Any], tmp_path: Path
    ) -> None:
        view.selected = [(1, 2)]
        self.ask(view, {"kind": "html"})
        [(content, ([page],))] = sent
        view.to_html(tmp_path / "view.html")
        assert content == {"kind": "html"}
        assert page == (tmp_path / "view.html").read_bytes()

    @pytest.mark.parametrize("content", [None, [], "html", {}, {"kind": "else"}])
    def test_other_messages_are_ignored(
        self, view: Explorer, sent: list[Any], content: Any
    ) -> None:
        self.ask(view, content)
        assert sent == []
