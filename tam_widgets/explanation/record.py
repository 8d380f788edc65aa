"""The record of one explained answer: plain data for all maps and views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..attribution import Method
from ..attribution.interference import Floats
from ..errors import TokenIndexError
from .faithfulness import FaithfulnessCheck
from .geometry import Grid
from .types import Alternative, StoredImage, Token, Turn, context_ends, single_turn
from .words import text_of

ARRAYS = (
    "activations",
    "relevance",
    "reference_activation",
    "reference_relevance",
    "alternative_activations",
    "alternative_relevance",
    "blank_log_p",
    "layer_activations",
    "layer_relevance",
    "likely_ids",
    "layer_log_p",
    "layer_choices",
)
"""Names of the arrays: the raw matrices from which all maps are computed, and what is measured."""

MAPPINGS = ("provenance", "extra_maps", "extra_methods", "extra_tokens", "layer_choice_texts")
"""Names of its mappings, which cannot be changed."""

REPR_CHARACTERS = 200
"""Most characters of the answer in a record's `repr`."""


def _no_rows() -> Floats:
    return np.zeros((0, 0), np.float32)


def _no_values() -> Floats:
    return np.zeros(0, np.float32)


def _no_layers() -> NDArray[np.floating]:
    return np.zeros((0, 0, 0), np.float16)


def _no_ids() -> NDArray[np.int32]:
    return np.zeros((0, 0), np.int32)


