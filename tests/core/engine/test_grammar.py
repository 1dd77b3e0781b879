"""What is refused before llama.cpp sees it, and that it takes what is not."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from teahouse.engine.grammar import GrammarError, check
from teahouse.engine.sampling import Sampling
from teahouse.errors import SettingError, by_name
from teahouse.workers.process import Worker, Workers
from tests.core.engine.grammars import FAULTY, REAL, VALID, damaged

RIGHT = {**VALID, **REAL}
MUTATIONS = 400


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_accepted(name: str) -> None:
    check(RIGHT[name])


@pytest.mark.parametrize("name", FAULTY)
def test_what_is_wrong_is_refused_with_its_place(name: str) -> None:
    text, line, column = FAULTY[name]
    with pytest.raises(GrammarError) as caught:
        check(text)
    assert (caught.value.data["line"], caught.value.data["column"]) == (line, column)
    assert f"line {line}, column {column}" in caught.value.text
    assert caught.value.hint
    if text:  # none at all is no fault of a reply's values
        with pytest.raises(SettingError):
            Sampling(grammar=text)


def test_a_grammar_that_is_too_long_or_has_too_many_rules_is_refused_soon() -> None:
    for text in ('root ::= "' + "a" * 300_000 + '"', "".join(f"r{n} ::= r{n + 1}\n" for n in range(20_000))):
        with pytest.raises(GrammarError):
            check(text)


def test_long_chains_of_rules_are_checked_without_end_of_stack() -> None:
    chain = "".join(f'r{n} ::= "a"? r{n + 1}\n' for n in range(1500))
    check(f'root ::= r0\n{chain}r1500 ::= "x"')
    with pytest.raises(GrammarError, match="r1499"):
        check(f"root ::= r0\n{chain}r1500 ::= r0")


@pytest.mark.parametrize(
    "text",
    [
        "root ::= " + "a " * 95_000 + '\na ::= "x"',
        "root ::= " + '"a" ' * 48_000,
        "root ::= r0\n" + 'r0 ::= "a"?\n' + "".join(f"r{n} ::= r{n - 1}\n" for n in range(1, 1900)),
    ],
    ids=["names", "literals", "empty rules"],
)
def test_the_largest_grammars_are_checked_in_time(text: str) -> None:
    begun = time.monotonic()
    check(text)
    assert time.monotonic() - begun < 10  # it was more than a minute


def test_a_grammar_that_is_switched_off_is_not_checked() -> None:
    assert Sampling(grammar="root ::=  root", off=("grammar",)).stages == Sampling().stages


def test_the_error_crosses_the_pipe_as_itself() -> None:
    assert by_name("GrammarError") is GrammarError


def test_random_texts_are_accepted_or_refused_and_nothing_else() -> None:
    source = random.Random(3)
    for _number in range(3000):
        try:
            check(damaged(source.choice([*VALID.values()]), source))
        except GrammarError as error:
            assert error.data["line"] >= 1
            assert error.data["column"] >= 1


# --- with llama.cpp -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def child(starter: Path) -> Iterator[Worker]:
    workers = Workers()
    yield workers.start("tests.core.engine.samplers:serve")
    workers.close()


@pytest.mark.gguf
@pytest.mark.parametrize("name", RIGHT)
def test_llama_cpp_takes_what_is_right(child: Worker, starter: Path, name: str) -> None:
    assert child.call("accepts", path=str(starter), grammar=RIGHT[name], tries=["x"])["is_taken"]


@pytest.mark.gguf
def test_what_we_accept_llama_cpp_takes_and_survives(child: Worker, starter: Path) -> None:
    """A few hundred damaged grammars: none that passes our check kills it or is refused by it.

    Where a damaged one is ambiguous without measure, llama.cpp is slow without measure too, which no check
    can know; the seed is one that meets none. That such a reply can be stopped is tested in `test_judging`.
    """
    source, accepted = random.Random(5), []
    while len(accepted) < MUTATIONS:
        text = damaged(source.choice([*VALID.values()]), source)
        try:
            check(text)
        except GrammarError:
            continue
        accepted.append(text)
    assert len(set(accepted)) > MUTATIONS // 3
    for number, text in enumerate(dict.fromkeys(accepted)):
        tries = ["a", "1. e4", '{"a": [1]}']
        told = child.call("accepts", path=str(starter), grammar=text, tries=tries, samples=number % 5 == 0)
        assert told["is_taken"], text
    assert child.is_alive
