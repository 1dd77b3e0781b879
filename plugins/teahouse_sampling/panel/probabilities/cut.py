"""The page “Tokens”: any text as the model cuts it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHeaderView,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from teahouse_desktop.panel import PanelWindow
from teahouse_desktop.tokens import words as token_words
from teahouse_desktop.tokens.marks import Mark, marks_of
from teahouse_desktop.tokens.token import Token
from teahouse_desktop.tokens.view import TokenView
from teahouse_desktop.widgets.check_box import CheckBox
from teahouse_desktop.widgets.flow import FlowRow
from teahouse_sampling.panel.probabilities import works
from teahouse_sampling.panel.probabilities.page import AskingPage
from teahouse_sampling.panel.probabilities.parts import Split
from teahouse_sampling.panel.words import _

if TYPE_CHECKING:
    from teahouse.app import App

Index = QModelIndex | QPersistentModelIndex


class TokenTable(QAbstractTableModel):
    """Tokens in rows: place, piece, id, bytes, kind."""

    def __init__(self) -> None:
        super().__init__()
        self._tokens: Sequence[Token] = ()
        self._marks: Sequence[Mark] = ()

    def show_tokens(self, tokens: Sequence[Token]) -> None:
        """Show others."""
        self.beginResetModel()
        self._tokens, self._marks = tokens, marks_of(tokens)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        """One for each token."""
        return 0 if parent.isValid() else len(self._tokens)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        """Place, piece, id, bytes, kind."""
        return len(_columns())

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Names of the columns."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return _columns()[section]
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        """What stands in a cell."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cell(index.row(), index.column())
        return None

    def _cell(self, row: int, column: int) -> str:
        token, mark = self._tokens[row], self._marks[row]
        if column == 1:
            return mark.text + (f" = {mark.joined}" if mark.joined else "")
        if column == 4:
            return _kind(token, mark)
        return (token_words.count(row + 1), "", str(token.id), token_words.hexadecimal(token))[column]


class TokensPage(AskingPage):
    """Any text → pieces, ids, bytes, count."""

    def __init__(self, app: App, window: PanelWindow, parent: QWidget | None = None) -> None:
        super().__init__(app, window, parent)
        self.field = QPlainTextEdit(self)
        self.field.setPlaceholderText(_("A text to cut into tokens"))
        self.field.setAccessibleName(_("A text to cut into tokens"))
        self.field.setTabChangesFocus(True)
        self.field.setMaximumHeight(round(window.look.em * 5))
        self.chat: QCheckBox = CheckBox(self)
        self.chat.setText(_("As a message in the model's chat format"))
        self.button = QPushButton(_("Cut"), self)
        self.button.setProperty("kind", "plain")
        self.ids = QPushButton(_("Copy the ids"), self)
        self.ids.setProperty("kind", "plain")
        self.tokens = TokenView(window.look, self)
        self.tokens.set_about(_("Tokens of the text"))
        self.tokens.set_colouring("none")
        self.table = QTableView(self)
        self.model = TokenTable()
        self._set_up_table()
        self.split = Split(window.look, self.tokens, self.table, self)
        self._lay_out()
        self.button.clicked.connect(self.cut)
        self.ids.clicked.connect(self.copy_ids)
        self.tokens.current_changed.connect(self._mark_row)
        self.table.selectionModel().currentRowChanged.connect(self._mark_token)
        self.about.setText(_("Nothing is generated here: the text is only cut."))

    def cut(self) -> None:
        """Cut the text of the field."""
        text, model = self.field.toPlainText(), self._window.model
        if text:
            operation = works.cut(self._app, text, model=model, is_chat=self.chat.isChecked())
            self.with_model(model, lambda: self.start(operation, self.show_cut))

    def show_cut(self, cut: works.CutText) -> None:
        """Show a text that was cut."""
        tokens = cut.tokens
        control = sum(token.is_control for token in tokens)
        size = sum(len(token.piece) for token in tokens if not token.is_control)
        text = _("“{model}”: {count} tokens, {control} of them control tokens; {bytes} bytes of text.")
        self.about.setText(
            text.format(
                model=cut.model,
                count=token_words.count(len(tokens)),
                control=token_words.count(control),
                bytes=token_words.count(size),
            )
        )
        self.model.show_tokens(tokens)
        self.tokens.show_tokens(tokens, current=0)
        self.split.show()
        self.ids.setEnabled(bool(tokens))

    def copy_ids(self) -> None:
        """Put the ids on the clipboard."""
        ids = ", ".join(str(token.id) for token in self.tokens.tokens)
        QGuiApplication.clipboard().setText(f"[{ids}]")

    def set_look(self) -> None:
        """Take another theme."""
        self.tokens.set_look(self._window.look)
        self.split.set_look(self._window.look)

    # --- inside -----------------------------------------------------------------------------------

    def _mark_row(self, place: int) -> None:
        if place >= 0 and place != self.table.currentIndex().row():
            self.table.selectRow(place)

    def _mark_token(self, index: QModelIndex) -> None:
        if index.isValid():
            self.tokens.set_current(index.row())

    def _set_up_table(self) -> None:
        self.table.setModel(self.model)
        self.table.setAccessibleName(_("Tokens in rows"))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setResizeContentsPrecision(50)
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(6)
        column.addWidget(self.field)
        column.addWidget(FlowRow(self, left=(self.chat,), right=(self.ids, self.button)))
        column.addWidget(self.about)
        column.addWidget(self.waiting)
        column.addWidget(self.split, 1)
        column.addStretch(0)
        self.split.hide()
        self.ids.setEnabled(False)


def _columns() -> tuple[str, ...]:
    return ("#", _("Piece"), _("Id"), _("Bytes"), _("Kind"))


def _kind(token: Token, mark: Mark) -> str:
    if token.is_control:
        return _("control")
    if mark.is_inside or mark.has_bytes:
        return _("part of a character")
    return _("text")
