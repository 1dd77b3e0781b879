"""The look at the pages when a store is opened: short, remembered, and damage makes it read-only."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from teahouse.errors import StoreDamaged, StoreError
from teahouse.jobs import Cancel
from teahouse.store import Store, health
from teahouse.store.health import Health
from tests.core.store.damage import damage_pages, fill, pages_of
from tests.core.store.samples import raw
from tests.core.store.test_backups import run


def test_a_sound_store_says_so_and_remembers_it(file: Path) -> None:
    fill(file)
    store = Store(file)
    assert store.health.state == "sound" and store.health.problems == () and not store.is_read_only
    assert health.recall(file) == store.health and not store.is_look_due
    store.close()


def test_damaged_pages_make_it_read_only_and_what_can_be_read_is_shown(file: Path) -> None:
    fill(file)
    damage_pages(file, pages_of(file, "generation")[-1:], bytes)
    before = file.read_bytes()
    store = Store(file)
    assert store.is_read_only and store.health.state == "damaged" and store.health.problems
    assert "damaged" in store.read_only_reason[0] and "backup" in store.read_only_reason[1]
    assert len(store.conversations()) == 40
    with pytest.raises(StoreError, match="damaged"):
        store.create_conversation()
    store.close()
    assert file.read_bytes() == before


def test_a_damaged_field_is_no_damage_of_the_pages(file: Path) -> None:
    fill(file)
    with raw(file) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_schema SET sql = replace(sql, 'NOT NULL', '') WHERE name = 'part'")
    with raw(file) as connection:
        connection.execute("UPDATE part SET kind = NULL WHERE rowid = 1")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, 'kind TEXT', 'kind TEXT NOT NULL')"
            " WHERE name = 'part'"
        )
    store = Store(file)
    assert store.health.problems == ("NULL value in part.kind",)
    assert store.health.state == "sound" and not store.is_read_only
    store.close()


def test_a_look_ends_in_time_and_then_says_what_was_remembered(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.parent.mkdir(parents=True)
    with raw(file) as connection:
        connection.execute("CREATE TABLE t (a TEXT, b TEXT, PRIMARY KEY (a, b))")
        connection.execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)"
            " INSERT INTO t SELECT hex(randomblob(16)), hex(zeroblob(300)) FROM n"
        )
    start = time.monotonic()
    assert health.look(file, limit_s=0.001).state == "unknown"
    assert time.monotonic() - start < 2
    assert not (file.parent / health.NAME).exists()
    kept = Health("sound", (), 5)
    health.remember(file, kept)
    assert health.look(file, limit_s=0.001) == kept and health.is_due(file)
    # Damage that was remembered is looked for again, for the file may be another one by now.
    health.remember(file, Health("damaged", ("x",), 5))
    assert health.look(file, limit_s=0.001).state == "sound"


@pytest.mark.parametrize(
    "kept",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b'{"state": "fine", "checked_ms": 1, "problems": []}',
        b'{"state": "sound", "checked_ms": "x", "problems": []}',
    ],
)
def test_a_memory_that_cannot_be_read_is_none(file: Path, kept: bytes) -> None:
    file.parent.mkdir(parents=True)
    (file.parent / health.NAME).write_bytes(kept)
    assert health.recall(file) == Health() and health.is_due(file)


def test_a_look_through_the_whole_file_runs_while_the_store_is_used(store: Store) -> None:
    store.create_conversation()
    assert run(store.look_through(Cancel())).state == "sound"


def test_an_old_version_that_is_damaged_is_not_brought_up_to_date(file: Path) -> None:
    from tests.core.store.test_migrations import VERSIONS, restore_version

    restore_version(file, VERSIONS[0])
    damage_pages(file, pages_of(file, "part")[-1:], random.Random(1).randbytes)
    before = file.read_bytes()
    with pytest.raises(StoreDamaged, match="damaged"):
        Store(file)
    assert file.read_bytes() == before
