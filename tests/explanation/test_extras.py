"""A missing package is named, with the way to get it; other errors stay what they are."""

from __future__ import annotations

import importlib

import pytest

from tam_widgets.errors import MissingExtraError
from tam_widgets.explanation.extras import installed


@pytest.mark.parametrize(
    ("platform", "missing", "said"),
    [
        ("linux", "torch.nn", "a map needs torch, which is not installed: pip install tam-widgets"),
        ("linux", "plotly", "a map needs plotly, which is not installed: pip install plotly"),
        ("emscripten", "torch", "a map needs torch, which a browser's Python does not have: use"),
        ("emscripten", "plotly", "a map needs plotly, which is not installed: pip install plotly"),
    ],
)
def test_a_missing_package_is_named(
    monkeypatch: pytest.MonkeyPatch, platform: str, missing: str, said: str
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    with pytest.raises(MissingExtraError) as refused, installed("a map"):
        raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)
    assert str(refused.value).startswith(said)


def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"tam_widgets\.nothing"), installed("a map"):
        importlib.import_module("tam_widgets.nothing")
    with pytest.raises(ImportError, match="nothing"), installed("a map"):
        from math import nothing  # type: ignore[attr-defined]  # noqa: F401
