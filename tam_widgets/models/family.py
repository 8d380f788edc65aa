"""What the package must know about a model architecture, with defaults for most of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..errors import ImageError, MissingExtraError, ProcessorError, UnsupportedModelError
from ..explanation.geometry import Grid
from .layout_checks import check_grids, naming
from .medium import Medium

Messages = Sequence[Mapping[str, Any]]


class Family:
    """How one architecture lays out its tokens, with one subclass for each family.

    A family must say which model types it serves and which pixels its visual tokens cover:
    `image_grids`, and `video_grids` if it takes videos. It never guesses: for tokens that it
    cannot place it raises `ProcessorError`. Everything else has defaults that fit most
    architectures.
    """

    name: str
    model_types: tuple[str, ...]
    answer_inputs: Mapping[str, int] = {"attention_mask": 1}
    """Values of an answer's tokens in per-token inputs of the processor, if not 0."""
    batches: bool = True
    """Whether transformers treats a prompt in a batch like a single one."""

    def image_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """Grids of one picture, in the order of its visual tokens.

        Args:
            inputs: The processor's output: ids, pixel values and their shapes.
            number: Index of the picture among the prompt's pictures.
            medium: The picture; its grids have `image=medium.first`.
            config: The model's configuration.
            processor: The model's processor.
        """
        raise NotImplementedError

    def video_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """Grids of one video: one for each temporal patch, with `image`, `frames` and `time`.

        Args:
            inputs: As for `image_grids`.
            number: Index of the video among the prompt's videos.
            medium: The video; `medium.time(start, stop)` is the time of its frames.
            config: The model's configuration.
            processor: The model's processor.
        """
        raise NotImplementedError

    def check_video(self, processor: Any) -> None:
        """Raises an error if videos cannot be explained; called before any is opened.

        Args:
            processor: The model's processor.

        Raises:
            ImageError: If the family takes only pictures.
            MissingExtraError: If the processor lacks its video part.
        """
        if type(self).video_grids is Family.video_grids:
            raise ImageError(
                f"{self.name} models take only pictures, not videos: give some of its frames as "
                "a list of images"
            )
        if getattr(processor, "video_processor", None) is None:
            raise MissingExtraError(
                f"{type(processor).__name__} has no video processor, which needs torchvision (pip "
                "install 'tam-widgets[video]'); or give some frames as a list of images"
            )

    def grids(
        self, inputs: Mapping[str, Any], media: Sequence[Medium], config: Any, processor: Any
    ) -> tuple[Grid, ...]:
        """Grids of all pictures and videos, in the prompt's order."""
        grids: list[Grid] = []
        seen = {False: 0, True: 0}
        for medium in media:
            place = self.video_grids if medium.is_video else self.image_grids
            function = f"{self.name}.{'video' if medium.is_video else 'image'}_grids"
            with naming(function):
                own = place(inputs, seen[medium.is_video], medium, config, processor)
            check_grids(own, medium, function)
            grids += own
            seen[medium.is_video] += 1
        return tuple(grids)

    def cells(self, grids: Sequence[Grid], config: Any) -> NDArray[np.bool_]:
        """Which visual tokens of the input are cells of grids, in order, bool.

        All of them, unless an architecture puts separators between them.
        """
        return np.ones(sum(grid.size for grid in grids), bool)

    def visual_positions(
        self, inputs: Mapping[str, Any], grids: Sequence[Grid], config: Any
    ) -> NDArray[np.int64]:
        """Positions of the visual tokens, int64, in the order of the grids' cells.

        Raises:
            ProcessorError: If their number does not match the grids.
        """
        with naming(f"{self.name}.cells"):
            cells = self.cells(grids, config)
        return self.placeholder_positions(inputs, config, len(cells))[cells]

    def placeholder_positions(
        self, inputs: Mapping[str, Any], config: Any, count: int
    ) -> NDArray[np.int64]:
        """Positions of the tokens with image or video content, int64 [count].

        Raises:
            ProcessorError: If their number is not that of the layout.
        """
        ids = inputs["input_ids"][0].cpu().numpy()
        positions = np.flatnonzero(np.isin(ids, self.visual_ids(config)))
        if len(positions) != count:
            raise ProcessorError(
                f"the processor made {len(positions)} visual tokens, but the {self.name} layout "
                f"has {count}: use the processor that was saved with this model, or correct the "
                "family's grids and cells"
            )
        return positions

    def image_token(self, processor: Any) -> str | None:
        """The token for image content, as text; None if the processor has none."""
        token: str | None = getattr(processor, "image_token", None)
        return token

    def image_token_id(self, config: Any) -> int:
        """Id of the token for image content."""
        return int(config.image_token_id)

    def visual_ids(self, config: Any) -> list[int]:
        """Ids of the tokens for image or video content."""
        video = getattr(config, "video_token_id", None)
        return [self.image_token_id(config), *([] if video is None else [int(video)])]

    def placeholders(self, processor: Any) -> tuple[str, ...]:
        """The texts that the chat template writes for a picture or a video."""
        names = (getattr(processor, name, None) for name in ("image_token", "video_token"))
        return tuple(name for name in names if name)

    def write(self, messages: Messages, processor: Any) -> str:
        """The conversation as the model reads it, up to the start of its answer.

        Args:
            messages: Messages with lists of parts as contents, or with strings.
            processor: The model's processor.
        """
        return str(
            processor.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
        )

    def process(
        self, processor: Any, text: str, media: Sequence[Medium], **options: Any
    ) -> Mapping[str, Any]:
        """The processor's output for one conversation.

        Args:
            processor: The model's processor.
            text: The text from `write`.
            media: Pictures and videos, in the prompt's order.
            **options: Options of the tokenizer, or of the processor to override those given here.
        """
        pictures = [medium.pictures[0] for medium in media if not medium.is_video]
        videos = [medium for medium in media if medium.is_video]
        if pictures:
            options["images"] = [pictures]  # nested, as transformers passes those of a conversation
        if videos:
            options |= _video_options(videos)
        made: Mapping[str, Any] = processor(text=[text], **{"return_tensors": "pt", **options})
        return made

    def final_norm(self, model: Any) -> torch.nn.Module:
        """The module whose output the classifier reads: the text decoder's last norm."""
        norm = getattr(model.get_decoder(), "norm", None)
        if not isinstance(norm, torch.nn.Module):
            raise UnsupportedModelError(
                f"{type(model).__name__}: its text decoder has no `norm`; override "
                "`Family.final_norm` to name the module after the last layer"
            )
        return norm

    def decoder_layers(self, model: Any) -> Sequence[torch.nn.Module]:
        """The text decoder's layers in order, each of which puts out states [rows, n, c].

        By default `layers` of the module that contains the final norm.

        Raises:
            UnsupportedModelError: If there are none, or they put out something else, so that only
                the last layer can be explained.
        """
        norm = self.final_norm(model)
        owners = (module for module in model.modules() if norm in [*module.children()])
        layers = getattr(next(owners, None), "layers", None)
        if not isinstance(layers, torch.nn.ModuleList):
            raise UnsupportedModelError(
                f"{type(model).__name__}: its text decoder has no `layers` beside its norm; "
                "override `Family.decoder_layers` to name them, or `Family.final_norm` if that is "
                "another module; or explain without layers=…"
            )
        return [*layers]

    def logits(self, products: torch.Tensor, config: Any) -> torch.Tensor:
        """The model's logits from hidden states · classifier rows, only for probabilities."""
        return products

    def load_processor(self, name: str, **options: Any) -> Any:
        """The processor saved with a checkpoint."""
        from transformers import AutoProcessor

        return AutoProcessor.from_pretrained(name, **options)


def soft_capped(products: torch.Tensor, config: Any) -> torch.Tensor:
    """Logits capped as in Gemma's decoders, if the configuration says so."""
    cap = getattr(config.get_text_config(), "final_logit_softcapping", None)
    return products if cap is None else cap * torch.tanh(products / cap)


def _video_options(videos: Sequence[Medium]) -> dict[str, Any]:
    """Frames as arrays, with their times, not to be sampled again."""
    metadata = [
        {
            "total_num_frames": video.total,
            "fps": video.fps,
            "frames_indices": list(video.indices),
        }
        for video in videos
    ]
    frames = [np.stack([np.asarray(picture) for picture in video.pictures]) for video in videos]
    return {"videos": [frames], "video_metadata": metadata, "do_sample_frames": False}
