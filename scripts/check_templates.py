"""Whether models read what the user wrote, with the chat templates of published checkpoints.

python -m scripts.check_templates FOLDER

FOLDER holds a folder a checkpoint, each with its chat template (`chat_template.jinja`,
`chat_template.json`, or in `processor_config.json` or `tokenizer_config.json`) and its
`config.json`; without one the folder is named like its model type. Each template is put on the
tests' random model of that type, conversations are explained with it, and what went into the model
is decoded and compared. Ends with 1 if anything was read wrong.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

import tam_widgets as tw
from tam_widgets.errors import TamError
from tests.torchvision_shim import provide

provide()

from tests.models import tiny  # noqa: E402  GLM's and Gemma 4's processors look for torchvision

TEMPLATES = (
    "chat_template.jinja",
    "chat_template.json",
    "processor_config.json",
    "tokenizer_config.json",
)
OURS = re.compile(r"""["'](type|text|role|content)["']""")
SYSTEM = "Describe the dog, {it} is 'red'."
QUESTION = 'What is left of the "red" dog?'
EARLIER = "A [red] cat, 'two' birds."
NEXT = "What is this image?"
ANSWER = "Two birds sit there: {'a': 1}."


@dataclass(frozen=True)
class Case:
    """A conversation that an answer is given to: who says what, and with how many pictures."""

    name: str
    messages: Sequence[tuple[str, str]]
    pictures: int = 1


CASES = (
    Case("answer", [("user", QUESTION)]),
    Case("second turn", [("user", QUESTION), ("assistant", EARLIER), ("user", NEXT)]),
    Case("system prompt", [("system", SYSTEM), ("user", QUESTION)]),
    Case(
        "both",
        [("system", SYSTEM), ("user", QUESTION), ("assistant", EARLIER), ("user", NEXT)],
    ),
    Case("developer", [("developer", SYSTEM), ("user", QUESTION)]),
    Case("tool", [("user", QUESTION), ("assistant", EARLIER), ("tool", SYSTEM), ("user", NEXT)]),
    Case("two pictures", [("system", SYSTEM), ("user", QUESTION)], pictures=2),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path, help="holds a folder a checkpoint")
    folders = sorted(path for path in parser.parse_args().folder.iterdir() if path.is_dir())
    found: list[str] = []
    print(f"{'':14}", *(f"{case.name:14}" for case in CASES))
    for folder in folders:
        template, kind = template_of(folder), model_type(folder)
        if template is None or kind not in tiny.MODELS:
            missing = "no chat template" if template is None else f"no random model of type {kind}"
            print(f"{folder.name:14} {missing}")
            continue
        readings = [reading(case, kind, template) for case in CASES]
        print(f"{folder.name:14}", *(f"{one.split(':')[0]:14}" for one in readings))
        found += [
            f"{folder.name}, {case.name}: {one}" for case, one in zip(CASES, readings, strict=True)
        ]
    told = [line.split(": ", 1)[1] for line in found]
    counts = {kind: sum(one.startswith(kind) for one in told) for kind in ("right", "refused")}
    wrong = len(told) - sum(counts.values())
    print(*sorted(set(found) - {line for line in found if line.endswith(": right")}), sep="\n")
    print(f"{counts['right']} right, {counts['refused']} refused, {wrong} wrong of {len(told)}")
    sys.exit(bool(wrong))


def template_of(folder: Path) -> Any:
    """The chat template that transformers would take, None if there is none."""
    for path in (folder / name for name in TEMPLATES):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            template = text if path.suffix == ".jinja" else json.loads(text).get("chat_template")
            if template:
                return template
    return None


def model_type(folder: Path) -> str:
    config = folder / "config.json"
    if not config.is_file():
        return folder.name.lower()
    return str(json.loads(config.read_text(encoding="utf-8"))["model_type"])


def reading(case: Case, kind: str, template: str) -> str:
    """`right`, `refused: why`, or `wrong: how`."""
    model, processor = tiny.MODELS[kind]()
    processor.chat_template = template
    read: list[Any] = []
    model.register_forward_pre_hook(
        lambda _model, _args, given: read.append(given["input_ids"][0].tolist()), with_kwargs=True
    )
    pictures = [Image.new("RGB", (200, 120), colour) for colour in ("red", "blue")]
    messages = [{"role": role, "content": text} for role, text in case.messages]
    try:
        explanation = tw.Explainer(model, processor).explain(
            pictures[: case.pictures], messages, answer=ANSWER
        )
    except TamError as error:
        return f"refused: {error}"
    written = processor.tokenizer.decode([*read[-1], explanation.tokens[-1].id])
    return next(mistakes(case, explanation, written), "right")


def mistakes(case: Case, explanation: tw.Explanation, written: str) -> Iterator[str]:
    """What of a conversation did not come to the model, or to the explanation, as it was given."""
    said = [(role, text) for role, text in case.messages if role in ("user", "assistant")]
    explained = [
        (turn.role, "".join(token.text for token in explanation.tokens[turn.start : turn.stop]))
        for turn in explanation.turns
    ]
    for (_, text), (role, told) in zip([*said, ("assistant", ANSWER)], explained, strict=True):
        if told.strip() != text:
            yield f"wrong: {told!r} is explained as the {role}'s words for {text!r}"
    for text in [*(text for _, text in case.messages), ANSWER]:
        if written.count(text) != 1:
            yield f"wrong: the model reads {text!r} {written.count(text)} times: {written!r:.300}"
    if OURS.search(written):
        yield f"wrong: the model reads parts of the messages' structure: {written!r:.300}"
    if len(explanation.images) != case.pictures:
        yield f"wrong: {len(explanation.images)} pictures for {case.pictures}"


if __name__ == "__main__":
    main()
