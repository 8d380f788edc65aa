"""The result of `planted_truth`: a table with intervals, and a figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tam_widgets.evaluation.planted.measures import MEASURES, Row
from tam_widgets.evaluation.planted.word import TRUE_MASK
from tam_widgets.explanation.extras import installed, pandas

_DRAWS: Final = 2_000


@dataclass(frozen=True, eq=False, repr=False)
class PlantedTruth:
    """The result of `planted_truth`.

    Attributes:
        words: A row for each word and method: `model`, `plant`, `seed` of the scene, `text`,
            `method`, and the measures of `to_dataframe`, None where they have no meaning.
    """

    words: tuple[Row, ...]

    def __repr__(self) -> str:
        words = {(row["model"], row["plant"], row["seed"]) for row in self.words}
        methods = {row["method"] for row in self.words} - {TRUE_MASK}
        return f"<PlantedTruth of {len(words)} planted words by {len(methods)} methods>"

    def to_dataframe(self) -> Any:
        """Returns a table with a row for each model, plant and method.

        Returns:
            A pandas frame with `model`, `plant`, `method`, the number of `words`, and means, each
            with `…_low` and `…_high`, a 95 % bootstrap interval over scenes; all but `weakest`
            0..1:

            - `share`: share of the map's weight on the planted evidence;
            - `area`: share of the picture that the evidence covers, the expected share of a
              random map;
            - `pointing`: share of words whose largest value lies on the evidence, by area where
              a cell lies on its edge;
            - `weakest`: of the place of the evidence that the map shows least, the map's share on
              it over its share of the picture: 1 is chance, and a method that stops at the first
              of two places is below;
            - `nothing`: where no pixel is evidence, share of words whose map stays below one half
              of the answer's largest value;
            - `revealed`: share of words of which the deletion check tells the truth: they vanish
              sooner by the map than by each of the random orders, or, where no pixel is evidence,
              keep their probability without the picture.

        Raises:
            MissingExtraError: If pandas is not installed.
        """
        frame = pandas().DataFrame(self.words)
        keys = ["model", "plant", "method"]
        rows = [
            dict(zip(keys, found, strict=True)) | {"words": len(own)} | _means(own)
            for found, own in frame.groupby(keys, sort=False)
        ]
        return pandas().DataFrame(rows)

    def figure(self) -> Any:
        """Draws with plotly each method's share on the evidence, a column for each planted model.

        A line marks the share of the picture that the evidence covers: a random map's share.

        Raises:
            MissingExtraError: If pandas or plotly is not installed.
        """
        with installed("a figure"):
            from tam_widgets.evaluation.planted.figure import planted_figure

        return planted_figure(self.to_dataframe().to_dict("records"))


def _means(words: Any) -> Row:
    """Means of a frame's words, with the ends of their intervals."""
    row: Row = {}
    for measure in MEASURES:
        values = words[measure].dropna().to_numpy(np.float64)
        row |= dict(zip((measure, f"{measure}_low", f"{measure}_high"), _ends(values), strict=True))
    return row


def _ends(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """The mean with a 95 % percentile bootstrap interval; NaN without values."""
    if not len(values):
        return np.nan, np.nan, np.nan
    drawn = np.random.default_rng(0).choice(values, (_DRAWS, len(values))).mean(axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(values.mean()), float(low), float(high)
