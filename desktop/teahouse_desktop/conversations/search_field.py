"""The field for searching, and the page with what was found."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QLocale, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from teahouse_desktop.conversations.finding import Found
from teahouse_desktop.conversations.results import HitList
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.tips import with_keys
from teahouse_desktop.transcript import accessible

TYPED_MS = 150
"""A pause between two keys that is worth a search."""

MARK_PX = 2
FILTERS = "in:  tag:  model:  date:2026-11  date:>2026-01-01  has:thumb  role:user  is:pinned"


class SearchField(QLineEdit):
    """Where a query is typed.

    Signals:
        changed: The query, some time after the last key; empty at once.
        submitted: Enter was pressed.
        entered: The person goes down into what was found.
        left: The person goes back to writing.
        filters_requested: The menu of filters is wanted.
    """

    changed = Signal(str)
    submitted = Signal()
    entered = Signal()
    left = Signal()
    filters_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("search")
        self.setClearButtonEnabled(True)
        self._icon = self.addAction(
            make_icon("search", look.colour("muted")), QLineEdit.ActionPosition.LeadingPosition
        )
        self._filters = self.addAction(
            make_icon("sliders-horizontal", look.colour("muted")), QLineEdit.ActionPosition.TrailingPosition
        )
        self._filters.triggered.connect(self.filters_requested)
        self._mark = look.colour("accent")
        buttons = self.findChildren(QToolButton)
        self._button = next(one for one in buttons if one.defaultAction() is self._filters)
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # the way of the keyboard
        self._button.installEventFilter(self)
        self._timer = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._timer.timeout.connect(self.flush)
        self._keys = ""
        self.textChanged.connect(self._on_text)
        self._name()

    @property
    def query(self) -> str:
        """What is typed, without spaces around it."""
        return self.text().strip()

    def flush(self) -> None:
        """Tell what is typed now."""
        self._timer.stop()
        self.changed.emit(self.query)

    def add_filter(self, text: str) -> None:
        """Write a filter behind what is typed, and look."""
        typed = self.query.split(" ")
        if text not in typed:
            self.setText(" ".join(part for part in (self.query, text) if part))
        self.setFocus()
        self.flush()

    def show_keys(self, keys: str) -> None:
        """These keys lead here; empty for none."""
        self._keys = keys
        self._name()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._icon.setIcon(make_icon("search", look.colour("muted")))
        self._filters.setIcon(make_icon("sliders-horizontal", look.colour("muted")))
        self._mark = look.colour("accent")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The button of the filters has got the focus, or lost it."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field; then the mark of the focus around its button, which Qt paints without one."""
        super().paintEvent(event)
        if self._button.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._mark, MARK_PX))
            painter.drawRoundedRect(QRectF(self._button.geometry()).adjusted(-1, -1, 1, 1), 6, 6)
            painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the first hit, Down goes to the hits, Escape ends the search, once more leaves it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._timer.isActive():
                self.flush()
            self.submitted.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def _on_text(self) -> None:
        if self.query:
            self._timer.start()
        else:
            self.flush()

    def _name(self) -> None:
        self.setPlaceholderText(self.tr("Search"))
        self.setAccessibleName(self.tr("Search the conversations"))
        for button in self.findChildren(QToolButton):
            names = {self._icon: self.tr("Search"), self._filters: self.tr("Filters")}
            name = names.get(button.defaultAction(), self.tr("Clear the search"))
            button.setAccessibleName(name)
            button.setToolTip(name)
        tip = with_keys(self.tr("Search titles, messages and attachments"), self._keys)
        self.setToolTip("\n".join((tip, self.tr("Words, “phrases”, -without, filters:"), FILTERS)))


class SearchPage(QWidget):
    """What was found, with what is to be said about it."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.note = QLabel(self)
        self.note.setProperty("kind", "muted")
        self.note.setWordWrap(True)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.list = HitList(look, self)
        self._found: Found | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.note)
        column.addWidget(self.list, 1)
        self._name()

    @property
    def found(self) -> Found | None:
        """What is shown."""
        return self._found

    def show_found(self, found: Found) -> None:
        """Show what a query has found, or add the next page to it."""
        if found.offset and self._found and found.query == self._found.query:
            self.list.hits.append(found.hits, has_more=found.has_more)
            self._found = replace(found, hits=self._found.hits + found.hits)
            self._say()
            return
        self._found = found
        self.list.hits.show(found.hits, has_more=found.has_more)
        self.list.scrollToTop()
        self._say()
        accessible.announce(self, self.note.text())

    def show_problem(self, text: str) -> None:
        """Say why nothing can be found."""
        self._found = None
        self.list.hits.show([], has_more=False)
        self.note.setText(text)
        self.note.show()

    def clear(self) -> None:
        """Show nothing: nothing is looked for any more."""
        self._found = None
        self.list.hits.show([], has_more=False)
        self.note.hide()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.list.set_look(look)

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def _name(self) -> None:
        self.list.setAccessibleName(self.tr("What was found"))
        self._say()

    def _say(self) -> None:
        found = self._found
        if found is None:
            return
        notes = list(found.problems)
        if not found.is_complete:
            notes.append(self.tr("Older messages are still being taken into the search."))
        notes.append(self._count(found))
        self.note.setText("\n".join(notes))
        self.note.show()

    def _count(self, found: Found) -> str:
        if not found.hits:
            return self.tr("Nothing was found. The trash is only searched with “is:trashed”.")
        text = self.tr("Found: {count} and more") if found.has_more else self.tr("Found: {count}")
        return text.format(count=QLocale().toString(len(found.hits)))
