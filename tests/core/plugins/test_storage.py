"""What a plugin keeps on disk."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from teahouse.app import App
from teahouse.errors import AppError, StoreDamaged, StoreError
from teahouse.plugins.storage import PluginStorage

ONE = "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL); CREATE INDEX by_text ON note (text);"
TWO = "ALTER TABLE note ADD COLUMN is_done INTEGER NOT NULL DEFAULT 0;\nUPDATE note SET text = text || ';';"


@pytest.fixture
def storage(tmp_path: Path) -> PluginStorage:
    return PluginStorage(tmp_path / "plugins" / "hello")


def test_nothing_is_made_before_it_is_used(app: App) -> None:
    storage = app.plugin_storage("hello")
    assert not (app.paths.data / "plugins").exists()
    assert storage.folder == app.paths.data / "plugins" / "hello"
    assert storage.folder.is_dir()


@pytest.mark.parametrize("name", ["../elsewhere", "/etc"])
def test_a_name_does_not_lead_elsewhere(app: App, name: str) -> None:
    with pytest.raises(AppError):
        app.plugin_storage(name)


def test_the_app_closes_what_is_open() -> None:
    app = App.open()
    database = app.plugin_storage("hello").database([ONE])
    app.close()
    with pytest.raises(sqlite3.ProgrammingError), database.reading():
        pass


def test_what_is_written_stays(storage: PluginStorage) -> None:
    with storage.database([ONE]).writing() as connection:
        connection.execute("INSERT INTO note (text) VALUES ('茶')")
    storage.close()
    with storage.database([ONE]).reading() as connection:
        assert [row["text"] for row in connection.execute("SELECT text FROM note")] == ["茶"]


def test_a_transaction_that_raises_is_undone(storage: PluginStorage) -> None:
    database = storage.database([ONE])
    with pytest.raises(RuntimeError), database.writing() as connection:
        connection.execute("INSERT INTO note (text) VALUES ('x')")
        raise RuntimeError
    with database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM note").fetchone()[0] == 0


def test_each_migration_runs_once_after_a_copy(storage: PluginStorage) -> None:
    with storage.database([ONE]).writing() as connection:
        connection.execute("INSERT INTO note (text) VALUES ('old')")
    storage.close()
    for _start in range(2):
        database = storage.database([ONE, TWO])
        assert database.version == 2
        with database.reading() as connection:
            assert connection.execute("SELECT text, is_done FROM note").fetchone()[:] == ("old;", 0)
        storage.close()
    [copy] = storage.folder.glob("*.before-2.db")
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT * FROM note").fetchall() == [(1, "old")]
    connection.close()


def test_a_migration_that_fails_leaves_the_file_as_it_was(storage: PluginStorage) -> None:
    storage.database([ONE])
    storage.close()
    with pytest.raises(StoreError):
        storage.database([ONE, TWO + "INSERT INTO nowhere VALUES (1);"])
    database = storage.database([ONE])
    assert database.version == 1
    with database.reading() as connection:
        assert len(connection.execute("PRAGMA table_info(note)").fetchall()) == 2


def test_a_file_of_a_newer_version_is_refused_and_left_alone(storage: PluginStorage) -> None:
    file = storage.database([ONE, TWO]).file
    storage.close()
    before = file.read_bytes()
    with pytest.raises(StoreError, match="newer version of the plugin"):
        storage.database([ONE])
    assert file.read_bytes() == before


def test_a_damaged_file_is_told(storage: PluginStorage) -> None:
    (storage.folder / "plugin.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreDamaged, match=r"plugin\.db"):
        storage.database([ONE])


def test_threads_take_turns(storage: PluginStorage) -> None:
    database = storage.database([ONE])

    def write() -> None:
        for number in range(20):
            with database.writing() as connection:
                connection.execute("INSERT INTO note (text) VALUES (?)", (str(number),))

    threads = [threading.Thread(target=write) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM note").fetchone()[0] == 80


def test_a_plugin_may_have_several_files(storage: PluginStorage) -> None:
    assert storage.database([ONE], name="a.db").file != storage.database([ONE], name="b.db").file
