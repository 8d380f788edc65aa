"""What a notebook prints of an object says what it is, in one line."""

from pathlib import Path

import numpy as np
import pytest

import tam_widgets as tw

from .samples import golden_trace
from .views import made


@pytest.fixture(scope="module")
def explainer() -> tw.Explainer:
    return tw.demo.explainer("qwen2-vl")


def test_an_explainer_says_its_model_family_dtype_and_device(explainer: tw.Explainer) -> None:
    assert repr(explainer) == "<SceneExplainer of 'qwen2-vl': qwen2_vl, float32 on cpu>"


def test_a_conversation_says_whom_it_is_with_and_how_long(explainer: tw.Explainer) -> None:
    chat = explainer.chat(progress=False)
    assert repr(chat) == "<Conversation with 'qwen2-vl': 0 turns>"
    chat.ask("Describe this image.", tw.demo.scene().image, answer="A dog.")
    assert repr(chat) == "<Conversation with 'qwen2-vl': 1 turn>"


def test_a_trace_says_its_sizes() -> None:
    trace = golden_trace("image_12x16")
    line = repr(trace)
    assert line.startswith(f"<Trace: {len(trace.input_ids)} input and {len(trace.answer_ids)} ")
    assert f"{len(trace.visual)} visual tokens" in line
    assert line.endswith(f"states of {trace.hidden.shape[1]} float32 values on cpu>")


@pytest.mark.parametrize(
    ("video", "said"),
    [
        (tw.Video("dog.mp4", fps=2.0), "Video('dog.mp4', fps=2.0)"),
        (tw.Video(Path("dog.mp4"), frames=8), "Video('dog.mp4', frames=8)"),
        (tw.Video("data:video/mp4;base64,AAAA"), "Video('data URL of 26 characters')"),
        (
            tw.Video(np.zeros((8, 32, 48, 3), np.uint8)),
            "Video(<ndarray of shape (8, 32, 48, 3)>)",
        ),
        (tw.Video([np.zeros((2, 2, 3), np.uint8)] * 3), "Video(<list of 3 frames>)"),
        (tw.Video(None), "Video(<NoneType>)"),
    ],
)
def test_a_video_says_its_source_and_its_sampling(video: tw.Video, said: str) -> None:
    assert repr(video) == said


def test_an_explanation_says_its_answer_but_not_all_of_a_long_one() -> None:
    assert repr(made.explanation()).startswith("<Explanation by by-hand: ' a dogling")
    long = made.explanation(("word " * 100,))
    assert len(repr(long)) < 300


def test_an_explanation_is_as_long_as_its_tokens() -> None:
    explanation = made.explanation()
    assert len(explanation) == len(explanation.tokens) == len(explanation.maps())


def test_an_explorer_says_what_it_shows_and_not_its_data() -> None:
    view = tw.compare(made.explanation(), made.explanation())
    assert repr(view) == "<Explorer of 'by-hand' and 'by-hand': tam>"
    view.selected, view.method = [(0, 3), (1, 3)], "cam"
    assert repr(view) == "<Explorer of 'by-hand' and 'by-hand': cam, 2 tokens locked>"
