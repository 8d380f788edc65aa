"""`tam-widgets measure`: one page about a checkpoint, with nothing private."""

from __future__ import annotations

import getpass
import json
import platform
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import tam_widgets as tw
from tam_widgets import cli
from tam_widgets.evaluation.checkpoint import affordable, measurement, overhead, pictures
from tam_widgets.evaluation.checkpoint.privacy import public_reason
from tam_widgets.evaluation.datasets import DemoScenes
from tests.evaluation.checking import DELETION, CheckingExplainer
from tests.evaluation.made import explanation

SIMPLE = 3
"""Seed of a demo scene of one kind of objects."""


class Describing(CheckingExplainer):
    """Describes every picture in the same words; cannot be timed, as it has no model."""

    def explain(self, image: Any, prompt: Any, **_: Any) -> tw.Explanation:
        assert isinstance(image, Image.Image)
        assert prompt == pictures.PROMPT
        return explanation(["a", "dog"], [None, slice(0, 4)])


def run(*arguments: str) -> int:
    return cli.main(["measure", *arguments])


def read(folder: Path) -> tuple[Any, str]:
    page = (folder / "measure.html").read_text("utf-8")
    return json.loads((folder / "measure.json").read_text("utf-8")), page


def test_a_demo_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = tw.METHODS["occlusion"].variant("occlusion, window 8", window=8)
    monkeypatch.setattr(measurement, "candidates", lambda: [tw.METHODS["tam"], wide])
    monkeypatch.setattr(pictures, "DemoScenes", lambda _: DemoScenes(1, first_seed=SIMPLE))
    monkeypatch.setattr(overhead, "ROUNDS", 1)
    folder = tmp_path / "r"
    assert run("demo:llava", "-o", str(folder)) == 0
    printed = capsys.readouterr().out
    assert f"wrote {folder / 'measure.html'}" in printed
    found, page = read(folder)
    assert found["failed"] == {}
    assert found["machine"]["model"] == "llava"
    assert found["machine"]["dtype"] == "float32"
    (row,) = found["overhead"]
    assert row["answer tokens"] > 3
    assert row["explain / generate"] > 0.5
    tam, occlusion = found["methods"]
    assert (tam["passes"], occlusion["method"]) == (0, "occlusion, window 8")
    explainer, scene = tw.demo.explainer("llava"), tw.demo.scene(SIMPLE)
    made = explainer.explain(scene.image, scene.prompt, progress=False)
    assert occlusion["passes"] == explainer.cost(made, [wide])[wide.name].forward
    orders = {row["order"]: row for row in found["faithfulness"]}
    assert orders["true mask first"]["deletion"] < orders["random orders"]["deletion"]
    assert [row["method"] for row in found["scores"]] == ["tam", "occlusion, window 8"]
    for text in ("Overhead", "Insertion against deletion", "true mask first", "Nothing."):
        assert text in page


def test_own_pictures_of_which_nothing_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = tmp_path / "secret name.png"
    Image.fromarray(np.zeros((40, 80, 3), np.uint8)).save(picture)
    monkeypatch.setattr(cli, "_explainer", lambda *_: Describing("made"))
    chosen = [tw.METHODS[name] for name in ("tam", "cam")]
    monkeypatch.setattr(measurement, "candidates", lambda: chosen)
    folder = tmp_path / "r"
    assert run("x", "-o", str(folder), "--images", str(picture), str(picture)) == 0
    found, page = read(folder)
    assert found["pictures"] == "own pictures"
    orders = {row["order"]: row for row in found["faithfulness"]}
    assert orders["cam"]["deletion"] == pytest.approx(DELETION["cam"], abs=1e-5)
    assert orders["cam"]["words"] == 2
    assert "true mask first" not in orders
    assert set(found["failed"]) >= {"overhead, picture 0", "overhead, picture 1", "machine"}
    assert "failed: overhead, picture 0: AttributeError" in capsys.readouterr().out
    assert "overhead, picture 0" in page
    for text in (page, json.dumps(found)):
        assert "secret name" not in text
        assert str(tmp_path) not in text


