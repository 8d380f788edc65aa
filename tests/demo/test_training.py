"""The pieces that trained the models."""

import zlib
from pathlib import Path

import numpy as np
import pytest
import torch

from tam_widgets import demo
from tam_widgets.demo.language import Group
from tam_widgets.demo.training.chats import ChatFormat, llava_format, qwen_format
from tam_widgets.demo.training.data import IGNORED, cover, dialogue, draw
from tam_widgets.demo.training.losses import PatchWords
from tam_widgets.demo.training.muon import Muon, orthogonal
from tam_widgets.demo.training.rounding import round_weights, rounded
from tam_widgets.demo.training.tokenizers import llava_tokenizer, qwen_tokenizer
from tam_widgets.demo.training.train import Plan, Trainer
from tam_widgets.demo.training.trainable_models import TRAINABLE_MODELS
from tam_widgets.demo.vocabulary import CAPTION_PROMPTS, INNER_WORDS

TOKENIZERS = {"qwen2-vl": qwen_tokenizer, "llava": llava_tokenizer}
FORMATS = {"qwen2-vl": qwen_format, "llava": llava_format}


@pytest.fixture(params=demo.MODELS)
def chats(request: pytest.FixtureRequest) -> ChatFormat:
    return FORMATS[request.param](TOKENIZERS[request.param]())


def test_every_word_is_one_token(chats: ChatFormat) -> None:
    for word in INNER_WORDS:
        ids = chats.tokenizer(f" {word}", add_special_tokens=False).input_ids
        assert len(ids) == 1, word
        assert chats.tokenizer.decode(ids).strip() == word


def test_other_text_survives_as_bytes(chats: ChatFormat) -> None:
    text = "Describe this zebra: 😀 naïve?"
    ids = chats.tokenizer(text, add_special_tokens=False).input_ids
    assert chats.tokenizer.decode(ids) == text


