"""Reports from strangers, or from a disk that failed: a named error, or what is whole of them."""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save

import tam_widgets as tw
from tam_widgets.errors import OutputError, ReportError
from tam_widgets.evaluation.storage.cards import Card
from tam_widgets.evaluation.storage.report_folder import open_folder
from tests.evaluation.made import MASKS, MadeExplainer, dataset
from tests.views.gallery.heard import Heard, without_outlines

NAN, INF = float("nan"), float("inf")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "r"
    tw.evaluate(MadeExplainer(), dataset(), ["tam", "cam"], folder=folder, progress=False)
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "r"))


def record(folder: Path, number: int = 0) -> Path:
    return folder / "records" / "0-made" / f"{number:06d}.json"


def edit(path: Path, *place: Any, value: Any = ...) -> None:
    """Sets or takes away an entry of a JSON file, which stays as old as it is."""
    content, times = json.loads(path.read_text()), path.stat()
    inner = content
    for key in place[:-1]:
        inner = inner[key]
    if value is ...:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    path.write_text(json.dumps(content))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def without_kept(folder: Path) -> tw.Report:
    """The report, read from its records."""
    for kept in ("listings", "tables"):
        shutil.rmtree(folder / kept)
    return tw.Report(folder)


WORD = ("methods", "tam", 1)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("text",), ...),
        (("text",), "none"),
        (("text", "meteor"), "high"),
        (("text", "rouge_l"), INF),
        (("sample",), ...),
        (("sample",), 7),
        (("answer",), None),
        (("missed",), [1]),
        (("notes",), "none"),
        (("truncated",), "no"),
        (("error",), {"message": 1}),
        (("error",), []),
        (("methods",), ...),
        (("methods",), {}),
        (("methods", "tam"), ...),
        (("methods", "tam"), {"a": 1}),
        ((*WORD, "iou"), ...),
        ((*WORD, "iou"), NAN),
        ((*WORD, "iou"), 50),
        ((*WORD, "iou"), "0.5"),
        ((*WORD, "precision"), None),
        ((*WORD, "precision"), -1.0),
        ((*WORD, "tokens"), "01"),
        ((*WORD, "tokens"), [-1]),
        ((*WORD, "tokens"), [10**400]),
        ((*WORD, "part_of_speech"), None),
        ((*WORD, "peak"), None),
        ((*WORD, "parts"), 2.5),
    ],
)
def test_a_damaged_record_costs_its_sample_only(folder: Path, place: Any, value: Any) -> None:
    edit(record(folder), *place, value=value)
    report = without_kept(folder)
    with pytest.warns(UserWarning, match="1 of 5 records are damaged") as warned:
        row = report.summary.iloc[0]
    assert "000000.json" in str(warned[0].message)
    assert (row["samples"], row["failed"], row["open"]) == (4, 1, 0)
    (why,) = report.skipped.query("method == 'tam' and word.isna()")["reason"]
    assert "is damaged" in why
    view = Heard(report)
    listed = [one["runs"][0].get("e", "") for one in view._listing["samples"]]
    assert "is damaged" in listed[0]
    assert not any(listed[1:])


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"[]", b"null", b"7", b"\xff\xfe", b"\0" * 99),
        *(b"[" * 100_000, b'{"methods": ' * 100_000, b"[" + b"1," * 2_000_001 + b"1]"),
    ],
    ids=lambda content: str(content[:12]),
)
def test_a_record_that_is_none_costs_its_sample_only(folder: Path, content: bytes) -> None:
    record(folder, 2).write_bytes(content)
    with pytest.warns(UserWarning, match=r"1 of 5 records are damaged.*000002\.json"):
        assert tw.Report(folder).samples["error"].notna().sum() == 2
    with pytest.warns(UserWarning, match="damaged"):
        tw.Report(folder).save_tables()


@pytest.mark.parametrize("kind", ["pipe", "folder", "link", "device", "huge"])
def test_a_record_that_is_no_file_of_the_report_is_not_read(folder: Path, kind: str) -> None:
    path, secret = record(folder), folder.parent / "secret.json"
    path.rename(secret)
    make: dict[str, Callable[[], None]] = {
        "pipe": lambda: os.mkfifo(path),
        "folder": path.mkdir,
        "link": lambda: path.symlink_to(secret),
        "device": lambda: path.symlink_to("/dev/zero"),
        "huge": lambda: (path.touch(), os.truncate(path, 2**40))[0],
    }
    make[kind]()
    with pytest.warns(UserWarning, match="1 of 5 records are damaged"):
        assert tw.Report(folder).summary["failed"].tolist() == [1, 1]


