"""What people do on the panel: each wish becomes a question, work beside the window, or both."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from teahouse import Translator
from teahouse_documents import phrases
from teahouse_documents.panel import questions
from teahouse_documents.panel.documents_panel import DocumentsPanel
from teahouse_documents.panel.opening import Opener
from teahouse_documents.panel.rules_dialog import RulesDialog
from teahouse_documents.panel.shelf import Shelf
from teahouse_documents.settings import EMBEDDER
from teahouse_documents.values import CONVERSATIONS

if TYPE_CHECKING:
    from teahouse.passages import Passage
    from teahouse_desktop.panel import PanelWindow
    from teahouse_documents.values import Collection, Problem, Source, SourceOptions

_ = Translator("teahouse_documents")


class DocumentsDesk(QObject):
    """Connects the panel with the library."""

    def __init__(self, panel: DocumentsPanel, shelf: Shelf, window: PanelWindow) -> None:
        super().__init__(panel)
        self._panel, self._shelf, self._window = panel, shelf, window
        self._files = Opener(shelf, panel.notices, self)
        panel.dropped.connect(self.add)
        panel.asked.connect(self._on_asked)
        panel.status.pause_requested.connect(lambda is_paused: shelf.pause(is_paused=is_paused))
        panel.library.asked.connect(self._on_collection)
        panel.library.source_asked.connect(self._on_source)
        panel.problems.asked.connect(self._on_problem)
        panel.problems.retry_all_requested.connect(self._retry_all)
        panel.search.asked.connect(self._on_hit)
        panel.embedder.arrived.connect(shelf.refresh)
        panel.embedder.way_requested.connect(self._on_way)
        window.look_changed.connect(self._on_look)

    def add(self, paths: list[str], collection: Collection | None) -> None:
        """Take files and folders into a collection: the given one, or the first there is."""
        if paths:
            self._shelf.add(self._name_of(collection), paths)

    # --- inside -----------------------------------------------------------------------------------

    def _name_of(self, collection: Collection | None) -> str:
        known = self._shelf.held.collections
        found = collection or (known[0] if known else None)
        return found.name if found is not None else _("My documents")

    def _on_asked(self, verb: str) -> None:
        if verb == "new":
            questions.ask_new_name(self._panel.window(), self._create)
        elif verb == "rescan":
            self._shelf.do(_("Looking for changes"), lambda library: library.rescan())
        elif verb == "reindex":
            self._shelf.do(_("Reading everything anew"), lambda library: library.reindex())
        elif verb == "settings":
            self._window.open_settings(EMBEDDER)

    def _create(self, name: str) -> None:
        self._shelf.do(_("Making a collection"), lambda library: library.create_collection(name))

    def _on_collection(self, verb: str, collection: Collection | None) -> None:
        take = partial(self._take, collection)
        if verb == "folder":
            questions.ask_folder(self._panel, take)
        elif verb == "files":
            questions.ask_files(self._panel, take)
        elif verb == CONVERSATIONS:
            self.add([CONVERSATIONS], collection)
        elif verb == "rename" and collection is not None:
            rename = partial(self._rename, collection.name)
            questions.ask_new_name(self._panel.window(), rename, name=collection.name)
        elif verb == "delete" and collection is not None:
            questions.ask_delete(self._panel.window(), collection, partial(self._delete, collection.name))

    def _take(self, collection: Collection | None, paths: list[str]) -> None:
        self.add(paths, collection)

    def _rename(self, name: str, new_name: str) -> None:
        if new_name != name:
            self._shelf.do(
                _("Renaming a collection"), lambda library: library.rename_collection(name, new_name)
            )

    def _delete(self, name: str) -> None:
        self._shelf.do(_("Deleting a collection"), lambda library: library.remove_collection(name))

    # --- sources ------------------------------------------------------------------------------------

    def _on_source(self, verb: str, source: Source) -> None:
        window, shelf = self._panel.window(), self._shelf
        if verb == "open":
            self._files.open(source.path)
        elif verb == "rescan":
            shelf.do(_("Looking for changes"), lambda library: library.rescan(source.id))
        elif verb == "reindex":
            shelf.do(_("Reading everything anew"), lambda library: library.reindex(source_id=source.id))
        elif verb == "rules":
            dialog = RulesDialog(source, window)
            dialog.chosen.connect(partial(self._change_rules, source))
            dialog.open()
        elif verb == "remove":
            questions.ask_remove(window, source, partial(self._remove, source))
        elif verb == "purge":
            questions.ask_purge(window, source, partial(self._purge, source))

    def _change_rules(self, source: Source, options: SourceOptions) -> None:
        holder = next((one for one in self._shelf.held.collections if one.id == source.collection_id), None)
        if holder is not None and options != source.options:
            self._shelf.change_rules(holder.name, source, options)

    def _remove(self, source: Source) -> None:
        told = _("{name} is no longer among the documents.").format(name=phrases.source_in_words(source))
        self._shelf.do(_("Removing from the documents"), lambda library: library.remove(source.id), told=told)

    def _purge(self, source: Source) -> None:
        self._panel.notices.show_text(
            _("{name} is being erased from the index …").format(name=phrases.source_in_words(source))
        )
        self._shelf.do(
            _("Erasing every trace"), lambda library: library.purge(source.id), done=self._tell_purged
        )

    def _tell_purged(self, purged: Any) -> None:
        self._panel.notices.dismiss()
        questions.tell_purged(self._panel.window(), purged)

    # --- problems -----------------------------------------------------------------------------------

    def _on_problem(self, verb: str, problem: Problem) -> None:
        if verb == "retry":
            self._shelf.do(_("Trying again"), lambda library: library.reindex(file_id=problem.file_id))
        elif verb == "rescan":
            self._shelf.do(_("Looking for changes"), lambda library: library.rescan(problem.source_id))
        elif verb == "show":
            self._files.open(problem.path, is_folder=True)
        elif verb == "ignore":
            self._ignore(problem)

    def _retry_all(self) -> None:
        self._shelf.do(_("Trying again"), lambda library: library.retry())

    def _ignore(self, problem: Problem) -> None:
        sources = (source for one in self._shelf.held.collections for source in one.sources)
        source = next((one for one in sources if one.id == problem.source_id), None)
        if source is not None:
            self._change_rules(source, without(source, problem.path))

    # --- hits and files -----------------------------------------------------------------------------

    def _on_hit(self, verb: str, hit: Passage) -> None:
        if hit.path.startswith(phrases.CONVERSATION):
            self._window.open_conversation(hit.path.removeprefix(phrases.CONVERSATION))
        elif verb in ("open", "show"):
            self._files.open(hit.path, is_folder=verb == "show")

    # --- the window ---------------------------------------------------------------------------------

    def _on_way(self, way: str) -> None:
        self._window.open_settings("net.offline" if way == "online" else "models.folder")

    def _on_look(self) -> None:
        self._panel.set_look(self._window.look)


def without(source: Source, path: str) -> SourceOptions:
    """The options of a folder with one file left out more."""
    file = Path(path)
    inside = file.relative_to(source.path).as_posix() if file.is_relative_to(source.path) else file.name
    plain = "".join(f"[{letter}]" if letter in "*?[" else letter for letter in inside)
    pattern = f"/{plain}"  # a character of a pattern stands for itself in brackets
    kept = tuple(one for one in source.options.ignore if one != pattern)
    return replace(source.options, ignore=(*kept, pattern))
