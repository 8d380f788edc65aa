"""A model that explains its own answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from PIL import Image

from . import __version__
from .errors import EmptyAnswerError, ImageError, ProcessorError, UnsupportedModelError
from .explanation import Explanation
from .generation import Answer, generate
from .images import ImageSource, load_image, store_image
from .models import family_of
from .prompting import Chat, Prompt, PromptText, as_messages, locate, render, text_options
from .recording import record
from .trace import Trace


class Explainer:
    """Answers prompts about images with a model, and records why.

    Args:
        model: A transformers image-text-to-text model of a supported family.
        processor: Its processor, with tokenizer, image processor and chat template.
        name: What to call the model in views; by default its checkpoint's name.

    Raises:
        UnsupportedModelError: If the model's family is not supported.
        ProcessorError: If the processor does not fit the model.

    Example:
        >>> explainer = Explainer.from_pretrained("Qwen/Qwen2-VL-2B-Instruct")  # doctest: +SKIP
        >>> explainer.explain("dog.jpg", "Describe this image.").text  # doctest: +SKIP
        'A dog chases a red ball.'
    """

    def __init__(self, model: Any, processor: Any, *, name: str | None = None) -> None:
        config = getattr(model, "config", None)
        self.family = family_of(config)
        self.model = model
        self.processor = processor
        self.name = name or _checkpoint(config) or self.family.name
        self._final_norm = self.family.final_norm(model)
        _check_processor(processor, model, self.family.image_token_id(config))

    @classmethod
    def from_pretrained(
        cls, checkpoint: str, *, name: str | None = None, **options: Any
    ) -> Explainer:
        """Loads a checkpoint and its processor through transformers.

        Args:
            checkpoint: Name on the hub, or a folder.
            name: What to call the model in views.
            **options: Passed on to the model's `from_pretrained` (`dtype`, `device_map`,
                `revision`, `token`, …).

        Raises:
            UnsupportedModelError: If there is no such checkpoint, its family is not supported, or
                its weights cannot be loaded as asked.
            ProcessorError: If its processor cannot be loaded.
        """
        shared = ("revision", "token", "cache_dir", "local_files_only", "trust_remote_code")
        common = {key: options[key] for key in shared if key in options}
        try:
            config = transformers.AutoConfig.from_pretrained(checkpoint, **common)
        except (OSError, ValueError) as error:
            raise UnsupportedModelError(
                f"{checkpoint}: no model configuration can be loaded ({_first_line(error)}); give "
                "a checkpoint's name on the hub or its folder"
            ) from error
        family = family_of(config)
        try:
            processor = family.load_processor(checkpoint, **common)
        except (OSError, ValueError, ImportError) as error:
            raise ProcessorError(
                f"{checkpoint}: the processor cannot be loaded ({_first_line(error)})"
            ) from error
        options = {"dtype": "auto", **options}
        try:
            model = transformers.AutoModelForImageTextToText.from_pretrained(checkpoint, **options)
        except (OSError, ValueError, RuntimeError, ImportError, AttributeError) as error:
            raise UnsupportedModelError(
                f"{checkpoint}: the model cannot be loaded ({_first_line(error)}); check its "
                "files and the keywords given"
            ) from error
        return cls(model.eval(), processor, name=name)

    def explain(
        self,
        image: ImageSource | Sequence[ImageSource],
        prompt: Prompt,
        *,
        progress: bool = True,
        **generation: Any,
    ) -> Explanation:
        """Answers a prompt and explains every token of prompt and answer.

        Args:
            image: A path, URL, PIL image, array or bytes; or a list of them.
            prompt: A text, or chat messages (`role`, `content`), a system prompt among them.
            progress: Whether to show a progress bar while tokens come.
            **generation: Passed on to `generate` (`max_new_tokens` is 256 unless given); greedy
                unless `do_sample` or `num_beams` say otherwise.

        Raises:
            ImageError: If an image cannot be opened or the processor refuses it.
            PromptError: If the prompt is empty or not text.
            GenerationError: If a keyword asks for more than one answer.
            EmptyAnswerError: If the answer holds nothing but special tokens.
            TraceError: If hidden states are not finite.
        """
        pictures = _pictures(image)
        messages = as_messages(prompt, len(pictures))
        chat = render(messages, self.processor)
        inputs = self._inputs(chat, pictures)
        answer = generate(self.model, inputs, self._final_norm, progress=progress, **generation)
        words = self._words(chat, inputs)
        trace = self._trace(inputs, answer, words, pictures)
        special = self._special(trace)
        if all(special[trace.prompt_length :]):
            raise EmptyAnswerError(
                f"{self.name} answered with special tokens only ({trace.answer_ids.tolist()}): ask "
                "another question, or set min_new_tokens"
            )
        return record(
            trace,
            texts=[*words.texts, *self._pieces(trace.answer_ids.tolist())],
            special=special,
            decode=lambda identity: self.processor.tokenizer.decode([identity]),
            images=[store_image(picture) for picture in pictures],
            provenance=self._provenance(
                prompt if isinstance(prompt, str) else messages, answer, generation
            ),
        )

    def _inputs(self, chat: Chat, pictures: Sequence[Image.Image]) -> Any:
        try:
            inputs = self.processor(
                text=[chat.text],
                images=list(pictures),
                return_tensors="pt",
                **text_options(chat, self.processor.tokenizer),
            )
        except ValueError as error:
            sizes = ", ".join(f"{p.width} x {p.height}" for p in pictures)
            raise ImageError(
                f"the processor of {self.name} refuses the image ({sizes} pixels): {error}"
            ) from error
        return inputs.to(self.model.device, dtype=self.model.dtype)

    def _words(self, chat: Chat, inputs: Any) -> PromptText:
        ids = inputs["input_ids"][0].cpu().numpy()
        image_id = self.family.image_token_id(self.model.config)
        return locate(chat, ids, image_id, self.processor.tokenizer)

    def _trace(
        self, inputs: Any, answer: Answer, words: PromptText, pictures: Sequence[Image.Image]
    ) -> Trace:
        config = self.model.config
        sizes = [picture.size for picture in pictures]
        grids = self.family.grids(inputs, sizes, config, self.processor)
        input_ids = inputs["input_ids"][0].cpu().numpy()
        return Trace(
            input_ids=input_ids,
            answer_ids=answer.ids.cpu().numpy(),
            hidden=answer.hidden,
            classifier=_weight(self.model.get_output_embeddings()),
            visual=self.family.visual_positions(input_ids, grids, config),
            prompt=words.positions,
            grids=grids,
        )

    def _special(self, trace: Trace) -> list[bool]:
        tokenizer = self.processor.tokenizer
        ends = self.model.generation_config.eos_token_id
        special = {*tokenizer.all_special_ids, *(ends if isinstance(ends, list) else [ends])}
        added = tokenizer.added_tokens_decoder
        special |= {identity for identity, token in added.items() if token.special}
        return [identity in special for identity in trace.token_ids.tolist()]

    def _pieces(self, ids: Sequence[int]) -> list[str]:
        """Each id's share of the answer's text; a character's bytes count for its last piece."""
        decode = self.processor.tokenizer.backend_tokenizer.decode
        text = decode(ids, skip_special_tokens=False)
        starts = [0]
        for end in range(1, len(ids)):
            known = decode(ids[:end], skip_special_tokens=False).rstrip("\ufffd")
            starts.append(max(starts[-1], _shared(known, text)))
        return [text[start:end] for start, end in pairwise([*starts, len(text)])]

    def _provenance(
        self, prompt: Prompt, answer: Answer, generation: Mapping[str, Any]
    ) -> dict[str, Any]:
        config = self.model.config
        return {
            "title": self.name,
            "model": _checkpoint(config) or type(self.model).__name__,
            "family": config.model_type,
            "prompt": prompt,
            "finish": answer.finish,
            "generation": {key: _plain(value) for key, value in generation.items()},
            "dtype": str(self.model.dtype).removeprefix("torch."),
            "versions": {
                "tam_widgets": __version__,
                "transformers": transformers.__version__,
                "torch": torch.__version__,
                "numpy": np.__version__,
            },
        }


