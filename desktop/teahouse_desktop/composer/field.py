"""The text field: grows with the text, Enter sends, but not while an input method composes; takes files."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QFocusEvent, QImage, QInputMethodEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

MOST_LINES = 8
FIELD_MARGIN = 3


class Field(QPlainTextEdit):
    """The text field.

    Signals:
        submitted: Enter was pressed outside of a composition.
        escaped: Escape was pressed.
        composing_changed: An input method has begun or ended to compose.
        focus_changed: Whether it has the focus now.
        files_given: Paths of files that were pasted or dropped here.
        picture_given: A `QImage` that was pasted or dropped here.
    """

    submitted = Signal()
    escaped = Signal()
    composing_changed = Signal()
    focus_changed = Signal(bool)
    files_given = Signal(list)
    picture_given = Signal(object)
    _hint = ""  # asked for by Qt before the constructor has ended

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_composing = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(FIELD_MARGIN)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    @property
    def is_composing(self) -> bool:
        """Whether an input method holds text that is not decided yet."""
        return self._is_composing

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter sends, Shift+Enter starts a line, Escape leaves."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            if not self._is_composing:
                self.submitted.emit()
            return
        if event.key() == Qt.Key.Key_Escape and not self._is_composing:
            self.escaped.emit()
            return
        super().keyPressEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Files and pictures too."""
        return bool(local_files(source)) or has_picture(source) or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Files and pictures go with the message; text comes into the field."""
        if files := local_files(source):
            self.files_given.emit(files)
        elif has_picture(source):
            self.picture_given.emit(QImage(source.imageData()))
        else:
            super().insertFromMimeData(source)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Keep track of whether a composition is under way."""
        self._note_composing(bool(event.preeditString()))
        super().inputMethodEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The frame shows the focus."""
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The frame shows the focus; a composition ends with it."""
        self._note_composing(False)
        super().focusOutEvent(event)
        self.focus_changed.emit(False)

    def changeEvent(self, event: QEvent) -> None:
        """Another font, also for the words of the empty field: the style sheet would leave theirs."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.viewport().setFont(self.font())
            self._fit()
            self._fit_hint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, other lines."""
        super().resizeEvent(event)
        self._fit()
        self._fit_hint()

    def show_hint(self, text: str) -> None:
        """What stands in the empty field; shorter where there is no room for one line of it."""
        self._hint = text
        self._fit_hint()

    def _note_composing(self, is_composing: bool) -> None:
        has_changed, self._is_composing = is_composing != self._is_composing, is_composing
        if has_changed:
            self.composing_changed.emit()

    def _fit_hint(self) -> None:
        room = self.viewport().width() - 2 * FIELD_MARGIN - 2
        elided = self.fontMetrics().elidedText(self._hint, Qt.TextElideMode.ElideRight, max(0, room))
        if self._hint and elided != self.placeholderText():
            self.setPlaceholderText(elided)
            self.viewport().update()  # Qt paints other words only where there were none before

    def _fit(self, _size: object = None) -> None:
        heights = self._line_heights()
        policy = Qt.ScrollBarPolicy
        is_full = len(heights) > MOST_LINES
        self.setVerticalScrollBarPolicy(policy.ScrollBarAsNeeded if is_full else policy.ScrollBarAlwaysOff)
        self.setFixedHeight(round(sum(heights[:MOST_LINES])) + 2 * FIELD_MARGIN + 2)

    def _line_heights(self) -> list[float]:
        """Pixels of each line, one more than are shown at most; Han lines are higher than Latin ones."""
        heights: list[float] = []
        block = self.document().begin()
        while block.isValid() and len(heights) <= MOST_LINES:
            self.blockBoundingRect(block)  # lays it out
            layout = block.layout()
            heights += [layout.lineAt(n).height() for n in range(layout.lineCount())] or [self._least()]
            block = block.next()
        return heights

    def _least(self) -> float:
        return float(self.fontMetrics().lineSpacing())


def local_files(source: QMimeData) -> list[str]:
    """Paths of the files on this computer that are pasted or dropped; nothing is ever fetched."""
    return [url.toLocalFile() for url in source.urls() if url.isLocalFile()] if source.hasUrls() else []


def has_picture(source: QMimeData) -> bool:
    """Whether it is a picture and no text: office programs put a picture of the text beside the text."""
    return source.hasImage() and not source.hasText()
