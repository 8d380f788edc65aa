"""A word's map taken apart in a page: its numbers are Python's, its keys and hash work."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

import tam_widgets as tw
from tam_widgets.explanation.geometry import Grid
from tam_widgets.explanation.products import Products
from tam_widgets.explanation.types import StoredImage
from tam_widgets.views.questions.products import telling_cells
from tests.e2e.accessibility import violations
from tests.e2e.samples import tiles
from tests.e2e.test_accessibility import THEMES
from tests.views.made import explanation

READY = "[data-testid=tam-anatomy][data-ready='1']"
MOST_WORDS = 60
LARGEST = 400_000

# every number on the page, with its full value, and the text that shows it
NUMBERS = """(root) => [...root.querySelectorAll("[data-number]")].map((shown) => ({
  ...shown.dataset, text: shown.textContent,
}))"""


@pytest.fixture(scope="module")
def views() -> dict[str, tw.Anatomy]:
    """A word of each demo model with states and a check, and one of tiles without a model."""
    found = {"tiles": tw.anatomy(tiles(), "dog")}
    scene = tw.demo.scene(seed=7)
    for name in ("qwen2-vl", "llava"):
        explainer = tw.demo.explainer(name)
        answer = explainer.explain(scene.image, scene.prompt, progress=False)
        check = explainer.check(answer, "laptop", random_orders=2, progress=False)
        found[name] = tw.anatomy(answer.with_check(check), "laptop", explainer=explainer)
    return found


@pytest.fixture
def open_page(tmp_path: Path, new_page: Callable[..., Page]) -> Callable[..., Locator]:
    """Exports a view and opens it, without network."""

    def show(view: tw.Anatomy, at: str = "", **options: Any) -> Locator:
        view.to_html(tmp_path / "word.html")
        page = new_page(offline=True, **options)
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.on("console", lambda said: said.type == "error" and pytest.fail(said.text))
        page.goto(f"{(tmp_path / 'word.html').as_uri()}{at}")
        expect(page.locator(READY)).to_have_count(1)
        return page.locator(READY)

    return show


def go(root: Locator, step: int) -> None:
    root.page.keyboard.press(str(step % 10))
    expect(root.locator(".tam-anatomy")).to_have_attribute("data-step", str(step))


@pytest.mark.parametrize("name", ["qwen2-vl", "llava", "tiles"])
def test_every_number_is_the_one_that_python_computes(
    views: dict[str, tw.Anatomy], open_page: Callable[..., Locator], name: str
) -> None:
    root, numbers = open_page(views[name]), views[name].numbers
    seen: set[tuple[int, str]] = set()
    for step in range(1, 11):
        go(root, step)
        for shown in root.evaluate(NUMBERS):
            agree(shown, python(numbers[step], shown, step, at_minimum=False))
            seen.add((step, shown["number"]))
    go(root, 7)
    root.get_by_role("button", name="to the minimum").click()
    for shown in root.evaluate(NUMBERS):
        agree(shown, python(numbers[7], shown, 7, at_minimum=True))
    expected = {(step, one) for step in (1, 3, 4, 5, 7, 8, 9) for one in numbers[step]}
    assert len(seen & expected) > 25


def python(numbers: dict[str, Any], shown: dict[str, str], step: int, *, at_minimum: bool) -> float:
    """Python's value of a number; those of step 7 follow s, which is 0 or the best."""
    live = {
        "scale_now": ("scale", 0.0),
        "loss_now": ("loss", numbers.get("loss_at_0")),
        "residual_now": ("residual", numbers.get("activation")),
    }
    name = shown["number"]
    if step == 7 and name in live:
        best, start = live[name]
        value = numbers[best] if at_minimum else start
    else:
        value = numbers[name]
    if "token" in shown:
        value = value[int(shown["token"])]
    return float(np.asarray(value)[int(shown["at"])] if "at" in shown else value)


def agree(shown: dict[str, str], expected: float) -> None:
    """Whether a number is Python's up to float32, and its text that number, rounded."""
    assert float(shown["value"]) == pytest.approx(expected, rel=2e-4, abs=2e-6), shown
    if shown["text"].startswith("<"):
        assert expected < float(shown["text"][1:]), shown
        return
    written, unit = parsed(shown["text"])
    share = 100 if "percent" in shown else 1
    assert abs(written - share * expected) <= 0.5001 * unit + 2e-4 * abs(written) + 1e-6, shown


def parsed(text: str) -> tuple[float, float]:
    """A number's text as its value, and the value of its last digit."""
    plain = text.replace("−", "-").replace("\u00a0%", "")
    digits = "⁰¹²³⁴⁵⁶⁷⁸⁹"
    power = re.search(f"·10⁻([{digits}]+)$", plain)
    factor = 1.0
    if power:
        factor = 10.0 ** -int("".join(str(digits.index(one)) for one in power[1]))
        plain = plain[: power.start()]
    decimals = len(plain.partition(".")[2])
    return float(plain) * factor, factor * 10.0**-decimals


def test_each_step_says_no_more_than_sixty_words(
    views: dict[str, tw.Anatomy], open_page: Callable[..., Locator]
) -> None:
    for view in views.values():
        root = open_page(view)
        for step in range(1, 11):
            go(root, step)
            said = root.locator(".tam-step-text").inner_text()
            assert 20 < len(said.split()) <= MOST_WORDS, (step, said)


