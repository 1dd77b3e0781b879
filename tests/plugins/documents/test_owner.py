from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from teahouse_documents.index import generations, reports
from teahouse_documents.index.index import Index, Unusable
from teahouse_documents.indexing import handing
from teahouse_documents.indexing.gate import Gate
from teahouse_documents.indexing.handing import Handed, Listed
from teahouse_documents.indexing.ports import WordsOnly
from teahouse_documents.indexing.speed import Speed
from teahouse_documents.options import Options
from teahouse_documents.owning.answers import Answers
from teahouse_documents.owning.owner import SUSPECT
from teahouse_documents.scanning import sources
from teahouse_documents.values import DocumentsError, Filters, Problem, SourceOptions
from tests.plugins.documents.fakes import Bench, FakeEmbedder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.txt").write_text(f"first of {number}\n\nsecond of {number}", "utf-8")
    return folder


@pytest.fixture
def bench(home: Path, folder: Path) -> Iterator[Bench]:
    bench = Bench(home / "data" / "documents")
    Answers(bench.owner).ask("add", collection="Books", path=str(folder), options=SourceOptions().as_json())
    bench.settle()
    yield bench
    bench.owner.close()


def search(bench: Bench, query: str) -> list[str]:
    found = bench.owner.search(query, [], Filters(), 10)
    return [hit.text for hit in found.hits]


def until(is_so: Callable[[], Any], within_s: float = 10.0) -> None:
    give_up_at = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < give_up_at
        time.sleep(0.02)


# --- embedders --------------------------------------------------------------------------------------


def test_another_embedder_is_built_beside(bench: Bench, folder: Path) -> None:
    bench = bench.restart(embedder=FakeEmbedder("other", 16))
    status = bench.owner.status()
    assert (status.embedder, status.building) == ("fake", "other")
    (folder / "0.txt").unlink()
    bench.owner.scanning.scan_now()
    indexing = bench.owner.indexing
    assert indexing is not None
    while indexing._read():
        pass
    assert bench.rows("SELECT dimension, count(*) FROM chunk JOIN embedder ON embedder.id = embedder_id "
                      "GROUP BY 1") == [(8, 8), (16, 8)]  # fmt: skip
    assert search(bench, "first of 2")[0] == "first of 2"  # by the old one, which is made again for it
    indexing.run_here()
    status = bench.owner.status()
    assert (status.embedder, status.building) == ("other", "")
    assert bench.rows("SELECT name FROM embedder") == [("other",)]
    assert bench.rows("SELECT count(*) FROM vector WHERE length(value) = 32") == [(8,)]
    assert bench.rows("SELECT count(*) FROM vector") == [(8,)]
    assert bench.rows("SELECT count(*) FROM fts WHERE fts MATCH 'of'") == [(8,)]
    assert search(bench, "first of 2")[0] == "first of 2"
    bench.owner.close()


def test_back_to_the_first_embedder_costs_nothing(bench: Bench) -> None:
    first = bench.embedder
    bench = bench.restart(embedder=FakeEmbedder("other", 16))
    assert bench.owner.indexing is not None
    for _step in range(3):
        bench.owner.indexing._read()
        bench.owner.indexing._embed()
    first.embedded.clear()
    bench = bench.restart(embedder=first)
    bench.settle()
    assert first.embedded == []
    assert bench.owner.status().building == ""
    assert bench.rows("SELECT count(*) FROM chunk") == [(10,)]
    bench.owner.close()


def test_words_only_until_there_is_an_embedder(home: Path, folder: Path) -> None:
    bench = Bench(home / "words", embedder=WordsOnly())
    sources.add(bench.owner.index, "Books", str(folder), SourceOptions())
    bench.settle()
    status = bench.owner.status()
    assert (status.done, status.embedded, status.embedder) == (5, 0, "")
    assert search(bench, "second of 4")[0] == "second of 4"
    bench = bench.restart(embedder=FakeEmbedder())
    bench.settle()
    status = bench.owner.status()
    assert (status.done, status.embedded, status.embedder) == (5, 10, "fake")
    bench.owner.close()


