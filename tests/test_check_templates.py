"""The script that checks published chat templates tells right, refused and wrong apart."""

import json
import sys
from pathlib import Path

import pytest
from PIL import Image

import tam_widgets as tw
from scripts import check_templates
from scripts.check_templates import ANSWER, CASES, QUESTION, SYSTEM

from .models import tiny

DROPS = (
    "{% for m in messages if m.role in ('user', 'assistant') %}<|im_start|>{% for p in m.content %}"
    "{% if p.type == 'image' %}<|vision_start|><|image_pad|><|vision_end|>{% else %}{{ p.text }}"
    "{% endif %}{% endfor %}{% endfor %}<|im_start|>"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Checkpoints whose templates lie where transformers has put them over the years."""
    whole = tiny.qwen_processor().chat_template
    files = {
        "one/chat_template.jinja": whole,
        "two/chat_template.json": json.dumps({"chat_template": whole}),
        "three/tokenizer_config.json": json.dumps({"chat_template": DROPS}),
        "qwen2_vl/chat_template.jinja": whole,
        "unknown/chat_template.jinja": whole,
        "none/preprocessor_config.json": "{}",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text, encoding="utf-8")
    for name in ("one", "two", "three"):
        (tmp_path / name / "config.json").write_text('{"model_type": "qwen2_vl"}')
    return tmp_path


def test_every_checkpoint_gets_a_row(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["check_templates", str(folder)])
    with pytest.raises(SystemExit) as ended:
        check_templates.main()
    assert not ended.value.code
    printed = capsys.readouterr().out
    rows = {line.split()[0]: line.split()[1:] for line in printed.splitlines()[1:7]}
    assert rows["one"] == rows["two"] == rows["qwen2_vl"] == ["right"] * len(CASES)
    kept = [all(role in ("user", "assistant") for role, _ in case.messages) for case in CASES]
    assert rows["three"] == ["right" if whole else "refused" for whole in kept]
    assert rows["none"] == ["no", "chat", "template"]
    assert "no random model of type unknown" in printed
    assert "three, system prompt: refused: the chat template leaves out the system text" in printed
    assert printed.splitlines()[-1] == "23 right, 5 refused, 0 wrong"


def test_a_wrong_reading_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "qwen2_vl").mkdir()
    (tmp_path / "qwen2_vl" / "chat_template.jinja").write_text(DROPS)
    monkeypatch.setattr(sys, "argv", ["check_templates", str(tmp_path)])
    monkeypatch.setattr(check_templates, "mistakes", lambda *_: iter(["wrong: for the test"]))
    with pytest.raises(SystemExit) as ended:
        check_templates.main()
    assert ended.value.code
    assert "qwen2_vl, answer: wrong: for the test" in capsys.readouterr().out


def explained(question: str) -> tw.Explanation:
    return tw.Explainer(*tiny.qwen2_vl()).explain(
        Image.new("RGB", (56, 56)), question, answer=ANSWER
    )


def test_what_is_wrong_is_found() -> None:
    case = next(case for case in CASES if case.name == "system prompt")
    explanation = explained(QUESTION)
    right = f"<s>{SYSTEM}<u>{QUESTION}<a>{ANSWER}"
    assert not list(check_templates.mistakes(case, explanation, right))
    (structure,) = check_templates.mistakes(case, explanation, right + "[{'type': 'text'}]")
    assert "the structure of the messages" in structure
    (dropped,) = check_templates.mistakes(case, explanation, right.replace(SYSTEM, ""))
    assert "0 times" in dropped
    other = explained("What?")
    (words,) = check_templates.mistakes(case, other, right)
    assert words == f"wrong: 'What?' is explained for {QUESTION!r}"
