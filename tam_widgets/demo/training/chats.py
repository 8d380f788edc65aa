"""Chats about one picture as token ids, exactly as the chat templates render them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from transformers import PreTrainedTokenizerFast

from tam_widgets.demo.training.tokenizers import SYSTEM_PROMPT

#: One question with its answer.
Turn = tuple[str, str]


@dataclass(frozen=True, eq=False)
class ChatFormat:
    """A model family's format of a chat.

    The texts stand around the first question, around every later question, and around answers.
    Each piece ends or starts at a special token or a line break, so that pieces tokenised one by
    one give the same ids as the whole.
    """

    tokenizer: PreTrainedTokenizerFast
    image_token: str
    before_image: str
    after_image: str
    before_question: str
    after_question: str
    answer: str

    @property
    def image_id(self) -> int:
        """Id of the token that stands for one visual token."""
        return int(self.tokenizer.convert_tokens_to_ids(self.image_token))

    def encode(self, turns: Sequence[Turn], visual: int) -> tuple[list[int], list[bool]]:
        """Encodes a chat.

        Args:
            turns: Questions with their answers; the picture comes before the first.
            visual: Number of visual tokens.

        Returns:
            The ids, and for each whether it belongs to an answer.
        """
        ids = [*self._ids(self.before_image), *[self.image_id] * visual]
        answered = [False] * len(ids)
        for k, (question, answer) in enumerate(turns):
            before = self.before_question if k else self.after_image
            asked = self._ids(before + question + self.after_question)
            told = self._ids(self.answer.format(answer))
            ids += asked + told
            answered += [False] * len(asked) + [True] * len(told)
        return ids, answered

    def _ids(self, text: str) -> tuple[int, ...]:
        return _encoded(self.tokenizer, text)


@cache
def _encoded(tokenizer: PreTrainedTokenizerFast, text: str) -> tuple[int, ...]:
    return tuple(tokenizer(text, add_special_tokens=False).input_ids)


def qwen_format(tokenizer: PreTrainedTokenizerFast) -> ChatFormat:
    """Qwen2-VL's chat format."""
    return ChatFormat(
        tokenizer,
        image_token="<|image_pad|>",
        before_image=f"<|im_start|>system\n{SYSTEM_PROMPT}<|im_end|>\n<|im_start|>user\n"
        "<|vision_start|>",
        after_image="<|vision_end|>",
        before_question="\n<|im_start|>user\n",
        after_question="<|im_end|>\n<|im_start|>assistant\n",
        answer="{}<|im_end|>",
    )


def llava_format(tokenizer: PreTrainedTokenizerFast) -> ChatFormat:
    """LLaVA-1.5's chat format."""
    return ChatFormat(
        tokenizer,
        image_token="<image>",
        before_image="<s>USER: ",
        after_image="\n",
        before_question="USER: ",
        after_question=" ASSISTANT:",
        answer=" {}</s>",
    )