def test_a_damaged_record_is_measured_again(folder: Path, whole: Path) -> None:
    edit(record(folder, 1), "text")
    record(folder, 3).write_text("{")
    again = MadeExplainer()
    tw.evaluate(again, dataset(), ["tam", "cam"], folder=folder, progress=False)
    assert again.asked == ["wrong place", "no noun"]
    assert record(folder, 1).read_bytes() == record(whole, 1).read_bytes()


def test_other_records_are_left_alone(folder: Path) -> None:
    for name in ("000009.json", "9.json", "x.json", "-00001.json", "000001.json.bak"):
        (record(folder).parent / name).write_text("{}")
    assert without_kept(folder).summary["samples"].tolist() == [5, 5]


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (("models",), ..., "models"),
        (("models",), {}, "models"),
        (("models",), ["made"], "models"),
        (("methods",), ..., "methods"),
        (("methods",), [], "methods"),
        (("methods", "tam"), "tam", "methods"),
        (("methods", "tam", "method"), ..., "does not say which method"),
        (("methods", "tam", "method"), 5, "method"),
        (("methods", "tam", "settings"), [], "settings"),
        (("methods", "tam", "settings", "kernel_size"), 4, "kernel_size"),
        (("methods", "tam", "settings", "kernel_size"), "3", "kernel_size"),
        (("methods", "tam", "settings", "eci"), NAN, "eci"),
        (("methods", "tam", "settings", "border"), "wrap", "border"),
        (("dataset",), "coco", "dataset"),
        (("dataset", "samples"), 10**12, "samples"),
        (("dataset", "samples"), -1, "samples"),
        (("dataset", "samples"), 5.5, "samples"),
        (("dataset", "name"), None, "name"),
        (("compat",), "other", "compat"),
        (("generation",), {"a": [[]]}, "generation"),
        (("format",), ..., "format None"),
        (("format",), True, "format True"),
        (("format",), 10**400, "format 1000"),
        (("format",), "1", "format '1'"),
        (("format",), -7, "format -7"),
    ],
)
def test_damaged_settings_are_refused_by_name(
    folder: Path, place: Any, value: Any, message: str
) -> None:
    edit(folder / "settings.json", *place, value=value)
    with pytest.raises(ReportError, match=message) as refused:
        tw.Report(folder)
    assert len(str(refused.value)) < 500
    with pytest.raises(ReportError):
        tw.evaluate(MadeExplainer(), dataset(), ["tam", "cam"], folder=folder, progress=False)


@pytest.mark.parametrize("content", [b"[" * 100_000, b" " * 2**21, b"[]", b"\xff", b"1" * 9999])
def test_settings_that_are_none_are_refused(folder: Path, content: bytes) -> None:
    (folder / "settings.json").write_bytes(content)
    with pytest.raises(ReportError, match=r"settings\.json"):
        tw.Report(folder)


@pytest.mark.parametrize("given", [3, None, ["report"]])
def test_what_is_no_path_is_refused(given: Any) -> None:
    with pytest.raises(ReportError, match="is no path; give the folder"):
        tw.Report(given)


@pytest.mark.parametrize("name", ["../../x", "..", "/etc/passwd", "a\0b", "", "\ud800", "c" * 50])
def test_names_of_models_and_methods_lead_nowhere(tmp_path: Path, name: str) -> None:
    explainer = MadeExplainer(name)
    report = tw.evaluate(explainer, dataset()[:1], folder=tmp_path / "in" / "r", progress=False)
    assert report.summary["samples"].tolist() == [1]
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["r"]
    tw.evaluate(explainer, dataset()[:1], folder=tmp_path / "in" / "r", progress=False)


