"""Settings of a gallery that Python and the browser share, and what each may be."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import anywidget
import traitlets

from ...contract import CONTRACT
from ...errors import EvaluationError
from ..traits import one_of, synced
from .filters import checked_filters
from .run import Run

Json = dict[str, Any]


def _default(name: str) -> Any:
    return CONTRACT.gallery_settings[name].default


def _sendable(value: Json, _: Any) -> Any:
    """Notes without lone surrogates, which can be written, but not sent."""
    text = json.dumps(value, ensure_ascii=False).encode("utf-16", "surrogatepass")
    return json.loads(text.decode("utf-16", "replace"))


class GalleryTraits(anywidget.AnyWidget):
    """The traits that `Gallery` describes; a value that does not fit is refused by name."""

    _runs: list[Run]
    _kept: dict[str, Json]
    _listing: Any

    notes = synced(traitlets.Dict()).tag(to_json=_sendable)
    selection = synced(traitlets.List())
    score = synced(traitlets.Unicode(_default("score")))
    sort = synced(traitlets.Unicode(_default("sort")))
    descending = synced(traitlets.Bool(_default("descending")))
    filters = synced(traitlets.Dict())
    runs = synced(traitlets.List())
    overlay = synced(traitlets.Bool(_default("overlay")))
    outline = synced(traitlets.Bool(_default("outline")))
    shown = traitlets.List(traitlets.Unicode(), read_only=True)

    @property
    def _ids(self) -> dict[str, None]:
        return dict.fromkeys(sample for run in self._runs for sample in run.samples)

    def _check_ids(self, name: str, ids: Iterable[Any], error: type[Exception]) -> None:
        known = self._ids
        for sample in ids:
            if not isinstance(sample, str) or sample not in known:
                raise error(
                    f"{name} names sample {sample!r}: give ids of samples, such as "
                    f"{next(iter(known), None)!r}"
                )

    def _names(self, of: str) -> list[str]:
        return [one["name"] for one in self._listing[of]]

    @traitlets.validate("selection")
    def _validate_selection(self, proposal: Any) -> list[str]:
        ids = list(proposal["value"])
        self._check_ids("selection", ids, traitlets.TraitError)
        return list(dict.fromkeys(ids))

    @traitlets.validate("runs")
    def _validate_runs(self, proposal: Any) -> list[list[str]]:
        chosen = proposal["value"]
        if len(chosen) != len(self._runs) or not all(map(_is_pair, chosen)):
            raise traitlets.TraitError(
                f"runs={chosen!r}: give a [model, method] for each of {len(self._runs)} runs"
            )
        try:
            for run, pair in zip(self._runs, chosen, strict=True):
                run.sibling(*pair)
        except EvaluationError as error:
            raise traitlets.TraitError(f"runs: {error}") from error
        return [list(pair) for pair in chosen]

    @traitlets.validate("score")
    def _validate_score(self, proposal: Any) -> str:
        return one_of("score", proposal["value"], self._names("scores"))

    @traitlets.validate("sort")
    def _validate_sort(self, proposal: Any) -> str:
        if proposal["value"] == "difference" and len(self._runs) == 1:
            raise traitlets.TraitError("sort='difference': there is one run, give two to compare")
        return one_of("sort", proposal["value"], CONTRACT.gallery_settings["sort"].values)

    @traitlets.validate("filters")
    def _validate_filters(self, proposal: Any) -> Json:
        signatures, categories = self._names("signatures"), self._listing["categories"]
        return checked_filters(proposal["value"], len(self._runs), signatures, categories)

    @traitlets.validate("notes")
    def _validate_notes(self, proposal: Any) -> Any:
        if proposal["value"] != self._kept:
            raise traitlets.TraitError(
                "notes are kept with the report: write them with report.annotate(sample, note=…, "
                "tags=…)"
            )
        return proposal["value"]


def _is_pair(given: Any) -> bool:
    named = isinstance(given, list | tuple) and len(given) == 2
    return named and all(isinstance(name, str) and name for name in given)
