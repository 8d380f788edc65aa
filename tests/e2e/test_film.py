"""Videos, several pictures, and tiles: in the exported file, and in JupyterLab."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tam_widgets import Explanation
from tam_widgets.views.export import to_html
from tests.e2e.explorer import HASH, Explorer, find_explorers
from tests.e2e.notebook import open_notebook, write_notebook
from tests.e2e.samples import PROMPT, film, mixture, tiles
from tests.e2e.server import Server

START = len(PROMPT)
FRAMES = 8

Open = Callable[..., Explorer]


@pytest.fixture
def open_file(tmp_path: Path, new_page: Callable[..., Page]) -> Open:
    """Opens an exported file of explanations."""

    def opened(*panels: Explanation, width: int = 1100) -> Explorer:
        to_html(panels, tmp_path / "film.html")
        page = new_page(offline=True)
        page.set_viewport_size({"width": width, "height": 900})
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto((tmp_path / "film.html").as_uri())
        return find_explorers(page)[0]

    return opened


def films(view: Explorer) -> Locator:
    return view.root.locator(".tam-video")


def slider(view: Explorer, number: int = 0) -> Locator:
    return view.root.locator(".tam-slider").nth(number)


def expect_frame(view: Explorer, frame: int, number: int = 0) -> None:
    expect(films(view).nth(number)).to_have_attribute("data-frame", str(frame))


def photo(view: Explorer, number: int = 0) -> int:
    return int(films(view).nth(number).locator("canvas.tam-photo").evaluate(HASH))


def test_every_frame_is_shown_once_and_a_patch_shares_its_map(open_file: Open) -> None:
    view = open_file(film(FRAMES))
    view.token(0, START + 1).click()
    slider(view).focus()
    photos, maps = [], []
    for frame in range(FRAMES):
        expect_frame(view, frame)
        photos.append(photo(view))
        maps.append(view.overlay())
        view.root.page.keyboard.press("ArrowRight")
    expect_frame(view, FRAMES - 1)
    assert len(set(photos)) == FRAMES
    assert maps[::2] == maps[1::2]
    assert len(set(maps)) == FRAMES / 2


def test_the_curve_steps_once_a_grid_and_leads_to_the_peak(open_file: Open) -> None:
    view = open_file(film(FRAMES))
    path = view.root.locator(".tam-timeline path")
    view.hover(0, START + 6)
    heights = [part.split("H")[0] for part in (path.get_attribute("d") or "").split("V")[1:-1]]
    assert heights[::2] == heights[1::2]
    assert len(set(heights[::2])) == FRAMES / 2
    assert heights.index("0.000") == 4
    expect_frame(view, 0)  # moving over a word leaves the frame alone
    view.token(0, START + 6).click()
    view.root.get_by_role("button", name="peak").click()
    expect_frame(view, 4)
    strength = f"{film(FRAMES).maps()[START + 6].max():.2f}"[1:]
    said = f"frame 5 of 8, 2.0 s, strength {strength}"
    expect(slider(view)).to_have_attribute("aria-valuetext", said)


def test_a_click_on_the_curve_goes_where_it_points(open_file: Open) -> None:
    view = open_file(film(FRAMES))
    box = slider(view).bounding_box()
    assert box
    for frame in (6, 1, 4, 7, 0):
        x = box["x"] + box["width"] * (frame + 0.5) / FRAMES
        view.root.page.mouse.click(x, box["y"] + box["height"] / 2)
        expect_frame(view, frame)


def test_keys_of_the_scrubber(open_file: Open) -> None:
    view = open_file(film(FRAMES))
    slider(view).focus()
    keyboard = view.root.page.keyboard
    for key, frame in (("End", 7), ("ArrowLeft", 6), ("Home", 0), ("ArrowUp", 1)):
        keyboard.press(key)
        expect_frame(view, frame)
    keyboard.press("Home")
    keyboard.press(" ")
    expect(view.root.get_by_role("button", name="Pause")).to_be_visible()
    expect_frame(view, FRAMES - 1)
    expect(view.root.get_by_role("button", name="Play")).to_be_visible()  # it ends, and rests


def test_playing_stops_on_demand_and_out_of_sight(open_file: Open) -> None:
    view = open_file(film(40))
    page = view.root.page
    expect_frame(view, 0)  # nothing moves by itself
    for stop in (
        lambda: slider(view).press(" "),
        lambda: slider(view).press("ArrowLeft"),
        lambda: view.root.evaluate("(root) => { root.style.marginTop = '3000px'; }"),
    ):
        slider(view).press("Home")
        slider(view).press(" ")
        expect(films(view)).not_to_have_attribute("data-frame", re.compile("^[01]$"))
        stop()
        expect(view.root.get_by_role("button", name="Play")).to_have_count(1)
        frame = films(view).get_attribute("data-frame")
        page.wait_for_timeout(800)
        assert films(view).get_attribute("data-frame") == frame


def test_panels_share_the_frame_as_far_as_they_have_it(open_file: Open) -> None:
    view = open_file(film(4), film(8, title="model-b"))
    slider(view, 1).focus()
    view.root.page.keyboard.press("ArrowRight")
    for number in (0, 1):
        expect_frame(view, 1, number)
    view.root.page.keyboard.press("End")
    expect_frame(view, 3, 0)
    expect_frame(view, 7, 1)


def test_films_and_pictures_of_one_prompt(open_file: Open) -> None:
    view = open_file(mixture())
    captions = view.root.locator("figcaption").all_inner_texts()
    assert captions == ["image 1", "video 1", "image 2", "video 2"]
    expect(films(view)).to_have_count(2)
    view.root.get_by_role("slider", name="Frame of video 1").press("End")
    view.root.get_by_role("slider", name="Frame of video 2").press("ArrowRight")
    expect_frame(view, 5, 0)  # a film keeps its frame while the other is looked at
    expect_frame(view, 1, 1)
    view.hover(0, START + 1)
    hashes = [view.overlay(i) for i in range(4)]
    assert len(set(hashes)) == 4


@pytest.mark.parametrize("width", [1100, 380])
def test_no_picture_is_distorted_or_cut_off(open_file: Open, width: int) -> None:
    view = open_file(mixture(), width=width)
    shapes = ((20, 20), (96, 72), (4000, 3000), (96, 72))
    for stage, (wide, high) in zip(view.root.locator(".tam-stage").all(), shapes, strict=True):
        box = stage.bounding_box()
        assert box
        assert box["width"] >= 60
        assert box["width"] / box["height"] == pytest.approx(wide / high, rel=0.02)
        assert box["x"] + box["width"] <= width


def test_tiles_or_thumbnail_but_never_both(open_file: Open) -> None:
    view = open_file(tiles())
    view.setting("method").select_option("cam")
    button = view.root.get_by_role("button", name="thumbnail")
    expect(button).to_have_attribute("aria-pressed", "false")
    token = START + 4
    view.hover(0, token)
    first = view.overlay()
    view.hover(0, token + 3)
    assert view.overlay() == first
    expect(view.root.locator(".tam-number").first).to_have_text("0.50")  # the tiles' own peak
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    view.hover(0, token)
    small = view.overlay()
    assert small != first
    view.hover(0, token + 3)
    assert view.overlay() != small
    expect(view.root.locator(".tam-number").first).to_have_text("1.00")


def test_a_picture_without_tiles_offers_no_thumbnail(open_file: Open) -> None:
    view = open_file(film(2))
    expect(view.root.get_by_role("button", name="thumbnail")).to_have_count(0)


def test_python_and_the_browser_share_the_frame(
    server: Server, new_page: Callable[..., Page]
) -> None:
    film(FRAMES).save(server.root / "film.safetensors")
    made = "import tam_widgets as tw\nview = tw.Explorer(tw.load('film.safetensors'), frame=2)"
    write_notebook(server, "film.ipynb", made, "view", "view")
    notebook = open_notebook(server, new_page(), "film.ipynb")
    view, other = notebook.run(explorers=2)
    cells = notebook.page.locator(".jp-Cell").count()
    first = photo(view)
    expect_frame(view, 2)
    notebook.evaluate("setattr(view, 'frame', 5)")
    for each in (view, other):
        expect_frame(each, 5)
    assert photo(view) != first
    slider(view).focus()
    for key in ("ArrowRight", "b", "a", "x"):
        notebook.page.keyboard.press(key)
    for each in (view, other):
        expect_frame(each, 6)
    for _ in range(100):
        if notebook.evaluate("view.frame") == "6":
            break
        time.sleep(0.1)
    assert notebook.evaluate("view.frame") == "6"
    assert notebook.page.locator(".jp-Cell").count() == cells
    notebook.command("notebook:clear-all-cell-outputs")
    notebook.page.wait_for_function("window.__alive().length === 0")