def test_a_page_is_small_and_opens_at_a_step(
    views: dict[str, tw.Anatomy], open_page: Callable[..., Locator], tmp_path: Path
) -> None:
    root = open_page(views["qwen2-vl"], "#5")
    assert (tmp_path / "word.html").stat().st_size <= LARGEST
    shell = root.locator(".tam-anatomy")
    expect(shell).to_have_attribute("data-step", "5")
    keys = {"ArrowRight": 6, "PageDown": 7, "ArrowLeft": 6, "Home": 1, "0": 10}
    for key, step in keys.items():
        root.page.keyboard.press(key)
        expect(shell).to_have_attribute("data-step", str(step))
        assert root.page.url.endswith(f"#{step}")
    root.page.evaluate("location.hash = '#3'")
    expect(shell).to_have_attribute("data-step", "3")


def test_a_real_size_is_small_enough_too(open_page: Callable[..., Locator], tmp_path: Path) -> None:
    view = large()
    root = open_page(view, "#2")
    assert (tmp_path / "word.html").stat().st_size <= LARGEST
    expect(root.locator(".tam-step-figure")).to_contain_text("One column stands for 6 numbers.")
    for step in range(1, 11):
        go(root, step)
        for shown in root.evaluate(NUMBERS):
            agree(shown, python(view.numbers[step], shown, step, at_minimum=False))


def large() -> tw.Anatomy:
    """A made-up answer with the sizes of a large model: 1,800 cells and 1,536 numbers a state."""
    random = np.random.default_rng(0)
    answer = (" a", " dog", *(f" {letter}" for letter in "bcdefghijklmn"), " and", " cat")
    photo = Image.fromarray(random.integers(0, 256, (100, 140, 3), np.uint8)).resize((1400, 1000))
    file = io.BytesIO()
    photo.save(file, "PNG")
    picture = StoredImage(file.getvalue(), "image/png", 1400, 1000)
    made = explanation(answer, grids=(Grid(36, 50, (0.0, 0.0, 1400.0, 1000.0)),), images=(picture,))
    count, token = len(made.tokens), made.find("cat")[0]
    activations = random.normal(1, 3, (count, 1800)).clip(0).astype(np.float32)
    made = replace(made, activations=activations)
    view = tw.anatomy(made, "cat")
    cells = tuple(telling_cells(made, token))
    row = random.normal(size=1536).astype(np.float32)
    wanted = np.where(activations[token, cells] > 0, activations[token, cells], -1)
    states = wanted[:, None] * row / (row @ row) + random.normal(0, 1e-3, (len(cells), 1536))
    states -= ((states @ row - wanted) / (row @ row))[:, None] * row
    view.products = Products(token, cells, states.astype(np.float32), row)
    view.update_explanations(made, lambda same: same)
    return view


def test_the_picture_stays_where_it_is(
    views: dict[str, tw.Anatomy], open_page: Callable[..., Locator]
) -> None:
    root = open_page(views["llava"])
    places = set()
    for step in range(1, 11):
        go(root, step)
        box = root.locator(".tam-stage").first.bounding_box()
        control = root.locator(".tam-step-control").bounding_box()
        assert box
        assert control
        places.add((*box.values(), control["x"], control["y"]))
    assert len(places) == 1


@pytest.mark.parametrize("name", ["qwen2-vl", "tiles"])
def test_a_step_is_whole_on_a_projector(
    views: dict[str, tw.Anatomy], open_page: Callable[..., Locator], name: str
) -> None:
    root = open_page(views[name])
    for width in (1280, 1100, 900):
        root.page.set_viewport_size({"width": width, "height": 720})
        for step in range(1, 11):
            go(root, step)
            high = root.page.evaluate("document.documentElement.scrollHeight")
            assert high <= 720, (width, step)
            names = root.locator(".tam-step-button span")
            for i in range(10):
                assert names.nth(i).evaluate("(one) => one.offsetWidth") > 20, (width, i)


def test_what_is_pressed_takes_the_keyboard(
    views: dict[str, tw.Anatomy], open_page: Callable[..., Locator]
) -> None:
    # in a notebook, what has no keyboard would leave digits to the notebook
    root = open_page(views["qwen2-vl"], "#7")
    within = "() => document.activeElement.closest('.tam-anatomy') !== null"
    for pressed in (".tam-step-text", ".tam-drawing", ".tam-step-control input"):
        root.page.evaluate("document.activeElement.blur()")
        root.locator(pressed).first.click()
        assert root.page.evaluate(within), pressed
    go(root, 9)


def test_the_filter_opens_at_a_window_that_it_changes(
    views: dict[str, tw.Anatomy], open_page: Callable[..., Locator]
) -> None:
    root = open_page(views["qwen2-vl"], "#8")
    numbers = views["qwen2-vl"].numbers
    assert numbers[9]["value"].max() > 0
    root.locator(".tam-stage").first.hover(position={"x": 2, "y": 2})  # an empty corner
    expect(root.locator(".tam-reading")).to_contain_text("row 1, column 1")
    go(root, 9)
    expect(root.locator("[data-cell]")).to_have_attribute("data-cell", str(numbers[9]["cell"]))
    go(root, 8)
    expect(root.locator(".tam-reading")).to_contain_text("row 1, column 1")


TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_no_fault_in_any_step(
    views: dict[str, tw.Anatomy], open_page: Callable[..., Locator], theme: str
) -> None:
    root = open_page(views["qwen2-vl"], bypass_csp=True, **THEMES[theme])
    for width in (1100, 320):
        root.page.set_viewport_size({"width": width, "height": 900})
        root.page.evaluate(TWO_FRAMES)  # what follows the size of its place has been laid out
        for step in range(1, 11):
            go(root, step)
            assert violations(root.page, "html") == [], (width, step)
            wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert root.page.evaluate(wide) <= 0, (width, step)


def test_without_a_model_a_step_names_the_call(open_page: Callable[..., Locator]) -> None:
    root = open_page(tw.anatomy(explanation(), "dog"))
    for step, call in ((2, "explainer=explainer"), (10, "with_check")):
        go(root, step)
        expect(root.locator(".tam-needs code")).to_contain_text(call)
