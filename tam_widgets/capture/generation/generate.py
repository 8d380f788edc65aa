"""Generates answers and records the hidden states that led to them.

The states come from a hook at the final norm while the model's own `generate` runs. If decoding
does not advance one position at a time (beams, assisted or prompt-lookup decoding, chunked
prefill, no cache), one forward pass over the finished sequence gives them instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from inspect import signature
from typing import Any, Literal

import torch
import transformers

from ...errors import GenerationError
from ..distributions import Logits, Steps, likeliest
from ..progress import progress_bar
from .answer_start import AnswerStart
from .batching import Inputs, stack
from .norm_checks import check_read, described, no_norm, recording_head_inputs

MAX_NEW_TOKENS = 256

_OURS = ("return_dict_in_generate", "output_scores", "output_logits", "output_hidden_states")


@dataclass(frozen=True)
class Answer:
    """An answer that the model wrote or was given.

    Attributes:
        ids: Of the answer's tokens, [n_answer].
        hidden: Last hidden states of input and answer, except of its last token, [n, c].
        finish_reason: `"length"` if the token limit cut the answer off, `"given"` if the model did
            not write it, else `"stop"`.
        steps: The kept part of the logits that chose the tokens, if each was chosen on its own.
        layers: Numbers of the decoder layers to explain beside the last.
        layer_states: Their states at the positions that `layer_states` keeps, [kept, c] each;
            empty if they were not kept.
        start: With what it had to begin; its tokens are the first of `ids`, and have no `steps`.
    """

    ids: torch.Tensor
    hidden: torch.Tensor
    finish_reason: Literal["stop", "length", "given"]
    steps: Steps | None = None
    layers: tuple[int, ...] = ()
    layer_states: Mapping[int, torch.Tensor] = field(default_factory=dict)
    start: AnswerStart | None = None


@dataclass
class _HiddenStates:
    """Outputs of the final norm, collected step by step, one row for each sequence."""

    rows: int
    parts: list[torch.Tensor] = field(default_factory=list)
    regular: bool = True

    def add(self, states: Any) -> None:
        if not isinstance(states, torch.Tensor) or states.ndim != 3:
            raise no_norm(f"puts out {described(states)}")
        expected = 1 if self.parts else states.shape[1]
        self.regular &= states.shape[:2] == (self.rows, expected)
        if self.regular:
            self.parts.append(states.detach())
        else:
            self.parts.clear()

    def joined(self, length: int) -> torch.Tensor | None:
        """All states, [rows, length, c]; None if they do not form whole sequences."""
        if not self.regular or sum(part.shape[1] for part in self.parts) != length:
            return None
        return torch.cat(self.parts, dim=1)


@dataclass
class _HeadOutputs:
    """The kept part of the head's outputs, collected step by step."""

    logits: Logits
    first: torch.Tensor | None = None
    ids: list[torch.Tensor] = field(default_factory=list)
    rest: list[torch.Tensor] = field(default_factory=list)

    def add(self, products: torch.Tensor) -> None:
        last = products.detach()[:, -1]
        self.first = last if self.first is None else self.first
        ids, rest = likeliest(last, self.logits)
        self.ids.append(ids)
        self.rest.append(rest)

    def of(self, row: int, count: int) -> Steps | None:
        """The first steps of a row; None if the steps do not correspond to its tokens."""
        if self.first is None or len(self.ids) < count:
            return None
        ids = torch.stack([step[row] for step in self.ids[:count]])
        rest = torch.stack([step[row] for step in self.rest[:count]])
        return Steps(ids, rest, self.first[row])


