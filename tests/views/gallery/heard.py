"""A gallery without a browser, and reports for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import tam_widgets as tw
from tests.evaluation.made import MASKS, dataset, sample

METHODS = ["tam", tw.METHODS["tam-no-eci"].variant("wide", kernel_size=5)]
GOOD = [*dataset(), sample("gone", MASKS["good"])]


class Heard(tw.Gallery):
    """A gallery that keeps what it sends."""

    def __init__(self, *runs: Any, **settings: Any) -> None:
        self.sent: list[tuple[dict[str, Any], list[bytes]]] = []
        super().__init__(*runs, **settings)

    def send(self, content: Any, buffers: Any = None) -> None:
        json.dumps(content, allow_nan=False)
        self.sent.append((content, list(buffers or ())))

    def hear(self, **content: Any) -> None:
        """A message from the browser."""
        data = {"method": "custom", "content": content}
        self._handle_msg({"content": {"data": data}, "buffers": []})

    def ask(self, **content: Any) -> tuple[dict[str, Any], list[bytes]]:
        """A message from the browser that is answered; returns the answer."""
        self.hear(**content)
        return self.sent[-1]

    def browser_sets(self, **state: Any) -> None:
        data = {"method": "update", "state": state}
        self._handle_msg({"content": {"data": data}, "buffers": []})


def evaluate(folder: Path, explainers: Any, samples: Any, **options: Any) -> tw.Report:
    return tw.evaluate(explainers, samples, METHODS, folder=folder, progress=False, **options)


def without_outlines(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The first run's pictures as they are if nobody knows where the objects truly lie."""
    return [sample["runs"][0] | {"outline": []} for sample in content["samples"]]
