"""What the page on other tools and served models says of their files and servers is true."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import tam_widgets as tw

from .pages import blocks

PAGE = "docs/outside.md"


def code_with(text: str) -> str:
    """The page's only block with a text."""
    (found,) = [block.code for block in blocks(PAGE, "python") if text in block.code]
    return found


def test_a_file_written_without_the_package_opens(tmp_path: Path) -> None:
    code = code_with("save_file") + '\nimport sys\nassert "tam_widgets" not in sys.modules'
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)
    ex = tw.load(tmp_path / "theirs.safetensors")
    assert (ex.text, ex.title, list(ex.methods)) == ("A blue wall.", "their model", ["theirs"])
    assert ex.methods["theirs"].label == "their method"
    assert ex.methods["theirs"].signed
    assert [token.probability for token in ex.tokens] == [0.5] * 4
    expected = np.linspace(-1, 1, 4 * 24, dtype=np.float32).reshape(4, 4, 6)
    np.testing.assert_array_equal(ex.map(ex.find("blue"))[0], expected[1])
    assert tw.Explorer(ex).method == "theirs"
    ex.to_html(tmp_path / "theirs.html")
    ex.save(tmp_path / "again.safetensors")
    np.testing.assert_array_equal(tw.load(tmp_path / "again.safetensors").maps(), ex.maps())


@pytest.fixture
def server() -> Iterator[str]:
    """A server that answers as vLLM's does, for the demo model's own answer to one scene."""
    scene, explainer = tw.demo.scene(seed=40), tw.demo.explainer("qwen2-vl")
    known = explainer.explain(scene.image, scene.prompt, answer=scene.caption, progress=False)
    frozen, tokens = explainer.frozen(known), known.answer_tokens()
    texts = [known.tokens[token].text for token in tokens]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert self.path == "/v1/chat/completions"
            assert asked["continue_final_message"]
            assert not asked["add_generation_prompt"]
            (picture, prompt), answer = asked["messages"][0]["content"], asked["messages"][1]
            assert (prompt["text"], answer["content"]) == (scene.prompt, scene.caption)
            data = base64.b64decode(picture["image_url"]["url"].partition(",")[2])
            with Image.open(io.BytesIO(data)) as opened:
                (values,) = frozen.log_probabilities([[opened.convert("RGB")]], tokens)
            places: list[Any] = [None, {"7": {"logprob": -3.0, "rank": 2, "decoded_token": "<|im"}}]
            for number, (text, value) in enumerate(zip(texts, values, strict=True)):
                one = {"logprob": float(value), "rank": 1, "decoded_token": text}
                places.append({str(number): one})
            body = json.dumps({"choices": [], "prompt_logprobs": places}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_port}/v1"
        made.shutdown()


def test_a_server_is_asked_by_the_code_of_the_page(server: str) -> None:
    scene = tw.demo.scene(seed=40)
    code = code_with("urllib.request").replace("http://localhost:8000/v1", server)
    code, _, _ = code.partition("\nmodel = ")
    names: dict[str, Any] = {}
    exec(code, names)
    found = names["given_answer"](scene.image, scene.prompt, scene.caption)
    tokens = [text for text, _ in found]
    assert "".join(tokens) == scene.caption
    model = tw.ServedModel(names["served_log_probabilities"], name="over HTTP")
    ex = model.explain(scene.image, scene.prompt, scene.caption, tokens=tokens, grid=(2, 2))
    window = tw.METHODS["occlusion"].variant("occlusion", window=1)
    ex = model.attribute(ex, [window], progress=False)
    assert model.calls == 1 + 4

    explainer = tw.demo.explainer("qwen2-vl")
    known = explainer.explain(scene.image, scene.prompt, answer=scene.caption, progress=False)
    frozen, own = explainer.frozen(known), known.answer_tokens()
    direct = tw.ServedModel(
        lambda pictures, *_: frozen.log_probabilities([[one] for one in pictures], own),
        batch_size=1,
    )
    twin = direct.explain(scene.image, scene.prompt, scene.caption, tokens=tokens, grid=(2, 2))
    expected = direct.attribute(twin, [window], progress=False)
    np.testing.assert_allclose(ex.maps(), expected.maps(), atol=1e-5)
    assert [token.probability for token in ex.tokens] == [
        pytest.approx(token.probability) for token in expected.tokens
    ]


def test_a_server_that_fails_is_named(server: str) -> None:
    names: dict[str, Any] = {}
    code, _, _ = code_with("urllib.request").partition("\nmodel = ")
    exec(code.replace("http://localhost:8000/v1", server + "/missing"), names)
    model = tw.ServedModel(names["served_log_probabilities"])
    scene = tw.demo.scene(seed=40)
    with pytest.raises(tw.errors.ModelError, match="call 1 of the served model raised"):
        model.explain(scene.image, scene.prompt, scene.caption)