def generate(
    model: Any,
    rows: Sequence[Inputs],
    final_norm: torch.nn.Module,
    *,
    answer_inputs: Mapping[str, int],
    logits: Logits,
    tokenizer: Any,
    progress: bool = True,
    **options: Any,
) -> list[Answer]:
    """Lets a model answer, and records its last hidden states.

    Args:
        model: A transformers model that can generate.
        rows: The processor's output for each conversation, on the model's device; several are
            generated together.
        final_norm: Module whose output the classifier reads.
        answer_inputs: As for `read`.
        logits: Turns the head's output into the model's logits.
        tokenizer: The model's own, for `stop_strings` and assistant models of another vocabulary.
        progress: Whether to show a progress bar.
        **options: Passed on to `generate`; greedy unless `do_sample` or `num_beams` is given.

    Returns:
        One answer for each row.

    Raises:
        GenerationError: If an option asks for more than one answer, or sets the input or output.
    """
    refuse(options, rows[0], model)
    options = _greedy({"max_new_tokens": MAX_NEW_TOKENS, **options})
    inputs = rows[0] if len(rows) == 1 else stack(rows, _pad_id(options, model))
    given = inputs["input_ids"].shape[1]
    limit = _limit(options, given)
    stop = _stop_criterion(options, model, tokenizer)
    if stop or "assistant_tokenizer" in options:
        options["tokenizer"] = tokenizer
    states, head_outputs = _HiddenStates(len(rows)), _HeadOutputs(logits)
    with (
        progress_bar(limit, "token", shown=progress, keep=False) as bar,
        recording(final_norm, states.add, lambda: bar.update(1)),
        recording(model.get_output_embeddings(), head_outputs.add),
    ):
        sequences = model.generate(**inputs, **options)
    hidden = states.joined(sequences.shape[1] - 1)
    answers = []
    for number, row in enumerate(rows):
        stopped = _stopped(sequences[number], given, stop)
        ids = sequences[number, given:stopped]
        ids = ids if len(rows) == 1 else _own(ids, options, model)
        if hidden is None:
            sequence = torch.cat([row["input_ids"][0], ids])[:-1]
            own = read(model, row, sequence, final_norm, answer_inputs)
        else:
            padding = given - row["input_ids"].shape[1]
            own = hidden[number, padding : given + len(ids) - 1]
        finish_reason = "stop" if stopped else _finish_reason(ids, limit, options, model)
        steps = None if hidden is None else head_outputs.of(number, len(ids))
        answers.append(Answer(ids, own, finish_reason, steps))
    return answers


@torch.no_grad()
def read(
    model: Any,
    inputs: Mapping[str, torch.Tensor],
    sequence: torch.Tensor,
    final_norm: torch.nn.Module,
    answer_inputs: Mapping[str, int],
) -> torch.Tensor:
    """Hidden states of a whole sequence in one forward pass, [len(sequence), c].

    Args:
        model: A transformers model.
        inputs: The processor's output; whatever has a value for each token is extended to the
            sequence.
        sequence: Ids of input and answer, [n].
        final_norm: Module whose output the classifier reads.
        answer_inputs: By name of such an input, the value of an answer's token; 0 for others.

    Raises:
        UnsupportedModelError: If that module does not put out one state for each position,
            or the model's head reads others.
    """
    states = _HiddenStates(1)
    with (
        progress_bar(1, "pass", shown=False) as bar,
        recording(final_norm, states.add, lambda: bar.update(1)),
        recording_head_inputs(model) as read_by_head,
    ):
        model(**forced_inputs(model, inputs, sequence, answer_inputs))
    if not states.parts:
        raise no_norm("did not run")
    if states.parts[0].shape[1] != len(sequence):
        raise no_norm(f"puts out {described(states.parts[0])} for {len(sequence)} positions")
    check_read(states.parts[0][0, -1], read_by_head)
    return states.parts[0][0]


def forced_inputs(
    model: Any,
    inputs: Mapping[str, Any],
    sequence: torch.Tensor,
    answer_inputs: Mapping[str, int],
) -> dict[str, Any]:
    """What a model is called with to read a whole sequence in one forward pass.

    Args:
        model: A transformers model.
        inputs: As for `read`.
        sequence: As for `read`.
        answer_inputs: As for `read`.
    """
    forced = {**extended_inputs(inputs, sequence, answer_inputs), "use_cache": False}
    if "logits_to_keep" in signature(model.forward).parameters:
        # a number would let Gemma 4 compute the last layers of this position alone
        forced["logits_to_keep"] = torch.tensor([len(sequence) - 1], device=sequence.device)
    return forced


def extended_inputs(
    inputs: Mapping[str, Any], sequence: torch.Tensor, answer_inputs: Mapping[str, int]
) -> dict[str, Any]:
    """An input that goes on with tokens of the answer.

    Args:
        inputs: As for `read`.
        sequence: As for `read`.
        answer_inputs: As for `read`.
    """
    shape = inputs["input_ids"].shape
    added = len(sequence) - shape[1]
    longer = {
        name: torch.cat([value, value.new_full((1, added), answer_inputs.get(name, 0))], dim=1)
        for name, value in inputs.items()
        if isinstance(value, torch.Tensor) and value.shape == shape
    }
    return {**inputs, **longer, "input_ids": sequence[None]}


