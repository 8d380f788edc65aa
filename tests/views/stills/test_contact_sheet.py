"""Small pictures on one sheet."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from tam_widgets.views.stills.contact_sheet import LINE, MARGIN, SIDE, Print, contact_sheet

WHOLE = (0.0, 0.0, 1.0, 1.0)


def png(colour: tuple[int, ...], size: tuple[int, int] = (32, 32)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB" if len(colour) == 3 else "RGBA", size, colour).save(file, "PNG")
    return file.getvalue()


def drawn(*rows: list[Print], note: str = "") -> np.ndarray:
    with Image.open(io.BytesIO(contact_sheet("title", rows, note))) as sheet:
        return np.asarray(sheet.convert("RGB"), int)


def cell(sheet: np.ndarray) -> np.ndarray:
    """The first picture."""
    top = MARGIN + LINE
    return sheet[top : top + SIDE, MARGIN : MARGIN + SIDE]


def test_the_overlay_lies_on_its_rectangle_only() -> None:
    right_half = (0.5, 0.0, 1.0, 1.0)
    one = Print(png((255, 255, 255)), png((255, 0, 0, 255)), right_half, "dog", "0.5")
    found = cell(drawn([one]))
    middle = SIDE // 2
    assert np.abs(found[10:-10, : middle - 8] - [255, 255, 255]).max() < 12
    assert np.abs(found[10:-10, middle + 8 : -4] - [255, 0, 0]).max() < 12


def test_an_overlay_beyond_the_picture_is_cut_at_its_edge() -> None:
    padded = (0.0, -0.5, 1.0, 1.5)
    one = Print(png((255, 255, 255), (32, 16)), png((0, 0, 255, 255)), padded, "", "")
    found = cell(drawn([one]))
    assert np.abs(found[SIDE // 2] - [0, 0, 255]).max() < 12
    assert found[4].min() > 230  # above a wide picture the cell stays empty


def test_rows_and_a_note_make_the_sheet_higher_and_an_empty_place_is_drawn() -> None:
    gone = Print(None, None, WHOLE, "not measured", "")
    one, two = drawn([gone]), drawn([gone], [gone], note="more")
    assert two.shape[0] > one.shape[0] + SIDE
    assert len(np.unique(cell(one).reshape(-1, 3), axis=0)) < 8


def test_a_long_caption_leaves_room_for_the_figure() -> None:
    plain, long = (Print(None, None, WHOLE, text, "0.50") for text in ("", "long " * 40))
    top = MARGIN + LINE + SIDE
    line = slice(top + 3, top + 3 + LINE), slice(MARGIN + SIDE - 26, MARGIN + SIDE)
    assert np.abs(drawn([plain])[line] - drawn([long])[line]).max() < 40
    assert np.abs(drawn([plain]) - drawn([long])).max() > 100
