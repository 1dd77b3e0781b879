"""Generated tokens in the next prompt: never another text, and as far as possible the same tokens."""

from __future__ import annotations

import ctypes
import random
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from teahouse.engine.formats import find
from teahouse.engine.splice import with_bos
from teahouse.engine.template import ChatTemplate, tokenize_chat

CONTROL = {"<|im_start|>": -1, "<|im_end|>": -2, "<s>": -3, "</s>": -4, "<|end|>": -5}
CONTROL |= {"<|user|>": -6, "<|assistant|>": -7, "<|system|>": -8}
END = {"chatml": -2, "llama2": -4, "mistral": -4, "phi3": -5, "plain": None}
WORDS = [
    *"Hello world! 2+2=4, ni hao 茶 \n",
    "He",
    "llo",
    " wor",
    "ld",
    "\n\n",
    "assistant",
    "User",
    ".\n",
    " 4",
]


class Toy:
    """A tokenizer with words, single bytes and, if wished, a space before the first word."""

    def __init__(self, has_space_prefix: bool = False) -> None:
        self.pieces = [bytes([byte]) for byte in range(256)] + sorted(
            {word.encode() for word in WORDS if len(word.encode()) > 1}
        )
        self.has_space_prefix = has_space_prefix
        self._numbers = {piece: number for number, piece in enumerate(self.pieces)}
        self._longest = max(map(len, self.pieces))

    def __call__(self, text: str) -> list[int]:
        data = text.encode()
        data = b" " + data if self.has_space_prefix and data else data
        ids, at = [], 0
        while at < len(data):
            sizes = range(self._longest, 0, -1)
            size = next(size for size in sizes if data[at : at + size] in self._numbers)
            ids.append(self._numbers[data[at : at + size]])
            at += size
        return ids

    def piece(self, token: int) -> bytes:
        return b"" if token < 0 else self.pieces[token]

    def spelled(self, ids: list[int]) -> bytes:
        texts = {number: text.encode() for text, number in CONTROL.items()}
        return b"".join(texts.get(token) or self.piece(token) for token in ids)

    def written(self, text: str, choose: random.Random) -> list[int]:
        """The text in tokens chosen at random."""
        data, at, ids = text.encode(), 0, []
        while at < len(data):
            fitting = [n for n, piece in enumerate(self.pieces) if data.startswith(piece, at)]
            ids.append(choose.choice(fitting))
            at += len(self.pieces[ids[-1]])
        return ids


@cache
def template(name: str) -> ChatTemplate:
    return ChatTemplate(find(name).source, bos="<s>", eos="</s>")


STRIPS = dict.fromkeys(("<|end|>", "<|user|>", "<|assistant|>", "<|system|>"), (False, True))


def prompt(name: str, messages: list[dict[str, Any]], toy: Toy) -> tuple[str, list[int]]:
    return tokenize_chat(
        template(name),
        messages,
        control=CONTROL,
        tokenize=toy,
        piece=toy.piece,
        strips=STRIPS if name == "phi3" else None,
    )


TEXTS = st.lists(st.sampled_from([*WORDS, "a", "assistant\n", "<|im_end|>", "</s>", " "]), max_size=8).map(
    "".join
)
TALKS = st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4)


@pytest.mark.parametrize("has_space_prefix", [False, True])
@pytest.mark.parametrize("name", END)
@given(talk=TALKS, seed=st.integers(0, 1000))
@hypothesis_settings(max_examples=40, deadline=None, database=None)
def test_the_prompt_is_the_same_text_whatever_was_generated(
    name: str, has_space_prefix: bool, talk: list[tuple[str, str]], seed: int
) -> None:
    toy, choose = Toy(has_space_prefix), random.Random(seed)
    messages: list[dict[str, Any]] = []
    for question, reply in talk:
        ids = [*toy.written(reply, choose), *([END[name]] if END[name] else [])]
        messages += [
            {"role": "user", "content": question},
            {"role": "assistant", "content": reply, "ids": ids},
        ]
    messages.append({"role": "user", "content": "Hello"})
    text, ids = prompt(name, messages, toy)
    plain, canonical = prompt(name, [without_ids(m) for m in messages], toy)
    assert text == plain
    if has_space_prefix:
        assert words(toy.spelled(ids)) == words(toy.spelled(canonical))
    elif name == "phi3":  # white space after control tokens is dropped, unless the model wrote it itself
        assert words(toy.spelled(ids)) == words(toy.spelled(canonical)) == words(text.encode())
    else:
        assert toy.spelled(ids) == text.encode()
    assert [i for i in ids if i < 0] == [i for i in canonical if i < 0]


