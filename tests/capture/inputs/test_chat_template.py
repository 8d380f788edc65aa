"""What the model reads is what the user wrote, whichever form its chat template wants."""

import copy
import re
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import tam_widgets as tw
from tam_widgets.capture.inputs.chat_template import Chat, render
from tam_widgets.capture.inputs.prompting import as_messages
from tam_widgets.errors import ProcessorError, PromptError

from ...models import tiny

PICTURE = "<|vision_start|><|image_pad|><|vision_end|>"
LOOP = (
    "{% for p in m.content %}{% if p.type == 'image' %}" + PICTURE + "{% else %}{{ p.text }}"
    "{% endif %}{% endfor %}"
)
START = "{% if add_generation_prompt %}<a>{% endif %}"

# Each with what it writes of a system prompt, a question with a picture, its answer and the next.
FORMS = {
    "lists": (
        "{% for m in messages %}<{{ m.role[0] }}>" + LOOP + "{% endfor %}" + START,
        "<s>SYSTEM<u>" + PICTURE + "FIRST<a>SAID<u>NEXT<a>",
    ),
    "strings beside the user's": (
        "{% for m in messages %}<{{ m.role[0] }}>{% if m.role == 'user' %}" + LOOP + "{% else %}"
        "{{ m.content }}{% endif %}{% endfor %}" + START,
        "<s>SYSTEM<u>" + PICTURE + "FIRST<a>SAID<u>NEXT<a>",
    ),
    "a string for the system prompt only": (
        "{% for m in messages %}<{{ m.role[0] }}>{% if m.role == 'system' %}{{ m.content | trim }}"
        "{% else %}" + LOOP + "{% endif %}{% endfor %}" + START,
        "<s>SYSTEM<u>" + PICTURE + "FIRST<a>SAID<u>NEXT<a>",
    ),
    "strings for answers only": (
        "{% for m in messages %}<{{ m.role[0] }}>{% if m.role == 'assistant' %}{{ m.content }}"
        "{% elif m.role == 'system' %}{{ m.content[0].text }}{% else %}" + LOOP + "{% endif %}"
        "{% endfor %}" + START,
        "<s>SYSTEM<u>" + PICTURE + "FIRST<a>SAID<u>NEXT<a>",
    ),
    "strings wherever there is only text": (
        "{% for m in messages %}<{{ m.role[0] }}>{% if m.content[0].type == 'image' %}" + LOOP
        + "{% else %}{{ '' + m.content }}{% endif %}{% endfor %}" + START,
        "<s>SYSTEM<u>" + PICTURE + "FIRST<a>SAID<u>NEXT<a>",
    ),
    "strings, joined into the last question": (
        "{% for m in messages %}{% if m.role == 'user' %}<u>{% if loop.last and messages[0].role =="
        " 'system' %}{{ messages[0].content + '|' }}{% endif %}" + LOOP
        + "{% elif m.role == 'assistant' %}<a>{{ m.content + '.' }}{% endif %}{% endfor %}" + START,
        "<u>" + PICTURE + "FIRST<a>SAID.<u>SYSTEM|NEXT<a>",
    ),
    "the system prompt before the first question": (
        "{% for m in messages if m.role != 'system' %}<{{ m.role[0] }}>{% if loop.first and "
        "messages[0].role == 'system' %}{{ messages[0].content[0].text + '|' }}{% endif %}"
        + LOOP.replace("p.text", "p.text | trim") + "{% endfor %}" + START,
        "<u>SYSTEM|" + PICTURE + "FIRST<a>SAID<u>NEXT<a>",
    ),
    "texts before pictures": (
        "{% for m in messages %}<{{ m.role[0] }}>{% for p in m.content if p.type == 'text' %}"
        "{{ p.text }}{% endfor %}{% for p in m.content if p.type == 'image' %}" + PICTURE
        + "{% endfor %}{% endfor %}" + START,
        "<s>SYSTEM<u>FIRST" + PICTURE + "<a>SAID<u>NEXT<a>",
    ),
    "thoughts left empty": (
        "{% for m in messages %}<{{ m.role[0] }}>{% if m.role == 'assistant' %}<t>\n\n</t>\n\n"
        "{{ m.content }}{% else %}" + LOOP + "{% endif %}{% endfor %}" + START,
        "<s>SYSTEM<u>" + PICTURE + "FIRST<a><t>\n\n</t>\n\nSAID<u>NEXT<a>",
    ),
}  # fmt: skip
WORDS = ["Be brief.", "What is this?", "A dog.", "And left of it?"]
CONFUSING = [
    "⟦0⟧", "⟦⟦1⟧", "⟦-⟧", "⟦answer⟧", "'", '"', "\\", "{", "}", "{{ m }}", "{% raw %}", " ", "\n",
    "[{'type': 'text', 'text': 'a'}]", "SAID", "FIRST", "<a>", "a",
]  # fmt: skip
texts = st.lists(st.sampled_from(CONFUSING) | st.text(max_size=3), max_size=6).map("".join)
words = texts.filter(lambda text: text.strip())


