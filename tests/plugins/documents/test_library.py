from __future__ import annotations

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from teahouse import file_lock, language
from teahouse.app import App
from teahouse.chat.sources import Sources
from teahouse.jobs import Job, JobProgress
from teahouse.messages import TextDelta
from teahouse.passages import Context, Passage
from teahouse_documents.library import Library
from teahouse_documents.values import CONVERSATIONS, DocumentsChanged, DocumentsError, Status

SECRET = "zaubernussbaumholzschrank"
"""A word that stands nowhere else."""


@pytest.fixture
def app(home: Path) -> Iterator[App]:
    app = App.open()
    yield app
    Library.of(app).close()
    app.close()


@pytest.fixture
def library(app: App) -> Library:
    return Library.of(app)


@pytest.fixture
def books(tmp_path: Path) -> Path:
    folder = tmp_path / "books"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.md").write_text(f"# Chapter {number}\n\nTea number {number}. 茶叶。", "utf-8")
    return folder


def until(is_so: Callable[[], Any], within_s: float = 30.0) -> Any:
    give_up_at = time.monotonic() + within_s
    while not (value := is_so()):
        assert time.monotonic() < give_up_at
        time.sleep(0.05)
    return value


def is_done(library: Library, files: int) -> bool:
    status = library.status()
    return status.done == files and not status.waiting


def names(library: Library, query: str) -> list[str]:
    return [Path(hit.path).name for hit in library.search(query).hits]


def child_of(library: Library) -> int:
    worker = library._desk._worker
    assert worker is not None
    return worker.pid


def test_why_a_file_cannot_be_read_is_said_in_the_language_in_force(library: Library, books: Path) -> None:
    def why(number: int) -> str:
        torn = books / f"torn{number}.pdf"
        torn.write_bytes(b"%PDF-1.7\n1 0 obj << /Pages 2 0" + bytes([number]))
        library.rescan()
        told = until(lambda: [one.text for one in library.problems() if one.path == str(torn)])
        return str(told[0])

    language.activate("en")
    library.add("Tea", books)
    until(lambda: is_done(library, 4))
    assert why(1).isascii()
    language.activate("zh_CN")
    try:
        until(lambda: library._desk._options is not None and library._desk._options.language == "zh_CN")
        assert "PDF" in why(2) and not why(3).isascii()
    finally:
        language.activate("en")


def test_from_folder_to_passage(app: App, library: Library, books: Path) -> None:
    heard: list[Status] = []
    app.events.listen(
        lambda event: heard.append(event.status) if isinstance(event, DocumentsChanged) else None
    )
    source = library.add("Tea", books)
    until(lambda: is_done(library, 4))
    assert library.search("Tea number 2").hits[0].path == str(books / "2.md")
    assert library.search("茶叶", collections=["Tea"], limit=2).hits[1].text.endswith("茶叶。")
    assert [file.title for file in library.files(source.id)] == [f"{number}.md" for number in range(4)]
    assert [problem.kind for problem in library.problems()] == ["embedder"]
    until(lambda: heard and heard[-1].done == 4)
    (books / "new.md").write_text("Oolong from Wuyi", "utf-8")
    (books / "0.md").unlink()
    until(lambda: "new.md" in names(library, "Oolong"))
    assert "0.md" not in names(library, "Tea number 0")
    with pytest.raises(DocumentsError, match="not there"):
        library.add("Tea", books / "nowhere")
    library.remove(source.id)
    assert library.search("Tea").hits == ()
    assert library.status().files == 0


def test_one_library_for_each_app(app: App, library: Library) -> None:
    assert Library.of(app) is library
    assert Library.of(app.plugins.seat("documents")) is Library.of(app.plugins.seat("documents"))


def test_one_library_though_many_threads_ask_at_once(app: App) -> None:
    barrier = threading.Barrier(8)

    def ask() -> Library:
        barrier.wait(10)
        return Library.of(app)

    with ThreadPoolExecutor(8) as pool:
        for _round in range(50):
            vars(app).pop("documents_library", None)
            found = {id(future.result()) for future in [pool.submit(ask) for _ in range(8)]}
            assert len(found) == 1