@contextmanager
def recording(
    module: torch.nn.Module,
    keep: Callable[[torch.Tensor], None],
    tick: Callable[[], Any] = lambda: None,
) -> Iterator[None]:
    """Passes every output of a module on, and then calls `tick`."""

    def hook(_module: torch.nn.Module, _given: Any, output: torch.Tensor) -> None:
        keep(output)
        tick()

    handle = module.register_forward_hook(hook)
    try:
        yield
    finally:
        handle.remove()


def refuse(options: Mapping[str, Any], inputs: Mapping[str, Any], model: Any) -> None:
    """Raises `GenerationError` for keywords that do not yield one explanation for each input."""
    for name in options:
        if name in inputs or name in ("inputs", "inputs_embeds"):
            raise GenerationError(
                f"{name}=…: the input comes from the image and the prompt; leave it out"
            )
        if name in _OURS:
            raise GenerationError(f"{name}=…: explain returns an Explanation; leave it out")
        if name == "adapter_names":
            raise GenerationError(
                f"{name}=…: activate the adapter with model.set_adapter, so that maps use it too"
            )
    config = options.get("generation_config") or model.generation_config
    count = options.get("num_return_sequences", config.num_return_sequences) or 1
    if count != 1:
        raise GenerationError(
            f"num_return_sequences={count}: an explanation holds one answer; call explain once for "
            "each answer, with do_sample=True and a different torch.manual_seed"
        )


def _greedy(options: dict[str, Any]) -> dict[str, Any]:
    """Adds settings for greedy search, unless others are given, and turns off sampling options."""
    if "generation_config" in options or options.get("do_sample"):
        return options
    silent = dict.fromkeys(("temperature", "top_p", "top_k"))
    return {**silent, "do_sample": False, "num_beams": 1, **options}


def _limit(options: dict[str, Any], given: int) -> int:
    if options.get("max_length") is not None:
        options.pop("max_new_tokens")
        return int(options["max_length"]) - given
    limit = options["max_new_tokens"]
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise GenerationError(f"max_new_tokens={limit!r}: give an integer of at least 1")
    return limit


def _stop_criterion(options: Mapping[str, Any], model: Any, tokenizer: Any) -> Any:
    """Transformers' criterion for strings that end an answer; None if there are none."""
    config = options.get("generation_config") or model.generation_config
    strings = options.get("stop_strings", config.stop_strings)
    listed = [strings] if isinstance(strings, str) else strings
    texts = isinstance(listed, list | tuple) and all(isinstance(one, str) and one for one in listed)
    if strings is not None and not (texts and listed):
        raise GenerationError(
            f"stop_strings={strings!r:.80}: give a text that ends the answer, or a list of them"
        )
    return transformers.StopStringCriteria(tokenizer, strings) if strings else None


def _stopped(sequence: torch.Tensor, given: int, stop: Any) -> int | None:
    """Where the first stop string in a sequence ends; None if there is none."""
    if stop is None:
        return None
    ends = range(given + 1, len(sequence) + 1)
    return next((end for end in ends if bool(stop(sequence[None, :end], None))), None)


def _own(ids: torch.Tensor, options: Mapping[str, Any], model: Any) -> torch.Tensor:
    """The ids that a row of a batch wrote, without the padding after its end."""
    ended = torch.isin(ids, torch.tensor(_ends(options, model), device=ids.device)).nonzero()
    if len(ended):
        return ids[: int(ended[0]) + 1]
    written = (ids != _pad_id(options, model)).nonzero()
    return ids[: int(written[-1]) + 1] if len(written) else ids[:1]


def _pad_id(options: Mapping[str, Any], model: Any) -> int:
    config = options.get("generation_config") or model.generation_config
    pad = options.get("pad_token_id", config.pad_token_id)
    return int(pad if pad is not None else (_ends(options, model) or [0])[0])


def _finish_reason(
    ids: torch.Tensor, limit: int, options: Mapping[str, Any], model: Any
) -> Literal["stop", "length"]:
    ended = len(ids) > 0 and int(ids[-1]) in _ends(options, model)
    return "stop" if ended or len(ids) < limit else "length"


def _ends(options: Mapping[str, Any], model: Any) -> list[int]:
    config = options.get("generation_config") or model.generation_config
    ends = options.get("eos_token_id", config.eos_token_id)
    ends = ends if isinstance(ends, list | tuple) else [ends]
    return [end for end in ends if end is not None]
