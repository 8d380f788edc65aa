"""What a gallery's filters leave, and in which order; the front end is tested on the same file.

`python -m tests.views.gallery.test_order` writes the file anew.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from tam_widgets.views.gallery.filters import no_filters
from tam_widgets.views.gallery.order import in_view

FIXTURE = Path(__file__).parents[2] / "fixtures" / "gallery_order.json"
NAMES = ["cat", "Catfish", "dog", "hot dog", "tree"]
SIGNATURES = ["background collapse", "object missed", "text-driven"]
CHANGES: list[dict[str, Any]] = [
    {},
    {"descending": True},
    {"sort": "sample", "descending": True},
    {"sort": "difference"},
    {"sort": "difference", "descending": True, "score": "obj_iou"},
    {"filters": {"signatures": ["object missed", "text-driven"]}},
    {"filters": {"categories": ["hot dog", "tree"]}},
    {"filters": {"tags": ["look"]}},
    {"filters": {"word": " CAT"}},
    {"filters": {"ranges": [[0.2, 0.6], None]}},
    {"filters": {"ranges": [[0, 0.5], [0.5, 1]], "signatures": ["text-driven"]}},
    {"filters": {"word": "dog", "ranges": [None, [0.0, 1.0]]}, "score": "obj_iou"},
]


def content() -> dict[str, Any]:
    chance = random.Random(5)

    def run() -> dict[str, Any] | None:
        if chance.random() < 0.1:
            return None
        scores = [chance.choice([None, *(k / 8 for k in range(9))]) for _ in range(2)]
        nouns = [[chance.choice(NAMES), chance.randrange(-1, 5), None] for _ in range(2)]
        return {
            "s": scores,
            "g": sorted(chance.sample(range(3), chance.randrange(3))),
            "w": nouns,
            "k": 0,
            "m": chance.sample(range(5), chance.randrange(2)),
        }

    samples = [{"id": f"sample {i}", "runs": [run(), run()]} for i in range(40)]
    return {
        "listing": {
            "version": 2,
            "dataset": "made",
            "scores": [{"name": name, "label": name} for name in ("f1_iou", "obj_iou")],
            "signatures": [{"name": name, "meaning": ""} for name in SIGNATURES],
            "categories": NAMES,
            "runs": [],
            "samples": samples,
        },
        "notes": {"sample 3": {"tags": ["look"], "note": ""}, "sample 7": {"tags": [], "note": ""}},
        "settings": [
            {"score": "f1_iou", "sort": "score", "descending": False}
            | change
            | {"filters": no_filters(2) | change.get("filters", {})}
            for change in CHANGES
        ],
    }


def shown(made: dict[str, Any]) -> list[list[str]]:
    return [in_view(made["listing"], made["notes"], settings) for settings in made["settings"]]


def test_the_file_holds_what_is_shown() -> None:
    there = json.loads(FIXTURE.read_text("utf-8"))
    assert {key: there[key] for key in ("listing", "notes", "settings")} == content()
    assert shown(there) == there["shown"]
    assert len({len(ids) for ids in there["shown"]}) > 4


def scores(name: str, run: int) -> dict[str, float | None]:
    made = content()["listing"]
    index = [score["name"] for score in made["scores"]].index(name)
    return {
        sample["id"]: sample["runs"][run]["s"][index] if sample["runs"][run] else None
        for sample in made["samples"]
    }


def test_the_worst_come_first_and_those_without_a_score_last() -> None:
    made = content()
    found = [scores("f1_iou", 0)[sample] for sample in shown(made)[0]]
    known = [score for score in found if score is not None]
    assert len(found) == 40
    assert known == sorted(known)
    assert found[: len(known)] == known
    backwards = [scores("f1_iou", 0)[sample] for sample in shown(made)[1]]
    assert backwards[: len(known)] == known[::-1]


def test_two_ranges_find_where_one_run_fails_and_the_other_does_not() -> None:
    made = content()
    settings = made["settings"][0] | {"filters": no_filters(2) | {"ranges": [[0, 0.5], [0.5, 1]]}}
    found = set(in_view(made["listing"], made["notes"], settings))
    first, second = scores("f1_iou", 0), scores("f1_iou", 1)
    assert found == {
        sample
        for sample, score in first.items()
        if score is not None and score <= 0.5 and (second[sample] or 0) >= 0.5
    }


@pytest.mark.parametrize("runs", [1, 2])
def test_nothing_is_shown_of_nothing(runs: int) -> None:
    made = content()
    settings = made["settings"][0] | {"filters": no_filters(runs)}
    assert in_view(made["listing"] | {"samples": []}, {}, settings) == []


if __name__ == "__main__":
    made = content()
    FIXTURE.write_text(json.dumps(made | {"shown": shown(made)}, indent=1) + "\n", "utf-8")