@pytest.mark.parametrize("name", ["records", "listings", "cards", "explanations", "tables"])
@pytest.mark.parametrize("inner", [False, True])
def test_nothing_is_read_or_written_where_a_link_leads_out(
    folder: Path, name: str, inner: bool
) -> None:
    outside = folder.parent / "outside"
    moved = folder / name / "0-made" if inner and name != "tables" else folder / name
    moved.rename(outside)
    moved.symlink_to(outside)
    record(folder, 0).touch()  # newer than what was kept, so that it would be written
    before = {path.name: path.read_bytes() for path in outside.rglob("*") if path.is_file()}
    if name == "records":
        with pytest.raises(ReportError, match="cannot be read"):
            _ = tw.Report(folder).summary
    else:
        report = tw.Report(folder)
        assert len(report.summary) == 2
        view = Heard(report, selection=["good"])
        content, _ = view.ask(kind="pictures", samples=[["good", 0]])
        assert content["kind"] == "pictures"
        if name == "explanations":
            with pytest.raises(ReportError, match="leads out"):
                report.explanation("made", 0)
    if name != "records":
        record(folder, 1).unlink()  # so that there is something to write
    with pytest.raises(OutputError, match="leads out"):
        tw.evaluate(MadeExplainer(), dataset(), ["tam", "cam"], folder=folder, progress=False)
    after = {path.name: path.read_bytes() for path in outside.rglob("*") if path.is_file()}
    assert after == before


def test_a_link_within_the_folder_is_followed(folder: Path) -> None:
    (folder / "records" / "0-made").rename(folder / "elsewhere")
    (folder / "records" / "0-made").symlink_to(folder / "elsewhere")
    assert without_kept(folder).summary["samples"].tolist() == [5, 5]


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[" * 100_000,
        b'{"version": 1}',
        b'{"version": 1, "notes": []}',
        b'{"version": 1, "notes": {"good": {"tags": "crop", "note": ""}}}',
        b'{"version": 1, "notes": {"good": {"tags": [1], "note": ""}}}',
        b'{"version": 1, "notes": {"good": {"tags": [], "note": null}}}',
        b'{"version": "1", "notes": {}}',
        b'{"version": 1e999, "notes": {}}',
    ],
)
def test_damaged_notes_are_refused_and_left_as_they_are(folder: Path, content: bytes) -> None:
    path = folder / "notes.json"
    path.write_bytes(content)
    report = tw.Report(folder)
    for call in (lambda: report.notes, lambda: report.annotate("good", note="x")):
        with pytest.raises(ReportError, match=r"notes\.json"):
            call()
    assert path.read_bytes() == content
    assert len(report.summary) == 2


def test_notes_are_not_read_through_a_link(folder: Path) -> None:
    secret = folder.parent / "secret.json"
    secret.write_text('{"version": 1, "notes": {"good": {"tags": [], "note": "mine"}}}')
    (folder / "notes.json").symlink_to(secret)
    with pytest.raises(ReportError, match="leads out"):
        _ = tw.Report(folder).notes


KEPT = ("content", 0)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ((*KEPT, "id"), 7),
        ((*KEPT, "number"), 10**9),
        ((*KEPT, "number"), -1),
        ((*KEPT, "entry", "s"), []),
        ((*KEPT, "entry", "s", 0), INF),
        ((*KEPT, "entry", "g"), [99]),
        ((*KEPT, "entry", "w"), [["cat"]]),
        ((*KEPT, "entry", "k"), 5),
        ((*KEPT, "entry", "m"), "cat"),
        (("content",), {"a": 1}),
        (("records",), "5"),
        (("code",), "0123456789abcdef"),
    ],
)
def test_a_damaged_list_of_cases_is_made_anew(
    folder: Path, whole: Path, place: Any, value: Any
) -> None:
    (path,) = (folder / "listings" / "0-made").glob("*-tam.json")
    edit(path, *place, value=value)
    assert Heard(tw.Report(folder))._listing == Heard(tw.Report(whole))._listing


@pytest.mark.parametrize("value", [None, {"a": 1}, {"made": {"tam": {}}}, {"made": {"tam": 7}}])
def test_a_damaged_summary_is_made_anew(folder: Path, whole: Path, value: Any) -> None:
    edit(folder / "tables" / "summary.json", "content", value=value)
    assert tw.Report(folder).summary.equals(tw.Report(whole).summary)


def card(**changes: Any) -> bytes:
    header = {"version": 1, "rect": [0, 0, 1, 1], "rows": [0], "methods": ["tam"]}
    tensors = {
        "picture": changes.pop("picture", np.zeros(0, np.uint8)),
        "maps": changes.pop("maps", np.ones((1, 1, 2, 2), np.uint8)),
    }
    return save(tensors, {"tam_widgets_card": json.dumps(header | changes)})


def encoded(form: str, size: tuple[int, int] = (40, 20)) -> np.ndarray:
    file = io.BytesIO()
    Image.new("RGB", size).save(file, form)
    return np.frombuffer(file.getvalue(), np.uint8)