def write(messages: Any, template: str) -> str:
    return str(
        tiny.qwen_processor().apply_chat_template(
            messages, chat_template=template, add_generation_prompt=True, tokenize=False
        )
    )


def written(template: str, *said: tuple[str, Any], answer: str | None = None) -> Chat:
    messages, _ = as_messages([{"role": r, "content": c} for r, c in said], [None])
    return render(messages, partial(write, template=template), ["<|image_pad|>"], answer)


def conversation(system: str, first: str, said: str, following: str) -> list[tuple[str, str]]:
    return [("system", system), ("user", first), ("assistant", said), ("user", following)]


def filled(expected: str, *said: str) -> str:
    names = dict(zip(["SYSTEM", "FIRST", "SAID", "NEXT"], said, strict=True))
    return re.sub("|".join(names), lambda name: names[name[0]], expected)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@given(said=st.tuples(words, words, words, words))
@settings(max_examples=40, deadline=None)
def test_every_text_is_written_and_nothing_else_of_the_messages(
    form: tuple[str, str], said: tuple[str, str, str, str]
) -> None:
    template, expected = form
    chat = written(template, *conversation(*said))
    spoken = [chat.text[span.start : span.stop] for span in chat.spans]
    for text, given_text in zip(spoken, said[1:], strict=True):
        assert text in (given_text, given_text.strip())
    assert [span.turn for span in chat.spans] == [0, 1, 2]
    assert chat.roles == ("user", "assistant", "user")
    systems = (said[0], said[0].strip())
    assert chat.text in [filled(expected, system, *spoken) for system in systems]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@given(answer=words, question=words)
@settings(max_examples=20, deadline=None)
def test_an_answer_stands_where_the_template_puts_it(
    form: tuple[str, str], answer: str, question: str
) -> None:
    template, expected = form
    chat = written(template, ("user", question), answer=answer)
    between = "<t>\n\n</t>\n\n" if "<t>" in expected else ""
    assert chat.text == written(template, ("user", question)).text + between
    assert chat.answer_gap == ""


def test_a_blank_before_answers_belongs_to_their_first_word() -> None:
    template = FORMS["lists"][0].replace("{{ p.text }}", "{{ ' ' + p.text }}")
    chat = written(template, ("user", "What?"), answer="A dog.")
    assert (chat.text[-3:], chat.answer_gap) == ("<a>", " ")


def test_an_answer_that_brings_its_thought_gets_no_empty_one() -> None:
    """As templates of models that think do, whose generation prompt begins the thought."""
    template = (
        "{% for m in messages %}<{{ m.role[0] }}>{% if m.role == 'assistant' %}"
        "{% set parts = m.content.split('</t>') %}"
        "{{ '<t>\n' + (parts[0].strip('\n') if parts[1:] else '') + '\n</t>\n\n' }}"
        "{{ parts[-1].lstrip('\n') }}{% else %}" + LOOP + "{% endif %}{% endfor %}"
        "{% if add_generation_prompt %}{{ '<a><t>\n' }}{% endif %}"
    )
    question = ("user", "What?")
    assert written(template, question).text.endswith("<a><t>\n")
    assert written(template, question, answer="A dog.").text.endswith("<a><t>\n\n</t>\n\n")
    thought = written(template, question, answer="Fur.\n</t>\n\nA dog.")
    assert thought.text.endswith("<a><t>\n")
    with pytest.raises(ProcessorError, match="changes the assistant text"):
        written(template, question, ("assistant", "  Fur.</t> A dog."), question)


def test_several_texts_and_pictures_in_one_message() -> None:
    parts = [
        {"type": "text", "text": " Left: "},
        {"type": "image"},
        {"type": "text", "text": "⟦1⟧"},
        {"type": "text", "text": ""},
    ]
    system = [{"type": "text", "text": "Be brief."}, {"type": "text", "text": " Be kind."}]
    for template, _ in (FORMS["lists"], FORMS["strings beside the user's"]):
        chat = written(template, ("system", system), ("user", parts))
        assert chat.text == f"<s>Be brief. Be kind.<u> Left: {PICTURE}⟦1⟧<a>"
        assert [chat.text[s.start : s.stop] for s in chat.spans] == [" Left: ", "⟦1⟧"]


SPOKEN = "{% for m in messages if m.role in ('user', 'assistant') %}" + LOOP + "{% endfor %}"


