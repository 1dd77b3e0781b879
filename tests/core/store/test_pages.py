"""The pages of a database read past SQLite: the same rows as SQLite's own, and no bytes at all fail it."""

from __future__ import annotations

import random
from contextlib import closing
from pathlib import Path

import pytest

from teahouse.store.pages import Pages
from tests.core.store.samples import raw


def rows_of(file: Path) -> list[tuple[int, tuple[object, ...]]]:
    with closing(Pages(file)) as pages:
        found = [(rowid, values) for rowid, values in pages.rows() if len(values) == 4]
    return sorted(found, key=lambda row: row[0])


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Rows of every type and length, on one page and over many."""
    file = tmp_path / "x.db"
    chance = random.Random(6)
    numbers = [0, 1, -1, 127, -128, 40_000, -(2**23), 2**31, 2**47 - 1, -(2**47), 2**62, None, 1.5, -0.25]
    with raw(file) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE t (a, b TEXT, c BLOB, d)")
        connection.execute("BEGIN")
        for row in range(300):
            length = chance.choice([0, 5, 470, 489, 490, 3900, 4056, 4061, 4062, 9000, 100_000])
            values = (
                chance.choice(numbers),
                "茶" * chance.choice([0, 3, 900]),
                chance.randbytes(length),
                row,
            )
            connection.execute(
                "INSERT INTO t (rowid, a, b, c, d) VALUES (?, ?, ?, ?, ?)", (row * 7 - 40, *values)
            )
        connection.execute("COMMIT")
    return file


def expected(file: Path) -> list[tuple[int, tuple[object, ...]]]:
    with raw(file) as connection:
        rows = connection.execute("SELECT rowid, * FROM t ORDER BY rowid").fetchall()
    return [(row[0], tuple(row[1:])) for row in rows]


@pytest.mark.parametrize("size", [512, 1024, 4096, 65536])
def test_rows_are_read_as_sqlite_reads_them(table: Path, size: int) -> None:
    with raw(table) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute(f"PRAGMA page_size = {size}")
        connection.execute("VACUUM")
    assert rows_of(table) == expected(table)


def test_the_log_comes_before_the_file_and_only_what_was_committed_counts(table: Path) -> None:
    with raw(table) as connection, raw(table) as other:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("UPDATE t SET b = 'changed'")
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN")
        connection.execute("UPDATE t SET b = 'not committed'")
        want = other.execute("SELECT rowid, * FROM t ORDER BY rowid").fetchall()
        assert rows_of(table) == [(row[0], tuple(row[1:])) for row in want]
        assert {values[1] for _rowid, values in rows_of(table)} == {"changed"}
        connection.execute("ROLLBACK")


def test_rows_that_were_deleted_stay_deleted(table: Path) -> None:
    with raw(table) as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("DELETE FROM t WHERE d > 10")
    assert rows_of(table) == expected(table)


@pytest.mark.parametrize("seed", range(40))
def test_no_bytes_fail_it(table: Path, seed: int) -> None:
    chance = random.Random(seed)
    with raw(table) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    data = bytearray(table.read_bytes())
    for _change in range(chance.choice([1, 30, 3000])):
        at = chance.randrange(len(data))
        data[at : at + chance.choice([1, 4, 500])] = chance.randbytes(1)
    table.write_bytes(data[: chance.randrange(len(data))])
    log = table.with_name("x.db-wal")
    log.write_bytes(chance.randbytes(chance.choice([0, 10, 20_000])))
    assert len(rows_of(table)) <= 400


def test_an_empty_file_has_no_rows(tmp_path: Path) -> None:
    file = tmp_path / "empty.db"
    file.touch()
    assert rows_of(file) == []
