"""What the model answers with one thing changed; the result is a new step of the view.

The browser sends one of

- `write_on`: `token`, and in its place an `id` of the vocabulary or a `word`;
- `paint`: `image`, `strokes` and `boxes` as for `strokes.painted`, and the name of a `fill`;
- `crop`: `image` and a `box`;
- `answer`: another text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...errors import OptionError
from ...explanation.explanation import Explanation
from .question import Asked, Json, Question, Reply, answered_by
from .strokes import painted

if TYPE_CHECKING:
    from ..explorer import Explorer
    from .job import Job

Change = dict[str, Any]
"""Keywords of `Explainer.what_if`."""


def change_of(explanation: Explanation, arguments: Json) -> Change:
    """The change that the browser asks for.

    Raises:
        OptionError: If it asks for nothing, for several things, or for something unknown.
    """
    asked = [name for name in _CHANGES if name in arguments]
    if len(asked) != 1:
        raise OptionError(f"{' and '.join(asked) or 'nothing'} to change: give one of {_NAMES}")
    (name,) = asked
    return _CHANGES[name](explanation, arguments[name])


def _write_on(_explanation: Explanation, given: Any) -> Change:
    named = _mapping("write_on", given)
    token, word = named.get("token"), named.get("id", named.get("word"))
    if not isinstance(token, int) or word is None:
        raise OptionError(f"write_on={given!r:.80}: give a token, and an id or a word for it")
    return {"token": token, "word": word}


def _paint(explanation: Explanation, given: Any) -> Change:
    named = _mapping("paint", given)
    image = _image(explanation, named)
    stored = explanation.images[image]
    size = stored.width, stored.height
    region = painted(named.get("strokes", []), named.get("boxes", []), size)
    return {"region": region, "image": image, "fill": named.get("fill", "mean")}


def _crop(explanation: Explanation, given: Any) -> Change:
    named = _mapping("crop", given)
    return {"crop": named.get("box", ()), "image": _image(explanation, named)}


def _answer(_explanation: Explanation, given: Any) -> Change:
    if not isinstance(given, str):
        raise OptionError(f"answer={given!r:.80}: give a text")
    return {"answer": given}


def _image(explanation: Explanation, named: Mapping[str, Any]) -> int:
    image, count = named.get("image", 0), len(explanation.images)
    if not isinstance(image, int) or isinstance(image, bool) or not 0 <= image < count:
        raise OptionError(f"image={image!r:.80}: give 0 to {count - 1}")
    return image


def _mapping(name: str, given: Any) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise OptionError(f"{name}={given!r:.80}: give an object")
    return given


_CHANGES = {"write_on": _write_on, "paint": _paint, "crop": _crop, "answer": _answer}
_NAMES = ", ".join(_CHANGES)


def _work(asked: Asked, _job: Job) -> tuple[Change, Explanation]:
    change = change_of(asked.explanation, asked.arguments)
    return change, asked.model.what_if(asked.explanation, **change, progress=False)


def _take(view: Explorer, asked: Asked, result: tuple[Change, Explanation]) -> Reply:
    change, made = result
    return Reply({"step": view.add_step(asked.explanation, made, change)})


QUESTION = Question("what-if", _work, _take, possible=answered_by("what_if"))
