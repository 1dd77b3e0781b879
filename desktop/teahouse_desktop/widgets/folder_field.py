"""A field for the path of a folder: typed, or chosen in a window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QWidget

from teahouse.setting import Setting
from teahouse_desktop.language.languages import translate
from teahouse_desktop.settings.setting_fields import Typed


class FolderField(Typed):
    """A line with a button that opens the choice of folders."""

    def __init__(self, setting: Setting, parent: QWidget) -> None:
        super().__init__(setting, parent)
        self.button = QPushButton(parent)
        self.button.setProperty("kind", "plain")
        self.button.clicked.connect(self.choose)
        self.widget = _Line(self._line, self.button, parent)

    def choose(self) -> QFileDialog:
        """Let the person choose a folder; it counts at once."""
        chooser = ask_folder(self.widget, str(self.value))
        chooser.fileSelected.connect(self._take)
        return chooser

    def _take(self, folder: str) -> None:
        self._timer.stop()
        self._line.setText(folder)
        self.changed.emit()


def ask_folder(parent: QWidget, folder: str) -> QFileDialog:
    """A window in which a folder is chosen, beginning at `folder`; its `fileSelected` tells which."""
    chooser = QFileDialog(parent.window(), translate("FolderField", "Folder of models"), folder)
    chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    chooser.setFileMode(QFileDialog.FileMode.Directory)
    chooser.setOption(QFileDialog.Option.ShowDirsOnly)
    chooser.open()
    return chooser


class _Line(QWidget):
    """Stands for the line and its button in a form."""

    def __init__(self, line: QWidget, button: QPushButton, parent: QWidget) -> None:
        super().__init__(parent)
        self._line, self._button = line, button
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(line, 1)
        row.addWidget(button)
        self.setFocusProxy(line)
        self._name()

    def setAccessibleName(self, name: str) -> None:
        """The line is what is filled in."""
        super().setAccessibleName(name)
        self._line.setAccessibleName(name)

    def setAccessibleDescription(self, text: str) -> None:
        """The same for its description."""
        super().setAccessibleDescription(text)
        self._line.setAccessibleDescription(text)

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def _name(self) -> None:
        words = translate("FolderField", "Choose …")
        self._button.setText(words)
        self._button.setAccessibleName(translate("FolderField", "Choose a folder"))
