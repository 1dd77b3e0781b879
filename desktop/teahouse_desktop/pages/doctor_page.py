"""The page about the program: what it is, what it finds on this machine, and its log."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from teahouse import language
from teahouse.diagnosis import in_lines
from teahouse.language import sentences
from teahouse.logs import without_home
from teahouse_desktop.looks.look import Look
from teahouse_desktop.pages.doctor_operations import LogRead
from teahouse_desktop.pages.page import Page, larger
from teahouse_desktop.transcript import accessible
from teahouse_desktop.widgets.flow import FlowRow

LINES_OF_REPORT, LINES_OF_LOG = 13, 11


class DoctorPage(Page):
    """Shows what is known and offers it as text.

    Signals:
        check_requested: Look at this machine (again).
        stop_requested: Do not look any further.
    """

    check_requested = Signal()
    stop_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        self.report_box = _box()
        self.log_box = _box()
        self._name = _label()
        super().__init__(look, parent)
        self._versions: Mapping[str, str] = {}
        self._report: Mapping[str, Any] | None = None
        self._log: LogRead | None = None
        self._is_checking = False
        self._spoken = ""
        self.copy_all = self._button(self._copy_all)
        self.check = self._button(self._on_check)
        self.copy_log = self._button(self._copy_log)
        self.open_folder = self._button(self._open_folder)
        self._about, self._versions_text = _label(), _label("muted")
        self._machine, self.state, self._logs, self._file = (
            _label("strong"),
            _label(),
            _label("strong"),
            _label("muted"),
        )
        self._lay_out()

    @property
    def title(self) -> str:
        """What the page is called."""
        return self.tr("About and diagnosis")

    # --- what is shown ------------------------------------------------------------------------------

    def show_versions(self, versions: Mapping[str, str]) -> None:
        """Show versions by name."""
        self._versions = versions
        self._versions_text.setText(" · ".join(f"{name} {number}" for name, number in versions.items()))

    def show_checking(self, words: str) -> None:
        """This machine is being looked at."""
        self._is_checking = True
        self.state.setText(words)
        self._name_check()

    def show_report(self, report: Mapping[str, Any]) -> None:
        """Show what was found."""
        self._is_checking, self._report, self._spoken = False, report, language.active()
        self.report_box.setPlainText(without_home("\n".join(in_lines(report))))
        self._say_state()
        self._name_check()
        accessible.announce(self, self.state.text())

    def show_failure(self, text: str) -> None:
        """Say why nothing was found; an earlier report stays."""
        self._is_checking = False
        self.state.setText(text)
        self._name_check()

    def show_log(self, read: LogRead) -> None:
        """Show the end of the log."""
        self._log = read
        self.log_box.setPlainText(read.text)
        bar = self.log_box.verticalScrollBar()
        bar.setValue(bar.maximum())
        self._say_log()

    def as_text(self) -> str:
        """Everything as text, for a bug report; English, because developers read it."""
        head = [f"{name} {number}" for name, number in self._versions.items()]
        log = [f"log: {without_home(str(self._log.file))}", self._log.text] if self._log else []
        return (
            "\n".join([*head, "", self.report_box.toPlainText() or "not checked", "", *log]).rstrip() + "\n"
        )

    # --- a page -------------------------------------------------------------------------------------

    def enter(self, place: str = "") -> None:
        """Begin with what people come for."""
        self.copy_all.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._report is None and not self._is_checking:
            self.check_requested.emit()

    def take_look(self, look: Look) -> None:
        """The fonts of the boxes too."""
        super().take_look(look)
        self._name.setFont(larger(look.font, 1.6))
        for box, lines in ((self.report_box, LINES_OF_REPORT), (self.log_box, LINES_OF_LOG)):
            box.setFont(look.mono)
            box.setMinimumHeight(box.fontMetrics().lineSpacing() * lines)

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        super().retranslate()
        self._name.setText("Teahouse " + version("teahouse"))
        self._about.setText(
            self.tr("Chat with language models on your own computer.")
            + "\n"
            + self.tr("Licence: Apache-2.0. Icons: Lucide (ISC). Typeface: Inter (OFL).")
        )
        self._machine.setText(self.tr("This machine"))
        self._logs.setText(self.tr("Log"))
        self.report_box.setAccessibleName(self.tr("What was found on this machine"))
        self.log_box.setAccessibleName(self.tr("The last lines of the log"))
        self.copy_all.setText(self.tr("Copy all for a bug report"))
        self.copy_log.setText(self.tr("Copy the log"))
        self.open_folder.setText(self.tr("Open its folder"))
        self._name_check()
        self._say_log()
        if self._report is not None and not self._is_checking:
            self._say_state()

    # --- inside -----------------------------------------------------------------------------------

    def _say_state(self) -> None:
        report = self._report or {}
        tried = [step["result"] for step in report.get("tried", [])]
        error = next((one["error"] for one in report.get("backends", []) if "error" in one), "")
        if "ok" in tried:
            words = self.tr("The engine works on this machine.")
        else:
            words = self.tr("The engine does not work on this machine: {reason}").format(
                reason=error or "; ".join(tried) or self.tr("it was not tried.")
            )
        is_said_so = self._spoken == language.active()  # these sentences came in the language of then
        self.state.setText(sentences(words, *(report.get("cards", []) if is_said_so else [])))

    def _say_log(self) -> None:
        if self._log is None:
            return
        told = self.tr("It holds no text of conversations.")
        self._file.setText(sentences(without_home(str(self._log.file)) + " ·", told))

    def _name_check(self) -> None:
        self.check.setText(self.tr("Stop") if self._is_checking else self.tr("Check again"))

    def _on_check(self) -> None:
        (self.stop_requested if self._is_checking else self.check_requested).emit()

    def _copy_all(self) -> None:
        self._copy(self.as_text())

    def _copy_log(self) -> None:
        self._copy(self._log.text if self._log else "")

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        accessible.announce(self, self.tr("Copied."))

    def _open_folder(self) -> None:
        if self._log is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._log.file.parent)))

    def _button(self, act: Any) -> QPushButton:
        button = QPushButton(self)
        button.setProperty("kind", "plain")
        button.clicked.connect(act)
        return button

    def _lay_out(self) -> None:
        self.head.addWidget(self.copy_all)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 10, 0)
        column.setSpacing(12)
        column.addWidget(_card(self._name, self._about, self._versions_text))
        column.addWidget(_card(_line(self._machine, self.check), self.state, self.report_box), 3)
        log_line = _line(self._logs, self.copy_log, self.open_folder)
        column.addWidget(_card(log_line, self._file, self.log_box), 2)
        scroll = QScrollArea(self)
        scroll.setAccessibleName(self.tr("About and diagnosis"))
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.addWidget(scroll, 1)


def _box() -> QPlainTextEdit:
    box = QPlainTextEdit()
    box.setReadOnly(True)
    box.setTabChangesFocus(True)
    box.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
    box.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return box


def _label(kind: str = "") -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if kind:
        label.setProperty("kind", kind)
    return label


def _line(title: QLabel, *buttons: QPushButton) -> QWidget:
    title.setWordWrap(False)
    return FlowRow(left=(title,), right=buttons)


def _card(*parts: QWidget) -> QFrame:
    card = QFrame()
    card.setObjectName("card")
    column = QVBoxLayout(card)
    column.setContentsMargins(16, 12, 16, 14)
    column.setSpacing(8)
    for part in parts:
        column.addWidget(part, 1 if isinstance(part, QPlainTextEdit) else 0)
    return card
