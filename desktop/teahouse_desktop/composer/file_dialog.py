"""A window that shows one file of a message: its text or its picture."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from teahouse.chat.attachments import is_picture
from teahouse.messages import Attachment
from teahouse_desktop.composer.attaching import details_in_words
from teahouse_desktop.looks.look import Look

SIZE = (760, 560)
MOST_CHARS = 200_000
"""Of a text that is shown; more would stop the window for a moment."""


class PictureView(QLabel):
    """A picture that becomes smaller with its window, never larger than it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QPixmap()
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setMinimumSize(QSize(80, 60))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_picture(self, image: QImage) -> None:
        """Show it."""
        self._picture = QPixmap.fromImage(image)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size of the window."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._picture.isNull():
            return
        scale = self.devicePixelRatioF()
        room = self.size() * scale
        fitted = self._picture
        if fitted.width() > room.width() or fitted.height() > room.height():
            ways = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            fitted = fitted.scaled(room, *ways)
        fitted.setDevicePixelRatio(scale)
        self.setPixmap(fitted)


class FileDialog(QDialog):
    """Shows a file and offers to save it.

    Signals:
        save_requested: The path to save it under.
    """

    save_requested = Signal(str)

    def __init__(self, attachment: Attachment, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(attachment.name)
        self._attachment = attachment
        self._problem: str | None = None
        self.facts = QLabel(self)
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setProperty("kind", "muted")
        self.facts.setWordWrap(True)
        self.picture = PictureView(self)
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setUndoRedoEnabled(False)
        self.text.setFont(look.mono)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.text.setPlainText((attachment.text or "")[:MOST_CHARS])
        self.save = QPushButton(self)
        self.save.clicked.connect(self._ask_save)
        self.close_button = QPushButton(self)
        self.close_button.clicked.connect(self.close)
        self.picture.setVisible(is_picture(attachment))
        self.text.setVisible(not is_picture(attachment))
        self._lay_out()
        self._name()

    def show_picture(self, image: QImage | None, problem: str = "") -> None:
        """Show the picture, or say why it cannot be shown."""
        if image is not None:
            self.picture.show_picture(image)
            return
        self._problem = problem
        self._name()

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.addWidget(self.facts)
        column.addWidget(self.picture, 1)
        column.addWidget(self.text, 1)
        row = QHBoxLayout()
        row.addWidget(self.save)
        row.addStretch(1)
        row.addWidget(self.close_button)
        for button in (self.save, self.close_button):
            button.setProperty("kind", "plain")
        self.close_button.setDefault(True)
        column.addLayout(row)
        self.resize(*SIZE)

    def _name(self) -> None:
        facts = [details_in_words(self._attachment)]
        if len(self._attachment.text or "") > MOST_CHARS:
            facts.append(self.tr("Only the beginning is shown; saving writes all of it."))
        elif self._attachment.text is None and not is_picture(self._attachment):
            facts.append(self.tr("Its text is not known here; it can be saved."))
        self.facts.setText(" · ".join(facts))
        self.save.setText(self.tr("Save as …"))
        self.close_button.setText(self.tr("Close"))
        self.text.setAccessibleName(self._attachment.name)
        self.picture.setAccessibleName(self._attachment.name)
        if self._problem is not None:
            text = self.tr("This picture cannot be shown: it is damaged, too large, or of an unknown kind.")
            self.picture.setText(self._problem or text)

    def _ask_save(self) -> None:
        chooser = QFileDialog(self, self.tr("Save as …"))
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.selectFile(safe_name(self._attachment.name))
        chooser.fileSelected.connect(self.save_requested)
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()


def safe_name(name: str) -> str:
    """A name for a file on the disk that leads nowhere else."""
    plain = "".join("_" if character in '/\\:*?"<>|' else character for character in name)
    return plain.strip(" .") or "file"