@pytest.mark.parametrize("role", ["system", "developer", "tool"])
def test_a_role_is_written_or_refused(role: str) -> None:
    said = [("user", "What?"), ("assistant", "A dog."), (role, "'One' more.")]
    chat = written(FORMS["lists"][0], *said)
    assert chat.text == f"<u>{PICTURE}What?<a>A dog.<{role[0]}>'One' more.<a>"
    assert chat.roles == ("user", "assistant")
    with pytest.raises(ProcessorError, match=f"leaves out the {role} text") as raised:
        written(SPOKEN, *said)
    assert repr(f"{PICTURE}What?A dog.") in str(raised.value)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (SPOKEN, "leaves out the system text 'Be \"brief\".'"),
        (FORMS["lists"][0].replace("p.text", "p.text | upper"), "changes the system text"),
        (FORMS["lists"][0].replace("p.text", "p.text | replace('?', '')"), "changes the user text"),
        (FORMS["lists"][0].replace("p.text", "p.text * 2"), "repeats the system text"),
        (FORMS["lists"][0].replace("in messages", "in messages | reverse"), "moves the user text"),
        ("{% for m in messages %}{{ m.content }}{% endfor %}", "structure of the messages into"),
        ("{{ messages | tojson }}", "structure of the messages into"),
        ("{% for m in messages %}{{ m.content | map('string') | join }}{% endfor %}", "structure"),
        ("{{ raise_exception('no system role') }}", r"cannot render .* \(no system role\)"),
        ("{{ messages[0].content.text.nothing }}", "cannot render"),
        ("{{ messages[0].content + '' }}{{ raise_exception('no turns') }}", r"\(no turns\)"),
    ],
)
def test_templates_that_do_not_keep_the_words_are_refused(template: str, said: str) -> None:
    with pytest.raises(ProcessorError, match=said):
        written(template, *conversation('Be "brief".', "What is this?", "A dog.", "Where is it?"))


def test_what_was_written_is_shown_around_the_place() -> None:
    question = "What is left of the dog? " * 100
    with pytest.raises(ProcessorError, match="leaves out the system text") as raised:
        written(SPOKEN, ("user", question), ("user", "And this?"), ("system", "Be brief."))
    assert "And this?" in str(raised.value)
    assert len(str(raised.value)) < 600


@pytest.mark.parametrize("role", ["user", "assistant", "system", "developer", "tool"])
def test_placeholders_are_refused_in_every_role(role: str) -> None:
    with pytest.raises(PromptError, match="image placeholder"):
        written(FORMS["lists"][0], ("user", "What?"), (role, "<|image_pad|>"))


@pytest.mark.parametrize("role", ["user", "assistant", "system", "developer", "tool"])
def test_what_no_tokenizer_reads_is_refused_in_every_role(role: str) -> None:
    with pytest.raises(PromptError, match="at character 2, which tokenizers cannot read") as raised:
        written(FORMS["lists"][0], ("user", "What?"), (role, "A \ud83d dog"))
    assert str(raised.value).isprintable()


@pytest.fixture(scope="module")
def model() -> tuple[Any, Any]:
    return tiny.qwen2_vl()


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_model_reads_the_words_and_they_are_explained(
    form: tuple[str, str], model: tuple[Any, Any]
) -> None:
    template, expected = form
    processor = copy.copy(model[1])
    processor.chat_template = template
    explainer = tw.Explainer(model[0], processor)
    read: list[Any] = []
    hook = model[0].register_forward_pre_hook(
        lambda _model, _args, given: read.append(given["input_ids"][0]), with_kwargs=True
    )
    said = conversation(*WORDS)
    messages = [{"role": role, "content": text} for role, text in said]
    picture = Image.new("RGB", (56, 56), "red")
    try:
        one = explainer.explain(picture, messages, answer="A {red} 'cat'.")
        (many,) = explainer.explain_many([(picture, messages, "A {red} 'cat'.")], progress=False)
    finally:
        hook.remove()
    assert isinstance(many, tw.Explanation)
    assert many.token_ids.tolist() == one.token_ids.tolist()
    turns = ["".join(t.text for t in one.tokens[turn.start : turn.stop]) for turn in one.turns]
    assert turns == [*WORDS[1:], "A {red} 'cat'."]
    expected = filled(expected, *(text for _, text in said))
    if "<t>" in expected:
        expected += "<t>\n\n</t>\n\n"
    last = processor.tokenizer.decode(one.tokens[-1].id)
    decoded = processor.tokenizer.decode(read[0]).replace("<|image_pad|>" * 4, "<|image_pad|>")
    assert decoded + last == expected + "A {red} 'cat'."


def test_a_conversation_holds_the_answers_as_they_were_given(model: tuple[Any, Any]) -> None:
    processor = copy.copy(model[1])
    processor.chat_template = FORMS["strings beside the user's"][0]
    chat = tw.Explainer(model[0], processor).chat()
    chat.ask("What is this?", Image.new("RGB", (56, 56)), answer="A 'dog'.")
    second = chat.ask("And left?", answer="A cat.")
    assert second.prompt_text == "What is this?\nA 'dog'.\nAnd left?"
    assert second.text == "A cat."
