"""What is large is said before it is made, with a way to make it smaller."""

import warnings
from pathlib import Path

import pytest

import tam_widgets as tw
from tam_widgets.errors import GenerationError
from tam_widgets.explanation import size_limit as record_limit
from tam_widgets.views import size_limit as view_limit
from tam_widgets.views.wire import encode

PROMPT = "Describe this image."


@pytest.fixture(scope="module")
def explanation() -> tw.Explanation:
    scene = tw.demo.scene(0).image
    return tw.demo.explainer("qwen2-vl").explain(scene, PROMPT, progress=False)


def test_the_size_of_a_view_is_that_of_its_buffers(explanation: tw.Explanation) -> None:
    header, buffers = encode([explanation])
    picture = buffers[header["panels"][0]["images"][0]["buffer"]]
    sent = sum(map(len, buffers)) - len(picture)
    references = 4 * (explanation.visual_length + len(explanation.tokens))
    assert sent - references <= view_limit.size([explanation]) <= sent


def test_a_large_view_and_page_are_announced(
    explanation: tw.Explanation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view_limit, "LARGE_VIEW", 1000)
    said = "the browser gets 0 MB, .*max_pixels"
    with pytest.warns(UserWarning, match=said) as viewed:
        tw.Explorer(explanation)
    with pytest.warns(UserWarning, match=said) as exported:
        explanation.to_html(tmp_path / "a.html")
    assert [warning.filename for warning in (*viewed, *exported)] == [__file__] * 2


def test_a_large_record_is_announced_before_the_model_writes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    explainer, scene = tw.demo.explainer("qwen2-vl"), tw.demo.scene(0).image
    monkeypatch.setattr(record_limit, "LARGE_RECORD", 100_000)
    with pytest.warns(UserWarning, match="tokens on .* visual tokens: .* GB") as told:
        explainer.explain(scene, PROMPT, progress=False, max_new_tokens=256)
    assert [warning.filename for warning in told] == [__file__]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        explainer.explain(scene, PROMPT, progress=False, max_new_tokens=1)
    with pytest.warns(UserWarning, match="up to"), pytest.raises(GenerationError):
        explainer.explain(scene, PROMPT, progress=False, num_return_sequences=2)
