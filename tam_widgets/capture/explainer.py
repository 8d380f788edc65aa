"""A model that explains its own answers."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from ..errors import TamError, TraceError
from ..explanation.explainer_link import remember
from ..explanation.explanation import Explanation
from ..explanation.given_explanation import check_explanation
from ..terminal import escaped
from .alternatives import with_alternative
from .answer_reader import KEPT_ANSWERS, AnswerReader
from .batches import Item, Starts, explain_items
from .conversation import Conversation
from .forcing.frozen_answer import FrozenAnswer
from .generation.answer_start import asked_start
from .generation.answers import answer_start as located_start
from .generation.answers import generated_answers, given_answer
from .generation.generate import Answer
from .inputs.encoding import Encoded, encode
from .inputs.images import ImageSource
from .inputs.media import media_sources
from .inputs.prompting import Prompt
from .layers import Layers, asked_layers
from .loading import load_checkpoint, portable_options, public_name
from .model_access import evaluating, exclusively, is_training
from .request import Request, request_of
from .tracing import traced
from .what_if import change


class Explainer(AnswerReader):
    """Answers prompts about images with a model, and explains the answers.

    Args:
        model: A transformers image-text-to-text model of a supported family, with PEFT adapters
            or without; or a pipeline that contains one. It runs in evaluation mode and is
            returned to the mode it was in.
        processor: Its processor, with tokenizer, image processor and chat template; by default
            that of the pipeline.
        name: What to call the model in views; by default its checkpoint's name.

    Attributes:
        recipe: Creates this explainer again in another process, such as a cluster's worker;
            `from_pretrained` sets it. For a given model it is None until you set it.

    Raises:
        UnsupportedModelError: If the model's family is not supported, or it has no
            language-model head, or the weights of its head cannot be determined.
        ProcessorError: If the processor is missing or does not fit the model.

    Example:
        >>> explainer = Explainer.from_pretrained("Qwen/Qwen2-VL-2B-Instruct")  # doctest: +SKIP
        >>> explainer.explain("dog.jpg", "Describe this image.").text  # doctest: +SKIP
        'A dog chases a red ball.'
    """

    def __init__(self, model: Any, processor: Any = None, *, name: str | None = None) -> None:
        super().__init__(model, processor, name=name)
        self.recipe: Callable[[], Explainer] | None = None
        self._said_training = False

    @classmethod
    def from_pretrained(
        cls,
        checkpoint: str,
        *,
        name: str | None = None,
        processor_options: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> Explainer:
        """Loads a checkpoint and its processor through transformers.

        Args:
            checkpoint: Name on the hub, or a folder, of a model or of a PEFT adapter that names its
                base model.
            name: What to call the model in views.
            processor_options: Passed to the processor's `from_pretrained`, as in
                `{"size": {"shortest_edge": 3136, "longest_edge": 100352}}`.
            **options: Passed to the model's `from_pretrained` (`dtype`, `device_map`,
                `quantization_config`, `revision`, `token`, …); `min_pixels`, `max_pixels` and
                `use_fast` to the processor's. With `trust_remote_code=True` transformers runs
                the checkpoint's own code, but only if a family is registered for its model type:
                others are refused before.

        Raises:
            UnsupportedModelError: If there is no such checkpoint, its family is not supported, it
                was saved for other code, or its weights cannot be loaded as requested.
            ProcessorError: If its processor cannot be loaded.
            OptionError: If neither the model nor the processor takes an option.
            MissingExtraError: If it is an adapter and PEFT is not installed.
        """
        model, processor = load_checkpoint(checkpoint, processor_options, **options)
        adapted = bool(getattr(model, "peft_config", None))
        shown = name or (public_name(checkpoint) if adapted else None)
        explainer = cls(model, processor, name=shown)
        explainer.recipe = partial(
            cls.from_pretrained,
            checkpoint,
            name=name,
            processor_options=processor_options,
            **portable_options(options),
        )
        return explainer

    def explain(
        self,
        image: ImageSource | Sequence[ImageSource] | None = None,
        prompt: Prompt = "",
        *,
        video: Any = None,
        answer: str | None = None,
        answer_start: str | Sequence[int] | None = None,
        layers: Layers = None,
        reliance: bool = False,
        progress: bool = True,
        **generation: Any,
    ) -> Explanation:
        """Answers a prompt and explains every token of prompt and answer.

        Args:
            image: A path, URL, PIL image, array or bytes, or a list of them. Paths of video
                files, arrays of four dimensions and `Video`s are taken as videos.
            prompt: A text, or chat messages (`role`, `content`), which may include a system
                prompt and earlier answers; their parts may name pictures themselves.
            video: A file's path, a list of frames, an array [frames, rows, cols, 3] or a
                `Video`; or a list of `Video`s.
            answer: An answer to explain instead of the model's own: it is read in one forward
                pass, nothing is generated, and keywords of `generate` are ignored.
            answer_start: With what the model's answer begins, a text or the ids of its tokens; the
                model writes on from there, and `max_new_tokens` counts what it adds.
            layers: Decoder layers to explain beside the last: `"all"`, or a list of numbers, 1 for
                the first. Their maps are `Explanation.maps(…, layer=…)`. A layer takes 2 bytes for
                each token and visual token.
            reliance: Whether to measure how much of each token's probability the picture carries
                (`Explanation.reliance`), in one more forward pass.
            progress: Whether to show a progress bar while tokens are generated.
            **generation: Passed to `generate` (`max_new_tokens` is 256 unless given); greedy
                unless `do_sample` or `num_beams` is given.

        Raises:
            ImageError: If a picture or video cannot be opened or is refused by the processor, or
                the model takes no videos.
            PromptError: If the prompt is empty, is not text, or has a different number of
                pictures.
            ProcessorError: If the chat template drops or changes a text of the conversation.
            GenerationError: If a keyword asks for more than one answer.
            EmptyAnswerError: If the answer contains only special tokens, or none.
            TraceError: If hidden states are not finite.
            OptionError: If there is no such layer, `answer_start` is empty, has tokens after which
                nothing can follow, or is given together with `answer`.
            UnsupportedModelError: If layers are given and the model's put out no plain states.
        """
        self._warn_of_training()
        start = asked_start(answer_start, answer)
        request = Request(
            prompt,
            media_sources(image, video),
            answer=answer,
            start=start,
            context=start if isinstance(start, str) else answer,
            layers=asked_layers(self, layers),
            generation=generation,
        )
        with evaluating(self.model):
            explanation = self._answered(request, progress=progress)
            return self.measure_reliance(explanation) if reliance else explanation

    def explain_many(
        self,
        items: Iterable[Item],
        *,
        answer_start: Starts = None,
        layers: Layers = None,
        reliance: bool = False,
        batch_size: int = 8,
        progress: bool = True,
        **generation: Any,
    ) -> list[Explanation | TamError]:
        """Explains many prompts in batches.

        Args:
            items: Each (image, prompt) or (image, prompt, answer), as for `explain`.
            answer_start: As for `explain`, the same for all items; or a list of one for each item,
                None for an answer that is free or given.
            layers: As for `explain`.
            reliance: As for `explain`; one more pass for each item.
            batch_size: Number of prompts that are generated together, padded on the left;
                pictures of different shapes are generated separately.
            progress: Whether to show a progress bar with the time left.
            **generation: As for `explain`.

        Returns:
            For each item, in order, its explanation, or the error that `explain` would have
            raised; an error of the model, the processor or a callback is the cause of a
            `ModelError`. A warning names the failed items.

        Raises:
            PromptError: If the items are not a list.
            OptionError: If the list of beginnings has another length than the items, or there is
                no such layer or batch size.
        """
        self._warn_of_training()
        return explain_items(
            self,
            items,
            self._reliant if reliance else self._recorded,
            generation,
            starts=answer_start,
            layers=asked_layers(self, layers),
            batch_size=batch_size,
            progress=progress,
        )

    def chat(self, **generation: Any) -> Conversation:
        """Starts a conversation, in which each answer is explained with all earlier turns.

        Args:
            **generation: As for `explain`, for every turn.
        """
        return Conversation(self, **generation)

    def why_not(self, explanation: Explanation, token: int | str, word: str) -> Explanation:
        """Adds another word in place of an answer token, to compare the two.

        Args:
            explanation: One of the latest that this explainer made: it keeps the hidden states
                of `KEPT_ANSWERS`.
            token: The answer token: its index, or a text of the answer, of which the first token is
                meant.
            word: What the model might have written there. A word that is not a single token is
                explained by its pieces, each in the token's place, and a warning says so.

        Returns:
            The explanation with the word among its `alternatives`: see `Explanation.contrast`.

        Raises:
            TraceError: If the hidden states of this explanation are no longer kept.
            TokenIndexError: If there is no such answer token.
            OptionError: If the word is empty.
        """
        check_explanation(explanation)
        with exclusively(self.model):
            kept = self._kept(explanation)
            if kept is None:
                raise TraceError(
                    "the hidden states of this explanation are not available: "
                    f"{self.name} keeps those of the latest {KEPT_ANSWERS} that it made, and none "
                    "of saved ones; explain it again, with answer=explanation.text"
                )
            tokenizer = self.processor.tokenizer
            return with_alternative(explanation, kept.trace, token, word, tokenizer)

    def what_if(
        self,
        explanation: Explanation,
        *,
        token: int | str | None = None,
        word: str | int | None = None,
        region: Any = None,
        fill: str = "mean",
        image: int = 0,
        crop: Sequence[float] | None = None,
        answer: str | None = None,
        progress: bool = True,
    ) -> Explanation:
        """Asks the model again with one thing changed, and explains what it answers then.

        The prompt, the other pictures, the keywords of `generate` and the beginning of an answer
        that had one (`answer_start`) stay as they were; layers are there if they were before, and
        reliance if it was measured (a check alone does not count). So it is what `explain` returns
        for the changed picture, or for the same ones with another `answer` or `answer_start`.

        Args:
            explanation: Any of this model. Of a loaded one the stored pictures are used, which
                have at most 2048 pixels per side, and only plain keywords of `generate` are known.
            token: An answer token, in whose place the model writes on from `word`: its index, or a
                text of the answer, of which the first token is meant.
            word: A text, which begins with a space where the token does; or a vocabulary id, such
                as that of one of the token's `candidates`. Of an answer that was given it may be
                the token itself.
            region: What is painted over, in pixels of the full-size picture: a box (left, top,
                right, bottom), a list of boxes, or a bool array [height, width].
            fill: With what: `"mean"`, the picture's mean colour; `"blur"`, the picture blurred;
                `"black"`; or `"noise"`, its pixels in random order.
            image: Index of the picture or frame to paint over or to crop.
            crop: The part of the picture that remains, a box; of a video, that of all frames.
            answer: Another answer, which is read in one forward pass.
            progress: Whether to show a progress bar while tokens are generated.

        Raises:
            OptionError: If not exactly one thing is changed, a box or region is empty or lies
                outside the picture, or the word is none.
            TokenIndexError: If there is no such answer token.
            TraceError: If the model does not read a loaded explanation as it was recorded.
            TamError: As `explain` does.

        Example:
            >>> dog = ex.find("dog")[0]                                      # doctest: +SKIP
            >>> explainer.what_if(ex, token=dog, word="cat").text            # doctest: +SKIP
            'A cat sits on a chair.'
            >>> explainer.what_if(ex, region=(40, 60, 200, 220)).text        # doctest: +SKIP
            'A chair in a garden.'
        """
        check_explanation(explanation)
        self._warn_of_training()
        changed = change(
            self,
            explanation,
            token=token,
            word=word,
            region=region,
            crop=crop,
            answer=answer,
            fill_name=fill,
            image=image,
        )
        measured = explanation.blank_log_p.size > 0
        with evaluating(self.model):
            made = self._answered(changed(self._request(explanation)), progress=progress)
            return self.measure_reliance(made) if measured else made

    def _warn_of_training(self) -> None:
        if not self._said_training and is_training(self.model):
            self._said_training = True
            warnings.warn(
                f"{escaped(self.name)} is in training mode: it is explained in evaluation mode, "
                "without dropout, and returned to training mode each time; call model.eval() to "
                "avoid this warning",
                stacklevel=3,
            )

    def _answered(self, request: Request, *, progress: bool) -> Explanation:
        """Answers a request, or reads the answer that is given with it."""
        asked = request.prompt, request.sources, request.context
        encoded = encode(self.family, self.model, self.processor, *asked)
        layers, generation = request.layers, request.generation
        if request.answer is not None:
            answer = given_answer(self, encoded, request.answer, layers)
        else:
            given = request.start
            start = None if given is None else located_start(self, encoded, given)
            (answer,) = generated_answers(
                self, [encoded], generation, layers=layers, starts=[start], progress=progress
            )
        return self._recorded(encoded, answer, generation)

    def _recorded(
        self, encoded: Encoded, answer: Answer, generation: Mapping[str, Any]
    ) -> Explanation:
        trace, explanation = traced(self, encoded, answer, generation)
        frozen = FrozenAnswer(self, encoded, answer.ids)
        self._keep(trace, frozen, explanation)
        remember(explanation, self)
        self._requests.keep(explanation, request_of(encoded, answer, generation))
        return explanation

    def _reliant(
        self, encoded: Encoded, answer: Answer, generation: Mapping[str, Any]
    ) -> Explanation:
        return self.measure_reliance(self._recorded(encoded, answer, generation))
