"""kill -9 at random points loses nothing that was acknowledged."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

from teahouse.messages import Message
from teahouse.store import Store
from tests.core.store.samples import Spawn, digest, raw

ROUNDS = 48


def test_a_killed_writer_has_lost_nothing_it_had_acknowledged(file: Path, spawn: Spawn) -> None:
    chance = random.Random(20)
    told: list[Any] = []
    kills = 0
    for _round in range(ROUNDS):
        child = spawn("chat", file, str(chance.random()))
        told_now = [child.read() for _ in range(chance.randint(0, 16))]
        time.sleep(chance.uniform(0, 0.02))
        told_now += child.kill()
        _check(file, told_now[-10:])
        told += told_now
        kills += bool(told_now)
    assert kills >= 40, "too few were killed while they wrote"
    assert len({row[1] for row in told if row[0] == "finished"}) >= 20, "too few finished a reply"
    _check(file, told)
    _check_paths(file, told)


def test_a_store_killed_while_it_is_made_can_be_opened(home: Path, spawn: Spawn) -> None:
    chance = random.Random(21)
    for number in range(12):
        file = home / str(number) / "teahouse.db"
        child = spawn("chat", file, str(number))
        while not file.exists():
            time.sleep(0.0005)
        time.sleep(chance.uniform(0, 0.02))
        _check(file, child.kill())


def _check(file: Path, told: list[Any]) -> None:
    """The store opens, is sound, and has what was told."""
    store = Store(file)
    for kind, message_id, *values in told:
        message = store.message(message_id)
        if kind == "message":
            assert _has(message, *values)
        else:
            generation = store.generation(message_id)
            assert generation is not None and message.state == "complete"
            assert [list(generation.ids), list(generation.prompt_ids[::-1])] == values * 2
    store.close()
    with raw(file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert not connection.execute("SELECT 1 FROM message WHERE state = 'streaming'").fetchall()


def _has(message: Message, length: int, expected: str) -> bool:
    """The message begins with the text that was told; more may have been saved before the end."""
    return len(message.text) >= length and digest(message.text[:length]) == expected


def _check_paths(file: Path, told: list[Any]) -> None:
    """Each message is also found where a person looks for it."""
    store = Store(file)
    paths = [store.visible_path(conversation.id) for conversation in store.conversations()]
    assert {row[1] for row in told} <= {message.id for path in paths for message in path}
    store.close()