def test_a_part_that_fails_is_named_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise OSError("/home/ann/cats/tom.png: <b>is gone</b>")

    monkeypatch.setattr(measurement, "overhead", broken)
    monkeypatch.setattr(measurement, "tried", broken)
    monkeypatch.setattr(cli, "_explainer", lambda *_: Describing("made"))
    picture = tmp_path / "a.png"
    Image.fromarray(np.zeros((40, 80, 3), np.uint8)).save(picture)
    assert run("x", "-o", str(tmp_path / "r"), "--images", str(picture)) == 0
    found, page = read(tmp_path / "r")
    assert found["failed"]["method cam"] == "OSError: …: <b>is gone</b>"
    assert found["faithfulness"]  # of TAM, which needs no pass
    assert "&lt;b&gt;is gone" in page
    assert "/home/ann" not in page


def test_a_part_that_is_stopped_is_named_and_what_it_has_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopped(Describing):
        def check(self, *arguments: Any, **options: Any) -> Any:
            if self.checked:
                raise KeyboardInterrupt
            return super().check(*arguments, **options)

    def stopped(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(measurement, "overhead", stopped)
    monkeypatch.setattr(measurement, "candidates", lambda: [tw.METHODS["cam"]])
    monkeypatch.setattr(cli, "_explainer", lambda *_: Stopped("made"))
    picture = tmp_path / "a.png"
    Image.fromarray(np.zeros((40, 80, 3), np.uint8)).save(picture)
    assert run("x", "-o", str(tmp_path / "r"), "--images", str(picture), str(picture)) == 0
    found, _ = read(tmp_path / "r")
    assert found["failed"]["overhead, picture 1"] == "stopped by the user"
    assert found["failed"]["faithfulness"] == "stopped by the user"
    assert {row["words"] for row in found["faithfulness"]} == {1}
    assert found["scores"][0]["open"] == 1


def test_methods_that_take_too_many_passes_are_left_out() -> None:
    class Costly(CheckingExplainer):
        def cost(self, _: Any, methods: Any) -> Any:
            return {method.name: tw.attribution.Passes(1, 100) for method in methods}

    made = explanation(["a"], [None])
    row = affordable.tried(Costly(), made, tw.METHODS["occlusion"])
    assert row == {"method": "occlusion", "passes": 201, "left out": "too many passes"}


def test_methods_that_do_not_say_what_they_cost_are_left_out() -> None:
    class Silent(CheckingExplainer):
        def cost(self, _: Any, methods: Any) -> Any:
            return {method.name: "not stated" for method in methods}

    made = explanation(["a"], [None])
    row = affordable.tried(Silent(), made, tw.METHODS["occlusion"])
    assert row == {"method": "occlusion", "passes": None, "left out": "passes not stated"}


def test_occlusion_is_tried_with_large_windows() -> None:
    (occlusion,) = [one for one in affordable.candidates() if one.registered == "occlusion"]
    assert occlusion.defaults["window"] == affordable.WINDOW


def test_names_of_user_and_machine_are_not_told(tmp_path: Path) -> None:
    found = json.dumps(measurement.facts_of(tw.demo.explainer("llava")))
    for private in (platform.node(), str(Path.home()), str(Path.cwd()), str(tmp_path)):
        assert private not in found
    assert f'"{getpass.getuser()}"' not in found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/home/ann/cat.png: is missing", "…: is missing"),
        ("cannot read 'C:\\Users\\ann\\cat.png'", "cannot read '…'"),
        ("in ~/models/mine and ../data", "in … and …"),
        ("0.5/1.5 of the cells, and/or none", "0.5/1.5 of the cells, and/or none"),
    ],
)
def test_reasons_hold_no_paths(text: str, expected: str) -> None:
    assert public_reason(text) == expected


def test_what_cannot_be_begun_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert run("demo:llava", "-o", str(tmp_path / "file" / "r")) == 2
    assert "cannot be made" in capsys.readouterr().err
    assert run("demo:llava", "-o", str(tmp_path), "--images", str(tmp_path / "none.png")) == 2
    assert "none.png" in capsys.readouterr().err