CARDS = {
    "another version": card(version=2),
    "version text": card(version="1"),
    "no rect": card(rect=None),
    "rect NaN": card(rect=[NAN, 0, 1, 1]),
    "rect huge": card(rect=[-1e5, -1e5, 1e5, 1e5]),
    "rect turned": card(rect=[1, 0, 0, 1]),
    "rows": card(rows=[0, 1]),
    "methods": card(methods=["tam", "cam"]),
    "methods text": card(methods="t"),
    "maps flat": card(maps=np.ones(1, np.uint8)),
    "maps empty": card(maps=np.ones((1, 1, 0, 2), np.uint8)),
    "maps floats": card(maps=np.full((1, 1, 2, 2), np.nan)),
    "maps wide": card(maps=np.ones((1, 1, 1, 99_999), np.uint8)),
    "picture noise": card(picture=np.arange(99, dtype=np.uint8)),
    "picture EPS": card(picture=encoded("EPS")),
    "picture PNG": card(picture=encoded("PNG")),
    "picture large": card(picture=encoded("JPEG", (5000, 20))),
    "picture cut": card(picture=encoded("JPEG")[:300]),
    "nothing": b"",
    "cut": card()[:-3],
    "header deep": (10**5).to_bytes(8, "little") + b"[" * 10**5,
    "header long": (2**63).to_bytes(8, "little") + b"{}",
}


@pytest.mark.parametrize("name", CARDS)
def test_the_gallery_shows_the_explanation_where_a_card_is_damaged(
    folder: Path, whole: Path, name: str
) -> None:
    (folder / "cards" / "0-made" / "000000.safetensors").write_bytes(CARDS[name])
    wanted = {"kind": "pictures", "samples": [["good", 0]]}
    assert open_folder(folder).card("made", 0) is None
    shown, expected = (Heard(tw.Report(one)).ask(**wanted) for one in (folder, whole))
    assert without_outlines(shown[0]) == without_outlines(expected[0])
    assert shown[1] == expected[1]


def test_a_whole_card_is_shown(folder: Path) -> None:
    path = folder / "cards" / "0-made" / "000000.safetensors"
    path.write_bytes(card(picture=encoded("JPEG")))
    found = open_folder(folder).card("made", 0)
    assert isinstance(found, Card)
    assert found.maps["tam"].shape == (1, 2, 2)


def test_a_card_behind_a_link_is_not_read(folder: Path) -> None:
    path = folder / "cards" / "0-made" / "000000.safetensors"
    path.rename(folder.parent / "elsewhere")
    path.symlink_to(folder.parent / "elsewhere")
    assert open_folder(folder).card("made", 0) is None


def test_tokens_that_the_explanation_has_not_are_not_shown(folder: Path) -> None:
    for number in (0, 1):
        edit(record(folder), "methods", "tam", number, "tokens", value=[0, 99])
    shutil.rmtree(folder / "cards")
    view = Heard(without_kept(folder), selection=["good"])
    content, _ = view.ask(kind="open")
    assert content["selected"] == [[0, 0]]
    content, _ = view.ask(kind="pictures", samples=[["good", 0]])
    assert content["samples"][0]["runs"][0]["map"] == -1


def test_ids_are_only_names(tmp_path: Path) -> None:
    ids = ["../../x", "/etc/passwd", "a\0b", "a\nb", "\ud800", "<img src=x onerror=alert(1)>"]
    samples = [type(one)(**vars(one) | {"id": name}) for one in dataset()[:1] for name in ids]
    report = tw.evaluate(MadeExplainer(), samples, folder=tmp_path / "in" / "r", progress=False)
    expected = [name.replace("\ud800", "\ufffd") for name in ids]
    assert report.samples["sample"].tolist() == expected
    report.annotate(expected, note="seen")
    report.to_html(tmp_path / "in" / "r.html")
    assert "<img src=x" not in (tmp_path / "in" / "r.html").read_text("utf-8")
    view = Heard(report, selection=expected)
    json.dumps([content for content, _ in view.sent], ensure_ascii=False).encode()
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_the_number_of_samples_takes_no_time(folder: Path) -> None:
    edit(folder / "settings.json", "dataset", "samples", value=10**9)
    assert without_kept(folder).summary["open"].tolist() == [10**9 - len(MASKS)] * 2