def test_chats_are_those_of_the_chat_template(chats: ChatFormat) -> None:
    turns = [("Describe this image.", "There is a cat."), ("What do you see?", "There is a cat.")]
    messages = [
        {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": turns[0][0]}]},
        {"role": "assistant", "content": turns[0][1]},
        {"role": "user", "content": turns[1][0]},
        {"role": "assistant", "content": turns[1][1]},
    ]
    rendered = chats.tokenizer.apply_chat_template(messages, tokenize=False)
    ids, _ = chats.encode(turns, visual=1)
    whole = chats.tokenizer(rendered).input_ids
    assert ids == whole[: len(ids)]
    assert chats.tokenizer.decode(whole[len(ids) :]).strip() == ""


def test_only_answers_are_learned(chats: ChatFormat) -> None:
    ids, answered = chats.encode([("Describe this image.", "There is a cat.")], visual=4)
    learned = [token for token, told in zip(ids, answered, strict=True) if told]
    assert chats.tokenizer.decode(learned, skip_special_tokens=True).strip() == "There is a cat."
    assert learned[-1] == chats.tokenizer.eos_token_id


def test_dialogues_ask_for_the_caption_and_answer_truly() -> None:
    scene = demo.scene(5)
    turns = dialogue(np.random.default_rng(1), scene)
    captions = [answer for question, answer in turns if question in CAPTION_PROMPTS]
    assert captions == [scene.caption]
    known = {question.replace("colour", "color"): answer for question, answer in scene.questions}
    others = [turn for turn in turns if turn[0] not in CAPTION_PROMPTS]
    assert others
    assert all(known[q.replace("colour", "color")] == answer for q, answer in others)


def test_cover_is_the_share_of_each_square() -> None:
    scene = demo.scene(8)
    shares = cover(scene)
    assert shares.shape == (256, 3)
    assert shares.sum() * 14 * 14 == pytest.approx((scene.labels > 0).sum(), rel=1e-4)
    assert shares[17, 0] == pytest.approx((scene.labels[14:28, 14:28] == 1).mean())


def test_batches_can_be_drawn_again(chats: ChatFormat) -> None:
    first, again = (draw(chats, 40, 3, (224, 224), near=False) for _ in range(2))
    assert torch.equal(first.pixels, again.pixels)
    assert torch.equal(first.ids, again.ids)
    assert (first.labels != IGNORED).any(dim=1).all()


def test_training_never_draws_held_out_scenes(chats: ChatFormat) -> None:
    held_out = {demo.scene(seed).image.tobytes() for seed in range(20)}
    drawn = draw(chats, 0, 20, (224, 224), near=False).pixels.numpy()
    assert held_out.isdisjoint(picture.tobytes() for picture in drawn)


@pytest.fixture
def patch_words(chats: ChatFormat) -> PatchWords:
    return PatchWords(chats.tokenizer)


def test_patch_targets_say_the_noun_where_the_object_is(
    chats: ChatFormat, patch_words: PatchWords
) -> None:
    shares = torch.tensor([[[0.9, 0.0, 0.0], [0.0, 0.0, 0.0]]])
    targets = patch_words.targets([(Group("cat", None, 2),)], shares)
    cats = chats.tokenizer(" cats", add_special_tokens=False).input_ids[0]
    assert targets.words[0].argmax() == cats
    assert targets.words.sum(-1).tolist() == pytest.approx([1, 1])
    assert targets.noun[0] >= 0
    assert targets.noun[1] == -1


def test_patch_loss_falls_when_logits_say_the_right_word(
    chats: ChatFormat, patch_words: PatchWords
) -> None:
    shares = torch.tensor([[[1.0, 0.0, 0.0]]])
    targets = patch_words.targets([(Group("dog", None, 1),)], shares)
    dog, cat = (
        chats.tokenizer(f" {noun}", add_special_tokens=False).input_ids[0]
        for noun in ("dog", "cat")
    )
    right, wrong = torch.full((2, 1, targets.words.shape[-1]), -4.0)
    right[0, dog] = 4
    wrong[0, cat] = 4
    assert patch_words.loss(right, targets) < patch_words.loss(wrong, targets)
    assert patch_words.accuracy(right, targets) == 1
    assert patch_words.accuracy(wrong, targets) == 0


def test_orthogonal_evens_out_singular_values() -> None:
    matrices = torch.randn(2, 30, 12, generator=torch.Generator().manual_seed(0))
    values = torch.linalg.svdvals(orthogonal(matrices))
    assert values.min() > 0.5
    assert values.max() < 1.5


def test_muon_lowers_a_loss() -> None:
    torch.manual_seed(0)
    weight = torch.nn.Parameter(torch.randn(8, 8))
    wanted = torch.randn(8, 8)
    optimizer = Muon([weight], lr=0.1, momentum=0.9, weight_decay=0.0)
    losses = []
    for _ in range(100):
        loss = (weight - wanted).square().mean()
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    assert losses[-1] < 0.2 * losses[0]


@pytest.mark.parametrize("name", demo.MODELS)
def test_a_run_that_was_cut_off_goes_on_as_if_it_had_not_been(name: str, tmp_path: Path) -> None:
    plan = Plan(vision_steps=1, joint_steps=1, batch=1, warmup=1)
    files = tmp_path / "cut.pt", tmp_path / "cut.jsonl"
    whole = Trainer(name, plan, tmp_path / "whole.pt", tmp_path / "whole.jsonl")
    whole.run()
    cut = Trainer(name, plan, *files)
    cut.step()
    cut.save()
    resumed = Trainer(name, plan, *files)
    resumed.run()
    expected = whole.trainable.model.state_dict()
    for key, weights in resumed.trainable.model.state_dict().items():
        assert torch.equal(weights, expected[key]), key


def test_rounded_weights_are_near_and_compress() -> None:
    weights = torch.randn(160, 384, generator=torch.Generator().manual_seed(0)) / 20
    near = rounded(weights)
    deviation = weights.square().mean().sqrt()
    assert (near - weights).abs().max() <= deviation / 256
    assert torch.equal(rounded(near), near)
    whole, short = (len(zlib.compress(w.half().numpy().tobytes())) for w in (weights, near))
    assert short < 0.85 * whole


def test_what_llava_does_not_read_is_emptied() -> None:
    model = TRAINABLE_MODELS["llava"]().model
    pixels = torch.randn(1, 3, 224, 224, generator=torch.Generator().manual_seed(0))
    before = model.get_image_features(pixels).pooler_output[0]
    round_weights(model)
    assert {name.split("layers.")[1][0] for name in empty(model)} == {"4"}
    after = model.get_image_features(pixels).pooler_output[0]
    assert torch.nn.functional.cosine_similarity(before, after).min() > 0.999


def test_nothing_is_emptied_that_is_read() -> None:
    model = TRAINABLE_MODELS["qwen2-vl"]().model
    round_weights(model)
    assert empty(model) == []


def empty(model: torch.nn.Module) -> list[str]:
    return [
        name for name, weights in model.named_parameters() if weights.ndim > 1 and not weights.any()
    ]
