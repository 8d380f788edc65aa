"""One explained answer: its maps, rankings, files and views.

Nothing here needs torch, a model or a browser.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Unpack

from . import consistency
from .explainer_link import explainer_of
from .options import MapOptions
from .recorded_maps import RecordedMaps
from .table import token_table
from .types import StoredImage

if TYPE_CHECKING:
    from ..attribution import Method
    from ..capture.explainer import Explainer
    from ..capture.inputs.images import ImageSource
    from ..views import Explorer
    from ..views.small_multiples.explained import Methods
    from ..views.small_multiples.figure import Figure
    from ..views.small_multiples.settings import FigureSettings
    from ..views.small_multiples.word_choice import Words

Path = str | os.PathLike[str]


class Explanation(RecordedMaps):
    """One answer of one model, with all data for its maps.

    The attributes are those of `Record`; everything else is computed from them on demand.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        consistency.check(self)

    @classmethod
    def from_maps(
        cls,
        picture: ImageSource | StoredImage,
        tokens: Iterable[str],
        maps: Any,
        *,
        prompt: str = "",
        probabilities: Any = None,
        log_probabilities: Any = None,
        methods: Iterable[Method] = (),
        rect: Sequence[float] | None = None,
        name: str = "",
    ) -> Explanation:
        """An explanation of maps that another tool computed, of any model.

        What is computed from raw activations is not there: TAM, its ablations and layers.

        Args:
            picture: A path, URL, PIL image, array or bytes, as for `Explainer.explain`; or one of
                the `images` of another explanation, with which this one is to be compared.
            tokens: The answer's tokens as texts, which together are the answer, spaces included:
                `["A", " dog", "."]`. Words will do.
            maps: Their maps [tokens, rows, cols], or such arrays by the name of their method. They
                may be of any size, up to the picture's own, and have a sign. All get the grid of
                the finest, of at most 64 rows and columns, by means weighted by area; and each
                method's are scaled together by their largest absolute value.
            prompt: What the model was asked.
            probabilities: Of the tokens, 0 to 1, [tokens]; or
            log_probabilities: natural logarithms of them.
            methods: Descriptions of the methods, such as
                `Method("grad-cam", "Grad-CAM", "arXiv 1610.02391")`, for labels and sources. Those
                with negative values are shown as signed.
            rect: The part of the picture that the maps cover, left, top, right, bottom in pixels
                of the upright picture; by default all of it.
            name: What to call the model in views.

        Raises:
            ImageError: If the picture cannot be opened.
            OptionError: If tokens, maps and probabilities do not fit together, contain what is not
                finite, or a name is one of this package's own methods.

        Example:
            >>> import numpy as np
            >>> maps = np.random.default_rng(0).random((3, 8, 8))
            >>> picture = np.zeros((32, 32, 3), np.uint8)
            >>> Explanation.from_maps(picture, ["A", " dog", "."], {"mine": maps})
            <Explanation by model: 'A dog.', 0 prompt and 3 answer tokens>
        """
        from ..capture.given.from_maps import from_maps

        return from_maps(
            picture,
            tokens,
            maps,
            prompt=prompt,
            probabilities=probabilities,
            log_probabilities=log_probabilities,
            methods=methods,
            rect=rect,
            name=name,
        )

    @property
    def explainer(self) -> Explainer | None:
        """What made this explanation in this process; None if it is gone, or this was loaded.

        Views ask it to check maps, for other layers and for other answers. It is not kept alive.
        """
        return explainer_of(self)

    def to_dataframe(self, method: str | None = None, **options: Unpack[MapOptions]) -> Any:
        """Returns a table of the tokens, for statistics and plots.

        Args:
            method: As for `maps`.
            **options: As for `maps`.

        Returns:
            A pandas frame with a row a token, indexed by `token`, the token's number:

            - `kind` (`"prompt"` or `"answer"`), `turn` of the conversation, `text`, `word` that it
              is a piece of (missing for none), `special`, vocabulary `id`;
            - `probability`, 0..1, and `candidates`, the most probable tokens there with their
              probabilities, best first;
            - of its map: `strongest` value and `mean`; `extent`, the share of the visual tokens
              with at least half the strongest value, 0..1; `image`, `x` and `y`, where the
              strongest value is, in pixels of the full-size image, missing for an empty map;
            - `image_peak`, the largest raw activation of a visual token, and `text_peak`, the
              largest raw relevance of another token, both in the model's units; missing without
              raw activations;
            - `reliance`, in nats, and `picture_share`, 0..1, missing if they were not measured.

        Raises:
            OptionError: If an option is unknown or outside its range.
            MissingExtraError: If pandas is not installed.
        """
        return token_table(self, self.maps(method, **options))

    def save(self, path: Path) -> None:
        """Writes one `.safetensors` file, which `tam_widgets.load` opens."""
        from .storage import save

        save(self, path)

    def to_html(self, path: Path, *, layers: bool = False) -> None:
        """Writes the explorer as one HTML file that works offline.

        Args:
            path: The file.
            layers: Whether the maps of the answer's words at all layers of this explanation are in
                it too. With 28 layers of 1,813 visual tokens, each token of the answer makes the
                file 0.27 MB larger.

        Raises:
            OptionError: If layers are asked for, and this explanation has only its last one.
        """
        from ..views.export import to_html

        to_html(self, path, layers=layers)

    def to_png(self, path: Path, token: int | None = None, method: str | None = None) -> None:
        """Writes the picture with one token's map, by default the strongest answer token's."""
        from ..views.export import to_png

        to_png(self, path, token=token, method=method)

    def figure(
        self,
        words: Words = None,
        methods: Methods | None = None,
        **settings: Unpack[FigureSettings],
    ) -> Figure:
        """Small pictures of words under their maps, side by side, as a figure for a paper.

        Above each map stand the word, the model's probability of it, `p`, and on a scale of its
        own the map's maximum, `max`. Of a video the frame with the word's strongest value is shown.

        Args:
            words: Texts of the answer, indices of tokens, and for one map of several tokens lists
                of indices. By default the content words of the answer; of many, the twelve with
                the strongest maps, and the caption names the others.
            methods: Names of methods, or variants of registered ones; several are
                columns, or bands of words where there are more words than methods. By default
                `default_method`.
            **settings: `eci`, `kernel_size`, `border`, `opacity`, `colormap`, `scale`,
                `threshold`, `cells`, `aggregate` and `thumbnail`, as for `Explorer`.

        Returns:
            A figure that a notebook shows; its `save` writes PDF, SVG or PNG.

        Raises:
            OptionError: If a text does not occur in the answer, or a method or setting is unknown.
            TokenIndexError: If there is no such token.

        Example:
            >>> explanation.figure(["dog", "ball"]).save("figure.pdf", width=3.3)  # doctest: +SKIP
        """
        from ..views.small_multiples.explained import figure

        asked = self.default_method if methods is None else methods
        return figure([self], words, asked, **settings)

    def explore(self) -> Explorer:
        """The interactive view of this explanation."""
        from ..views import Explorer

        return Explorer(self)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self.explore()._repr_mimebundle_(**kwargs)
