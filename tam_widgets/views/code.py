"""The Python that makes a view as it is; `js/src/tools/code.ts` has the same rule."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..contract import CONTRACT


def code_of(settings: Mapping[str, Any], panels: int) -> str:
    """A call that shows explanations with the settings that differ from the defaults.

    Args:
        settings: All settings of an explorer, by name.
        panels: How many explanations it shows; they are called `ex`, or `ex_a`, `ex_b` and so on.
    """
    defaults = {name: setting.default for name, setting in CONTRACT.settings.items()}
    changed = [
        f"{name}={_literal(settings[name])}"
        for name, default in defaults.items()
        if settings[name] != default
    ]
    explanations = ["ex"] if panels == 1 else [_named(panel) for panel in range(panels)]
    call = "tw.Explorer" if panels == 1 else "tw.compare"
    return f"view = {call}({', '.join([*explanations, *changed])})"


def _named(panel: int) -> str:
    """ex_a to ex_z, then ex_26 and so on."""
    return f"ex_{chr(97 + panel) if panel < 26 else panel}"


def _literal(value: Any) -> str:
    """A list's lists are tuples, and whole numbers have no decimals."""
    if isinstance(value, list):
        return f"[{', '.join(map(_item, value))}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    whole = isinstance(value, float) and value.is_integer()
    return repr(int(value) if whole else value)


def _item(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"({', '.join(map(_literal, value))})"
    return _literal(value)
