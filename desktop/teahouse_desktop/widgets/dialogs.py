"""Questions and messages in windows of their own; none of them blocks the event loop."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QIcon
from PySide6.QtWidgets import QMessageBox, QWidget

from teahouse_desktop.language.languages import translate

OPENABLE = ("https", "http", "mailto")


def ask_link(parent: QWidget, target: str) -> QMessageBox:
    """Show where a link leads; it is opened only when the person says so."""
    url = QUrl(target)
    box = _box(parent, translate("Dialogs", "Open this link?"))
    box.setText(target)
    can_open = url.scheme().lower() in OPENABLE and url.isValid()
    if can_open:
        told = [translate("Dialogs", "It opens in the browser, outside of Teahouse.")]
        if host := url.host(QUrl.ComponentFormattingOption.FullyEncoded):
            # As it is looked up: neither a name before an @ nor letters that look like others hide it.
            told.append(translate("Dialogs", "Server: {name}").format(name=host))
        box.setInformativeText("\n".join(told))
        opening = box.addButton(translate("Dialogs", "Open"), QMessageBox.ButtonRole.AcceptRole)
        opening.clicked.connect(lambda: QDesktopServices.openUrl(url))
    else:
        box.setInformativeText(translate("Dialogs", "Links of this kind are not opened."))
    copying = box.addButton(translate("Dialogs", "Copy the link"), QMessageBox.ButtonRole.ActionRole)
    copying.clicked.connect(lambda: QGuiApplication.clipboard().setText(target))
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(cancel)
    return _open(box)


def show_bug(parent: QWidget | None, text: str, log_folder: str) -> QMessageBox:
    """Something went wrong that should not have; the details are in the log."""
    box = _box(parent, translate("Dialogs", "Something went wrong"))
    box.setIcon(QMessageBox.Icon.Warning)
    box.setText(text)
    box.setInformativeText(
        translate(
            "Dialogs",
            "Your conversations are kept. You can go on; if things look odd, start Teahouse again.\n"
            "The details are in the log: {folder}",
        ).format(folder=log_folder)
    )
    box.addButton(QMessageBox.StandardButton.Close)
    return _open(box)


def _box(parent: QWidget | None, title: str) -> QMessageBox:
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(title)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return box


def _open(box: QMessageBox) -> QMessageBox:
    for button in box.buttons():
        button.setIcon(QIcon())
        button.setProperty("kind", "plain")
    box.open()
    return box
