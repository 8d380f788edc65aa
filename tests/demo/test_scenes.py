"""Scenes: reproducible pictures with exact masks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tam_widgets import demo
from tam_widgets.demo.layout import places, slots
from tam_widgets.demo.scenes import FIRST_TRAINING_SEED
from tam_widgets.demo.vocabulary import RELATIONS

seeds = st.integers(0, FIRST_TRAINING_SEED - 1)


def test_the_same_seed_gives_the_same_scene() -> None:
    first, second = demo.scene(seed=11), demo.scene(seed=11)
    assert first.image.tobytes() == second.image.tobytes()
    assert first.caption == second.caption
    assert np.array_equal(first.labels, second.labels)


def test_other_seeds_give_other_scenes() -> None:
    assert len({demo.scene(seed).image.tobytes() for seed in range(8)}) == 8


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_masks_of_objects_are_disjoint_and_make_up_their_nouns_masks(seed: int) -> None:
    scene = demo.scene(seed)
    drawn = np.sum([thing.mask for thing in scene.objects], axis=0)
    assert drawn.max() == 1
    for noun, mask in scene.masks.items():
        own = [thing.mask for thing in scene.objects if thing.noun == noun]
        assert np.array_equal(np.any(own, axis=0), mask)


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_boxes_are_tight(seed: int) -> None:
    for thing in demo.scene(seed).objects:
        left, top, right, bottom = thing.box
        inside = thing.mask[top:bottom, left:right]
        assert inside.sum() == thing.mask.sum()
        assert inside[0].any()
        assert inside[-1].any()
        assert inside[:, 0].any()
        assert inside[:, -1].any()


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_objects_are_as_many_as_the_caption_counts(seed: int) -> None:
    scene = demo.scene(seed)
    for group in scene.groups:
        own = [thing for thing in scene.objects if thing.noun == group.noun]
        assert len(own) == group.count
        assert {thing.colour for thing in own} == {group.colour}


def test_a_mask_marks_the_pixels_that_the_object_changed() -> None:
    """A red car is red where its mask is, and nowhere does the mask reach beyond the picture."""
    reds = []
    for seed in range(60):
        scene = demo.scene(seed)
        pixels = np.asarray(scene.image).astype(int)
        for thing in scene.objects:
            if thing.colour == "red":
                red, green, blue = pixels[thing.mask].mean(axis=0)
                reds.append(red - max(green, blue))
    assert len(reds) > 5
    assert min(reds) > 40


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_the_relation_holds_between_centres(seed: int) -> None:
    scene = demo.scene(seed)
    axis = 1 if scene.relation == "left of" else 0
    centres = [np.argwhere(mask).mean(axis=0)[axis] for mask in scene.masks.values()]
    assert all(centres[0] < other for other in centres[1:])


@pytest.mark.parametrize("size", [(224, 224), (280, 168), (168, 280), (640, 480)])
def test_pictures_have_the_size_asked_for(size: tuple[int, int]) -> None:
    scene = demo.scene(3, size)
    assert scene.image.size == size
    assert scene.labels.shape == size[::-1]
    assert scene.image.mode == "RGB"


def test_objects_are_large() -> None:
    shares = [mask.mean() for seed in range(100) for mask in demo.scene(seed).masks.values()]
    assert 0.1 < np.median(shares) < 0.25


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(ValueError, match="give 0 or more"):
        demo.scene(-1)


def test_a_tiny_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 64"):
        demo.scene(1, (32, 200))


@given(st.integers(1, 3), st.sampled_from(RELATIONS))
def test_slots_tile_the_picture(groups: int, relation: str) -> None:
    cut = slots((200, 100), groups, relation)
    assert len(cut) == groups
    assert sum(slot.width * slot.height for slot in cut) == pytest.approx(200 * 100)


@given(st.integers(0, 999), st.integers(1, 3))
def test_places_lie_in_the_picture(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    for slot in slots((280, 168), 3, "left of"):
        for x, y, side in places(rng, slot, count, (280, 168)):
            assert 0 <= x - side / 2 < x + side / 2 <= 280
            assert 0 <= y - side / 2 < y + side / 2 <= 168
