"""The files that go with the next message: a row of chips above the field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from html import escape

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from teahouse.chat.attachments import is_picture
from teahouse_desktop.composer.attaching import Chosen, details_in_words
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look

ICON = 20
PICTURE = QSize(48, 36)
GAP = 6
MOST_ROWS = 3
NAME_EM = 9
"""Widest name, in ems."""


class Tray(QWidget):
    """Shows the files and lets people take them away; hidden while there are none.

    Attributes:
        comes_after: What the Tab key leaves to come to the files.

    Signals:
        changed: Other files go with the message now.
    """

    changed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chips: list[FileChip] = []
        self._look = look
        self._items: list[Chosen] = []
        self._aside: list[Chosen] | None = None
        self.comes_after: QWidget | None = None
        self._rows = QWidget(self)
        self._unseen = QLabel(self)
        self._area = QScrollArea(self)
        self._lay_out()
        self._fill()

    @property
    def items(self) -> tuple[Chosen, ...]:
        """The files, in the order in which they were added."""
        return tuple(self._items)

    @property
    def of_draft(self) -> tuple[Chosen, ...]:
        """The files of the draft, also while an earlier message is edited."""
        return tuple(self._items if self._aside is None else self._aside)

    def add(self, chosen: Sequence[Chosen]) -> None:
        """Add files; one that is there already, with the same name, is not added twice."""
        known = {(one.attachment.hash, one.attachment.name) for one in self._items}
        self.show_items(
            [*self._items, *(o for o in chosen if (o.attachment.hash, o.attachment.name) not in known)]
        )
        if chosen and self.chips:
            self._area.ensureWidgetVisible(self.chips[-1], 0, 0)

    def put_first(self, chosen: Sequence[Chosen]) -> None:
        """Put files of the draft before the others of it."""
        if self._aside is not None:
            self._aside = [*chosen, *self._aside]
        else:
            self.show_items([*chosen, *self._items])

    def show_items(self, items: Sequence[Chosen]) -> None:
        """Show these files instead."""
        self._items = list(items)
        self._fill()
        self.changed.emit()

    def take(self) -> tuple[Chosen, ...]:
        """Give the files away: they are sent."""
        items = self.items
        self.show_items([])
        return items

    def remove(self, place: int) -> None:
        """Take one file away; the focus goes to the next one."""
        had_focus = self.chips[place].isAncestorOf(self.focusWidget() or self)
        self.show_items([*self._items[:place], *self._items[place + 1 :]])
        if had_focus and self.chips:
            self.chips[min(place, len(self.chips) - 1)].button.setFocus()

    def set_aside(self, items: Sequence[Chosen]) -> None:
        """Show the files of an earlier message that is edited; the others come back afterwards."""
        if self._aside is None:
            self._aside = self._items
        self.show_items(items)

    def bring_back(self) -> None:
        """Show the files from before the editing."""
        items, self._aside = self._aside, None
        if items is not None:
            self.show_items(items)

    def show_tokens(self, tokens: Mapping[str, int]) -> None:
        """Show how long texts are, by hash; those that are not named are not known."""
        counted = [tokens.get(one.attachment.hash) for one in self._items]
        if counted == [one.attachment.tokens for one in self._items]:
            return
        self._items = [one.counted(count) for one, count in zip(self._items, counted, strict=True)]
        for chip, one in zip(self.chips, self._items, strict=True):
            chip.show_file(one)
        self._place()  # more words need more room

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, other rows."""
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._fill()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def _fill(self) -> None:
        for chip in self.chips:
            chip.hide()
            chip.deleteLater()
        self.chips = [FileChip(one, self._look, self._rows) for one in self._items]
        before = self.comes_after
        for place, chip in enumerate(self.chips):
            chip.button.clicked.connect(partial(self.remove, place))
            chip.show()
            if before is not None:
                self.setTabOrder(before, chip.button)
            before = chip.button
        self._unseen.setText(self.tr("The model does not see pictures. They are kept with the message."))
        self._area.setAccessibleName(self.tr("Attached files"))
        self._unseen.setFont(self._look.small)
        self._unseen.setVisible(any(is_picture(one.attachment) for one in self._items))
        self.setVisible(bool(self._items))
        self._place()

    def _place(self) -> None:
        """Put the chips into rows; more rows than a few are scrolled."""
        most = max(1, self._area.viewport().width())
        row = max((chip.sizeHint().height() for chip in self.chips), default=0)
        x = y = 0
        for chip in self.chips:
            width = chip.sizeHint().width()
            if x and x + width > most:
                x, y = 0, y + row + GAP
            chip.setGeometry(x, y, min(width, most), row)
            x += width + GAP
        self._rows.setFixedHeight(y + row)
        self._area.setFixedHeight(min(y + row, MOST_ROWS * (row + GAP)))

    def _lay_out(self) -> None:
        self._area.setWidget(self._rows)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._unseen.setProperty("kind", "muted")
        self._unseen.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 2)
        column.setSpacing(3)
        column.addWidget(self._area)
        column.addWidget(self._unseen)


class FileChip(QFrame):
    """One file: a small picture or an icon, name, size and tokens, and a button that takes it away."""

    def __init__(self, chosen: Chosen, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("file")
        self._look = look
        self._face, self._title, self._facts = QLabel(self), QLabel(self), QLabel(self)
        self.button = QToolButton(self)
        self.button.setIcon(make_icon("x", look.colour("muted")))
        self.button.setIconSize(look.square(14))
        for label in (self._title, self._facts):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setFont(look.small)
        self._facts.setProperty("kind", "muted")
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 4, 3, 4)
        grid.setHorizontalSpacing(7)
        grid.setVerticalSpacing(0)
        grid.addWidget(self._face, 0, 0, 2, 1)
        grid.addWidget(self._title, 0, 1)
        grid.addWidget(self._facts, 1, 1)
        grid.addWidget(self.button, 0, 2, 2, 1)
        self.show_file(chosen)

    def show_file(self, chosen: Chosen) -> None:
        """Say what it is."""
        facts = chosen.attachment
        width = round(self._look.em * NAME_EM)
        name = self.fontMetrics().elidedText(facts.name, Qt.TextElideMode.ElideMiddle, width)
        details = details_in_words(facts)
        self._title.setText(name)
        self._facts.setText(details)
        self._face.setPixmap(self._picture(chosen))
        self.setToolTip(f"<qt>{escape(facts.name)}</qt>" if name != facts.name else "")  # never as markup
        self.setAccessibleName(f"{facts.name}, {details}")
        text = self.tr("Remove {name}").format(name=facts.name)
        self.button.setAccessibleName(text)
        self.button.setAccessibleDescription(details)
        self.button.setToolTip(self.tr("Remove"))

    def _picture(self, chosen: Chosen) -> QPixmap:
        scale = self.devicePixelRatioF()
        if chosen.picture is None:
            name = "image" if is_picture(chosen.attachment) else "file-text"
            return make_icon(name, self._look.colour("muted")).pixmap(QSize(ICON, ICON), scale)
        found = QPixmap.fromImage(chosen.picture).scaled(
            PICTURE * scale, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        found.setDevicePixelRatio(scale)
        return found
