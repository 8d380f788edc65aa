"""The Python that makes a view as it is; `js/src/tools/code.ts` has the same rule."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ..contract import CONTRACT


def code_of(settings: Mapping[str, Any], explanations: Sequence[Any]) -> str:
    """A call that shows explanations with the settings that differ from the defaults.

    Args:
        settings: All settings of an explorer, by name.
        explanations: What it shows, a panel each. They are called `ex_a`, `ex_b` and so on, or
            `ex` if it is always the same, which is named once where each panel has its method.
    """
    defaults = {name: setting.default for name, setting in CONTRACT.settings.items()}
    changed = [
        f"{name}={_literal(settings[name])}"
        for name, default in defaults.items()
        if settings[name] != default
    ]
    own, count = bool(settings["methods"]), len(explanations)
    call = "tw.compare" if own or count > 1 else "tw.Explorer"
    return f"view = {call}({', '.join([*_names(explanations, once=own), *changed])})"


def _names(explanations: Sequence[Any], once: bool) -> list[str]:
    places = list(dict.fromkeys(map(id, explanations)))
    if len(places) == 1:
        return ["ex"] if once else ["ex"] * len(explanations)
    return [_named(places.index(id(one))) for one in explanations]


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