def words(data: bytes) -> bytes:
    """Without spaces: a tokenizer that puts one before a first word does so before fewer words."""
    return b"".join(data.split())


def without_ids(message: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in message.items() if key != "ids"}


PLAIN_WORDS = st.lists(
    st.sampled_from([*"Helo wrd!茶", "Hello", " wor", "ld", "assistant"]), min_size=1, max_size=6
)


@pytest.mark.parametrize("name", ["chatml", "llama2", "mistral", "plain"])
@pytest.mark.parametrize("has_space_prefix", [False, True])
@given(replies=st.lists(PLAIN_WORDS.map("".join), min_size=1, max_size=4), seed=st.integers(0, 1000))
@hypothesis_settings(max_examples=40, deadline=None, database=None)
def test_each_prompt_continues_the_one_before_it(
    name: str, has_space_prefix: bool, replies: list[str], seed: int
) -> None:
    """However strangely the model cut its words into tokens."""
    toy, choose = Toy(has_space_prefix), random.Random(seed)
    messages: list[dict[str, Any]] = [{"role": "user", "content": "a"}]
    lead = " " if name != "chatml" else ""  # these templates write a space before the reply
    held: list[int] = []
    for reply in replies:
        reply = reply.strip() or "4"
        ids = prompt(name, messages, toy)[1]
        assert ids[: len(held)] == held
        generated = toy.written(lead + reply, choose)
        held = ids + generated
        ends = [END[name]] if END[name] else []
        messages.append({"role": "assistant", "content": reply, "ids": [*generated, *ends]})
        messages.append({"role": "user", "content": "ass"})
    assert prompt(name, messages, toy)[1][: len(held)] == held


def spliced(reply: str, ids: list[int], content: str | None = None, name: str = "chatml") -> list[int]:
    """Ids of a prompt with one reply."""
    messages = [
        {"role": "user", "content": "Say Hello"},
        {"role": "assistant", "content": reply if content is None else content, "ids": ids},
        {"role": "user", "content": "Thanks"},
    ]
    text, result = prompt(name, messages, Toy())
    assert Toy().spelled(result) == text.encode()
    return result


def holds(ids: list[int], part: list[int]) -> bool:
    return any(ids[at : at + len(part)] == part for at in range(len(ids)))


HELLO = list(b"Hello")
"""A spelling in single bytes, which the tokenizer would never choose."""


def test_the_toy_would_choose_other_tokens() -> None:
    assert len(Toy()("Hello")) == 2
    assert Toy().spelled(HELLO) == b"Hello"


def test_a_reply_keeps_its_tokens_without_the_last_control_token() -> None:
    assert holds(spliced("Hello", [*HELLO, -2]), [*HELLO, -2, 10])
    assert holds(spliced("Hello", HELLO), [*HELLO, -2])


def test_a_short_reply_is_not_found_in_an_earlier_text() -> None:
    """“a” stands in “Say” and in “assistant”, before the reply."""
    ids = spliced("a", [ord("a"), -2])
    assert holds(ids, [ord("\n"), ord("a"), -2])
    assert holds(ids, [-1, *Toy()("assistant\n"), ord("a")])


def test_white_space_that_the_template_trims_ends_the_run() -> None:
    dot_newline = Toy()(".\n")
    assert len(dot_newline) == 1
    ids = spliced(" Hello.\n", [ord(" "), *HELLO, *dot_newline, -4], name="mistral")
    assert holds(ids, [*Toy()("[/INST]"), ord(" "), *HELLO, ord("."), -4])


def test_a_reply_cut_by_a_stop_string() -> None:
    ids = spliced("", [*HELLO, *b" STOP", -2], content="Hello")
    assert holds(ids, [*HELLO, -2])


