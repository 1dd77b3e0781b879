"""What the panel asks before it acts: a file, memory, consent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from teahouse.language import listed, sentences
from teahouse_desktop.forms import ask_consent
from teahouse_training.panel.values import ShownRun
from teahouse_training.panel.words import _
from teahouse_training.runs import ShortOfMemory

TYPES = "*.jsonl *.json *.csv *.tsv *.txt *.md"


def ask_file(parent: QWidget, done: Callable[[str], object]) -> QFileDialog:
    """Let the person choose a file with examples."""
    chooser = QFileDialog(parent.window(), _("Choose examples to learn from"), str(Path.home()))
    chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
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


def ask_discard(parent: QWidget, run: ShownRun, done: Callable[[], object]) -> QMessageBox:
    """Ask before a training goes with what came of it."""
    text = _("Discard the training “{name}”?").format(name=run.name)
    adapter = _(
        "Its adapter leaves the library. Conversations in which it is on cannot answer until it is taken out "
        "there."
    )
    hint = sentences(
        adapter if run.adapter else "", _("Your own data and the model's file stay as they are.")
    )
    return ask_consent(parent, text, hint, verb=_("Discard"), done=done)


def ask_cancel(parent: QWidget, run: ShownRun, done: Callable[[], object]) -> QMessageBox:
    """Ask before a training is given up."""
    text = _("Cancel the training “{name}”?").format(name=run.name)
    hint = _("What was learned so far stays in its folder until you discard it. To go on later, pause it.")
    return ask_consent(parent, text, hint, verb=_("Cancel the training"), done=done)
