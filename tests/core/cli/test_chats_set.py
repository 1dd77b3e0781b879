"""`teahouse chats set` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from teahouse.messages import Conversation
from teahouse.store import Store
from tests.core.cli.commands import is_quiet, teahouse


@pytest.fixture
def made(home: Path) -> Conversation:
    store = Store(home / "data" / "teahouse.db")
    made = store.create_conversation(title="Tea", system_prompt="Be brief.")
    store.change_conversation(made.id, tags=["old"], folder="drinks")
    store.close()
    return made


def stored(home: Path, conversation: Conversation) -> Conversation:
    store = Store(home / "data" / "teahouse.db")
    try:
        return store.conversation(conversation.id)
    finally:
        store.close()


def test_everything_at_once(home: Path, made: Conversation) -> None:
    done = teahouse(
        *("chats", "set", made.id[-8:], "--title", "Oolong \n 茶", "--system-prompt", "You are\na monk."),
        *("--folder", "house", "--tag", "a", "--tag", "b", "--pin", "--archive", "--json"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    found = stored(home, made)
    assert (found.title, found.system_prompt, found.folder) == ("Oolong 茶", "You are\na monk.", "house")
    assert (found.tags, found.is_pinned, found.is_archived) == (("a", "b"), True, True)
    assert json.loads(done.stdout)["title"] == "Oolong 茶"


def test_only_what_is_named_changes_and_empty_takes_away(home: Path, made: Conversation) -> None:
    assert "“Tea” is changed." in teahouse("chats", "set", made.id, "--pin").stdout
    found = stored(home, made)
    assert (found.system_prompt, found.tags, found.is_pinned) == ("Be brief.", ("old",), True)
    done = teahouse("chats", "set", made.id, "--system-prompt", "", "--tag", "", "--folder", "", "--unpin")
    assert done.returncode == 0
    found = stored(home, made)
    assert (found.system_prompt, found.tags, found.folder, found.is_pinned) == ("", (), "", False)


def test_nothing_to_change_and_nobody_meant(made: Conversation) -> None:
    done = teahouse("chats", "set", made.id)
    assert (done.returncode, is_quiet(done)) == (2, True)
    done = teahouse("chats", "set", "nobody", "--pin")
    assert (done.returncode, is_quiet(done)) == (1, True)
