"""One JSON object a line."""

from __future__ import annotations

import base64
import inspect
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teahouse import errors
from teahouse.errors import AppError, EngineError
from teahouse.workers.wire import error_from_wire, error_to_wire, pack, pack_ids, unpack, unpack_ids

INT32 = st.integers(-(2**31), 2**31 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
QUICK = settings(max_examples=150, deadline=None, database=None)


@given(st.lists(INT32))
@QUICK
def test_ids_make_the_round_trip(ids: list[int]) -> None:
    assert unpack_ids(pack_ids(ids)) == ids


def test_ids_are_little_endian_int32() -> None:
    assert base64.b64decode(pack_ids([1, -1, 256])) == b"\1\0\0\0\xff\xff\xff\xff\0\1\0\0"


@pytest.mark.parametrize("ids", [[2**31], [-(2**31) - 1]])
def test_an_id_that_does_not_fit_is_an_error(ids: list[int]) -> None:
    with pytest.raises(OverflowError):
        pack_ids(ids)


@given(st.dictionaries(st.text(), VALUES, max_size=5))
@QUICK
def test_a_message_is_one_line_and_comes_back(message: dict[str, object]) -> None:
    line = pack(message)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert unpack(line) == message


@pytest.mark.parametrize("text", ["a\nb\r\nc", "\u2028\u2029\x85", "\0", "茶馆 👩‍👩‍👧 é", "\x1b[2J"])
def test_text_of_every_kind_stays_on_one_line(text: str) -> None:
    assert pack({"text": text}).count(b"\n") == 1
    assert unpack(pack({"text": text})) == {"text": text}


def test_half_a_character_does_not_break_the_wire() -> None:
    """A lone surrogate cannot be UTF-8; it becomes a replacement and the line stays whole."""
    assert unpack(pack({"text": "a\ud800b"}))["text"] in ("a?b", "a\ufffdb")


@pytest.mark.parametrize(
    "line", [b"", b"\n", b"garbage\n", b"[1, 2]\n", b"12\n", b'"x"\n', b"null\n", b"\xff\xfe\n", b'{"a": \n']
)
def test_what_is_no_object_is_a_value_error(line: bytes) -> None:
    with pytest.raises(ValueError):
        unpack(line)


def test_absurd_nesting_is_a_value_error_too() -> None:
    with pytest.raises(ValueError, match=r"nest|object"):
        unpack(b"[" * 100_000 + b"\n")


@pytest.mark.parametrize(
    "kind",
    [c for _name, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, AppError)],
    ids=lambda kind: kind.__name__,
)
def test_every_error_crosses_as_the_same_class(kind: type[AppError]) -> None:
    error = kind("What happened 茶.", "What to do.", path="/x y/茶", count=3)
    back = error_from_wire(json.loads(json.dumps(error_to_wire(error))))
    assert type(back) is kind
    assert (back.text, back.hint, back.data) == (error.text, error.hint, error.data)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"kind": "Nonsense", "text": "x"},
        {"kind": 3, "text": None, "data": [1]},
        {"kind": "os.system"},
        "x",
        None,
    ],
)
def test_an_error_of_an_unknown_kind_is_an_engine_error(answer: object) -> None:
    assert type(error_from_wire(answer)) is EngineError


@pytest.mark.parametrize(
    "data", [{"text": "x"}, {"hint": "x", "self": 1}, {"text": 1, "hint": 2, "path": "p"}]
)
def test_data_named_like_the_words_does_not_break_the_answer(data: dict[str, object]) -> None:
    """What a child sends is not trusted to be well chosen."""
    error = error_from_wire({"kind": "EngineError", "text": "words", "hint": "what to do", "data": data})
    assert (error.text, error.hint) == ("words", "what to do")


def test_data_that_is_no_json_does_not_hide_the_error() -> None:
    from pathlib import Path

    line = pack({"id": 1, "error": error_to_wire(EngineError("It failed.", path=Path("/x")))})
    assert unpack(line)["error"]["text"] == "It failed."
