"""`teahouse chats branch` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from teahouse.messages import Message
from teahouse.store import Store
from tests.core.cli.commands import is_quiet, teahouse


@pytest.fixture
def talk(home: Path) -> list[Message]:
    """A conversation “Tea” of four messages, the second in two versions."""
    store = Store(home / "data" / "teahouse.db")
    chat = store.create_conversation(title="Tea").id
    one = store.add_message(chat, "user", "one")
    other = store.add_message(chat, "assistant", "other")
    two = store.add_message(chat, "assistant", "two", parent_id=one.id)
    rest = [store.add_message(chat, "user", "three"), store.add_message(chat, "assistant", "four")]
    store.close()
    return [one, two, *rest, other]


def branch(home: Path, *arguments: str) -> list[str]:
    done = teahouse("chats", "branch", *arguments, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    made = json.loads(done.stdout)
    assert made["title"] == "Tea (branch)"
    store = Store(home / "data" / "teahouse.db")
    try:
        return [message.text for message in store.visible_path(made["id"])]
    finally:
        store.close()


def test_up_to_a_message_by_its_place_or_id(home: Path, talk: list[Message]) -> None:
    chat = talk[0].conversation_id
    assert branch(home, chat, "2") == ["one", "two"]
    assert branch(home, chat, "-2") == ["one", "two", "three"]
    assert branch(home, chat, talk[1].id) == ["one", "two"]
    assert branch(home, chat, talk[4].id) == ["one", "other"]
    done = teahouse("chats", "branch", chat, "1")
    assert "“Tea (branch)” was made (" in done.stdout
    assert "Messages in it: 1." in done.stdout


@pytest.mark.parametrize("message", ["0", "5", "-5", "abc", "ffffffffffff", "９"])
def test_a_message_that_is_not_there_copies_nothing(home: Path, talk: list[Message], message: str) -> None:
    done = teahouse("chats", "branch", talk[0].conversation_id, message)
    assert done.returncode == 1
    assert "No message of this conversation is meant" in done.stderr
    assert is_quiet(done)
    assert len(json.loads(teahouse("chats", "list", "--json").stdout)) == 1
