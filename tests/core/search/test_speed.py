"""A search is fast in a hundred thousand messages, whatever is searched."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import pytest

from teahouse.search import functions
from teahouse.search.finder import find
from teahouse.store import migrations
from tests.core.search.corpus import fill

CHINESE = [
    "的",
    "是",
    "署",
    "的 是",
    "我们",
    "部署",
    "部署容器",
    "部署 容器",
    "茶馆 天气",
    "的 -是",
    "字节跳动",
]
ENGLISH = ["the", "gen", "generation", "running code", '"the model"', "docker -the", "a", "con", "zzz"]
FILTERS = ["in:work 部署", "in:nowhere 的", "role:user 茶馆", "date:2023-12 茶馆", "model:qwen 天", "in:home"]
QUERIES = [*CHINESE, *ENGLISH, *FILTERS]
"""Common and rare words, one character, phrases, exclusions and filters, as people would type them."""


def open_filled(file: Path, count: int) -> sqlite3.Connection:
    """A database of our schema with the corpus in it."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.row_factory = sqlite3.Row
    functions.add_to(connection)
    connection.execute("PRAGMA journal_mode = WAL")
    migrations.migrate(connection)
    fill(connection, count)
    return connection


def measure(connection: sqlite3.Connection, query: str, *, times: int) -> list[float]:
    """Milliseconds of each of some searches."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        find(connection, query)
        found.append((time.perf_counter() - begun) * 1000)
    return found


def p95(milliseconds: list[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    return sorted(milliseconds)[int(len(milliseconds) * 0.95)]


def test_in_five_thousand_messages(tmp_path: Path) -> None:
    connection = open_filled(tmp_path / "t.db", 5000)
    for query in ("的", "是", "部署", "gen", "the", "in:work 部署"):
        hits = find(connection, query)
        assert len(hits) == 50, query
        assert all(hit.marks for hit in hits), query
    newest = [hit.created_ms for hit in find(connection, "的")]
    assert newest == sorted(newest, reverse=True)
    # Some 10 ms; wide enough for a machine that does other things, and too little for a walk over all texts.
    assert p95([ms for query in QUERIES for ms in measure(connection, query, times=3)]) < 250
    connection.close()


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_in_a_hundred_thousand_messages(tmp_path: Path) -> None:
    connection = open_filled(tmp_path / "t.db", 100_000)
    found = {query: measure(connection, query, times=20) for query in QUERIES}
    assert p95([ms for times in found.values() for ms in times]) < 50
    for query in ("的", "是"):
        assert p95(found[query]) < 50
    connection.close()
