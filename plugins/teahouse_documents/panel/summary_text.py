"""A summary as the transcript shows it: Markdown without HTML, pictures or links, as high as its text."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import (
    QFont,
    QResizeEvent,
    QShowEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextDocumentFragment,
    QTextList,
    QTextListFormat,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from teahouse_desktop.looks.look import Look
from teahouse_desktop.transcript.body import Body
from teahouse_desktop.transcript.inline import LINE_BREAK
from teahouse_desktop.transcript.pieces import Piece

Section = tuple[str, str]
"""A heading, which is plain text and may be empty, and Markdown below it."""

GROWN_MS = 120
"""What is being written is drawn so often."""
AT_ONCE_MS = 6
"""Of a long text so much is drawn in one go: the window never waits."""
INDENT_EM = 1.5
"""Room for the number of a list's item."""
BULLETS = (QTextListFormat.Style.ListDisc, QTextListFormat.Style.ListCircle)
SHEET = (
    "QTextEdit {{ background: transparent; border: 1px solid transparent; border-radius: 4px;"
    " padding: 1px 2px; color: {text}; }}"
    "QTextEdit:focus {{ border-color: {focus}; }}"
)


class SummaryText(QTextEdit):
    """Can be selected and copied, by keyboard too; nothing in it is fetched, and nothing can be pressed."""

    def __init__(self, name: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        for bars in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            bars(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self._sections: tuple[Section, ...] = ()
        self._drawn: list[Section] = []
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._draw)
        self.set_look(look)

    @property
    def words(self) -> str:
        """All that it shows, as plain text."""
        return self.toPlainText()

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Show these, complete."""
        self._sections = tuple(sections)
        self._draw()

    def grow(self, sections: Sequence[Section]) -> None:
        """Show these soon: more of them is being written."""
        self._sections = tuple(sections)
        if not self._timer.isActive():
            self._timer.start(GROWN_MS)

    def set_look(self, look: Look) -> None:
        """Take another theme or size of text."""
        self._look = replace(look, reading=look.font)  # as large as what stands around it
        self.setStyleSheet(SHEET.format(focus=look.theme.accent, text=look.theme.text))
        self.document().setDefaultFont(look.font)
        self.document().setIndentWidth(self._look.em * INDENT_EM)
        self._look.formulas.changed.connect(self._on_formulas)
        self._wipe()
        self._draw()

    def sizeHint(self) -> QSize:
        """As high as the text at this width."""
        return QSize(1, round(self.document().size().height()) + 2 * self.frameWidth() + 2)

    def minimumSizeHint(self) -> QSize:
        """Narrow, and never cut."""
        return self.sizeHint()

    def showEvent(self, event: QShowEvent) -> None:
        """What was shown meanwhile is drawn now."""
        super().showEvent(event)
        self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width is another height."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    # --- inside -----------------------------------------------------------------------------------

    def _wipe(self) -> None:
        self.clear()
        self._drawn = []
        self._look.formulas.register(self.document())

    def _draw(self) -> None:
        """Add what is not drawn yet, as far as there is time; nothing while nobody sees it."""
        self._timer.stop()
        if tuple(self._drawn) != self._sections[: len(self._drawn)]:
            self._wipe()
        if not self.isVisible():
            return
        until = time.monotonic() + AT_ONCE_MS / 1000
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        for section in self._sections[len(self._drawn) :]:
            self._add(cursor, section)
            self._drawn.append(section)
            if time.monotonic() > until:
                self._timer.start(0)
                break
        cursor.endEditBlock()
        self.updateGeometry()

    def _add(self, cursor: QTextCursor, section: Section) -> None:
        heading, text = section
        if heading:
            _paragraph(cursor, self._block())
            cursor.insertText(heading, self._heading())
        body = Body(self._look)
        body.set_text(text)
        for piece in body.pieces:
            self._add_piece(cursor, piece)

    def _add_piece(self, cursor: QTextCursor, piece: Piece) -> None:
        """Put a piece at the end."""
        if piece.kind == "table":
            _paragraph(cursor, QTextBlockFormat())
            cursor.insertFragment(QTextDocumentFragment(piece.document))
            cursor.movePosition(QTextCursor.MoveOperation.End)
            return
        added, words = self._block(piece), self._words(piece)
        if piece.kind == "code":
            _paragraph(cursor, added)
            for number, block in enumerate(_blocks(piece.document)):
                cursor.insertText(LINE_BREAK if number else "", words)
                _copy_words(cursor, block, words)
            return
        lists: dict[int, QTextList] = {}
        for block in _blocks(piece.document):
            form = QTextBlockFormat(block.blockFormat())
            form.setObjectIndex(-1)  # that of a list of the other document
            form.merge(added)
            added = QTextBlockFormat(added)
            added.clearProperty(QTextBlockFormat.Property.BlockTopMargin)
            _paragraph(cursor, form)
            if (group := block.textList()) is not None:
                _put_in_list(cursor, group, lists)
            _copy_words(cursor, block, words)

    def _block(self, piece: Piece | None = None) -> QTextBlockFormat:
        """What a paragraph that begins a piece has besides its own format."""
        form = QTextBlockFormat()
        form.setTopMargin(self._look.em * 0.5)
        if piece is not None and piece.kind == "code":
            form.setBackground(self._look.colour("code"))
        if piece is not None and piece.kind == "quote":
            form.setLeftMargin(self._look.em)
        return form

    def _words(self, piece: Piece) -> QTextCharFormat:
        """What the words of a piece look like beside their own format."""
        form = QTextCharFormat()
        if piece.kind == "code":
            form.setFontFamilies(self._look.mono.families())
            form.setFontPointSize(self._look.mono.pointSizeF())
        elif piece.kind == "quote":
            form.setForeground(self._look.colour("muted"))
        return form

    def _heading(self) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setFontWeight(QFont.Weight.DemiBold)
        form.setForeground(self._look.colour("muted"))
        return form

    def _on_formulas(self) -> None:
        self.document().markContentsDirty(0, self.document().characterCount())
        self.updateGeometry()


def _blocks(document: QTextDocument) -> list[QTextBlock]:
    found, block = [], document.begin()
    while block.isValid():
        found.append(block)
        block = block.next()
    return found


def _paragraph(cursor: QTextCursor, form: QTextBlockFormat) -> None:
    if not cursor.atStart():
        cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
    cursor.setBlockFormat(form)


def _put_in_list(cursor: QTextCursor, group: QTextList, lists: dict[int, QTextList]) -> None:
    number = group.objectIndex()
    if number in lists:
        lists[number].add(cursor.block())
    else:
        form = group.format()
        if (
            form.style() == QTextListFormat.Style.ListStyleUndefined
        ):  # the transcript paints the others itself
            form.setStyle(BULLETS[(form.indent() - 1) % len(BULLETS)])
        lists[number] = cursor.createList(form)


def _copy_words(cursor: QTextCursor, block: QTextBlock, added: QTextCharFormat) -> None:
    """The words of a block with their look; a link is text: nothing opens from here."""
    place = block.begin()
    while not place.atEnd():
        fragment = place.fragment()
        form = QTextCharFormat(fragment.charFormat())
        if form.isAnchor():
            form = QTextCharFormat()
        form.merge(added)
        cursor.insertText(fragment.text(), form)
        place += 1
