"""What the live pages say of their maps is true of the maps that their code makes."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import tam_widgets as tw
from scripts.live_pages import NAMES, PAGES, build
from scripts.live_pages.guide import GUIDE, guide
from scripts.live_pages.stills import STILLS
from tam_widgets.views.anatomy.widget import STEPS

CELL = 14  # the demo models' cells, in pixels

Names = dict[str, Any]
Ran = Callable[[str], Names]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Runs the code of a page, once, as a reader would; returns what it leaves behind."""
    folder, kept = tmp_path_factory.mktemp("pages"), dict[str, Names]()

    def run(name: str) -> Names:
        if name not in kept:
            kept[name] = {}
            with pytest.MonkeyPatch.context() as patch:
                patch.chdir(folder)
                exec(PAGES[name].code, kept[name])
            kept[name]["file"] = folder / f"{name}.html"
        return kept[name]

    return run


def pixels(heatmap: np.ndarray) -> np.ndarray:
    return np.kron(heatmap.reshape(16, 16), np.ones((CELL, CELL)))


def peak_on(ex: tw.Explanation, token: int, mask: np.ndarray, method: str = "tam") -> bool:
    """Whether a map is brightest in a cell of which a mask covers half or more."""
    brightest = int(ex.maps(method)[token].argmax())
    left, top, right, bottom = map(int, ex.grids[0].cell(brightest))
    return bool(mask[top:bottom, left:right].mean() >= 0.5)


def strongest(ex: tw.Explanation, word: str, method: str = "tam") -> float:
    return float(ex.maps(method)[ex.find(word)[0]].max())


def test_a_name_is_that_of_its_function_and_the_code_its_source() -> None:
    assert len(NAMES) == len(set(NAMES)) >= 12
    for name in NAMES:
        source = inspect.getsource(PAGES[name].make)
        assert f"def {name.replace('-', '_')}(path: Path)" in source
        lines = PAGES[name].code.splitlines()[2:]
        rest = [line.strip().replace(f'"{name}.html"', "path") for line in lines]
        assert [line.strip() for line in source.splitlines()[-len(rest) :]] == rest


def test_the_page_is_what_the_registry_makes() -> None:
    assert GUIDE.read_text("utf-8") == guide(), "python -m scripts.live_pages --page"


def test_every_page_has_a_small_still() -> None:
    assert {still.stem for still in STILLS.iterdir()} == set(NAMES)
    for name in NAMES:
        still = STILLS / f"{name}.webp"
        assert still.stat().st_size < 50_000
        with Image.open(still) as picture:
            assert picture.width > 800


def test_an_unknown_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match=r"no live page 'maps': give one of first-word"):
        build(tmp_path / "pages", ["maps"])
    assert not (tmp_path / "pages").exists()


@pytest.mark.parametrize("name", NAMES)
def test_each_page_is_written_needs_no_network_and_has_the_size_that_is_said(
    name: str, ran: Ran
) -> None:
    page = ran(name)["file"].read_bytes()
    said = {"guess-first": (50, 150), "anatomy": (50, 150), "failures": (800, 1200)}
    low, high = said.get(name, (250, 420))
    assert low <= len(page) / 1e3 <= high
    assert not re.search(rb"""(?:src|href)=["']?https?:""", page)


def test_every_word_that_is_quoted_is_in_the_answer(ran: Ran) -> None:
    for name in NAMES:
        told = f"{PAGES[name].see} {PAGES[name].do}"
        quoted = set(re.findall("“([^”]+)”", told)) - {"laptop", "above", "left of"}
        if name in ("failures", "planted-mark"):
            continue
        names = ran(name)
        answer = names["ex"].text if "ex" in names else names["answers"][0].text
        assert [word for word in quoted if word not in answer] == [], name


@pytest.mark.parametrize("name", ["first-word", "two-models"])
def test_nouns_lie_on_what_they_name(name: str, ran: Ran) -> None:
    names = ran(name)
    for ex in names.get("answers") or [names["ex"]]:
        for word, noun in (("cats", "cat"), ("tree", "tree"), ("flower", "flower")):
            assert peak_on(ex, ex.find(word)[0], names["scene"].masks[noun]), word


def test_two_models_say_the_same_of_the_same_objects_by_other_cells(ran: Ran) -> None:
    first, second = ran("two-models")["answers"]
    assert first.text == second.text
    for word in ("cats", "tree", "flower"):
        maps = [ex.maps()[ex.find(word)[0]] for ex in (first, second)]
        assert maps[0].argmax() != maps[1].argmax()


def test_a_relation_needs_the_picture_and_has_no_place(ran: Ran) -> None:
    names = ran("relation")
    ex, above = names["ex"], names["above"]
    assert ex.picture_share[above] > 0.95
    assert strongest(ex, "above") < 0.1
    assert min(strongest(ex, "flower"), strongest(ex, "horse")) > 0.9