def test_failing_embedder_is_told_and_the_rest_goes_on(bench: Bench, folder: Path) -> None:
    (folder / "0.txt").write_text("entirely new", "utf-8")
    bench.embedder.is_broken = True
    bench.owner.scanning.scan_now()
    indexing = bench.owner.indexing
    assert indexing is not None
    indexing._try(indexing._read)
    for _try in range(3):
        assert not indexing._try(indexing._embed)
        assert not bench.owner.gate.is_open
    assert bench.owner.problems_of_index()[0] == Problem("embedder", "The fake embedder is broken.")
    assert bench.owner.status().activity == "stopped"
    assert bench.states()["0.txt"] == "failed"
    bench.embedder.is_broken = False
    answers = Answers(bench.owner)
    answers.ask("resume")
    assert answers.ask("retry") == 1
    bench.settle()
    assert bench.states()["0.txt"] == "done"
    assert bench.owner.problems_of_index() == []


# --- the gate ---------------------------------------------------------------------------------------


def test_pause_lasts_over_a_restart(bench: Bench) -> None:
    Answers(bench.owner).ask("pause")
    bench = bench.restart()
    assert bench.owner.status().activity == "paused"
    assert not bench.owner.gate.is_open
    Answers(bench.owner).ask("resume")
    assert bench.owner.gate.is_open
    bench.owner.close()


def test_indexing_waits_while_a_reply_runs() -> None:
    gate = Gate()
    gate.hold(0.2)
    assert gate.is_yielding and not gate.is_open
    gate.hold(0.0)
    assert gate.is_open


