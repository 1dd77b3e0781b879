"""Stand-ins for tests of the plugin's face: a library in memory, and a window that only runs work."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.events import Events
from teahouse.jobs import Cancel, Job, JobEnded
from teahouse.passages import Passage, Place
from teahouse_desktop.bridge import Bridge
from teahouse_desktop.looks import fonts
from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.theme import LIGHT, Theme
from teahouse_desktop.models.downloads import Downloads
from teahouse_desktop.operations import Operation
from teahouse_desktop.runner import Runner
from teahouse_documents.panel.desk import DocumentsDesk
from teahouse_documents.panel.documents_panel import DocumentsPanel
from teahouse_documents.panel.shelf import Shelf
from teahouse_documents.panel.study_desk import StudyDesk
from teahouse_documents.values import (
    CONVERSATIONS,
    Collection,
    DocumentsChanged,
    DocumentsError,
    File,
    Filters,
    Found,
    Problem,
    Purged,
    Source,
    SourceOptions,
    Standing,
    Status,
)

WAIT_MS = 20_000

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # pytest-qt makes its QApplication before any fixture runs


class FakeLibrary:
    """The public face of the library, kept in memory; `calls` has what was asked."""

    def __init__(self, events: Events | None = None) -> None:
        self.held: dict[str, Collection] = {}
        self.state = Status(is_owner=True)
        self.trouble: list[Problem] = []
        self.hits: list[Passage] = []
        self.trace: dict[str, Any] = {}
        self.elsewhere: tuple[Standing, ...] = ()
        self.fault: Exception | None = None
        self.calls: list[tuple[str, Any]] = []
        self.threads: set[str] = set()
        self._events = events
        self._ids = iter(range(1, 1000))

    def change(self, **status: Any) -> None:
        """Another status, told to whoever listens."""
        self.state = replace(self.state, revision=self.state.revision + 1, **status)
        if self._events is not None:
            self._events.publish(DocumentsChanged(self.state))

    def start(self) -> None:
        self._note("start")

    def collections(self) -> list[Collection]:
        self._note("collections")
        return sorted(self.held.values(), key=lambda one: one.name)

    def create_collection(self, name: str) -> Collection:
        self._note("create_collection", name)
        if name in self.held:
            raise DocumentsError(f"There is a collection {name} already.", "Choose another name.")
        self.held[name] = Collection(next(self._ids), name, 0)
        return self.held[name]

    def rename_collection(self, name: str, new_name: str) -> None:
        self._note("rename_collection", (name, new_name))
        self.held[new_name] = replace(self.held.pop(name), name=new_name)

    def remove_collection(self, name: str) -> None:
        self._note("remove_collection", name)
        del self.held[name]

    def add(self, collection: str, path: Path | str, options: SourceOptions | None = None) -> Source:
        self._note("add", (collection, str(path), options))
        if collection not in self.held:
            self.create_collection(collection)
        is_kept = str(path) == CONVERSATIONS
        kind = CONVERSATIONS if is_kept else "file" if Path(path).suffix else "folder"
        holder, given = self.held[collection], options or SourceOptions()
        others = [one for one in holder.sources if one.path != str(path)]
        source = Source(next(self._ids), holder.id, kind, str(path), "ready", options=given)  # type: ignore[arg-type]
        self.held[collection] = replace(holder, sources=(*others, source))
        return source

    def remove(self, source_id: int) -> None:
        self._note("remove", source_id)
        for name, one in self.held.items():
            left = tuple(source for source in one.sources if source.id != source_id)
            self.held[name] = replace(one, sources=left)

    def files(self, source_id: int | None = None, **_asked: Any) -> list[File]:
        self._note("files", source_id)
        return []

    def status(self) -> Status:
        self._note("status")
        return self.state

    def problems(self) -> list[Problem]:
        self._note("problems")
        return list(self.trouble)

    def pause(self) -> None:
        self._note("pause")
        self.change(is_paused=True)

    def resume(self) -> None:
        self._note("resume")
        self.change(is_paused=False)

    def rescan(self, source_id: int | None = None) -> None:
        self._note("rescan", source_id)

    def reindex(self, *, source_id: int | None = None, file_id: int | None = None) -> int:
        self._note("reindex", (source_id, file_id))
        return 3

    def retry(self) -> int:
        self._note("retry")
        return len(self.trouble)

    def prioritise(self, path: Path | str) -> None:
        self._note("prioritise", str(path))

    def purge(self, source_id: int, cancel: Cancel | None = None) -> Purged:
        self.remove(source_id)
        self._note("purge", source_id)
        return Purged(2, 9, 4096, self.elsewhere)

    def search(
        self,
        query: str,
        *,
        collections: Sequence[str] = (),
        filters: Filters | None = None,
        limit: int = 10,
        has_second_look: bool = False,
        cancel: Cancel | None = None,
    ) -> Found:
        self._note("search", (query, tuple(collections), filters, limit))
        return Found(tuple(self.hits[:limit]), self.trace)

    def _note(self, verb: str, value: Any = None) -> None:
        self.threads.add(threading.current_thread().name)
        if self.fault is not None:
            raise self.fault
        self.calls.append((verb, value))

    def asked(self, verb: str) -> list[Any]:
        """With what a call was made."""
        return [value for name, value in self.calls if name == verb]


def filled(library: FakeLibrary) -> FakeLibrary:
    """With two collections, a problem of each kind and three hits."""
    work = library.create_collection("Work")
    sources = (
        Source(11, work.id, "folder", "/home/lin/Projects/harbour", "ready", files=132, done=118, failed=2),
        Source(12, work.id, "file", "/home/lin/samovar.pdf", "ready", files=1, done=1),
        Source(13, work.id, "folder", "/media/disk/old letters", "missing"),
    )
    library.held["Work"] = replace(work, sources=sources, files=133, chunks=2411)
    books = library.create_collection("书房")
    shelf = Source(21, books.id, "folder", "/home/lin/书/茶", "ready", files=8, done=8)
    talk = Source(22, books.id, "conversations", CONVERSATIONS, "ready", files=41, done=41)
    library.held["书房"] = replace(books, sources=(shelf, talk), files=49, chunks=730)
    broken, locked = "/home/lin/Projects/harbour/plan.pdf", "/home/lin/Projects/harbour/fees.pdf"
    why, hint = "The file ends in the middle. Nothing of it was taken in.", "Copy it anew."
    library.trouble = [
        Problem("failed", why, hint, broken, 71, 11),
        Problem("quarantined", "It took more memory than a file may.", "", locked, 72, 11),
        Problem(
            "source", "The disk is not there.", "What was read is kept.", "/media/disk/old letters", None, 13
        ),
        Problem("remark", "Page 3 is a scan.", "", "/home/lin/samovar.pdf", 73, 12),
    ]
    library.hits = [
        Passage("The lighthouse keeper collects the fee in <b>dried</b> apricots & figs.", "/x/rules.docx",
                Place(heading=("Harbour rules", "Fees")), "Work", 0.182, id=5),
        Passage("岩茶要用龙眼木炭慢慢焙火十二个小时，火候由老师傅用手背来试。", "/y/山中茶事.epub",
                Place(heading=("第二章 炭焙",)), "书房", 0.091, id=6),
        Passage("Its chimney is swept every ninth day.", "/home/lin/samovar.pdf",
                Place(page=2), "Work", 0.05, id=7),
    ]  # fmt: skip
    first, second, third = (
        {"words": {"rank": 1, "score": 12.42}, "vectors": {"rank": 1, "score": 0.871}},
        {"words": None, "vectors": {"rank": 2, "score": 0.842}},
        {"words": {"rank": 2, "score": 3.1}, "vectors": {"rank": 9, "score": 0.79}},
    )
    terms = [{"term": word, "chunks": 1, "used": word != "the"} for word in ("lighthouse", "the", "木炭")]
    passages = [{"id": 5, **first}, {"id": 6, **second}, {"id": 7, **third}]
    library.trace = {"passages": passages, "terms": terms, "ms": 14.2}
    library.state = Status(
        files=182, done=167, waiting=13, failed=2, chunks=3141, embedded=3100, eta_s=190.0,
        bytes_on_disk=48_300_000, activity="embedding", current="/home/lin/Projects/harbour/tides 2026.xlsx",
        embedder="multilingual-e5-small", problems=4,
    )  # fmt: skip
    library.calls.clear()
    library.threads.clear()
    return library


class FakeWindow(QObject):
    """What the panel uses of a `PanelWindow`; the work runs as in the window."""

    look_changed = Signal()
    conversation_changed = Signal()

    def __init__(self, app: App, look: Look) -> None:
        super().__init__()
        self.look, self.widget = look, QWidget()
        self.model = ""
        self.opened: list[str] = []
        self.settings_opened: list[str] = []
        self._bridge = Bridge(app.events, self)
        self._runner = Runner(app, self._bridge, self)
        self.downloads = Downloads(app, self._runner, self)

    def run(
        self,
        operation: Operation,
        *,
        done: Callable[[Any], None] | None = None,
        progressed: Callable[[Any], None] | None = None,
        ended: Callable[[JobEnded], None] | None = None,
    ) -> Job:
        return self._runner.start(operation, done=done, progressed=progressed, ended=ended)

    def stop(self, job: Job) -> None:
        self._runner.stop(job)

    def open_conversation(self, conversation_id: str) -> None:
        self.opened.append(conversation_id)

    def open_settings(self, key: str = "") -> None:
        self.settings_opened.append(key)

    def close(self) -> None:
        """Take no more events."""
        self._runner.drop_all()
        self._bridge.close()


def make_look(theme: Theme = LIGHT) -> Look:
    """Theme and fonts as the window has them."""
    font = fonts.text_font(QFont())
    return Look(theme, font, font, fonts.mono_font(font.pointSizeF()))


class Shown:
    """The panel in a window of its own, over a library in memory.

    Attributes:
        library: What the panel shows; change it, then `refresh`.
    """

    def __init__(self, app: App, qtbot: QtBot, *, is_filled: bool = True) -> None:
        self.window = FakeWindow(app, make_look())
        self.library = FakeLibrary(app.events)
        if is_filled:
            filled(self.library)
        self.holder = QWidget()
        self.shelf = Shelf(app, self.window, lambda: self.library, self.holder)  # type: ignore[arg-type,return-value]
        self.panel = DocumentsPanel(app, self.window, self.shelf, self.holder)
        self.desk = DocumentsDesk(self.panel, self.shelf, self.window)
        self.study = StudyDesk(app, self.panel, self.shelf, self.window)
        self._bot = qtbot
        qtbot.addWidget(self.holder)
        self.holder.resize(400, 720)
        self.panel.setGeometry(self.holder.rect())
        self.holder.show()
        self.refresh()

    def refresh(self) -> None:
        """Read the library and wait until it is shown."""
        with self._bot.waitSignal(self.shelf.read, timeout=WAIT_MS):
            self.shelf.refresh()

    def wait_for(self, verb: str, count: int = 1) -> list[Any]:
        """Wait until the library was asked for something; with what."""
        self._bot.waitUntil(lambda: len(self.library.asked(verb)) >= count, timeout=WAIT_MS)
        return self.library.asked(verb)

    def dialog(self) -> Any:
        """The question that is open."""
        self._bot.waitUntil(lambda: bool(self._dialogs()), timeout=WAIT_MS)
        return self._dialogs()[-1]

    def press(self, words: str) -> None:
        """Press a button of the open question."""
        dialog = self.dialog()
        button = next(one for one in dialog.findChildren(QPushButton) if one.text() == words)
        button.click()

    def close(self) -> None:
        """Hear nothing any more."""
        self.window.close()
        self.holder.close()

    def _dialogs(self) -> list[QDialog]:
        return [one for one in self.holder.findChildren(QDialog) if one.isVisible()]
