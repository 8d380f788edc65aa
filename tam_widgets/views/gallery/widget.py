"""The gallery: a report's samples as pictures, to find where a model fails and look why."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Unpack

import traitlets

from ...errors import EvaluationError, OptionError, TamError
from ...explanation.explanation import Explanation
from ...explanation.extras import pandas
from ...explanation.given_names import given_names
from .. import parts
from .export import GalleryFile, write_gallery
from .export_samples import export
from .filters import no_filters
from .gallery_traits import GalleryTraits
from .listing import listing
from .order import in_view
from .run import HasRuns, Run
from .saved_pictures import saved_pictures
from .settings import GallerySettings
from .still import still
from .table import rows
from .twins import nouns_in_focus
from .wire import open_sample, pictures

STATIC = Path(__file__).parent.parent / "static"

Json = dict[str, Any]


def _as_text(value: Json, _: Any) -> str:
    """JSON as one text: in anything else, ipywidgets searches every entry for buffers."""
    return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


class Gallery(GalleryTraits):
    """The samples of one report, or of two side by side: sort, filter, look, keep notes.

    A card shows the noun that is filtered for, else the worst; a click opens the sample in the
    explorer with this word locked. All settings are traits: set
    them, or observe what a person chooses.

    Args:
        *reports: One or two reports; or, to choose the model and the method, `report.run(…)`.
        **settings: First values of the traits below.

    Attributes:
        explanations: Those of the open sample, one per panel.
        selection: Ids of the selected samples; the last one is open in the explorer.
        runs: Model and method of each run, such as `[["llava", "tam"], ["llava", "cam"]]`.
        score: Name of the score: `"f1_iou"`, `"obj_iou"`, `"func_iou"`, `"precision"`,
            `"recall"`, `"rouge_l"` or `"meteor"`; if faithfulness was measured also `"deletion"`,
            `"insertion"`, `"random_deletion"` and `"no_image"`.
        sort: By the first run's `"score"`, by `"difference"` (second run less first), or by
            `"sample"`, in the data set's order.
        descending: Whether the largest come first; samples without a score always come last.
        filters: Conditions that samples have to meet: `signatures`, `categories` and `tags` (one of
            those listed; an empty list for all), `word` (the beginning of a noun) and `ranges`, a
            `[low, high]` of the score for each run, or None. All are optional.
        overlay: Whether maps lie on the pictures.
        outline: Whether the pictures have the true outline of the object that the word names.
        shown: Ids of the samples that pass the filters, in order; read-only.
        notes: Tags and note of samples by their ids; `Report.annotate` writes them, and they are
            kept in the folder of the first report.

    Raises:
        OptionError: If no report is given, more than two, or other objects.
        EvaluationError: If two samples of a run have one id.
        ReportError: If notes in the report's folder cannot be read.
        traitlets.TraitError: If a setting is outside its range; the message says the range.

    Example:
        >>> import tam_widgets as tw
        >>> view = tw.Gallery(tw.Report("a"), tw.Report("b"))         # doctest: +SKIP
        >>> view.filters = {"signatures": ["object hallucinated"]}    # doctest: +SKIP
        >>> view.selection = view.shown[:12]                          # doctest: +SKIP
        >>> view.export("worst")                                      # doctest: +SKIP
    """

    _esm = STATIC / "gallery.js"
    _css = STATIC / "gallery.css"

    _listing = traitlets.Dict().tag(sync=True, to_json=_as_text)

    _pictures = traitlets.Dict().tag(sync=True, to_json=_as_text)
    _picture_buffers = traitlets.List(traitlets.Bytes()).tag(sync=True)

    def __init__(self, *reports: HasRuns | Run, **settings: Unpack[GallerySettings]) -> None:
        unknown = [name for name in settings if not self.has_trait(name)]
        if unknown:
            raise OptionError(f"{unknown[0]}=…: there is no such setting of a Gallery")
        self._runs = _checked_runs(reports)
        self._kept = self._runs[0].notes()
        self._sent: str | None = None
        self._made = False
        self.explanations: tuple[Explanation, ...] = ()
        first = {"runs": self._chosen, "filters": no_filters(len(reports)), **settings}
        super().__init__(_listing=listing(self._runs), notes=self._kept, **first)
        self._made = True
        self._order()
        self._save_pictures(self._listing, self.shown)
        self.on_msg(self._on_message)

    def __repr__(self) -> str:
        runs = " and ".join(f"{model!r:.80} with {method!r:.80}" for model, method in self.runs)
        chosen = f", {len(self.selection)} selected" if self.selection else ""
        return f"<Gallery of {runs}: {len(self.shown)} samples shown{chosen}>"

    def set_state(self, sync_data: Json) -> None:
        """Sets what the browser sends; a value that does not fit is refused with the reason."""
        try:
            super().set_state(sync_data)
        except Exception as error:
            self._refuse(next(iter(sync_data), ""), error)
            self.send_state([name for name in sync_data if name in self.keys])
            if not isinstance(error, TamError | traitlets.TraitError):
                raise

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The live view, with a picture for readers without a kernel or widgets."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        picture = still(self._runs, self._listing, self.shown, self.score, self.filters)
        return {**data, "image/jpeg": base64.b64encode(picture).decode()}, metadata

    def table(self, samples: Iterable[str] | None = None) -> Any:
        """A pandas frame of samples: scores, signatures, words with their IoU, answers, notes.

        Args:
            samples: Their ids, such as `shown`; the selected ones by default.

        Returns:
            One row per sample and run.

        Raises:
            EvaluationError: There is no such sample.
            MissingExtraError: pandas is not installed (extra ``eval``).
        """
        return pandas().DataFrame(self._rows(samples))

    def export(
        self, folder: str | os.PathLike[str], samples: Iterable[str] | None = None
    ) -> list[Path]:
        """Writes samples into a folder: `samples.csv`, `samples.json`, and their explanations.

        The column `explanation` names the file of each, which `tam_widgets.load` opens; it is empty
        where the report does not have the explanation.

        Args:
            folder: Where to write; it is made if it does not exist.
            samples: Their ids, such as `shown`; the selected ones by default.

        Returns:
            The files.

        Raises:
            EvaluationError: There is no such sample, or none is selected.
            MissingExtraError: pandas is not installed (extra ``eval``).
            OutputError: A file cannot be written.
        """
        return export(self._runs, self._rows(samples), Path(folder))

    def _rows(self, samples: Iterable[str] | None) -> list[Json]:
        chosen = self.selection if samples is None else samples
        ids = given_names("samples", chosen)
        self._check_ids("samples", ids, EvaluationError)
        if not ids:
            raise EvaluationError(
                "no sample is selected: select some in the gallery, or give ids, as in "
                "view.table(view.shown)"
            )
        return rows(self._listing, self.notes, ids, self._answers(ids))

    def to_html(self, path: str | os.PathLike[str]) -> GalleryFile:
        """Writes the samples in view as one HTML file that works offline, in this order.

        The file has the explorer in it, the settings of this view, and the report's statistics;
        notes can be read in it, but not written. There are as many samples in it as fit in 50 MB:
        what is returned says how many, as does the page.

        Raises:
            OutputError: It cannot be written.
        """
        names = ("score", "sort", "descending", "filters", "overlay", "outline", "selection")
        return write_gallery(self._runs, path, {name: getattr(self, name) for name in names})

    @property
    def _chosen(self) -> list[list[str]]:
        return [[run.model, run.method] for run in self._runs]

    @property
    def _open(self) -> str | None:
        return self.selection[-1] if self.selection else None

    @property
    def _focus(self) -> list[int]:
        """The nouns that the card of the open sample shows."""
        listed = {one["id"]: one["runs"] for one in self._listing["samples"]}
        runs = listed.get(self._open, [])
        return nouns_in_focus(runs, self.filters, self._listing["categories"])

    @traitlets.observe("_listing", "notes", "score", "sort", "descending", "filters")
    def _on_order(self, _: Any) -> None:
        if self._made:  # first values come one by one
            self._order()

    def _order(self) -> None:
        self.set_trait("shown", self._ordered(self._listing))

    def _ordered(self, listed: Json) -> list[str]:
        settings = {n: getattr(self, n) for n in ("filters", "score", "sort", "descending")}
        return in_view(listed, self.notes, settings)

    def _save_pictures(self, listed: Json, shown: Sequence[str]) -> None:
        samples, buffers = saved_pictures(self._runs, listed, shown, self.filters)
        with self.hold_sync():
            self._pictures, self._picture_buffers = {"samples": samples}, buffers

    @traitlets.observe("selection")
    def _on_selection(self, _: Any) -> None:
        if self._open != self._sent:
            self._send_sample()

    @traitlets.observe("runs")
    def _on_runs(self, change: Any) -> None:
        if change["new"] == self._chosen:
            return
        pairs = zip(self._runs, change["new"], strict=True)
        self._runs = [run.sibling(*chosen) for run, chosen in pairs]
        listed = listing(self._runs)
        self._save_pictures(listed, self._ordered(listed))
        self._listing = listed
        ids = self._ids
        self._sent = None  # the open sample has other panels now
        self.selection = [sample for sample in self.selection if sample in ids]
        self._on_selection(change)

    def _send_sample(self) -> None:
        self._show_notes(self._runs[0].notes())  # others may have written some
        self._sent = self._open
        opened = open_sample(self._runs, self._sent, self._focus)
        self.explanations = opened.explanations
        self.send({"kind": "sample", **opened.content}, opened.buffers)

    def _on_message(self, _: Any, content: Any, __: Any) -> None:
        kind = content.get("kind") if isinstance(content, dict) else None
        answers: dict[Any, Callable[[Json], None]] = {
            "pictures": self._send_pictures,
            "explorer": self._send_explorer,
            "part": self._send_part,
            "open": self._reopen,
            "note": self._keep_note,
            "answers": self._send_answers,
        }
        try:
            if kind not in answers:
                raise OptionError(f"a message of kind {kind!r} is not known: {', '.join(answers)}")
            answers[kind](content)
        except Exception as error:
            self._refuse(kind, error)
            if not isinstance(error, TamError):
                raise

    def _send_pictures(self, content: Json) -> None:
        samples, buffers = pictures(self._runs, content["samples"])
        self.send({"kind": "pictures", "samples": samples}, buffers)

    def _send_explorer(self, _: Json) -> None:
        code = (STATIC / "widget.js").read_text("utf-8")
        self.send({"kind": "explorer", "code": code})

    def _send_part(self, content: Json) -> None:
        self.send(parts.answer(content.get("name")))

    def _send_answers(self, content: Json) -> None:
        ids = list(content["ids"])
        self._check_ids("the table", ids, EvaluationError)
        samples = [{"id": one, "runs": runs} for one, runs in self._answers(ids).items()]
        self.send({"kind": "answers", "samples": samples})

    def _answers(self, ids: Iterable[str]) -> dict[str, list[str | None]]:
        return {one: [run.answer(one) for run in self._runs] for one in ids}

    def _reopen(self, _: Json) -> None:
        self._send_sample()

    def _keep_note(self, content: Json) -> None:
        ids = list(content["ids"])
        self._check_ids("the note", ids, EvaluationError)
        note, tags = content.get("note"), content.get("tags")
        try:
            self._show_notes(self._runs[0].annotate(ids, note, tags, seen=self._kept))
        except EvaluationError:  # others have written to these
            self._show_notes(self._runs[0].notes())
            raise

    def _show_notes(self, notes: dict[str, Json]) -> None:
        self._kept = notes
        self.notes = notes

    def _refuse(self, about: Any, error: Exception) -> None:
        known = isinstance(error, TamError | traitlets.TraitError)
        message = str(error) if known else f"{type(error).__name__}: {error}"
        self.send({"kind": "refused", "about": about, "message": message})


def _checked_runs(given: Sequence[Any]) -> list[Run]:
    if not 1 <= len(given) <= 2:
        raise OptionError(
            f"{len(given)} reports: give one, or two to see them side by side, as in "
            "Gallery(report, other)"
        )
    return [_run_of(one) for one in given]


def _run_of(given: Any) -> Run:
    run = given.run() if isinstance(given, HasRuns) else given
    if not isinstance(run, Run):
        raise OptionError(
            f"{type(given).__name__} is not a report: give what evaluate(…) returned, Report(…), "
            "or report.run(…) to choose the model and the method"
        )
    return run
