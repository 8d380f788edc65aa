"""Demo models by name, and the inputs that a processor makes of a picture and a prompt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import Image

import tam_widgets as tw


def load(name: str) -> tw.Explainer:
    """Loads a demo model in float32, or a checkpoint trained like it from its folder."""
    explainer = (
        tw.Explainer.from_pretrained(name, name=Path(name).name)
        if Path(name).is_dir()
        else tw.demo.explainer(name)
    )
    explainer.model.float()
    return explainer


def chat_inputs(explainer: tw.Explainer, image: Image.Image, prompt: str) -> Any:
    """What the model reads for one picture and one prompt, on its device and in its type."""
    processor, model = explainer.processor, explainer.model
    content = [{"type": "image"}, {"type": "text", "text": prompt}]
    text = processor.apply_chat_template(
        [{"role": "user", "content": content}], tokenize=False, add_generation_prompt=True
    )
    inputs = processor(text=[text], images=[image], return_tensors="pt")
    return inputs.to(model.device, dtype=model.dtype)
