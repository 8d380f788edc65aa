"""`tam-widgets evaluate`."""

from __future__ import annotations

from pathlib import Path

import pytest

import tam_widgets as tw
from tam_widgets import cli
from tam_widgets.evaluation.execution import cluster
from tests.evaluation.made import MadeExplainer, dataset, mask, sample


def run(*arguments: str) -> int:
    return cli.main(["evaluate", *arguments])


def test_a_demo_model_on_demo_scenes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, page = tmp_path / "r", tmp_path / "r.html"
    arguments = ("demo:2", "-m", "demo/llava", "-o", str(folder), "--html", str(page))
    assert run(*arguments, "--ablation") == 0
    printed = capsys.readouterr().out
    assert "CAM + ECI" in printed
    assert str(page) in printed
    assert tw.Report(folder).summary["samples"].tolist() == [2] * 7
    assert "2 of 2 samples" in page.read_text("utf-8")
    assert len(list(folder.rglob("explanations/*/*.safetensors"))) == 2


def test_photographs_of_the_authors_layout(tmp_path: Path) -> None:
    folder = Path(__file__).parent / "coco"
    arguments = (str(folder), "-m", "demo/qwen2-vl", "-o", str(tmp_path))
    assert run(*arguments, "--reference", "--no-explanations") == 0
    assert not (tmp_path / "explanations").exists()
    report = tw.Report(tmp_path)
    assert report.samples["error"].isna().all()
    assert {"person", "bird"} <= set("; ".join(report.samples["missed"]).split("; "))


def test_a_limit_measures_the_beginning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "_explainer", lambda *_: MadeExplainer())
    folder = str(tmp_path / "r")
    assert run("demo:5", "--limit", "2", "-m", "x", "-o", folder) == 0
    assert tw.Report(folder).samples["sample"].tolist() == ["scene 00000", "scene 00001"]
    assert run("demo:5", "--limit", "3", "-m", "x", "-o", folder) == 2
    assert "dataset.samples: there 2, now 3" in capsys.readouterr().err
    assert run("demo:5", "--limit", "0", "-m", "x", "-o", str(tmp_path / "none")) == 2
    assert "from 1 on" in capsys.readouterr().err


def test_why_samples_failed_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "_explainer", lambda *_: MadeExplainer())
    assert run("demo:12", "-m", "x", "-o", str(tmp_path / "r")) == 0
    printed = capsys.readouterr().out
    assert "failed: scene 00000, made: " in printed
    assert "the image cannot be read" in printed
    assert "… and 2 more: see tables/skipped.csv" in printed


def test_names_reach_no_terminal_as_controls(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "a\x1b]0;title\x07\x9b2J\u202e"

    class Items(list):  # type: ignore[type-arg]
        name = "d\x1b[2J"

    samples = Items([sample("\x1b[31m\nfailed: other", mask(), image="\x1b[2J"), *dataset()[:1]])
    monkeypatch.setattr(cli, "_explainer", lambda *_: MadeExplainer(name))
    monkeypatch.setattr("tam_widgets.evaluation.datasets.resolve_dataset", lambda _: samples)
    folder = tmp_path / "r\x1b[2J"
    assert run("x", "-m", "x", "-o", str(folder)) == 0
    printed = capsys.readouterr()
    for text in (printed.out, printed.err, repr(tw.Report(folder))):
        assert not set(text) & set("\x1b\x07\x9b\u202e")
    assert r"failed: \x1b[31m\nfailed: other, a\x1b]0;title\x07\x9b2J\u202e: " in printed.out
    assert r"a\x1b]0;title" in printed.err  # the progress bar


def test_other_settings_are_one_line_on_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = str(tmp_path / "r")
    monkeypatch.setattr(cli, "_explainer", lambda *_: MadeExplainer())
    assert run("demo:1", "-m", "x", "-o", folder) == 0
    assert run("demo:1", "-m", "x", "-o", folder, "--methods", "cam") == 2
    assert "methods.tam" in capsys.readouterr().err


def test_an_unknown_data_set_is_refused_before_a_model_is_loaded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(tmp_path / "none"), "-m", "no/such/model", "-o", str(tmp_path / "r")) == 2
    assert "there is no such folder" in capsys.readouterr().err


def test_a_cluster_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    made = MadeExplainer()
    made.recipe = MadeExplainer  # type: ignore[attr-defined]
    monkeypatch.setattr(cli, "_explainer", lambda *_: made)
    monkeypatch.setattr(cluster, "check", lambda _, workers: asked.append(workers))
    monkeypatch.setattr(cluster, "on_cluster", lambda tasks, *_: (task for task in tasks[:0]))
    assert run("demo:1", "-m", "x", "-o", str(tmp_path / "r"), "--ray") == 0
    assert asked == [True]
