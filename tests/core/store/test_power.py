"""Power cuts: writes that were not synced are dropped, torn or out of order; nothing acknowledged is lost.

The statements of a real store run once more through a file system that writes down each write and
sync. Then the power is cut at many points of what it wrote down, and a real store opens what is left.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw  # sqlite3 of the standard library takes no file system of our own
import pytest

from teahouse.errors import StoreError
from teahouse.messages import Conversation
from teahouse.store import Store
from teahouse.store.connections import DURABLE
from tests.core.store.samples import make_generation, raw

CUTS = 150
SECTOR = 512

Texts = dict[str, str]
"""What is acknowledged: of each message its text so far."""


@dataclass
class Session:
    """The statements of a store, and what was acknowledged after how many of them."""

    statements: list[str] = field(default_factory=list)
    acknowledged: list[tuple[int, Texts]] = field(default_factory=list)


@dataclass
class Disk:
    """What reached the file system, in order: (file, operation, place, bytes)."""

    log: list[tuple[str, str, int, bytes]] = field(default_factory=list)

    def after_cut(self, at: int, chance: random.Random) -> dict[str, bytes]:
        """The files after a power cut before operation `at`; what was not synced is there or not, or torn."""
        files: dict[str, bytearray] = {}
        for index, (name, operation, place, data) in enumerate(self.log[:at]):
            content = files.setdefault(name, bytearray())
            is_synced = any(entry[:2] == (name, "sync") for entry in self.log[index:at])
            if not is_synced and chance.random() < 0.5:
                continue
            if operation == "truncate":
                del content[place:]
            elif operation == "write":
                if not is_synced and chance.random() < 0.3:
                    data = data[: SECTOR * chance.randint(0, len(data) // SECTOR)]
                content.extend(bytes(max(0, place - len(content))))
                content[place : place + len(data)] = data
        return {name: bytes(content) for name, content in files.items()}

    def every_prefix(self) -> Iterator[tuple[int, dict[str, bytes]]]:
        """(operations done, files) for a cut after each operation, as far as the files differ.

        Of what was not synced nothing is there, or only what one of the files was written: the log
        without the database, the database without the log. The last cut of equal ones is given.
        """
        now: dict[str, bytearray] = {}
        synced: dict[str, bytes] = {}
        waiting: dict[str, dict[str, bytes]] = {}
        for at, (name, operation, place, data) in enumerate(self.log):
            content = now.setdefault(name, bytearray())
            changes_all, changes_one = (
                operation == "sync" and synced.get(name) != content,
                operation != "sync",
            )
            for kept in list(waiting):
                if changes_all or (changes_one and kept == name):
                    yield at, waiting.pop(kept)
            if operation == "sync":
                synced[name] = bytes(content)
            elif operation == "truncate":
                del content[place:]
            else:
                content.extend(bytes(max(0, place - len(content))))
                content[place : place + len(data)] = data
            waiting.setdefault("", dict(synced))
            for kept in now:
                if kept not in waiting:
                    waiting[kept] = {**synced, kept: bytes(now[kept])}
        for files in waiting.values():
            yield len(self.log), files


class RecordingFile(apsw.VFSFile):
    """A file that writes down what is done with it."""

    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self.disk = disk
        self.name = Path(name.filename() if hasattr(name, "filename") else name or "temporary").name

    def xWrite(self, data: bytes, offset: int) -> None:
        self.disk.log.append((self.name, "write", offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:
        self.disk.log.append((self.name, "truncate", size, b""))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:
        self.disk.log.append((self.name, "sync", 0, b""))
        super().xSync(flags)


class RecordingSystem(apsw.VFS):
    """Hands out such files."""

    def __init__(self, disk: Disk) -> None:
        super().__init__("recording", "")
        self.disk = disk

    def xOpen(self, name: Any, flags: list[int]) -> RecordingFile:
        return RecordingFile(self.disk, name, flags)


def chat(file: Path) -> Session:
    """A store that chats, with large and small writes and a checkpoint among them."""
    session, texts = Session(), Texts()
    store = Store(file)
    store._database._connection.set_trace_callback(session.statements.append)

    def acknowledge(message_id: str, text: str) -> None:
        texts[message_id] = text
        session.acknowledged.append((len(session.statements), dict(texts)))

    for number in range(6):
        made: Conversation = store.create_conversation(title=str(number))
        user = store.add_message(made.id, "user", f"question {number} " * 40)
        acknowledge(user.id, user.text)
        reply = store.add_message(made.id, "assistant", "", state="streaming")
        for slice_ in range(4):
            store.append_text(reply.id, f"slice {slice_} " * (300 if slice_ == 2 else 3))
            acknowledge(reply.id, texts.get(reply.id, "") + f"slice {slice_} " * (300 if slice_ == 2 else 3))
        store.finish_message(reply.id, "complete", generation=make_generation(reply.id))
        if number % 2:
            store._database.fold_log()
    store._database._connection.set_trace_callback(None)
    store.close()
    return session


def replay(file: Path, session: Session) -> tuple[Disk, list[tuple[int, Texts]]]:
    """The same statements on a recorded disk; what was acknowledged after how many of its operations."""
    disk = Disk()
    system = RecordingSystem(disk)
    connection = apsw.Connection(str(file), vfs="recording")
    # Without shared memory, which such a file system has not, a log needs the file to itself.
    for pragma in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", *DURABLE):
        connection.execute(f"PRAGMA {pragma}")
    acknowledged, waiting = [], list(session.acknowledged)
    for count, statement in enumerate(session.statements, start=1):
        if not statement.startswith("--"):
            connection.execute(statement).fetchall()
        while waiting and waiting[0][0] == count:
            acknowledged.append((len(disk.log), waiting.pop(0)[1]))
    assert system is not None and not waiting
    return disk, acknowledged


def record(home: Path) -> tuple[Disk, list[tuple[int, Texts]]]:
    """A store that chats, written down from its first byte."""
    empty, chatting, recorded = (home / name / "teahouse.db" for name in ("empty", "chatting", "recorded"))
    Store(empty).close()
    start = empty.read_bytes()
    for file in (chatting, recorded):
        file.parent.mkdir(parents=True)
        file.write_bytes(start)
    disk, acknowledged = replay(recorded, chat(chatting))
    disk.log[:0] = [("teahouse.db", "write", 0, start), ("teahouse.db", "sync", 0, b"")]
    assert sum(operation == "sync" for _name, operation, *_rest in disk.log) > 40
    return disk, [(at + 2, texts) for at, texts in acknowledged]


def check(file: Path, files: dict[str, bytes], at: int, acknowledged: list[tuple[int, Texts]]) -> int:
    """A store opens what the cut has left, it is sound and has what was acknowledged; how much that was."""
    file.parent.mkdir(exist_ok=True)
    for leftover in file.parent.glob("*.*"):
        leftover.unlink()
    for name, content in files.items():
        (file.parent / name).write_bytes(content)
    expected = next((texts for done, texts in reversed(acknowledged) if done <= at), Texts())
    with closing(Store(file)) as store:
        assert store.health.state == "sound" and not store.is_read_only
        for message_id, text in expected.items():
            assert store.message(message_id).text.startswith(text)
    with raw(file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    return len(expected)


def test_what_was_acknowledged_survives_the_power_at_every_point(home: Path) -> None:
    disk, acknowledged = record(home)
    cuts = [
        check(home / "cut" / "teahouse.db", files, at, acknowledged)
        for at, files in disk.every_prefix()
        if at > 1
    ]
    assert len(cuts) > 200 and sum(cuts) > 200


def test_what_was_acknowledged_survives_torn_and_shuffled_writes(home: Path) -> None:
    disk, acknowledged = record(home)
    chance = random.Random(4)
    kept = 0
    for _cut in range(CUTS):
        at = chance.randint(2, len(disk.log))
        kept += check(home / "cut" / "teahouse.db", disk.after_cut(at, chance), at, acknowledged)
    assert kept > CUTS


def test_the_cut_disk_would_show_a_store_that_does_not_sync(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above can fail: without syncs, acknowledged messages are lost."""
    empty, chatting, recorded = (home / name / "teahouse.db" for name in ("empty", "chatting", "recorded"))
    Store(empty).close()
    for file in (chatting, recorded):
        file.parent.mkdir(parents=True)
        file.write_bytes(empty.read_bytes())
    session = chat(chatting)
    monkeypatch.setattr("tests.core.store.test_power.DURABLE", ("synchronous = OFF",))
    disk, acknowledged = replay(recorded, session)
    done, texts = acknowledged[-1]
    files = disk.after_cut(done, random.Random(1))
    file = home / "cut" / "teahouse.db"
    file.parent.mkdir()
    for name, content in {"teahouse.db": empty.read_bytes(), **files}.items():
        (file.parent / name).write_bytes(content)
    lost = 0
    try:
        with closing(Store(file)) as store:
            found = {c.id for c in store.conversations()}
            lost = len(texts) - sum(len(store.visible_path(one)) for one in found)
    except StoreError:
        lost = len(texts)
    assert lost > 0