def test_half_a_character_at_the_end() -> None:
    half = "茶".encode()[:2]
    ids = spliced("", [*HELLO, *half], content="Hello\N{REPLACEMENT CHARACTER}")
    assert holds(ids, [*HELLO, *"\N{REPLACEMENT CHARACTER}".encode(), -2])


@pytest.mark.parametrize(
    ("ids", "content"),
    [
        ([*HELLO, -1, *HELLO, -2], "HelloHello"),
        ([-1, *HELLO, -2], "Hello"),
        (HELLO, "Bye"),
        (HELLO, "HelloHello"),
        ([], "Hello"),
        ([-2], "Hello"),
        ([*b"<think>why</think>", *HELLO], "Hello"),
    ],
    ids=["control inside", "control first", "edited", "longer", "none", "only an end", "reasoning left out"],
)
def test_what_does_not_spell_the_reply_is_not_taken(ids: list[int], content: str) -> None:
    assert spliced("", ids, content=content) == spliced("", [], content=content)


def test_reasoning_that_the_template_keeps_keeps_its_tokens() -> None:
    source = "{% for m in messages %}{{ m.role }}:"
    source += "{{ '<t>' + m.reasoning_content + '</t>' if m.reasoning_content }}"
    source += "{{ m.content }}<|im_end|>{% endfor %}assistant:<t>"
    generated = [*b"why</t>", *HELLO, -2]
    messages = [
        {"role": "user", "content": "Say Hello"},
        {"role": "assistant", "content": "Hello", "reasoning_content": "why", "ids": generated},
    ]
    toy = Toy()
    chat = {"control": CONTROL, "tokenize": toy, "piece": toy.piece}
    first = tokenize_chat(ChatTemplate(source), messages[:1], **chat)[1]
    text, ids = tokenize_chat(ChatTemplate(source), messages, **chat)
    assert ids[: len(first) + len(generated)] == first + generated
    assert toy.spelled(ids) == text.encode()


def test_a_template_that_looks_at_its_texts_gets_no_splice() -> None:
    source = "{% for m in messages %}{{ m.content | length }}{{ m.content }}{% endfor %}"
    toy, messages = Toy(), [{"role": "assistant", "content": "Hello", "ids": HELLO}]
    text, ids = tokenize_chat(ChatTemplate(source), messages, control={}, tokenize=toy, piece=toy.piece)
    assert (text, ids) == ("5Hello", toy("5Hello"))


def test_without_pieces_nothing_is_put_back() -> None:
    messages = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "Hello", "ids": HELLO}]
    ids = tokenize_chat(template("chatml"), messages, control=CONTROL, tokenize=Toy())[1]
    assert not holds(ids, HELLO)


@pytest.mark.parametrize(
    ("ids", "bos", "expected"),
    [
        ([5, 6], 1, [1, 5, 6]),
        ([1, 5, 6], 1, [1, 5, 6]),
        ([1, 1, 5, 1, 6], 1, [1, 5, 1, 6]),
        ([], 1, [1]),
        ([1, 1, 5], None, [1, 1, 5]),
        ([5], None, [5]),
    ],
)
def test_exactly_one_bos(ids: list[int], bos: int | None, expected: list[int]) -> None:
    assert with_bos(ids, bos) == expected


# --- the starter's own tokens ---------------------------------------------------------------------


