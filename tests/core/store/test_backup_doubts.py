"""Backups where the clock, a damaged field or another process is in the way."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from teahouse.errors import StoreDamaged
from teahouse.ids import now_ms
from teahouse.jobs import Cancel
from teahouse.store import Store, backups, database, health
from teahouse.store.backups import DAY_MS
from teahouse.store.salvage import salvage
from tests.core.store.damage import damage_pages, fill, pages_of
from tests.core.store.samples import raw
from tests.core.store.test_backups import pretend, run
from tests.core.store.test_migrations import VERSIONS, restore_version


def drop_roles(file: Path, count: int) -> None:
    """Leave fields empty that must not be, as damage does; the tables' rules stay as they were."""
    rules = "replace(replace(sql, ' STRICT', ''), 'role TEXT NOT NULL', 'role TEXT')"
    with raw(file) as connection:
        [rightly] = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'message'").fetchone()
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(f"UPDATE sqlite_schema SET sql = {rules} WHERE name = 'message'")
    with raw(file) as connection:
        connection.execute("UPDATE message SET role = NULL WHERE number <= ?", (count,))
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_schema SET sql = ? WHERE name = 'message'", (rightly,))


# --- the clock --------------------------------------------------------------------------------------


def test_copies_that_a_wrong_clock_has_dated_later_neither_drop_nor_hide_new_ones(
    store: Store, file: Path
) -> None:
    first = run(store.back_up(Cancel()))
    for week in range(40):
        pretend(file, now_ms() + (365 + 7 * week) * DAY_MS)
    first.path.unlink()
    assert store.is_backup_due
    made = run(store.back_up(Cancel()))
    assert made.path.exists() and not store.is_backup_due
    yesterday = pretend(file, now_ms() - DAY_MS)
    again = run(store.back_up(Cancel()))
    assert again.path.exists() and yesterday.exists()
    assert len(store.backups()) < 25


def test_a_copy_before_a_migration_stays_whatever_the_clock_says(file: Path) -> None:
    restore_version(file, VERSIONS[0])
    folder = file.parent / backups.FOLDER
    folder.mkdir()
    for day in range(4):
        (folder / f"before-schema-2-{backups.stamp(now_ms() + (9 + day) * DAY_MS)}.db").write_bytes(b"")
    Store(file).close()
    assert [path for path in folder.iterdir() if path.stat().st_size]


# --- damaged fields ---------------------------------------------------------------------------------


def test_a_damaged_field_is_no_reason_to_have_no_backup(file: Path) -> None:
    fill(file, 3)
    drop_roles(file, 1)
    store = Store(file)
    assert not store.is_read_only and store.health.problems
    made = run(store.back_up(Cancel()))
    assert made.conversations == 3
    store.restore_backup(made.path)
    assert len(store.conversations()) == 3
    store.close()


def test_many_damaged_fields_do_not_hide_a_damaged_page(file: Path) -> None:
    fill(file)
    drop_roles(file, 100)
    damage_pages(file, pages_of(file, "part")[-1:], bytes)
    store = Store(file)
    assert store.is_read_only and store.health.state == "damaged"
    assert not health.FIELD_PROBLEM.match(store.health.problems[0])
    store.close()


def test_a_damaged_field_that_stops_a_migration_is_called_damage_and_can_be_salvaged(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    restore_version(file, VERSIONS[0])
    drop_roles(file, 1)

    def refuse(connection: sqlite3.Connection) -> None:
        # What SQLite says from 3.42 on: it looks at every row when a column is added.
        connection.execute("SELECT raise_it()")

    monkeypatch.setattr(database.migrations, "migrate", refuse)
    with pytest.raises(StoreDamaged) as caught:
        Store(file)
    assert "message.role" in caught.value.text
    monkeypatch.undo()
    assert run(salvage(file, Cancel())).rows["message"] > 20
    Store(file).close()


# --- other processes --------------------------------------------------------------------------------


def test_copies_that_another_process_removes_meanwhile_fail_nothing(
    store: Store, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(store.back_up(Cancel()))
    gone = pretend(file, now_ms() - DAY_MS)
    found = backups._list(file)
    gone.unlink()
    monkeypatch.setattr(backups, "_list", lambda _file: found)
    assert len(store.backups()) == 1
