"""What docs/failures.md says of its case."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

import tam_widgets as tw

from .pages import text_of
from .reader import Reading

PAGE = "docs/failures.md"


def test_the_case_is_what_the_page_says(reading: Callable[[str], Reading]) -> None:
    names = reading(PAGE).names
    horse = names["count"].loc["horse"]
    assert horse["there"] == 0
    assert names["count"]["not there"].idxmax() == "horse"
    assert len(names["cases"]) == horse["named"]
    left, _, right, bottom = names["brightest_box"](names["odd"].map(names["horse"])[0])
    assert bottom == 224
    assert left == 0 or right == 224
    assert names["pasted"] == [True] * 4
    told = reading(PAGE).printed[5].splitlines()
    assert ["horse" in line for line in told[:2]] == [False, True]
    assert "a horse on 4 of 4" in told[2]


def test_the_disc_lies_under_every_piece_of_the_sheet(reading: Callable[[str], Reading]) -> None:
    sheet = np.asarray(reading(PAGE).names["sheet"].convert("L"))
    pieces = np.split(sheet, sheet.shape[1] // 46, axis=1)
    assert all((piece < 40).mean() > 0.1 for piece in pieces)


def test_the_signatures_of_the_page_are_those_of_the_package(
    reading: Callable[[str], Reading],
) -> None:
    shares = reading(PAGE).names["report"].signature_shares
    assert all(f"*{name}*" in text_of(PAGE) for name in shares["signature"])
    assert tw.demo.plant("mark").planted in reading(PAGE).printed[6]
