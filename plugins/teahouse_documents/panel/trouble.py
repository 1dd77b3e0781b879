"""Why there are no documents to show: in words, with the command that mends it and another try."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from teahouse import AppError, Translator
from teahouse_desktop.transcript import accessible
from teahouse_desktop.widgets.cards import make_button, make_label, make_name_label
from teahouse_desktop.widgets.flow import FlowRow

_ = Translator("teahouse_documents")


class TroublePart(QFrame):
    """Hidden where all is well.

    Signals:
        retry_requested: Look once more.
    """

    retry_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self.setProperty("kind", "error")
        self._command = ""
        self.text, self.hint = make_name_label(), make_name_label("muted")
        self.copy = make_button(self._copy)
        self.copy.setText(_("Copy the command"))
        self.retry = make_button(self.retry_requested.emit)
        self.retry.setText(_("Try again"))
        self.copied = make_label("muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 9, 12, 10)
        for part in (self.text, self.hint):
            column.addWidget(part)
        column.addWidget(FlowRow(self, left=(self.copy, self.retry)))
        column.addWidget(self.copied)
        self.hide()

    def show_problem(self, problem: AppError | None) -> None:
        """Say what is wrong; None for nothing."""
        if problem is not None:
            self.text.setText(problem.text)
            self.hint.setText(problem.hint)
            self.hint.setVisible(bool(problem.hint))
            self._command = str(problem.data.get("command", ""))
            self.copy.setVisible(bool(self._command))
            self.copied.hide()
            if not self.isVisible():
                accessible.announce(self, str(problem))
        self.setVisible(problem is not None)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._command)
        self.copied.setText(_("Copied. Paste it into a terminal, then start Teahouse again."))
        self.copied.show()
        accessible.announce(self, self.copied.text())
