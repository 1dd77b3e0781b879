"""Small questions: a line or a text to type, a choice that cannot be undone. None blocks the event loop."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractButton, QDialogButtonBox, QInputDialog, QMessageBox, QWidget

from teahouse_desktop.language.languages import translate


def ask_line(
    parent: QWidget,
    title: str,
    label: str,
    *,
    text: str,
    done: Callable[[str], object],
) -> QInputDialog:
    """Ask for a line; `done` hears what was typed, and nothing when it was cancelled."""
    dialog = _input(parent, title, label, done)
    dialog.setTextValue(text)
    return _open_input(dialog)


def ask_text(
    parent: QWidget, title: str, label: str, *, text: str, done: Callable[[str], object]
) -> QInputDialog:
    """Ask for some lines of text."""
    dialog = _input(parent, title, label, done)
    dialog.setOption(QInputDialog.InputDialogOption.UsePlainTextEditForTextInput)
    dialog.setTextValue(text)
    dialog.resize(420, 220)
    return _open_input(dialog)


def ask_consent(
    parent: QWidget, text: str, hint: str, *, verb: str, done: Callable[[], object]
) -> QMessageBox:
    """Ask before something that cannot be undone; nothing is done unless the person presses `verb`."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(verb)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    box.setInformativeText(hint)
    doing = box.addButton(verb, QMessageBox.ButtonRole.DestructiveRole)
    doing.clicked.connect(lambda: done())
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(cancel)
    box.setEscapeButton(cancel)
    _make_plain(box.buttons())
    box.open()
    return box


def _input(parent: QWidget, title: str, label: str, done: Callable[[str], object]) -> QInputDialog:
    dialog = QInputDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    dialog.setLabelText(label)
    dialog.setOkButtonText(translate("Questions", "OK"))
    dialog.setCancelButtonText(translate("Questions", "Cancel"))
    dialog.accepted.connect(lambda: done(dialog.textValue()))
    dialog.resize(380, dialog.sizeHint().height())
    return dialog


def _open_input(dialog: QInputDialog) -> QInputDialog:
    dialog.open()
    for box in dialog.findChildren(QDialogButtonBox):
        _make_plain(box.buttons())
    return dialog


def _make_plain(buttons: Iterable[QAbstractButton]) -> None:
    for button in buttons:
        button.setIcon(QIcon())
        button.setProperty("kind", "plain")
        button.style().unpolish(button)  # it has taken on the style sheet without the property
        button.style().polish(button)
