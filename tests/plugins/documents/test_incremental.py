from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from teahouse_documents.index import orders, reports
from teahouse_documents.scanning import sources
from teahouse_documents.values import DocumentsError, Filters, Problem, SourceOptions
from tests.plugins.documents.fakes import Bench


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "文档 docs"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.txt").write_text(f"first of {number}\n\nsecond of {number}", "utf-8")
    return folder


@pytest.fixture
def bench(home: Path) -> Iterator[Bench]:
    bench = Bench(home / "data" / "documents")
    yield bench
    bench.owner.close()


def add(bench: Bench, path: Path, collection: str = "Books", **options: object) -> int:
    source = sources.add(bench.owner.index, collection, str(path), SourceOptions(**options))  # type: ignore[arg-type]
    bench.settle()
    return source.id


def embeds(bench: Bench) -> int:
    """How many texts were embedded since the last look."""
    count = len(bench.embedder.embedded)
    bench.embedder.embedded.clear()
    return count


def texts(bench: Bench) -> set[str]:
    return {text for (text,) in bench.rows("SELECT text FROM chunk")}


def found(bench: Bench, words: str) -> list[str]:
    result = bench.owner.search(words, [], Filters(), 10)
    return [Path(hit.path).name for hit in result.hits]


def is_in_step(bench: Bench) -> bool:
    """Every chunk has a vector and words, and nothing else has."""
    chunks = bench.rows("SELECT count(*) FROM chunk")[0][0]
    vectors = bench.rows("SELECT count(*) FROM vector JOIN chunk ON chunk.id = chunk_id")[0][0]
    all_vectors = bench.rows("SELECT count(*) FROM vector")[0][0]
    words = bench.rows("SELECT count(*) FROM fts WHERE fts MATCH 'of'")[0][0]
    return bool(chunks == vectors == all_vectors == words)


def test_indexes_and_finds(bench: Bench, folder: Path) -> None:
    add(bench, folder)
    assert set(bench.states().values()) == {"done"}
    assert embeds(bench) == 10
    assert is_in_step(bench)
    assert found(bench, "second of 3")[0] == "3.txt"


def test_unchanged_costs_nothing(bench: Bench, folder: Path) -> None:
    add(bench, folder)
    embeds(bench)
    bench.parser.read_paths.clear()
    bench.settle()
    bench = bench.restart()
    bench.settle()
    assert embeds(bench) == 0
    assert bench.parser.read_paths == []
    bench.owner.close()


def test_touch_costs_no_embedding(bench: Bench, folder: Path) -> None:
    add(bench, folder)
    embeds(bench)
    bench.parser.read_paths.clear()
    for file in folder.iterdir():
        os.utime(file, (1, 1))
    bench.settle()
    assert embeds(bench) == 0
    assert bench.parser.read_paths == []
    assert set(bench.states().values()) == {"done"}
    assert bench.rows("SELECT DISTINCT mtime_ns FROM file") == [(10**9,)]


def test_one_changed_paragraph_costs_one_embedding(bench: Bench, folder: Path) -> None:
    add(bench, folder)
    embeds(bench)
    (folder / "2.txt").write_text("first of 2\n\nanother of 2", "utf-8")
    bench.settle()
    assert bench.embedder.embedded == ["another of 2"]
    assert "second of 2" not in texts(bench)
    assert is_in_step(bench)


def test_what_an_older_version_cut_is_cut_anew_once(bench: Bench, folder: Path) -> None:
    def outdate() -> None:
        with bench.owner.index.writing() as connection:
            connection.execute("UPDATE file SET chunker = 'chunks/0' WHERE title = '3.txt'")

    def chunk_ids(*, of_it: bool) -> list[tuple[int]]:
        is_it = "=" if of_it else "!="
        return bench.rows(
            f"SELECT chunk.id FROM chunk JOIN file ON file.id = file_id WHERE title {is_it} '3.txt'"
        )

    add(bench, folder)
    embeds(bench)
    outdate()
    mine, others = chunk_ids(of_it=True), chunk_ids(of_it=False)
    bench = bench.restart()
    bench.settle()
    assert [Path(path).name for path in bench.parser.read_paths] == ["3.txt"]
    assert chunk_ids(of_it=False) == others and not set(chunk_ids(of_it=True)) & set(mine)
    assert embeds(bench) == 0, "vectors of what is cut as before are kept"
    assert is_in_step(bench)
    bench.settle()
    assert len(bench.parser.read_paths) == 1
    outdate()
    away = folder.rename(folder.with_name("away"))
    bench.settle()
    assert "first of 3" in texts(bench), "what is away is kept as it is"
    away.rename(folder)
    bench.settle()
    assert [Path(path).name for path in bench.parser.read_paths] == ["3.txt", "3.txt"]
    bench.owner.close()


