"""Databases of every released version are brought up to date whole or not at all; newer ones are read."""

from __future__ import annotations

import gzip
import json
from contextlib import closing
from pathlib import Path

import pytest

from teahouse.errors import StoreError
from teahouse.jobs import Cancel
from teahouse.messages import Conversation, WholeConversation
from teahouse.store import Store, migrations
from tests.core.store.make_version import describe
from tests.core.store.samples import Spawn, make_generation, raw
from tests.core.store.test_backups import run

VERSIONS = sorted((Path(__file__).parent / "versions").glob("schema_*.db.gz"))
"""A database of every released version, as that program left it; see `make_version`."""

OLDER = [path for path in VERSIONS if path.name != f"schema_{migrations.newest()}.db.gz"]

SET_AT_START = {"message": {"state", "writer_id"}}
"""Columns that opening sets right: a reply that was broken off becomes `partial`."""

Rows = dict[str, list[dict[str, object]]]


def restore_version(file: Path, version: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gzip.decompress(version.read_bytes()))


def columns_of(file: Path) -> dict[str, list[str]]:
    """The columns of each table that holds what people wrote; the index of the search can be made again."""
    with raw(file) as connection:
        names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        return {
            table: [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            for (table,) in names
            if not table.startswith(("search_", "sqlite_"))
        }


def read_rows(file: Path, columns: dict[str, list[str]]) -> Rows:
    """All values in these columns."""
    found: Rows = {}
    with raw(file) as connection:
        for table, names in columns.items():
            kept = [name for name in names if name not in SET_AT_START.get(table, ())]
            rows = connection.execute(f"SELECT {', '.join(kept)} FROM {table} ORDER BY rowid").fetchall()
            found[table] = [dict(zip(kept, row, strict=True)) for row in rows]
    return found


def holds(found: object, expected: object) -> bool:
    """Whether all that was there is there; a newer program may show more of it."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(holds(found.get(key), expected[key]) for key in expected)
    if isinstance(expected, list) and isinstance(found, list):
        return len(found) == len(expected) and all(map(holds, found, expected))
    return found == expected


def version_of(file: Path) -> int:
    with raw(file) as connection:
        return migrations.read_version(connection)


def contents(file: Path) -> dict[str, bytes]:
    """Each file beside the database with something in it; not the index of the log, which is rebuilt."""
    files = [f for f in file.parent.iterdir() if f.is_file() and f.suffix != ".db-shm"]
    return {f.name: f.read_bytes() for f in files if f.stat().st_size}


def test_every_released_version_has_its_database() -> None:
    """A new schema is released with one: `python -m tests.core.store.make_version tests/core/store/versions`.

    Schema 2 was never released: it and schema 3 came in one commit.
    """
    kept = [int(path.name.removeprefix("schema_").partition(".")[0]) for path in VERSIONS]
    assert kept == [1, *range(3, migrations.newest() + 1)]


@pytest.mark.parametrize("version", VERSIONS, ids=lambda path: path.name)
def test_what_a_released_version_wrote_reads_as_it_read_there(file: Path, version: Path) -> None:
    restore_version(file, version)
    said = version.with_name(version.name.replace(".db.", ".json."))
    expected = json.loads(gzip.decompress(said.read_bytes()))
    with closing(Store(file)) as store:
        assert holds(describe(store), expected)
    assert (
        sum(len(one["path"]) for one in expected) > 35
        and sum(len(one["generations"]) for one in expected) > 15
    )


@pytest.mark.parametrize("version", OLDER, ids=lambda path: path.name)
def test_every_older_version_is_brought_up_to_date_with_all_it_had(file: Path, version: Path) -> None:
    restore_version(file, version)
    columns, number = columns_of(file), version_of(file)
    before = read_rows(file, columns)
    assert len(before["message"]) == 50 and len(before["generation"]) == 24 and len(before["part"]) > 50
    Store(file).close()
    assert read_rows(file, columns) == before and version_of(file) == migrations.newest()
    with raw(file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    [copy] = (file.parent / "backups").iterdir()
    assert copy.name.startswith(f"before-schema-{number + 1}-")
    assert read_rows(copy, columns) == before and version_of(copy) == number


@pytest.mark.parametrize("version", OLDER, ids=lambda path: path.name)
def test_a_kill_in_the_middle_of_a_migration_leaves_the_version_before_or_after(
    file: Path, version: Path, spawn: Spawn
) -> None:
    restore_version(file, version)
    good, first, columns = file.read_bytes(), version_of(file), columns_of(file)
    before = read_rows(file, columns)
    steps = [
        (number, step)
        for number, text in migrations._scripts()
        if number > first
        for step in range(len(list(migrations._statements(text))) + 1)
    ]
    assert len(steps) > 8
    for number, step in steps:
        for leftover in file.parent.glob("teahouse.db*"):
            leftover.unlink()
        file.write_bytes(good)
        child = spawn("migrate_and_die", file, str(number), str(step))
        child._rest()
        assert child.process.returncode == -9
        assert version_of(file) == number - 1
        assert read_rows(file, columns) == before
    Store(file).close()
    assert version_of(file) == migrations.newest() and read_rows(file, columns) == before


def test_a_database_is_not_brought_up_to_date_without_a_backup(file: Path) -> None:
    restore_version(file, VERSIONS[0])
    (file.parent / "backups").write_text("in the way")
    with pytest.raises(StoreError):
        Store(file)
    assert version_of(file) == 1


def test_what_an_old_version_had_becomes_searchable_in_the_background(file: Path) -> None:
    restore_version(file, VERSIONS[0])
    store = Store(file)
    taken = run(store.complete_search(Cancel()))
    assert taken > 50 and run(store.complete_search(Cancel())) == 0
    assert {hit.role for hit in store.search("answer")} == {"assistant"}
    store.close()


def test_a_second_start_migrates_nothing_and_makes_no_backup(file: Path) -> None:
    for _start in range(2):
        Store(file).close()
    assert not (file.parent / "backups").exists()


# --- newer ------------------------------------------------------------------------------------------


@pytest.fixture
def newer(file: Path) -> Path:
    """A database of a version to come, which has a column and a table that nobody knows here."""
    store = Store(file)
    made = store.create_conversation(title="from tomorrow")
    reply = store.add_message(made.id, "assistant", "an answer", state="streaming")
    store.finish_message(reply.id, "complete", generation=make_generation(reply.id))
    store.close()
    with raw(file) as connection:
        connection.execute("ALTER TABLE message ADD COLUMN mood TEXT")
        connection.execute("CREATE TABLE mood (name TEXT)")
        connection.execute("PRAGMA user_version = 99")
    return file


def test_a_newer_database_is_shown_and_not_a_byte_of_it_changes(newer: Path) -> None:
    before = contents(newer)
    store = Store(newer)
    assert store.is_read_only and not store.is_backup_due
    assert "newer version" in store.read_only_reason[0] and "Install" in store.read_only_reason[1]
    [conversation] = store.conversations()
    assert [message.text for message in store.visible_path(conversation.id)] == ["an answer"]
    assert store.whole(conversation.id).generations[0].ids == (1, 2, 3)
    store.close()
    assert contents(newer) == before


def test_every_change_of_a_newer_database_is_refused_in_words(newer: Path) -> None:
    store = Store(newer)
    conversation = store.conversations()[0].id
    message = store.visible_path(conversation)[0].id
    whole = WholeConversation(Conversation("c", "t", 1, 1))
    changes = [
        lambda: store.create_conversation(),
        lambda: store.change_conversation(conversation, title="x"),
        lambda: store.trash_conversation(conversation),
        lambda: store.restore_conversation(conversation),
        lambda: store.delete_conversation(conversation),
        lambda: store.purge_trash(2**60),
        lambda: store.add_message(conversation, "user", "x"),
        lambda: store.add_turn(conversation, "x"),
        lambda: store.append_text(message, "x"),
        lambda: store.add_part(message, "text", "x"),
        lambda: store.pin_message(message, True),
        lambda: store.finish_message(message, "complete"),
        lambda: store.judge_message(message, thumb=1),
        lambda: store.rank_messages([message]),
        lambda: store.show_version(message),
        lambda: store.attach(message, "a", "text/plain", b"x"),
        lambda: store.save_prompt("a", "b"),
        lambda: store.delete_prompt("a"),
        lambda: store.add_whole(whole),
    ]
    before = contents(newer)
    for change in changes:
        with pytest.raises(StoreError, match="newer version"):
            change()
    store.close()
    assert contents(newer) == before


def test_a_newer_database_whose_log_was_not_folded_in_is_only_read(file: Path, spawn: Spawn) -> None:
    Store(file).close()
    child = spawn("renew", file)
    assert child.read() == ["done"]
    child.kill()
    assert (file.parent / "teahouse.db-wal").stat().st_size
    before = contents(file)
    store = Store(file)
    assert store.is_read_only and store.conversations() == []
    store.close()
    assert contents(file) == before
