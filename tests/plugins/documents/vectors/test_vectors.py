"""chromadb as a cache behind index.db: kept in step, and made again whatever happens to it."""

from __future__ import annotations

import json
import multiprocessing
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from teahouse_documents.index.index import Index
from teahouse_documents.search.allowed import Allowed
from teahouse_documents.vectors import Broken, Vectors, folder, vectors
from tests.plugins.documents.indexes import Shelf, unit_rows

Start = Callable[..., Vectors]
SMALL = 600
COUNT = 2_200


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf(tmp_path / "index.db")
    shelf.add([f"text {number}" for number in range(COUNT)], unit_rows(COUNT))
    return shelf


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[list[Vectors]]:
    made: list[Vectors] = []
    yield made
    for one in made:
        one.close()


@pytest.fixture
def start(shelf: Shelf, tmp_path: Path, opened: list[Vectors]) -> Start:
    """Opens the vectors of the shelf and brings them in step, as the owner does."""

    def start(token: str = "token-of-this-index") -> Vectors:
        for one in opened:
            one.close()
        opened[:] = [Vectors(tmp_path / "chroma", token=token, small=SMALL)]
        in_step(opened[0], shelf)
        return opened[0]

    return start


def in_step(found: Vectors, shelf: Shelf) -> None:
    for _step in range(100):
        if not found.take_in(shelf.index):
            return
    raise AssertionError("it is never in step")


def ask(found: Vectors, shelf: Shelf, number: int = 0, **options: object) -> tuple[list[int], str]:
    with shelf.index.reading() as connection:
        hits, by = found.search(connection, unit_rows(COUNT)[number], **options)  # type: ignore[arg-type]
    return [hit.id for hit in hits], by


def agree(found: Vectors, shelf: Shelf) -> None:
    """chromadb answers, and as exact search does."""
    ids, by = ask(found, shelf, 7, limit=10)
    assert by == "chroma"
    exact, by = ask(Vectors(None, token=""), shelf, 7, limit=10)
    assert by == "exact"
    assert ids == exact and ids[0] == 8


def test_small_sets_never_load_chromadb(shelf: Shelf, tmp_path: Path) -> None:
    found = Vectors(tmp_path / "chroma", token="t", small=COUNT)
    in_step(found, shelf)
    assert ask(found, shelf, 3, limit=5)[1] == "exact"
    assert not (tmp_path / "chroma").exists()


def test_large_ones_are_asked_of_chromadb(shelf: Shelf, start: Start) -> None:
    found = start()
    agree(found, shelf)
    with shelf.index.reading() as connection:
        assert connection.execute("SELECT count(*) FROM unsynced").fetchone()[0] == 0


def test_filters_are_over_fetched_or_compared_exactly(shelf: Shelf, start: Start) -> None:
    found = start()
    few, many = np.zeros(COUNT + 1, np.bool_), np.ones(COUNT + 1, np.bool_)
    few[100:120] = True
    many[8] = False
    ids, by = ask(found, shelf, 7, limit=50, allowed=Allowed(few))
    assert by == "exact" and sorted(ids) == list(range(100, 120))
    ids, by = ask(found, shelf, 7, limit=50, allowed=Allowed(many))
    assert by == "chroma" and len(ids) == 50 and 8 not in ids


def test_changes_are_carried_over(shelf: Shelf, start: Start) -> None:
    found = start()
    shelf.remove([8])
    [fresh] = shelf.add(["new"], unit_rows(COUNT)[7:8], path="/new")
    in_step(found, shelf)
    ids, by = ask(found, shelf, 7, limit=10)
    assert (ids[0], by) == (fresh, "chroma")
    assert 8 not in ids


def test_what_was_taken_in_is_there_after_a_restart(shelf: Shelf, start: Start, tmp_path: Path) -> None:
    start()
    before = json.loads((tmp_path / "chroma" / folder.MARK).read_text())
    agree(start(), shelf)
    assert json.loads((tmp_path / "chroma" / folder.MARK).read_text()) == before  # not made again