@dataclass(frozen=True, eq=False)
class Record:
    """The data of one answer of one model.

    Attributes:
        images: The pictures, in the prompt's order.
        grids: Where the visual tokens are on them.
        tokens: The explained tokens, prompt first.
        activations: Raw `A_i = relu(H[visual] · W[y_i])`, float32 [tokens, visual]; [0, 0] in an
            explanation of maps alone, such as one by another tool.
        relevance: Raw `r_ik` of token k to token i, float32 [tokens, tokens]: for a prompt token,
            of all tokens up to the end of the prompt; for an answer token, of those before it.
            [0, 0] where there are no activations.
        reference_activation: Activation of the first answer token under the last input id's
            class, float32 [visual]; `compat="reference"` reads it. Empty in an explanation of
            another layer than the last, for which it is not kept.
        reference_relevance: Its relevances, float32 [tokens]; empty likewise.
        provenance: Model, family, prompt, generation settings and versions; JSON values.
        extra_maps: Maps of further methods by name, float32 [tokens, visual] in 0..1, or with a
            sign −1..1.
        extra_methods: Descriptions of these methods by name; they may be missing.
        extra_tokens: Tokens for which these maps were computed, by the method's name; all, if it
            is missing. The maps of other tokens are 0.
        turns: The messages of the conversation, in order; together they contain all tokens.
        alternatives: Other words in place of answer tokens.
        alternative_activations: Their raw activations, float32 [rows, visual], one row per id.
        alternative_relevance: Relevance of every token to them, float32 [rows, tokens].
        first_class: The class that explains the first prompt token, which is, as published, the
            one predicted there; None in older files, and without a prompt token.
        blank_log_p: Log-probability of each answer token if its picture is blank, of its mean
            colour, float32 [answer tokens], in nats; empty if it was not measured.
        layers: Numbers of the decoder layers other than the last that are kept too, in order; 1 is
            the first.
        layer_activations: Their raw activations, [layers, tokens, visual]: as `activations`, from
            the states after each layer under the model's final norm; float16, or float32 where
            values need its range.
        layer_relevance: Their raw relevances, [layers, tokens, tokens], likewise.
        layer_log_p: Log-probability of each answer token in its own place, as these layers give
            it, float32 [layers, answer tokens]: from the state that predicted it, under the final
            norm and head. [0, 0] in older files.
        layer_choices: Ids of the most probable tokens there, int32 [layers, answer tokens]; [0, 0]
            likewise.
        layer_choice_texts: Their texts by id.
        layer_count: Number of the model's decoder layers, and so that of the last one, to which
            `activations` and `relevance` belong; None if it is not known, as in older files.
        likely_ids: Ids of the most probable tokens in place of each explained token, best first,
            int32 [tokens, count]; [0, 0] in older files.
        checks: Checks of maps, which `Explainer.check` makes.
    """

    images: tuple[StoredImage, ...]
    grids: tuple[Grid, ...]
    tokens: tuple[Token, ...]
    activations: Floats = field(default_factory=_no_rows, repr=False)
    relevance: Floats = field(default_factory=_no_rows, repr=False)
    reference_activation: Floats = field(default_factory=_no_values, repr=False)
    reference_relevance: Floats = field(default_factory=_no_values, repr=False)
    provenance: Mapping[str, Any] = field(default_factory=dict)
    extra_maps: Mapping[str, Floats] = field(default_factory=dict, repr=False)
    extra_methods: Mapping[str, Method] = field(default_factory=dict, repr=False)
    extra_tokens: Mapping[str, tuple[int, ...]] = field(default_factory=dict, repr=False)
    turns: tuple[Turn, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    alternative_activations: Floats = field(default_factory=_no_rows, repr=False)
    alternative_relevance: Floats = field(default_factory=_no_rows, repr=False)
    first_class: int | None = None
    blank_log_p: Floats = field(default_factory=_no_values, repr=False)
    layers: tuple[int, ...] = ()
    layer_activations: NDArray[np.floating] = field(default_factory=_no_layers, repr=False)
    layer_relevance: NDArray[np.floating] = field(default_factory=_no_layers, repr=False)
    layer_log_p: Floats = field(default_factory=_no_rows, repr=False)
    layer_choices: NDArray[np.int32] = field(default_factory=_no_ids, repr=False)
    layer_choice_texts: Mapping[int, str] = field(default_factory=dict, repr=False)
    layer_count: int | None = None
    likely_ids: NDArray[np.int32] = field(default_factory=_no_ids, repr=False)
    checks: tuple[FaithfulnessCheck, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if not self.turns:
            turns = single_turn(self.prompt_length, len(self.tokens))
            object.__setattr__(self, "turns", turns)
        if not self.alternatives:
            empty = np.zeros((0, self.visual_length), np.float32)
            object.__setattr__(self, "alternative_activations", empty)
            empty = np.zeros((0, len(self.tokens)), np.float32)
            object.__setattr__(self, "alternative_relevance", empty)
        if not self.layers:
            for name, width in (("activations", self.visual_length), ("relevance", len(self))):
                none = np.zeros((0, len(self), width), np.float16)
                object.__setattr__(self, f"layer_{name}", none)
            for name, nothing in (
                ("log_p", _no_rows()),
                ("choices", _no_ids()),
                ("choice_texts", {}),
            ):
                object.__setattr__(self, f"layer_{name}", nothing)
        for name in MAPPINGS:
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        for name in ARRAYS:
            getattr(self, name).setflags(write=False)

    def __repr__(self) -> str:
        prompt, answer = self.prompt_length, len(self.tokens) - self.prompt_length
        text = self.text if len(self.text) <= REPR_CHARACTERS else self.text[:REPR_CHARACTERS] + "…"
        return (
            f"<{type(self).__name__} by {self.title}: {text!r}, {prompt} prompt and {answer} "
            "answer tokens>"
        )

    def __len__(self) -> int:
        return len(self.tokens)

    @cached_property
    def prompt_length(self) -> int:
        """Number of prompt tokens; they come first."""
        return sum(token.kind == "prompt" for token in self.tokens)

    @property
    def has_activations(self) -> bool:
        """Whether it has the raw activations from which TAM's maps are computed."""
        return self.activations.size > 0

    @property
    def visual_length(self) -> int:
        """Number of visual tokens."""
        return sum(grid.size for grid in self.grids)

    @property
    def answer_slice(self) -> slice:
        """The indices of the answer's tokens."""
        return slice(self.prompt_length, len(self.tokens))

    @cached_property
    def token_ids(self) -> NDArray[np.int64]:
        """Vocabulary ids of the explained tokens, int64 [tokens]."""
        return np.array([token.id for token in self.tokens], np.int64)

    @cached_property
    def classes(self) -> NDArray[np.int64]:
        """The class that explains each token, int64 [tokens]: its id, except for `first_class`."""
        classes = self.token_ids.copy()
        if self.first_class is not None:
            classes[0] = self.first_class
        return classes

    @cached_property
    def context_ends(self) -> NDArray[np.int64]:
        """Number of leading relevances that count for each token, int64 [tokens]."""
        return context_ends(self.turns)

    @property
    def prompt_text(self) -> str:
        """The prompt without its template, one line for each text."""
        return text_of(self.tokens[: self.prompt_length])

    @property
    def text(self) -> str:
        """The answer, without special tokens."""
        return "".join(token.text for token in self.tokens[self.answer_slice] if not token.special)

    @property
    def title(self) -> str:
        """A short printable name of the model."""
        name = str(self.provenance.get("title") or self.provenance.get("model") or "model")
        short = name.rstrip("/").rsplit("/", 1)[-1]
        return "".join(letter if letter.isprintable() else "\ufffd" for letter in short)

    @property
    def truncated(self) -> bool:
        """Whether the answer was cut off at the token limit."""
        return self.provenance.get("finish_reason") == "length"

    @property
    def given(self) -> bool:
        """Whether the answer was given to the model instead of generated by it."""
        return self.provenance.get("finish_reason") == "given"

    def index(self, token: int) -> int:
        """The token's index counted from 0; raises `TokenIndexError` if there is no such token."""
        count = len(self.tokens)
        if isinstance(token, bool) or not isinstance(token, int | np.integer):
            raise TokenIndexError(f"token {token!r}: give an integer from 0 to {count - 1}")
        if not -count <= token < count:
            raise TokenIndexError(
                f"token {token} is out of range: this explanation has {count} tokens, "
                f"{self.prompt_length} of the prompt and then {count - self.prompt_length} of the "
                f"answer; give 0 to {count - 1}"
            )
        return int(token) % count
