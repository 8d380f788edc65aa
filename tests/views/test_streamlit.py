"""The explorer as a component of Streamlit; only Streamlit's own side is made up."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from tam_widgets.errors import OptionError
from tam_widgets.views import Explorer, streamlit
from tests.views.made import explanation


class _Streamlit:
    """Registers one component, keeps what it is given, and answers what a person chose."""

    def __init__(self) -> None:
        self.code: dict[str, str] = {}
        self.mounted: list[dict[str, Any]] = []
        self.state: dict[str, Any] = {}
        self.components = SimpleNamespace(v2=SimpleNamespace(component=self._component))

    def _component(self, _: str, **code: str) -> Any:
        assert not self.code, "registered twice"
        self.code = code
        return self._mount

    def _mount(self, **given: Any) -> dict[str, Any]:
        json.dumps(given["data"])
        self.mounted.append(given)
        return self.state


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Streamlit]:
    app = _Streamlit()
    monkeypatch.setitem(sys.modules, "streamlit", app)  # type: ignore[arg-type]
    streamlit._component.cache_clear()
    yield app
    streamlit._component.cache_clear()


def test_the_view_is_what_a_person_chose(app: _Streamlit) -> None:
    app.state = {"pointed": {"selected": [[0, 3]], "box": [0, 0, 2, 1, 6, 5]}}
    view = Explorer(explanation(), colormap="jet")
    streamlit.show(view)
    assert view.selected == [(0, 3)]
    assert view.box == [0, 0, 2.0, 1.0, 6.0, 5.0]
    assert app.mounted[0]["data"]["state"]["colormap"] == "jet"


def test_an_explanation_keeps_its_element_from_run_to_run(app: _Streamlit) -> None:
    for view in (Explorer(explanation()), Explorer(explanation(), colormap="jet")):
        streamlit.show(view)
    streamlit.show(Explorer(explanation((" a", " cat"))))
    streamlit.show(Explorer(explanation()), key="mine")
    keys = [given["key"] for given in app.mounted]
    assert keys[0] == keys[1] != keys[2]
    assert keys[3] == "mine"


def test_code_is_no_name_of_a_file(app: _Streamlit) -> None:
    streamlit.show(Explorer(explanation()))
    assert all("\n" in code.strip() for code in app.code.values())


def test_other_widgets_are_refused(app: _Streamlit) -> None:
    with pytest.raises(OptionError, match="str is not an explorer"):
        streamlit.show("gallery")  # type: ignore[arg-type]
    assert not app.mounted
