"""One folder, file or the past conversations, in its collection's card."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from teahouse import Translator
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.tips import with_name
from teahouse_desktop.widgets.cards import make_label
from teahouse_desktop.widgets.elided import ElidedLabel
from teahouse_documents import phrases
from teahouse_documents.values import Source

_ = Translator("teahouse_documents")

ICONS = {"folder": "folder", "file": "file-text", "conversations": "messages-square"}
ICON = 16


class SourceRow(QWidget):
    """Its name, how it stands and a menu.

    Signals:
        asked: (verb, source): `open`, `rescan`, `rules`, `reindex`, `remove`, `purge`.
    """

    asked = Signal(str, object)

    def __init__(self, source: Source, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source = source
        self._look = look
        self._icon = QLabel(self)
        self.name = ElidedLabel(self)
        self.facts = make_label("muted")
        self.menu_button = QToolButton(self)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.menu_button)
        self.menu_button.setMenu(self.menu)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.name)
        column.addWidget(self.facts)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        row.addWidget(self.menu_button, 0, Qt.AlignmentFlag.AlignTop)
        self.show_source(source)
        self._fill_menu()
        self.set_look(look)

    def show_source(self, source: Source) -> None:
        """Say how it stands now."""
        self.source = source
        words, state = phrases.source_in_words(source), phrases.source_state(source)
        self.name.setText(words)
        self.name.setToolTip("" if source.kind == "conversations" else with_name(source.path, ""))
        self.facts.setText(state)
        kind = "danger" if source.state in ("missing", "unreadable") else "muted"
        if self.facts.property("kind") != kind:
            self.facts.setProperty("kind", kind)
            self.facts.style().unpolish(self.facts)
            self.facts.style().polish(self.facts)
        more = _("More about {name}").format(name=words)
        self.menu_button.setAccessibleName(more)
        self.menu_button.setToolTip(with_name(more, ""))

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        icon = make_icon(ICONS[self.source.kind], look.colour("muted"))
        self._icon.setPixmap(icon.pixmap(look.square(ICON), self.devicePixelRatioF()))
        self.menu_button.setIcon(make_icon("ellipsis", look.colour("muted")))

    def _fill_menu(self) -> None:
        is_folder, is_file = self.source.kind == "folder", self.source.kind == "file"
        verbs = [
            ("open", _("Open the folder") if is_folder else _("Open the file"), is_folder or is_file),
            ("summarise", _("Summarise it"), is_file),
            ("rescan", _("Look for changes"), True),
            ("reindex", _("Read everything anew"), True),
            ("rules", _("What is left out …"), is_folder),
            ("", "", True),
            ("remove", _("Remove from the documents …"), True),
            ("purge", _("Erase every trace …"), True),
        ]
        for verb, title, is_offered in verbs:
            if not is_offered:
                continue
            if not verb:
                self.menu.addSeparator()
                continue
            action = QAction(title, self.menu)
            action.triggered.connect(lambda _on=False, verb=verb: self.asked.emit(verb, self.source))
            self.menu.addAction(action)
