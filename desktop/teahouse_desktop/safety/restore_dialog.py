"""The page with the backups: what there is, and the ways back from damage."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QDateTime, QEvent, QLocale, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from teahouse.store.backups import Backup
from teahouse.store.salvage import Salvaged
from teahouse_desktop.language.dates import size_in_words
from teahouse_desktop.language.languages import translate
from teahouse_desktop.safety.restoring import Condition
from teahouse_desktop.widgets.flow import FlowRow

SIZE = (680, 480)
USUAL_LINE = 17.0
"""Height of a line at the usual text size, in pixels."""


class RestoreDialog(QDialog):
    """Lists the backups; restores one, or saves what can be read of a damaged file.

    Signals:
        restore_requested: Path of the chosen backup.
        salvage_requested: What can be read is to be read into a new file.
        backup_requested: A backup is to be made now.
        stop_requested: What runs is to stop.
    """

    restore_requested = Signal(object)
    salvage_requested = Signal()
    backup_requested = Signal()
    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._condition = Condition()
        self.backups: Sequence[Backup] = ()
        self._is_busy = False
        self.about = _label(self)
        self.list = QTreeWidget(self)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.itemSelectionChanged.connect(self._show_state)
        self.status = _label(self)
        self.backup = self._button(self.backup_requested.emit)
        self.salvage = self._button(self.salvage_requested.emit)
        self.restore = self._button(self._restore)
        self.close_button = self._button(self._close)
        self._lay_out()
        self._name()

    @property
    def chosen(self) -> Path | None:
        """The backup that is marked."""
        items = self.list.selectedItems()
        return Path(items[0].data(0, Qt.ItemDataRole.UserRole)) if items else None

    def show_condition(self, condition: Condition) -> None:
        """Say how the store is now."""
        self._condition = condition
        self._name()

    def show_backups(self, backups: Sequence[Backup]) -> None:
        """List the backups."""
        self.backups = backups
        self._name()
        self.list.clear()
        for backup in backups:
            self.list.addTopLevelItem(self._item(backup))
        if first := self.list.topLevelItem(0):
            self.list.setCurrentItem(first)
        self._show_state()

    def show_busy(self, text: str) -> None:
        """Something runs: say what."""
        self._is_busy = True
        self.status.setText(text)
        self._show_state()

    def show_ended(self, text: str) -> None:
        """Nothing runs any more: say what came of it."""
        self._is_busy = False
        self.status.setText(text)
        self._show_state()

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
            self.show_backups(self.backups)
        super().changeEvent(event)

    def reject(self) -> None:
        """Escape does not hide what runs."""
        if not self._is_busy:
            super().reject()

    # --- inside -----------------------------------------------------------------------------------

    def _item(self, backup: Backup) -> QTreeWidgetItem:
        moment = QDateTime.fromMSecsSinceEpoch(backup.made_ms)
        count = self.tr("cannot be read")
        if backup.conversations is not None:
            count = QLocale().toString(backup.conversations)
        kind = self.tr("before an update") if backup.is_before_migration else self.tr("daily")
        date = QLocale().toString(moment, QLocale.FormatType.ShortFormat)
        item = QTreeWidgetItem([date, kind, count, size_in_words(backup.size_bytes)])
        item.setData(0, Qt.ItemDataRole.UserRole, str(backup.path))
        item.setToolTip(0, str(backup.path))
        item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setTextAlignment(3, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return item

    def _button(self, act: object) -> QPushButton:
        button = QPushButton(self)
        button.setProperty("kind", "plain")
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button

    def _restore(self) -> None:
        if self.chosen is not None:
            self.restore_requested.emit(self.chosen)

    def _close(self) -> None:
        if self._is_busy:
            self.stop_requested.emit()
        else:
            self.close()

    def _lay_out(self) -> None:
        self.setSizeGripEnabled(True)
        larger = max(1.0, self.fontMetrics().height() / USUAL_LINE)
        self.resize((QSize(*SIZE) * larger).boundedTo(self.screen().availableSize() * 0.9))
        buttons = FlowRow(self, left=(self.backup, self.salvage), right=(self.restore, self.close_button))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(self.about)
        column.addWidget(self.list, 1)
        column.addWidget(self.status)
        column.addWidget(buttons)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def _name(self) -> None:
        self.setWindowTitle(self.tr("Backups and restoring"))
        well = self.tr(
            "A copy of your conversations is made every day; older copies are thinned out. Restoring one, or"
            " salvaging, never deletes what is there now: it is set aside beside the database."
        )
        problem = "\n".join(part for part in (self._condition.text, self._condition.hint) if part)
        self.about.setText("\n\n".join(part for part in (problem, well, self._where()) if part))
        self.list.setHeaderLabels(
            [self.tr("Made"), self.tr("Kind"), self.tr("Conversations"), self.tr("Size")]
        )
        for part in (self.list, self.list.header()):
            part.setAccessibleName(self.tr("Backups"))
        self.backup.setText(self.tr("Make a backup now"))
        self.salvage.setText(self.tr("Salvage …"))
        self.salvage.setToolTip(self.tr("Read what can be read of a damaged file into a new one"))
        self.restore.setText(self.tr("Restore the chosen one …"))
        self._show_state()

    def _where(self) -> str:
        """Where the backups are: what has to be gone from them too, people delete there."""
        folders = sorted({str(backup.path.parent) for backup in self.backups})
        if not folders:
            return ""
        return self.tr(
            "What was deleted for good after a backup was made is still in that backup. They are in: {folder}"
        ).format(folder=", ".join(folders))

    def _show_state(self) -> None:
        is_free = not self._is_busy
        self.list.setEnabled(is_free)
        self.backup.setEnabled(is_free and not self._condition.text)
        self.salvage.setEnabled(is_free)
        self.restore.setEnabled(is_free and self.chosen is not None)
        self.close_button.setText(self.tr("Close") if is_free else self.tr("Stop"))
        self.status.setVisible(bool(self.status.text()))


def _label(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def salvaged_in_words(saved: Salvaged) -> str:
    """The report of a salvage."""
    count = QLocale().toString
    said = [
        translate("RestoreDialog", "Conversations saved: {conversations}, messages: {messages}.").format(
            conversations=count(saved.rows.get("conversation", 0)),
            messages=count(saved.rows.get("message", 0)),
        )
    ]
    if saved.from_backups:
        said.append(
            translate("RestoreDialog", "From backups: {count} pieces.").format(
                count=count(saved.from_backups)
            )
        )
    if saved.placeholders:
        said.append(
            translate("RestoreDialog", "Lost, with a placeholder in their place: {count}.").format(
                count=count(saved.placeholders)
            )
        )
    if saved.aside is not None:
        said.append(translate("RestoreDialog", "The damaged file is kept: {file}").format(file=saved.aside))
    return "\n".join(said)
