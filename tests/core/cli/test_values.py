"""Settings of one reply, one conversation or one model, as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from teahouse.messages import Conversation
from teahouse.store import Store
from tests.core.cli.commands import echo, is_quiet, teahouse

ASK = ("ask", "Hello there", "--model", "echo/echo")


@pytest.fixture
def made(home: Path) -> Conversation:
    store = Store(home / "data" / "teahouse.db")
    made = store.create_conversation(title="Tea", model="echo/echo")
    store.close()
    return made


def stored(home: Path, conversation_id: str) -> Conversation:
    store = Store(home / "data" / "teahouse.db")
    try:
        return store.conversation(conversation_id)
    finally:
        store.close()


def test_values_for_one_question(home: Path) -> None:
    done = echo(*ASK, "--set", "chat.max_tokens=4", "--set", "sampling.top_k=20", "--save")
    assert (done.returncode, done.stdout) == (0, "Hell\n")
    store = Store(home / "data" / "teahouse.db")
    [chat] = store.conversations()
    made = store.generation(store.visible_path(chat.id)[-1].id)
    store.close()
    assert made is not None and made.sampling["top_k"] == 20
    assert chat.settings == {}  # it was for this question alone
    assert echo(*ASK, "--max-tokens", "2").stdout == "He\n"
    assert echo(*ASK, "--set", "sampling.stop=lo").stdout == "Hel\n"


def test_a_value_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "stop 茶.txt"
    file.write_text("there\nlo", "utf-8")
    assert echo(*ASK, "--set", f"sampling.stop=@{file}").stdout == "Hel\n"
    done = echo(*ASK, "--set", f"sampling.stop=@{tmp_path / 'none'}")
    assert (done.returncode, is_quiet(done)) == (1, True)
    assert "none cannot be read" in done.stderr and "sampling.stop" in done.stderr
    file.write_bytes(b"\xff\xfe\x00")
    assert echo(*ASK, "--set", f"sampling.stop=@{file}").returncode == 1


@pytest.mark.parametrize(
    ("value", "code", "words"),
    [
        ("sampling.top_k", 2, "KEY=VALUE"),
        ("sampling.top_q=3", 1, "There is no setting sampling.top_q"),
        ("app.theme=dark", 1, "There is no setting app.theme for conversations"),
        ("sampling.top_k=-3", 1, "between 0 and 1000000"),
        ("sampling.top_p=much", 1, "sampling.top_p"),
        ("sampling.preset=nonsense", 1, "precise, balanced, creative, deterministic"),
        ('sampling.stop=["a", 3]', 1, "item 2"),
        ('sampling.banned=["a"', 1, "line 1, column 5"),
        ("sampling.off=top_q", 1, "top_k"),
        ('sampling.grammar=root ::= "a', 1, "line 1"),
        ("sampling.grammar=root ::= root", 1, "left"),
        ("sampling.json_schema={", 1, "line 1"),
    ],
)
def test_a_wrong_value_is_told_in_words(value: str, code: int, words: str) -> None:
    done = echo(*ASK, "--set", value)
    assert (done.returncode, done.stdout, is_quiet(done)) == (code, "", True)
    assert words in done.stderr


def test_values_of_a_conversation(home: Path, made: Conversation) -> None:
    done = teahouse("chats", "set", made.id, "--set", "sampling.top_k=20", "--set", "sampling.preset=precise")
    assert (done.returncode, done.stderr) == (0, "")
    assert stored(home, made.id).settings == {"sampling.top_k": 20, "sampling.preset": "precise"}
    done = teahouse(
        "chats", "set", made.id, "--reset", "sampling.preset", "--set", "chat.temperature=1", "--json"
    )
    assert json.loads(done.stdout)["settings"] == {"sampling.top_k": 20, "chat.temperature": 1.0}
    done = teahouse("chats", "set", made.id, "--set", "sampling.top_k=-1")
    assert (done.returncode, is_quiet(done)) == (1, True)
    assert stored(home, made.id).settings["sampling.top_k"] == 20
    assert teahouse("chats", "set", made.id, "--reset", "nonsense").returncode == 1


def test_values_of_a_model() -> None:
    def set_for(*arguments: str) -> tuple[int, str]:
        done = echo("models", "set", "echo/echo", *arguments)
        assert is_quiet(done)
        return done.returncode, done.stdout + done.stderr

    assert set_for("sampling.top_k", "20") == (0, "sampling.top_k for echo/echo: 20\n")
    assert set_for("sampling.dry_window", "-1") == (0, "sampling.dry_window for echo/echo: -1\n")
    assert set_for("chat.max_tokens", "3")[0] == 0
    assert set_for("sampling.preset", "creative")[0] == 0
    assert echo(*ASK).stdout == "Hel\n"
    assert echo(*ASK, "--set", "chat.max_tokens=5").stdout == "Hello\n"
    assert set_for("chat.max_tokens", "--reset")[0] == 0
    assert echo(*ASK).stdout == "Hello there\n"
    assert set_for("sampling.top_k", "much")[0] == 1


@pytest.mark.gguf
def test_the_starter_writes_what_a_grammar_allows(starter: Path, tmp_path: Path) -> None:
    grammar = tmp_path / "cities.gbnf"
    grammar.write_text('root ::= "Oslo" | "Rome"\n', "utf-8")
    schema = tmp_path / "schema.json"
    schema.write_text('{"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}')
    ask = ("ask", "What is the capital of France?", "--model", str(starter), "--temperature", "0")
    done = teahouse(*ask, "--set", f"sampling.grammar=@{grammar}", within_s=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() in ("Oslo", "Rome")
    done = teahouse(*ask, "--set", f"sampling.json_schema=@{schema}", "--max-tokens", "60", within_s=120)
    assert isinstance(json.loads(done.stdout)["city"], str)
