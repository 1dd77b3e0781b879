"""The window with all that is known of an installed plugin, and the traceback of its last error."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from teahouse.language import listed
from teahouse.plugins import PluginDetails
from teahouse_desktop.looks.look import Look
from teahouse_desktop.plugins.plugin_words import cost_of, state_of
from teahouse_desktop.transcript import accessible
from teahouse_desktop.widgets.cards import make_button, make_label
from teahouse_desktop.widgets.facts import Facts
from teahouse_desktop.widgets.flow import FlowRow

SIZE = (600, 560)
LINES_OF_TRACE = 9


class PluginDetailsDialog(QDialog):
    """Facts as lines, which can be copied."""

    def __init__(self, details: PluginDetails, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._details = details
        self._facts = Facts(self)
        self._heading = make_label("strong")
        self.trace = QPlainTextEdit(self)
        self.trace.setReadOnly(True)
        self.trace.setTabChangesFocus(True)
        self.trace.setFont(look.mono)
        self.trace.setFixedHeight(self.trace.fontMetrics().lineSpacing() * LINES_OF_TRACE)
        self.trace.setPlainText(details.traceback.strip())
        self.copy, self.close_button = make_button(self._copy), make_button(self.close)
        self._lay_out()
        self._say()
        self.close_button.setDefault(True)
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.resize(*(round(side * look.scale) for side in SIZE))

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def _lines(self) -> list[tuple[str, str]]:
        one, info = self._details, self._details.info
        none = self.tr("none")
        bundled = self.tr("came with Teahouse")
        state = state_of(one)[0] or (self.tr("on") if info.enabled else self.tr("off"))
        lines = [
            (self.tr("Name"), f"{info.name} {info.version}"),
            (self.tr("State"), state),
            (self.tr("What it is"), one.summary),
            (self.tr("Package"), bundled if info.is_bundled else info.distribution),
            (self.tr("Author"), one.author),
            (self.tr("Licence"), one.licence),
            (self.tr("Page"), one.homepage),
            (self.tr("Written for"), f"teahouse {one.requires}" if one.requires else ""),
            (self.tr("SHA-256 of its files"), one.sha256),
            (self.tr("Hooks"), listed(info.hooks) or none),
            (self.tr("Commands"), listed(one.commands) or none),
            (self.tr("Settings"), listed(one.settings) or none),
            (self.tr("Panels"), self.tr("yes") if one.has_panels else none),
            (self.tr("Cost"), cost_of(one)),
            (self.tr("Slowest call"), self._slowest()),
        ]
        return [(label, value) for label, value in lines if value]

    def _slowest(self) -> str:
        found = self._details.statistics
        if not found.slowest:
            return ""
        text = self.tr("{hook}, {count} ms")
        return text.format(hook=found.slowest, count=round(found.slowest_s * 1000))

    def _say(self) -> None:
        self.setWindowTitle(self.tr("The plugin {name}").format(name=self._details.info.name))
        self.setAccessibleName(self.windowTitle())
        self._facts.show_lines(self._lines())
        self._facts.setAccessibleName(self.tr("Details"))
        has_trace = bool(self._details.traceback.strip())
        self._heading.setText(self.tr("What Python said of its last error"))
        self._heading.setVisible(has_trace)
        self.trace.setVisible(has_trace)
        self.trace.setAccessibleName(self._heading.text())
        self.copy.setText(self.tr("Copy all"))
        self.close_button.setText(self.tr("Close"))

    def _copy(self) -> None:
        text = "\n".join([*self._facts.lines, "", self._details.traceback]).rstrip() + "\n"
        QGuiApplication.clipboard().setText(text)
        accessible.announce(self, self.tr("Copied."))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        column.addWidget(self._facts, 1)
        column.addWidget(self._heading)
        column.addWidget(self.trace)
        column.addWidget(FlowRow(self, left=(self.copy,), right=(self.close_button,)))
