"""The models in training: states of their visual tokens and their text."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Final

import torch
from torch import Tensor
from transformers import (
    LlavaForConditionalGeneration,
    PreTrainedTokenizerFast,
    Qwen2VLForConditionalGeneration,
)

from tam_widgets.demo.training.architectures import llava_model, qwen_model
from tam_widgets.demo.training.chats import ChatFormat, llava_format, qwen_format
from tam_widgets.demo.training.data import CELL, Batch
from tam_widgets.demo.training.tokenizers import llava_tokenizer, qwen_tokenizer

#: Mean and standard deviation of CLIP's training pictures, in 0 to 1, by channel.
MEAN: Final = (0.48145466, 0.4578275, 0.40821073)
DEVIATION: Final = (0.26862954, 0.26130258, 0.27577711)


class TrainableModel(ABC):
    """A model in training.

    Attributes:
        model: The model.
        tokenizer: Its tokenizer.
        chats: Its chat format.
        near_size: Width and height of close-up pictures for the vision stage.
        other_sizes: Sizes that occur now and then besides 224 x 224.
    """

    model: Qwen2VLForConditionalGeneration | LlavaForConditionalGeneration
    tokenizer: PreTrainedTokenizerFast
    chats: ChatFormat
    near_size: tuple[int, int]
    other_sizes: tuple[tuple[int, int], ...]

    @abstractmethod
    def pixel_inputs(self, pixels: Tensor) -> dict[str, Tensor]:
        """The image processor's output for pictures, uint8 [batch, height, width, 3]."""

    @abstractmethod
    def features(self, pixels: Tensor) -> Tensor:
        """The projector's output, [tokens, hidden], for uint8 [batch, height, width, 3]."""

    @abstractmethod
    def positions(self, batch: Batch) -> Tensor:
        """Positions of a batch's tokens, [..., batch, length]."""

    def hidden(self, batch: Batch, features: Tensor) -> Tensor:
        """Last hidden states, [batch, length, hidden], of chats with these visual tokens."""
        states: Tensor = self.model.model.language_model(
            inputs_embeds=self.embed(batch.ids, features),
            position_ids=self.positions(batch),
            use_cache=False,
        ).last_hidden_state
        return states

    def continued(self, batch: Batch, features: Tensor) -> Tensor:
        """Last hidden states after the visual tokens, [rows, rest, hidden], of several chats each.

        Args:
            batch: Pictures, with equally many chats for each, in a row.
            features: The projector's output for the pictures, which are read once each.
        """
        each = len(batch.ids) // len(batch.pixels)
        start = int((batch.ids[0] == self.chats.image_id).nonzero()[-1]) + 1
        language_model = self.model.model.language_model
        positions = self.positions(batch)
        seen = language_model(
            inputs_embeds=self.embed(batch.ids[::each, :start], features),
            position_ids=positions[..., ::each, :start],
            use_cache=True,
        ).past_key_values
        seen.batch_repeat_interleave(each)
        states: Tensor = language_model(
            inputs_embeds=self.model.get_input_embeddings()(batch.ids[:, start:]),
            position_ids=positions[..., start:],
            past_key_values=seen,
            use_cache=True,
        ).last_hidden_state
        return states

    def word_logits(self, features: Tensor) -> Tensor:
        """Classifies the projector's output as if it were a last hidden state."""
        return self.logits(self.model.model.language_model.norm(features))

    def logits(self, states: Tensor) -> Tensor:
        """Classifies last hidden states."""
        logits: Tensor = self.model.lm_head(states)
        return logits

    def embed(self, ids: Tensor, features: Tensor) -> Tensor:
        """Input embeddings including the visual tokens, [batch, length, hidden]."""
        embedded = self.model.get_input_embeddings()(ids)
        holes = (ids == self.chats.image_id).unsqueeze(-1)
        filled: Tensor = embedded.masked_scatter(holes, features)
        return filled


class TrainableQwen2VL(TrainableModel):
    """Qwen2-VL in training."""

    near_size = (154, 154)
    other_sizes = ((280, 168), (168, 280), (252, 196), (196, 252))

    def __init__(self) -> None:
        self.tokenizer = qwen_tokenizer()
        self.chats = qwen_format(self.tokenizer)
        self.model = qwen_model(self.tokenizer)

    def pixel_inputs(self, pixels: Tensor) -> dict[str, Tensor]:
        """Patches and the grid of each picture."""
        patches, grid = patchify(normalise(pixels))
        return {"pixel_values": patches, "image_grid_thw": grid}

    def features(self, pixels: Tensor) -> Tensor:
        """Merger's output: [tokens, hidden]."""
        made = self.pixel_inputs(pixels)
        features: Tensor = self.model.model.visual(
            made["pixel_values"], grid_thw=made["image_grid_thw"]
        ).pooler_output
        return features

    def positions(self, batch: Batch) -> Tensor:
        """Positions in time, height and width."""
        height, width = (side // CELL for side in batch.pixels.shape[1:3])
        positions: Tensor = self.model.model.get_rope_index(
            batch.ids,
            mm_token_type_ids=(batch.ids == self.chats.image_id).int(),
            image_grid_thw=torch.tensor([[1, height, width]]).expand(len(batch.ids), -1),
        )[0]
        return positions


class TrainableLlava(TrainableModel):
    """LLaVA-1.5 in training."""

    near_size = (224, 224)
    other_sizes = ()

    def __init__(self) -> None:
        self.tokenizer = llava_tokenizer()
        self.chats = llava_format(self.tokenizer)
        self.model = llava_model(self.tokenizer)

    def pixel_inputs(self, pixels: Tensor) -> dict[str, Tensor]:
        """Normalised pictures."""
        return {"pixel_values": normalise(pixels)}

    def features(self, pixels: Tensor) -> Tensor:
        """Projector's output without the class token: [tokens, hidden]."""
        found = self.model.model.get_image_features(**self.pixel_inputs(pixels))
        return torch.cat(list(found.pooler_output))

    def positions(self, batch: Batch) -> Tensor:
        """Positions in one row."""
        return torch.arange(batch.ids.shape[1]).expand(len(batch.ids), -1)


def normalise(pixels: Tensor) -> Tensor:
    """Converts uint8 [batch, height, width, 3] to CLIP's float32 [batch, 3, height, width]."""
    scaled = (pixels.float() / 255 - torch.tensor(MEAN)) / torch.tensor(DEVIATION)
    return scaled.permute(0, 3, 1, 2).contiguous()


def patchify(pictures: Tensor) -> tuple[Tensor, Tensor]:
    """Cuts pictures into patches like Qwen2-VL's image processor with merge size 1.

    Args:
        pictures: Normalised pictures, [batch, 3, height, width].

    Returns:
        The patches, each met twice as a still video [patches, 3 * 2 * 14 * 14], and the grid of
        each picture as (1, rows, columns) in patches.
    """
    batch, channels, height, width = pictures.shape
    rows, columns = height // CELL, width // CELL
    split = pictures.reshape(batch, channels, rows, CELL, columns, CELL)
    still = split.permute(0, 2, 4, 1, 3, 5).unsqueeze(4).expand(*[-1] * 4, 2, -1, -1)
    return still.reshape(batch * rows * columns, -1), torch.tensor([[1, rows, columns]] * batch)


TRAINABLE_MODELS: Final[dict[str, type[TrainableModel]]] = {
    "qwen2-vl": TrainableQwen2VL,
    "llava": TrainableLlava,
}
