"""The command palette: a line over the window in which every action is found by a few letters."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSettings, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.palette.command_list import CommandDelegate, CommandModel
from teahouse_desktop.palette.commands import Command
from teahouse_desktop.palette.fuzzy import score
from teahouse_desktop.transcript import accessible
from teahouse_desktop.widgets.shadow import Shadow

SHOWN_AT_MOST = 200
LINES = 11
WIDTH = 620
MARGIN = 24
RECENT_KEPT = 40
RECENT_BONUS = 15.0


class RecentCommands:
    """Ids of the commands used lately, the last one first; kept with the window's other memories."""

    def __init__(self, memory: QSettings) -> None:
        self._memory = memory

    @property
    def ids(self) -> list[str]:
        """The ids."""
        kept = self._memory.value("palette/recent") or []
        return [str(one) for one in (kept if isinstance(kept, list) else [kept])]

    def add(self, command_id: str) -> None:
        """One was used now."""
        others = [one for one in self.ids if one != command_id]
        self._memory.setValue("palette/recent", [command_id, *others][:RECENT_KEPT])


def ranked(commands: Sequence[Command], query: str, recent: Sequence[str]) -> list[Command]:
    """The commands that a query means, best first; without one, those used lately go first."""
    place = {command_id: number for number, command_id in enumerate(recent)}
    last = len(recent)
    if not query.strip():
        return sorted(commands, key=lambda one: place.get(one.id, last))[:SHOWN_AT_MOST]
    found = []
    for command in commands:
        if points := score(query, command.names):
            bonus = RECENT_BONUS * (1 - place[command.id] / last) if command.id in place else 0.0
            found.append((points + bonus, command))
    return [command for _points, command in sorted(found, key=lambda pair: -pair[0])][:SHOWN_AT_MOST]


class Palette(QFrame):
    """The line and the list below it; hidden until it is opened.

    Signals:
        chosen: The `Command` that is to be run; the palette is hidden already.
    """

    chosen = Signal(object)

    def __init__(self, look: Look, recent: RecentCommands, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("palette")
        self._recent = recent
        self._commands: list[Command] = []
        self._before: QWidget | None = None
        self.field = QLineEdit(self)
        self.field.setObjectName("search")
        self._icon = self.field.addAction(
            make_icon("search", look.colour("muted")), QLineEdit.ActionPosition.LeadingPosition
        )
        self.model = CommandModel(self)
        self.list = QListView(self)
        self.list.setObjectName("conversations")
        self.list.setModel(self.model)
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._nothing = QLabel(self)
        self._nothing.setProperty("kind", "muted")
        self._nothing.setContentsMargins(10, 6, 10, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.field)
        column.addWidget(self._nothing)
        column.addWidget(self.list)
        self.field.textChanged.connect(self._filter)
        self.field.installEventFilter(self)
        self.list.clicked.connect(self._choose)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        window.installEventFilter(self)
        self._shadow = Shadow(self, 0)
        self.set_look(look)
        self._name()
        self.hide()

    def open(self, commands: Sequence[Command]) -> None:
        """Offer these commands."""
        self._commands = list(commands)
        if not self.isVisible():
            self._before = QApplication.focusWidget()
        self.field.clear()
        self._filter("")
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def dismiss(self) -> None:
        """Hide it, with the focus where it was."""
        if self.isVisible():
            self.hide()
            if self._before is not None and isValid(self._before) and self._before.isVisible():
                self._before.setFocus(Qt.FocusReason.OtherFocusReason)
            self._before = None

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._icon.setIcon(make_icon("search", look.colour("muted")))
        before = self.list.itemDelegate()
        self.list.setItemDelegate(CommandDelegate(look, self.list))
        before.deleteLater()
        self._shadow.alpha = 80 if look.theme.is_dark else 34

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys in the line; the window's size; the focus going elsewhere."""
        if watched is self.field:
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._take(event)
            if event.type() == QEvent.Type.FocusOut and self._is_left():
                self.hide()
        elif event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    # --- inside -----------------------------------------------------------------------------------

    def _take(self, event: QKeyEvent) -> bool:
        key = event.key()
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: LINES, Qt.Key.Key_PageUp: -LINES}
        if key in steps:
            self._step(steps[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.list.currentIndex())
        elif key == Qt.Key.Key_Escape:
            self.dismiss()
        elif key not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return False
        return True

    def _step(self, by: int) -> None:
        count = self.model.rowCount()
        if count:
            row = self.list.currentIndex().row() + by
            row = row % count if abs(by) == 1 else min(max(row, 0), count - 1)
            self.list.setCurrentIndex(self.model.index(row))

    def _filter(self, query: str) -> None:
        self.model.show(ranked(self._commands, query, self._recent.ids))
        has_any = self.model.rowCount() > 0
        self._nothing.setVisible(not has_any)
        self.list.setVisible(has_any)
        if has_any:
            self.list.setCurrentIndex(self.model.index(0))
        else:
            accessible.announce(self.field, self._nothing.text())
        self._place()

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            command = self.model.rows[index.row()]
            self._recent.add(command.id)
            self.dismiss()
            self.chosen.emit(command)

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        """The focus stays in the line: say what Enter would do."""
        if current.isValid() and self.isVisible():
            accessible.announce(self.field, str(current.data(Qt.ItemDataRole.AccessibleTextRole)))

    def _is_left(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and focused is not self.field and not self.isAncestorOf(focused)

    def _place(self) -> None:
        window = self.parentWidget()
        width = min(WIDTH * max(1.0, self.fontMetrics().height() / 17), window.width() - 2 * MARGIN)
        row = self.list.sizeHintForRow(0) if self.model.rowCount() else 0
        self.list.setFixedHeight(max(row * min(LINES, self.model.rowCount()) + 4, row))
        self.layout().activate()
        height = min(self.layout().sizeHint().height(), window.height() - 2 * MARGIN)
        top = min(max(window.height() // 9, MARGIN), 90)
        self.setGeometry((window.width() - round(width)) // 2, top, round(width), height)

    def _name(self) -> None:
        self.setAccessibleName(self.tr("Commands"))
        self.field.setPlaceholderText(self.tr("What do you want to do?"))
        self.field.setAccessibleName(self.tr("Search commands, settings and conversations"))
        self.list.setAccessibleName(self.tr("Commands"))
        self._nothing.setText(self.tr("Nothing is called like that."))
        for button in self.field.findChildren(QToolButton):
            button.setAccessibleName(self.tr("Search"))