def test_threads_index_and_yield(home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(home / "threads", has_threads=True)
    owner = bench.owner
    owner.gate.hold(60)
    sources.add(owner.index, "Books", str(folder), SourceOptions())
    owner.scanning.rescan()
    until(lambda: owner.status().waiting == 5)
    assert owner.status().is_yielding
    assert bench.embedder.embedded == []
    owner.gate.hold(0)
    until(lambda: owner.status().done == 5)
    owner.close()
    assert not [t for t in threading.enumerate() if t.name in ("reading", "embedding", "scanning", "watch")]


def test_full_disk_stops_indexing_and_says_so(bench: Bench, folder: Path) -> None:
    pages = bench.rows("PRAGMA page_count")[0][0]
    (folder / "new.txt").write_text("\n\n".join(f"{'new words ' * 40}{n}" for n in range(200)), "utf-8")
    bench.owner.scanning.scan_now()
    with bench.owner.index.alone() as connection:
        connection.execute(f"PRAGMA max_page_count = {pages}")
    indexing = bench.owner.indexing
    assert indexing is not None
    assert not indexing._try(indexing._read)
    fault = bench.owner.gate.fault
    assert fault is not None and "disk is full" in fault.text
    assert search(bench, "first of 3")[0] == "first of 3"
    with bench.owner.index.alone() as connection:
        connection.execute("PRAGMA max_page_count = 1000000")
    bench.owner.gate.resume()
    bench.settle()
    assert bench.states()["new.txt"] == "done"


def test_time_that_is_left() -> None:
    speed = Speed()
    assert speed.seconds_for(10) is None
    for _step in range(4):
        speed.note(2, 1.0)
    assert speed.seconds_for(10) == pytest.approx(5.0)
    assert speed.seconds_for(0) == 0.0


def test_status_knows_what_is_left(bench: Bench, folder: Path) -> None:
    assert bench.owner.status().eta_s == 0.0
    bench.embedder = bench.owner.embedding
    for number in range(10, 30):
        (folder / f"{number}.txt").write_text(f"first of {number}\n\nsecond of {number}", "utf-8")
    bench.owner.scanning.scan_now()
    bench.owner.revision += 1
    status = bench.owner.status()
    assert status.waiting == 20
    assert status.eta_s is not None and 0 < status.eta_s < 60


# --- a bad file -------------------------------------------------------------------------------------


def spoil(file: Path, at: int = 4096, length: int = 200_000) -> None:
    with file.open("r+b") as stream:
        stream.seek(at)
        stream.write(b"\xff" * min(length, max(0, file.stat().st_size - at)))


def test_damaged_index_is_set_aside_and_made_anew(bench: Bench) -> None:
    folder = bench.owner.folder
    bench.owner.close()
    spoil(folder / "index.db", at=4096 * 20)
    bench = Bench(folder)
    assert [p.kind for p in bench.owner.problems_of_index()] == ["index"]
    assert "damaged" in bench.owner.problems_of_index()[0].text
    assert list(folder.glob("index.damaged-*.db"))
    bench.settle()
    assert bench.owner.status().done == 5
    assert search(bench, "second of 1")[0] == "second of 1"
    bench.owner.close()


def test_file_that_is_no_database(bench: Bench) -> None:
    folder = bench.owner.folder
    bench.owner.close()
    for side in ("-wal", "-shm"):
        (folder / f"index.db{side}").unlink(missing_ok=True)
    (folder / "index.db").write_bytes(b"no database at all" * 1000)
    bench = Bench(folder)
    assert bench.owner.status().files == 0
    assert len(bench.owner.problems_of_index()) == 1
    bench.owner.close()


def test_empty_file(home: Path) -> None:
    (home / "documents").mkdir()
    (home / "documents" / "index.db").touch()
    bench = Bench(home / "documents")
    assert bench.owner.problems_of_index() == []
    bench.owner.close()


def test_foreign_database_is_left_whole(home: Path) -> None:
    folder = home / "documents"
    folder.mkdir()
    connection = sqlite3.connect(folder / "index.db")
    connection.execute("CREATE TABLE theirs (value)")
    connection.execute("INSERT INTO theirs VALUES ('kept')")
    connection.commit()
    connection.close()
    bench = Bench(folder)
    assert "not Teahouse's" in bench.owner.problems_of_index()[0].text
    aside = next(folder.glob("index.foreign-*.db"))
    theirs = sqlite3.connect(aside)
    assert theirs.execute("SELECT value FROM theirs").fetchone() == ("kept",)
    theirs.close()
    bench.owner.close()


def test_newer_index_is_only_read(bench: Bench) -> None:
    folder = bench.owner.folder
    bench.owner.close()
    connection = sqlite3.connect(folder / "index.db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    bench = Bench(folder)
    status = bench.owner.status()
    assert status.is_read_only and status.done == 5
    assert search(bench, "second of 1")[0] == "second of 1"
    with pytest.raises(DocumentsError, match="newer version"):
        Answers(bench.owner).ask("pause")
    bench.owner.close()


def test_damage_found_in_use_ends_the_process(bench: Bench) -> None:
    ended = []
    bench.owner._end = lambda: ended.append(True)
    bench.owner.give_up(Unusable("damaged"))
    assert ended and (bench.owner.folder / SUSPECT).exists()
    bench = bench.restart()
    assert "damaged" in bench.owner.problems_of_index()[0].text
    bench.settle()
    assert bench.owner.status().done == 5
    assert not (bench.owner.folder / SUSPECT).exists()
    bench.owner.close()


def test_damaged_page_in_use_is_unusable(bench: Bench) -> None:
    with bench.owner.index.alone() as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'chunk'").fetchone()[0]
    other = Index(bench.owner.index.file, is_read_only=True)
    spoil(bench.owner.index.file, at=4096 * (root - 1), length=4096)
    with pytest.raises(Unusable), other.reading() as connection:
        connection.execute("SELECT count(text) FROM chunk").fetchall()
    other.close()


# --- collections ------------------------------------------------------------------------------------


def test_collections(bench: Bench, folder: Path) -> None:
    index = bench.owner.index
    made = sources.create(index, "  茶   books ")
    assert made.name == "茶 books"
    with pytest.raises(DocumentsError, match="already"):
        sources.create(index, "Books")
    with pytest.raises(DocumentsError, match="already"):
        sources.rename(index, "茶 books", "Books")
    with pytest.raises(DocumentsError, match="no collection"):
        sources.rename(index, "nothing", "x")
    with pytest.raises(DocumentsError, match="not there"):
        sources.add(index, "Books", str(folder / "nowhere"), SourceOptions())
    with pytest.raises(DocumentsError, match="needs a name"):
        sources.create(index, " ")
    sources.rename(index, "Books", "Library")
    library = next(one for one in sources.collections(index) if one.name == "Library")
    assert (library.files, library.chunks, len(library.sources)) == (5, 10, 1)
    assert library.sources[0].done == 5
    sources.remove_collection(index, "Library")
    assert [one.name for one in sources.collections(index)] == ["茶 books"]
    assert bench.rows("SELECT count(*) FROM chunk") == [(0,)]


def test_files_are_listed(bench: Bench) -> None:
    listed = reports.files(bench.owner.index, None, ["done"], 2, 1)
    assert [file.title for file in listed] == ["1.txt", "2.txt"]
    assert listed[0].chunks == 2
    assert reports.files(bench.owner.index, None, ["failed"], 10, 0) == []


def test_search_in_one_collection(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("first of all else", "utf-8")
    sources.add(bench.owner.index, "Else", str(tmp_path / "one.txt"), SourceOptions())
    bench.settle()
    found = bench.owner.search("first of", ["Else"], Filters(), 10)
    assert [hit.collection for hit in found.hits] == ["Else"]
    with pytest.raises(DocumentsError, match="no collection"):
        bench.owner.search("first of", ["Nowhere"], Filters(), 10)


# --- conversations ----------------------------------------------------------------------------------


def piece(text: str) -> dict[str, Any]:
    return {"text": text, "kind": "text", "place": {"line": 1}}


def test_conversations(bench: Bench) -> None:
    index = bench.owner.index
    sources.add(index, "Past", "conversations", SourceOptions())
    listed = [Listed("a", 1), Listed("b", 1)]
    assert handing.compare(index, listed) == ["a", "b"]
    talk = [
        Handed("a", 1, "Tea", (piece("we spoke of oolong"),)),
        Handed("b", 1, "", (piece("and of pu-erh"),)),
    ]
    handing.hand_over(index, talk)
    assert handing.compare(index, listed) == []
    bench.embedder.embedded.clear()
    bench.settle()
    assert sorted(bench.embedder.embedded) == ["and of pu-erh", "we spoke of oolong"]
    assert bench.rows("SELECT count(*) FROM handed") == [(0,)]
    found = bench.owner.search("oolong", [], Filters(), 1)
    assert found.hits[0].path == "conversation:a"
    bench.embedder.embedded.clear()
    handing.hand_over(index, [Handed("a", 2, "Green tea", (piece("we spoke of oolong"),))])
    bench.settle()
    assert bench.embedder.embedded == []
    handing.hand_over(index, [Handed("a", 3, "Tea", (piece("we spoke of sencha"),))])
    bench.settle()
    assert bench.embedder.embedded == ["we spoke of sencha"]
    assert handing.compare(index, [Listed("a", 3)]) == []
    assert bench.rows("SELECT path FROM file WHERE path LIKE 'conv%'") == [("conversation:a",)]


def test_conversations_are_asked_for_again_for_another_embedder(bench: Bench) -> None:
    index = bench.owner.index
    sources.add(index, "Past", "conversations", SourceOptions())
    talk = [Handed("a", 1, "Tea", (piece("we spoke of oolong"),))]
    handing.compare(index, [Listed("a", 1)])
    handing.hand_over(index, talk)
    bench.settle()
    bench = bench.restart(embedder=FakeEmbedder("other", 16))
    bench.settle()
    assert bench.owner.status().building == "other"
    assert handing.compare(bench.owner.index, [Listed("a", 1)]) == ["a"]
    handing.hand_over(bench.owner.index, talk)
    bench.settle()
    assert bench.owner.status().building == ""
    assert generations.active_spec(bench.owner.index) is not None
    bench.owner.close()


def test_folders_that_cannot_be_watched_are_told(
    home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import watchfiles

    def watch(*paths: str, **options: object) -> Iterator[object]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(watchfiles, "watch", watch)
    bench = Bench(home / "watched", options=Options(is_watched=True), has_threads=True)
    sources.add(bench.owner.index, "Books", str(folder), SourceOptions())
    bench.owner.scanning.rescan()
    until(lambda: any("watched" in problem.text for problem in bench.owner.problems_of_index()))
    until(lambda: bench.owner.status().done == 5)
    bench.owner.close()


@pytest.mark.skipif(os.name == "nt", reason="sizes differ")
def test_disk_use_is_told(bench: Bench) -> None:
    status = bench.owner.status()
    assert status.bytes_on_disk >= bench.owner.index.file.stat().st_size > 0


def test_a_conversation_that_an_older_version_cut_is_asked_for_again(bench: Bench) -> None:
    index = bench.owner.index
    sources.add(index, "Past", "conversations", SourceOptions())
    listed = [Listed("a", 1), Listed("b", 1)]
    handing.compare(index, listed)
    talk = [Handed(one.id, 1, "Tea", (piece(f"we spoke of {one.id}"),)) for one in listed]
    handing.hand_over(index, talk)
    bench.settle()
    with index.writing() as connection:
        connection.execute("UPDATE file SET chunker = 'chunks/0' WHERE path = 'conversation:a'")
    assert handing.compare(index, listed) == ["a"]
    handing.hand_over(index, talk)
    assert bench.rows("SELECT path FROM file WHERE state = 'waiting'") == [("conversation:a",)]
    bench.embedder.embedded.clear()
    bench.settle()
    assert handing.compare(index, listed) == [] and bench.embedder.embedded == []
