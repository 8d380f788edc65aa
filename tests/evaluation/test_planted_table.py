"""What README and the package say of planted models is what was measured."""

from __future__ import annotations

from pathlib import Path

import pytest

import tam_widgets as tw

README = Path(__file__).parents[2] / "README.md"
ROWS = {(row["model"], row["plant"], row["method"]): row for row in tw.demo.planted_table()}
LABELS = {
    "TAM": "tam",
    "TAM without its filter": "tam-no-rgf",
    "CAM: neither step": "cam",
    "gradient × input": "gradient-x-input",
    "EAGLE's search": "eagle",
    "edges of the picture": "edges",
    "the true mask": "true mask",
}
COLUMNS = (
    ("mark", ("qwen2-vl", "llava"), "share"),
    ("two-places", ("qwen2-vl",), "share"),
    ("contrast", ("qwen2-vl",), "share"),
    ("backdrop", ("qwen2-vl",), "share"),
    ("prior", ("qwen2-vl", "llava"), "nothing"),
)


def table() -> list[list[str]]:
    """The cells of README's table of planted models."""
    lines = README.read_text("utf-8").splitlines()
    start = next(k for k, line in enumerate(lines) if line.startswith("| method | mark"))
    end = next(k for k in range(start, len(lines)) if not lines[k].startswith("|"))
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines[start + 2 : end]]


@pytest.mark.parametrize("cells", table(), ids=lambda cells: cells[0])
def test_a_row_of_the_readme_is_what_was_measured(cells: list[str]) -> None:
    method = LABELS.get(cells[0], cells[0].lower().replace(" ", "-"))
    for (plant, models, measure), cell in zip(COLUMNS, cells[1:], strict=True):
        values = [ROWS.get((model, plant, method), {}).get(measure) for model in models]
        told = ["–" if value is None else f"{value:.2f}" for value in values]
        assert cell == (", ".join(told) if set(told) != {"–"} else "")


def test_all_models_and_methods_were_measured() -> None:
    assert {key[:2] for key in ROWS} == {(one.model, one.name) for one in tw.demo.planted()}
    by_model = {model: {key[2] for key in ROWS if key[:2] == (model, "mark")} for model, *_ in ROWS}
    assert by_model["qwen2-vl"] == {*tw.METHODS, "true mask"}
    assert by_model["llava"] == {*tw.METHODS, "true mask"} - {"msea"}


def test_chance_is_at_its_area_and_the_true_mask_at_one() -> None:
    for (_, plant, method), row in ROWS.items():
        if plant == "prior":
            assert row["share"] is None
        elif method == "random":
            assert row["share_low"] - 0.005 <= row["area"] <= row["share_high"] + 0.005
        elif method == "true mask":
            assert row["share"] == row["pointing"] == 1


def test_the_stored_table_can_be_drawn() -> None:
    figure = tw.evaluation.planted_figure(tw.demo.planted_table())
    drawn = {key for key in ROWS if ROWS[key]["share"] is not None}
    assert sum(len(trace.y) for trace in figure.data) == len(drawn)
