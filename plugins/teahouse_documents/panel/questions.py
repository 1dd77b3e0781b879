"""What the panel asks before it acts: names, files and folders, consent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from teahouse import Translator
from teahouse.language import sentences
from teahouse_desktop.widgets.questions import ask_consent, ask_line
from teahouse_documents import phrases
from teahouse_documents.values import Collection, Source

if TYPE_CHECKING:
    from teahouse_documents.values import Purged

_ = Translator("teahouse_documents")


def ask_folder(parent: QWidget, done: Callable[[list[str]], object]) -> QFileDialog:
    """Let the person choose a folder."""
    chooser = _chooser(parent, _("Add a folder to the documents"))
    chooser.setFileMode(QFileDialog.FileMode.Directory)
    chooser.setOption(QFileDialog.Option.ShowDirsOnly)
    chooser.filesSelected.connect(lambda paths: done(list(paths)))
    chooser.open()
    return chooser


def ask_files(parent: QWidget, done: Callable[[list[str]], object]) -> QFileDialog:
    """Let the person choose files."""
    chooser = _chooser(parent, _("Add files to the documents"))
    chooser.setFileMode(QFileDialog.FileMode.ExistingFiles)
    chooser.filesSelected.connect(lambda paths: done(list(paths)))
    chooser.open()
    return chooser


def ask_new_name(parent: QWidget, done: Callable[[str], object], *, name: str = "") -> QInputDialog:
    """Ask what a collection is to be called."""
    title = _("Rename the collection") if name else _("New collection")
    return ask_line(
        parent, title, _("Name"), text=name, done=lambda text: done(text.strip()) if text.strip() else None
    )


def ask_remove(parent: QWidget, source: Source, done: Callable[[], object]) -> QMessageBox:
    """Ask before a source leaves the documents."""
    text = _("Remove {name} from the documents?").format(name=phrases.source_in_words(source))
    hint = sentences(
        _("What was read of it is taken out of the index: {files}.").format(
            files=phrases.files_in_words(source.files)
        ),
        _stays(source),
        _("Adding it again reads it anew."),
    )
    return ask_consent(parent, text, hint, verb=_("Remove"), done=done)


def ask_purge(parent: QWidget, source: Source, done: Callable[[], object]) -> QMessageBox:
    """Ask before every trace of a source is erased; says what stays where."""
    text = _("Erase every trace of {name} from Teahouse's index?").format(
        name=phrases.source_in_words(source)
    )
    hint = sentences(
        _("No byte of its text stays in the folder of the index; that can take some minutes."),
        _stays(source),
        _("Conversations that quote it stay, too, and so do backups of those; you are told which."),
    )
    return ask_consent(parent, text, hint, verb=_("Erase every trace"), done=done)


def ask_delete(parent: QWidget, collection: Collection, done: Callable[[], object]) -> QMessageBox:
    """Ask before a collection goes."""
    text = _("Delete the collection {name}?").format(name=collection.name)
    hint = sentences(
        _("What was read for it is taken out of the index: {files}.").format(
            files=phrases.files_in_words(collection.files)
        ),
        _("The files themselves stay where they are."),
    )
    return ask_consent(parent, text, hint, verb=_("Delete"), done=done)


def tell_purged(parent: QWidget, purged: Purged) -> QMessageBox:
    """Say what is gone, and where the text still stands."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(_("Erased"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(phrases.purged_in_words(purged))
    box.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    close = box.addButton(_("Close"), QMessageBox.ButtonRole.AcceptRole)
    close.setProperty("kind", "plain")
    box.setEscapeButton(close)
    box.open()
    return box


def _stays(source: Source) -> str:
    if source.kind == "conversations":
        return _("The conversations themselves stay in Teahouse.")
    return _("The files themselves stay where they are.")


def _chooser(parent: QWidget, title: str) -> QFileDialog:
    chooser = QFileDialog(parent.window(), title, str(Path.home()))
    chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return chooser
