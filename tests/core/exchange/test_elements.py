"""Cutting JSON text that arrives in pieces."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teahouse.exchange.elements import Element, Splitter

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def cut(text: str, size: int, **limits: int) -> list[Element]:
    splitter = Splitter(**limits)
    found = [one for at in range(0, len(text), size) for one in splitter.feed(text[at : at + size])]
    return found + list(splitter.finish())


@given(st.lists(VALUES, max_size=5), st.integers(1, 40), st.booleans(), st.sampled_from([None, 1]))
@settings(deadline=None)
def test_an_array_gives_its_elements(
    values: list[object], size: int, is_plain: bool, indent: int | None
) -> None:
    found = cut(json.dumps(values, ensure_ascii=is_plain, indent=indent), size)
    assert [json.loads(one.text) for one in found] == values
    assert not any(one.problem for one in found)


@given(st.lists(st.dictionaries(st.text(), VALUES), max_size=5), st.integers(1, 40))
@settings(deadline=None)
def test_lines_give_their_objects(values: list[dict[str, object]], size: int) -> None:
    found = cut("\n".join(map(json.dumps, values)), size)
    assert [json.loads(one.text) for one in found] == values


@given(st.text(alphabet='[]{}",:\\ \n1a', max_size=60), st.integers(1, 7))
@settings(deadline=None)
def test_any_text_ends_and_pieces_do_not_matter(text: str, size: int) -> None:
    assert cut(text, size) == cut(text, max(1, len(text)))


def test_a_broken_element_does_not_harm_its_neighbours() -> None:
    found = cut('[{"a": 1}, {"b": }, nonsense, {"c": 3}]', 5)
    assert [one.text for one in found] == ['{"a": 1}', '{"b": }', "nonsense", '{"c": 3}']


def test_the_end_of_a_file_that_was_cut_off_is_said() -> None:
    found = cut('[{"a": 1}, {"b": "tex', 4)
    assert [one.text for one in found] == ['{"a": 1}', ""]
    assert found[1].problem == "the file ends in the middle of it"


@pytest.mark.parametrize("text", ['[{"a": "%s"}, {"b": 2}]' % ("x" * 50), '[%s, {"b": 2}]' % ("1" * 50)])
def test_what_is_too_long_is_passed_over(text: str) -> None:
    first, second = cut(text, 7, max_chars=30)
    assert (first.text, first.problem) == ("", "it is too long")
    assert second.text == '{"b": 2}'


def test_what_would_fill_memory_is_passed_over() -> None:
    first, second = cut("[[" + "[]," * 50 + ']], {"b": 2}]', 7, max_openings=40)
    assert (first.text, first.problem) == ("", "it is too long")
    assert second.text != "" and not second.problem


def test_what_is_too_deep_is_passed_over() -> None:
    first, second = cut("[" + "[" * 100_000 + "]" * 100_000 + ', {"b": 2}]', 1000)
    assert first.problem == "it is nested too deeply"
    assert second.text == '{"b": 2}'


def test_long_strings_and_many_pieces_take_linear_time() -> None:
    """A generous bound: quadratic work would take minutes."""
    text = '[{"a": "' + r"\u8336\\\"" * 400_000 + '"}]'
    began = time.monotonic()
    (found,) = cut(text, 1 << 12)
    assert time.monotonic() - began < 20
    assert len(json.loads(found.text)["a"]) == 3 * 400_000