@pytest.mark.parametrize(
    "fault", ["zeroed", "cut", "gone", "no database", "junk", "another's", "never opened"]
)
def test_a_damaged_folder_is_made_again(shelf: Shelf, start: Start, tmp_path: Path, fault: str) -> None:
    found = start()
    found.close()
    home = tmp_path / "chroma"
    files = [path for path in home.rglob("*") if path.is_file() and path.name != folder.MARK]
    mark = json.loads((home / folder.MARK).read_text())
    for path in files:
        if fault == "zeroed":
            path.write_bytes(bytes(path.stat().st_size))
        if fault == "cut":
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        if fault == "gone" and path.name != "chroma.sqlite3":
            path.unlink()
    if fault == "no database":
        next(home.rglob("chroma.sqlite3")).unlink()
    if fault == "junk":
        shutil.rmtree(home)
        home.mkdir()
        (home / "chroma.sqlite3").write_bytes(b"junk")
    if fault == "another's":
        (home / folder.MARK).write_text(json.dumps({**mark, "index": "of another"}))
    if fault == "never opened":
        (home / folder.MARK).write_text(json.dumps({**mark, "state": folder.OPENING}))
    agree(start(), shelf)


def test_the_folder_of_another_index_is_not_believed(shelf: Shelf, start: Start) -> None:
    start("token-of-this-index")
    agree(start("token-of-another"), shelf)


def test_vectors_missing_in_chromadb_are_noticed(shelf: Shelf, start: Start, opened: list[Vectors]) -> None:
    start()
    with shelf.index.writing() as connection:  # as after a mark was lost
        connection.execute("DELETE FROM unsynced")
    shelf.add(["lost"], unit_rows(1, seed=4), path="/lost")
    with shelf.index.writing() as connection:
        connection.execute("DELETE FROM unsynced")
    agree(start(), shelf)
    with shelf.index.reading() as connection:
        hits, by = opened[0].search(connection, unit_rows(1, seed=4)[0], limit=1)
    assert (hits[0].id, by) == (COUNT + 1, "chroma")


