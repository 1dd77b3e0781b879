"""`teahouse messages list|pin|unpin|sent` as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from teahouse.messages import Generation, Timings, Usage
from teahouse.store import Store
from tests.core.cli.commands import is_quiet, teahouse


@pytest.fixture
def ids(home: Path) -> dict[str, str]:
    """A conversation with a question and a reply."""
    store = Store(home / "data" / "teahouse.db")
    conversation = store.create_conversation(title="Tea")
    asked = store.add_message(conversation.id, "user", "Which 茶\nis it\u001b[31m? " + "long " * 40)
    reply = store.add_message(conversation.id, "assistant", "Oolong.")
    store.close()
    return {"conversation": conversation.id, "asked": asked.id, "reply": reply.id}


def is_pinned(home: Path, message_id: str) -> bool:
    store = Store(home / "data" / "teahouse.db")
    try:
        return store.message(message_id).is_pinned
    finally:
        store.close()


def test_list_shows_ids_speakers_and_beginnings(ids: dict[str, str]) -> None:
    done = teahouse("messages", "list", "tea")
    assert (done.returncode, done.stderr) == (0, "")
    asked, reply = done.stdout.splitlines()
    assert asked.startswith(ids["asked"])
    assert "You" in asked and asked.endswith("…") and "Which 茶 is it" in asked
    assert "\u001b" not in asked
    assert reply.startswith(ids["reply"]) and reply.endswith("Oolong.")


def test_pin_and_unpin(ids: dict[str, str], home: Path) -> None:
    done = teahouse("messages", "pin", ids["asked"])
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Pinned: Which 茶")
    assert is_pinned(home, ids["asked"])
    [first, _reply] = teahouse("messages", "list", "tea").stdout.splitlines()
    assert "📌" in first
    told = json.loads(teahouse("messages", "unpin", ids["asked"], "--json").stdout)
    assert (told["id"], told["is_pinned"]) == (ids["asked"], False)
    assert not is_pinned(home, ids["asked"])


@pytest.mark.parametrize("verb", ["pin", "unpin", "sent"])
def test_an_unknown_message_is_told(ids: dict[str, str], verb: str) -> None:
    done = teahouse("messages", verb, "019a0000-0000-7000-8000-000000000000")
    assert done.returncode == 1
    assert "message" in done.stderr
    assert is_quiet(done)


def test_what_was_not_kept_cannot_be_shown(ids: dict[str, str]) -> None:
    done = teahouse("messages", "sent", ids["asked"])
    assert done.returncode == 1
    assert "has not been kept" in done.stderr
    assert is_quiet(done)


# --- with the real model ------------------------------------------------------------------------------


@pytest.fixture
def asked(home: Path, starter: Path) -> str:
    """The id of a reply of the starter."""
    done = teahouse("models", "add", str(starter), "--name", "starter")
    assert done.returncode == 0, done.stderr
    done = teahouse("ask", "Say 茶.", "--save", "--max-tokens", "4", "--model", "starter", within_s=300)
    assert done.returncode == 0, done.stderr
    [_asked, reply] = json.loads(teahouse("messages", "list", "Say", "--json").stdout)
    return str(reply["id"])


@pytest.mark.gguf
def test_what_was_sent_is_spelled_out(asked: str, home: Path, tmp_path: Path) -> None:
    done = teahouse("messages", "sent", asked, within_s=300)
    assert (done.returncode, done.stderr) == (0, "")
    assert "<|im_start|>user\nSay 茶.<|im_end|>" in done.stdout
    told = json.loads(teahouse("messages", "sent", asked, "--json", within_s=300).stdout)
    assert told["message_id"] == asked
    assert told["prompt"] in done.stdout
    assert told["prompt_tokens"] > 10
    assert told["not_sent"] == []
    assert told["adapters"] == [{"place": 0, "adapters": [], "names": []}]


@pytest.mark.gguf
def test_another_model_of_that_name_spells_nothing(asked: str, home: Path) -> None:
    store = Store(home / "data" / "teahouse.db")
    old = store.generation(asked)
    assert old is not None
    conversation = store.create_conversation(title="Another")
    reply = store.add_message(conversation.id, "assistant", "x", state="streaming")
    foreign = Generation(
        reply.id, old.model, "0" * 64, (1,), (1, 2, 3), (), {}, 0, Usage(3, 1), Timings(), "stop"
    )
    store.finish_message(reply.id, "complete", generation=foreign)
    store.close()
    done = teahouse("messages", "sent", reply.id, within_s=300)
    assert done.returncode == 1
    assert "is another one now" in done.stderr
    assert is_quiet(done)
