"""A number between limits: a field to type it, and a slider for the usual part of its range."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QValidator,
    QWheelEvent,
)
from PySide6.QtWidgets import QDoubleSpinBox, QSlider, QWidget

from teahouse_desktop.forms.span import POSITIONS, Span
from teahouse_desktop.forms.stack_row import StackRow

SETTLED_MS = 250
"""A slider that is being moved counts when it has rested for so long."""

DIGITS, LEAST_SLIDER_DIGITS = 7, 6
DECIMALS = 6
GROOVE, HANDLE = 4.0, 14.0
"""Of the slider, at the usual text size, in pixels."""

USUAL_LINE = 17.0

__all__ = ["NumberField", "Span"]


class NumberField(StackRow):
    """Shows a number and takes another one; one that is not allowed is refused, and the old one stays.

    Signals:
        changed: (number) that the person wants; allowed, and another one than before.
        refused: (what was typed): it is no number of the range.
    """

    changed = Signal(object)
    refused = Signal(str)

    def __init__(self, span: Span, value: float, parent: QWidget) -> None:
        self.span = span
        self.spin, self.slider = _Spin(span, value), _Slider()
        super().__init__(self.slider, self.spin, parent, wide=0)
        self._value = self._shown = value
        self._is_showing = False
        self._timer = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._timer.timeout.connect(self._settle)
        self.spin.wanted.connect(self._want)
        self.spin.refused.connect(self.refused)
        self.slider.valueChanged.connect(self._on_slid)
        self.set_value(value)

    @property
    def value(self) -> float:
        """The number that counts."""
        return self._value

    def set_value(self, value: float) -> None:
        """Show a number; one that is just being typed or slid stays."""
        self._value = value
        if not (self._timer.isActive() or self.spin.is_typing):
            self._show(value)

    def flush(self) -> None:
        """Do not wait any longer: what was typed or slid counts now."""
        self.spin.finish()
        if self._timer.isActive():
            self._timer.stop()
            self._settle()

    def name(self, name: str, description: str = "") -> None:
        """What a screen reader calls both parts."""
        for part in (self.spin, self.slider):
            part.setAccessibleName(name)
            part.setAccessibleDescription(description)

    # --- inside -----------------------------------------------------------------------------------

    def _show(self, value: float) -> None:
        self._shown = value
        self._is_showing = True
        self.spin.show_value(value)
        self.slider.setValue(self.span.position(value))
        self._is_showing = False

    def _on_slid(self, position: int) -> None:
        if not self._is_showing:
            self._shown = self.span.at(position)
            self.spin.show_value(self._shown)
            self._timer.start()

    def _want(self, value: float) -> None:
        self._show(value)
        self._timer.start()

    def _settle(self) -> None:
        if self._shown != self._value:
            self._value = self._shown
            self.changed.emit(self._value)
        self._show(self._value)


class _Spin(QDoubleSpinBox):
    """The line: it says what was refused instead of silently typing something else."""

    wanted = Signal(object)
    refused = Signal(str)

    def __init__(self, span: Span, value: float) -> None:
        super().__init__()
        self._span = span
        self._refused = ""
        self.is_typing = False
        self.setDecimals(0 if span.is_whole else DECIMALS)
        self.setRange(span.least, span.greatest)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lineEdit().setAlignment(Qt.AlignmentFlag.AlignRight)
        self.lineEdit().textEdited.connect(self._on_edited)
        self.editingFinished.connect(self._on_finished)
        self.show_value(value)

    def show_value(self, value: float) -> None:
        """Show a number."""
        self.is_typing = False
        self.setValue(value)
        self.lineEdit().setText(self._span.text(value))  # also where only what was typed is another

    def finish(self) -> None:
        """Take what was typed, or refuse it and show what was there before."""
        if self.is_typing:
            self.interpretText()
            self._on_finished()

    def stepBy(self, steps: int) -> None:
        """Count, from what is typed or shown."""
        self.finish()
        self.show_value(self._span.stepped(self.value(), steps))
        self.wanted.emit(self._span.rounded(self.value()))

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        """Anything may be typed: what is wrong is told, with the range."""
        return QValidator.State.Acceptable, text, place

    def textFromValue(self, value: float) -> str:
        """As the span writes it."""
        return self._span.text(self._span.rounded(value))

    def valueFromText(self, text: str) -> float:
        """What was typed; for what is refused, what was there before."""
        try:
            return float(self._span.parse(text))
        except ValueError:
            self._refused = text
            return self.value()

    def sizeHint(self) -> QSize:
        """Some digits."""
        whole = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance("0") * DIGITS + 26, whole.height())

    def minimumSizeHint(self) -> QSize:
        """The same: a number that is cut is another number."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """With Alt the arrow keys belong to what this stands in."""
        _leave_alt(event) or super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Count only where the focus is."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()

    def _on_edited(self, _text: str) -> None:
        self.is_typing = True

    def _on_finished(self) -> None:
        """Enter was pressed, or the focus went."""
        was_typing, refused = self.is_typing, self._refused
        self.is_typing, self._refused = False, ""
        if refused:
            self.refused.emit(refused)
        elif was_typing:
            self.wanted.emit(self._span.rounded(self.value()))


class _Slider(QSlider):
    """A line with a handle, in the colours of the theme; scrolling over it changes nothing."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(0, POSITIONS)
        self.setSingleStep(POSITIONS // 100)
        self.setPageStep(POSITIONS // 10)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.installEventFilter(self)

    def sizeHint(self) -> QSize:
        """What room there is."""
        return QSize(120, round(self._unit * (HANDLE + 8)))

    def minimumSizeHint(self) -> QSize:
        """A short one still shows where the number stands."""
        digit = self.fontMetrics().horizontalAdvance("0")
        return QSize(digit * LEAST_SLIDER_DIGITS, self.sizeHint().height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Count only where the focus is."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """With Alt the arrow keys belong to what this stands in."""
        _leave_alt(event) or super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click anywhere on the line goes there: the style's own way pages."""
        kinds = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove)
        if not isinstance(event, QMouseEvent):
            return super().eventFilter(watched, event)
        if event.type() in kinds and event.buttons() & Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            side = self._unit * HANDLE
            share = (event.position().x() - side / 2) / max(1.0, self.width() - side)
            self.setValue(round(min(max(share, 0.0), 1.0) * POSITIONS))
            return True
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The line, its filled part, the handle, a ring where the focus is."""
        roles, colours = QPalette.ColorRole, self.palette()
        side, middle = self._unit * HANDLE, self.height() / 2
        left = self.value() / POSITIONS * (self.width() - side)
        line = QRectF(side / 2, middle - GROOVE / 2, self.width() - side, GROOVE)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.color(roles.Mid))
        painter.drawRoundedRect(line, GROOVE / 2, GROOVE / 2)
        accent = colours.color(roles.Accent if self.isEnabled() else roles.Dark)
        painter.setBrush(accent)
        painter.drawRoundedRect(QRectF(line.left(), line.top(), left, GROOVE), GROOVE / 2, GROOVE / 2)
        handle = QRectF(left, middle - side / 2, side, side).adjusted(1.5, 1.5, -1.5, -1.5)
        painter.setBrush(colours.color(roles.Text) if self.hasFocus() else accent)
        painter.setPen(QPen(accent, 2.5) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.drawEllipse(handle)
        painter.end()

    @property
    def _unit(self) -> float:
        """By how much text is larger than usual."""
        return max(1.0, min(self.fontMetrics().height() / USUAL_LINE, 1.6))


def _leave_alt(event: QKeyEvent) -> bool:
    """Whether a key is pressed together with Alt, and so is not for a number."""
    if event.modifiers() & Qt.KeyboardModifier.AltModifier:
        event.ignore()
        return True
    return False
