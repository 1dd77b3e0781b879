"""Filters: which chunks a search may find."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from teahouse.ids import now_ms
from teahouse_documents.search.allowed import Allowed, Register
from teahouse_documents.values import Filters
from tests.plugins.documents.indexes import Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf(tmp_path / "index.db")
    shelf.add(["one", "two"], path="/docs/Note.MD", collection="work", mtime_ns=10_000_000)
    shelf.add(["three"], path="/docs/table.xlsx", kind="table", collection="home", mtime_ns=20_000_000)
    return shelf


def passing(shelf: Shelf, filters: Filters, register: Register | None = None) -> list[int] | None:
    with shelf.index.reading() as connection:
        allowed = (register or Register()).allowed(connection, filters)
    return None if allowed is None else [number for number in range(20) if number in allowed]


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (Filters(), None),
        (Filters(suffixes=(".md",)), [1, 2]),
        (Filters(suffixes=(".md", ".xlsx")), [1, 2, 3]),
        (Filters(path_part="TABLE"), [3]),
        (Filters(kinds=("table",)), [3]),
        (Filters(kinds=("code",)), []),
        (Filters(since_ms=15), [3]),
        (Filters(since_ms=now_ms()), []),
        (Filters(suffixes=(".md",), kinds=("table",)), []),
    ],
)
def test_what_passes(shelf: Shelf, filters: Filters, ids: list[int] | None) -> None:
    assert passing(shelf, filters) == ids


@pytest.mark.parametrize("part", ["études", "ÉTUDES", "E\u0301tudes", "straße", "STRASSE"])
def test_a_part_of_a_path_is_found_in_capitals_of_every_language(tmp_path: Path, part: str) -> None:
    shelf = Shelf(tmp_path / "letters.db")
    shelf.add(["one"], path="/ÉTUDES/Straße/a.txt")
    shelf.add(["two"], path="/other/100%_a.txt")
    assert passing(shelf, Filters(path_part=part)) == [1]
    assert passing(shelf, Filters(path_part="100%_")) == [2]
    assert passing(shelf, Filters(path_part="' OR 1=1 --")) == []


def test_collections(shelf: Shelf) -> None:
    assert passing(shelf, Filters(collection_ids=(shelf.collection_id("home"),))) == [3]
    assert passing(shelf, Filters(collection_ids=(999,))) == []


def test_what_comes_later_passes_too(shelf: Shelf) -> None:
    register = Register()
    assert passing(shelf, Filters(kinds=("table",)), register) == [3]
    shelf.add(["four"], path="/b.csv", kind="table")
    assert passing(shelf, Filters(kinds=("table",)), register) == [3, 4]


def test_only_the_embedder_in_force_is_searched(shelf: Shelf) -> None:
    other = shelf.add_embedder("two", state="building")
    shelf.add(["one anew"], path="/c", embedder_id=other)
    assert passing(shelf, Filters()) == [1, 2, 3]
    with shelf.index.writing() as connection:
        connection.execute("UPDATE embedder SET state = 'old' WHERE identity = 'one'")
        connection.execute("UPDATE embedder SET state = 'active' WHERE identity = 'two'")
    assert passing(shelf, Filters()) == [4]


def test_a_set_is_asked_for_ids_it_has_never_seen() -> None:
    allowed = Allowed(np.array([False, True, True]))
    assert allowed.count == 2
    assert 1 in allowed and 0 not in allowed and 3 not in allowed and -1 not in allowed
    assert allowed.pick(np.array([5, 2, 0, 1])).tolist() == [1, 3]
