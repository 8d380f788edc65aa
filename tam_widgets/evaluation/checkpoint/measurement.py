"""Measures a checkpoint in parts; one that fails or is stopped is named, and the others go on."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from tam_widgets.attribution import METHODS, Method
from tam_widgets.evaluation.checkpoint.affordable import candidates, tried
from tam_widgets.evaluation.checkpoint.machine import facts_of
from tam_widgets.evaluation.checkpoint.overhead import overhead
from tam_widgets.evaluation.checkpoint.privacy import public_reason
from tam_widgets.evaluation.datasets.sample import Dataset
from tam_widgets.evaluation.reports.report import Report
from tam_widgets.evaluation.run import evaluate

Json = dict[str, Any]
T = TypeVar("T")

FORMAT = 1
PROTOCOL = "cells"
STOPPED = "stopped by the user"


def measure_checkpoint(
    explainer: Any, data: Dataset, max_new_tokens: int, say: Callable[[str], Any]
) -> Json:
    """Measures overhead, methods, and their faithfulness on a few pictures.

    Ctrl-C stops only the part that runs; what it has measured of the pictures so far is kept.

    Args:
        explainer: An `Explainer`.
        data: The pictures.
        max_new_tokens: Longest answer, in tokens.
        say: Is called with what begins.

    Returns:
        JSON values: ``machine``, a mapping; ``overhead``, ``methods``, ``scores`` and
        ``faithfulness``, lists of rows; ``failed``, a reason by what failed. Nothing private.
    """
    failed: dict[str, str] = {}
    say("overhead of explain against generate")
    times: list[Json] = []
    for number in range(len(data)):
        name = f"overhead, picture {number}"
        taken = _part(failed, name, overhead, explainer, data[number], max_new_tokens)
        times += [] if taken is None else [{"picture": number} | taken]
    say("methods")
    methods, rows = _methods(explainer, data, max_new_tokens, failed)
    say(f"faithfulness, {len(data)} pictures")
    tables = _part(
        failed, "faithfulness", _evaluated, explainer, data, methods, max_new_tokens, failed
    )
    found: Json = {
        "format": FORMAT,
        "machine": _part(failed, "machine", facts_of, explainer) or {},
        "pictures": data.name,
        "longest answer, tokens": max_new_tokens,
        "overhead": times,
        "methods": rows,
        "scores": [],
        "faithfulness": [],
        **(tables or {}),
        "failed": failed,
    }
    return {name: _plain(value) for name, value in found.items()}


def _methods(
    explainer: Any, data: Dataset, max_new_tokens: int, failed: dict[str, str]
) -> tuple[list[Method], list[Json]]:
    """The methods to compare, and what each takes on the first picture."""

    def explained() -> Any:
        first = data[0]
        options = {"max_new_tokens": max_new_tokens, "progress": False}
        return explainer.explain(first.image, first.prompt, **options)

    explanation = _part(failed, "methods", explained)
    if explanation is None:
        return [METHODS["tam"]], []
    chosen, rows = [], []
    for method in candidates():
        row = _part(failed, f"method {method.name}", tried, explainer, explanation, method)
        if row is not None:
            rows.append({"label": method.label, "source": method.source} | row)
            chosen += [] if "left out" in row else [method]
    return chosen or [METHODS["tam"]], rows


def _evaluated(
    explainer: Any,
    data: Dataset,
    methods: Sequence[Method],
    max_new_tokens: int,
    failed: dict[str, str],
) -> Json:
    with tempfile.TemporaryDirectory(prefix="tam-") as temporary:
        folder = Path(temporary) / "r"
        try:
            evaluate(
                explainer,
                data,
                methods,
                folder=folder,
                faithfulness=PROTOCOL,
                keep_explanations=False,
                max_new_tokens=max_new_tokens,
            )
        except KeyboardInterrupt:
            failed["faithfulness"] = STOPPED
        report = Report(folder)
        reasons = report.samples[report.samples["error"].notna()].drop_duplicates("sample")
        for sample, reason in zip(reasons["sample"], reasons["error"], strict=True):
            failed[f"faithfulness, {sample}"] = public_reason(reason)
        return {
            "scores": report.summary.to_dict("records"),
            "faithfulness": report.faithfulness.query("words > 0").to_dict("records"),
        }


def _part(failed: dict[str, str], name: str, work: Callable[..., T], *given: Any) -> T | None:
    """The result of a part; None if it fails or is stopped, and then the reason is kept."""
    try:
        return work(*given)
    except KeyboardInterrupt:
        failed[name] = STOPPED
        return None
    except Exception as error:  # the other parts are worth their time all the same
        failed[name] = public_reason(error)
        return None


def _plain(value: Any) -> Any:
    """JSON values; None for NaN and infinities."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value.item() if hasattr(value, "item") else value
