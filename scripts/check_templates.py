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
import copy
import json
import re
import sys
from collections import Counter
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
STRUCTURE = re.compile(r"""["'](type|text|role|content)["']""")
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
    found: dict[str, str] = {}
    print(f"{'':14}", *(f"{case.name:14}" for case in CASES))
    for folder in folders:
        template, kind = template_of(folder), model_type(folder)
        if template is None or kind not in tiny.MODELS:
            lacking = "no chat template" if template is None else f"no random model of type {kind}"
            print(f"{folder.name:14}", lacking)
            continue
        explainer = explainer_of(kind, template)
        readings = [reading(case, explainer) for case in CASES]
        print(f"{folder.name:14}", *(f"{verdict(one):14}" for one in readings), flush=True)
        found |= {f"{folder.name}, {case.name}": r for case, r in zip(CASES, readings, strict=True)}
    print(*(f"{name}: {said}" for name, said in found.items() if said != "right"), sep="\n")
    counts = Counter(map(verdict, found.values()))
    print(*(f"{counts[kind]} {kind}" for kind in ("right", "refused", "wrong")), sep=", ")
    sys.exit(bool(counts["wrong"]))


def verdict(said: str) -> str:
    return said.split(":")[0]


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


def explainer_of(kind: str, template: Any) -> tw.Explainer:
    """A random model that reads with a published template."""
    model, processor = tiny.MODELS[kind]()
    processor = copy.copy(processor)  # the tests' own, which keeps its template
    processor.chat_template = template
    return tw.Explainer(model, processor)


def reading(case: Case, explainer: tw.Explainer) -> str:
    """`right`, `refused: why`, or `wrong: how`."""
    read: list[Any] = []
    hook = explainer.model.register_forward_pre_hook(
        lambda _model, _args, given: read.append(given["input_ids"][0].tolist()), with_kwargs=True
    )
    pictures = [Image.new("RGB", (200, 120), colour) for colour in ("red", "blue")]
    messages = [{"role": role, "content": text} for role, text in case.messages]
    try:
        explanation = explainer.explain(pictures[: case.pictures], messages, answer=ANSWER)
    except TamError as error:
        return f"refused: {error}"
    finally:
        hook.remove()
    tokenizer = explainer.processor.tokenizer
    written = tokenizer.decode([*read[-1], explanation.tokens[-1].id])
    return next(mistakes(case, explanation, written), "right")


def mistakes(case: Case, explanation: tw.Explanation, written: str) -> Iterator[str]:
    """What of a conversation did not come to the model, or to the explanation, as it was given."""
    spoken = [text for role, text in case.messages if role in ("user", "assistant")]
    explained = [
        "".join(token.text for token in explanation.tokens[turn.start : turn.stop])
        for turn in explanation.turns
    ]
    for text, told in zip([*spoken, ANSWER], explained, strict=True):
        if told.strip() != text:
            yield f"wrong: {told!r} is explained for {text!r}"
    shown = re.sub(r"(<[^<>]+>|\[IMG\w*\])(\1)+", r"\1…", written)
    for text in [*(text for _, text in case.messages), ANSWER]:
        if written.count(text) != 1:
            yield f"wrong: the model reads {text!r} {written.count(text)} times: {shown!r}"
    if STRUCTURE.search(written):
        yield f"wrong: the model reads the structure of the messages: {shown!r}"
    if len(explanation.images) != case.pictures:
        yield f"wrong: {len(explanation.images)} pictures are explained, not {case.pictures}"


if __name__ == "__main__":
    main()
