"""A small sheet that opens above a control, lies over the window, and goes when people are done with it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from teahouse_desktop.forms.tab_order import controls_in, put_in_order
from teahouse_desktop.looks.look import Look

GAP, MARGIN = 6, 8
AROUND = 4
"""Its frame and what lies between that and the body, at both sides."""
TALLEST = 0.8
"""Of the window; what does not fit is scrolled."""


class Popup(QFrame):
    """Lies in the window itself, so that input methods work in it as everywhere.

    It closes with Escape, which leads back to what opened it, and where people go elsewhere.

    Args:
        body: What it shows; becomes its own. Its accessible name is that of the whole.
        window: In which it lies.
        width_em: How wide it is, where there is room.

    Signals:
        closed: It has been closed.
    """

    closed = Signal()

    def __init__(self, body: QWidget, look: Look, window: QWidget, *, width_em: float = 17.0) -> None:
        super().__init__(window)
        self.setObjectName("popup")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.body, self._look, self._width_em = body, look, width_em
        self._opener: QWidget | None = None
        self._moving = ((QEvent.Type.Resize, window), (QEvent.Type.LayoutRequest, body))
        self._area = QScrollArea(self)
        self._area.setAccessibleName(body.accessibleName())
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidgetResizable(True)
        body.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._area.setWidget(body)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self._area)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return not self.isHidden()

    def open_above(self, opener: QWidget) -> None:
        """Show it above a control, or below where there is more room, with the focus in it."""
        self._opener = opener
        application = QApplication.instance()
        if not self.is_open and isinstance(application, QApplication):
            application.installEventFilter(self)
            application.focusChanged.connect(self._on_focus)
        self.show()
        self.raise_()
        self.place()
        put_in_order(self.body)
        if (first := next(controls_in(self.body), None)) is not None:
            first.setFocus(Qt.FocusReason.PopupFocusReason)

    def shut(self, *, has_focus: bool = True) -> None:
        """Close it.

        Args:
            has_focus: The focus goes back to what opened it.
        """
        if not self.is_open:
            return
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.removeEventFilter(self)
            application.focusChanged.disconnect(self._on_focus)
        opener, self._opener = self._opener, None
        self.hide()
        if has_focus and opener is not None and isValid(opener) and opener.isVisible():
            opener.setFocus()
        self.closed.emit()

    def place(self) -> None:
        """Be where there is room, as large as what it shows."""
        window, opener = self.parentWidget(), self._opener
        if opener is None or window is None or not isValid(opener):
            return  # what opened it was made anew: it stays where it is
        width = min(round(self._look.em * self._width_em), window.width() - 2 * MARGIN)
        corner = opener.mapTo(window, QPoint(0, 0))
        room = max(corner.y(), window.height() - corner.y() - opener.height()) - GAP - MARGIN
        height = min(self._wanted(width), room, round(window.height() * TALLEST))
        is_above = corner.y() - GAP - MARGIN >= min(height, room)
        y = corner.y() - height - GAP if is_above else corner.y() + opener.height() + GAP
        x = max(MARGIN, min(corner.x(), window.width() - width - MARGIN))
        self.setGeometry(x, max(MARGIN, y), width, height)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self.place()

    # --- Qt's questions -----------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads back."""
        if event.key() == Qt.Key.Key_Escape:
            self.shut()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A press elsewhere in the window closes it; another size of the window moves it."""
        if isinstance(watched, QWidget):
            kind = event.type()
            if kind == QEvent.Type.MouseButtonPress and self._is_elsewhere(watched):
                self.shut(has_focus=False)
            elif (kind, watched) in self._moving:
                QTimer.singleShot(0, self, self.place)
        return super().eventFilter(watched, event)

    # --- inside -----------------------------------------------------------------------------------

    def _is_elsewhere(self, widget: QWidget) -> bool:
        """Whether it is a control of the window outside of this; lists that drop down are windows."""
        is_mine = widget is self or self.isAncestorOf(widget) or widget is self._opener
        return not is_mine and widget.window() is self.window()

    def _on_focus(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and now is not self and self._is_elsewhere(now):
            self.shut(has_focus=False)

    def _wanted(self, width: int) -> int:
        layout, policy = self.body.layout(), QSizePolicy.Policy
        is_flowing = layout is not None and layout.hasHeightForWidth()
        # its usual height is that of its usual width: in a wider sheet it would be scrolled for nothing
        self.body.setSizePolicy(policy.Ignored, policy.Preferred if is_flowing else policy.Minimum)
        if layout is not None and is_flowing:
            return layout.totalHeightForWidth(width - AROUND) + AROUND
        return self.body.sizeHint().height() + AROUND
