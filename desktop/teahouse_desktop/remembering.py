"""What the window keeps for its next start, written beside its thread: the disk can take its time."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSettings

from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation, quick


def remember(*, file: str, key: str, value: str) -> Operation:
    """Keep a value; found again after a crash too, and at once by every `QSettings` of this file."""

    def write() -> None:
        settings = QSettings(file, QSettings.Format.IniFormat)
        settings.setValue(key, value)
        settings.sync()

    title = translate("Operations", "Keeping what is open")
    return replace(quick(title, write), lane="drafts", is_background=True)
