"""Peak memory and time of reading long sequences with and without attention weights.

``plain`` is one forward pass with SDPA; ``rows`` the same with the attention weights of the
answer's tokens in all layers and heads; ``output_attentions`` transformers' own way. ``rollout`` of
all these tokens needs one pass too, ``relevancy`` of one token also a backward pass. The model is
the decoder of a Qwen2-VL-2B with random weights and fewer layers; weights do not count. Memory is
measured in a fresh process each.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from peak_memory import added_peak
from random_models import build
from report import arguments, interleaved, median_ratio, publish

from tam_widgets.capture.attention.flow import relevancy_rows, rollout_rows
from tam_widgets.capture.attention.rows import attention_rows
from tam_widgets.capture.forcing.frozen_answer import FrozenAnswer
from tam_widgets.capture.inputs.encoding import Encoded

MODEL = "qwen2-vl-2b, 4 layers"
MEMORY_GOAL = 1.2
TIME_GOAL = 1.5


def main() -> None:
    options = _options()
    frozen = {length: _answer(length, options.tokens) for length in options.lengths}
    if options.measure:
        ((length, one),) = frozen.items()
        work = _works(one)[options.measure]
        _works(_answer(64, options.tokens))[options.measure]()  # what the first call alone needs
        print(added_peak(work))
        return
    rows = []
    for length, one in frozen.items():
        works = _works(one)
        times = interleaved(works, options.rounds)
        memory = {name: _added_memory(name, length, options.tokens) for name in works}
        for name in works:
            rows.append(
                {
                    "tokens": length,
                    "way": name,
                    "added peak, MB": memory[name] / 1e6,
                    "x plain memory": memory[name] / memory["plain"],
                    "seconds": statistics.median(times[name]),
                    "x plain time": median_ratio(times[name], times["plain"]),
                }
            )
            print(rows[-1], flush=True)
    publish(
        "attention_memory",
        rows,
        options.json,
        case=f"{MODEL}, float32, {options.tokens} answer tokens, rounds {options.rounds}",
        goal=f"rows: at most {MEMORY_GOAL} x the memory and {TIME_GOAL} x the time of plain",
        threads=torch.get_num_threads(),
    )


def _options() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--lengths", type=int, nargs="+", default=[1024, 2048, 4096])
    parser.add_argument("--tokens", type=int, default=32, help="length of the answer")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    return parser.parse_args()


_built: list[Any] = []


def _answer(length: int, tokens: int) -> FrozenAnswer:
    """An answer of random ids; its input is text only, since the decoder is what is measured."""
    if not _built:
        _built.append(build(MODEL, "cpu", torch.float32))
    generator = torch.Generator().manual_seed(length)
    ids = torch.randint(1000, (length + 1,), generator=generator)
    given = ids[None, : length + 1 - tokens]
    encoded = Encoded(
        prompt="",
        chat=SimpleNamespace(),
        media=(),
        inputs={"input_ids": given, "attention_mask": torch.ones_like(given)},
        grids=(),
        visual=np.arange(0),
        prompt_tokens=SimpleNamespace(positions=()),
    )
    return FrozenAnswer(_built[0], encoded, ids[length + 1 - tokens :])


def _works(frozen: FrozenAnswer) -> dict[str, Callable[[], Any]]:
    tokens = list(range(len(frozen.ids)))
    attention_rows(frozen, tokens[:1])  # compares the logits, which is done once an answer
    return {
        "plain": lambda: _read(frozen, "sdpa"),
        "rows": lambda: attention_rows(frozen, tokens),
        "output_attentions": lambda: _read(frozen, "eager", output_attentions=True),
        "rollout": lambda: rollout_rows(frozen, tokens),
        "relevancy": lambda: relevancy_rows(frozen, tokens[-1:]),
    }


@torch.no_grad()
def _read(frozen: FrozenAnswer, implementation: str, **options: Any) -> Any:
    model = frozen.model.model
    model.set_attn_implementation(implementation)
    try:
        return model(**frozen.inputs(), **options)
    finally:
        model.set_attn_implementation("sdpa")


def _added_memory(name: str, length: int, tokens: int) -> int:
    command = [sys.executable, __file__, "--measure", name]
    command += ["--lengths", str(length), "--tokens", str(tokens)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


if __name__ == "__main__":
    main()