def test_looking_makes_no_index_and_starts_no_child(app: App, library: Library) -> None:
    assert library.collections() == library.problems() == library.files() == []
    assert library.status() == Status()
    assert library.search("tea").hits == ()
    assert library._desk._worker is None
    assert not (app.paths.data / "documents").exists()


def test_child_that_dies_goes_on(library: Library, books: Path) -> None:
    library.add("Tea", books)
    until(lambda: is_done(library, 4))
    before = child_of(library)
    os.kill(before, signal.SIGKILL)
    assert library.status().done == 4
    assert child_of(library) != before


def test_second_process_asks_the_owner(app: App, library: Library, books: Path) -> None:
    library.add("Tea", books)
    until(lambda: is_done(library, 4))
    with_lock = app.paths.data / "documents" / "index.lock"
    assert file_lock.hold(with_lock, os.O_RDWR | os.O_CREAT) is None
    other = App.open()
    try:
        guest = Library.of(other)
        assert not guest.status().is_owner
        assert guest.search("Tea number 3").hits[0].path == str(books / "3.md")
        assert guest.create_collection("New").name == "New"
        with pytest.raises(DocumentsError, match="already"):
            guest.create_collection("New")
        (books / "more.md").write_text("A page about matcha", "utf-8")
        source = guest.add("New", books / "more.md")
        until(lambda: names(guest, "matcha") == ["more.md"])
        assert {one.name for one in library.collections()} == {"New", "Tea"}
        guest.remove(source.id)
        guest.pause()
        assert library.status().is_paused and guest.status().is_paused
        library.close()
        assert until(lambda: guest.status().is_owner)
        guest.resume()
        assert not guest.status().is_paused
    finally:
        Library.of(other).close()
        other.close()


def test_waits_while_a_reply_runs(app: App, library: Library, books: Path) -> None:
    library.create_collection("Tea")
    library.start()
    job = Job("reply", lambda cancel: iter(()))  # type: ignore[arg-type,return-value]

    def reply() -> bool:
        app.events.publish(JobProgress(job, TextDelta("r", "word")))
        return True

    reply()
    until(lambda: library._desk._told)
    library.add("Tea", books)
    until(lambda: reply() and library.status().is_yielding)
    until(lambda: is_done(library, 4))  # no word for a while: it goes on
    assert not library.status().is_yielding


def test_past_conversations(app: App, library: Library) -> None:
    conversation = app.store.create_conversation(title="Tea talk")
    app.store.add_message(conversation.id, "user", "Which oolong is best?")
    app.store.add_message(conversation.id, "assistant", "Da Hong Pao from Wuyi.")
    library.add("Past", CONVERSATIONS)
    found = until(lambda: library.search("Da Hong Pao").hits)
    assert found[0].path == f"conversation:{conversation.id}"
    assert found[0].collection == "Past"
    file = library.files()[0]
    assert (file.title, file.state) == ("Tea talk", "done")
    app.store.trash_conversation(conversation.id)
    from teahouse.events import changed

    app.events.publish(changed("conversations"))
    until(lambda: not library.search("Da Hong Pao").hits)


def bytes_of(home: Path, word: str) -> list[str]:
    """Files below the app's folder that hold a word in any usual encoding; not the conversations."""
    needles = [word.encode(encoding) for encoding in ("utf-8", "utf-16-le")]
    files = [f for f in home.rglob("*") if f.is_file() and not f.name.startswith("teahouse.db")]
    return [file.name for file in files if any(needle in file.read_bytes() for needle in needles)]


def answer_from(app: App, path: Path) -> str:
    """A conversation in the trash, whose reply was made from a file; the reply itself does not quote it."""
    chat = app.store.create_conversation(title="Asked").id
    app.store.add_message(chat, "user", "Where is it?")
    reply = app.store.add_message(chat, "assistant", "In the cellar.")
    sources = Sources("Where is it?", (("documents", Context((Passage("Too short.", str(path)),))),))
    part = sources.as_part(1)
    app.store.add_part(reply.id, part.kind, part.data, source=part.source, is_trusted=part.is_trusted)
    app.store.trash_conversation(chat)
    return chat


