"""The slider of layers in a real JupyterLab in a real Chromium.

One word after the other is locked while an earlier layer is chosen: from the click until its map at
that layer is painted, the kernel's share included. Then the slider steps through all layers of the
last word, under other strengths of the causal inference too, so that no map is at hand: the
JavaScript of a step, and the step until the first task after the frame that painted it.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from typing import Any

import numpy as np
import samples
from browsing import AFTER_FRAME, SETTLE_SECONDS, jupyterlab, row
from report import arguments, publish

import tam_widgets as tw
from tests.e2e.explorer import EXPLORER
from tests.e2e.notebook import KERNEL_READY, Notebook

CELLS = (
    "import tam_widgets as tw\nview = tw.Explorer(tw.load('sample.safetensors'))",
    "view",
)

LOCK = (
    "async (root, word) => {"
    + AFTER_FRAME
    + """
  const token = root.querySelector(`.tam-token[data-i="${word}"]`);
  const said = () => root.querySelector(".tam-quantity").textContent;
  const box = token.getClientRects()[0];
  const place = { clientX: box.x + 2, clientY: box.y + 2, bubbles: true, button: 0, pointerId: 1 };
  const start = performance.now();
  for (const name of ["pointerover", "pointerdown", "pointerup"])
    token.dispatchEvent(new PointerEvent(name, place));
  token.dispatchEvent(new MouseEvent("click", place));
  do await afterFrame();
  while (token.ariaSelected !== "true" || !said().includes("at layer"));
  return performance.now() - start;
}"""
)

STEPS = (
    "async (root) => {"
    + AFTER_FRAME
    + """
  const slide = (name, value) => {
    const slider = root.querySelector(`[data-setting="${name}"]`);
    slider.value = String(value);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const [scripts, frames] = [[], []];
  const last = Number(root.querySelector('[data-setting="layers"]').max);
  for (const eci of [1, 0.75, 0.5, 0.25]) {
    slide("eci", eci);
    await afterFrame();
    for (let layer = last - 1; layer >= 0; layer--) {
      const start = performance.now();
      slide("layers", layer);
      scripts.push(performance.now() - start);
      await afterFrame();
      frames.push(performance.now() - start);
    }
  }
  return [scripts, frames];
}"""
)


def main() -> None:
    options = _options()
    with jupyterlab() as lab:
        _sample(options).save(lab.server.root / "sample.safetensors")
        rows = _measure(lab.open("sample.ipynb", *CELLS), options)
    case = f"{options.tokens} tokens, grid {options.rows} x {options.cols}, {options.layers} layers"
    publish("layer_latency", rows, options.json, case=case)


def _options() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--tokens", type=int, default=60)
    parser.add_argument("--rows", type=int, default=37)
    parser.add_argument("--cols", type=int, default=49)
    parser.add_argument("--layers", type=int, default=28)
    parser.add_argument("--words", type=int, default=20)
    return parser.parse_args()


def _sample(options: argparse.Namespace) -> tw.Explanation:
    """An explanation whose other layers are the last one's rows, rolled and scaled."""
    last = samples.explanation(options.tokens, options.rows, options.cols)
    layers = tuple(range(1, options.layers))
    answer = len(last.tokens) - last.prompt_length
    rng = np.random.default_rng(0)
    shares = rng.random((len(layers), answer), np.float32)
    return replace(
        last,
        layers=layers,
        layer_count=options.layers,
        layer_activations=np.stack(
            [np.roll(last.activations, 5 * n, axis=1) * n for n in layers]
        ).astype(np.float16),
        layer_relevance=np.stack([last.relevance * n for n in layers]).astype(np.float16),
        layer_log_p=np.log(np.maximum(shares, np.float32(1e-6))),
        layer_choices=np.zeros(shares.shape, np.int32),
        layer_choice_texts={0: " dog"},
    )


def _measure(notebook: Notebook, options: argparse.Namespace) -> list[dict[str, Any]]:
    page = notebook.page
    page.wait_for_function(KERNEL_READY)
    notebook.run()
    time.sleep(SETTLE_SECONDS)
    root = page.locator(EXPLORER).first
    first = next(i for i, text in enumerate(samples.PROMPT) if text == ".") + 1
    root.locator(f'.tam-token[data-i="{first}"]').click()
    page.mouse.move(1, 1)
    root.locator('[data-question="layers"]').click()
    slider = root.locator('[data-setting="layers"]')
    slider.wait_for()
    slider.press("Home")
    locked = [root.evaluate(LOCK, first + 1 + word) for word in range(options.words)]
    scripts, frames = root.evaluate(STEPS)
    return [
        row("word locked to its map at the layer, painted, ms", locked, 200),
        row("step of the slider, JavaScript, ms", scripts, 16),
        row("step of the slider to painted overlay, ms", frames, ""),
    ]


if __name__ == "__main__":
    main()