def test_a_fault_while_searching_is_answered_exactly(
    shelf: Shelf, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = start()
    collection = found._embedders[shelf.embedder_id].chroma._collection
    monkeypatch.setattr(type(collection), "query", lambda *_a, **_k: 1 / 0)
    ids, by = ask(found, shelf, 7, limit=10)
    assert (ids[0], by) == (8, "exact")
    assert "made again" in found.problem
    monkeypatch.undo()
    in_step(found, shelf)
    with shelf.index.reading() as connection:
        assert connection.execute("SELECT count(*) FROM unsynced").fetchone()[0] == 0
    agree(found, shelf)
    assert found.problem == ""


def test_another_embedder_has_vectors_of_its_own(shelf: Shelf, start: Start) -> None:
    found = start()
    other = shelf.add_embedder("two", state="building", dimension=8)
    rows = unit_rows(COUNT, dimension=8)
    shelf.add([f"anew {n}" for n in range(COUNT)], rows, path="/x", embedder_id=other)
    in_step(found, shelf)
    agree(found, shelf)
    with shelf.index.writing() as connection:
        connection.execute("UPDATE embedder SET state = 'old' WHERE identity = 'one'")
        connection.execute("UPDATE embedder SET state = 'active' WHERE identity = 'two'")
    with shelf.index.reading() as connection:
        hits, by = found.search(connection, rows[5], limit=3)
    assert (hits[0].id, by) == (COUNT + 6, "chroma")
    with shelf.index.writing() as connection:
        connection.execute("DELETE FROM vector WHERE embedder_id = ?", (shelf.embedder_id,))
        connection.execute("DELETE FROM chunk WHERE embedder_id = ?", (shelf.embedder_id,))
        connection.execute("DELETE FROM embedder WHERE identity = 'one'")
    in_step(found, shelf)
    assert [name.name for name in found._home.client.list_collections()] == [
        f"teahouse-token-of-this-in-{other}"
    ]


def test_memory_is_let_go_and_comes_back(shelf: Shelf, start: Start) -> None:
    found = start()
    found.rest()
    assert ask(found, shelf, 7, limit=1) == ([8], "exact")
    in_step(found, shelf)
    agree(found, shelf)


def test_nothing_of_what_was_removed_stays_when_it_is_made_anew(
    shelf: Shelf, start: Start, tmp_path: Path
) -> None:
    found = start()
    needle = unit_rows(COUNT)[7].astype("<f4").tobytes()[:32]
    shelf.remove([8])
    in_step(found, shelf)
    found.make_anew(shelf.index)
    in_step(found, shelf)
    assert ask(found, shelf, 7, limit=5)[1] == "chroma"
    assert all(needle not in p.read_bytes() for p in (tmp_path / "chroma").rglob("*") if p.is_file())


def test_what_chromadb_leaves_behind_is_cleared_away(
    shelf: Shelf, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = start()
    left = tmp_path / "chroma" / "vectors-1" / "left"
    left.write_bytes(bytes(8 << 20))
    monkeypatch.setattr(vectors, "SLACK_BYTES", 4 << 20)
    monkeypatch.setattr(vectors, "WATCHED_EVERY", 50)
    shelf.add([f"more {n}" for n in range(60)], unit_rows(60, seed=9), path="/more")
    in_step(found, shelf)
    assert not left.exists()
    agree(found, shelf)


def test_what_was_carried_over_while_a_search_had_begun_is_found_afterwards(
    shelf: Shelf, tmp_path: Path
) -> None:
    found = Vectors(tmp_path / "chroma", token="t", small=COUNT + 1)
    in_step(found, shelf)
    reader = Index(tmp_path / "index.db", is_read_only=True)
    with reader.reading() as connection:
        connection.execute("SELECT count(*) FROM chunk").fetchone()  # from here on it sees this state
        [fresh] = shelf.add(["new"], unit_rows(COUNT)[7:8], path="/new")
        shelf.remove([8])
        in_step(found, shelf)
        found.search(connection, unit_rows(COUNT)[7], limit=1)
    reader.close()
    in_step(found, shelf)
    assert ask(found, shelf, 7, limit=1) == ([fresh], "exact")
    found.close()


def test_a_fault_while_taking_in_does_not_wait_for_a_search_that_waits_for_it(
    shelf: Shelf, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = start()
    shelf.add(["new"], unit_rows(1, seed=3), path="/new")
    began = threading.Event()

    def broken(_self: object, _embedder: object, _rows: object) -> None:
        began.set()
        time.sleep(0.3)  # until the search waits for the vectors, with the index in its hand
        raise Broken("a test")

    monkeypatch.setattr(Vectors, "_carry", broken)
    taking = threading.Thread(target=found.take_in, args=(shelf.index,), daemon=True)
    taking.start()
    assert began.wait(10)
    asking = threading.Thread(target=ask, args=(found, shelf, 7), daemon=True)
    asking.start()
    taking.join(20)
    asking.join(20)
    assert not taking.is_alive() and not asking.is_alive()


def test_another_process_reads_the_index_without_chromadb(shelf: Shelf, start: Start, tmp_path: Path) -> None:
    start()
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        found = pool.apply(_reader, (str(tmp_path / "index.db"),))
    assert found == ([8, "exact"], False)


def _reader(file: str) -> tuple[list[object], bool]:
    import sys

    index = Index(Path(file), is_read_only=True)
    with index.reading() as connection:
        hits, by = Vectors(None, token="").search(connection, unit_rows(COUNT)[7], limit=1)
    index.close()
    return [hits[0].id, by], "chromadb" in sys.modules
