"""Whether maps depend on the model at all: what is left of them under random weights.

Adebayo et al., Sanity Checks for Saliency Maps, 2018, section 3: weights are randomised layer by
layer from the top down (cascading). A map that stays the same explains nothing of the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..explanation.extras import installed, pandas

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class SanityCheck:
    """The result of `Explainer.sanity`.

    Attributes:
        tokens: Indices of the tokens.
        texts: Their texts.
        methods: Names of the methods.
        stages: What was randomised last; all stages before it are random as well.
        rank_correlation: Spearman's, of each map with that under the model's own weights, float64
            [methods, stages, tokens], −1..1; NaN where a map is constant.
        similarity: Structural similarity (SSIM) likewise, at most 1.
        seed: Of the random weights.
    """

    tokens: tuple[int, ...]
    texts: tuple[str, ...]
    methods: tuple[str, ...]
    stages: tuple[str, ...]
    rank_correlation: Floats
    similarity: Floats
    seed: int

    def __repr__(self) -> str:
        ends = [
            f"{name} {value:.2f}"
            for name, value in zip(self.methods, self.mean()[:, -1], strict=True)
        ]
        return (
            f"<SanityCheck of {len(self.tokens)} tokens, {len(self.stages)} stages: rank "
            f"correlation at the end {', '.join(ends)}>"
        )

    def to_dataframe(self) -> Any:
        """Returns a table with a row for each method, stage and token.

        Returns:
            A pandas frame with the columns `method`, `stage`, `token`, `text`,
            `rank_correlation` (−1..1) and `similarity` (at most 1).

        Raises:
            MissingExtraError: If pandas is not installed.
        """
        pd = pandas()
        names = ["method", "stage", "token"]
        index = pd.MultiIndex.from_product([self.methods, self.stages, self.tokens], names=names)
        columns = {
            "text": self.texts * (len(self.methods) * len(self.stages)),
            "rank_correlation": self.rank_correlation.ravel(),
            "similarity": self.similarity.ravel(),
        }
        return pd.DataFrame(columns, index=index).reset_index()

    def figure(self) -> Any:
        """Draws with plotly how alike the maps remain from stage to stage, as means over tokens."""
        with installed("a figure"):
            from ..views.figures import sanity_figure

        means = {
            "rank correlation": self.mean("rank_correlation"),
            "structural similarity": self.mean("similarity"),
        }
        return sanity_figure(self.methods, self.stages, means)

    def mean(
        self, measure: Literal["rank_correlation", "similarity"] = "rank_correlation"
    ) -> Floats:
        """Means over the tokens, float64 [methods, stages]; NaN where no token has a value.

        Args:
            measure: `"rank_correlation"` or `"similarity"`.
        """
        values: Floats = getattr(self, measure)
        known = np.isfinite(values)
        total = np.where(known, values, 0).sum(axis=-1)
        count = known.sum(axis=-1)
        return np.where(count > 0, total / count.clip(1), np.nan)
