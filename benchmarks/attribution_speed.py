"""Time and memory of computing all maps of a trace, against plain steps of the same size.

The two plain steps are the matrix product that gives the activations, ``H[visual] @ W[ids].T``, and
one ``torch.sort`` of all 3 × 3 windows of all maps. The loop is the published way of working: token
by token, window by window; it is timed on some tokens and scaled up.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys

import numpy as np
import torch
from numpy.typing import NDArray
from peak_memory import added_peak
from report import arguments, interleaved, publish, seconds

import tam_widgets as tw

PROMPT = 16
GOAL = 1.5
MEMORY_GOAL = 2.0


def main() -> None:
    options = _options()
    if options.memory:
        print(_added_memory(options))
        return
    rows = [*_times(options), *_memory(options)]
    shape = f"{options.tokens} tokens, grid {options.rows} x {options.cols}, c = {options.width}"
    publish("attribution_speed", rows, options.json, case=shape, threads=torch.get_num_threads())


def _options() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--tokens", type=int, default=256)
    parser.add_argument("--rows", type=int, default=37)
    parser.add_argument("--cols", type=int, default=49)
    parser.add_argument("--width", type=int, default=1536)
    parser.add_argument("--vocabulary", type=int, default=4096)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--loop-tokens", type=int, default=8, help="tokens that the loop computes")
    parser.add_argument("--memory", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _trace(options: argparse.Namespace) -> tw.Trace:
    generator = torch.Generator().manual_seed(0)
    cells, answer = options.rows * options.cols, options.tokens - PROMPT
    inputs = cells + PROMPT
    hidden = torch.randn(inputs + answer - 1, options.width, generator=generator)
    classifier = torch.randn(options.vocabulary, options.width, generator=generator) * 0.02
    ids = torch.randint(options.vocabulary, (inputs + answer,), generator=generator).numpy()
    return tw.Trace.from_arrays(
        input_ids=ids[:inputs],
        answer_ids=ids[inputs:],
        hidden=hidden,
        classifier=classifier,
        visual=range(cells),
        prompt=range(cells, inputs),
        grids=[(options.rows, options.cols)],
    )


def _maps(trace: tw.Trace) -> NDArray[np.float32]:
    fresh = tw.Trace(
        trace.input_ids,
        trace.answer_ids,
        trace.hidden,
        trace.classifier,
        trace.visual,
        trace.prompt,
        trace.grids,
    )
    return tw.token_activation_maps(fresh)


def _times(options: argparse.Namespace) -> list[dict[str, object]]:
    trace = _trace(options)
    states = trace.hidden[trace.visual]
    classes = trace.classifier[trace.classes]
    windows = torch.from_numpy(_windows(options, trace.activations))
    times = interleaved(
        {
            "all maps": lambda: _maps(trace),
            "matrix product": lambda: states @ classes.T,
            "sort of all windows": lambda: torch.sort(windows),
        },
        options.rounds,
    )
    plain = [a + b for a, b in zip(*list(times.values())[1:], strict=True)]
    ratio = statistics.median(m / p for m, p in zip(times["all maps"], plain, strict=True))
    maps = statistics.median(times["all maps"])
    loop = _loop_seconds(trace, options)
    return [
        *({"measure": f"{name}, ms", "value": _milliseconds(t)} for name, t in times.items()),
        {"measure": f"all maps / the two plain steps (goal {GOAL})", "value": ratio},
        {"measure": "published-style loop, s (scaled up)", "value": loop},
        {"measure": "loop / all maps", "value": loop / maps},
    ]


def _milliseconds(times: list[float]) -> float:
    return 1e3 * statistics.median(times)


def _windows(options: argparse.Namespace, values: NDArray[np.float32]) -> NDArray[np.float32]:
    maps = values.reshape(-1, options.rows, options.cols)
    padded = np.pad(maps, [(0, 0), (1, 1), (1, 1)], mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))
    return windows.reshape(-1, 9).copy()


def _loop_seconds(trace: tw.Trace, options: argparse.Namespace) -> float:
    """Time of the loop for all tokens, from evenly spaced ones: later tokens have more context."""
    chosen = np.linspace(0, options.tokens - 1, options.loop_tokens).astype(int)
    taken = seconds(lambda: [_looped_map(trace, int(token)) for token in chosen])
    return taken / len(chosen) * options.tokens


def _looped_map(trace: tw.Trace, token: int) -> NDArray[np.float32]:
    """One map by the equations as they stand (TAM, arXiv 2506.23270), the filter by two loops."""
    values, relevance = trace.activations[token], trace.relevance[token]
    context = [k for k in range(token) if trace.token_ids[k] != trace.token_ids[token]]
    if context:
        weights = relevance[context] / (relevance[context].sum() + 1e-8)
        explained = (trace.activations[context] * weights[:, None]).sum(axis=0)
        scale = (values * explained).sum() / (explained**2).sum()
        values = np.maximum(values - scale * explained, 0)
    every = np.concatenate([values, relevance[:token]])
    values = (values - every.min()) / (every.max() - every.min())
    grid = trace.grids[0]
    return _looped_filter(values.reshape(grid.rows, grid.cols))


def _looped_filter(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    padded, result = np.pad(plane, 1, mode="reflect"), np.zeros_like(plane)
    for row in range(plane.shape[0]):
        for col in range(plane.shape[1]):
            ranked = np.sort(padded[row : row + 3, col : col + 3].ravel())
            spread = ranked.std() / ranked.mean() if ranked.mean() > 0 else 0
            weights = np.exp(-((np.arange(9) - 4) ** 2) / (2 * spread**2)) if spread else ranked
            result[row, col] = (ranked * weights).sum() / weights.sum() if spread else ranked[4]
    return result


def _memory(options: argparse.Namespace) -> list[dict[str, object]]:
    """Measured in a fresh process, which has kept no memory of earlier work."""
    command = [sys.executable, *sys.argv, "--memory"]
    added = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    cells = options.rows * options.cols
    states = (cells + options.tokens - 1) * options.width
    limit = 4 * (options.tokens * cells + states)
    return [
        {"measure": "peak memory added by all maps, MB", "value": added / 1e6},
        {
            "measure": f"added / (maps + hidden states) (goal {MEMORY_GOAL})",
            "value": added / limit,
        },
    ]


def _added_memory(options: argparse.Namespace) -> int:
    tiny = argparse.Namespace(**{**vars(options), "rows": 3, "cols": 3, "width": 8, "tokens": 20})
    _maps(_trace(tiny))
    trace = _trace(options)
    return added_peak(lambda: _maps(trace))


if __name__ == "__main__":
    main()
