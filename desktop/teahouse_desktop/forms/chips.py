"""Small chips for rows of choices: one that stands for something picked, one that opens a choice."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QStyleOptionToolButton, QStylePainter, QToolButton, QWidget

from teahouse.language import sentences
from teahouse_desktop.looks.icons import make_icon, paint_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.tips import with_name

ICON, CROSS = 14, 12
GAP, PADDING = 5, 8
WIDEST_EM = 14.0
"""A long name is cut in the middle; all of it is in the tool tip."""
REMOVING = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class PickedChip(QToolButton):
    """Something that was picked: pressing it opens it, its cross or Delete takes it away.

    Args:
        icon: Name of one of the window's icons.

    Signals:
        clicked: It was pressed, with the mouse, Enter or the space bar.
        removed: It is to be taken away.
    """

    removed = Signal()

    def __init__(self, words: str, icon: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("picked")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self._words, self._icon, self._tip, self._is_missing = words, icon, "", False
        self._is_over_cross = False
        self.set_look(look)
        self._name()

    @property
    def words(self) -> str:
        """What it says, whole."""
        return self._words

    def say(self, words: str, *, tip: str = "", is_missing: bool = False) -> None:
        """Say something else.

        Args:
            tip: More about it, shown and read out; empty for the words alone.
            is_missing: What it stands for is not there any more.
        """
        self._words, self._tip, self._is_missing = words, tip, is_missing
        self._name()
        self.updateGeometry()
        self.update()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self.setFont(look.small)
        self.updateGeometry()
        self.update()

    # --- Qt's questions -----------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Icon, words and cross in one line."""
        metrics = self.fontMetrics()
        most = round(self._look.em * WIDEST_EM)
        words = min(metrics.horizontalAdvance(self._words) + 2, most)
        side, cross = self._sides()
        return QSize(2 * PADDING + side + cross + 2 * GAP + words, max(metrics.height(), side) + 2 * GAP)

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        whole = self.sizeHint()
        side, cross = self._sides()
        least = 2 * PADDING + side + cross + 2 * GAP + self.fontMetrics().horizontalAdvance("0") * 4
        return QSize(min(whole.width(), least), whole.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes it away, Enter opens it like the space bar does."""
        if event.key() in REMOVING:
            self.removed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """On the cross it is taken away."""
        if event.button() == Qt.MouseButton.LeftButton and self._cross().contains(event.position()):
            self.setDown(False)
            self.removed.emit()
            return
        super().mouseReleaseEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The cross shows that it can be pressed."""
        self._mark_cross(self._cross().contains(event.position()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """It does not any more."""
        self._mark_cross(False)
        super().leaveEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The frame, then icon, words and cross over it."""
        painter = QStylePainter(self)
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        side, inside = self._sides()
        look = self._look
        icon = "triangle-alert" if self._is_missing else self._icon
        colour = look.colour("warning" if self._is_missing else "muted")
        top = (self.height() - side) / 2
        paint_icon(painter, icon, QRectF(PADDING, top, side, side), colour)
        left = PADDING + side + GAP
        room = self._cross().left() - left
        words = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideMiddle, round(room))
        painter.setPen(look.colour("text"))
        painter.setFont(self.font())
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(left, 0, room, self.height()), flags, words)
        cross = QRectF(0, 0, inside, inside)
        cross.moveCenter(self._cross().center())
        paint_icon(painter, "x", cross, look.colour("text" if self._is_over_cross else "muted"))
        painter.end()

    # --- inside -----------------------------------------------------------------------------------

    def _sides(self) -> tuple[int, int]:
        """Of icon and cross, in pixels: they grow with the text."""
        return round(ICON * self._look.scale), round(CROSS * self._look.scale)

    def _cross(self) -> QRectF:
        """Where the cross can be pressed: as high as the chip."""
        width = self._sides()[1] + PADDING + GAP
        return QRectF(self.width() - width, 0, width, self.height())

    def _mark_cross(self, is_over: bool) -> None:
        if is_over != self._is_over_cross:
            self._is_over_cross = is_over
            self.update()

    def _name(self) -> None:
        self.setToolTip(with_name(self._words, self._tip))
        self.setAccessibleName(self._words)
        self.setAccessibleDescription(sentences(self._tip, self.tr("Delete takes it away.")))


class ChoiceChip(QToolButton):
    """A quiet button with an icon, and words where there are any; pressing it opens a choice."""

    def __init__(self, icon: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("quiet_chip")
        self._icon = icon
        self.set_look(look)

    def say(self, words: str, name: str, *, tip: str = "") -> None:
        """Show words, or only the icon.

        Args:
            name: What a screen reader says.
            tip: Its tool tip; empty for the name.
        """
        style = Qt.ToolButtonStyle
        self.setToolButtonStyle(style.ToolButtonTextBesideIcon if words else style.ToolButtonIconOnly)
        self.setText(f" {words}" if words else "")  # Qt sets icon and text too close
        self.setAccessibleName(name)
        self.setToolTip(tip or name)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.setIcon(make_icon(self._icon, QColor(look.colour("muted"))))
        self.setIconSize(look.square(ICON))
        self.setFont(look.small)
