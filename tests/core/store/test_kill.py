"""kill -9 at random points loses nothing that was acknowledged."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from teahouse.messages import Message
from teahouse.store import Store
from tests.core.store.samples import Child, Spawn, digest, raw

KILLS = 200
KILLS_A_FILE = 20
"""A fresh file now and then: a check reads all of it."""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="two hundred new interpreters take minutes")
def test_two_hundred_killed_writers_have_lost_nothing_they_had_acknowledged(home: Path, spawn: Spawn) -> None:
    chance = random.Random(20)
    server = spawn("serve_chats", home)
    in_the_middle = finished = 0
    for first in range(0, KILLS, KILLS_A_FILE):
        file = home / str(first) / "teahouse.db"
        file.parent.mkdir()
        told: list[Any] = []
        for number in range(KILLS_A_FILE):
            told_now = _chat_and_kill(server, file, file.parent / f"told {number}", chance)
            _check(file, told_now[-10:])
            told += told_now
            in_the_middle += bool(told_now)
        _check(file, told)
        _check_paths(file, told)
        finished += len({row[1] for row in told if row[0] == "finished"})
    assert in_the_middle >= KILLS * 3 // 4, "too few were killed while they wrote"
    assert finished >= KILLS // 2, "too few finished a reply"


def _chat_and_kill(server: Child, file: Path, told: Path, chance: random.Random) -> list[Any]:
    """What a child told before it was killed at some moment; a line cut in the middle tells nothing."""
    server.ask(str(file), str(told), str(chance.random()))
    [process] = server.read()
    wanted = chance.randint(0, 12)
    while not told.exists() or told.read_bytes().count(b"\n") < wanted:
        time.sleep(0.001)
    time.sleep(chance.uniform(0, 0.02))
    os.kill(process, signal.SIGKILL)
    assert server.read() == ["dead"]
    return [json.loads(line) for line in told.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]


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
