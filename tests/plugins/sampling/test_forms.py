"""Lists as the text of a setting."""

from __future__ import annotations

from typing import Any

import pytest

from teahouse.engine.sampling import ORDER
from teahouse.errors import SettingError
from teahouse_sampling.forms import (
    read_biases,
    read_names,
    read_texts,
    write_biases,
    write_names,
    write_texts,
)

KEY = "sampling.stop"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("[]", ()),
        ("one", ("one",)),
        ("one\n\n two \n", ("one", " two ")),
        ('["one", "zwei\\n", "茶"]', ("one", "zwei\n", "茶")),
        (' ["a"]', ("a",)),
    ],
)
def test_texts(text: str, found: tuple[str, ...]) -> None:
    assert read_texts(KEY, text) == found
    assert read_texts(KEY, write_texts(found)) == found


@pytest.mark.parametrize(
    "texts", [("[",), ("a\nb",), ('"',), ("[1]", "x"), ("",), ("\\n",), ("😀", "\t", " ")]
)
def test_any_texts_come_back(texts: tuple[str, ...]) -> None:
    if "" in texts:
        with pytest.raises(SettingError, match="item 1"):
            read_texts(KEY, write_texts(texts))
        return
    assert read_texts(KEY, write_texts(texts)) == texts


@pytest.mark.parametrize(
    ("text", "words", "data"),
    [
        ('["a",\n  oops]', "line 2, column 3", {"line": 2, "column": 3}),
        ("[", "line 1, column 2", {"line": 1, "column": 2}),
        ('["a", 3]', "item 2", {}),
        ('["a", ""]', "item 2", {}),
        ("[" * 100_000, "too deeply", {}),
    ],
)
def test_the_place_of_an_error_is_told(text: str, words: str, data: dict[str, Any]) -> None:
    with pytest.raises(SettingError, match=words) as caught:
        read_texts(KEY, text)
    assert {**caught.value.data, "key": KEY} == {**data, "key": KEY}


def test_a_breaker_that_native_code_would_cut() -> None:
    assert read_texts("sampling.dry_breakers", "x" * 40) == ("x" * 40,)
    with pytest.raises(SettingError, match="dry_breakers"):
        read_texts("sampling.dry_breakers", f'["{"x" * 41}"]')


def test_names() -> None:
    assert read_names("sampling.off", " top_k ,min_p,") == ("top_k", "min_p")
    assert read_names("sampling.order", write_names(ORDER)) == ORDER
    for wrong in ("top_k, top_k", "top_k min_p", "nonsense"):
        with pytest.raises(SettingError, match=r"sampling\.off"):
            read_names("sampling.off", wrong)


def test_biases() -> None:
    key = "sampling.logit_bias"
    found = ((5, -100.0), (" tea", 2.5))
    assert read_biases(key, '[[5, -100], [" tea", 2.5]]') == found
    assert read_biases(key, write_biases(found)) == found
    assert read_biases(key, " ") == read_biases(key, "[]") == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[5]", "item 1"),
        ("[[5, 1], [6]]", "item 2"),
        ('[["", 1]]', "item 1"),
        ("[[true, 1]]", "item 1"),
        ("[[5, 101]]", "logit_bias: 5"),
        ("[[5, null]]", "logit_bias: 5"),
        ("[[5, NaN]]", "logit_bias: 5"),
        ("[[5, 1], [5, 2]]", "5"),
        ("[[-5, 1]]", "-5"),
        ('{"5": 1}', "no list"),
        ("5", "no list"),
    ],
)
def test_wrong_biases(text: str, words: str) -> None:
    with pytest.raises(SettingError, match=words):
        read_biases("sampling.logit_bias", text)
