"""Says once that closing the window does not end the app."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from teahouse_desktop.language.languages import translate


def tell_of_tray(parent: QWidget, *, quit_app: Callable[[], object]) -> QMessageBox:
    """A box that is accepted when the window may go into the tray."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(translate("TrayNotice", "Teahouse stays in the tray"))
    box.setText(translate("TrayNotice", "Closing the window leaves Teahouse in the tray."))
    box.setInformativeText(
        translate(
            "TrayNotice",
            "Replies go on, and the quick-ask window can still be called. To end Teahouse, choose “Quit” in"
            " the tray or in the menu File. A switch in the settings decides this.",
        )
    )
    stay = box.addButton(translate("TrayNotice", "Stay in the tray"), QMessageBox.ButtonRole.AcceptRole)
    leave = box.addButton(translate("TrayNotice", "Quit"), QMessageBox.ButtonRole.DestructiveRole)
    leave.clicked.connect(quit_app)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    box.open()
    return box