def _pictures(image: ImageSource | Sequence[ImageSource]) -> list[Image.Image]:
    sources = list(image) if isinstance(image, list | tuple) else [image]
    if not sources:
        raise ImageError("no image was given: give a path, a URL, bytes, a PIL image or an array")
    return [load_image(source) for source in sources]


def _check_processor(processor: Any, model: Any, image_id: int) -> None:
    kind = type(processor).__name__
    for part in ("tokenizer", "image_processor", "apply_chat_template"):
        if getattr(processor, part, None) is None:
            raise ProcessorError(
                f"{kind} has no {part}: give the model's whole processor "
                "(transformers.AutoProcessor), not only its tokenizer"
            )
    if not (getattr(processor, "chat_template", None) or processor.tokenizer.chat_template):
        raise ProcessorError(
            f"{kind} has no chat template: set processor.chat_template to the model's own"
        )
    token = getattr(processor, "image_token", None)
    known = processor.tokenizer.convert_tokens_to_ids(token) if token else image_id
    rows = model.get_output_embeddings().weight.shape[0]
    if known != image_id or len(processor.tokenizer) > rows:
        raise ProcessorError(
            f"{kind} does not fit {type(model).__name__}: its image token {token!r} has id {known} "
            f"(the model's is {image_id}) and its vocabulary {len(processor.tokenizer)} "
            "entries (the "
            f"model's {rows}); use the processor that was saved with the model"
        )


def _weight(head: torch.nn.Module) -> torch.Tensor:
    """The classifier's weight, also where accelerate has put it away to CPU or disk."""
    weight = head.weight
    if isinstance(weight, torch.Tensor) and not weight.is_meta:
        return weight
    stored = getattr(getattr(head, "_hf_hook", None), "weights_map", None)
    if stored is None:
        raise UnsupportedModelError(
            f"the weight of {type(head).__name__} is not loaded: load the model without meta "
            "tensors"
        )
    restored: torch.Tensor = stored["weight"]
    return restored


def _shared(first: str, second: str) -> int:
    """Number of characters that two texts have in common at their beginning."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(first), len(second)))


def _checkpoint(config: Any) -> str:
    """The checkpoint's name; of a folder only the last part, since records are shared."""
    name = str(getattr(config, "name_or_path", ""))
    return Path(name).name if Path(name).exists() else name


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else repr(value)[:200]


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
