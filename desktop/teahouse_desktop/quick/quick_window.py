"""The small window for a question in between: one field, and the answer below it."""

from __future__ import annotations

from html import escape
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QScreen, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizeGrip, QToolButton, QVBoxLayout, QWidget

from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.quick.quick_composer import QuickComposer, is_ctrl_enter
from teahouse_desktop.transcript.view import Transcript
from teahouse_desktop.widgets.notices import NoticeBar

WIDTH_EM, HEIGHT_EM = 34, 27
SHARE = 0.92
"""Of a small screen."""
FROM_TOP = 0.16
ICON = 15
LONGEST_NAME = 40
MOST_CLIPBOARD = 100_000
"""Characters; more is a file for the main window."""


class QuickWindow(QWidget):
    """Stays above all others until it is closed.

    Signals:
        asked: The text of a question.
        stop_requested: The reply is to stop.
        carry_on_requested: What is here is to be opened in the main window.
        new_requested: Another question, in a conversation of its own.
        closed: The person has closed it.
    """

    asked = Signal(str)
    stop_requested = Signal()
    carry_on_requested = Signal()
    new_requested = Signal()
    closed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(
            None,
            Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint,
        )
        self.setObjectName("quick")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self._look = look
        self._column = QVBoxLayout(self)
        self._icon, self._title, self._model = QLabel(self), QLabel(self), QLabel(self)
        self._model.setTextFormat(Qt.TextFormat.PlainText)
        self.close_button = QToolButton(self)
        self.composer = QuickComposer(look, self)
        self.notices = NoticeBar(look, self)
        self.transcript = Transcript(look, self)
        self.clip, self.new, self.carry = QToolButton(self), QToolButton(self), QToolButton(self)
        self._grip = QSizeGrip(self)
        self._lay_out()
        self._connect()
        self.set_look(look)
        self.retranslate()
        self.show_answer(False)

    # --- what it shows ------------------------------------------------------------------------------

    def show_model(self, name: str) -> None:
        """Name the model that answers; empty for none."""
        self._model.setText(elided(name))
        self._model.setToolTip(f"<qt>{escape(name)}</qt>" if name else "")
        self.composer.set_can_ask(bool(name))

    def show_answer(self, is_shown: bool) -> None:
        """Make room for the answer, or be only a field."""
        has_changed = self.transcript.isHidden() is is_shown
        self.transcript.setVisible(is_shown)
        self._grip.setVisible(is_shown)
        self.new.setEnabled(is_shown)
        if has_changed:
            self._fit()

    def open_here(self) -> None:
        """Come up on the screen where the pointer is, ready to write."""
        if not self.isVisible():
            self._place(QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen())
        self.show()
        self.raise_()
        self.activateWindow()
        self.composer.field.setFocus()
        self.composer.field.selectAll()

    def use_clipboard(self) -> None:
        """Put the text of the clipboard behind what is in the field."""
        text = QGuiApplication.clipboard().text().strip()
        if not text:
            self.notices.show_text(self.tr("There is no text on the clipboard."))
        elif len(text) > MOST_CLIPBOARD:
            self.notices.show_text(
                self.tr("The text on the clipboard is too long for this small window."),
                self.tr("Save it as a file and add that in the main window."),
            )
        else:
            self.composer.set_text("\n\n".join(part for part in (self.composer.text.rstrip(), text) if part))
        self.composer.field.setFocus()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        for part in (self.composer, self.notices, self.transcript):
            part.set_look(look)
        self._icon.setPixmap(make_icon("coffee", look.colour("accent")).pixmap(look.square(18)))
        icons = {
            self.close_button: "x",
            self.clip: "clipboard-paste",
            self.new: "plus",
            self.carry: "maximize-2",
        }
        for button, name in icons.items():
            button.setIcon(make_icon(name, look.colour("muted")))
            button.setIconSize(look.square(ICON))
            button.setFont(look.small)
        self._model.setFont(look.small)
        self._fit()

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.setWindowTitle(self.tr("Quick ask — Teahouse"))
        self._title.setText(self.tr("Quick ask"))
        self.composer.field.setPlaceholderText(self.tr("Ask anything. Enter sends, Esc closes."))
        self.composer.field.setAccessibleName(self.tr("Question"))
        for button, name, tip in (
            (
                self.close_button,
                self.tr("Close"),
                self.tr("Close (Esc). A reply that is being made goes on."),
            ),
            (self.clip, self.tr("Use clipboard"), self.tr("Put in the text of the clipboard (Ctrl+Shift+V)")),
            (self.new, self.tr("New question"), self.tr("Begin another conversation (Ctrl+N)")),
            (
                self.carry,
                self.tr("Open in the main window"),
                self.tr("Go on in the main window (Ctrl+Enter)"),
            ),
        ):
            button.setAccessibleName(name)
            button.setToolTip(tip)
            if button is not self.close_button:
                button.setText(f" {name}")  # Qt sets icon and text too close

    # --- events -------------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A notice comes or goes."""
        if watched is self.notices and event.type() in (QEvent.Type.Hide, QEvent.Type.Show):
            QTimer.singleShot(0, self, self._fit_field)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes, and Ctrl+Enter goes on elsewhere, wherever the focus is."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        elif is_ctrl_enter(event):
            self.carry_on_requested.emit()  # not as a shortcut: the field's input method may need the keys
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """It has no title bar: it is moved by its ground."""
        if event.button() == Qt.MouseButton.LeftButton and (handle := self.windowHandle()):
            handle.startSystemMove()
        super().mousePressEvent(event)

    def dismiss(self) -> None:
        """Close it; what was typed is still there when it comes up again."""
        self.hide()
        self.closed.emit()

    # --- inside -------------------------------------------------------------------------------------

    def _ask(self, text: str) -> None:
        self.notices.dismiss()
        self.asked.emit(text)

    def _on_typed(self, text: str) -> None:
        self.composer.field.setFocus()
        self.composer.field.insertPlainText(text)

    def _fit(self) -> None:
        """As wide as a few words, and as high as what there is to show."""
        room = room_on(self.screen())
        width = min(round(self._look.em * WIDTH_EM), round(room.width() * SHARE))
        height = self._column.totalMinimumSize().height()
        if not self.transcript.isHidden():
            height = max(height, min(round(self._look.em * HEIGHT_EM), round(room.height() * SHARE)))
        self.resize(width, height)
        if self.isVisible():  # where it has grown beyond the screen's end
            lowest = room.bottom() - self.height()
            self.move(self.x(), max(room.top(), min(self.y(), lowest)))

    def _place(self, screen: QScreen | None) -> None:
        if screen is not None:
            self.setScreen(screen)
        self._fit()
        room = room_on(screen)
        left = room.left() + (room.width() - self.width()) // 2
        self.move(left, room.top() + round(room.height() * FROM_TOP))

    def _connect(self) -> None:
        self.composer.asked.connect(self._ask)
        self.composer.stop_requested.connect(self.stop_requested)
        self.composer.field.escaped.connect(self.dismiss)
        self.composer.field.carried_on.connect(self.carry_on_requested)
        self.composer.field.document().documentLayout().documentSizeChanged.connect(self._fit_field)
        self.notices.installEventFilter(self)
        self.close_button.clicked.connect(self.dismiss)
        self.clip.clicked.connect(self.use_clipboard)
        self.new.clicked.connect(self.new_requested)
        self.carry.clicked.connect(self.carry_on_requested)
        self.transcript.typed.connect(self._on_typed)
        for keys, act in (
            ("Ctrl+Shift+V", self.use_clipboard),
            ("Ctrl+N", self.new_requested.emit),
            ("Ctrl+.", self.stop_requested.emit),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    def _fit_field(self, _size: object = None) -> None:
        if self.transcript.isHidden():
            self._fit()

    def _lay_out(self) -> None:
        self._title.setProperty("kind", "strong")
        self._model.setProperty("kind", "muted")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._icon)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._model)
        head.addWidget(self.close_button)
        foot = QHBoxLayout()
        foot.setSpacing(2)
        for button in (self.clip, self.new, self.carry):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setProperty("kind", "quiet")
            foot.addWidget(button)
            if button is self.new:
                foot.addStretch(1)
        foot.addWidget(self._grip, 0, Qt.AlignmentFlag.AlignBottom)
        order = (
            self.composer.field,
            self.composer.button,
            self.transcript,
            self.clip,
            self.new,
            self.carry,
            self.close_button,
        )
        for before, after in pairwise(order):
            self.setTabOrder(before, after)
        column = self._column
        column.setContentsMargins(14, 8, 14, 8)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.composer)
        column.addWidget(self.notices)
        column.addWidget(self.transcript, 1)
        column.addLayout(foot)


def elided(name: str) -> str:
    """A name that is not too long for the head of the window."""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def room_on(screen: QScreen | None) -> QRect:
    """What of a screen is for windows."""
    return screen.availableGeometry() if screen else QRect(0, 0, 1024, 768)