def test_purge_leaves_no_byte(home: Path, app: App, library: Library, books: Path) -> None:
    secret = books / "secret"
    secret.mkdir()
    for number in range(30):
        (secret / f"{number}.md").write_text(
            f"The {SECRET} stands in room {number} 紫檀木书柜密语。" * 20, "utf-8"
        )
    library.add("Tea", books / "0.md")
    source = library.add("Secrets", secret)
    until(lambda: is_done(library, 31))
    for number in range(10):  # more states of the same pages
        (secret / f"{number}.md").write_text(f"Now the {SECRET} stands in the cellar {number}.", "utf-8")
    library.rescan()
    until(lambda: "cellar" in library.search(f"{SECRET} cellar").hits[0].text and is_done(library, 31))
    assert bytes_of(home, SECRET)
    conversation = app.store.create_conversation(title="Furniture")
    text = f"He said: Now the {SECRET} stands in the cellar"
    message = app.store.add_message(conversation.id, "user", text)
    app.store.attach(message.id, "3.md", "text/markdown", (secret / "3.md").read_bytes())
    answered = {path: answer_from(app, path) for path in (secret / "7.md", books / "0.md")}
    purged = library.purge(source.id)
    assert (purged.files, purged.bytes_freed > 0) == (30, True)
    kinds = {(standing.kind, standing.path) for standing in purged.where_else}
    assert ("original", str(secret)) in kinds
    assert ("conversation", conversation.id) in kinds
    assert ("conversation", "") in kinds  # attached
    assert ("conversation", answered[secret / "7.md"]) in kinds  # also where it is in the trash
    assert ("conversation", answered[books / "0.md"]) not in kinds
    left = bytes_of(home, SECRET) + bytes_of(home, "紫檀") + bytes_of(home, SECRET[:12])
    assert left == []
    assert names(library, "Tea number 0") == ["0.md"]


def test_removed_while_another_reads(library: Library, app: App, books: Path) -> None:
    source = library.add("Tea", books)
    until(lambda: is_done(library, 4))
    reader = sqlite3.connect(app.paths.data / "documents" / "index.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM chunk").fetchone()
    try:
        with pytest.raises(DocumentsError, match="another process"):
            library.purge(source.id)
    finally:
        reader.execute("ROLLBACK")
        reader.close()
    assert library.status().files == 0


def test_purge_that_was_in_the_way_is_ended_later(
    home: Path, app: App, library: Library, books: Path
) -> None:
    """As soon as the other process has ended, without anybody asking again."""
    (books / "secret.md").write_text(f"The {SECRET} stands here.", "utf-8")
    source = library.add("Tea", books)
    until(lambda: is_done(library, 5))
    reader = sqlite3.connect(app.paths.data / "documents" / "index.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM chunk").fetchone()
    with pytest.raises(DocumentsError, match="another process"):
        library.purge(source.id)
    reader.execute("ROLLBACK")
    reader.close()
    until(lambda: not bytes_of(app.paths.data, SECRET), within_s=60.0)
    assert library.search(SECRET).hits == ()


def test_a_request_that_makes_no_sense_does_not_stop_the_others(
    app: App, library: Library, books: Path
) -> None:
    library.add("Tea", books)
    file = app.paths.data / "documents" / "index.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        for args in ('{"source_id": 1e400}', '{"source_id": 99999999999999999999}', "[1]", "{"):
            other.execute("INSERT INTO request (verb, args, created_ms) VALUES ('rescan', ?, 1e15)", (args,))
            other.execute("INSERT INTO request (verb, args, created_ms) VALUES ('remove', ?, 1e15)", (args,))
        other.execute("INSERT INTO request (verb, args, created_ms) VALUES ('pause', '{}', 1e15)")
        waiting = "SELECT count(*) FROM request WHERE state = 'waiting'"
        until(lambda: other.execute(waiting).fetchone()[0] == 0)
    assert library.status().is_paused