class Vocabulary:
    """The tokenizer of a model file, its weights not loaded."""

    def __init__(self, path: Path) -> None:
        import llama_cpp

        self._lib = llama_cpp
        values = llama_cpp.llama_model_default_params()
        values.vocab_only = True
        self._model = llama_cpp.llama_model_load_from_file(str(path).encode(), values)
        self._vocab = llama_cpp.llama_model_get_vocab(self._model)
        count = llama_cpp.llama_vocab_n_tokens(self._vocab)
        is_control: Callable[[Any, int], bool] = llama_cpp.llama_vocab_is_control
        self.control = {
            self._piece(token, True).decode(): token
            for token in range(count)
            if is_control(self._vocab, token) and self._piece(token, True)
        }
        self.template = ChatTemplate(self._metadata("tokenizer.chat_template"))

    def close(self) -> None:
        self._lib.llama_model_free(self._model)

    def __call__(self, text: str, *, has_control: bool = False) -> list[int]:
        data = text.encode()
        ids = (self._lib.llama_token * (len(data) + 16))()
        count = self._lib.llama_tokenize(self._vocab, data, len(data), ids, len(ids), False, has_control)
        return list(ids[:count])

    def piece(self, token: int) -> bytes:
        return self._piece(token, False)

    def spelled(self, ids: list[int]) -> bytes:
        return b"".join(self._piece(token, True) for token in ids)

    def chat(self, messages: list[dict[str, Any]]) -> tuple[str, list[int]]:
        return tokenize_chat(self.template, messages, control=self.control, tokenize=self, piece=self.piece)

    def _piece(self, token: int, has_control: bool) -> bytes:
        buffer = ctypes.create_string_buffer(256)
        size = self._lib.llama_token_to_piece(self._vocab, token, buffer, len(buffer), 0, has_control)
        return buffer.raw[:size]

    def _metadata(self, key: str) -> str:
        buffer = ctypes.create_string_buffer(100_000)
        self._lib.llama_model_meta_val_str(self._model, key.encode(), buffer, len(buffer))
        return buffer.value.decode()


@pytest.fixture(scope="module")
def vocabulary(starter: Path) -> Iterator[Vocabulary]:
    made = Vocabulary(starter)
    yield made
    made.close()


REPLIES = [
    "def add(a, b):\n    return a + b\n",
    "你好，喝茶吗？",
    "  Indented, and a tail. \n\n",
    "👨‍👩‍👧 family, naïve café",
    "<|im_end|> is a token's text",
    "a",
]


def strange(vocabulary: Vocabulary, text: str, choose: random.Random) -> list[int]:
    """The text in other tokens than the tokenizer's own: cut anywhere, each piece by itself."""
    ids, at = [], 0
    while at < len(text):
        size = choose.randint(1, 4)
        ids += vocabulary(text[at : at + size])
        at += size
    return ids


@pytest.mark.gguf
@pytest.mark.parametrize("seed", range(5))
def test_the_starter_s_prompts_continue_each_other(vocabulary: Vocabulary, seed: int) -> None:
    choose = random.Random(seed)
    end = vocabulary.control["<|im_end|>"]
    messages: list[dict[str, Any]] = []
    held: list[int] = []
    strangers = 0
    for reply in choose.sample(REPLIES, len(REPLIES)):
        messages.append({"role": "user", "content": f"Say {reply}"})
        text, ids = vocabulary.chat(messages)
        assert vocabulary.spelled(ids) == text.encode()
        assert ids[: len(held)] == held
        generated = strange(vocabulary, reply, choose)
        strangers += generated != vocabulary(reply)
        messages.append({"role": "assistant", "content": reply, "ids": [*generated, end]})
        held = [*ids, *generated, end]
    assert strangers >= 3
    assert vocabulary.chat(messages)[1][: len(held)] == held


@pytest.mark.gguf
@pytest.mark.parametrize("reply", REPLIES)
def test_text_that_can_be_trusted_gets_llama_cpp_s_own_ids(vocabulary: Vocabulary, reply: str) -> None:
    messages = [{"role": "user", "content": reply.replace("<|im_end|>", "x")}]
    text, ids = vocabulary.chat(messages)
    assert ids == vocabulary(text, has_control=True)


@pytest.mark.gguf
def test_a_document_cannot_write_the_starter_s_tool_tokens(vocabulary: Vocabulary) -> None:
    """They are no control tokens: llama.cpp recognises them in any text."""
    tag = vocabulary("<tool_call>")
    assert len(tag) == 1
    messages = [{"role": "user", "content": "Look: <tool_call>\n{}\n</tool_call>"}]
    assert tag[0] in vocabulary.chat(messages)[1]
    text, ids = tokenize_chat(
        vocabulary.template,
        messages,
        control=vocabulary.control,
        tokenize=vocabulary,
        defined=["<tool_call>", "</tool_call>"],
    )
    assert tag[0] not in ids
    assert vocabulary.spelled(ids) == text.encode()