def test_move_keeps_vectors(bench: Bench, folder: Path) -> None:
    source = add(bench, folder)
    before = bench.rows("SELECT chunk_id, value FROM vector ORDER BY 1")
    embeds(bench)
    (folder / "sub").mkdir()
    (folder / "1.txt").rename(folder / "sub" / "renamed.txt")
    bench.settle()
    assert embeds(bench) == 0
    assert bench.rows("SELECT chunk_id, value FROM vector ORDER BY 1") == before
    assert "renamed.txt" in bench.states()
    assert "1.txt" not in bench.states()
    (folder / "sub").rename(folder / "other")
    bench.settle()
    assert embeds(bench) == 0
    assert len(bench.rows("SELECT 1 FROM file WHERE source_id = ?", source)) == 5


def test_move_between_sources_keeps_vectors(bench: Bench, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    add(bench, folder)
    second = add(bench, other, "Else")
    embeds(bench)
    (folder / "1.txt").rename(other / "1.txt")
    bench.settle()
    assert embeds(bench) == 0
    assert bench.rows("SELECT path FROM file WHERE source_id = ?", second) == [(str(other / "1.txt"),)]


def test_same_content_is_embedded_once(bench: Bench, folder: Path) -> None:
    shutil.copy(folder / "0.txt", folder / "copy.txt")
    add(bench, folder)
    assert embeds(bench) == 10
    add(bench, folder, "Again")
    assert embeds(bench) == 0
    assert is_in_step(bench)
    (folder / "0.txt").unlink()
    bench.settle()
    assert "first of 0" in texts(bench)


def test_deletion_removes_text_vectors_and_words(bench: Bench, folder: Path) -> None:
    add(bench, folder)
    (folder / "3.txt").unlink()
    bench.settle()
    assert "first of 3" not in texts(bench)
    assert is_in_step(bench)
    assert "3.txt" not in found(bench, "first of 3")


def test_changed_while_waiting_shows_the_new_text(bench: Bench, folder: Path) -> None:
    add(bench, folder)
    (folder / "0.txt").write_text("before", "utf-8")
    bench.owner.scanning.scan_now()
    (folder / "0.txt").write_text("after all", "utf-8")
    bench.settle()
    assert {"after all"} <= texts(bench)
    assert "before" not in texts(bench)


def test_remove_source_removes_everything(bench: Bench, folder: Path) -> None:
    source = add(bench, folder)
    sources.remove(bench.owner.index, source)
    assert texts(bench) == set()
    assert is_in_step(bench)
    with pytest.raises(DocumentsError):
        sources.remove(bench.owner.index, source)


def test_ten_thousand_unchanged_files(bench: Bench, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    for number in range(100):
        (folder / f"{number}").mkdir(parents=True)
        for inner in range(100):
            (folder / f"{number}" / f"{inner}.txt").touch()
    sources.add(bench.owner.index, "Many", str(folder), SourceOptions())
    bench.owner.scanning.scan_now()
    assert bench.rows("SELECT count(*) FROM file") == [(10_000,)]
    begun = time.monotonic()
    bench.owner.scanning.scan_now()
    assert time.monotonic() - begun < 5.0  # the bench measures; this only catches a walk gone quadratic


def test_missing_folder_keeps_everything(bench: Bench, folder: Path, tmp_path: Path) -> None:
    source = add(bench, folder)
    folder.rename(tmp_path / "away")
    bench.settle()
    assert len(texts(bench)) == 10
    assert sources.find(bench.owner.index, source).state == "missing"
    assert "kept" in sources.find(bench.owner.index, source).reason
    (tmp_path / "away").rename(folder)
    embeds(bench)
    bench.settle()
    assert embeds(bench) == 0
    assert sources.find(bench.owner.index, source).state == "ready"


def test_unmounted_disk_keeps_everything(bench: Bench, folder: Path) -> None:
    """The empty folder below a mount belongs to another disk than what was mounted there."""
    source = add(bench, folder)
    with bench.owner.index.writing() as connection:
        connection.execute("UPDATE file SET device = device + 1")
    for file in folder.iterdir():
        file.unlink()
    bench.settle()
    assert len(texts(bench)) == 10
    assert "disk" in sources.find(bench.owner.index, source).reason


def test_renumbered_disk_still_shows_deletions(bench: Bench, folder: Path) -> None:
    add(bench, folder)
    with bench.owner.index.writing() as connection:
        connection.execute("UPDATE file SET device = device + 1")
    (folder / "0.txt").unlink()
    bench.settle()
    assert "first of 0" not in texts(bench)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_unreadable_folder_keeps_everything(bench: Bench, folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "0.txt").rename(folder / "sub" / "0.txt")
    source = add(bench, folder)
    (folder / "sub").chmod(0)
    bench.settle()
    (folder / "sub").chmod(0o700)
    assert "first of 0" in texts(bench)
    assert "sub" in sources.find(bench.owner.index, source).reason


def test_closed_folder_keeps_everything(bench: Bench, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "sub").mkdir()
    (folder / "0.txt").rename(folder / "sub" / "0.txt")
    source = add(bench, folder)
    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("sub"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    bench.settle()
    assert "first of 0" in texts(bench)
    assert "sub" in sources.find(bench.owner.index, source).reason


def test_links_and_loops(bench: Bench, folder: Path) -> None:
    (folder / "loop").symlink_to(folder)
    (folder / "link.txt").symlink_to(folder / "0.txt")
    (folder / "dangling.txt").symlink_to(folder / "nowhere")
    add(bench, folder)
    assert sorted(bench.states()) == [f"{number}.txt" for number in range(5)]


@pytest.mark.skipif(os.name == "nt", reason="names are bytes on POSIX only")
def test_name_that_is_no_utf8(bench: Bench, folder: Path) -> None:
    name = os.fsencode(folder) + b"/caf\xe9.txt"
    Path(os.fsdecode(name)).write_text("in a strange name", "utf-8")
    add(bench, folder)
    assert bench.states()["caf\\xe9.txt"] == "done"
    assert "in a strange name" in texts(bench)
    embeds(bench)
    Path(os.fsdecode(name)).rename(folder / "plain.txt")
    bench.settle()
    assert embeds(bench) == 0


def test_too_large_is_a_problem_and_can_be_let_in(bench: Bench, folder: Path) -> None:
    (folder / "large.txt").write_text("large one " * 100, "utf-8")
    add(bench, folder, most_bytes=500)
    assert bench.states()["large.txt"] == "failed"
    assert orders.retry(bench.owner.index) == 0
    add(bench, folder)
    assert bench.states()["large.txt"] == "done"


def test_broken_files_do_not_stop_the_others(bench: Bench, folder: Path) -> None:
    (folder / "a.txt").write_text("BROKEN", "utf-8")
    (folder / "b.txt").write_text("LOCKED", "utf-8")
    (folder / "c.txt").write_text("REMARK here", "utf-8")
    (folder / "d.txt").write_text("", "utf-8")
    add(bench, folder)
    states = bench.states()
    assert (states.pop("a.txt"), states.pop("b.txt")) == ("quarantined", "failed")
    assert set(states.values()) == {"done"}
    problems = {Path(p.path).name: (p.kind, p.text) for p in _problems(bench)}
    assert problems == {
        "a.txt": ("quarantined", "It is broken. Mend it."),
        "b.txt": ("failed", "It is locked."),
        "c.txt": ("remark", "a remark"),
    }
    bench.parser.read_paths.clear()
    bench.settle()
    assert bench.parser.read_paths == []
    (folder / "a.txt").write_text("whole again", "utf-8")
    bench.settle()
    assert bench.states()["a.txt"] == "done"
    assert orders.retry(bench.owner.index) == 1
    bench.settle()
    assert bench.states()["b.txt"] == "failed"


def _problems(bench: Bench) -> list[Problem]:
    return [*bench.owner.problems_of_index(), *reports.problems(bench.owner.index)]


def test_file_that_breaks_loses_what_it_had(bench: Bench, folder: Path) -> None:
    add(bench, folder)
    (folder / "0.txt").write_text("BROKEN now", "utf-8")
    bench.settle()
    assert "first of 0" not in texts(bench)
    assert is_in_step(bench)


def test_single_file_source(bench: Bench, folder: Path) -> None:
    source = add(bench, folder / "0.txt")
    assert texts(bench) == {"first of 0", "second of 0"}
    (folder / "0.txt").unlink()
    bench.settle()
    assert texts(bench) == set()
    assert bench.states() == {"0.txt": "gone"}
    assert "removed" in sources.find(bench.owner.index, source).reason
    (folder / "0.txt").write_text("back of it", "utf-8")
    bench.settle()
    assert texts(bench) == {"back of it"}
    assert sources.find(bench.owner.index, source).reason == ""


def test_reindex_embeds_anew(bench: Bench, folder: Path) -> None:
    source = add(bench, folder)
    embeds(bench)
    assert orders.reindex(bench.owner.index, source_id=source) == 5
    bench.settle()
    assert embeds(bench) == 10
    file_id = bench.rows("SELECT id FROM file LIMIT 1")[0][0]
    assert orders.reindex(bench.owner.index, file_id=file_id) == 1
    bench.settle()
    assert embeds(bench) == 2
    assert is_in_step(bench)


def test_asked_for_comes_first(bench: Bench, folder: Path) -> None:
    sources.add(bench.owner.index, "Books", str(folder), SourceOptions())
    bench.owner.scanning.scan_now()
    assert orders.prioritise(bench.owner.index, str(folder / "4.txt"))
    bench.owner.indexing.run_here()  # type: ignore[union-attr]
    assert Path(bench.parser.read_paths[0]).name == "4.txt"
    assert not orders.prioritise(bench.owner.index, str(folder / "nothing.txt"))


def test_ignored(bench: Bench, folder: Path) -> None:
    for name in (".hidden.txt", "node_modules/a.txt", "draft.txt", "keep/draft.txt", "picture.png"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("of it", "utf-8")
    add(bench, folder, ignore=("node_modules/", "draft.txt", "!keep/draft.txt"))
    assert sorted(bench.states())[5:] == ["draft.txt"]
    add(bench, folder, has_hidden=True)
    assert sorted(bench.states()) == [
        ".hidden.txt",
        *[f"{n}.txt" for n in range(5)],
        "a.txt",
        "draft.txt",
    ]


def test_own_folders_are_left_out(home: Path, bench: Bench) -> None:
    (home / "mine.txt").write_text("mine of it", "utf-8")
    (bench.owner.folder / "own.txt").write_text("own of it", "utf-8")
    add(bench, home, has_hidden=True)
    assert sorted(bench.states()) == ["mine.txt"]


def test_folder_that_cannot_be_asked_keeps_everything(
    bench: Bench, folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that does not answer: the others are looked through all the same."""
    source = add(bench, folder)
    other = home / "other"
    other.mkdir()
    real = Path.stat

    def stat(self: Path, **options: bool) -> os.stat_result:
        if self == folder:
            raise OSError(107, "Transport endpoint is not connected")
        return real(self, **options)

    monkeypatch.setattr(Path, "stat", stat)
    add(bench, other)
    (other / "new.txt").write_text("the new one", "utf-8")
    bench.settle()
    assert bench.states()["new.txt"] == "done"
    assert len(texts(bench)) == 11
    assert sources.find(bench.owner.index, source).state == "unreadable"
    assert "not connected" in sources.find(bench.owner.index, source).reason


def test_time_beyond_what_a_database_keeps(bench: Bench, folder: Path) -> None:
    os.utime(folder / "0.txt", (13.6e9, 13.6e9))  # the year 2400
    add(bench, folder)
    assert set(bench.states().values()) == {"done"}
    bench.settle()
    assert embeds(bench) == 10


def test_file_that_changes_while_it_is_read_is_nobodys_twin(
    bench: Bench, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read is not what was hashed: another file with the hashed bytes must not get its chunks."""
    real = bench.parser.read

    def read(path: str, is_stopped: Callable[[], bool]) -> Any:
        if path.endswith("log.txt"):
            Path(path).write_text("changed meanwhile", "utf-8")
        return real(path, is_stopped)

    monkeypatch.setattr(bench.parser, "read", read)
    (folder / "log.txt").write_text("as it was", "utf-8")
    (folder / "twin.txt").write_text("as it was", "utf-8")
    add(bench, folder)
    assert sorted(text for text in texts(bench) if "was" in text or "changed" in text) == [
        "as it was",
        "changed meanwhile",
    ]