def test_a_count_lies_on_all_that_is_counted(ran: Ran) -> None:
    names = ran("count")
    assert len(names["scene"].objects) == 2
    for word in ("two", "boats"):
        shown = pixels(names["ex"].maps()[names["ex"].find(word)[0]])
        for one in names["scene"].objects:
            assert shown[one.mask].mean() > 4 * shown[names["scene"].labels == 0].mean()


def test_function_words_light_the_background_without_eci_only(ran: Ran) -> None:
    names = ran("function-words")
    ex, background = names["ex"], names["scene"].labels == 0
    for word in ("left", "of", "and"):
        assert peak_on(ex, ex.find(word)[0], background, "tam-no-eci")
        assert strongest(ex, word) < 0.1 * strongest(ex, word, "tam-no-eci")
    for word in ("are", "tree", "flower"):
        assert strongest(ex, word) > 0.9 * strongest(ex, word, "tam-no-eci")


def test_a_word_lights_up_in_its_own_picture(ran: Ran) -> None:
    names = ran("several-pictures")
    ex = names["ex"]
    assert ex.text.strip() == "There is a green chair."
    chair, boats = ex.map(ex.find("chair")[0])
    assert chair.max() > 0.9
    assert boats.max() < 0.05
    assert peak_on(ex, ex.find("chair")[0], names["chair"].masks["chair"])


def test_a_miss_has_clean_maps_of_what_is_said_and_of_what_is_not(ran: Ran) -> None:
    names = ran("miss")
    ex, scene, tree = names["ex"], names["scene"], names["tree"]
    assert (ex.text.count("tree"), ex.text.count("laptop")) == (2, 0)
    assert names["other"].text.strip() == scene.caption
    runner_up = ex.tokens[tree].candidates[1]
    assert runner_up.text.strip() == "laptop"
    assert 0.3 < runner_up.probability < 0.37
    (unsaid,) = ex.counterfactual(tree, "laptop")
    for shown, noun in ((pixels(unsaid), "laptop"), (pixels(ex.maps()[tree]), "tree")):
        inside, outside = shown[scene.masks[noun]], shown[~scene.masks[noun]]
        assert inside.mean() > 0.8
        assert outside.mean() < 0.1


def test_the_planted_mark_is_missed_by_tam_and_found_by_relevancy(ran: Ran) -> None:
    names = ran("planted-mark")
    ex, mark, horse = names["view"].explanations[0], names["scene"].signs["mark"], names["horse"]
    shares = {}
    for method in ("tam", "relevancy"):
        shown = pixels(ex.maps(method)[horse])
        shares[method] = round(float(shown[mark].sum() / shown.sum()), 2)
    assert shares == {"tam": 0.04, "relevancy": 0.86}
    assert peak_on(ex, horse, names["scene"].masks["clock"])
    assert "horse" not in names["scene"].masks


def test_a_habit_stays_dark_under_tam(ran: Ran) -> None:
    names = ran("habit")
    ex = names["ex"]
    assert ex.text.strip().endswith("two dogs and a ball.")
    assert "ball" not in names["scene"].masks
    assert round(strongest(ex, "ball"), 2) == 0.11
    assert round(strongest(ex, "ball", "cam"), 2) == 0.67
    assert max(strongest(ex, "left"), float(ex.maps()[ex.find(".")[-1]].max())) < 0.1


def test_methods_disagree_as_it_is_said(ran: Ran) -> None:
    names = ran("methods")
    maps = [names["ex"].maps(method)[names["laptop"]] for method in names["shown"]]
    alike = np.corrcoef(maps).round(2)
    assert names["shown"][1:3] == ["attention", "relevancy"]
    assert alike[1, 2] == 0.98
    assert alike[0, 1:].max() == 0.58


def test_the_check_is_better_than_chance(ran: Ran) -> None:
    (check,) = ran("check")["ex"].checks
    assert check.deletion("tam").round(2) == [0.08]
    assert check.random.deletion.mean.round(2) == [0.85]


def test_without_the_tree_the_rest_of_the_sentence_stays(ran: Ran) -> None:
    before, after = ran("what-if")["view"].steps
    assert before.text.replace(" a tree and", "") == after.text
    assert "tree" not in after.text


def test_the_layers_of_the_word(ran: Ran) -> None:
    names = ran("layers")
    ex, tree = names["ex"], names["tree"]
    tree_mask = names["scene"].masks["tree"]
    assert ex.layer_count == 3
    for layer in (1, 2, 3):
        shown = pixels(ex.maps("tam", layer=layer if layer < 3 else None)[tree])
        assert shown[tree_mask].mean() > 5 * shown[~tree_mask].mean()
    assert re.search(
        r"p = 0\.03, 0\.84, 1\.00 .* first choice from 2 on", repr(ex.layer_curve(tree))
    )


def test_the_anatomy_has_ten_steps() -> None:
    assert STEPS == 10


def test_the_gallery_has_two_forgotten_objects(ran: Ran) -> None:
    samples = ran("failures")["report"].samples.query("method == 'tam'")
    assert samples.groupby("model").size().to_dict() == {"llava": 24, "qwen2-vl": 24}
    missed = samples[samples["missed"] != ""]
    assert missed["model"].tolist() == ["llava", "llava"]
