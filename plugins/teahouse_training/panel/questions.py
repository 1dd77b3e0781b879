"""What the panel asks before it acts: a file, memory, consent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from teahouse.language import listed, sentences
from teahouse_desktop.forms import ask_consent, ask_line
from teahouse_training.panel.values import ShownRun
from teahouse_training.panel.words import _
from teahouse_training.phrases import going_in_words
from teahouse_training.runs import Discarded, ShortOfMemory

TYPES = "*.jsonl *.json *.csv *.tsv *.txt *.md"


def ask_file(parent: QWidget, done: Callable[[str], object]) -> QFileDialog:
    """Let the person choose a file with examples."""
    chooser = _chooser(parent, _("Choose examples to learn from"))
    chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
    chooser.setNameFilters([_("Examples ({types})").format(types=TYPES), _("All files (*)")])
    chooser.fileSelected.connect(lambda path: done(path))
    chooser.open()
    return chooser


def ask_memory(
    parent: QWidget, error: ShortOfMemory, *, unload: Callable[[], object], force: Callable[[], object]
) -> QMessageBox:
    """There is too little memory: unload the chat's model meanwhile, where that helps, or try anyway."""
    loaded = [str(name) for name in error.data.get("loaded", ())]
    if loaded and error.data.get("would_do"):
        hint = _("Unload {names} meanwhile? It is loaded again afterwards.").format(names=listed(loaded))
        return ask_consent(parent, error.text, hint, verb=_("Unload and train"), done=unload)
    hint = sentences(error.hint, _("If it fails, nothing is lost: the training can go on later."))
    return ask_consent(parent, error.text, hint, verb=_("Try all the same"), done=force)


def ask_discard(parent: QWidget, found: Discarded, done: Callable[[], object]) -> QMessageBox:
    """Ask before a training goes with what came of it."""
    text = _("Discard the training “{name}”?").format(name=found.name)
    users = _("Conversations that use what goes cannot answer until it is taken out there.")
    has_made = found.adapter or found.made_model
    hint = sentences(*going_in_words(found), users if has_made else "")
    return ask_consent(parent, text, hint, verb=_("Discard"), done=done)


def ask_cancel(parent: QWidget, run: ShownRun, done: Callable[[], object]) -> QMessageBox:
    """Ask before a training is given up."""
    text = _("Cancel the training “{name}”?").format(name=run.name)
    hint = _("What was learned so far stays in its folder until you discard it. To go on later, pause it.")
    return ask_consent(parent, text, hint, verb=_("Cancel the training"), done=done)


# --- adapters -----------------------------------------------------------------------------------------


def ask_adapters(parent: QWidget, done: Callable[[list[str]], object]) -> QFileDialog:
    """Let the person choose files with adapters."""
    chooser = _chooser(parent, _("Add adapters"))
    chooser.setFileMode(QFileDialog.FileMode.ExistingFiles)
    chooser.setNameFilters([_("Adapters (*.gguf)"), _("All files (*)")])
    chooser.filesSelected.connect(lambda paths: done(list(paths)))
    chooser.open()
    return chooser


def ask_adapter_name(
    parent: QWidget, name: str, done: Callable[[str], object], *, is_taken: bool = False
) -> QInputDialog:
    """Ask what an adapter is to be called."""
    taken = _("There is an adapter “{name}” already. Another name for this one:").format(name=name)
    title = _("Add an adapter") if is_taken else _("Rename the adapter")
    label = taken if is_taken else _("Name")
    return ask_line(
        parent, title, label, text=name, done=lambda text: done(text.strip()) if text.strip() else None
    )


def ask_export(parent: QWidget, name: str, done: Callable[[str], object]) -> QFileDialog:
    """Let the person choose where an adapter is copied to; no file is ever written over."""
    chooser = _chooser(parent, _("Export the adapter “{name}”").format(name=name))
    chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    chooser.setOption(QFileDialog.Option.DontConfirmOverwrite)
    chooser.setDefaultSuffix("gguf")
    chooser.selectFile(f"{name}.gguf")
    chooser.fileSelected.connect(lambda path: done(path))
    chooser.open()
    return chooser


def ask_remove_adapter(parent: QWidget, name: str, done: Callable[[], object]) -> QMessageBox:
    """Ask before an adapter is deleted."""
    text = _("Remove the adapter “{name}” for good?").format(name=name)
    users = _("Conversations that use what goes cannot answer until it is taken out there.")
    hint = sentences(users, _("Export it first if you may want it again."))
    return ask_consent(parent, text, hint, verb=_("Remove"), done=done)


def _chooser(parent: QWidget, title: str) -> QFileDialog:
    chooser = QFileDialog(parent.window(), title, str(Path.home()))
    chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return chooser
