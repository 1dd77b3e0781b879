"""`teahouse messages judge` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from teahouse.store import Store
from tests.core.cli.commands import is_quiet, teahouse


@pytest.fixture
def ids(home: Path) -> dict[str, str]:
    """A question with two versions of the reply."""
    store = Store(home / "data" / "teahouse.db")
    conversation = store.create_conversation(title="Tea")
    asked = store.add_message(conversation.id, "user", "Which?")
    first = store.add_message(conversation.id, "assistant", "Oolong.")
    second = store.add_message(conversation.id, "assistant", "龙井。", parent_id=asked.id)
    store.close()
    return {"asked": asked.id, "first": first.id, "second": second.id}


def test_thumb_note_and_best_are_kept(ids: dict[str, str], home: Path) -> None:
    done = teahouse("messages", "judge", ids["second"], "--thumb", "good", "--note", "short 短", "--best")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "good · best of its versions · short 短\n"
    told = json.loads(teahouse("messages", "judge", ids["second"], "--thumb", "none", "--json").stdout)
    assert (told["thumb"], told["note"], told["is_best"]) == (0, "short 短", True)
    assert teahouse("messages", "judge", ids["second"], "--not-best", "--note", "").stdout == "no judgement\n"
    store = Store(home / "data" / "teahouse.db")
    kept = store.message(ids["second"])
    store.close()
    assert (kept.thumb, kept.note, kept.rank) == (0, "", 0)


def test_only_replies_are_judged(ids: dict[str, str]) -> None:
    done = teahouse("messages", "judge", ids["asked"], "--thumb", "bad")
    assert done.returncode == 1 and "Only replies" in done.stderr
    assert is_quiet(done)
