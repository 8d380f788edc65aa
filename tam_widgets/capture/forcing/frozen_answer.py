"""An answer frozen with its input, which the model reads again with the same or other pictures.

The answer's own tokens are fed back (teacher forcing), so that the sequence stays the same whatever
is changed in the pictures, and the probabilities of its tokens can be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import islice
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from ...errors import ImageError, TokenIndexError
from ...explanation.geometry import Grid
from ...models.medium import Medium
from ..classifier import classifier_rows
from ..distributions import log_probabilities
from ..generation.batching import stack
from ..generation.generate import forced_inputs, generate, recording
from ..inputs.encoding import Encoded, processed
from ..loaded_model import LoadedModel
from ..model_access import is_out_of_memory
from .black_box import BlackBoxAnswer, Pictures, Progress, silent

Result = TypeVar("Result")

BATCH = 8
"""Most variants of the pictures that are read in one forward pass."""


@dataclass(frozen=True, eq=False, repr=False)
class FrozenAnswer(BlackBoxAnswer):
    """An answer with the input to which it was given.

    Attributes:
        model: The model with its processor.
        encoded: The input.
        ids: Of the answer's tokens, int64 [n_answer].
    """

    model: LoadedModel
    encoded: Encoded
    ids: torch.Tensor

    def __repr__(self) -> str:
        return (
            f"<FrozenAnswer of {self.model.name!r:.200}: {len(self.encoded.input_ids)} input and "
            f"{len(self.ids)} answer ids>"
        )

    @property
    def grids(self) -> tuple[Grid, ...]:
        """Where the visual tokens are on the pictures."""
        return self.encoded.grids

    @property
    def visual(self) -> NDArray[np.int64]:
        """Positions of the visual tokens, int64 [visual]."""
        return self.encoded.visual

    @property
    def prompt_length(self) -> int:
        """Number of explained prompt tokens; they come before the answer's."""
        return len(self.encoded.prompt_tokens.positions)

    @cached_property
    def pictures(self) -> tuple[Image.Image, ...]:
        """The pictures and frames as they were given, by their number in the record."""
        return tuple(picture for medium in self.encoded.media for picture in medium.pictures)

    @property
    def answer_tokens(self) -> range:
        """Indices of the answer's tokens among the explained ones."""
        return range(self.prompt_length, self.prompt_length + len(self.ids))

    def position(self, token: int) -> int:
        """Where an answer token is predicted in the sequence of input and answer.

        Args:
            token: Index of the explained token; the prompt's come first.

        Raises:
            TokenIndexError: If it is not a token of the answer.
        """
        number = token - self.prompt_length
        if not 0 <= number < len(self.ids):
            raise TokenIndexError(
                f"token {token} is not part of the answer, which is what the model reads again: "
                f"give {self.prompt_length} to {self.prompt_length + len(self.ids) - 1}"
            )
        return len(self.encoded.input_ids) - 1 + number

    def inputs(self, pictures: Pictures | None = None) -> dict[str, Any]:
        """Keyword arguments of the model for one forward pass over input and answer.

        Args:
            pictures: Other pictures in place of those given, of the same sizes.

        Raises:
            ImageError: If the processor refuses them, or makes other tokens of them.
        """
        given = self.encoded.inputs if pictures is None else self._processed(pictures)
        sequence = torch.cat([given["input_ids"][0], self.ids[:-1].to(given["input_ids"].device)])
        return forced_inputs(self.model.model, given, sequence, self.model.family.answer_inputs)

    def read(
        self, variants: Iterable[Pictures], tokens: Sequence[int]
    ) -> Iterator[NDArray[np.float64]]:
        """Yields what `log_probabilities` returns, for a few variants at a time.

        Several variants are read in one forward pass; if memory does not suffice, half as many.

        Args:
            variants: Pictures in place of those given, each as for `inputs`; read one batch at a
                time.
            tokens: Indices of explained tokens of the answer.

        Raises:
            ImageError: If the processor refuses a variant, or makes other tokens of it.
            TokenIndexError: If a token is not part of the answer.
        """
        positions = [self.position(token) for token in tokens]
        return self._batched(variants, partial(self._read, positions))

    def rewritten(self, variants: Iterable[Pictures], *, progress: Progress = silent) -> list[str]:
        """What the model writes, greedily, given other pictures; at most as long as the answer.

        Several answers are written at once, as for `log_probabilities`.

        Args:
            variants: As for `log_probabilities`.
            progress: Is called with the number of answers that are done.

        Raises:
            ImageError: If the processor refuses a variant, or makes other tokens of it.
        """
        found: list[str] = []
        for texts in self._batched(variants, self._write):
            found += texts
            progress(len(texts))
        return found

    def _batched(
        self, variants: Iterable[Pictures], read: Callable[[Sequence[Pictures]], Result]
    ) -> Iterator[Result]:
        """Yields what `read` returns for a few variants at a time; half as many without memory."""
        pending, size = iter(variants), BATCH if self.model.family.batches else 1
        several: list[Pictures] = []
        while several := several or list(islice(pending, size)):
            part = several[:size]
            try:
                found = read(part)
            except RuntimeError as error:
                if len(part) == 1 or not is_out_of_memory(error):
                    raise
                size = len(part) // 2
                continue
            several = several[len(part) :]
            yield found

    def _write(self, variants: Sequence[Pictures]) -> list[str]:
        answers = generate(
            self.model.model,
            [self._processed(pictures) for pictures in variants],
            self.model.final_norm,
            answer_inputs=self.model.family.answer_inputs,
            logits=self.model.logits,
            tokenizer=self.model.tokenizer,
            progress=False,
            max_new_tokens=len(self.ids),
        )
        return [self.model.tokenizer.decode(answer.ids) for answer in answers]

    @torch.no_grad()
    def _read(self, positions: Sequence[int], variants: Sequence[Pictures]) -> NDArray[np.float64]:
        model, rows = self.model.model, [self.inputs(one) for one in variants]
        tensors = {name for name, value in rows[0].items() if isinstance(value, torch.Tensor)}
        tensors.discard("logits_to_keep")  # the same for all rows
        stacked = stack([{name: row[name] for name in tensors} for row in rows], pad_id=0)
        states: list[torch.Tensor] = []
        with recording(self.model.final_norm, states.append):
            model(**{**rows[0], **stacked})
        asked = states[0][:, positions].flatten(0, 1)
        ids = self.ids[[position - len(self.encoded.input_ids) + 1 for position in positions]]
        values = log_probabilities(
            asked, classifier_rows(model), self.model.logits, ids.repeat(len(rows))
        )
        return values.reshape(len(rows), len(positions)).double().cpu().numpy()

    def _processed(self, pictures: Pictures) -> dict[str, Any]:
        model, encoded = self.model, self.encoded
        media = _with_pictures(encoded.media, pictures)
        made = processed(model.family, model.processor, encoded.chat, media, model.model)
        for name, known in encoded.inputs.items():
            other = made.get(name)
            if isinstance(known, torch.Tensor) and getattr(other, "shape", None) != known.shape:
                raise ImageError(
                    f"{type(model.processor).__name__} encodes a changed picture in another form: "
                    f"its {name} has the shape {tuple(getattr(other, 'shape', ()))}, that of the "
                    f"answer's own picture {tuple(known.shape)}; its pictures cannot be changed"
                )
        if not torch.equal(made["input_ids"], encoded.inputs["input_ids"]):
            raise ImageError(
                f"{type(model.processor).__name__} writes other tokens for a changed picture: the "
                "answer cannot be read again with it"
            )
        return made


def _with_pictures(media: Sequence[Medium], pictures: Pictures) -> tuple[Medium, ...]:
    rest = iter(pictures)
    return tuple(
        replace(medium, pictures=tuple(islice(rest, len(medium.pictures)))) for medium in media
    )
