"""What is said while the libraries that training needs are not there: one command, and its size."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from teahouse import AppError
from teahouse_desktop.forms import FlowRow, make_text, say
from teahouse_desktop.transcript import accessible
from teahouse_desktop.widgets.cards import make_button
from teahouse_training import needs
from teahouse_training.panel.words import _


class MissingPart(QFrame):
    """Why nothing can be trained, with the command that mends it; hidden where all is well.

    Signals:
        retry_requested: Look once more.
    """

    retry_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self.text, self.hint, self.copied = (
            make_text(self),
            make_text(self, "muted"),
            make_text(self, "muted"),
        )
        self.command = QLineEdit(self)
        self.command.setReadOnly(True)
        self.command.setAccessibleName(_("The command that installs them"))
        self.copy, self.retry = make_button(self._copy), make_button(self.retry_requested.emit)
        self.copy.setText(_("Copy the command"))
        self.retry.setText(_("Try again"))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 9, 12, 10)
        for part in (self.text, self.hint, self.command):
            column.addWidget(part)
        column.addWidget(FlowRow(self, left=(self.copy, self.retry)))
        column.addWidget(self.copied)
        self.hide()

    def show_problem(self, problem: AppError | None) -> None:
        """Say what is missing; None for nothing."""
        if problem is not None:
            command = str(problem.data.get("command", ""))
            self.text.setText(problem.text)
            text = _(
                "One command in a terminal installs them; then start Teahouse again. On the disk: {size}."
            )
            say(self.hint, text.format(size=needs.size_text()) if command else problem.hint)
            self.command.setText(command)
            self.command.setCursorPosition(0)
            for part in (self.command, self.copy):
                part.setVisible(bool(command))
            say(self.copied, "")
            if not self.isVisible():
                accessible.announce(self, str(problem))
        self.setVisible(problem is not None)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.command.text())
        say(self.copied, _("Copied. Paste it into a terminal, then start Teahouse again."))
        accessible.announce(self, self.copied.text())
