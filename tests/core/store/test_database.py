"""Files that are not ours, newer, damaged or out of reach: said in words, and left as they are."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from teahouse.errors import StoreError
from teahouse.jobs import Cancel
from teahouse.store import Store, database, migrations
from tests.core.store.samples import make_generation, raw
from tests.core.store.test_backups import run


def contents(file: Path) -> dict[str, bytes]:
    """Each file beside the database, itself included; not the index of the log, which is rebuilt."""
    return {f.name: f.read_bytes() for f in file.parent.iterdir() if f.is_file() and f.suffix != ".db-shm"}


def refuse(file: Path) -> StoreError:
    """The error of opening; everything in the folder is as it was."""
    before = contents(file)
    with pytest.raises(StoreError) as caught:
        Store(file)
    assert contents(file) == before
    assert str(file) in caught.value.text and caught.value.hint
    assert caught.value.data["path"] == str(file)
    return caught.value


def fill(file: Path) -> None:
    store = Store(file)
    for turn in range(30):
        made = store.create_conversation(title=str(turn))
        reply = store.add_message(made.id, "assistant", f"answer {turn} " * 200, state="streaming")
        store.finish_message(reply.id, "complete", generation=make_generation(reply.id))
    store.close()


@pytest.mark.parametrize(
    "content",
    [b"x", b"Dear diary, " * 1000, b"SQLite format 3\0", bytes(5000), random.Random(3).randbytes(9000)],
)
def test_a_file_that_is_no_database_is_refused_and_kept(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    assert "Nothing in it was changed" in refuse(file).text
    assert [f.name for f in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize("version", [0, 1, 99])
@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_a_database_of_another_program_is_refused_and_kept(file: Path, version: int, journal: str) -> None:
    file.parent.mkdir(parents=True)
    with raw(file) as connection:
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.execute("CREATE TABLE moz_places (url)")
        connection.execute(f"PRAGMA user_version = {version}")
    assert "not a database of Teahouse" in refuse(file).text


def test_a_folder_in_the_way_is_said(file: Path) -> None:
    file.mkdir(parents=True)
    with pytest.raises(StoreError) as caught:
        Store(file)
    assert str(file) in caught.value.text


def test_a_file_in_the_way_of_the_folder_is_said(file: Path) -> None:
    file.parent.parent.mkdir(exist_ok=True)
    file.parent.write_text("x")
    with pytest.raises(StoreError) as caught:
        Store(file)
    assert file.parent.read_text() == "x" and str(file) in caught.value.text


def test_writers_that_cannot_lock_are_said(file: Path) -> None:
    file.parent.mkdir(parents=True)
    (file.parent / "writers").write_text("in the way")
    with pytest.raises(StoreError) as caught:
        Store(file)
    assert "writers" in caught.value.text


def test_an_empty_file_becomes_a_database(file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.touch()
    fill(file)
    with raw(file) as connection:
        assert migrations.read_version(connection) == migrations.newest()
        assert migrations.read_application(connection) == migrations.APPLICATION_ID


def test_damaged_pages_give_an_error_in_words_or_placeholders(file: Path) -> None:
    fill(file)
    good = file.read_bytes()
    chance = random.Random(5)
    refused = 0
    for _copy in range(60):
        bad = bytearray(good)
        page = 4096 * chance.randrange(len(good) // 4096)
        start = page + (100 if not page else 0)
        bad[start : page + 4096] = chance.choice([bytes, chance.randbytes])(page + 4096 - start)
        file.write_bytes(bad)
        refused += not _can_be_read(file)
        assert file.read_bytes() == bytes(bad)
    assert 0 < refused < 60


def _can_be_read(file: Path) -> bool:
    """Read everything; False when that was refused, in words that name the file."""
    try:
        store = Store(file)
    except StoreError as error:
        assert str(file) in str(error)
        return False
    try:
        for conversation in store.conversations():
            for message in store.visible_path(conversation.id):
                store.generation(message.id)
    except StoreError as error:
        assert str(file) in str(error) or "not there" in str(error)
        return False
    finally:
        store.close()
    return True


def test_a_full_disk_keeps_what_was_saved_and_the_store_goes_on(store: Store) -> None:
    made = store.create_conversation()
    kept = store.add_message(made.id, "user", "kept")
    pages = store._database._connection.execute("PRAGMA page_count").fetchone()[0]
    store._database._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match="disk is full") as caught:
        store.add_message(made.id, "user", "x" * 100_000)
    assert "What was saved before is kept" in caught.value.text
    store._database._connection.execute("PRAGMA max_page_count = 1000000")
    assert [message.id for message in store.visible_path(made.id)] == [kept.id]
    store.add_message(made.id, "user", "x" * 100_000)
    assert len(store.visible_path(made.id)) == 2


def test_another_program_that_keeps_the_file_locked_is_said(store: Store, file: Path) -> None:
    store._database._connection.execute("PRAGMA busy_timeout = 50")
    with raw(file) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked"):
            store.create_conversation()
        assert store.conversations() == []
        other.execute("COMMIT")
    store.create_conversation()
    assert len(store.conversations()) == 1


def test_a_change_that_fails_in_the_middle_is_undone(store: Store) -> None:
    made = store.create_conversation()
    with pytest.raises(ZeroDivisionError), store._database.writing() as connection:
        connection.execute("UPDATE conversation SET title = 'lost'")
        raise ZeroDivisionError
    assert store.conversation(made.id).title == ""


def test_a_migration_that_fails_leaves_nothing_of_itself(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    with pytest.raises(sqlite3.OperationalError):
        migrations._run(connection, 1, "CREATE TABLE a (b);\nINSERT INTO a VALUES (1);\nCREATE TABLE a (c);")
    assert connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,)
    assert migrations.read_version(connection) == 0
    connection.close()


def test_migrations_are_numbered_without_gaps() -> None:
    assert [number for number, _script in migrations._scripts()] == list(range(1, migrations.newest() + 1))


def test_a_file_that_cannot_be_opened_again_after_a_restore_is_said_at_every_call(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = store.create_conversation(title="kept")
    backup = run(store.back_up(Cancel()))

    def refuse(_file: Path) -> int:
        raise PermissionError("no")

    with monkeypatch.context() as patch:
        patch.setattr(database, "read_schema", refuse)
        with pytest.raises(StoreError, match="no"):
            store.restore_backup(backup.path)
    for call in (
        store.conversations,
        lambda: store.create_conversation(title="x"),
        lambda: store.delete_conversation(made.id),
        lambda: store.search("kept"),
    ):
        with pytest.raises(StoreError) as caught:
            call()
        assert "could not be opened again" in caught.value.text and "kept" in caught.value.text
        assert "Restart" in caught.value.hint
    store.restore_backup(backup.path)
    assert [c.title for c in store.conversations()] == ["kept"]


def test_errors_of_the_program_are_not_dressed_as_errors_for_people(file: Path) -> None:
    with pytest.raises(sqlite3.IntegrityError), database.errors_in_words(file):
        raise sqlite3.IntegrityError("a bug")
