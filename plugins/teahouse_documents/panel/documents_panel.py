"""The panel "Documents": search field, what is being read, and one of three pages below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from teahouse import Translator
from teahouse_desktop.language.dates import size_in_words
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.widgets.flow import FlowRow
from teahouse_desktop.widgets.notices import NoticeBar
from teahouse_documents import phrases
from teahouse_documents.panel.drops import DropFrame, paths_of
from teahouse_documents.panel.embedder_part import EmbedderPart
from teahouse_documents.panel.library_page import LibraryPage
from teahouse_documents.panel.problems_page import ProblemsPage
from teahouse_documents.panel.search_page import SearchPage
from teahouse_documents.panel.shelf import Shelf
from teahouse_documents.panel.status_line import StatusLine
from teahouse_documents.panel.trouble import TroublePart
from teahouse_documents.values import Status

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse_desktop.panel import PanelWindow

_ = Translator("teahouse_documents")


class Totals(QLabel):
    """One line where there is room for it; it wraps in a narrow panel."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "muted")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setMinimumWidth(1)

    def sizeHint(self) -> QSize:
        """All of it in one line."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()) + 2, metrics.height())


class DocumentsPanel(QWidget):
    """The parts and their places; `DocumentsDesk` does what people ask for on them.

    Signals:
        dropped: (paths, collection or None): files and folders were dropped.
        asked: `new`, `rescan`, `reindex`, `summarise`, `recall`, `settings`: of the menu beside the field.
    """

    dropped = Signal(list, object)
    asked = Signal(str)

    def __init__(self, app: App, window: PanelWindow, shelf: Shelf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("documents")
        self.setAcceptDrops(True)
        look = window.look
        self._shelf, self._look = shelf, look
        self.field = QLineEdit(self)
        self.more = QToolButton(self)
        self.notices = NoticeBar(look, self)
        self.trouble = TroublePart(self)
        self.embedder = EmbedderPart(window, look, self)
        self.status = StatusLine(look, self)
        self.library = LibraryPage(look, self)
        self.search = SearchPage(shelf, look, self)
        self.problems = ProblemsPage(look, self)
        self.pages = QStackedWidget(self)
        self.totals = Totals(self)
        self.problems_button = QPushButton(self)
        self._drop = DropFrame(look, self)
        self._lay_out()
        self._connect()
        self.set_look(look)
        self.show_held()

    def show_held(self) -> None:
        """Show what was read of the library."""
        shelf = self._shelf
        trouble = shelf.problem
        self.trouble.show_problem(trouble)
        for part in (self.field, self.more):
            part.setEnabled(trouble is None)
        self.pages.setVisible(shelf.has_read and trouble is None)
        self._show_offer()
        self.library.show_collections(shelf.held.collections)
        sources = [source for one in shelf.held.collections for source in one.sources]
        folders = frozenset(source.id for source in sources if source.kind == "folder")
        told = len(shelf.held.problems)
        count = max(told, shelf.held.status.problems)  # of very many not all are told
        self.problems.show_problems(shelf.held.problems, folders=folders, count=count)
        self.problems_button.setText(phrases.problems_in_words(count))
        self.problems_button.setVisible(bool(told) and trouble is None)
        if not told and self.pages.currentWidget() is self.problems:
            self.show_documents()
        self.show_status()

    def show_status(self) -> None:
        """Show how far it is."""
        status = self._shelf.status
        self.status.show_status(status if self._shelf.problem is None else Status())
        size = size_in_words(status.bytes_on_disk) if status.bytes_on_disk else ""
        self.totals.setText(phrases.in_a_row((phrases.totals(status), size)))
        self.totals.setToolTip(_("What can be searched, and what the index takes on the disk."))
        has_any = bool(status.files) and self._shelf.problem is None
        self.totals.setVisible(has_any)

    def show_documents(self) -> None:
        """Go to the collections."""
        self.field.clear()
        self.pages.setCurrentWidget(self.library)

    def show_page(self, page: QWidget) -> None:
        """Go to a page that was made when it was first asked for."""
        if self.pages.indexOf(page) < 0:
            self.pages.addWidget(page)
        self.pages.setCurrentWidget(page)
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problems(self) -> None:
        """Go to what could not be read."""
        self.pages.setCurrentWidget(self.problems)
        self.problems.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self._search_icon.setIcon(make_icon("search", look.colour("muted")))
        self.more.setIcon(make_icon("ellipsis", look.colour("muted")))
        self.totals.setFont(look.small)
        self._problem_icon()
        for part in (
            self.notices, self.embedder, self.status, self.library, self.search, self.problems, self._drop
        ):  # fmt: skip
            part.set_look(look)

    # --- Qt's events --------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes from a search or the problems back; Down from the field to what was found."""
        is_back = event.key() == Qt.Key.Key_Escape and self.pages.currentWidget() is not self.library
        if is_back:
            self.show_documents()
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        elif event.key() == Qt.Key.Key_Down and self.field.hasFocus() and self.search.list.focus():
            return
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and folders may be dropped anywhere on the panel."""
        if paths_of(event.mimeData()) and self._shelf.problem is None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._show_drop(event.position().toPoint())

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Say into which collection they would go."""
        self._show_drop(event.position().toPoint())
        event.accept()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They went elsewhere."""
        self._drop.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take them."""
        self._drop.hide()
        card = self.library.card_at(self.mapToGlobal(event.position().toPoint()))
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(paths_of(event.mimeData()), card.collection if card is not None else None)

    # --- inside -------------------------------------------------------------------------------------

    def _show_drop(self, point: QPoint) -> None:
        card = self.library.card_at(self.mapToGlobal(point))
        many = len(self._shelf.held.collections) > 1
        self._drop.show_over(self.rect(), card.collection.name if card is not None and many else "")

    def _lay_out(self) -> None:
        self.field.setObjectName("search")
        self.field.setClearButtonEnabled(True)
        self.setFocusProxy(self.field)
        self.field.setPlaceholderText(_("Search your documents"))
        self.field.setAccessibleName(_("Search your documents"))
        self._search_icon = self.field.addAction(
            make_icon("search", self._look.colour("muted")), QLineEdit.ActionPosition.LeadingPosition
        )
        for button in self.field.findChildren(QToolButton):  # Qt makes one of an icon too
            button.setAccessibleName(button.accessibleName() or _("Search your documents"))
        self.more.setAccessibleName(_("More about the documents"))
        self.more.setToolTip(_("More about the documents"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(self._menu())
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.field, 1)
        head.addWidget(self.more)
        for page in (self.library, self.search, self.problems):
            self.pages.addWidget(page)
        self.problems_button.setProperty("kind", "plain")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(9)
        column.addLayout(head)
        for part in (self.notices, self.trouble, self.embedder, self.status):
            column.addWidget(part)
        column.addWidget(self.pages, 1)
        column.addStretch(0)
        column.addWidget(FlowRow(self, left=(self.totals,), right=(self.problems_button,)))

    def _connect(self) -> None:
        self._shelf.read.connect(self.show_held)
        self._shelf.progressed.connect(self.show_status)
        self._shelf.read.connect(self.search.follow)
        self.trouble.retry_requested.connect(self._shelf.refresh)
        self._shelf.failed.connect(lambda text, hint: self.notices.show_text(text, hint, is_error=True))
        self._shelf.succeeded.connect(lambda text: self.notices.show_text(text))
        self.field.textChanged.connect(self.search.look_for)
        self.field.returnPressed.connect(lambda: self.search.look_for(self.field.text(), is_now=True))
        self.search.changed.connect(self._on_query)
        self.pages.currentChanged.connect(lambda _place: self._show_offer())
        self.problems_button.clicked.connect(self.show_problems)
        self.problems.left.connect(self.show_documents)

    def _on_query(self) -> None:
        if self.search.query:
            self.pages.setCurrentWidget(self.search)
        elif self.pages.currentWidget() is self.search:
            self.pages.setCurrentWidget(self.library)

    def _show_offer(self) -> None:
        """Offer the missing model beside the collections and a search; other pages need the room."""
        shelf = self._shelf
        is_here = self.pages.currentWidget() in (self.library, self.search)
        missing = shelf.held.missing if shelf.problem is None and is_here else None
        self.embedder.show_missing(missing, is_offline=shelf.held.is_offline)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for verb, title in (
            ("new", _("New collection …")),
            ("rescan", _("Look for changes everywhere")),
            ("reindex", _("Read everything anew")),
            ("summarise", _("Summarise a document …")),
            ("recall", _("Recall test")),
            ("settings", _("Settings of documents …")),
        ):
            action = QAction(title, menu)
            action.triggered.connect(lambda _on=False, verb=verb: self.asked.emit(verb))
            menu.addAction(action)
        return menu

    def _problem_icon(self) -> None:
        self.problems_button.setIcon(make_icon("triangle-alert", self._look.colour("warning")))
