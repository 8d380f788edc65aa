"""Explanations as HTML and PNG files."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tam_widgets.errors import OptionError, OutputError, TokenIndexError
from tam_widgets.explanation.explanation import Explanation
from tam_widgets.views import Explorer
from tam_widgets.views.export import to_html, to_png
from tests.views.made import explanation

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"


class _Page(HTMLParser):
    """Start tags and the text of elements."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self._inside = ""
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = f"{tag} {dict(attrs).get('type', '')}".strip()

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self._inside = ""

    def handle_data(self, data: str) -> None:
        self.texts[self._inside] = self.texts.get(self._inside, "") + data


@pytest.fixture
def page(tmp_path: Path) -> _Page:
    to_html(explanation((HOSTILE, " dog")), tmp_path / "a.html")
    return _Page(tmp_path / "a.html")


def test_hostile_text_stays_data(page: _Page) -> None:
    names = [tag for tag, _ in page.tags]
    assert names.count("script") == 2
    assert "img" not in names
    data = json.loads(page.texts["script application/json"])
    assert data["state"]["_header"]["panels"][0]["tokens"][2]["text"] == HOSTILE


def test_the_page_names_no_other_file_and_no_address(page: _Page) -> None:
    assert not [tag for tag, attrs in page.tags if {"src", "href"} & attrs.keys()]


def test_only_its_own_script_and_style_may_run(page: _Page) -> None:
    policy = next(attrs["content"] or "" for _, attrs in page.tags if "http-equiv" in attrs)
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for name, kind in [("script-src", "script module"), ("style-src", "style")]:
        digest = hashlib.sha256(page.texts[kind].encode()).digest()
        assert f"{name} 'sha256-{base64.b64encode(digest).decode()}'" in policy


def test_buffers_come_back_as_they_were(page: _Page) -> None:
    data = json.loads(page.texts["script application/json"])
    spec = data["state"]["_header"]["panels"][0]["activations"]
    raw = zlib.decompress(base64.b64decode(data["buffers"][spec["buffer"]]))
    sent = np.frombuffer(raw, "<f4").reshape(spec["shape"])
    np.testing.assert_array_equal(sent, explanation((HOSTILE, " dog")).activations)


def test_a_comparison_is_one_page(tmp_path: Path) -> None:
    to_html([explanation(), explanation(("Dog",))], tmp_path / "two.html")
    data = json.loads(_Page(tmp_path / "two.html").texts["script application/json"])
    assert len(data["state"]["_header"]["panels"]) == 2
    with pytest.raises(OptionError, match="no explanation"):
        to_html([], tmp_path / "none.html")


@pytest.mark.parametrize("write", [to_html, to_png])
def test_an_unwritable_path_is_named_and_leaves_nothing(
    write: Callable[[Explanation, Path], None], tmp_path: Path
) -> None:
    with pytest.raises(OutputError, match=re.escape(str(tmp_path / "missing"))):
        write(explanation(), tmp_path / "missing" / "file")
    assert list(tmp_path.iterdir()) == []


def _picture(path: Path) -> np.ndarray:
    with Image.open(path) as opened:
        return np.asarray(opened.convert("RGB")).astype(int)


def test_the_picture_depends_on_the_token(tmp_path: Path) -> None:
    record = explanation()
    to_png(record, tmp_path / "3.png", token=3)
    to_png(record, tmp_path / "5.png", token=-2)
    first, second = _picture(tmp_path / "3.png"), _picture(tmp_path / "5.png")
    assert first.shape == second.shape
    assert np.abs(first - second).max() > 50


def test_a_picture_of_a_token_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TokenIndexError, match="out of range"):
        to_png(explanation(), tmp_path / "a.png", token=99)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("answer", [(), ("\n", "\n\n", "\t"), ("猫", "です"), ("x" * 300,)])
def test_any_text_can_be_drawn(answer: tuple[str, ...], tmp_path: Path) -> None:
    to_png(explanation(answer, finish_reason="length"), tmp_path / "a.png")
    assert _picture(tmp_path / "a.png").std() > 0


def test_the_page_of_a_view_opens_as_the_view_is(tmp_path: Path) -> None:
    view = Explorer(explanation(), eci=0.5)
    view.selected = [(0, 3)]
    view.to_html(tmp_path / "view.html")
    state = json.loads(_Page(tmp_path / "view.html").texts["script application/json"])["state"]
    assert (state["selected"], state["eci"]) == ([[0, 3]], 0.5)
