"""What `layers="all"` adds to `explain`: time, and the size of the record and its file.

Both take turns; the ratio is the median of neighbouring ratios. The demo model answers a scene, the
others, of random weights, a picture of noise with a fixed number of tokens.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from explaining import explained, options_of
from report import interleaved, median_ratio, publish

import tam_widgets as tw


def main() -> None:
    options = options_of(__doc__)
    rows = [_measure(*one, options.rounds) for one in explained(options)]
    publish("layers_cost", rows, options.json, dtype=options.dtype)


def _measure(
    explainer: tw.Explainer, explain: Callable[..., tw.Explanation], rounds: int
) -> dict[str, Any]:
    works = {"last layer": explain, "all layers": partial(explain, layers="all")}
    times = interleaved(works, rounds)
    last, every = explain(), explain(layers="all")
    return {
        "model": explainer.name,
        "layers": every.layer_count,
        "tokens": len(every.tokens),
        "visual tokens": every.visual_length,
        **{f"{name} s": statistics.median(values) for name, values in times.items()},
        "all / last": median_ratio(times["all layers"], times["last layer"]),
        "layers MB": (every.layer_activations.nbytes + every.layer_relevance.nbytes) / 1e6,
        "last layer file MB": _file_size(last) / 1e6,
        "all layers file MB": _file_size(every) / 1e6,
    }


def _file_size(explanation: tw.Explanation) -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.safetensors"
        explanation.save(path)
        return path.stat().st_size


if __name__ == "__main__":
    main()
