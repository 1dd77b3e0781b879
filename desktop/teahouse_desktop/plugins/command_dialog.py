"""The window in which a plugin's command is run: its parameters, how far it is, and what came of it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from teahouse.errors import SettingError
from teahouse.language import sentences
from teahouse.setting import Setting, Value
from teahouse_desktop.looks.look import Look
from teahouse_desktop.plugins.plugin_commands import PluginCommand, as_json, in_words, progress_of
from teahouse_desktop.settings.setting_fields import Offers, make_setting_field
from teahouse_desktop.transcript import accessible
from teahouse_desktop.widgets.check_box import CheckBox
from teahouse_desktop.widgets.fields import Field
from teahouse_desktop.widgets.flow import FlowRow
from teahouse_desktop.widgets.progress import ProgressLine

WIDTH = 480
LEAST_FORM_HEIGHT = 220
MOST_FIELDS = 3


class CommandDialog(QDialog):
    """Asks for parameters, runs, can be stopped, and shows a result that can be copied.

    Signals:
        run_requested: The checked parameters, by key.
        stop_requested: What runs is to stop.
    """

    run_requested = Signal(object)
    stop_requested = Signal()

    def __init__(self, one: PluginCommand, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.one = one
        self._is_busy = False
        self._result: Any = None
        self.fields: dict[str, Field] = {}
        self._labels: dict[str, tuple[QLabel, QLabel]] = {}
        self._heading, self._about = _label(self, "strong"), _label(self, "muted")
        self._form = QWidget(self)
        self._rows = QVBoxLayout(self._form)
        self.progress = ProgressLine(look, self)
        self.outcome = _label(self)
        self.answer = QPlainTextEdit(self)
        self.as_json: QCheckBox = CheckBox(self)
        self.copy, self.run, self.close_button = (QPushButton(self) for _ in range(3))
        self.answer.setFont(look.mono)
        for setting in one.command.params:
            self._add(setting)
        self._connect()
        self._lay_out(look)
        self._name()

    @property
    def values(self) -> dict[str, Value]:
        """The parameters, checked.

        Raises:
            SettingError: One is missing or not allowed.
        """
        found = {}
        for setting in self.one.command.params:
            value = self.fields[setting.key].value
            if setting.default is None and value == "":
                raise SettingError(self.tr("{name} is missing.").format(name=self.one.label(setting)))
            found[setting.key] = setting.check(value)
        return found

    def show_busy(self) -> None:
        """It has begun."""
        self._set_busy(True)
        self._tell("")
        self.answer.hide()
        self.progress.show_progress(self.tr("One moment …"), 0.0, can_stop=False)

    def show_progress(self, value: object) -> None:
        """Say how far it is, as well as the command tells."""
        words, fraction = progress_of(value)
        self.progress.show_progress(words or self.tr("It is running …"), fraction or 0.0, can_stop=False)

    def show_result(self, result: object) -> None:
        """It has ended well."""
        self._set_busy(False)
        self._result = result
        is_structured = not isinstance(result, str) and result is not None
        self.as_json.setVisible(is_structured)
        self.copy.setVisible(result is not None)
        self._show_text()
        words = self.tr("Done.") if result is not None else self.tr("Done; there is nothing to show.")
        self._tell(words)
        if result is not None:
            self.answer.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_failure(self, text: str, hint: str = "") -> None:
        """It has ended badly, or was stopped."""
        self._set_busy(False)
        self._tell(sentences(text, hint), kind="danger")

    def show_stopped(self) -> None:
        """The person has stopped it."""
        self._set_busy(False)
        self._tell(self.tr("Stopped."))

    def reject(self) -> None:
        """Escape stops what runs, and else closes."""
        if self._is_busy:
            self.stop_requested.emit()
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Whoever closes the window stops what runs in it."""
        if self._is_busy:
            self.stop_requested.emit()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def _add(self, setting: Setting) -> None:
        field = make_setting_field(setting, Offers(), self._form)
        title, about = _label(self._form, "strong"), _label(self._form, "muted")
        title.setBuddy(field.widget)
        if setting.default is not None:
            field.set_value(setting.default)
        for widget in (title, about, field.widget):
            self._rows.addWidget(widget)
        self._rows.addSpacing(6)
        self.fields[setting.key], self._labels[setting.key] = field, (title, about)

    def _connect(self) -> None:
        self.run.clicked.connect(self._run)
        self.close_button.clicked.connect(self._close)
        self.copy.clicked.connect(self._copy)
        self.as_json.toggled.connect(self._show_text)

    def _run(self) -> None:
        try:
            values = self.values
        except SettingError as error:
            self._tell(sentences(error.text, error.hint), kind="danger")
            self._go_to_problem()
            return
        self.run_requested.emit(values)

    def _go_to_problem(self) -> None:
        """Put the focus where something is missing."""
        for setting in self.one.command.params:
            try:
                is_missing = self.fields[setting.key].value == "" and setting.default is None
            except SettingError:
                is_missing = True
            if is_missing:
                self.fields[setting.key].widget.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _close(self) -> None:
        if self._is_busy:
            self.stop_requested.emit()
        else:
            self.close()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.answer.toPlainText())
        accessible.announce(self.copy, self.tr("Copied."))

    def _show_text(self) -> None:
        tell = as_json if self.as_json.isChecked() else self.one.command.words or in_words
        self.answer.setPlainText("" if self._result is None else tell(self._result))
        self.answer.setVisible(self._result is not None)

    def _set_busy(self, is_busy: bool) -> None:
        self._is_busy = is_busy
        self.run.setEnabled(not is_busy)
        self._form.setEnabled(not is_busy)
        if not is_busy:
            self.progress.hide()
        self._name()

    def _tell(self, words: str, *, kind: str = "muted") -> None:
        self.outcome.setProperty("kind", kind)
        self.outcome.style().polish(self.outcome)
        self.outcome.setText(words)
        self.outcome.setVisible(bool(words))
        if words:
            accessible.announce(self.outcome, words)

    def _lay_out(self, look: Look) -> None:
        self.setSizeGripEnabled(True)
        self._rows.setContentsMargins(0, 0, 8, 0)
        self._rows.setSpacing(4)
        self.answer.setReadOnly(True)
        self.answer.setTabChangesFocus(True)
        for widget in (self.answer, self.as_json, self.copy, self.outcome):
            widget.hide()
        for button, kind in ((self.copy, "plain"), (self.close_button, "plain"), (self.run, "primary")):
            button.setProperty("kind", kind)
            button.setAutoDefault(button is self.run)
        buttons = FlowRow(self, left=(self.copy, self.as_json), right=(self.close_button, self.run))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        form = self._scrolled(look) if len(self.fields) > MOST_FIELDS else self._form
        parts: tuple[QWidget, ...] = (self._heading, self._about, form, self.progress, self.outcome)
        for part in parts:
            column.addWidget(part)
        column.addWidget(self.answer, 1)
        column.addStretch(0)
        column.addWidget(buttons)
        self.resize(round(WIDTH * min(look.scale, 1.5)), self.sizeHint().height())

    def _scrolled(self, look: Look) -> QScrollArea:
        """The form, where it is too long for a screen."""
        area = QScrollArea(self)
        area.setWidget(self._form)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumHeight(round(LEAST_FORM_HEIGHT * look.scale))
        return area

    def _name(self) -> None:
        self.setWindowTitle(self.one.title())
        self._heading.setText(self.one.title())
        told = self.tr("Plugin {name} · teahouse {path}")
        self._about.setText(told.format(name=self.one.plugin, path=self.one.command.path))
        for setting in self.one.command.params:
            title, about = self._labels[setting.key]
            title.setText(self.one.label(setting))
            about.setText(self.one.help(setting))
            about.setVisible(bool(about.text()))
            widget = self.fields[setting.key].widget
            widget.setAccessibleName(self.one.label(setting))
            widget.setAccessibleDescription(self.one.help(setting))
        self.answer.setAccessibleName(self.tr("Result"))
        self.as_json.setText(self.tr("As JSON"))
        self.copy.setText(self.tr("Copy"))
        self.run.setText(self.tr("Run"))
        self.close_button.setText(self.tr("Stop") if self._is_busy else self.tr("Close"))


def _label(parent: QWidget, kind: str = "") -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if kind:
        label.setProperty("kind", kind)
    return label
